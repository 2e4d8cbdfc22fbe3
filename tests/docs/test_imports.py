"""Do imports point one way, and is each thing done only where ARCHITECTURE.md says?"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "corredor"

ORDER = re.findall(r"\w+", "study engine results _simulate learn effects pages exchange cli __main__")
"""A room may import only what stands before it. ARCHITECTURE.md has the same list."""

LATE_IMPORTS_ALLOWED = {"cli"}
"""Elsewhere an import inside a function must say `# late: why`."""

COMPILED = {"engine.compiled", "engine.random_numbers"}

ONLY_IN_CLI = {"print", "input", "breakpoint", "exit", "quit"}
ONLY_IN_CLI_ATTRIBUTES = {"sys.exit", "sys.argv", "sys.stdout", "sys.stderr", "sys.stdin", "os.environ", "os.getenv", "os._exit"}


@dataclass(frozen=True)
class Import:
    """One imported module: who imports what, in which line, and whether inside a function."""

    module: str
    imported: str
    line: int
    inside_function: bool


def sources_of_the_package() -> dict[str, str]:
    """Module → text, for every file of the package; the name of a folder stands for its __init__.py."""
    files = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return files


@cache
def parsed(text: str) -> ast.Module:
    """The syntax tree of a file, worked out once for all checks."""
    return ast.parse(text)


def imports_of(sources: dict[str, str]) -> Iterator[Import]:
    """Every import of the package's own modules; those for type annotations count too."""
    for module, text in sources.items():
        for node, inside in _import_nodes(parsed(text), inside_function=False):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                assert node.level == 0, f"{module}:{node.lineno} imports relative to its folder; write the whole name"
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                if name == "corredor" or name.startswith("corredor."):
                    yield Import(module, _own_module(name.removeprefix("corredor").strip("."), sources), node.lineno, inside)


def _import_nodes(node: ast.AST, inside_function: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, inside_function
        else:
            inside = inside_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _import_nodes(child, inside)


def _own_module(name: str, sources: dict[str, str]) -> str:
    """`engine.arrays.DrawInputs` → `engine.arrays`; a folder's own name means its __init__.py."""
    while name and name not in sources:
        name = name.rpartition(".")[0]
    return name


def top(module: str) -> str:
    """The file or folder of the package to which a module belongs."""
    return module.split(".")[0]


def upward_imports(sources: dict[str, str], order: list[str]) -> list[str]:
    """Imports of something that does not stand before the importing file."""
    place = {name: number for number, name in enumerate(order)}
    return [
        f"{found.module}:{found.line} imports {found.imported or 'corredor'}"
        for found in imports_of(sources)
        if found.module and top(found.module) != top(found.imported)
        if not found.imported or place[top(found.imported)] > place[top(found.module)]
    ]


def circles(sources: dict[str, str]) -> list[str]:
    """A circle of files within one folder, if there is any."""
    graph: dict[str, set[str]] = {}
    for found in imports_of(sources):
        if found.module and top(found.module) == top(found.imported):
            graph.setdefault(found.module, set()).add(found.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" → ".join(error.args[1])]
    return []


def unmarked_late_imports(sources: dict[str, str]) -> list[str]:
    """Imports inside a function, outside the command line, without a comment that says why."""
    found = []
    for module, text in sources.items():
        if top(module) in LATE_IMPORTS_ALLOWED:
            continue
        lines = text.splitlines()
        for function in ast.walk(parsed(text)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                late = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
                if late and not any(re.search(r"# late\b", lines[node.lineno - 1]) for node in late):
                    found.append(f"{module}:{late[0].lineno}")
    return found


def importers_of(library: str, sources: dict[str, str]) -> set[str]:
    """Modules that import a library."""
    return {module for module, text in sources.items() if library in _libraries(text)}


def _libraries(text: str) -> set[str]:
    names = set()
    for node, _ in _import_nodes(parsed(text), inside_function=False):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        names |= {name.split(".")[0] for name in modules}
    return names


def speakers(sources: dict[str, str]) -> list[str]:
    """Places outside the command line that print, exit or read the environment."""
    found = []
    for module, text in sources.items():
        if top(module) == "cli":
            continue
        for node in ast.walk(parsed(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ONLY_IN_CLI:
                found.append(f"{module}:{node.lineno} {node.func.id}")
            elif isinstance(node, ast.Attribute) and ast.unparse(node) in ONLY_IN_CLI_ATTRIBUTES:
                found.append(f"{module}:{node.lineno} {ast.unparse(node)}")
            elif isinstance(node, ast.ImportFrom) and node.module in ("os", "sys"):
                names = {f"{node.module}.{alias.name}" for alias in node.names} & ONLY_IN_CLI_ATTRIBUTES
                found += [f"{module}:{node.lineno} {name}" for name in names]
    return found


def underscore_names_abroad(sources: dict[str, str]) -> list[str]:
    """Imports of a name that begins with an underscore."""
    return [
        f"{module}:{node.lineno} {alias.name}"
        for module, text in sources.items()
        for node in ast.walk(parsed(text))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("corredor")
        for alias in node.names
        if alias.name.startswith("_")
    ]


PACKAGE = sources_of_the_package()


def test_every_file_has_its_place_in_the_order():
    assert {top(module) for module in PACKAGE if module} == set(ORDER)
    assert len(set(ORDER)) == len(ORDER)


def test_the_order_is_the_one_of_the_architecture_page():
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = re.search(r"## Imports point one way.*?```text\n(.*?)```", page, flags=re.DOTALL)
    assert block is not None
    assert re.split(r"[\s→]+", block[1].strip()) == ORDER


def test_every_file_of_the_package_is_on_the_architecture_page():
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").is_file()}
    missing = [name for name in ORDER if not re.search(rf"`{name}{'/' if name in folders else '.py'}`", page)]
    assert missing == []


def test_the_ten_questions_of_the_architecture_page_name_files_that_exist():
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    section = re.search(r"## Where would I change …\n(.*?)\n## ", page, flags=re.DOTALL)
    assert section is not None
    rows = re.findall(r"^\| … (.*?) \| (.*?) \|$", section[1], flags=re.MULTILINE)
    assert len(rows) == 10
    files = [name for _, answer in rows for name in re.findall(r"`([^`]+)`", answer)]
    assert [name for name in files if not (SOURCE / name).exists()] == []


def test_rooms_hold_words_and_no_imports():
    rooms = [name for name in ORDER if (SOURCE / name).is_dir() and name != "cli"]
    assert [name for name in rooms if [node for node in parsed(PACKAGE[name]).body if not isinstance(node, ast.Expr)]] == []


def test_a_file_imports_only_what_stands_before_it():
    assert upward_imports(PACKAGE, ORDER) == []


def test_no_circle_within_a_folder():
    assert circles(PACKAGE) == []


def test_the_front_door_imports_nothing_when_it_is_opened():
    tree = parsed(PACKAGE[""])
    assert [
        node.lineno for node in tree.body if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("corredor")
    ] == []


def test_imports_stand_at_the_top_or_say_why_not():
    assert unmarked_late_imports(PACKAGE) == []


def test_only_two_files_know_how_to_compile():
    assert importers_of("numba", PACKAGE) == COMPILED


def test_only_the_command_line_speaks_and_listens():
    assert speakers(PACKAGE) == []


def test_underscore_names_stay_in_their_file():
    assert underscore_names_abroad(PACKAGE) == []


def test_every_library_is_declared_and_every_declared_one_used():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [
        line
        for extra, lines in project["optional-dependencies"].items()
        if extra not in ("dev", "docs", "fuzz")
        for line in lines
    ]
    declared = {re.split(r"[<>=~! \[;]", line)[0] for line in [*project["dependencies"], *extras]}
    imported = set().union(*(_libraries(text) for text in PACKAGE.values())) - set(sys.stdlib_module_names) - {"corredor"}
    names = {
        "ruamel": "ruamel.yaml",
        "annotated_types": "annotated-types",
        "python_calamine": "python-calamine",
        "diff_diff": "diff-diff",
    }
    # xarray loads the first two when it reads and writes netCDF-4, fsspec the last for s3://.
    assert {names.get(name, name) for name in imported} | {"h5netcdf", "h5py", "s3fs"} == declared


def test_every_dependency_is_explained_on_the_architecture_page():
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    every = [*project["dependencies"], *(line for lines in project["optional-dependencies"].values() for line in lines)]
    names = {re.split(r"[<>=~! \[;]", line)[0] for line in every} - {"corredor"}
    assert [name for name in names if not re.search(rf"^\|.* {re.escape(name)} \|", page, flags=re.MULTILINE)] == []


def test_importing_any_file_prints_nothing_and_compiles_nothing():
    modules = [f"corredor.{module}" if module else "corredor" for module in PACKAGE if module != "__main__"]
    code = f"""
import importlib
from numba.core.dispatcher import Dispatcher
for name in {modules!r}:
    module = importlib.import_module(name)
    compiled = [key for key, value in vars(module).items() if isinstance(value, Dispatcher) and value.signatures]
    assert not compiled, (name, compiled)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


FAULTS = [
    (upward_imports, {"low": "import corredor.high", "high": ""}, ["low:1 imports high"]),
    (upward_imports, {"low": "def f():\n    from corredor.high import x", "high": ""}, ["low:2 imports high"]),
    (upward_imports, {"low": "from corredor import x"}, ["low:1 imports corredor"]),
    (
        circles,
        {"p": "from corredor.p.a import x", "p.a": "from corredor.p import b", "p.b": "from corredor.p.a import x"},
        ["p.a → p.b → p.a"],
    ),
    (circles, {"p": "from corredor.p.a import x", "p.a": "from corredor.p import x"}, ["p → p.a → p"]),
    (unmarked_late_imports, {"low": "def f():\n    import json"}, ["low:2"]),
    (unmarked_late_imports, {"low": "def f():\n    import json  # late: seldom needed", "cli": "def f():\n    import json"}, []),
    (speakers, {"low": "print(1)\nimport os\nx = os.environ['A']", "cli": "print(1)"}, ["low:1 print", "low:3 os.environ"]),
    (speakers, {"low": "from os import getenv\nimport sys\nsys.exit(1)"}, ["low:1 os.getenv", "low:3 sys.exit"]),
    (underscore_names_abroad, {"low": "from corredor.high import _x, y"}, ["low:1 _x"]),
]


@pytest.mark.parametrize(("check", "sources", "expected"), FAULTS)
def test_each_check_finds_a_planted_fault(check, sources, expected):
    found = check(sources, ["low", "high"]) if check is upward_imports else check(sources)
    if check is circles:
        assert [set(circle.split(" → ")) for circle in found] == [set(circle.split(" → ")) for circle in expected]
    else:
        assert sorted(found) == sorted(expected)


def test_a_library_is_found_however_it_is_imported():
    sources = {"a": "import numba.core", "b": "from numba import njit", "c": "x = 'numba'", "d": "def f():\n    import numba"}
    assert importers_of("numba", sources) == {"a", "b", "d"}
