"""An iterative ensemble smoother (Chen & Oliver 2012, Mathematical Geosciences 44): a few hundred draws move to the figures in rounds.

In each round the ensemble is run, and every draw moves from its own place in the priors to where the figures, each with an error
drawn for this draw, want it. How far is told by the sensitivities around where the ensemble now is (sensitivity.py), so the last
rounds correct what the first ones took for linear. Errors hold what M14 says and the process noise; in all but the last
two rounds they are larger, so that no draw overshoots. Multiple data
assimilation (Emerick & Reynolds 2013), which moves on from where the last round ended, was tried first: it keeps what early rounds got
wrong. Where figures lay far from the priors it ended up to two standard deviations from the exact sampler, this one within a
fifth (docs/FIT.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import solve

from corredor.engine.ensemble import Progress
from corredor.learn.fit.dispersions import learn_dispersions
from corredor.learn.fit.evaluate import Predicted, Task, predict, process_noise
from corredor.learn.fit.latent_deviations import latent_deviation_columns, learn_latent_deviations
from corredor.learn.fit.scale import error_variance, seen, wanted
from corredor.learn.fit.sensitivity import figure_weight, learned, sensitivities
from corredor.learn.fit.unknowns import prior_draws

NOISE_DRAWS = 48
"""Stochastic draws from which the process noise is estimated in each round: its variance within about a fifth."""

DIGITS = 6
"""Unknowns are kept to a millionth of a standard deviation, so that the last bits of a linear algebra library change nothing."""


EASE = 4.0
"""Error variances are so many times larger in the third round from the end, the square of it in the one before, and so on."""


@dataclass(frozen=True)
class Rounds:
    """The ensemble after some assimilations.

    z : (n_draws, n_unknowns) float
    misfits : mean squared distance of the figures from the ensemble's mean in standard errors, before each assimilation made so far
    covariance : (n_unknowns, n_unknowns) float     of the unknowns; the unit matrix before the first figure
    weight : (n_figures,) float     largest weight of each figure in any round so far: 1 of exact ones
    """

    z: np.ndarray
    misfits: tuple[float, ...]
    covariance: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True)
class Posterior:
    """prior, z : (n_draws, n_unknowns) float     the ensemble before and after; the other fields as in `Rounds`

    variance : (n_figures,) float                 of the figures' errors on the smoother's scale
    """

    prior: np.ndarray
    z: np.ndarray
    predicted: Predicted
    process: np.ndarray
    variance: np.ndarray
    misfits: tuple[float, ...]


def smooth(task: Task, draws: int, iterations: int, progress: Progress | None) -> Posterior:
    """Carry an ensemble from the priors to the figures.

    raises : Interrupted, when stopped from the keyboard
    """
    prior = np.round(prior_draws(task.network, task.unknowns, task.seed, draws), DIGITS)
    deviations = latent_deviation_columns(task)
    n_noise = min(NOISE_DRAWS, draws)
    steps = _Steps(progress, (iterations + 1) * (draws + n_noise) + iterations * (task.unknowns.size + 1))
    rounds = Rounds(prior, (), np.eye(task.unknowns.size), np.zeros(len(task.figures.rows)))
    while True:
        done = len(rounds.misfits)
        predicted = predict(task, rounds.z, steps.next(draws))
        process = process_noise(task, rounds.z[:n_noise], predicted.means[:n_noise], done, steps.next(n_noise))
        if done >= iterations - 1:
            # the last assimilation and the result rest on dispersions that the residuals of a nearly fitted ensemble taught
            z, dispersion = learn_dispersions(task, rounds.z, predicted.means, process, done)
            rounds, predicted = replace(rounds, z=z), replace(predicted, dispersions=dispersion)
        variance = error_variance(task.figures, predicted.means, predicted.dispersions, process)
        misfits = (*rounds.misfits, misfit(task, predicted.means, variance))
        if done == iterations:
            break
        slopes = sensitivities(task, rounds.z, rounds.covariance, done, steps.next(task.unknowns.size + 1))
        weight = np.maximum(rounds.weight, figure_weight(task, predicted.means))
        slopes *= np.sqrt(weight)[:, None]
        # standard deviations of latent months are learned from the months; each round starts from those of the round before
        slopes[:, deviations] = 0.0
        begin = prior.copy()
        begin[:, deviations] = rounds.z[:, deviations]
        eased = variance * EASE ** max(iterations - 2 - done, 0)
        z = learn_latent_deviations(task, assimilate(task, begin, rounds.z, predicted, slopes, eased), done)
        rounds = Rounds(z, misfits, learned(np.eye(task.unknowns.size), slopes, eased), weight)
    return Posterior(prior, rounds.z, predicted, process, variance, misfits)


def misfit(task: Task, means: np.ndarray, variance: np.ndarray) -> float:
    """Mean over the figures of (figure − mean of the ensemble)² / error variance; about 1 or less when all is well."""
    residual = wanted(task.figures) - seen(task.figures, means).mean(axis=0)
    return float(np.mean(residual**2 / variance))


def assimilate(
    task: Task, prior: np.ndarray, z: np.ndarray, predicted: Predicted, slopes: np.ndarray, variance: np.ndarray
) -> np.ndarray:
    """One move of all draws from the priors to the figures, as the slopes around where they are now say."""
    at_prior = seen(task.figures, predicted.means).T + slopes @ (prior - z).T
    noise = np.random.default_rng([task.seed, 0]).standard_normal((len(prior), len(variance))) * np.sqrt(variance)
    # a Kalman update (1960) in which the prior's covariance is the unit matrix
    distance = solve(slopes @ slopes.T + np.diag(variance), wanted(task.figures)[:, None] + noise.T - at_prior, assume_a="pos")
    return np.asarray(np.round(prior + (slopes.T @ distance).T, DIGITS))


class _Steps:
    """One progress for runs that follow each other."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0

    def next(self, n_runs: int) -> Callable[[int, int], None]:
        """Progress of the next runs; they count as done afterwards."""
        before, self.done = self.done, self.done + n_runs

        def show(finished: int, _: int) -> None:
            if self.progress is not None:
                self.progress(before + finished, self.total)

        return show
