"""Latent months after the last figure, where the study asks for them as all its latent series have moved so far (`ahead: learned`)."""

from __future__ import annotations

import numpy as np

from corredor.engine.draws import latent_months
from corredor.engine.inputs import LARGEST_PERSISTENCE
from corredor.learn.dynamics.ahead import sample_ahead
from corredor.learn.dynamics.follow import follow
from corredor.learn.fit.evaluate import Task
from corredor.learn.fit.unknowns import parameters_of
from corredor.study.calendar import month_number

MONTHS_AHEAD = 24
"""Months drawn after the last one known; later ones go on as AR(1) does (M2)."""

FUTURES = 5
"""Futures of each draw, so that a few hundred draws of a fit show more than so many."""

EXACT = 1e-4
"""Variance of the error of a latent month: the draws' mean is taken as it is, and each draw keeps its own distance from it."""

SMALLEST_SD = 1e-9


def with_months_ahead(task: Task, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draws of a fit; where a latent term asks for it, each is kept with several futures: months after the last figure, drawn anew.

    z : (n_draws, n_unknowns) float
    returns : (n_kept,) int, rows of z that are kept; (n_kept, n_latents, n_months or more) float, new parts of their latent months
    """
    network, new_parts = task.network, task.unknowns.new_parts(z)
    latents = network.model.study.latents
    asks = [number for number, one in enumerate(network.covariates.latents) if latents[one.entry].ahead == "learned"]
    if not asks:
        return np.arange(len(z)), new_parts
    kept = np.tile(np.arange(len(z)), FUTURES)
    first = month_number(network.calendar.date_of_step(0))
    n_known = month_number(max(row.to for row in task.figures.rows)) - first + 1
    values = network.quantities.evaluate(parameters_of(network, task.unknowns, z))
    months = latent_months(network, values, new_parts)[:, asks, :n_known]
    middle = months.mean(axis=0).T
    followed = follow(middle, first, np.full(middle.shape, EXACT))
    rng = np.random.default_rng([task.seed, 3])
    ahead = sample_ahead(followed, MONTHS_AHEAD, len(kept), rng, counts=False)
    ahead = np.moveaxis(ahead, 1, 2) + (months[:, :, -1] - middle[-1])[kept, :, None]
    path = np.concatenate([months[kept, :, -1:], ahead], axis=2)
    rows = [
        (network.covariates.latents[number].persistence_row, network.covariates.latents[number].monthly_sd_row) for number in asks
    ]
    persistence, sd = (values[kept][:, list(columns), None] for columns in zip(*rows, strict=True))
    persistence = np.clip(persistence, -LARGEST_PERSISTENCE, LARGEST_PERSISTENCE)
    made = rng.standard_normal((len(kept), new_parts.shape[1], max(n_known + MONTHS_AHEAD, new_parts.shape[2])))
    made[:, :, : new_parts.shape[2]] = new_parts[kept]
    made[:, asks, n_known : n_known + MONTHS_AHEAD] = (path[:, :, 1:] - persistence * path[:, :, :-1]) / np.maximum(
        sd, SMALLEST_SD
    )
    return kept, made
