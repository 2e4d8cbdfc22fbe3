"""Ridge-augmented synthetic control: a mixture of donors, and where no mixture follows the series, a ridge regression mends what is left.

Weights of 0 or more that sum to 1 cannot follow a series outside its donors; ridge regression can, and may then weigh a donor below 0. Its
penalty is chosen inside the past: blocks of months as long as the window are left out in turn. Series are logs less their own mean before
the window. pysyncon has the same estimate, but takes minutes to choose a penalty where these lines take hundredths of a second.
source : Ben-Michael, Feller and Rothstein 2021 (ridge-augmented synthetic control, with a level for each series)
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

from corredor.effects.design.donor_series import donor_series, log_of_window
from corredor.effects.design.panel import Panel, Window

PENALTIES = np.geomspace(1.0, 1e-6, 19)
"""Tried, in shares of the largest eigenvalue of the donors' months; from hardly any ridge regression to nearly all of it."""

SUM_WEIGHT = 1e4
"""How much heavier than the data the equation 'weights sum to 1' is."""

TIE = 1e-4
"""A penalty on squared weights, in shares of the donors' size, so that donors that are alike share a weight."""


def augmented_control(panel: Panel, window: Window) -> float | None:
    """What donors, mixed and mended by ridge regression, make of the window."""
    known = donor_series(panel, window)
    if known is None:
        return None
    level, donor_levels = known.before.mean(), known.donors_before.mean(axis=0)
    touched, donors = known.before - level, known.donors_before - donor_levels
    weights = augmented_weights(touched, donors, chosen_penalty(touched, donors, window.length))
    return log_of_window(level + (known.donors_within - donor_levels) @ weights)


def augmented_weights(touched: np.ndarray, donors: np.ndarray, penalty: float) -> np.ndarray:
    """Weights of a mixture, moved by ridge regression towards what it misses; they sum to 1 no longer exactly.

    touched : (n_months,) float;  donors : (n_months, n_donors) float, log people less their own mean
    penalty : share of the largest eigenvalue of donors donors'
    """
    mixture = mixture_weights(touched, donors)
    return np.asarray(mixture + _ridge_steps(touched - donors @ mixture, donors, np.array([penalty]))[0])


def mixture_weights(touched: np.ndarray, donors: np.ndarray) -> np.ndarray:
    """Weights from 0 to 1 that sum to 1 and follow a series with the least squares."""
    n_donors = donors.shape[1]
    size = float(np.sqrt(np.mean(donors**2))) or 1.0
    equations = np.vstack([donors / size, TIE * np.eye(n_donors), np.full((1, n_donors), SUM_WEIGHT)])
    weights, _ = nnls(equations, np.concatenate([touched / size, np.zeros(n_donors), [SUM_WEIGHT]]))
    return np.asarray(weights / weights.sum())


def chosen_penalty(touched: np.ndarray, donors: np.ndarray, block: int) -> float:
    """The penalty that foretells best, by squared error, blocks of months that are left out in turn; the larger one where equal.

    block : months left out at a time; at most a third of all
    """
    n_months = len(touched)
    block = min(block, n_months // 3)
    squares = np.zeros(len(PENALTIES))
    for first in range(n_months % block, n_months, block):
        left_out = np.arange(first, first + block)
        kept = np.delete(np.arange(n_months), left_out)
        mixture = mixture_weights(touched[kept], donors[kept])
        steps = _ridge_steps(touched[kept] - donors[kept] @ mixture, donors[kept], PENALTIES)
        squares += ((touched[left_out] - (mixture + steps) @ donors[left_out].T) ** 2).sum(axis=1)
    return float(PENALTIES[np.argmin(squares)])


def _ridge_steps(missed: np.ndarray, donors: np.ndarray, penalties: np.ndarray) -> np.ndarray:
    """missed' (donors donors' + penalty)⁻¹ donors for each penalty, from one decomposition; (n_penalties, n_donors)."""
    left, sizes, right = np.linalg.svd(donors, full_matrices=False)
    largest = sizes[0] ** 2 or 1.0
    shrunk = sizes / (sizes**2 + penalties[:, None] * largest)
    return np.asarray((shrunk * (missed @ left)) @ right)
