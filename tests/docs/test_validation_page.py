"""Is the page of validation written from whatever cases are given, and does the one in docs/ say what the fit wrote down?"""

import importlib
import json
import re
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from flee_folder import write_flee_folder

from corredor.learn.place_sizes import Numbers

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def written(monkeypatch, capsys):
    """The script, in this process: its exit status and what it said."""
    monkeypatch.syspath_prepend(DOCS)
    script = importlib.import_module("make_validation")

    def run(cases: Path, out: Path) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["make_validation.py", str(cases), "--draws", "3", "--out", str(out)])
        return script.main(), capsys.readouterr().err

    return run


def test_a_page_is_written_of_the_cases_given(written, tmp_path):
    write_flee_folder(tmp_path / "cases" / "first")
    write_flee_folder(tmp_path / "cases" / "second", source_data__one="2020-01-01,100\n2020-03-10,9000\n")
    write_flee_folder(tmp_path / "cases" / "third", input_csv__routes="")
    status, said = written(tmp_path / "cases", tmp_path)
    assert status == 0, said
    page = (tmp_path / "VALIDATION.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (first|second) \| 60 \| 2 \| (0\.\d+) \|", page, flags=re.MULTILINE))
    ahead = dict(re.findall(r"^\| (first|second) \| (0\.\d+) \| 0\.\d+ \| 0\.\d+ \| – \|", page, flags=re.MULTILINE))
    told = " ".join(page.split())
    for words, column in (("capacities as known on the day", rows), ("mean averaged relative difference", ahead)):
        mean = float(re.search(rf"{words}:? (0\.\d+)\*\*", told)[1])
        assert mean == pytest.approx((float(column["first"]) + float(column["second"])) / 2, abs=0.0011)
    assert page.index("30 days ahead, from what") < page.index("## From the beginning"), "rolling forecasts stand first"
    assert "- third: " in page and "no road" in page
    assert sorted(path.name for path in (tmp_path / "validation").iterdir()) == [
        "first-ahead.svg",
        "first.svg",
        "second-ahead.svg",
        "second.svg",
    ]


def test_without_cases_nothing_is_written(written, tmp_path):
    status, said = written(tmp_path, tmp_path / "out")
    assert status == 2 and "CASES" in said
    assert not (tmp_path / "out").exists()


def test_the_page_has_what_rolling_numbers_are_worth_on_cases_left_out():
    rolling = json.loads((DOCS / "validation" / "rolling.json").read_text(encoding="utf-8"))
    page = (DOCS / "VALIDATION.md").read_text(encoding="utf-8")
    assert rolling["numbers"] == asdict(Numbers()), "run studies_src/check_rolling.py --write again"
    for way, scores in rolling["shipped"].items():
        row = f"| {way}, numbers as shipped | " + " | ".join(f"{score:.3f}" for score in scores.values()) + " |"
        assert row in page, row


def test_the_page_and_the_study_have_the_numbers_of_the_fit():
    fit = json.loads((DOCS / "validation" / "fit.json").read_text(encoding="utf-8"))
    page = (DOCS / "VALIDATION.md").read_text(encoding="utf-8")
    study = DOCS.parent / "src" / "corredor" / "studies" / "displacement" / "parameters.yaml"
    parameters = study.read_text(encoding="utf-8")
    for name, value in fit["parameters"].items():
        assert f"| {name} | {value} | {fit['spread'][name]} |" in page
        block = parameters[parameters.index(f"\n{name}:") :]
        assert f"prior: {{normal: {{mean: {value}, sd: {fit['spread'][name]}}}}}" in block.split("\n\n")[0]
