"""What each draw should count in the months ahead: samples of published counts, less the chance that a run adds by itself."""

from __future__ import annotations

import numpy as np

BAND = 2.563
"""Standard deviations between the ends of a normal band of 80 %: the width that samples are judged by, whatever their tails."""

SMALLEST = 1e-12


def without_noise(samples: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Samples of each figure drawn to their mean, so that with the chance of a run they vary as much as before.

    A count of a sample holds chance: people decide one by one, days differ, publishing adds its own (M14). A run that begins from the
    sample adds such chance once more. Where a run alone varies by more than the samples do, all samples become their mean.

    samples : (n_draws, n_figures) float, log;  noise : (n_figures,) float      variance that a run adds, log
    returns : (n_draws, n_figures) float, log
    """
    low, high = np.quantile(samples, [0.1, 0.9], axis=0)
    variance = np.maximum(((high - low) / BAND) ** 2, SMALLEST)
    middle = samples.mean(axis=0)
    return np.asarray(middle + np.sqrt(np.maximum(1 - noise / variance, 0.0)) * (samples - middle))
