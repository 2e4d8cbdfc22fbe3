"""Interrupted series: a monthly series goes on as before, or it does not. Seasons and memory of past months are taken into account.

The model of a quiet month: log y(t) = c + φ log y(t−1) + two waves of the year + ε. It is fitted to the months before the measure and
carried on through the window; the gap is what was published less what was to be expected. How large a gap arises by itself is not
taken from that model, which is never quite right, but from the same exercise at every earlier date (placebo dates).
source : Box and Tiao 1975 (intervention analysis); Abadie, Diamond and Hainmueller 2015 (placebo dates)
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from corredor.effects.design.answer import Answer
from corredor.effects.design.ranks import half_width, rank_p_value

FEWEST_BEFORE = 30
"""Months that a fit needs: two and a half years, for six numbers."""

FEWEST_PLACEBOS = 19
"""With fewer, no gap can be found at 5 %."""

NORMAL_80 = 0.8416
"""An effect lies so many standard errors beyond the bound when it is found with a probability of 80 %."""

NOBODY = 0.5
"""Stands for a month of 0 people, which has no logarithm."""


@dataclass(frozen=True)
class _Gap:
    """mean : of log(published / expected) over the window; its standard error by the model of a quiet month"""

    mean: float
    standard_error: float
    expected_log: np.ndarray


def interrupted_series(values: np.ndarray, first_month: int, n_before: int, placebos: np.ndarray | None = None) -> Answer | None:
    """How far a series left its own past.

    values : (n_months,) float           without holes; the last of them end the window
    first_month : 0–11                   month of the year of the first value, January 0
    n_before : int                       months before the measure; the others are the window
    placebos : (n,) float                its `placebo_date_gaps`, where they are known already
    returns : none when there are fewer than 30 months before it
    """
    log_values = np.log(np.maximum(values, NOBODY))
    n_window = len(values) - n_before
    if n_before < FEWEST_BEFORE or n_window < 1:
        return None
    gap = _gap(log_values, first_month, n_before)
    if placebos is None:
        placebos = placebo_date_gaps(log_values[:n_before], first_month, n_window)
    score = gap.mean / gap.standard_error
    wide = half_width(placebos)
    enough = len(placebos) >= FEWEST_PLACEBOS
    note = f"fitted to {n_before} months before; {len(placebos)} placebo dates"
    least = (wide + NORMAL_80) * gap.standard_error if enough else np.inf
    counted = float(values[n_before:].sum())
    return Answer(
        method="interrupted series",
        effect=gap.mean,
        low=gap.mean - wide * gap.standard_error,
        high=gap.mean + wide * gap.standard_error,
        p_value=rank_p_value(score, placebos),
        placebos=len(placebos),
        least_fall=-least,
        least_rise=least,
        counted_people=counted,
        expected_people=float(np.exp(gap.expected_log).sum()),
        note=note if enough else f"{note}, too few to find anything at 5 %",
    )


def placebo_date_gaps(log_before: np.ndarray, first_month: int, n_window: int) -> np.ndarray:
    """Gaps, in standard errors, of every window of the same length that ended before the measure."""
    starts = range(FEWEST_BEFORE, len(log_before) - n_window + 1)
    gaps = [_gap(log_before[: start + n_window], first_month, start) for start in starts]
    return np.array([gap.mean / gap.standard_error for gap in gaps])


def score(values: np.ndarray, first_month: int, n_before: int) -> float:
    """The gap of a series in standard errors, for placebo series."""
    gap = _gap(np.log(np.maximum(values, NOBODY)), first_month, n_before)
    return gap.mean / gap.standard_error


def _gap(log_values: np.ndarray, first_month: int, n_before: int) -> _Gap:
    from statsmodels.tsa.ar_model import AutoReg  # late: slow to import, and only claims with an interrupted series need it

    n_window = len(log_values) - n_before
    year = 2 * np.pi * (np.arange(len(log_values)) + first_month) / 12
    waves = np.column_stack([wave(times * year) for times in (1, 2) for wave in (np.sin, np.cos)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a series that never changes has no variance to speak of
        fitted = AutoReg(log_values[:n_before], lags=1, trend="c", exog=waves[:n_before]).fit()
        expected = fitted.forecast(steps=n_window, exog=waves[n_before:])
    memory = float(np.clip(fitted.params[1], -1.0, 1.0))
    # the forecast error of month k is Σ memory^(k−s) ε(s): it adds up over the window
    weight = np.array([[memory ** (k - s) if k >= s else 0.0 for s in range(n_window)] for k in range(n_window)])
    sd = max(float(np.sqrt(fitted.sigma2 * n_before / max(n_before - len(fitted.params) - 1, 1))), 1e-9)
    mean_error = sd * float(np.sqrt((weight.mean(axis=0) ** 2).sum()))
    return _Gap(float(np.mean(log_values[n_before:] - expected)), mean_error, np.asarray(expected))
