"""What one design says of a window: how far the series lay from what it would have been, and how often that happens by itself."""

from __future__ import annotations

import numpy as np

SIGNIFICANT = 0.05
"""A gap counts as found when no more than this share of placebo gaps is as large: the false-alarm chance of an estimate."""

NORMAL_95 = 1.96
"""Half-width of a 95 % interval of the normal distribution, in standard errors: no interval is narrower, however quiet the placebos."""


def rank_p_value(gap: float, placebo_gaps: np.ndarray) -> float:
    """Share of gaps at least as large as this one, itself included: right with any number of exchangeable placebos.

    source : Phipson and Smyth 2010, permutation p-values should never be zero
    """
    return float((1 + np.sum(np.abs(placebo_gaps) >= abs(gap))) / (1 + len(placebo_gaps)))


def half_width(placebo_gaps: np.ndarray) -> float:
    """How many standard errors hold 95 % of placebo gaps, at least those of the normal distribution.

    placebo_gaps : (n,) float            in standard errors
    """
    ranked = np.sort(np.abs(placebo_gaps))
    wanted = int(np.ceil((1 - SIGNIFICANT) * (len(ranked) + 1)))
    if wanted <= len(ranked):
        return max(NORMAL_95, float(ranked[wanted - 1]))
    return max(NORMAL_95, float(ranked[-1])) if len(ranked) else NORMAL_95
