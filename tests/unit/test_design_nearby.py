"""Are measures that monthly counts cannot tell apart named, and months that moved before a measure seen?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from planted_panels import panel_of

from corredor.effects.design.nearby import anticipation, too_near, whole_months_between
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


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [("2016-03-09", "2016-03-20", True), ("2016-03-31", "2016-05-01", True), ("2016-03-09", "2016-06-01", False)],
)
def test_less_than_two_whole_months_are_too_near_in_either_order(first, second, near):
    assert too_near(day(first), day(second)) == too_near(day(second), day(first)) == near


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
