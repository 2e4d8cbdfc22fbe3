"""Scales: from people and dates to pixels, with round ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from corredor.results.wording import MONTH_NAMES

TICK_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)
TICK_DAYS = (1, 2, 7, 14)


@dataclass(frozen=True)
class LinearScale:
    """Straight line from a domain to pixels; values outside are drawn at the nearer end.

    low, high : the domain, in the quantity's unit
    start_px, end_px : where low and high lie
    floor : what is above 0 and below this is drawn here: counts of so few people that they are not shown
    """

    low: float
    high: float
    start_px: float
    end_px: float
    floor: float = 0.0

    def __call__(self, value: float) -> float:
        shown = self.floor if 0 < value < self.floor else value
        inside = min(max(shown, self.low), self.high)
        return self.start_px + (inside - self.low) / (self.high - self.low) * (self.end_px - self.start_px)


@dataclass(frozen=True)
class TimeScale:
    """Straight line from dates to pixels; dates outside are drawn at the nearer end."""

    first: np.datetime64
    last: np.datetime64
    start_px: float
    end_px: float

    def __call__(self, date: np.datetime64) -> float:
        share = float((date - self.first) / (self.last - self.first))
        return self.start_px + min(max(share, 0.0), 1.0) * (self.end_px - self.start_px)

    def covers(self, date: np.datetime64) -> bool:
        return bool(self.first <= date <= self.last)


@dataclass(frozen=True)
class DateTick:
    """A tick of a time axis: `year` is written below the label where it is not empty."""

    date: np.datetime64
    label: str
    year: str


def nice_ticks(top: float, wanted: int = 4, whole: bool = False) -> list[float]:
    """Round values from 0 to at least `top`, in steps of 1, 2, 2.5 or 5 times a power of ten, near the wanted number of steps.

    whole : only whole numbers, for what comes in ones

    >>> nice_ticks(87_000)
    [0.0, 25000.0, 50000.0, 75000.0, 100000.0]
    """
    if not math.isfinite(top) or top <= 0 or (whole and top <= 1):
        return [0.0, 1.0]
    magnitude = 10 ** math.floor(math.log10(top / wanted))
    steps = [magnitude * factor for factor in (1, 2, 2.5, 5, 10)]
    steps = [step for step in steps if not whole or step == round(step)] or [1.0]
    step = min(steps, key=lambda s: (abs(math.ceil(round(top / s, 9)) - wanted), s))
    return [step * i for i in range(math.ceil(round(top / step, 9)) + 1)]


def date_ticks(first: np.datetime64, last: np.datetime64, most: int) -> list[DateTick]:
    """Ticks at the first day of months, or at days for spans under three months; at most `most` of them.

    The year stands under the first tick and under each January.
    """
    days = int((last - first) / np.timedelta64(1, "D"))
    if days < 92:
        dates = _day_dates(first, last, most)
        labels = [f"{int(str(d)[8:10])} {MONTH_NAMES[int(str(d)[5:7]) - 1]}" for d in dates]
    else:
        dates = _month_dates(first, last, most)
        labels = [MONTH_NAMES[int(str(d)[5:7]) - 1] for d in dates]
    years = [str(d)[:4] for d in dates]
    return [
        DateTick(date.astype("datetime64[ns]"), label, year if i == 0 or year != years[i - 1] else "")
        for i, (date, label, year) in enumerate(zip(dates, labels, years, strict=True))
    ]


def _day_dates(first: np.datetime64, last: np.datetime64, most: int) -> list[np.datetime64]:
    start, end = first.astype("datetime64[D]"), last.astype("datetime64[D]")
    for step in TICK_DAYS:
        dates = np.arange(start, end + 1, step)
        if len(dates) <= most or step == TICK_DAYS[-1]:
            return list(dates[: max(most, 1)])
    return []


def _month_dates(first: np.datetime64, last: np.datetime64, most: int) -> list[np.datetime64]:
    start = first.astype("datetime64[M]")
    months = np.arange(start if start.astype("datetime64[ns]") >= first else start + 1, last.astype("datetime64[M]") + 1)
    for step in TICK_MONTHS:
        dates = [month.astype("datetime64[D]") for month in months if (month.astype(int) % 12) % min(step, 12) == 0]
        if step > 12:
            dates = [d for d in dates if int(str(d)[:4]) % (step // 12) == 0]
        if len(dates) <= most:
            return dates
    return dates[:most]
