"""Bayesian structural series: level, trend and season that drift, carried through the window; beside the donors' common factor if wanted.

log people(t) = level(t) + season(t) + how much it follows × donors' factor(t) + noise
level(t + 1) = level(t) + trend(t) + noise;  trend(t + 1) = trend(t) + noise;  the season is two waves of the year

The state-space model is that of statsmodels. Bayesian are the prior distributions of the three standard deviations and of how much the
series follows the factor: they keep a short past from saying that a trend turns every month. Their maximum a posteriori is used, not their
whole posterior, since how far the estimate can be off is judged by placebo windows.
source : Brodersen, Gallusser, Koehler, Remy and Scott 2015; half-normal priors of standard deviations after Gelman 2006
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from statsmodels.tsa.statespace.structural import UnobservedComponents

from corredor.effects.design.donor_series import DonorSeries, donor_series, log_of_window, log_people
from corredor.effects.design.panel import MONTHS_A_YEAR, Panel, Window, unbroken_past
from corredor.effects.design.season import WAVES

FEWEST_BEFORE = 24
"""Months before the window: two of each season."""

MOST_BEFORE = 72

NOISE_PRIOR, LEVEL_PRIOR, TREND_PRIOR = 1.0, 1.0, 0.1
"""Scales of the half-normal priors of the standard deviations a month, in standard deviations of the series' monthly changes: either of
the first two could make all changes; a trend that changed by a tenth of them each month would soon make most of them."""

FOLLOWS_PRIOR = 1.0
"""Standard deviation of the normal prior, of mean 0, of how much the series follows the factor; 1: as far as the series itself moves."""

LEAST_SD = 1e-3
"""Standard deviations are searched down to this share of the monthly changes'."""


def structural_series(panel: Panel, window: Window) -> float | None:
    """The level, trend and season of the series' own past, carried through the window."""
    logs = log_people(unbroken_past(panel, window)[-MOST_BEFORE:])
    if len(logs) < FEWEST_BEFORE:
        return None
    return log_of_window(carried_on(logs, window.skipped + window.length, None)[window.skipped :])


def structural_series_with_donors(panel: Panel, window: Window) -> float | None:
    """The same, with the donors' first factor as a regressor, known in the window too."""
    known = donor_series(panel, window, FEWEST_BEFORE)
    if known is None:
        return None
    # a month's expectation has its own factor only: skipped months may have any
    factor = np.insert(first_factor(known), [len(known.before)] * window.skipped, 0.0)
    return log_of_window(carried_on(known.before, window.skipped + window.length, factor)[window.skipped :])


def first_factor(known: DonorSeries) -> np.ndarray:
    """What the donors have most in common, before and in the window; (n_months,) float, changing by 1 a month before (standard deviation).

    The first principal component of their logs, each in standard deviations of its monthly changes, so that a restless donor counts no
    more than a quiet one.
    """
    donors = np.vstack([known.donors_before, known.donors_within])
    moves = np.diff(known.donors_before, axis=0).std(axis=0)
    moving = donors[:, moves > 0] / moves[moves > 0]
    left, sizes, _ = np.linalg.svd(moving - moving.mean(axis=0), full_matrices=False)
    if not len(sizes):
        return np.zeros(len(donors))
    factor = left[:, 0]
    return np.asarray(factor / np.diff(factor[: len(known.before)]).std())


def carried_on(logs: np.ndarray, n_ahead: int, factor: np.ndarray | None) -> np.ndarray:
    """What the structural model expects of the months ahead, at its most probable parameters.

    logs : (n_months,) float             log people a month
    factor : (n_months + n_ahead,) float or none
    """
    move = float(np.diff(logs).std())
    if move < 1e-9:
        return np.full(n_ahead, logs[-1])  # a series that never changes teaches nothing, and need not
    known = _Known(logs, move, None if factor is None else move * (factor - factor[0]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of exact fits, where a variance is 0
        model = _model(known)
        fitted = model.filter(_variances(_most_probable(model, known), known))
        ahead = None if known.factor is None else known.factor[len(logs) :]
        return np.asarray(fitted.forecast(n_ahead, exog=ahead))


@dataclass(frozen=True)
class _Known:
    """logs : (n_months,) float;  move : standard deviation of their monthly changes;  factor : the regressor, which moves as much"""

    logs: np.ndarray
    move: float
    factor: np.ndarray | None


def _model(known: _Known) -> UnobservedComponents:
    waves = [{"period": MONTHS_A_YEAR, "harmonics": WAVES}]
    regressor = None if known.factor is None else known.factor[: len(known.logs)]
    return UnobservedComponents(known.logs, "lltrend", freq_seasonal=waves, stochastic_freq_seasonal=[False], exog=regressor)


def _most_probable(model: UnobservedComponents, known: _Known) -> np.ndarray:
    """The maximum a posteriori: standard deviations of noise, level and trend in shares of `move`, then how much the series follows."""
    scales = np.array([NOISE_PRIOR, LEVEL_PRIOR, TREND_PRIOR] + ([FOLLOWS_PRIOR] if known.factor is not None else []))

    def improbable(tried: np.ndarray) -> float:
        return float(0.5 * np.sum((tried / scales) ** 2) - model.loglike(_variances(tried, known)))

    bounds = [(LEAST_SD, None)] * 3 + [(None, None)] * (len(scales) - 3)
    start = np.array([0.5, 0.5, 0.05, 0.0])[: len(scales)]
    return np.asarray(minimize(improbable, start, method="L-BFGS-B", bounds=bounds).x)


def _variances(tried: np.ndarray, known: _Known) -> np.ndarray:
    return np.concatenate([(tried[:3] * known.move) ** 2, tried[3:]])
