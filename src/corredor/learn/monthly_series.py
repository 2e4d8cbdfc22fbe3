"""Published figures as monthly series, those from before the study's first day included: what was known of each on a day, and what
finally came.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from corredor.study.calendar import is_whole_month, month_number
from corredor.study.model import Model
from corredor.study.schema import Observation

LONGEST_SILENCE_MONTHS = 12
"""A series whose newest figure is older than this is not told as it would be published: nobody may publish it any more."""


@dataclass(frozen=True, order=True)
class SeriesName:
    """Which series: an output, the place and the group that its figures count; empty for all of them."""

    output: str
    place: str
    group: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.output, self.place, self.group) if part)


@dataclass(frozen=True)
class MonthlySeries:
    """All figures of one series that count a whole calendar month.

    figures : month → its rows, in the order in which they were published
    others : number of figures of the series that count other periods, or are ranges; they are not scored
    parts : of a total that the study does not publish, the series that it sums
    """

    name: SeriesName
    figures: dict[int, tuple[Observation, ...]]
    others: int
    parts: tuple[SeriesName, ...] = ()

    def known_on(self, date: dt.date) -> tuple[int, np.ndarray]:
        """The unbroken run of months up to the newest one whose figure was published by a date.

        returns : number of its last month, −1 when nothing was known, and (n_months,) float people, as published by then
        """
        known = {month: rows for month, rows in self.figures.items() if rows[0].published <= date}
        if not known:
            return -1, np.zeros(0)
        last = month = max(known)
        people = []
        while month in known:
            people.append([row.value for row in known[month] if row.published <= date][-1])
            month -= 1
        return last, np.array(people[::-1], dtype=float)

    def values_on(self, date: dt.date) -> dict[int, float]:
        """Month → figure, as published by a date, whether or not months between are missing."""
        known = {month: [row.value for row in rows if row.published <= date] for month, rows in self.figures.items()}
        return {month: float(values[-1]) for month, values in known.items() if values and values[-1] is not None}

    def outcome(self, month: int) -> Observation | None:
        """The figure of a month that was published last; none when there is none."""
        rows = self.figures.get(month)
        return rows[-1] if rows else None


def monthly_series(model: Model) -> list[MonthlySeries]:
    """The study's figures by series, in the order in which they first appear."""
    of_series: dict[SeriesName, list[Observation]] = {}
    for row in (*model.history, *model.observations):
        of_series.setdefault(SeriesName(row.output, row.place or "", row.group or ""), []).append(row)
    made = []
    for name, rows in of_series.items():
        figures: dict[int, list[Observation]] = {}
        for row in sorted(rows, key=lambda row: row.published):
            if row.value is not None and is_whole_month(row.from_, row.to):
                figures.setdefault(month_number(row.from_), []).append(row)
        others = len(rows) - sum(len(of_month) for of_month in figures.values())
        made.append(MonthlySeries(name, {month: tuple(of_month) for month, of_month in figures.items()}, others))
    return made
