"""Do the tutorials run, cell after cell, from an empty folder? In this process; `test_site.py` has the notebooks run, in full only."""

import ast
import contextlib
import io
import re
from pathlib import Path

import pytest
from as_printed import run_shell

FOLDER = Path(__file__).parents[2] / "docs" / "tutorials"
TUTORIALS = sorted(path.stem for path in FOLDER.glob("*.md"))


def cells(page: str) -> list[str]:
    """The code of a tutorial, in order."""
    return re.findall(r"^```\{code-cell\}\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)


def run_cell(cell: str, folder: Path, names: dict[str, object]) -> str:
    """Run one cell in a folder, as a notebook does; what it shows below the cell."""
    first, _, rest = cell.partition("\n")
    if first == "%%bash":
        done = run_shell(rest, folder)
        assert done.returncode == 0, f"{cell}\n{done.stdout}\n{done.stderr}"
        return done.stdout
    if first.startswith("%%writefile "):
        *options, name = first.split()[1:]
        assert options in ([], ["-a"]), first
        with (folder / name).open("a" if options else "w", encoding="utf-8") as file:
            file.write(rest)
        return f"Writing {name}"
    return run_python(cell, folder, names)


def run_python(cell: str, folder: Path, names: dict[str, object]) -> str:
    """Run a cell of Python; what it prints, and its last line where that is a value."""
    body = ast.parse(cell).body
    shown = body.pop() if isinstance(body[-1], ast.Expr) and not cell.rstrip().endswith(";") else None
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        value = eval(compile(ast.Expression(shown.value), "cell", "eval"), names) if shown else None
        if value is not None:
            print(getattr(value, "_repr_html_", value.__repr__)())
    return printed.getvalue()


@pytest.mark.parametrize("name", TUTORIALS)
def test_every_cell_runs_and_shows_something(name, tmp_path):
    names: dict[str, object] = {"__name__": "__main__"}
    page = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    shown = [run_cell(cell, tmp_path, names) for cell in cells(page)]
    assert len(shown) == page.count("{code-cell}")
    assert len([text for text in shown if text.strip()]) >= 3


def test_every_tutorial_is_found():
    assert len(TUTORIALS) == 5


def test_a_cell_that_fails_is_noticed(tmp_path):
    with pytest.raises(AssertionError):
        run_cell("%%bash\ncorredor run nowhere\nls", tmp_path, {})
    with pytest.raises(AssertionError):
        run_cell("%%bash\ncat nothing.txt", tmp_path, {})
    with pytest.raises(ZeroDivisionError):
        run_cell("a = 1\na / 0", tmp_path, {})


def test_a_cell_shows_what_it_prints_and_its_last_value(tmp_path):
    assert run_cell("a = 1\nprint(a + 1)\na + 2", tmp_path, {}) == "2\n3\n"
    assert run_cell("a = 1\na + 2;", tmp_path, {}) == ""
    assert run_cell("%%bash\ncorredor run nowhere || echo failed with $?", tmp_path, {}) == "failed with 3\n"
