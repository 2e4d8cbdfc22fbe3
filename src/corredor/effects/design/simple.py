"""The plain ways to say what was to be expected: the last months carried on, the same with the season, and beside the donors.

They are what any better estimate has to beat.
source : docs/EVIDENCE.md names them as the benchmark's comparison
"""

from __future__ import annotations

import numpy as np

from corredor.effects.design.donor_series import FEWEST_DONORS, donor_columns
from corredor.effects.design.panel import MONTHS_A_YEAR, SOMEBODY, Panel, Window

LAST_MONTHS = 3
"""Months before the window whose mean is carried on."""

YEARS_OF_DOUBT = 2.0
"""The step of n earlier years counts n / (n + 2): one year's step is mostly chance."""


def mean_before_and_after(panel: Panel, window: Window) -> float | None:
    """The mean of the last three months, in every month of the window."""
    level = _log_carried_on(panel, window.unit, window.start, window.length)
    return None if np.isnan(level) else level


def mean_with_season(panel: Panel, window: Window) -> float | None:
    """The mean of the last three months, with the step that earlier years took from these months to those of the window.

    Years in which a month is missing do not count; without earlier years it is the mean of the last three months.
    """
    level = mean_before_and_after(panel, window)
    if level is None:
        return None
    starts = range(window.start - MONTHS_A_YEAR, LAST_MONTHS - 1, -MONTHS_A_YEAR)
    # a window of more than a year would reach into the months that are asked about
    steps = [_log_step(panel, window.unit, start, window.length) for start in starts if start + window.length <= window.start]
    known = [step for step in steps if not np.isnan(step)]
    return level + sum(known) / (len(known) + YEARS_OF_DOUBT)


def difference_in_differences(panel: Panel, window: Window) -> float | None:
    """The mean of the last three months, with the mean step of the donors, in logarithms, from these months to the window."""
    level = mean_before_and_after(panel, window)
    if level is None or window.start + window.length > len(panel.months):
        return None
    rows = slice(window.start - LAST_MONTHS, window.start + window.length)
    columns = donor_columns(panel, window, rows)
    if len(columns) < FEWEST_DONORS:
        return None
    return level + float(np.mean([_log_step(panel, column, window.start, window.length) for column in columns]))


def _log_carried_on(panel: Panel, unit: int, start: int, length: int) -> float:
    """Log people of a window if each month has the mean of the three before; not a number where one is missing."""
    if start < LAST_MONTHS:
        return np.nan
    return float(np.log(length * panel.people[start - LAST_MONTHS : start, unit].mean() + SOMEBODY))


def _log_step(panel: Panel, unit: int, start: int, length: int) -> float:
    """Log of the people counted in a window over those that the three months before would have given."""
    counted = np.log(panel.people[start : start + length, unit].sum() + SOMEBODY)
    return float(counted - _log_carried_on(panel, unit, start, length))
