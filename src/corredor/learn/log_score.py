"""How probable a forecast held the count that came: the log score of counts, for forecasts given as samples.

A count of thousands is hit by no sample exactly, so the samples are smoothed: each is a normal kernel on log(1 + people), as wide as
Silverman's rule says, and the chance of a count is what lies between half a person below and half a person above it. Beyond the samples the
kernels fall so fast that a single miss would decide a whole comparison, about something that so many samples cannot tell. So one part in
(samples + 1) belongs to a wide distribution, a logistic one around the median whose scale is a factor e. It is the floor: with 500 samples
a count a hundred times the median costs about 11 + log(count) nats, however narrow the samples. How often a score rests on it is told.
"""

from __future__ import annotations

import numpy as np
from scipy import special, stats

LEAST_WIDTH = 1e-6
"""Of a kernel, on the log scale: samples that all say the same keep nearly all chance on that count."""


def log_score_of_counts(samples: np.ndarray, outcomes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Minus the log of the chance that a forecast gave each count; smaller is better.

    samples : (n_samples, n_outcomes) float people; below 0 counts as nobody
    outcomes : (n_outcomes,) float people           the same; a mean over days need not be whole
    returns : (n_outcomes,) float ≥ 0 nats; (n_outcomes,) bool, whether more than half of the chance is the floor's
    source : Silverman 1986, Density Estimation, equation 3.31; Good 1952 (log score)
    """
    logs = np.log1p(np.maximum(samples, 0.0))
    n_samples = len(logs)
    people = np.maximum(outcomes, 0.0)
    # what lies below half a person counts as nobody, so that the chances of all counts sum to 1
    low = np.where(people < 0.5, -np.inf, np.log1p(np.maximum(people - 0.5, 0.0)))
    high = np.log1p(people + 0.5)
    width = np.maximum(_silverman(logs), LEAST_WIDTH)
    kernels = np.mean(stats.norm.cdf((high - logs) / width) - stats.norm.cdf((low - logs) / width), axis=0)
    middle = np.median(logs, axis=0)
    floor = special.expit(high - middle) - special.expit(low - middle)
    of_kernels, of_floor = kernels * n_samples / (n_samples + 1), floor / (n_samples + 1)
    return np.asarray(-np.log(of_kernels + of_floor)), np.asarray(of_floor > of_kernels)


def _silverman(logs: np.ndarray) -> np.ndarray:
    """Width of the kernels of each outcome's samples: (n_outcomes,) float."""
    sd = logs.std(axis=0)
    quarters = np.subtract(*np.quantile(logs, [0.75, 0.25], axis=0)) / 1.349
    spread = np.where(quarters > 0, np.minimum(sd, quarters), sd)
    return np.asarray(0.9 * spread * len(logs) ** -0.2)
