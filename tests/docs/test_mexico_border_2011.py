"""The study mexico-border-2011 is what its script makes of the fact tables, and nothing in its priors comes from its own time."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from scripts import loaded

from corredor.study.catalogue import bundled_studies
from corredor.study.model import load_study

REPOSITORY = Path(__file__).resolve().parents[2]
FACTS = REPOSITORY.parent / "shared" / "data" / "mexico-2018"
STUDY = REPOSITORY / "src" / "corredor" / "studies" / "mexico-border-2011"
COUNTS = ("usbp_apprehensions_monthly.csv", "usbp_apprehensions_monthly_2000_2011.csv")

with_facts = pytest.mark.skipif(
    not FACTS.exists(), reason="the fact tables (../shared/data/mexico-2018) are not beside the repository"
)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return loaded("studies_src/build_mexico_border_2011.py")


@with_facts
def test_the_tables_and_parameters_are_those_that_the_script_writes(script):
    for name, text in script.build_tables(FACTS, STUDY).items():
        assert (STUDY / name).read_text(encoding="utf-8") == text, f"{name}: python studies_src/build_mexico_border_2011.py"


@with_facts
def test_no_prior_depends_on_a_count_of_the_study_s_own_time(script, tmp_path):
    facts = Path(shutil.copytree(FACTS, tmp_path / "facts"))
    before = script.derived_numbers(FACTS)
    # every count from October 2011 on is made three times as large: nothing derived may move
    _multiply(facts / COUNTS[0])
    assert script.derived_numbers(facts) == before
    # and counts before it do move it
    _multiply(facts / COUNTS[1])
    assert script.derived_numbers(facts) != before


def _multiply(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    tripled = [lines[0]]
    for line in lines[1:]:
        month, sector, people, source = line.split(",", 3)
        tripled.append(",".join([month, sector, str(3 * int(people)), source]))
    path.write_text("\n".join(tripled) + "\n", encoding="utf-8")


def test_counts_are_known_when_they_came_out():
    model = load_study(bundled_studies()["mexico-border-2011"])
    by_output = {name: [row for row in model.observations if row.output == name] for name in model.study.outputs}
    # 108 months, nine sectors and five citizenships
    assert len(by_output["apprehensions"]) == 108 * 9
    assert len(by_output["apprehensions_by_citizenship"]) == 108 * 5
    # October 1999 to September 2011 are before the study, and forecasts alone use them
    assert len(model.history) == 144 * 9 and {row.output for row in model.history} == {"apprehensions"}
    assert max(row.to for row in model.history) == dt.date(2011, 9, 30) and model.study.from_ == dt.date(2011, 10, 1)
    for row in (*model.history, *by_output["apprehensions"]):
        assert dt.timedelta(days=9) == row.published - row.to
    assert {row.published for row in by_output["apprehensions_by_citizenship"]} == {dt.date(2024, 11, 30)}


def test_protection_is_reported_beside_control():
    sides = {output.side for output in load_study(STUDY).study.outputs.values()}
    assert {"control", "protection"} <= sides
