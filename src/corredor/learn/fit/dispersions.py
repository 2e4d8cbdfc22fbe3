"""Dispersions of published counts (M14) show in no mean: they are learned from how far figures lie from each draw's means."""

from __future__ import annotations

import numpy as np

from corredor.learn.fit.evaluate import Task
from corredor.learn.fit.unknowns import parameters_of
from corredor.learn.likelihood import log_likelihood
from corredor.results.observe import dispersions

GRID = np.linspace(-4.0, 4.0, 41)
"""Places in a prior, in standard deviations, between which a dispersion is found."""


def learn_dispersions(
    task: Task, z: np.ndarray, means: np.ndarray, process: np.ndarray, round_: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw each dispersion anew given the draw's own means: a Gibbs step (Geman & Geman 1984), one parameter after the other.

    z : (n_draws, n_unknowns) float
    means : (n_draws, n_figures) float
    returns : z with new dispersions, and (n_draws, n_figures) the dispersions of the figures
    """
    network, unknowns, figures = task.network, task.unknowns, task.figures
    z, rng = z.copy(), np.random.default_rng([task.seed, round_, 1])
    for column in dispersion_columns(task):
        log_weight = np.zeros((len(z), len(GRID)))
        for place, at in enumerate(GRID):
            z[:, column] = at
            values = network.quantities.evaluate(parameters_of(network, unknowns, z))
            log_weight[:, place] = log_likelihood(figures, means, dispersions(figures, values), process).sum(axis=1) - at**2 / 2
        z[:, column] = np.round(drawn_by_weight(GRID, log_weight, rng), 6)
    values = network.quantities.evaluate(parameters_of(network, unknowns, z))
    return z, dispersions(figures, values)


def drawn_by_weight(grid: np.ndarray, log_weight: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One place of the grid, or between two, for each draw: (n_draws,) float.

    log_weight : (n_draws, n_places) float     straight lines between the weights of neighbouring places
    """
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    up_to = np.cumsum((weight[:, 1:] + weight[:, :-1]) / 2, axis=1)
    up_to = np.concatenate([np.zeros((len(weight), 1)), up_to], axis=1) / up_to[:, -1:]
    return np.array([np.interp(u, row, grid) for u, row in zip(rng.random(len(weight)), up_to, strict=True)])


def dispersion_columns(task: Task) -> list[int]:
    """Columns of the unknowns that are a dispersion of a figure, or a factor of one."""
    rows = {int(row) for row in task.figures.dispersion_row if row >= 0}
    parameters = {number for row in rows for number in task.network.quantities.factors[row]}
    return [column for column, number in enumerate(task.unknowns.parameter_columns) if int(number) in parameters]
