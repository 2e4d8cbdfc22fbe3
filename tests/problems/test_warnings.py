"""Is what can be and is yet hard to believe told, and what nothing uses, each with file, line, found, expected, try?"""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_folder import Break, append, copy_of_good_study, swap

from corredor.study.catalogue import bundled_studies
from corredor.study.model import load_study, study_and_warnings
from corredor.study.problems import StudyError

FAST = "  unit: km per day\n  prior: {lognormal: {median: 80, sigma: 0.2}}"
BY_ROUTE = "    flow: leave home\n    by: [route]\n"


def speed(median: float) -> Break:
    return swap("parameters.yaml", FAST, FAST.replace("80", f"{median:g}"))


CASES: dict[str, tuple[Break, str, list[str]]] = {
    "three times the population leaves in a month": (
        swap("parameters.yaml", "median: 0.0016", "median: 3"), "study.yaml",
        # Mill Town in January: a season of 0.2 on the log scale, and a harvest that falls by 30 %
        ["% of the people of", "leave in a month", "at most 50 % of a population", "per month or per year"],
    ),
    "half a year on one route": (
        speed(0.5), "study.yaml", ["days of travel for 170 km from old_bridge to north_gate", "at most 180 days", "a higher speed"]
    ),
    "a road faster than a road is": (speed(4000), "study.yaml", ["at 4,000 km a day", "km per day, not per hour"]),
    "more people published than there is room for": (
        append("observations.csv", "in_shelter,north_gate,,2021-02-15,2021-02-15,300,,,2021-02-16,final,invented,"), "observations.csv",
        ["300 people published", "room for more than 120", "overfills: true"],
    ),
    "more people at the start than there is room for": (
        swap("study.yaml", "type: stay,  capacity: 120}", "type: stay,  capacity: 120, initial: {people: 500, groups: {adults: 1}}}"),
        "study.yaml", ["500 people at the start in north_gate", "room for 120"],
    ),
    "a parameter that nothing names": (
        append("parameters.yaml", "\nsped_by_bus: {unit: km per day, prior: {fixed: 3}, basis: made_up}"), "parameters.yaml",
        ["parameter `sped_by_bus`, which nothing uses", "delete it, or name it"],
    ),
    "a season that no term names": (
        swap("study.yaml", "seasons:\n", "seasons:\n  rains: {months: {jan: 0.1, feb: 0, mar: 0, apr: 0, may: 0, jun: 0, jul: 0, aug: 0, "
             "sep: 0, oct: 0, nov: 0, dec: 0}}\n"),
        "study.yaml", ["season `rains`, which nothing uses"],
    ),
    "a latent term that no term names": (
        swap("study.yaml", "latents:\n", "latents:\n  other: {persistence: 0.5, monthly_sd: 0.1}\n"), "study.yaml",
        ["latent term `other`, which nothing uses"],
    ),
    "a driver that no term names": (
        append("drivers.csv", "2021-01-01,aldia,rain,3,mm,invented"), "drivers.csv", ["driver `rain`, which nothing uses"],
    ),
    "a map that stays empty": (
        swap("study.yaml", BY_ROUTE, "    flow: leave home\n"), "study.yaml",
        ["the map of the report stays empty", "people_on_routes: {title: People along each route, flow: [leave home, ", "by: [route]}"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_is_told_where_it_stands(tmp_path: Path, name: str) -> None:
    folder = copy_of_good_study(tmp_path)
    break_it, file, words = CASES[name]
    break_it(folder)
    model, warnings = study_and_warnings(folder)
    assert model.hash == load_study(folder).hash, "a study with warnings can be used"
    told = [warning for warning in warnings if words[0] in warning.found]
    assert len(told) == 1, [str(warning) for warning in warnings]
    assert told[0].file == str(folder / file) and told[0].line > 0
    for word in words:
        assert word in str(told[0])


def test_the_line_is_that_of_the_mistake(tmp_path: Path) -> None:
    folder = copy_of_good_study(tmp_path)
    append("parameters.yaml", "\nunused_one: {unit: ratio, prior: {fixed: 3}, basis: made_up}")(folder)
    (warning,) = study_and_warnings(folder)[1]
    lines = (folder / "parameters.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[warning.line - 1].startswith("unused_one")


def test_the_line_to_add_for_the_map_makes_the_warning_go(tmp_path: Path) -> None:
    folder = copy_of_good_study(tmp_path)
    swap("study.yaml", BY_ROUTE, "    flow: leave home\n")(folder)
    (warning,) = study_and_warnings(folder)[1]
    line = warning.try_.removeprefix("under `outputs`: ")
    swap("study.yaml", "outputs:\n", f"outputs:\n  {line}\n")(folder)
    assert study_and_warnings(folder)[1] == ()


def test_studies_that_come_along_have_no_warning_that_is_not_known() -> None:
    """mediterranean-2015 counts people where they arrive and lets them come at once; mexico-border-2011 has no routes to draw."""
    found = {name: len(study_and_warnings(folder)[1]) for name, folder in bundled_studies().items()}
    assert found == {
        "americas-2018": 0,
        "displacement": 0,
        "mediterranean-2015": 1,
        "mexico-2018": 0,
        "mexico-border-2011": 1,
        "two-towns": 0,
    }


@pytest.mark.parametrize(
    ("written", "meant"),
    [("judgement", "assumption"), ("Expert judgement", "assumption"), ("invented", "made_up"), ("paper", "literature")],
)
def test_a_basis_in_other_words_is_answered_with_the_word_that_was_meant(tmp_path: Path, written: str, meant: str) -> None:
    """`basis: judgement` was answered with “for example `literature`”."""
    folder = copy_of_good_study(tmp_path)
    text = (folder / "parameters.yaml").read_text(encoding="utf-8")
    (folder / "parameters.yaml").write_text(text.replace("basis: made_up", f"basis: {written}", 1), encoding="utf-8")
    with pytest.raises(StudyError) as error:
        load_study(folder)
    assert [problem.try_ for problem in error.value.problems] == [f"`{meant}`"]
