"""How good a forecast was: rules that reward honest uncertainty, for forecasts given as samples.

The rules are proper: nobody gains by saying something else than what they believe. CRPS and weighted interval score are in the unit of
what is forecast (people), and smaller is better; for a forecast of one value both are the plain distance to the outcome. The log score is
in nats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.learn.log_score import log_score_of_counts

BANDS = (0.5, 0.8, 0.95)
"""Central bands that are scored and whose coverage is counted: share of the forecast inside each."""

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
"""Probability levels of the median and of the ends of the bands."""

LOW_ENDS, HIGH_ENDS = [2, 1, 0], [4, 5, 6]
"""Positions among LEVELS of the ends of each band."""


@dataclass(frozen=True)
class Scores:
    """Scores of forecasts, one for each outcome.

    crps, wis : (n_outcomes,) float ≥ 0, unit of the outcome      smaller is better
    log_score : (n_outcomes,) float ≥ 0, nats                     of counts, smaller is better; log_score.py says how
    floored : (n_outcomes,) bool                                  whether the log score rests on its floor
    inside : (n_outcomes, 3) bool                                 whether the outcome lies in the band of 50, 80 and 95 %
    median : (n_outcomes,) float
    pit_low, pit_high : (n_outcomes,) float, share 0–1            between which the probability integral transform lies
    """

    crps: np.ndarray
    wis: np.ndarray
    log_score: np.ndarray
    floored: np.ndarray
    inside: np.ndarray
    median: np.ndarray
    pit_low: np.ndarray
    pit_high: np.ndarray


def score_samples(samples: np.ndarray, outcomes: np.ndarray) -> Scores:
    """Score forecasts against what came.

    samples : (n_samples, n_outcomes) float     what each sample says of each outcome
    outcomes : (n_outcomes,) float              what came
    returns : continuous ranked probability score (of the samples as they are), weighted interval score over the median and the bands of
        50, 80 and 95 %, log score of counts, whether the outcome lies in each band, ends included, and where it lies among the samples
    raises : ValueError when a sample or an outcome is no number
    source : Gneiting & Raftery 2007 (CRPS, as in the library scoringrules); Bracher et al. 2021 (weighted interval score)
    """
    samples, outcomes = np.asarray(samples, dtype=float), np.asarray(outcomes, dtype=float)
    if not (np.isfinite(samples).all() and np.isfinite(outcomes).all()):
        raise ValueError("a forecast or an outcome that is no number")
    quantiles = np.quantile(samples, LEVELS, axis=0)
    inside = (quantiles[LOW_ENDS] <= outcomes) & (outcomes <= quantiles[HIGH_ENDS])
    log_score, floored = log_score_of_counts(samples, outcomes)
    pit_low, pit_high = pit_of_samples(samples, outcomes)
    return Scores(
        crps_of_samples(samples, outcomes),
        weighted_interval_score(quantiles, np.array(LEVELS), outcomes),
        log_score,
        floored,
        inside.T,
        quantiles[len(BANDS)],
        pit_low,
        pit_high,
    )


def crps_of_samples(samples: np.ndarray, outcomes: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score of each outcome, of the samples as they are: (n_outcomes,) float."""
    import scoringrules  # late: it compiles when imported, for seconds, and only scores need it

    return np.asarray(scoringrules.crps_ensemble(outcomes, samples.T, estimator="qd", backend="numpy"))


def weighted_interval_score(quantiles: np.ndarray, levels: np.ndarray, outcomes: np.ndarray) -> np.ndarray:
    """Weighted interval score of each outcome: twice the mean of the quantile scores, which is the same.

    quantiles : (n_levels, n_outcomes) float
    levels : (n_levels,) float, 0–1      the median, and pairs that lie as far below as above it
    source : Bracher et al. 2021, PLOS Computational Biology 17, equation 1 and the remark below it
    """
    over = quantiles > outcomes
    return np.asarray(2 * np.mean((over - levels[:, None]) * (quantiles - outcomes), axis=0))


def pit_of_samples(samples: np.ndarray, outcomes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each outcome lies among the samples: ends of the share of the forecast that its own place takes.

    returns : two (n_outcomes,) float, 0–1. The outcome is one of n + 1 values in order; among equals its place is anywhere, so that of a
        good forecast all places are alike, also of counts with many equals
    source : Czado, Gneiting & Held 2009, Biometrics 65 (counts)
    """
    below, equal = (samples < outcomes).sum(axis=0), (samples == outcomes).sum(axis=0)
    places = len(samples) + 1
    return np.asarray(below / places), np.asarray((below + equal + 1) / places)
