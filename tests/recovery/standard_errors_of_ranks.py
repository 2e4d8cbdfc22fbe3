"""Are truths spread over the draws of fits as chance would spread them? Five standard errors, and a twin that is too narrow."""

from __future__ import annotations

import numpy as np
from scipy import special, stats

ERRORS = 5.0
FALSE_ALARM = 1 / 1_700_000
CLASSES = 5


def assert_share_inside(ranks: np.ndarray, n_data_sets: int, share: float = 0.9) -> None:
    """The share of truths inside the middle 90 % of draws is as near to 90 % as chance allows."""
    inside = np.mean((ranks > (1 - share) / 2) & (ranks < (1 + share) / 2))
    error = np.sqrt(share * (1 - share) / n_data_sets)
    assert abs(inside - share) <= ERRORS * error, f"{inside:.3f} of the truths inside, {share} ± {ERRORS} · {error:.3f} expected"


def assert_uniform(ranks: np.ndarray, n_parameters: int, name: str) -> None:
    """Ranks fall evenly into five classes (χ² with four degrees of freedom)."""
    counts = np.histogram(ranks, CLASSES, (0.0, 1.0))[0]
    expected = len(ranks) / CLASSES
    distance = float(((counts - expected) ** 2 / expected).sum())
    assert distance <= stats.chi2.isf(FALSE_ALARM / n_parameters, CLASSES - 1), f"{name}: ranks are not uniform: {counts}"


def too_narrow(ranks: dict[str, np.ndarray], factor: float) -> dict[str, np.ndarray]:
    """The ranks that draws would have given whose spread around their middle is too small by a factor, if they were normal."""
    return {name: special.ndtr(special.ndtri(np.clip(r, 0.002, 0.998)) / factor) for name, r in ranks.items()}
