"""How good a forecast was: rules that reward honest uncertainty, for forecasts given as samples.

Both rules are proper: nobody gains by saying something else than what they believe. They are in the unit of what is forecast (people), and
smaller is better. For a forecast of one value both are the plain distance to the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BANDS = (0.5, 0.8, 0.95)
"""Central bands that are scored and whose coverage is counted: share of the forecast inside each."""


@dataclass(frozen=True)
class Scores:
    """Scores of forecasts, one for each outcome.

    crps, wis : (n_outcomes,) float ≥ 0, unit of the outcome      smaller is better
    inside : (n_outcomes, 3) bool                                 whether the outcome lies in the band of 50, 80 and 95 %
    median : (n_outcomes,) float
    """

    crps: np.ndarray
    wis: np.ndarray
    inside: np.ndarray
    median: np.ndarray


def score_samples(samples: np.ndarray, outcomes: np.ndarray) -> Scores:
    """Score forecasts against what came.

    samples : (n_samples, n_outcomes) float     what each sample says of each outcome
    outcomes : (n_outcomes,) float              what came
    returns : continuous ranked probability score (of the samples as they are), weighted interval score over the median and the bands of
        50, 80 and 95 %, and whether the outcome lies in each band, ends included
    raises : ValueError when a sample or an outcome is no number
    source : Gneiting & Raftery 2007 (CRPS); Bracher et al. 2021 (weighted interval score); both as in the library scoringrules
    """
    import scoringrules  # late: it compiles when imported, for seconds, and only scores need it

    samples, outcomes = np.asarray(samples, dtype=float), np.asarray(outcomes, dtype=float)
    if not (np.isfinite(samples).all() and np.isfinite(outcomes).all()):
        raise ValueError("a forecast or an outcome that is no number")
    share_outside = 1 - np.array(BANDS)
    median = np.median(samples, axis=0)
    low = np.quantile(samples, share_outside / 2, axis=0).T
    high = np.quantile(samples, 1 - share_outside / 2, axis=0).T
    crps = scoringrules.crps_ensemble(outcomes, samples.T, estimator="qd", backend="numpy")
    # put together here: scoringrules 0.10 takes |median| in place of |outcome - median| where it computes with NumPy
    of_bands = scoringrules.interval_score(outcomes, low, high, share_outside, backend="numpy")
    wis = (np.abs(outcomes - median) / 2 + of_bands @ (share_outside / 2)) / (len(BANDS) + 0.5)
    inside = (low <= outcomes[:, None]) & (outcomes[:, None] <= high)
    return Scores(np.asarray(crps), np.asarray(wis), inside, median)
