"""Published monthly series side by side, and samples of their coming months from their past alone (docs/DYNAMICS.md)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corredor.learn.dynamics.panel import forecast_counts
from corredor.learn.monthly_series import MonthlySeries, SeriesName


@dataclass(frozen=True)
class Panel:
    """What was known of several series on a day.

    names : of the series
    first_month : of the calendar, the first known of any series
    people : (n_months, n_series) float     nan where nothing was known
    """

    names: tuple[SeriesName, ...]
    first_month: int
    people: np.ndarray

    @property
    def last_month(self) -> int:
        return self.first_month + len(self.people) - 1

    def last_known(self, number: int) -> int:
        """The last month known of a series."""
        return self.first_month + int(np.flatnonzero(~np.isnan(self.people[:, number]))[-1])

    def samples_ahead(self, n_months: int, n_draws: int, rng: np.random.Generator) -> np.ndarray:
        """Samples of the months after the last one: (n_draws, n_months, n_series) float people; of one draw all belong together."""
        return forecast_counts(self.people, self.first_month, n_months, n_draws, rng)


def known_panel(series: Sequence[MonthlySeries], date: dt.date) -> Panel | None:
    """The series of which anything was published by a date, as published by then; none where nothing was."""
    known = {one.name: values for one in series if (values := one.values_on(date))}
    if not known:
        return None
    first = min(min(values) for values in known.values())
    last = max(max(values) for values in known.values())
    people = [[values.get(month, np.nan) for values in known.values()] for month in range(first, last + 1)]
    return Panel(tuple(known), first, np.array(people, dtype=float))
