"""How the draws of the smoother move: each down its own cost, as far as the cost falls, never to a higher one.

Every draw has a cost of its own: its squared distance from where it begins in the priors, and the squared distances of its figures from
the published ones, each with an error drawn for this draw (Chen & Oliver 2012). Sensitivities tell where straight lines have their lowest
cost. A full step to there can go wrong: where an effect saturates it goes too far, the next sensitivities vanish, the draw falls back,
and so on for ever. So each step is tried by a run of the model. Draws whose cost would rise try a shorter one (Levenberg 1944,
Marquardt 1963), and stay where they are when none helps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.engine.ensemble import Progress
from corredor.learn.fit.evaluate import Predicted, Task, predict
from corredor.learn.fit.scale import to_scale
from corredor.results.observe import PublishedFigures

MOST_TRIES = 4
"""Steps that a draw may try in one round; from the second on only draws whose cost would rise try one."""

SHORTER = 10.0
"""Factor by which damping rises from one try to the next: none, 1, 10, 100 times the precision of the priors."""

MOST_DAMPING = 1000.0
"""With which a round begins at most: a draw that no step helped tries again with other sensitivities."""

HALVES = 10.0
"""Damping that halves a step also where figures say much more than the priors."""

LOST = 2.0
"""A draw is lost when its cost is so many times that of the draw in the middle."""

DIGITS = 6
"""Unknowns are kept to a millionth of a standard deviation, so that the last bits of a linear algebra library change nothing."""


@dataclass(frozen=True)
class Goal:
    """Where the draws of one round are drawn to.

    begin : (n_draws, n_unknowns) float     where each draw begins in the priors
    error : (n_draws, n_figures) float      errors drawn for the figures, on the smoother's scale
    variance : (n_figures,) float           of these errors
    """

    begin: np.ndarray
    error: np.ndarray
    variance: np.ndarray

    def of(self, draws: np.ndarray) -> Goal:
        """The same for some of the draws."""
        return Goal(self.begin[draws], self.error[draws], self.variance)


@dataclass(frozen=True)
class Moved:
    """Draws after a step.

    damping : (n_draws,) float          with which each draw tries its next step first
    before, after : (n_draws,) float    costs, by the same goal; no draw's is higher after than before
    """

    z: np.ndarray
    predicted: Predicted
    damping: np.ndarray
    before: np.ndarray
    after: np.ndarray


def distances(figures: PublishedFigures, goal: Goal, means: np.ndarray) -> np.ndarray:
    """How far each draw's figures lie from the published ones with the draw's errors, on the scale; 0 inside a range.

    means : (n_draws, n_figures) float people
    """
    open_below = ~figures.exact & (figures.low <= 0)
    low = np.where(open_below, -np.inf, to_scale(np.maximum(figures.low, 0.0)))
    place = to_scale(means) - goal.error
    return np.asarray(place - np.clip(place, low, to_scale(figures.high)))


def cost(figures: PublishedFigures, goal: Goal, z: np.ndarray, means: np.ndarray) -> np.ndarray:
    """|z − begin|² + Σ distance² / variance of each draw: (n_draws,) float, about the number of figures when all is well."""
    from_figures = np.sum(distances(figures, goal, means) ** 2 / goal.variance, axis=1)
    return np.asarray(np.sum((z - goal.begin) ** 2, axis=1) + from_figures)


def rescued(task: Task, goal: Goal, z: np.ndarray, predicted: Predicted, felt: np.ndarray) -> tuple[np.ndarray, Predicted]:
    """The draws, of which those that are lost begin again where another draw is: the one whose place costs them least.

    An early step can take a draw to where no slope leads back. What it is drawn to stays its own: its place in the priors, its errors.

    felt : (n_unknowns,) bool       what any figure moves with; all else stays as it is
    """
    costs = cost(task.figures, goal, z, predicted.means)
    lost = costs > LOST * np.median(costs)
    draws, others = np.flatnonzero(lost), np.flatnonzero(~lost)
    if not len(draws):
        return z, predicted
    nearest = [
        others[cost(task.figures, goal.of(np.repeat(draw, len(others))), z[others], predicted.means[others]).argmin()]
        for draw in draws
    ]
    tried = np.where(felt, z[nearest], z[draws])
    there = predict(task, tried)
    fell = cost(task.figures, goal.of(draws), tried, there.means) < costs[draws]
    z, means, dispersions = z.copy(), predicted.means.copy(), predicted.dispersions.copy()
    z[draws[fell]], means[draws[fell]], dispersions[draws[fell]] = tried[fell], there.means[fell], there.dispersions[fell]
    return z, Predicted(means, dispersions)


def step(
    task: Task,
    goal: Goal,
    z: np.ndarray,
    predicted: Predicted,
    sensitivity: tuple[np.ndarray, np.ndarray],
    damping: np.ndarray,
    progress: Progress | None,
) -> Moved:
    """One step of all draws: (1 + damping + SᵀR⁻¹S)⁻¹ times the slope of the cost, or none where the cost would rise.

    sensitivity : slopes S (n_figures, n_unknowns), and the weight of each figure (see `sensitivity.figure_weight`)
    damping : (n_draws,) float ≥ 0      of the first try
    progress : of the first try, which all draws take part in
    """
    slopes, weight = sensitivity
    z, means, dispersions = z.copy(), predicted.means.copy(), predicted.dispersions.copy()
    before = cost(task.figures, goal, z, means)
    after, damping = before.copy(), damping.copy()
    downhill = z - goal.begin + (distances(task.figures, goal, means) / goal.variance) @ slopes
    curvature, directions = np.linalg.eigh((slopes * (weight / goal.variance)[:, None]).T @ slopes)
    downhill = downhill @ directions
    waiting = np.arange(len(z))
    for n_tried in range(MOST_TRIES):
        by = damping[waiting, None]
        shorter = downhill[waiting] / (1 + by + (1 + by / HALVES) * np.maximum(curvature, 0.0))
        tried = np.round(z[waiting] - shorter @ directions.T, DIGITS)
        there = predict(task, tried, progress if n_tried == 0 else None)
        reached = cost(task.figures, goal.of(waiting), tried, there.means)
        fell = reached < after[waiting]
        lower = waiting[fell]
        z[lower], after[lower] = tried[fell], reached[fell]
        means[lower], dispersions[lower] = there.means[fell], there.dispersions[fell]
        damping[lower] = np.where(damping[lower] > 1, damping[lower] / SHORTER, 0.0)
        waiting = waiting[~fell]
        damping[waiting] = np.maximum(damping[waiting] * SHORTER, 1.0)
        if not len(waiting):
            break
    return Moved(z, Predicted(means, dispersions), np.minimum(damping, MOST_DAMPING), before, after)
