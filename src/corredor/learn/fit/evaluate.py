"""What the model says of the published figures for a whole ensemble at once, and how far random draws lie from its mean (M16)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.engine.ensemble import Progress, run_ensemble
from corredor.engine.network import FlowNetwork
from corredor.engine.workers import Workers
from corredor.learn.fit.unknowns import Unknowns, samples_of
from corredor.results.observe import PublishedFigures, dispersions, figure_means

SEED_OF_THE_FIT = 0x5F17
"""Added to the seed for the stochastic runs of a fit, so that they share no random numbers with the predictions made from it."""


@dataclass(frozen=True)
class Task:
    """A study cut at the last day that is fitted, its unknowns and its figures. `workers` change nothing in the results."""

    network: FlowNetwork
    unknowns: Unknowns
    figures: PublishedFigures
    seed: int
    workers: Workers


@dataclass(frozen=True)
class Predicted:
    """means, dispersions : (n_draws, n_figures) float      of the mean-field run"""

    means: np.ndarray
    dispersions: np.ndarray


def predict(task: Task, z: np.ndarray, progress: Progress | None = None) -> Predicted:
    """Mean-field runs of an ensemble, one for each row of z.

    raises : Interrupted, when stopped from the keyboard
    """
    sample = samples_of(task.network, task.unknowns, z, task.seed)
    counts = run_ensemble(task.network, sample, task.seed, task.workers, expected=True, progress=progress)
    values = sample.values
    return Predicted(figure_means(task.figures, counts.cells, values), dispersions(task.figures, values))


def process_noise(task: Task, z: np.ndarray, means: np.ndarray, round_: int, progress: Progress | None = None) -> np.ndarray:
    """How much a stochastic draw differs from the mean-field run with the same unknowns, figure by figure.

    The randomness of people, days (M11), queues (M5) and collective attempts (M9) is in no mean-field run; without it a fit would trust the
    figures too much. The mean square of the difference is taken, so a lasting difference counts as well.

    z, means : the draws taken, and their mean-field figures (n_draws, n_figures)
    round_ : number of the round, each with random numbers of its own
    returns : (n_figures,) float            variance over mean² + mean + 1, as `likelihood.process_variance` wants it
    """
    sample = samples_of(task.network, task.unknowns, z, task.seed)
    seed = (task.seed + SEED_OF_THE_FIT * (round_ + 1)) % 2**63
    counts = run_ensemble(task.network, sample, seed, task.workers, progress=progress)
    drawn = figure_means(task.figures, counts.cells, sample.values)
    return np.asarray(np.mean((drawn - means) ** 2 / (means**2 + means + 1), axis=0))
