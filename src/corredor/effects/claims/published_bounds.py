"""What published figures allow for days that none of them covers exactly: the tightest bounds, given that counts are never negative.

Let C(t) be the count from the beginning of time to day t. Each figure says low ≤ C(to + 1) − C(from) ≤ high, and C never falls.
Bounds on any other difference of C are shortest paths over these differences (Bellman 1958, Ford 1956). Figures that contradict each
other are let loose by a few percent, and it is said by how many.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import NegativeCycleError, bellman_ford

from corredor.study.schema import SeriesValue

LOOSER_PERCENT = (1e-7, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
"""Steps by which figures that contradict each other are let loose; the first is for the rounding of sums."""

ALMOST = 1e-9
"""Added to every length, since sparse matrices leave out zeros."""


@dataclass(frozen=True)
class Bounds:
    """low, high : of the sum over the days; high is infinite when nothing published limits it

    loosened_percent : by how much figures had to be let loose to be true together
    """

    low: float
    high: float
    loosened_percent: float


def known_rows(series: Sequence[SeriesValue], name: str, part: str | None, as_of: dt.date) -> tuple[SeriesValue, ...]:
    """Rows of a series and part that were published by a day."""
    return tuple(row for row in series if row.series == name and row.part == part and row.published <= as_of)


def bounds_over(rows: Sequence[SeriesValue], first: dt.date, last: dt.date) -> Bounds:
    """What figures say of the days from `first` to `last`, both included."""
    if not rows:
        return Bounds(0.0, np.inf, 0.0)
    merged = _merged(rows)
    edges = sorted({day for begin, end in merged for day in (begin, end)} | {first, last + dt.timedelta(days=1)})
    number = {day: place for place, day in enumerate(edges)}
    begin, end = number[first], number[last + dt.timedelta(days=1)]
    for percent in LOOSER_PERCENT:
        lengths = np.full((len(edges), len(edges)), np.inf)
        for later in range(1, len(edges)):
            lengths[later, later - 1] = 0.0  # C(earlier) − C(later) ≤ 0
        for (day_from, day_to), (low, high) in merged.items():
            a, b = number[day_from], number[day_to]
            lengths[a, b] = min(lengths[a, b], high * (1 + percent / 100))
            lengths[b, a] = min(lengths[b, a], -low * (1 - percent / 100))
        try:
            high = _shortest(lengths, begin, end)
            low = -_shortest(lengths, end, begin)
        except NegativeCycleError:
            continue
        return Bounds(max(_tidy(low), 0.0), _tidy(high), percent if percent > LOOSER_PERCENT[0] else 0.0)
    return Bounds(0.0, np.inf, np.inf)


def summed(bounds: Sequence[Bounds]) -> Bounds:
    """Bounds of a sum of parts."""
    return Bounds(sum(b.low for b in bounds), sum(b.high for b in bounds), max((b.loosened_percent for b in bounds), default=0.0))


def value_range(row: SeriesValue) -> tuple[float, float]:
    """Lowest and highest value that a row allows."""
    low = row.low if row.low is not None else row.value
    high = row.high if row.high is not None else row.value
    return (0.0 if low is None else low), (np.inf if high is None else high)


def _merged(rows: Sequence[SeriesValue]) -> dict[tuple[dt.date, dt.date], tuple[float, float]]:
    """Figures for the same days become one range: none is preferred."""
    ranges: dict[tuple[dt.date, dt.date], tuple[float, float]] = {}
    for row in rows:
        days = (row.from_, row.to + dt.timedelta(days=1))
        low, high = value_range(row)
        other = ranges.get(days, (low, high))
        ranges[days] = (min(low, other[0]), max(high, other[1]))
    return ranges


def _shortest(lengths: np.ndarray, begin: int, end: int) -> float:
    given = np.isfinite(lengths)
    rows, columns = np.nonzero(given)
    values = lengths[rows, columns]
    graph = csr_matrix((np.where(values == 0, ALMOST, values), (rows, columns)), shape=lengths.shape)
    return float(bellman_ford(graph, directed=True, indices=begin)[end])


def _tidy(value: float) -> float:
    """Without what rounding and the first step left: one part in a hundred thousand."""
    return float(f"{value:.6g}") if np.isfinite(value) else value
