"""Is everything that a run needs inside the wheel, and nothing else?"""

import importlib.util
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

STRAY = re.compile(r"(^|/)(__pycache__|node_modules|runs|\.(?!gitignore)[^/]+)(/|$)|\.(nbi|nbc|pyc|map|orig|rej|swp)$")
"""Files of a working copy that no archive should hold."""

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "corredor"


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """Files of the wheel."""
    copy = tmp_path_factory.mktemp("source") / "corredor"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
    target = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(target), str(copy)]
    if importlib.util.find_spec("hatchling"):
        # Where the build tool is installed already, nothing has to be fetched.
        words.insert(4, "--no-build-isolation")
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    [wheel] = target.glob("corredor-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_file_of_the_package_is_inside(names):
    wanted = {
        f"corredor/{path.relative_to(SOURCE).as_posix()}"
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - names == set()


def test_studies_templates_and_outlines_are_inside(names):
    for study in ("two-towns", "mexico-2018"):
        for file in ("study.yaml", "parameters.yaml", "places.csv", "routes.csv", "sources.csv"):
            assert f"corredor/studies/{study}/{file}" in names
    assert {
        "corredor/pages/templates/report.html.j2",
        "corredor/pages/templates/report.css",
        "corredor/pages/outlines/outline.json",
    } <= names
    assert "corredor/pages/outlines/LICENSE" in names


def test_nothing_else_is_inside(names):
    assert {name.split("/")[0].split("-")[0] for name in names} == {"corredor"}
    assert [name for name in names if "__pycache__" in name or "/test" in name or name.endswith((".nbi", ".nbc", ".pyc"))] == []
    assert [name for name in names if STRAY.search(name)] == []
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_source_archive_holds_what_is_needed_to_build_and_test_and_nothing_else(tmp_path):
    """Made of a folder with all the litter of a working copy in it."""
    pytest.importorskip("hatchling")
    copy = tmp_path / "copy"
    litter = shutil.ignore_patterns(
        ".git", ".venv", "node_modules", ".hypothesis", ".*_cache", "__pycache__", "*.nb?", "runs", "build", "dist"
    )
    shutil.copytree(ROOT, copy, ignore=litter)
    for stray in (
        "src/corredor/__pycache__/x.pyc",
        "src/corredor/engine/kernel.nbi",
        "web/explore/node_modules/x/x.js",
        "web/explore/page.js.map",
    ):
        (copy / stray).parent.mkdir(parents=True, exist_ok=True)
        (copy / stray).write_text("stray", encoding="utf-8")
    for stray in ("runs/x/results.nc", ".env", "tests/.secret", "docs/.DS_Store"):
        (copy / stray).parent.mkdir(parents=True, exist_ok=True)
        (copy / stray).write_text("stray", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)],
        cwd=copy,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [archive] = tmp_path.glob("corredor-*.tar.gz")
    with tarfile.open(archive) as opened:
        held = {name.split("/", 1)[1] for name in opened.getnames()}
    assert [name for name in held if STRAY.search(name) or "stray" in name] == []
    assert {name.split("/")[0] for name in held} == {
        *("src", "tests", "docs", "benchmarks", "fuzz", "web", "studies_src"),
        *("README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff", "ARCHITECTURE.md", "Makefile", "constraints.txt"),
        *("pyproject.toml", "PKG-INFO", ".gitignore"),
    }
    wanted = {
        path.relative_to(ROOT).as_posix() for path in SOURCE.rglob("*") if path.is_file() and not STRAY.search(path.as_posix())
    }
    assert wanted - held == set()
