"""Measures too near to each other for monthly counts to tell apart, and months before a measure that already moved.

A month of counts that two measures share, or that lies between them alone, cannot be given to one of them. Two whole months between
are the least that shows a change and its staying.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from corredor.effects.design.judged import Judged
from corredor.effects.design.panel import Window

FEWEST_MONTHS_BETWEEN = 2
"""Whole months between two measures that monthly counts need to tell them apart."""

SHIFTS = (1, 2, 3)
"""Months by which a window is moved earlier to look for anticipation."""


@dataclass(frozen=True)
class DatedMeasure:
    """name, and family of the series that it is said to have moved

    first_day : datetime64[D]
    """

    name: str
    family: str
    first_day: np.datetime64


@dataclass(frozen=True)
class Inseparable:
    """Measures on one family of series that are too near to each other.

    measures : two or more, in the order of their days
    months_between : whole months between each and the next
    """

    measures: tuple[DatedMeasure, ...]
    months_between: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """What a reader should know of any estimate of one of them."""
        named = [f"{measure.name} ({measure.first_day})" for measure in self.measures]
        longest = max(self.months_between)
        whole = {0: "no whole month", 1: "one whole month"}.get(longest, f"{longest} whole months")
        apart = f"{'at most ' if len(named) > 2 and longest else ''}{whole}"
        together = "both" if len(named) == 2 else "all"
        return (
            f"{', '.join(named[:-1])} and {named[-1]} have {apart} between them: monthly counts cannot tell their effects apart, "
            f"and an estimate of one is that of {together} together."
        )


def inseparable(measures: Iterable[DatedMeasure], fewest_months: int = FEWEST_MONTHS_BETWEEN) -> list[Inseparable]:
    """Groups of measures, each too near to the next one of its group; a measure alone makes no group.

    fewest_months : whole months between two measures that are told apart
    """
    groups = []
    ordered = sorted(measures, key=lambda measure: (measure.family, measure.first_day, measure.name))
    group: list[DatedMeasure] = []
    for measure in ordered:
        if group and not (measure.family == group[-1].family and _between(group[-1], measure) < fewest_months):
            groups.append(group)
            group = []
        group.append(measure)
    return [_described(several) for several in [*groups, group] if len(several) > 1]


def whole_months_between(first: np.datetime64, second: np.datetime64) -> int:
    """Calendar months that begin on or after the first day and end before the second; 0 if there are none."""
    begins = first.astype("datetime64[M]")
    if begins.astype("datetime64[D]") < first.astype("datetime64[D]"):
        begins = begins + np.timedelta64(1, "M")
    return max(int((second.astype("datetime64[M]") - begins).astype(int)), 0)


def _between(first: DatedMeasure, second: DatedMeasure) -> int:
    return whole_months_between(first.first_day, second.first_day)


def _described(group: Sequence[DatedMeasure]) -> Inseparable:
    return Inseparable(tuple(group), tuple(_between(first, second) for first, second in pairwise(group)))


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
