"""Where a series changed most, how large a gap between two numbers is, and what was done or happened at about that time."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from corredor.pages.report.first_screen.monthly import Monthly
from corredor.results.view import Run
from corredor.results.wording import too_few

LONGEST_SIDE = 3
"""Periods before and after a change whose means are compared."""
DAYS_BEFORE, DAYS_AFTER = 62, 31
"""A measure or event stands beside a change when it begins or ends from two months before its first day to one month after."""
LONGEST_TITLE = 60


@dataclass(frozen=True)
class Change:
    """The largest change of a series: means of up to three periods before and after.

    at : the first period after it
    side : periods before and after
    before, after : in the unit of the series a period
    """

    of: Monthly
    at: int
    side: int
    before: float
    after: float

    @property
    def goes_that_way(self) -> float:
        """Share of draws in which it rises or falls alike; 1 where it was published."""
        if self.of.is_published:
            return 1.0
        draws, at, side = self.of.draws, self.at, self.side
        of_draws = draws[:, at : at + side].mean(axis=1) - draws[:, at - side : at].mean(axis=1)
        return float((np.sign(of_draws) == np.sign(self.after - self.before)).mean())

    @property
    def first_day(self) -> dt.date:
        day: dt.date = pd.Timestamp(self.of.starts[self.at]).date()
        return day


@dataclass(frozen=True)
class Beside:
    """A measure or event near a change in time.

    when : the day that is near; begins : whether it begins on that day or ends then
    """

    title: str
    when: str
    begins: bool


def gap(one: float, other: float) -> float:
    """How far two numbers of people lie apart, to rank by: their difference as a share of the larger, times the digits of the larger.

    So a tenfold change of hundreds stands before one of tens, and both before a change by a tenth of thousands.

    >>> round(gap(100, 1000), 2), round(gap(900, 1000), 2), gap(0, 0)
    (2.7, 0.3, 0.0)
    """
    larger = max(abs(one), abs(other))
    return abs(one - other) / larger * math.log10(1 + larger) if larger > 0 else 0.0


def largest_change(run: Run, series: Monthly) -> Change | None:
    """The change with the largest difference of means; None for a series that is too short or never changes.

    Sides with a count too small to be shown are passed by, since their mean less the other periods would be it. Where no change is left,
    sides are shorter.
    """
    n_periods = len(series.starts)
    hidden = np.asarray(too_few(series.values)) & (run.wording(series.name).floor > 0)
    for side in range(min(LONGEST_SIDE, n_periods // 2), 0, -1):
        cuts = [at for at in range(side, n_periods - side + 1) if not np.any(hidden[at - side : at + side])]
        means = [(float(series.values[at - side : at].mean()), float(series.values[at : at + side].mean())) for at in cuts]
        best = max(range(len(cuts)), key=lambda number: abs(means[number][1] - means[number][0]), default=0)
        if cuts and means[best][0] != means[best][1]:
            return Change(series, cuts[best], side, *means[best])
    return None


def beside(run: Run, day: dt.date) -> list[Beside]:
    """Measures and events on record near a day: those that act in the model first, then the nearest."""
    found: list[tuple[bool, int, Beside]] = []
    for event in run.model["events"]:
        found.append((False, _days_off(event["date"], day), Beside(shortened(event["title"]), event["date"], True)))
    for measure in run.model["measures"]:
        for key in ("from", "to"):
            # a measure of a few days is named once, by its beginning
            if measure[key] and not (key == "to" and measure["from"] and _days_off(measure["from"], day) <= DAYS_BEFORE):
                one = Beside(shortened(measure["title"]), measure[key], key == "from")
                found.append((not measure["acts_on"], _days_off(measure[key], day), one))
    near = [entry for entry in found if _is_near(entry[2].when, day)]
    return [one for _, _, one in sorted(near, key=lambda entry: entry[:2])]


def shortened(title: str) -> str:
    """A title for a sentence: without what follows a dash, and not too long."""
    words = title.split(" - ")[0].split(" – ")[0].split(";")[0].strip()
    if len(words) <= LONGEST_TITLE:
        return words
    kept = words[:LONGEST_TITLE]
    return kept.rsplit(", " if ", " in kept else " ", 1)[0].rstrip(" ,:–-") + " …"


def largest_of(changes: Sequence[Change]) -> Change | None:
    """The change of the most people, of what was published if anything was: that rests on figures and on no model."""
    published = [change for change in changes if change.of.is_published]
    return max(published or changes, key=lambda change: abs(change.after - change.before), default=None)


def _days_off(day: str, other: dt.date) -> int:
    return abs((dt.date.fromisoformat(day) - other).days)


def _is_near(day: str, change: dt.date) -> bool:
    return -DAYS_BEFORE <= (dt.date.fromisoformat(day) - change).days <= DAYS_AFTER
