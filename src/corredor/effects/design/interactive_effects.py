"""Interactive fixed effects: the months have a few unseen factors in common, and each series follows them as far as its past says.

Factors are the principal components of the donors, over the months before and the window, less each donor's and each month's mean. How far
the touched series follows each is a regression on its months before. How many factors: blocks of months as long as the window are left out
of that regression in turn, and the number that foretells them best is taken; 0 is difference in differences.
source : Xu 2017 (generalised synthetic control); here with blocks instead of single months, since months that follow one another are alike
"""

from __future__ import annotations

import numpy as np

from corredor.effects.design.donor_series import DonorSeries, donor_series, log_of_window
from corredor.effects.design.panel import Panel, Window

MOST_FACTORS = 5

MONTHS_A_FACTOR = 4
"""Months before the window for each number that the regression learns, at least."""


def interactive_effects(panel: Panel, window: Window) -> float | None:
    """What the donors' common factors make of the window."""
    known = donor_series(panel, window)
    if known is None:
        return None
    common, factors = common_factors(known)
    n_before = len(known.before)
    distance = known.before - common[:n_before]
    n_factors = chosen_number(distance, factors[:n_before], window.length)
    within = _foretold(distance, factors[:n_before, :n_factors], factors[n_before:, :n_factors])
    return log_of_window(common[n_before:] + within)


def common_factors(known: DonorSeries) -> tuple[np.ndarray, np.ndarray]:
    """The donors' mean of each month, and their factors, the largest first.

    returns : (n_months,) float, log people;  (n_months, n_factors) float, each of mean 0 and mean square 1
    """
    donors = np.vstack([known.donors_before, known.donors_within])
    common = donors.mean(axis=1)
    rest = donors - common[:, None]
    rest = rest - rest.mean(axis=0)
    left, sizes, _ = np.linalg.svd(rest, full_matrices=False)
    real = int(np.sum(sizes > 1e-9 * max(1.0, sizes[0])))
    n_factors = min(MOST_FACTORS, real, donors.shape[1] - 1, len(known.before) // MONTHS_A_FACTOR - 1)
    return common, left[:, :n_factors] * np.sqrt(len(donors))


def chosen_number(distance: np.ndarray, factors: np.ndarray, block: int) -> int:
    """How many factors foretell best, by squared error, blocks of months that are left out in turn; the fewer where equal.

    distance : (n_months,) float         log of the touched series less the donors' mean
    block : months left out at a time; at most a third of all
    """
    n_months = len(distance)
    block = min(block, n_months // 3)
    squares = np.zeros(factors.shape[1] + 1)
    for first in range(n_months % block, n_months, block):
        left_out = np.arange(first, first + block)
        kept = np.delete(np.arange(n_months), left_out)
        for number in range(len(squares)):
            foretold = _foretold(distance[kept], factors[kept, :number], factors[left_out, :number])
            squares[number] += ((distance[left_out] - foretold) ** 2).sum()
    return int(np.argmin(squares))


def _foretold(distance: np.ndarray, factors: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """A regression of the distance on a level and factors, at other months' factors."""
    learned, *_ = np.linalg.lstsq(np.column_stack([np.ones(len(factors)), factors]), distance, rcond=None)
    return np.asarray(learned[0] + wanted @ learned[1:])
