"""Measures too near to each other for monthly counts to tell apart, and months before a measure that already moved.

A month of counts that two measures share, or that lies between them alone, cannot be given to one of them. Two whole months between
are the least that shows a change and its staying.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corredor.effects.design.judged import Judged
from corredor.effects.design.panel import Window

FEWEST_MONTHS_BETWEEN = 2
"""Whole months between two measures that monthly counts need to tell them apart."""

SHIFTS = (1, 2, 3)
"""Months by which a window is moved earlier to look for anticipation."""


def too_near(first: np.datetime64, second: np.datetime64) -> bool:
    """Whether monthly counts cannot tell two measures apart that begin on these days, in either order."""
    return whole_months_between(min(first, second), max(first, second)) < FEWEST_MONTHS_BETWEEN


def whole_months_between(first: np.datetime64, second: np.datetime64) -> int:
    """Calendar months that begin on or after the first day and end before the second; 0 if there are none."""
    begins = first.astype("datetime64[M]")
    if begins.astype("datetime64[D]") < first.astype("datetime64[D]"):
        begins = begins + np.timedelta64(1, "M")
    return max(int((second.astype("datetime64[M]") - begins).astype(int)), 0)


@dataclass(frozen=True)
class Shifted:
    """The same estimate with its window some months earlier.

    months_earlier : months by which it was moved
    effect, low, high : log(counted / expected) over the moved window
    unanticipated : what the moved window would show had nothing happened in its months before the measure
    """

    months_earlier: int
    effect: float
    low: float
    high: float
    unanticipated: float

    @property
    def anticipated(self) -> bool:
        """Whether the months before the measure moved too, in its direction: what they alone would not show is outside the interval."""
        return self.high < self.unanticipated <= 0 or self.low > self.unanticipated >= 0


def anticipation(
    estimate: Callable[[Window], Judged | None], window: Window, shifts: Sequence[int] = SHIFTS
) -> tuple[Shifted, ...]:
    """The estimate with its window moved earlier month by month; moves that cannot be estimated are left out.

    A moved window holds months before the measure, which thin its effect out; where the effect is no thinner, it began before its date.
    Skipped months count as touched whole, so that they are never taken for anticipation.
    """
    at_its_date = estimate(window)
    if at_its_date is None:
        return ()
    found = []
    for shift in shifts:
        moved = estimate(replace(window, start=window.start - shift))
        if moved is not None:
            untouched = min(max(shift - window.skipped, 0), window.length) / window.length
            thinned = float(np.log(untouched + (1 - untouched) * np.exp(at_its_date.effect)))
            found.append(Shifted(shift, moved.effect, moved.low, moved.high, thinned))
    return tuple(found)
