"""Are measures that monthly counts cannot tell apart named, and months that moved before a measure seen?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from planted_panels import panel_of

from corredor.effects.design.nearby import DatedMeasure, anticipation, inseparable, whole_months_between
from corredor.effects.design.panel import Window, gap
from corredor.effects.design.simple import mean_before_and_after


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "D")


@pytest.mark.parametrize(
    ("first", "second", "months"),
    [
        ("2016-03-09", "2016-03-20", 0),
        ("2016-03-09", "2016-04-30", 0),
        ("2016-03-09", "2016-05-01", 1),
        ("2016-03-09", "2016-06-01", 2),
        ("2016-03-01", "2016-05-01", 2),
        ("2016-03-01", "2016-04-30", 1),
        ("2016-11-15", "2017-02-15", 2),
        ("2016-03-20", "2016-03-20", 0),
    ],
)
def test_whole_months_between_two_days(first, second, months):
    assert whole_months_between(day(first), day(second)) == months


def test_measures_too_near_are_one_group_and_others_are_left_out():
    fence = DatedMeasure("the fence", "land", day("2012-02-10"))
    patrol = DatedMeasure("the patrol", "land", day("2012-04-20"))
    visas = DatedMeasure("the visas", "land", day("2012-07-15"))
    ferry = DatedMeasure("the ferry", "sea", day("2012-02-12"))
    late = DatedMeasure("the late one", "land", day("2014-01-01"))
    groups = inseparable([late, visas, ferry, patrol, fence])
    assert [group.measures for group in groups] == [(fence, patrol)]
    assert groups[0].months_between == (1,)
    assert groups[0].sentence == (
        "the fence (2012-02-10) and the patrol (2012-04-20) have one whole month between them: monthly counts cannot tell their "
        "effects apart, and an estimate of one is that of both together."
    )
    assert [group.measures for group in inseparable([late, visas, ferry, patrol, fence], 3)] == [(fence, patrol, visas)]
    assert inseparable([]) == [] and inseparable([fence, ferry, late]) == []


def test_a_chain_is_one_group():
    days = ("2012-02-10", "2012-03-20", "2012-05-25")
    measures = [DatedMeasure(f"measure {number}", "land", day(text)) for number, text in enumerate(days)]
    (group,) = inseparable(measures)
    assert group.measures == tuple(measures)
    assert "measure 0 (2012-02-10), measure 1 (2012-03-20) and measure 2" in group.sentence
    assert "at most one whole month" in group.sentence and "all together" in group.sentence


@dataclass(frozen=True)
class Fixed:
    effect: float
    low: float
    high: float
    p_value: float = 0.01


def shifted(people: np.ndarray, window: Window, wide: float = 0.15):
    panel = panel_of(people[:, None])

    def estimate(asked: Window) -> Fixed | None:
        found = gap(mean_before_and_after, panel, asked)
        return None if found is None else Fixed(found, found - wide, found + wide)

    return anticipation(estimate, window)


def test_a_fall_at_its_date_is_thinned_out_by_earlier_months():
    """Three quarters fewer from month 20 on; moved by k of 4 months the window has k months as before."""
    people = np.full(30, 10_000.0)
    people[20:] = 2500.0
    rows = shifted(people, Window(0, 20, 4))
    assert [row.months_earlier for row in rows] == [1, 2, 3]
    for row, share in zip(rows, (0.25, 0.5, 0.75), strict=True):
        assert row.effect == pytest.approx(np.log(share + (1 - share) * 0.25), abs=1e-3)
        assert row.unanticipated == pytest.approx(row.effect, abs=1e-3)
        assert not row.anticipated


@pytest.mark.parametrize("factor", [0.25, 4.0])
def test_a_change_that_began_earlier_is_noticed(factor):
    people = np.full(30, 10_000.0)
    people[18:] *= factor
    rows = shifted(people, Window(0, 20, 4))
    assert [row.anticipated for row in rows] == [True, True, True]


def test_a_rise_before_a_fall_is_no_anticipation_of_it():
    people = np.full(30, 10_000.0)
    people[18:20] = 15_000.0
    people[20:] = 2500.0
    assert not any(row.anticipated for row in shifted(people, Window(0, 20, 4)))


def test_skipped_months_are_never_anticipation():
    people = np.full(30, 10_000.0)
    people[19:] = 2500.0
    rows = shifted(people, Window(0, 20, 4, skipped=1))
    assert rows[0].unanticipated == pytest.approx(np.log(0.25), abs=1e-3)
    assert not any(row.anticipated for row in rows)


def test_moves_that_cannot_be_estimated_are_left_out():
    people = np.full(12, 10_000.0)
    assert [row.months_earlier for row in shifted(people, Window(0, 5, 4))] == [1, 2]
    assert shifted(people, Window(0, 2, 4)) == ()
