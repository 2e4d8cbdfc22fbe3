"""Samples of the months that come: each takes a structure by its weight, a state as it may be, and surprises that series share."""

from __future__ import annotations

import numpy as np

from corredor.learn.dynamics.follow import (
    COMMON_KEPT,
    COMMON_POWER,
    Followed,
    chance_in_counts,
    drift_variance,
    kept_share,
    share_of_people,
)
from corredor.learn.dynamics.structures import TAILS, waves

JITTER = 1e-9
"""Added to variances before roots are taken, against rounding."""


def sample_ahead(followed: Followed, n_months: int, n_draws: int, rng: np.random.Generator, counts: bool = True) -> np.ndarray:
    """Draw the months after the last one followed.

    counts : whether values are log(1 + people), with the chance that is in counts
    returns : (n_draws, n_months, n_series) float, log; of one draw, all series belong together
    """
    n_series, n, n_state = followed.state.shape
    columns = np.arange(n_series)
    which = np.array([rng.choice(n, n_draws, p=weight) for weight in followed.weight]).T
    together = np.linalg.cholesky(followed.correlation + JITTER * np.eye(n_series))
    tail = np.sqrt(followed.variance[columns, which] * TAILS / rng.chisquare(TAILS, (n_draws, n_series)))

    def normals(*shape: int) -> np.ndarray:
        return np.asarray(rng.standard_normal((*shape, n_series)) @ together.T)

    roots = np.linalg.cholesky(followed.covariance + JITTER * np.eye(n_state))[columns, which]
    size = tail * _restless(followed.common, 1)
    state = followed.state[columns, which]
    state = state + size[..., None] * np.einsum("dnij,djn->dni", roots, normals(n_draws, n_state))
    kept, drift = kept_share(followed.structures)[which], np.sqrt(drift_variance(followed.structures))[which]
    noise = np.sqrt(followed.structures.noise)[which]
    made = np.empty((n_draws, n_months, n_series))
    for month in range(1, n_months + 1):
        size = tail * _restless(followed.common, month)
        state = state * kept + size[..., None] * drift * np.moveaxis(normals(n_draws, n_state), 1, 2)
        value = state @ np.concatenate([[1.0, 1.0], waves(followed.month + month)])
        chance = np.sqrt(chance_in_counts(value)) * rng.standard_normal(value.shape) if counts else 0.0
        made[:, month - 1] = value + size * noise * normals(n_draws) + chance
    share = share_of_people(made[:, 0].mean(axis=0)) if counts else np.full(n_series, 1 / n_series)
    return followed.width.widen(made, share)


def _restless(common: float, month: int) -> float:
    """Factor of the standard deviations so many months ahead: what all series share fades as it is forgotten."""
    return float((1 + (common - 1) * COMMON_KEPT ** (month - 1)) ** (COMMON_POWER / 2))
