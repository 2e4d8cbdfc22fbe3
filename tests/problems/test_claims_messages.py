"""Is each bad claim named well? One row for each kind of mistake, as in test_messages.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_folder import Break, all_of, append, copy_of_good_study, position_of, swap
from test_messages import Case

from corredor.study.model import load_study
from corredor.study.problems import StudyError

CLAIMS, SERIES = "claims.yaml", "series.csv"


def claim(lines: str) -> Break:
    """One more claim at the end of claims.yaml."""
    return append(CLAIMS, f"- {{id: new, says: x, said_by: y, {lines}}}")


EFFECT = "kind: effect, effect: {measures: [bridge_patrols], output: arrivals, from: 2021-04-01, to: 2021-05-31, direction: lower"
ROW = "arrivals_counted,,2021-06-01,2021-06-30,200,,,people,2021-07-12,invented,"

CASES = [
    Case("an unknown kind", claim("kind: effects"), CLAIMS, "effects}", "effects", "one of: level, magnitude", "`effect`"),
    Case("an unknown key", claim("kind: opinion, not_testable_because: z, because: z"), CLAIMS, "because: z}", "an unknown key `because`",
         "one of the keys id, says", "delete it"),
    Case("a check that does not fit the kind", swap(CLAIMS, "kind: level\n", "kind: effect\n"), CLAIMS, "level: {series",
         "`level` in a claim of kind effect", "of kind effect: effect", "kind: level"),
    Case("two checks", claim("kind: event, no_act_of: z, documented: {register: [bridge_patrols], from: 2021-01-01, to: 2021-02-01}"),
         CLAIMS, "no_act_of: z", "`documented` and `no_act_of` in one claim", "one check", "two claims"),
    Case("no check", claim("kind: level"), CLAIMS, "{id: new", "a claim without a check", "of kind level: level", "would_need"),
    Case("an opinion that only needs figures", claim("kind: opinion, would_need: z"), CLAIMS, "{id: new",
         "a claim without a check", "not_testable_because", "add `not_testable_because"),
    Case("a claim twice", swap(CLAIMS, "id: too_many", "id: more_than_ever"), CLAIMS, None, "more_than_ever a second time",
         "every name once", "rename one"),
    Case("an unknown series", swap(CLAIMS, "series: arrivals_counted         #", "series: arivals_counted  #"), CLAIMS,
         "arivals_counted  #", "arivals_counted", "a series of series.csv", "`arrivals_counted`"),
    Case("an unknown part", swap(CLAIMS, "level: {series: arrivals_counted,", "level: {series: arrivals_counted, part: north,"),
         CLAIMS, "north, from", "north", "a part of arrivals_counted", "one of these"),
    Case("an unknown measure", swap(CLAIMS, "measures: [bridge_patrols] ", "measures: [bridge_patrol] "), CLAIMS,
         "bridge_patrol] ", "bridge_patrol", "a measure of measures.yaml", "`bridge_patrols`"),
    Case("an unknown output", swap(CLAIMS, "output: arrivals\n", "output: arivals\n"), CLAIMS, "arivals\n", "arivals",
         "an output of `outputs`", "`arrivals`"),
    Case("an unknown place", swap(CLAIMS, "place: north_gate", "place: north_gat"), CLAIMS, "north_gat\n", "north_gat", "one of",
         "`north_gate`"),
    Case("a group that the output does not tell apart", claim(f"{EFFECT}, group: aldia}}".replace("output: arrivals", "output: crossings")),
         CLAIMS, "aldia}", "aldia, while crossings does not tell such a group apart", "this one is by none", "delete `group`"),
    Case("days outside the study", swap(CLAIMS, "to: 2021-05-31", "to: 2021-07-31"), CLAIMS, "2021-03-15",
         "2021-03-15 to 2021-07-31", "days of the study, 2021-01-01 to 2021-06-30", "extend the study"),
    Case("days in the wrong order", swap(CLAIMS, "to: 2021-03-31, publishers", "to: 2021-02-01, publishers"), CLAIMS,
         "2021-02-01", "to 2021-02-01, before from 2021-03-01", "on or after the first", "exchange the dates"),
    Case("more people than there are", append(SERIES, ROW.replace(",200,", ",200000000000000,")), SERIES, "200000000000000",
         "2e+14 people", "at most 10,000,000,000", "the unit that is meant"),
    Case("a series at the beginning of all calendars",
         append(SERIES, "arrivals_counted,,0001-01-01,0001-01-31,200,,,people,2021-07-12,invented,"),
         SERIES, "0001-01-01", "0001-01-01", "between the years 1800 and 2200", "correct the year"),
    Case("a claim about all days to come", swap(CLAIMS, "to: 2021-04-30, direction", "to: 9999-12-31, direction"), CLAIMS, "9999-12-31",
         "9999-12-31", "between the years 1800 and 2200", "correct the year"),
    Case("an effect on a distribution", claim(f"{EFFECT}}}".replace("arrivals", "days_on_list")), CLAIMS, "days_on_list",
         "days_on_list, a distribution of days", "one number for each period", "expected_wait"),
    Case("donors without a series", claim(f"{EFFECT}, donors: []}}".replace("[]", "[north]")), CLAIMS, "donors",
         "donors without a series", "`series` beside them", "add `series"),
    Case("elsewhere without a series", claim(f"{EFFECT}, elsewhere: [north]}}"), CLAIMS, "elsewhere", "elsewhere without a series",
         "`series` beside it", "add `series"),
    Case("an unknown part elsewhere", claim(f"{EFFECT}, series: arrivals_counted, elsewhere: [north]}}"), CLAIMS, "north]", "north",
         "a part of arrivals_counted", "one of these"),
    Case("an unknown series elsewhere", claim(f"{EFFECT}, series: arrivals_counted, elsewhere: [{{series: arivals_counted}}]}}"), CLAIMS,
         "arivals_counted}]", "arivals_counted", "a series of series.csv", "`arrivals_counted`"),
    Case("an unknown key elsewhere", claim(f"{EFFECT}, series: arrivals_counted, elsewhere: [{{series: more, parts: x}}]}}"), CLAIMS,
         "parts:", "an unknown key `parts`", "one of the keys series, part", "`part`"),
    Case("people counted twice elsewhere", claim(f"{EFFECT}, series: arrivals_counted, elsewhere: [{{series: arrivals_counted}}]}}"),
         CLAIMS, "{series: arrivals_counted}]", "arrivals_counted, counted already", "nobody counted twice",
         "leave one out"),
    Case("elsewhere of a rise",
         all_of(claim(f"{EFFECT}, series: arrivals_counted, elsewhere: [{{series: more}}]}}".replace("lower", "higher")),
                append(SERIES, ROW.replace("arrivals_counted", "more"))),
         CLAIMS, "elsewhere", "`elsewhere` beside `direction: higher`", "`direction: lower`", "delete it"),
    Case("another unit elsewhere",
         all_of(claim(f"{EFFECT}, series: arrivals_counted, elsewhere: [{{series: dollars}}]}}"),
                append(SERIES, ROW.replace("arrivals_counted", "dollars").replace("people", "USD"))),
         CLAIMS, "dollars}]", "dollars in USD", "a series in people", "leave it out"),
    Case("neither an output nor a series", claim(f"{EFFECT}}}".replace("output: arrivals, ", "")), CLAIMS,
         "{measures: [bridge_patrols], from", "neither `output` nor `series`", "one of them, or both",
         "add `output"),
    Case("a place without an output",
         claim(f"{EFFECT}, series: arrivals_counted, place: north_gate}}".replace("output: arrivals, ", "")), CLAIMS, "place: north_gate}}",
         "`place` without an output", "`output` beside it", "`part` for a part of the series"),
    Case("an unknown entry of the register", swap(CLAIMS, "register: [bridge_patrols]", "register: [spring_groups]"), CLAIMS,
         "spring_groups", "spring_groups", "a measure or event of measures.yaml and events.yaml", "`spring_group`"),
    Case("an amount without a bound",
         claim("kind: magnitude, amount: {output: arrivals, place: north_gate, from: 2021-01-01, to: 2021-02-01}"), CLAIMS,
         "{output: arrivals, place", "no bound", "`at_least`, `at_most` or both", "add `at_least"),
    Case("an amount of which nothing was published",
         claim("kind: magnitude, amount: {output: crossings, from: 2021-01-01, to: 2021-02-01, at_least: 5}"), CLAIMS,
         "crossings, from", "crossings with this place and group", "one of", "add rows"),
    Case("dollars of a measure that acts on something else",
         claim("kind: magnitude, dollars: {measure: bridge_patrols, output: arrivals, years: [1]}"), CLAIMS,
         "bridge_patrols, output", "bridge_patrols, which acts on stopped at the bridge", "a measure that acts on what arrivals counts",
         "another measure or output"),
    Case("dollars after no years", claim("kind: magnitude, dollars: {measure: bridge_patrols, output: stopped, years: [0]}"), CLAIMS,
         "0]}}", "0", "years from 1 to 50", "[1, 3, 10]"),
    Case("an unknown source", claim("kind: opinion, not_testable_because: z, source: inventd"), CLAIMS, "inventd", "inventd",
         "a source of sources.csv", "`invented`"),
    Case("an unknown source that it comes from", claim("kind: opinion, not_testable_because: z, comes_from: [inventd]"), CLAIMS, "inventd]",
         "inventd", "a source of sources.csv", "`invented`"),
    Case("an unknown source of a position", claim("kind: magnitude, distance: {from: mill_town, to: old_bridge, km: 3, "
         "to_point: {name: x, lat: 1, lon: 2, source: inventd}}"), CLAIMS, "inventd}}", "inventd", "a source of sources.csv", "`invented`"),
    Case("an unknown record", claim("kind: event, no_act_of: z, looked_through: inventd"), CLAIMS, "inventd", "inventd",
         "a source of sources.csv", "`invented`"),
    Case("records without an actor", claim("kind: opinion, not_testable_because: z, looked_through: invented"), CLAIMS,
         "looked_through: invented", "`looked_through` without `no_act_of`", "`no_act_of` beside it", "delete `looked_through`"),
    Case("figures that nothing needs", claim("kind: opinion, not_testable_because: z, needed_figures: exist"), CLAIMS,
         "needed_figures: exist",
         "`needed_figures` without `would_need`", "`would_need` beside it", "delete `needed_figures`"),
    Case("figures that neither exist nor not", claim("kind: level, would_need: z, needed_figures: somewhere"), CLAIMS, "somewhere",
         "somewhere", "exist", "exist"),
    Case("a comparison of people with dollars", claim("kind: comparison, comparison: {left: {measure: bridge_patrols}, says: more, "
         "right: {series: arrivals_counted, from: 2021-01-01, to: 2021-05-31}}"), CLAIMS, "{left", "USD on the left, people on the right",
         "one unit on both sides", "the same unit"),
    Case("a sum of nothing", claim("kind: comparison, comparison: {left: {}, says: more, right: {measure: bridge_patrols}}"), CLAIMS,
         "{}, says", "neither `series` nor `measure`", "exactly one of the two", "add one"),
    Case("a sum without days",
         claim("kind: comparison, comparison: {left: {series: arrivals_counted}, says: more, right: {series: arrivals_counted, "
               "from: 2021-01-01, to: 2021-01-31}}"), CLAIMS, "{series: arrivals_counted}", "a series without dates",
         "`from` and `to`", "add `from"),
    Case("a distance to an unknown place", claim("kind: magnitude, distance: {from: mill_town, to: old_brigde, km: 3}"), CLAIMS,
         "old_brigde", "old_brigde", "a place of places.csv", "`old_bridge`"),
    Case("series: neither value nor range", append(SERIES, ROW.replace(",200,", ",,")), SERIES, (61, 5), "neither value nor range",
         "a value, or low and high", "delete the row"),
    Case("series: a range upside down", append(SERIES, ROW.replace(",200,,", ",,9,8").replace("9,8,", "9,8,")), SERIES, (61, 7),
         "high 8, less than low 9", "in order", "exchange"),
    Case("series: published before it was counted", append(SERIES, ROW.replace("2021-07-12", "2021-06-12")), SERIES, (61, 9),
         "published 2021-06-12, before the last day counted", "a day from 2021-06-30 on", "the number came out"),
    Case("series: another unit", append(SERIES, ROW.replace("people", "USD")), SERIES, (61, 8), "unit USD", "people, as in line 2",
         "another name"),
    Case("series: an unknown source", append(SERIES, ROW.replace("invented", "nobody")), SERIES, (61, 10), "nobody",
         "a source of sources.csv", "one of these"),
    Case("series: an unknown column", swap(SERIES, ",note\n", ",notes\n"), SERIES, (1, 11), "a column `notes`",
         "one of the columns series, part", "`note`"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_mistake_is_named_where_it_is(case: Case, tmp_path: Path) -> None:
    folder = copy_of_good_study(tmp_path)
    case.break_it(folder)
    with pytest.raises(StudyError) as error:
        load_study(folder)
    assert len(error.value.problems) == 1, [str(problem) for problem in error.value.problems]
    problem = error.value.problems[0]
    assert Path(problem.file).name == case.file
    if isinstance(case.at, tuple):
        assert (problem.line, problem.column) == case.at
    elif case.at is not None:
        assert (problem.line, problem.column) == position_of(folder, case.file, case.at)
    assert case.found in problem.found
    assert case.expected in problem.expected
    assert case.try_ in problem.try_


def test_problems_of_claims_come_with_those_of_the_study(tmp_path: Path) -> None:
    folder = copy_of_good_study(tmp_path)
    swap(CLAIMS, "output: arrivals\n", "output: arivals\n")(folder)
    swap("routes.csv", ",150,", ",-3,")(folder)
    with pytest.raises(StudyError) as error:
        load_study(folder)
    assert {Path(problem.file).name for problem in error.value.problems} == {"claims.yaml", "routes.csv"}


def test_a_new_claim_does_not_change_the_hash_of_the_study(tmp_path: Path) -> None:
    folder = copy_of_good_study(tmp_path)
    before = load_study(folder)
    claim("kind: opinion, not_testable_because: z")(folder)
    after = load_study(folder)
    assert len(after.claims) == len(before.claims) + 1
    assert after.hash == before.hash
    assert after.input_hashes["claims.yaml"] != before.input_hashes["claims.yaml"]
