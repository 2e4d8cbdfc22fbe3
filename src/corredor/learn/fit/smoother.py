"""An iterative ensemble smoother (Chen & Oliver 2012, Mathematical Geosciences 44): a few hundred draws move to the figures in rounds.

Every draw goes from its own place in the priors to where the figures, each with an error drawn for this draw, want it. In each round the
sensitivities around where the ensemble now is (sensitivity.py) tell the way, and a draw goes only as far as its cost falls (steps.py).
Errors hold what M14 says and the process noise; in the first two rounds they are larger, so that the ensemble comes near as a whole.
Rounds go on until the cost stalls: first with dispersions from the priors, so that a bad fit cannot pass for a large dispersion, then with
those that the residuals teach.

Two ways were tried and left. Multiple data assimilation (Emerick & Reynolds 2013), which moves on from where the last round ended, keeps
what early rounds got wrong. Four full steps from the priors, whatever the cost, fell into a cycle where people are sent back and try again
(docs/FIT.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from corredor.engine.ensemble import Progress
from corredor.learn.fit.dispersions import dispersion_columns, learn_dispersions
from corredor.learn.fit.evaluate import Predicted, Task, predict, process_noise
from corredor.learn.fit.latent_deviations import latent_deviation_columns, learn_latent_deviations
from corredor.learn.fit.scale import error_variance, seen, wanted
from corredor.learn.fit.sensitivity import figure_weight, learned, sensitivities
from corredor.learn.fit.steps import DIGITS, Goal, rescued, step
from corredor.learn.fit.unknowns import prior_draws

NOISE_DRAWS = 48
"""Stochastic draws from which the process noise is estimated in each round: its variance within about a fifth."""

EASES = (16.0, 4.0)
"""Error variances are so many times larger in the first rounds."""

NEAR = 0.1
"""Dispersions are learned from the residuals once a round has lowered the mean cost by less than this share."""

STALLED = 0.03
"""The fit has converged once a round with learned dispersions has lowered the mean cost by less than this share."""


@dataclass(frozen=True)
class Ensemble:
    """The draws after some rounds.

    z : (n_draws, n_unknowns) float;  predicted : what the model says of the figures there
    damping : (n_draws,) float                      with which each draw tries its next step first
    covariance : (n_unknowns, n_unknowns) float     of the unknowns; the unit matrix before the first round
    slopes : (n_figures, n_unknowns) float          of the last round; none before the first
    weight : (n_figures,) float                     largest weight of each figure in any round so far: 1 of exact ones
    misfits : mean squared distance of the figures from the ensemble's mean in standard errors, before each round so far
    """

    z: np.ndarray
    predicted: Predicted
    damping: np.ndarray
    covariance: np.ndarray
    slopes: np.ndarray | None
    weight: np.ndarray
    misfits: tuple[float, ...]


@dataclass(frozen=True)
class Posterior:
    """prior, z : (n_draws, n_unknowns) float     the ensemble before and after; predicted : of the one after

    process : as of `process_noise`;  variance : (n_figures,) float     of the figures' errors on the smoother's scale
    misfits : as in `Ensemble`, and that of the one after
    converged : whether the cost had stalled when rounds ended
    """

    prior: np.ndarray
    z: np.ndarray
    predicted: Predicted
    process: np.ndarray
    variance: np.ndarray
    misfits: tuple[float, ...]
    converged: bool


@dataclass(frozen=True)
class _Way:
    """What stays the same in all rounds: the draws in the priors, and the errors of their figures in standard deviations."""

    task: Task
    prior: np.ndarray
    error: np.ndarray
    runs: _Runs


def smooth(task: Task, draws: int, iterations: int, progress: Progress | None) -> Posterior:
    """Carry an ensemble from the priors to the figures.

    iterations : most rounds; it ends before when the cost stalls
    raises : Interrupted, when stopped from the keyboard
    """
    n_unknowns, n_figures = task.unknowns.size, len(task.figures.rows)
    prior = np.round(prior_draws(task.network, task.unknowns, task.seed, draws), DIGITS)
    error = np.random.default_rng([task.seed, 0]).standard_normal((draws, n_figures))
    n_noise = min(NOISE_DRAWS, draws)
    runs = _Runs(progress, draws + n_noise + iterations * (n_noise + n_unknowns + 1 + draws))
    way = _Way(task, prior, error, runs)
    here = Ensemble(
        prior, predict(task, prior, runs.next(draws)), np.zeros(draws), np.eye(n_unknowns), None, np.zeros(n_figures), ()
    )
    # how many rounds may be eased when the last two are not
    eases = EASES[len(EASES) - min(max(iterations - 2, 0), len(EASES)) :]
    for ease in eases:
        here, _ = _round(way, here, ease)
    fall = 1.0
    while fall > NEAR and len(here.misfits) < iterations - 1:
        here, fall = _round(way, here)
    fall, sensed = 1.0, True
    while fall > STALLED and len(here.misfits) < iterations:
        here, fall = _round(way, here, taught=True, sensed=sensed)
        sensed = not sensed
    here, process, variance = _with_errors(way, here, taught=True)
    runs.end()
    return Posterior(prior, here.z, here.predicted, process, variance, here.misfits, fall <= STALLED)


def _round(way: _Way, here: Ensemble, ease: float = 1.0, taught: bool = False, sensed: bool = True) -> tuple[Ensemble, float]:
    """One step of all draws.

    taught : whether dispersions are learned from the residuals
    sensed : whether sensitivities are found anew; else those of the round before serve again
    returns : the ensemble after it, and the share by which the mean cost fell
    """
    task, done = way.task, len(here.misfits)
    here, _, variance = _with_errors(way, here, taught)
    variance = variance * ease
    begin = way.prior.copy()
    # no figure's mean moves with these alone: they are drawn given everything else, and stay in between
    kept = [*latent_deviation_columns(task), *dispersion_columns(task)]
    begin[:, kept] = here.z[:, kept]
    goal = Goal(begin, way.error * np.sqrt(variance), variance)
    if here.slopes is not None and ease == 1:
        felt = (here.slopes != 0).any(axis=0)
        felt[kept] = True
        z, predicted = rescued(task, goal, here.z, here.predicted, felt)
        goal.begin[:, kept] = z[:, kept]
        here = replace(here, z=z, predicted=predicted)
    slopes = here.slopes
    if sensed or slopes is None:
        slopes = sensitivities(task, here.z, here.covariance, done, way.runs.next(task.unknowns.size + 1))
        slopes[:, kept] = 0.0
        if taught and here.slopes is not None:
            # near the end those of one side and of the other, so that no side of a kink is seen alone
            slopes = (slopes + here.slopes) / 2
    weight = np.maximum(here.weight, figure_weight(task.figures, goal, here.predicted.means))
    moved = step(task, goal, here.z, here.predicted, (slopes, weight), here.damping, way.runs.next(len(here.z)))
    covariance = learned(np.eye(task.unknowns.size), slopes * np.sqrt(weight)[:, None], variance)
    z = learn_latent_deviations(task, moved.z, done)
    after = Ensemble(z, moved.predicted, moved.damping, covariance, slopes, weight, here.misfits)
    return after, float(1 - moved.after.sum() / moved.before.sum())


def _with_errors(way: _Way, here: Ensemble, taught: bool) -> tuple[Ensemble, np.ndarray, np.ndarray]:
    """The ensemble with its misfit and, once they are learned, its dispersions; process noise; variance of the figures' errors."""
    task, done, means = way.task, len(here.misfits), here.predicted.means
    n_noise = min(NOISE_DRAWS, len(here.z))
    process = process_noise(task, here.z[:n_noise], means[:n_noise], done, way.runs.next(n_noise))
    if taught:
        z, dispersions = learn_dispersions(task, here.z, means, process, done)
        here = replace(here, z=z, predicted=Predicted(means, dispersions))
    variance = error_variance(task.figures, means, here.predicted.dispersions, process)
    return replace(here, misfits=(*here.misfits, misfit(task, means, variance))), process, variance


def misfit(task: Task, means: np.ndarray, variance: np.ndarray) -> float:
    """Mean over the figures of (figure − mean of the ensemble)² / error variance; about 1 or less when all is well."""
    residual = wanted(task.figures) - seen(task.figures, means).mean(axis=0)
    return float(np.mean(residual**2 / variance))


class _Runs:
    """One progress for runs that follow each other; shorter steps that some draws try are not counted."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0

    def next(self, n_runs: int) -> Callable[[int, int], None]:
        """Progress of the next runs; they count as done afterwards."""
        before, self.done = self.done, self.done + n_runs

        def show(finished: int, _: int) -> None:
            if self.progress is not None:
                self.progress(before + finished, self.total)

        return show

    def end(self) -> None:
        """All runs are done, also when there were fewer rounds than there might have been."""
        if self.progress is not None:
            self.progress(self.total, self.total)
