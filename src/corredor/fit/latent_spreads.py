"""Spreads of latent months (M2) are learned from the months themselves: no figure's mean moves with them alone.

A smoother that moved a spread by its effect on the figures would make it too large: large months come cheaper with a large spread, and
a straight line does not see that the chance of all other months falls. So each draw keeps its months as they are and draws the spread
that such months have: a Gibbs step between months and their spread (Yu & Meng 2011 on the two ways to write such a model).
"""

from __future__ import annotations

import numpy as np

from corredor.fit.evaluate import Task
from corredor.fit.spread import GRID
from corredor.fit.unknowns import parameters_of

DIGITS = 6


def learn_latent_spreads(task: Task, z: np.ndarray, round_: int) -> np.ndarray:
    """Draw each spread anew given the draw's own latent months, which stay as they are.

    z : (n_draws, n_unknowns) float
    returns : z with new spreads, and the new parts of the months in units of these
    """
    unknowns, latents = task.unknowns, task.network.covariates.latents
    z, rng = z.copy(), np.random.default_rng([task.seed, round_, 2])
    rows = np.array([latent.monthly_sd_row for latent in latents], dtype=np.int64)
    before = _spreads(task, z, rows)
    months = unknowns.new_parts(z) * before[:, :, None]
    for column in latent_spread_columns(task):
        log_weight = np.zeros((len(z), len(GRID)))
        for place, at in enumerate(GRID):
            z[:, column] = at
            spread = _spreads(task, z, rows)[:, :, None]
            log_weight[:, place] = -np.sum(np.log(spread) + (months / spread) ** 2 / 2, axis=(1, 2)) - at**2 / 2
        weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
        up_to = np.cumsum((weight[:, 1:] + weight[:, :-1]) / 2, axis=1)
        up_to = np.concatenate([np.zeros((len(z), 1)), up_to], axis=1) / up_to[:, -1:]
        z[:, column] = [np.interp(u, row, GRID) for u, row in zip(rng.random(len(z)), up_to, strict=True)]
    if latents:
        z[:, unknowns.n_parameters :] = (months / _spreads(task, z, rows)[:, :, None]).reshape(len(z), -1)
    return np.asarray(np.round(z, DIGITS))


def latent_spread_columns(task: Task) -> list[int]:
    """Columns of the unknowns that are a spread of latent months, or a factor of one, and nothing else."""
    network = task.network
    rows = {latent.monthly_sd_row for latent in network.covariates.latents}
    inside = {number for row in rows for number in network.quantities.factors[row]}
    elsewhere = {number for row, factors in enumerate(network.quantities.factors) if row not in rows for number in factors}
    return [column for column, number in enumerate(task.unknowns.parameter_columns) if int(number) in inside - elsewhere]


def _spreads(task: Task, z: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Monthly spreads of all latent series: (n_draws, n_latents) float, unit log; never nothing, so that months can be told in them."""
    values = task.network.quantities.evaluate(parameters_of(task.network, task.unknowns, z))
    return np.asarray(np.maximum(values[:, rows], 1e-9))
