"""How much each figure moves with each unknown: found by moving one unknown at a time, not guessed from the ensemble.

Ensemble smoothers take covariances from their few hundred draws. With some hundred unknowns these hold as much chance as truth: tried
on mexico-2018, with tapers in time and by correlation, the ensemble flew apart. A mean-field run (M16) is smooth
and repeatable, so its differences are exact; they cost one run for each unknown and round, about as much as the ensemble itself.
A figure then teaches exactly what it depends on: no month after it, no parameter that it does not feel.
"""

from __future__ import annotations

import numpy as np

from corredor.engine.ensemble import Progress
from corredor.learn.fit.dispersions import dispersion_columns
from corredor.learn.fit.evaluate import Task, predict
from corredor.learn.fit.scale import to_scale
from corredor.learn.fit.steps import Goal, distances
from corredor.results.observe import PublishedFigures

STEP = 0.5
"""Standard deviations by which an unknown is moved: as wide as the ensemble feels it, so that a kink counts by its share."""


def sensitivities(task: Task, z: np.ndarray, covariance: np.ndarray, round_: int, progress: Progress | None) -> np.ndarray:
    """Change of every figure on the smoother's scale with every unknown, around the mean of an ensemble.

    z : (n_draws, n_unknowns) float
    covariance : (n_unknowns, n_unknowns) float     of the unknowns; says how far each is moved
    round_ : even rounds move up, odd ones down, so that no side of a kink is seen alone
    returns : (n_figures, n_unknowns) float
    """
    centre = z.mean(axis=0)
    felt = np.setdiff1d(np.arange(task.unknowns.size), dispersion_columns(task))
    step = STEP * np.sqrt(np.diag(covariance)) * (1 if round_ % 2 == 0 else -1)
    moved = np.repeat(centre[None], len(felt) + 1, axis=0)
    moved[np.arange(len(felt)) + 1, felt] += step[felt]
    seen = to_scale(predict(task, moved, progress).means)
    slopes = np.zeros((seen.shape[1], task.unknowns.size))
    slopes[:, felt] = (seen[1:] - seen[0]).T / step[felt]
    return slopes


def figure_weight(figures: PublishedFigures, goal: Goal, means: np.ndarray) -> np.ndarray:
    """Weight of each figure: 1 of an exact one; of a range the share of draws outside it, since it tells those inside nothing.

    returns : (n_figures,) float 0–1
    """
    return np.where(figures.exact, 1.0, np.mean(distances(figures, goal, means) != 0, axis=0))


def learned(covariance: np.ndarray, slopes: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Covariance of the unknowns given figures with these errors (Kalman 1960)."""
    gain_side = covariance @ slopes.T
    seen = slopes @ gain_side + np.diag(variance)
    smaller = covariance - gain_side @ np.linalg.solve(seen, gain_side.T)
    return np.asarray((smaller + smaller.T) / 2)
