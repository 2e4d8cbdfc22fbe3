"""Standard deviations σ of latent months (M2) are learned from the months themselves: no figure's mean moves with them alone.

A smoother that moved σ by its effect on the figures would make it too large: large effects are penalised less when σ is large, and a
linear update does not see that all other months become less likely. So each draw keeps its months as they are and draws the σ that
such months have: a Gibbs step between months and their σ (Yu & Meng 2011 on the two ways to write such a model).
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from corredor.engine.network import FlowNetwork
from corredor.learn.fit.dispersions import drawn_by_weight
from corredor.learn.fit.evaluate import Task
from corredor.learn.fit.steps import DIGITS
from corredor.learn.fit.unknowns import parameters_of
from corredor.study.priors import prior_quantile

GRID = np.linspace(-4.0, 4.0, 401)
"""Places in a prior, in standard deviations, between which a standard deviation is found."""

SMALLEST = 1e-9
"""Smallest standard deviation, so that months can be divided by it."""


def learn_latent_deviations(task: Task, z: np.ndarray, round_: int) -> np.ndarray:
    """Draw each standard deviation anew given the draw's own latent months, which stay as they are.

    z : (n_draws, n_unknowns) float
    returns : z with new standard deviations, and the new parts of the months in units of these
    """
    network, unknowns = task.network, task.unknowns
    columns = latent_deviation_columns(task)
    if not columns:
        return z
    z, rng = z.copy(), np.random.default_rng([task.seed, round_, 2])
    rows = [latent.monthly_sd_row for latent in network.covariates.latents]
    parameters = parameters_of(network, unknowns, z)
    sd = np.maximum(network.quantities.evaluate(parameters)[:, rows], SMALLEST)
    months = unknowns.new_parts(z) * sd[:, :, None]
    squares = np.sum(months**2, axis=2)
    for column in columns:
        number = int(unknowns.parameter_columns[column])
        powers = np.array([network.quantities.factors[row].count(number) for row in rows])
        prior = network.model.parameters[unknowns.parameter_names[column]].prior
        places = np.maximum(prior_quantile(prior, ndtr(GRID)), SMALLEST)
        log_weight = np.tile(-(GRID**2) / 2, (len(z), 1))
        for latent in np.flatnonzero(powers):
            without = sd[:, latent] / np.maximum(parameters[:, number], SMALLEST) ** powers[latent]
            there = without[:, None] * places ** powers[latent]
            log_weight -= unknowns.n_months * np.log(there) + squares[:, latent, None] / (2 * there**2)
        found = drawn_by_weight(GRID, log_weight, rng)
        new = np.maximum(prior_quantile(prior, ndtr(found)), SMALLEST)
        sd *= (new / np.maximum(parameters[:, number], SMALLEST))[:, None] ** powers
        z[:, column], parameters[:, number] = found, new
    z[:, unknowns.n_parameters :] = (months / sd[:, :, None]).reshape(len(z), -1)
    return np.asarray(np.round(z, DIGITS))


def latent_deviation_columns(task: Task) -> list[int]:
    """Columns of the unknowns that are a standard deviation of latent months, or a factor of one, and nothing else."""
    network = task.network
    rows = {latent.monthly_sd_row for latent in network.covariates.latents} - _rows_with_an_effect(network)
    inside = {number for row in rows for number in network.quantities.factors[row]}
    elsewhere = {number for row, factors in enumerate(network.quantities.factors) if row not in rows for number in factors}
    return [column for column, number in enumerate(task.unknowns.parameter_columns) if int(number) in inside - elsewhere]


def _rows_with_an_effect(network: FlowNetwork) -> set[int]:
    """Rows that the same number also fills elsewhere: as a persistence or as an effect."""
    used = {latent.persistence_row for latent in network.covariates.latents}
    for array in (
        network.recipe.term_row,
        network.recipe.state_row,
        network.recipe.noise_row,
        network.recipe.rate_row,
        network.recipe.score_row,
    ):
        used |= {int(row) for row in array}
    return used
