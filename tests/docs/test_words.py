"""Does every file keep to the words of the house, and tell nothing of the machine it was written on?"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "docs", "web", "studies_src", "tests", "benchmarks")
TEXT = {
    ".py",
    ".md",
    ".yaml",
    ".yml",
    ".csv",
    ".json",
    ".toml",
    ".txt",
    ".j2",
    ".html",
    ".css",
    ".js",
    ".mjs",
    ".ts",
    ".cff",
    ".sh",
    "",
}
PASSED_BY = {"__pycache__", "node_modules", ".hypothesis", ".mypy_cache", ".ruff_cache", ".pytest_cache"}

# Put together here, so that this file does not contain them.
AVOIDED = "il" + "legal"
RETIRED = re.compile(
    "|".join(
        rf"\b{word}\b" for word in ("lu" + "ck", "lu" + "cky", "wit" + "ness(es)?", "possible wor" + "lds", "so many" + "th")
    ),
    re.I,
)
"""Words that docs/GLOSSARY.md replaces; what others said or named stays as it is."""
REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry.npm" + "js.org",
    "registry.yarn" + "pkg.com",
    "conda." + "anaconda.org",
)
URL = re.compile(r"https?://[^\s\"'<>)\]]+")
MACHINE_PATH = re.compile(r"(?<![\w./:-])/(?:work|root|home|Users|mnt|tmp)/\w")


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every file of the repository that a person may read."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*"))]
    paths += [path for path in sorted(ROOT.iterdir()) if not path.name.startswith(".")]
    for path in paths:
        if path.is_file() and path.suffix in TEXT and not PASSED_BY & set(path.parts):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def avoided_words(text: str) -> list[int]:
    """Lines with the word that is never used of people; it may stand in the address of a source."""
    return [number for number, line in enumerate(text.splitlines(), 1) if AVOIDED in URL.sub("", line).lower()]


def retired_words(text: str) -> list[int]:
    """Lines of code or documentation with a word of our own where the field has one."""
    return [number for number, line in enumerate(text.splitlines(), 1) if RETIRED.search(URL.sub("", line))]


def registry_addresses(text: str) -> list[int]:
    """Lines with the address of a package registry."""
    return [number for number, line in enumerate(text.splitlines(), 1) if any(name in line.lower() for name in REGISTRIES)]


def machine_paths(text: str) -> list[int]:
    """Lines with a path that only one machine has."""
    return [number for number, line in enumerate(text.splitlines(), 1) if MACHINE_PATH.search(URL.sub("", line))]


@pytest.mark.parametrize("check", [avoided_words, registry_addresses, machine_paths])
def test_no_file_contains(check):
    found = {name: check(text) for name, text in texts()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_no_code_or_page_contains_a_retired_word():
    written = {name: text for name, text in texts() if Path(name).suffix in (".py", ".md", ".j2") and "/studies/" not in name}
    found = {name: retired_words(text) for name, text in written.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_files_that_matter_are_read():
    names = {name for name, _ in texts()}
    wanted = {
        "README.md",
        "constraints.txt",
        "docs/MODEL.md",
        "src/corredor/cli/__init__.py",
        "src/corredor/studies/two-towns/study.yaml",
    }
    assert wanted - names == set()
    assert any(name.endswith(".html.j2") for name in names)


def test_versions_are_pinned_without_addresses():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.+!-]*", line)] == []
    assert len(pins) > 20


@pytest.mark.parametrize(
    ("check", "text", "lines"),
    [
        (avoided_words, f"a\n{AVOIDED.title()} crossing", [2]),
        (avoided_words, f"https://example.org/{AVOIDED}-crossings irregular", []),
        (retired_words, "common random numbers\nthe same lu" + "ck", [2]),
        (registry_addresses, f"see https://{REGISTRIES[0]}/simple", [1]),
        (machine_paths, "cd " + "/" + "home/somebody", [1]),
        (machine_paths, "https://example.org" + "/" + "home/page and src/home/x", []),
    ],
)
def test_each_check_finds_a_planted_fault(check, text, lines):
    assert check(text) == lines
