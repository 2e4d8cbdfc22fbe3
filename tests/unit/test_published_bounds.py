"""What do published figures allow for days that none of them covers? Worked by hand."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from corredor.effects.claims.levels import shifted
from corredor.effects.claims.monthly import monthly_series
from corredor.effects.claims.published_bounds import Bounds, bounds_over, known_rows
from corredor.study.schema import SeriesValue

JAN, JUN, JUL, DEC = dt.date(2020, 1, 1), dt.date(2020, 6, 30), dt.date(2020, 7, 1), dt.date(2020, 12, 31)


def row(first: dt.date, last: dt.date, value: float | None = None, published: dt.date | None = None, **more) -> SeriesValue:
    words = {"series": "s", "unit": "people", "source": "invented", "published": published or last, "from": first, "to": last}
    return SeriesValue.model_validate({**words, "value": value, **more})


def test_a_year_less_its_first_half_is_its_second():
    assert bounds_over([row(JAN, DEC, 100.0), row(JAN, JUN, 60.0)], JUL, DEC) == Bounds(40.0, 40.0, 0.0)


def test_a_part_of_a_year_lies_between_nothing_and_the_whole():
    assert bounds_over([row(JAN, DEC, 100.0)], JUL, DEC) == Bounds(0.0, 100.0, 0.0)


def test_months_inside_are_a_floor_without_a_ceiling():
    assert bounds_over([row(JAN, JUN, 60.0)], JAN, DEC) == Bounds(60.0, math.inf, 0.0)
    assert bounds_over([], JAN, DEC) == Bounds(0.0, math.inf, 0.0)


def test_overlapping_totals_join():
    """January to October 90 and June to December 70, the year 120: June to October is 90 + 70 − 120 = 40."""
    rows = [row(JAN, dt.date(2020, 10, 31), 90.0), row(dt.date(2020, 6, 1), DEC, 70.0), row(JAN, DEC, 120.0)]
    assert bounds_over(rows, dt.date(2020, 6, 1), dt.date(2020, 10, 31)) == Bounds(40.0, 40.0, 0.0)


def test_ranges_add_up():
    rows = [row(JAN, JUN, low=10.0, high=20.0), row(JUL, DEC, low=1.0, high=2.0)]
    assert bounds_over(rows, JAN, DEC) == Bounds(11.0, 22.0, 0.0)


def test_two_figures_for_the_same_days_become_a_range():
    assert bounds_over([row(JAN, DEC, 100.0), row(JAN, DEC, 110.0)], JAN, DEC) == Bounds(100.0, 110.0, 0.0)


def test_figures_that_contradict_each_other_are_let_loose_and_it_is_said():
    rows = [row(JAN, DEC, 100.0), row(JAN, JUN, 60.0), row(JUL, DEC, 41.0)]
    found = bounds_over(rows, JAN, DEC)
    assert found.loosened_percent == 0.5
    assert found.low <= 101.0 and found.high >= 100.0


def test_what_was_not_yet_published_does_not_count():
    series = [row(JAN, DEC, 100.0, published=dt.date(2021, 1, 10))]
    assert known_rows(series, "s", None, dt.date(2021, 1, 9)) == ()
    assert len(known_rows(series, "s", None, dt.date(2021, 1, 10))) == 1


@pytest.mark.parametrize(
    ("first", "last", "months", "expected"),
    [
        (dt.date(2018, 6, 1), dt.date(2018, 11, 30), None, (dt.date(2017, 12, 1), dt.date(2018, 5, 31))),
        (dt.date(2018, 6, 1), dt.date(2018, 11, 30), 12, (dt.date(2017, 6, 1), dt.date(2017, 11, 30))),
        (dt.date(2020, 2, 1), dt.date(2020, 2, 29), 12, (dt.date(2019, 2, 1), dt.date(2019, 2, 28))),
        (dt.date(2020, 3, 10), dt.date(2020, 3, 19), None, (dt.date(2020, 2, 29), dt.date(2020, 3, 9))),
        (dt.date(2020, 3, 10), dt.date(2020, 3, 19), 12, (dt.date(2019, 3, 10), dt.date(2019, 3, 19))),
    ],
)
def test_earlier_days_are_as_many_and_whole_months_stay_whole(first, last, months, expected):
    assert shifted(first, last, months) == expected


def test_months_are_the_last_unbroken_run_and_the_latest_figure_counts():
    def month(number: int, value: float, published: dt.date | None = None, part: str | None = None) -> SeriesValue:
        last = (dt.date(2020, number + 1, 1) if number < 12 else dt.date(2021, 1, 1)) - dt.timedelta(days=1)
        return row(dt.date(2020, number, 1), last, value, published, part=part)

    series = [month(1, 1.0), month(3, 3.0), month(4, 4.0), month(4, 5.0, dt.date(2020, 9, 1)), row(JAN, JUN, 60.0)]
    found = monthly_series(series, "s", None, DEC)
    assert found is not None
    assert [str(name) for name in found.months] == ["2020-03", "2020-04"]
    assert list(found.values) == [3.0, 5.0]
    parts = [month(3, 1.0, part="a"), month(4, 1.0, part="a"), month(4, 2.0, part="b")]
    joined = monthly_series(parts, "s", ["a", "b"], DEC)
    assert joined is not None
    assert list(joined.values) == [3.0]
    assert monthly_series(parts, "s", "c", DEC) is None
