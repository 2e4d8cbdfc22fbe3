"""Does the benchmark ask, judge and count as it says? Made-up series, and methods whose answers are known."""

import json
from collections.abc import Sequence

import numpy as np
import pytest

from corredor.effects.benchmark.evidence import EffectClaim, Evidence, ListedMeasure, evidence_of
from corredor.effects.benchmark.judged import holds_size, judged, percent_of
from corredor.effects.benchmark.placebos import placebo_dates, placebo_units
from corredor.effects.benchmark.run import benchmark, benchmark_of, taught_by_others
from corredor.effects.benchmark.scores import Share
from corredor.effects.design.answer import Answer, Listed
from corredor.effects.design.panel import Panel, Window

FIRST = np.datetime64("2010-01", "M")
MONTHS = 96


def claim(id_: str = "C1", **changes: object) -> EffectClaim:
    fields = {"says": "It fell.", "unit": "a", "date": "2014-01", "direction": "lower", "agreement": "agreed", **changes}
    return EffectClaim(id=id_, **fields)


def evidence(claims: Sequence[EffectClaim], measures: Sequence[ListedMeasure] = (), units: Sequence[str] = "abc") -> Evidence:
    """Series of 1,000 people a month, `a` a tenth of it for three months from January 2014; families of their own."""
    counts = {unit: {FIRST + month: 1000.0 for month in range(MONTHS)} for unit in units}
    counts["a"] |= {FIRST + month: 100.0 for month in range(48, 51)}
    return evidence_of(counts, {unit: unit.split("|")[0] for unit in units}, claims, measures)


def answer(effect: float, half: float = 0.5, p_value: float = 0.01) -> Answer:
    return Answer("by hand", effect, effect - half, effect + half, p_value, 100, -0.4, 0.4, 300.0, 300.0 / float(np.exp(effect)))


def against_last_month(panel: Panel, windows: Sequence[Window], listed: Listed) -> list[Answer | None]:
    """A method that knows these series: any change of more than a half is an effect."""
    found: list[Answer | None] = []
    for window in windows:
        counted, expected = (
            panel.people[window.rows, window.unit].sum(),
            window.length * panel.people[window.known - 1, window.unit],
        )
        effect = float(np.log(counted / expected))
        found.append(
            Answer("last month", effect, effect - 0.1, effect + 0.1, 0.01, 99, -0.5, 0.5, float(counted), float(expected))
        )
    return found


@pytest.mark.parametrize(
    ("direction", "agreement", "effect", "p_value", "expected"),
    [
        ("lower", "agreed", -1.0, 0.01, "found"),
        ("lower", "agreed", 1.0, 0.01, "wrong sign"),
        ("lower", "agreed", -1.0, 0.06, "missed"),
        ("lower", "agreed", -0.4, 0.01, "missed"),
        ("higher", "agreed", 1.0, 0.05, "found"),
        ("none", "none_found", -1.0, 0.01, "false verdict"),
        ("none", "none_found", -1.0, 0.20, "no effect, rightly"),
        ("none", "agreed", 1.0, 0.01, "false verdict"),
        ("lower", "contested", -1.0, 0.01, "contested"),
    ],
)
def test_an_answer_is_judged_by_its_sign_its_interval_and_its_p_value(direction, agreement, effect, p_value, expected):
    told = claim(direction=direction, agreement=agreement)
    assert judged(told, answer(effect, p_value=p_value), evidence([told])) == expected


def test_no_answer_is_no_verdict():
    assert judged(claim(), None, evidence([claim()])) == "no answer"


def test_no_effect_on_the_series_of_an_agreed_effect_at_the_same_time_is_no_test():
    none = claim("none", direction="none", agreement="none_found", inseparable_from=["C1"])
    elsewhere = claim("none", unit="b", direction="none", agreement="none_found", inseparable_from=["C1"])
    assert judged(none, answer(-1.0), evidence([claim(), none])) == "inseparable"
    assert judged(elsewhere, answer(-1.0), evidence([claim(), elsewhere])) == "false verdict"
    assert judged(none, answer(-1.0), evidence([claim(agreement="contested"), none])) == "false verdict"


@pytest.mark.parametrize(
    ("low", "high", "overlaps", "inside"),
    [
        (-70, -40, True, False),
        (-90, -40, True, True),
        (-49, -10, False, False),
        (-99, -81, False, False),
        (-80.1, -49.9, True, True),
    ],
)
def test_an_interval_holds_an_agreed_size_when_they_overlap(low, high, overlaps, inside):
    told = claim(size_percent=[-80.0, -50.0])
    found = Answer("by hand", -1.0, np.log1p(low / 100), np.log1p(high / 100), 0.01, 100, -0.4, 0.4, 300.0, 900.0)
    assert holds_size(told, found) is overlaps
    assert holds_size(told, found, whole=True) is inside


def test_where_no_size_is_agreed_none_is_held():
    assert holds_size(claim(), answer(-1.0)) is None
    assert holds_size(claim(size_percent=[-80.0, -50.0]), None) is None
    assert holds_size(claim(size_percent=[-80.0, -50.0], agreement="contested"), answer(-1.0)) is None


def test_percents_are_of_what_was_to_be_expected():
    assert percent_of(np.log(0.25)) == pytest.approx(-75)
    assert percent_of(np.log(3)) == pytest.approx(200)


def test_a_share_has_the_interval_of_clopper_and_pearson():
    """Their interval of 0 of 10 ends where (1 − p)¹⁰ is 0.025; that of 1 of 10 is in every table."""
    assert Share(0, 10).interval == (0.0, pytest.approx(1 - 0.025**0.1))
    assert Share(1, 10).interval == (pytest.approx(0.0025, abs=1e-4), pytest.approx(0.4450, abs=1e-4))
    assert Share(10, 10).interval[1] == 1.0


def test_placebo_dates_keep_away_from_every_listed_measure_of_their_family():
    told = evidence([claim()], [ListedMeasure(date="2015-06-20", family="b", what="a storm")])
    drawn = placebo_dates(told, 10_000, 1)
    months = {unit: {str(told.panel.months[one.window.start]) for one in drawn if one.window.unit == unit} for unit in range(3)}
    assert months[2] == {str(FIRST + month) for month in range(24, MONTHS - 2)}
    assert months[2] - months[0] == {f"2013-{month}" for month in (10, 11, 12)} | {f"2014-0{month}" for month in range(1, 5)}
    # after the 15th a measure counts from the next month
    assert months[2] - months[1] == {f"2015-0{month}" for month in range(4, 10)} | {"2015-10"}
    assert all(one.window.length == 3 and one.claim == "" for one in drawn)


def test_placebo_windows_are_drawn_by_the_seed_and_never_twice():
    told = evidence([claim()])
    first, again, other = placebo_dates(told, 50, 1), placebo_dates(told, 50, 1), placebo_dates(told, 50, 2)
    assert first == again != other
    assert len(set(first)) == 50


def test_placebo_units_are_of_other_families_and_nothing_is_listed_of_them():
    told = evidence([claim(), claim("C2", unit="b", date="2014-02")], units=("a", "a|x", "b", "c"))
    drawn = {(one.claim, told.panel.units[one.window.unit]) for one in placebo_units(told, 100, 1)}
    # b has a measure of its own a month later, a and a|x one a month before
    assert drawn == {("C1", "c"), ("C2", "c")}


def test_series_of_few_people_are_no_placebos():
    told = evidence([claim()])
    told.panel.people[:, 2] = 9.0
    assert {one.window.unit for one in placebo_dates(told, 10_000, 1)} == {0, 1}


def test_the_benchmark_counts_what_methods_say():
    claims = [
        claim(size_percent=[-90.5, -89.5]),
        claim("C2", unit="b", agreement="agreed"),
        claim("C3", unit="c", direction="none", agreement="none_found"),
        claim("C4", unit="c", agreement="contested"),
    ]
    test = benchmark_of(
        evidence(claims), {"last month": against_last_month, "nobody": lambda p, w, listed: [None] * len(w)}, placebos=60
    )
    assert list(test.rows["judged"][:4]) == ["found", "missed", "no effect, rightly", "contested"]
    assert list(test.rows["judged"][4:]) == ["no answer"] * 4
    score, nobody = test.scores()
    assert (score.found, score.sizes, score.sizes_whole) == (Share(1, 2), Share(1, 1), Share(1, 1))
    assert (score.false_none, score.false_dates, score.false_units) == (Share(0, 1), Share(0, 60), Share(0, 0))
    assert (nobody.found, nobody.false_dates, nobody.unanswered.n) == (Share(0, 2), Share(0, 0), nobody.unanswered.of)
    row = test.rows.iloc[0]
    assert (row["effect_percent"], row["counted_people"], row["expected_people"]) == (pytest.approx(-90), 300, 3000)
    assert test.answer()["missed"] == ["Found with the right sign: 1 of 2 agreed effects.", "Missed: C2."]
    assert "Contested: nothing in C4." in test.headline()


def test_false_verdicts_at_placebo_dates_are_counted():
    told = evidence([claim("C1", unit="b", date="2012-06")])
    test = benchmark_of(told, {"last month": against_last_month}, placebos=10_000)
    wrong = test.placebos[(test.placebos["kind"] == "date") & (test.placebos["finds"] != 0)]
    # a falls when its window begins from November 2013 to January 2014, and rises when it begins up to April 2014
    assert set(wrong["series"]) == {"a"}
    assert set(wrong["month"]) == {"2013-11", "2013-12", "2014-01", "2014-02", "2014-03", "2014-04"}
    assert test.scores()[0].false_dates.n == len(wrong)


def test_who_may_not_learn_from_a_family_has_every_month_of_it_listed():
    told = evidence([claim()])
    asked: list[tuple[set[int], set[str]]] = []

    def method(panel: Panel, windows: Sequence[Window], listed: Listed) -> list[Answer | None]:
        whole = {family for family in panel.families if all((family, month) in listed for month in panel.months)}
        asked.append(({window.unit for window in windows}, whole))
        return [None] * len(windows)

    taught_by_others(told, method, placebo_dates(told, 10_000, 1))
    assert asked == [({0}, {"a"}), ({1}, {"b"}), ({2}, {"c"})]


def test_a_benchmark_is_saved_and_becomes_json(tmp_path):
    test = benchmark_of(evidence([claim()]), {"last month": against_last_month}, placebos=5)
    assert (
        test.save(tmp_path / "b.csv").read_text(encoding="utf-8").splitlines()[1].startswith("C1,It fell.,a,a,2014-01,3,lower,")
    )
    told = json.loads(json.dumps(test.to_dict(), allow_nan=False))
    assert told["scores"][0]["found"] == {"n": 1, "of": 1, "interval": [pytest.approx(0.025), 1.0]}
    assert told["rows"][0]["judged"] == "found"
    assert repr(test).startswith("Benchmark of last month: 1 of 1 agreed effects found")


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"series": "s.csv"}, "series without claims"),
        ({"claims": "c.yaml"}, "claims without series"),
        ({"measures": "m.csv"}, "measures alone"),
        ({"methods": "panle"}, "panle"),
        ({"placebos": 0}, "0"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments, found):
    with pytest.raises(ValueError, match=found):
        benchmark(**arguments)
