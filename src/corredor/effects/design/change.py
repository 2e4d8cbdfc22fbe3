"""How much a series changed from its last months to a window, and what its own past says of such a change.

All numbers are logarithms: of a mean a month, or of a ratio of two.
"""

from __future__ import annotations

import math
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from corredor.effects.design.panel import MONTHS_A_YEAR, SOMEBODY

RECENT_MONTHS = 3
"""The months before a measure that its window is compared with."""

FEWEST_BEFORE = 15
"""Months of the past that a question needs: a year, and the recent months before it."""

FEWEST_PEOPLE = 10
"""A month, on average over the last year; below, chance alone makes every change possible."""

YEARS_BACK = 7
"""Seasons of earlier years that are looked at."""

DOUBT_ABOUT_SEASONS = 2.0
"""Years without any season that are added to those looked at, so that one year alone is not taken for the rule."""


class Change(NamedTuple):
    """One window of one series.

    change : mean of the window over mean of the recent months
    season : the same change in earlier years, on average, drawn towards none where years are few
    trend : recent months over those before them, less what the season of earlier years explains
    level : recent months over the last year
    long_level : last year over the last three
    last : last month over recent months
    restlessness : standard deviation of the change from month to month over two years, less what earlier years explain
    people : recent months, people a month (not a logarithm)
    """

    change: float
    season: float
    trend: float
    level: float
    long_level: float
    last: float
    restlessness: float
    people: float


def change_of(people: np.ndarray, known: int, skipped: int, length: int) -> Change | None:
    """The change of a series at one date, and its past.

    people : (n_months,) float         published months in a row; those from `known` on are not looked at but for the window itself
    known : months of the past
    skipped, length : months left out after the past, and months of the window
    returns : none where the past is too short or holds too few people
    """
    if known < FEWEST_BEFORE or known + skipped + length > len(people):
        return None
    if people[known - MONTHS_A_YEAR : known].mean() < FEWEST_PEOPLE:
        return None
    total = [0.0, *accumulate(people.tolist())]

    def mean_log(first: int, end: int) -> float:
        first = max(first, 0)
        return math.log((total[end] - total[first] + SOMEBODY) / (end - first))

    start = known + skipped
    recent = mean_log(known - RECENT_MONTHS, known)
    back = [MONTHS_A_YEAR * year for year in range(1, YEARS_BACK + 1)]
    seasons = [
        mean_log(start - b, start - b + length) - mean_log(known - b - RECENT_MONTHS, known - b)
        for b in back
        if known - b - RECENT_MONTHS >= 0 and start - b + length <= known
    ]
    earlier = [
        mean_log(known - b - RECENT_MONTHS, known - b) - mean_log(known - b - 2 * RECENT_MONTHS, known - b - RECENT_MONTHS)
        for b in back
        if known - b - 2 * RECENT_MONTHS >= 0
    ]
    last_year = mean_log(known - MONTHS_A_YEAR, known)
    return Change(
        change=mean_log(start, start + length) - recent,
        season=_drawn_to_none(seasons),
        trend=recent - mean_log(known - 2 * RECENT_MONTHS, known - RECENT_MONTHS) - _drawn_to_none(earlier),
        level=recent - last_year,
        long_level=last_year - mean_log(known - 3 * MONTHS_A_YEAR, known),
        last=mean_log(known - 1, known) - recent,
        restlessness=_restlessness(np.diff(np.log(people[:known] + SOMEBODY))),
        people=float(np.exp(recent)),
    )


def _restlessness(steps: np.ndarray) -> float:
    """steps : (n_months − 1,) float      logs of each month over the one before"""
    shown = min(len(steps), 2 * MONTHS_A_YEAR)
    season, years = np.zeros(shown), np.full(shown, DOUBT_ABOUT_SEASONS)
    for year in range(1, YEARS_BACK + 1):
        earlier = steps[max(len(steps) - shown - MONTHS_A_YEAR * year, 0) : max(len(steps) - MONTHS_A_YEAR * year, 0)]
        if len(earlier):
            season[-len(earlier) :] += earlier
            years[-len(earlier) :] += 1
    return float(np.std(steps[-shown:] - season / years))


def _drawn_to_none(changes: list[float]) -> float:
    return sum(changes) / (len(changes) + DOUBT_ABOUT_SEASONS)
