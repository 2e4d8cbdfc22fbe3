"""The plain ways to say what was to be expected: the last months carried on, the same with the season, and beside the donors.

They are what any better estimate has to beat.
source : docs/EVIDENCE.md names them as the benchmark's comparison
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from corredor.effects.design.donor_series import FEWEST_DONORS, donor_columns
from corredor.effects.design.panel import MONTHS_A_YEAR, SOMEBODY, Panel, Window

LAST_MONTHS = 3
"""Months before the window whose mean is carried on."""

YEARS_OF_DOUBT = 2.0
"""The step of n earlier years counts n / (n + 2): one year's step is mostly chance."""


def mean_before_and_after(panel: Panel, window: Window) -> float | None:
    """The mean of the last three months, in every month of the window."""
    level = _log_carried_on(panel, window, window.unit)
    return None if np.isnan(level) else level


def mean_with_season(panel: Panel, window: Window) -> float | None:
    """The mean of the last three months, with the step that earlier years took from these months to those of the window.

    Years in which a month is missing do not count; without earlier years it is the mean of the last three months.
    """
    level = mean_before_and_after(panel, window)
    if level is None:
        return None
    starts = range(window.start - MONTHS_A_YEAR, LAST_MONTHS + window.skipped - 1, -MONTHS_A_YEAR)
    earlier = [replace(window, start=start) for start in starts]
    # a window of nearly a year or more would reach into the months that are asked about
    steps = [_log_step(panel, one, window.unit) for one in earlier if one.start + one.length <= window.known]
    known = [step for step in steps if not np.isnan(step)]
    return level + sum(known) / (len(known) + YEARS_OF_DOUBT)


def difference_in_differences(panel: Panel, window: Window) -> float | None:
    """The mean of the last three months, with the mean step of the donors, in logarithms, from these months to the window."""
    level = mean_before_and_after(panel, window)
    if level is None or window.start + window.length > len(panel.months):
        return None
    columns = donor_columns(panel, window, LAST_MONTHS)
    if len(columns) < FEWEST_DONORS:
        return None
    return level + float(np.mean([_log_step(panel, window, column) for column in columns]))


def _log_carried_on(panel: Panel, window: Window, unit: int) -> float:
    """Log people of a window if each month has the mean of the last three of the past; not a number where one is missing."""
    if window.known < LAST_MONTHS:
        return np.nan
    return float(np.log(window.length * panel.people[window.known - LAST_MONTHS : window.known, unit].mean() + SOMEBODY))


def _log_step(panel: Panel, window: Window, unit: int) -> float:
    """Log of the people counted in a window over those that the last months of the past would have given."""
    counted = np.log(panel.people[window.rows, unit].sum() + SOMEBODY)
    return float(counted - _log_carried_on(panel, window, unit))
