"""The reference method for small problems: an ensemble sampler (Goodman & Weare 2010) on the exact likelihood of the mean-field model.

It starts from the smoother's draws, since walkers far from the figures take long to find them; where it ends does not depend on that.
"""

from __future__ import annotations

import emcee
import numpy as np

from corredor.engine.ensemble import Progress
from corredor.learn.fit.evaluate import Task, predict
from corredor.learn.fit.scale import error_variance
from corredor.learn.fit.smoother import Posterior, misfit, smooth
from corredor.learn.fit.unknowns import FARTHEST
from corredor.learn.likelihood import log_likelihood

MOST_UNKNOWNS = 40
"""Ensemble samplers mix ever worse with more unknowns (Huijser et al. 2022)."""

FEWEST_WALKERS = 64
STEPS_EACH = 100
"""Steps of every walker for each of `iterations`; the first half of all is thrown away."""

START_DRAWS, START_ROUNDS = 200, 12


def sample(task: Task, draws: int, iterations: int, progress: Progress | None) -> Posterior:
    """Draws of the posterior, evenly spaced along the second half of the chain.

    raises : Interrupted, when stopped from the keyboard
    """
    n_walkers = max(FEWEST_WALKERS, 2 * task.unknowns.size + 2)
    n_walkers += n_walkers % 2
    n_steps = STEPS_EACH * iterations
    start = smooth(task, max(START_DRAWS, n_walkers), START_ROUNDS, None)
    done = 0

    def log_posterior(z: np.ndarray) -> np.ndarray:
        nonlocal done
        predicted = predict(task, z)
        done += len(z)
        if progress is not None:
            progress(min(done, (n_steps + 1) * n_walkers), (n_steps + 1) * n_walkers)
        chance = log_likelihood(task.figures, predicted.means, predicted.dispersions, start.process).sum(axis=1)
        inside = np.all(np.abs(z) < FARTHEST, axis=1)
        return np.where(inside, chance - (z**2).sum(axis=1) / 2, -np.inf)

    moves = [(emcee.moves.StretchMove(), 0.4), (emcee.moves.DEMove(), 0.5), (emcee.moves.DESnookerMove(), 0.1)]
    sampler = emcee.EnsembleSampler(n_walkers, task.unknowns.size, log_posterior, moves=moves, vectorize=True)
    sampler.random_state = np.random.RandomState(np.random.default_rng([task.seed, 2]).integers(2**31)).get_state()
    sampler.run_mcmc(start.z[:n_walkers], n_steps, skip_initial_state_check=True)
    chain = sampler.get_chain(discard=n_steps // 2, flat=True)
    z = np.round(chain[np.linspace(0, len(chain) - 1, draws).round().astype(int)], 6)
    predicted = predict(task, z)
    variance = error_variance(task.figures, predicted.means, predicted.dispersions, start.process)
    # the chain begins anywhere: the prior's own variance of 1 is what it is held against
    prior = start.prior[np.arange(draws) % len(start.prior)]
    return Posterior(
        prior, z, predicted, start.process, variance, (*start.misfits[:1], misfit(task, predicted.means, variance)), True
    )
