"""Is the page of validation written from whatever cases are given, and does the one in docs/ say what the fit wrote down?"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flee_folder import write_flee_folder

DOCS = Path(__file__).parents[2] / "docs"


def written(cases: Path, out: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, str(DOCS / "make_validation.py"), str(cases), "--draws", "3", "--out", str(out)]
    return subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)


def test_a_page_is_written_of_the_cases_given(tmp_path):
    write_flee_folder(tmp_path / "cases" / "first")
    write_flee_folder(tmp_path / "cases" / "second", source_data__one="2020-01-01,100\n2020-03-10,9000\n")
    write_flee_folder(tmp_path / "cases" / "third", input_csv__routes="")
    done = written(tmp_path / "cases", tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "VALIDATION.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (first|second) \| 60 \| 2 \| (0\.\d+) \|", page, flags=re.MULTILINE))
    mean = float(re.search(r"rescaled: (0\.\d+)\*\*", page)[1])
    assert mean == pytest.approx((float(rows["first"]) + float(rows["second"])) / 2, abs=0.0011)
    assert "- third: " in page and "no road" in page
    assert sorted(path.name for path in (tmp_path / "validation").iterdir()) == ["first.svg", "second.svg"]


def test_without_cases_nothing_is_written(tmp_path):
    done = written(tmp_path, tmp_path / "out")
    assert done.returncode == 2 and "CASES" in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_page_and_the_study_have_the_numbers_of_the_fit():
    fit = json.loads((DOCS / "validation" / "fit.json").read_text(encoding="utf-8"))
    page = (DOCS / "VALIDATION.md").read_text(encoding="utf-8")
    study = DOCS.parent / "src" / "corredor" / "studies" / "displacement" / "parameters.yaml"
    parameters = study.read_text(encoding="utf-8")
    for name, value in fit["parameters"].items():
        assert f"| {name} | {value} | {fit['spread'][name]} |" in page
        block = parameters[parameters.index(f"\n{name}:") :]
        assert f"prior: {{normal: {{mean: {value}, sd: {fit['spread'][name]}}}}}" in block.split("\n\n")[0]
