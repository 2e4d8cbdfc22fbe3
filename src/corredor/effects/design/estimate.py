"""What one design says of a window: how far the series lay from what it would have been, and how often that happens by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SIGNIFICANT = 0.05
"""A gap counts as found when no more than this share of placebo gaps is as large: the false-alarm chance of an estimate."""

NORMAL_95 = 1.96
"""Half-width of a 95 % interval of the normal distribution, in standard errors: no interval is narrower, however quiet the placebos."""


@dataclass(frozen=True)
class Estimate:
    """What a design found.

    effect, low, high : mean over the window of log(published / expected without the measure), with its 95 % interval
    p_value : share of placebos, the window itself included, with a gap as large (two-sided, by rank)
    placebos : number of placebo dates or series behind it
    expected, expected_low, expected_high : (n_months,) float, in the unit of the series, over the window
    note : what a reader should know of how it was reached
    """

    method: str
    effect: float
    low: float
    high: float
    p_value: float
    placebos: int
    expected: np.ndarray
    expected_low: np.ndarray
    expected_high: np.ndarray
    note: str = ""

    @property
    def finds(self) -> int:
        """+1 or −1 when a rise or fall is found, 0 when the window is like any other."""
        found = self.p_value <= SIGNIFICANT and (self.low > 0 or self.high < 0)
        return int(np.sign(self.effect)) if found else 0

    @property
    def standard_error(self) -> float:
        """Of `effect`, as wide as its interval says."""
        return (self.high - self.low) / (2 * NORMAL_95)


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
