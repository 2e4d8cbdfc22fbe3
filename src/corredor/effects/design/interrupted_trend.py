"""Interrupted series with a local trend: where the series was going just before the window, it goes on, ever more slowly.

Exponential smoothing in logarithms: level and trend are those of the latest months, how far back they reach is learned from the past, and
the trend is damped, so that no rise goes on for ever. The season is taken out before and put back after.
source : Hyndman, Koehler, Ord and Snyder 2008, model ETS(A, Ad, N); Bernal, Cummins and Gasparrini 2017 (interrupted time series)
"""

from __future__ import annotations

import warnings

import numpy as np
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from corredor.effects.design.donor_series import log_of_window, log_people
from corredor.effects.design.panel import Panel, Window, unbroken_past
from corredor.effects.design.season import season

FEWEST_BEFORE = 24
"""Months before the window that the season and five numbers need: two years."""

MOST_BEFORE = 72


def interrupted_trend(panel: Panel, window: Window) -> float | None:
    """The last level and trend of the series carried through the window, with its season."""
    logs = log_people(unbroken_past(panel, window)[-MOST_BEFORE:])
    if len(logs) < FEWEST_BEFORE:
        return None
    lift = season(logs, window.skipped + window.length)
    ahead = damped_trend(logs - lift[: len(logs)], window.skipped + window.length) + lift[len(logs) :]
    return log_of_window(ahead[window.skipped :])


def damped_trend(logs: np.ndarray, n_ahead: int) -> np.ndarray:
    """What exponential smoothing with a damped trend expects of the months ahead.

    logs : (n_months,) float             without season
    """
    if np.ptp(logs) < 1e-9:
        return np.full(n_ahead, logs[-1])  # a series that never changes teaches nothing, and need not
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a search that ends at a bound; its best is taken all the same
        fitted = ETSModel(logs, error="add", trend="add", damped_trend=True).fit(disp=False)
    return np.asarray(fitted.forecast(n_ahead))
