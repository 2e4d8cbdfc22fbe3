"""The scale on which the smoother works: square roots for small counts, logarithms for large ones.

A smoother is exact where effects are linear and errors normal with one standard deviation. Parameters act on the log of large counts, while
the noise of small counts is the same everywhere on the scale of square roots. Asinh of the square root is both: it makes the variance
of negative binomial counts about constant (Anscombe 1948, Biometrika 35).
"""

from __future__ import annotations

import numpy as np

from corredor.learn.likelihood import ROUNDING_VARIANCE, process_variance
from corredor.results.observe import PublishedFigures

BEND = 0.01
"""Counts far above 1/BEND = 100 are seen as logarithms, counts far below as square roots."""

SHIFT = 0.375
"""Anscombe's 3/8, which keeps the variance about constant down to a count of 0."""


def to_scale(count: np.ndarray) -> np.ndarray:
    """Counts on the scale: any shape, float ≥ 0."""
    return np.asarray(2 / np.sqrt(BEND) * np.arcsinh(np.sqrt(BEND * (count + SHIFT))))


def slope(count: np.ndarray) -> np.ndarray:
    """How much the scale rises with one person more."""
    return np.asarray(1 / np.sqrt((count + SHIFT) * (1 + BEND * (count + SHIFT))))


def seen(figures: PublishedFigures, means: np.ndarray) -> np.ndarray:
    """Figures as the smoother sees them: an exact one on the scale; of a range, how far outside it the mean lies, 0 inside.

    means : (n_draws, n_figures) float
    """
    inside = np.clip(means, figures.low, figures.high)
    return np.where(figures.exact, to_scale(means), to_scale(means) - to_scale(inside))


def wanted(figures: PublishedFigures) -> np.ndarray:
    """What the smoother wants to see: (n_figures,) float."""
    return np.where(figures.exact, to_scale(np.where(figures.exact, figures.low, 0.0)), 0.0)


def error_variance(figures: PublishedFigures, means: np.ndarray, dispersion: np.ndarray, process: np.ndarray) -> np.ndarray:
    """Variance of a figure on the scale, given the model's mean: publishing (M14) and the process noise.

    means, dispersion : (n_draws, n_figures) float      of the ensemble; their medians are taken
    process : (n_figures,) float                        of `process_noise`
    returns : (n_figures,) float
    """
    centre = np.clip(np.median(means, axis=0), figures.low, figures.high)
    people = np.maximum(centre, 0.5)
    published = people + np.median(dispersion, axis=0) * people**2
    variance = process_variance(process, people) + np.where(figures.counted, published, ROUNDING_VARIANCE)
    return np.asarray(variance * slope(centre) ** 2)
