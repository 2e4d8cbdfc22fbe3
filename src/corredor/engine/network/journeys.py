"""How long a move takes becomes stages that people pass one after another (M10, M12).

A journey of mean m steps and standard deviation s·m is a chain of k equal stages, each left in a step with probability k/m: the number of
steps is a sum of k geometric times, the discrete counterpart of the gamma law, never less than k ≥ 1 steps. A lognormal wait is two
such chains side by side, with weights and means chosen once for its spread, and numbers of stages that fit the length of a step.
Source: Hurtado & Kirosingh 2019 on the linear chain trick; docs/MODEL.md M10 and M12 give the error.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import least_squares
from scipy.special import gammainc, ndtri


@dataclass(frozen=True)
class Branch:
    """One chain of stages: the share of people that takes it, its number of stages, its mean as a multiple of the journey's scale."""

    weight: float
    stages: int
    mean_ratio: float


def gamma_branches(centre_days: float, spread: float, step_days: float) -> tuple[Branch, ...]:
    """The chain whose mean and variance are nearest to a gamma time of this mean and relative spread.

    centre_days : mean time, days
    spread : standard deviation / mean
    returns : one branch; with mean m steps the variance of k geometric stages, m²/k − m, equals (spread·m)² at k = m/(spread²·m + 1)
    """
    mean_steps = max(centre_days / step_days, 1.0)
    stages = round(mean_steps / (spread**2 * mean_steps + 1))
    return (Branch(1.0, int(min(max(stages, 1), int(mean_steps))), 1.0),)


def in_steps(branches: tuple[Branch, ...], scale_days: float, step_days: float) -> tuple[Branch, ...]:
    """The same chains with as many stages as steps need: geometric times vary less than the continuous ones the chains were chosen for.

    scale_days : what the branches' mean ratios are multiples of, at the priors' medians
    """
    found = []
    for branch in branches:
        (chain,) = gamma_branches(scale_days * branch.mean_ratio, branch.stages**-0.5, step_days)
        found.append(Branch(branch.weight, chain.stages, branch.mean_ratio))
    return tuple(found)


GOOD_ENOUGH = 0.02
"""Largest difference from the lognormal distribution function for which no further stages are tried."""


@lru_cache(maxsize=64)
def lognormal_branches(spread: float) -> tuple[Branch, ...]:
    """Two chains side by side whose law is nearest to a lognormal time of median 1.

    spread : standard deviation of the log, 0–2
    returns : two branches, mean ratios relative to the median; largest difference of the distribution functions is under 0.02
        for spreads from 0.3 to 1.0, and under 0.05 up to 2
    """
    target = np.linspace(0.005, 0.995, 199)
    times = np.exp(spread * ndtri(target))
    best: tuple[float, tuple[Branch, ...]] = (np.inf, ())
    top = max(3, min(12, round(1.5 / spread**2)))
    # the fewest stages that are good enough: each costs a decision a day
    for stages in range(2, 2 * top + 1):
        if best[0] < GOOD_ENOUGH:
            break
        for slow in range(max(1, stages - top), stages // 2 + 1):
            fast = stages - slow

            def misfit(x: np.ndarray, fast: int = fast, slow: int = slow) -> np.ndarray:
                weight = 1 / (1 + np.exp(-x[0]))
                below = weight * gammainc(fast, fast * times / np.exp(x[1])) + (1 - weight) * gammainc(
                    slow, slow * times / np.exp(x[2])
                )
                return np.asarray(below - target)

            found = least_squares(misfit, np.array([1.0, -0.2, 0.8]))
            error = float(np.abs(found.fun).max())
            if error < best[0] - 1e-4:
                # rounded, so that the last bits of an optimiser on another machine do not change a run
                weight = round(float(1 / (1 + np.exp(-found.x[0]))), 3)
                means = [round(float(np.exp(x)), 3) for x in found.x[1:]]
                best = (error, (Branch(weight, fast, means[0]), Branch(round(1 - weight, 3), slow, means[1])))
    return best[1]
