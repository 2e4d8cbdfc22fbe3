"""A panel of published monthly counts, and the question that a design-based estimate puts to it.

Every estimate here answers one question: how many people would have been counted in a window of months if nothing special had happened
at its beginning? Months before the window are known, and so are the same months of series that the measure did not touch (donors).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

SOMEBODY = 0.5
"""Added to counts before their logarithm is taken, so that months of 0 people have one; people."""

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Panel:
    """Monthly counts of many series.

    months : (n_months,) datetime64[M]   one after the other
    units : (n_units,) names             one for each series: a route, a citizenship on a route, a sector
    people : (n_months, n_units) float   counts of each month; not a number where nothing was published
    families : (n_units,) names          series that share people, such as a route and its citizenships; a placebo or a donor of one is
                                         never taken from the same family
    """

    months: np.ndarray
    units: tuple[str, ...]
    people: np.ndarray
    families: tuple[str, ...]

    def column(self, unit: str) -> int:
        return self.units.index(unit)

    def sum_of(self, units: Iterable[str]) -> np.ndarray:
        """(n_months,) people of several series together."""
        return np.asarray(self.people[:, [self.column(unit) for unit in units]].sum(axis=1))

    def row(self, month: np.datetime64) -> int:
        """The number of a month in this panel; it may lie outside."""
        return int((month.astype("datetime64[M]") - self.months[0]).astype(int))


@dataclass(frozen=True)
class Window:
    """A question to a panel: what was to be expected of one series in some months, given everything before them?

    unit : column of the series
    start : row of the first month of the window
    length : months in the window
    donors : columns of series that are taken as untouched; none: the method may choose from other families
    skipped : months right before the window that belong to neither side, because the measure began in their midst
    """

    unit: int
    start: int
    length: int
    donors: tuple[int, ...] = ()
    skipped: int = 0

    @property
    def rows(self) -> slice:
        return slice(self.start, self.start + self.length)

    @property
    def known(self) -> int:
        """Months before this row are the past: all that an estimate may look at."""
        return self.start - self.skipped


ExpectedLog = Callable[[Panel, Window], float | None]
"""A method: the logarithm of the people to be expected in the whole window; none where the past or the donors do not suffice."""


def observed_log(panel: Panel, window: Window) -> float:
    """The logarithm of the people counted in the whole window; not a number when a month is missing."""
    return float(np.log(panel.people[window.rows, window.unit].sum() + SOMEBODY))


def gap(method: ExpectedLog, panel: Panel, window: Window) -> float | None:
    """How far the series left what was to be expected: log(counted / expected)."""
    expected = method(panel, window)
    return None if expected is None else observed_log(panel, window) - expected


def every_window(panel: Panel, unit: int, length: int, skipped: int, months_before: int) -> Iterator[Window]:
    """Windows of a series that are published whole, with at least so many published months in a row before them."""
    published = np.isfinite(panel.people[:, unit])
    for known in range(months_before, len(panel.months) - length - skipped + 1):
        start = known + skipped
        if published[known - months_before : start + length].all():
            yield Window(unit, start, length, skipped=skipped)


def unbroken_past(panel: Panel, window: Window) -> np.ndarray:
    """The published months in a row that end where the past ends, (n,) people; empty when its last month is missing."""
    past = panel.people[: window.known, window.unit]
    missing = np.flatnonzero(~np.isfinite(past))
    return past[missing[-1] + 1 :] if len(missing) else past
