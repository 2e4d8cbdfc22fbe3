"""Is one forecaster better than another, or was it chance? Errors of both at the same origins, drawn again in blocks of neighbours.

Errors of neighbouring origins go together: forecasts made a month apart share most of what comes, and both fall into hard times alike. So
whole blocks of origins are drawn (moving-block bootstrap), and what is spread between drawings is the standard error of the ratio of mean
errors, on the log scale. Few blocks know their own spread badly: it is divided by √(1 − 1/blocks), and the interval is that of Student's t
with one degree of freedom less than there are blocks, in place of the drawings' own percentiles. In made-up errors with the dependence of
monthly forecasts, where both are equally good, percentiles say otherwise in 10 to 40 cases of 100; this interval of 95 % does in 4 to 9,
and in up to 13 where one of them is the better for half a year and then the other (tests/statistical/test_paired_intervals.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

FEWEST_BLOCKS = 6
"""Blocks below which nothing is said: with five, an error a quarter lower would be found in about a third of cases, and what is found
would mostly be chance."""

UNKNOWN_MONTHS = 2
"""Months that may lie between the newest count known and the origin; with the months ahead they are those over which errors are made."""

DRAWINGS = 2000
LEVEL = 0.95

BETTER, WORSE, NOT_TOLD, TOO_FEW = "better", "worse", "no difference told", "too few origins"
"""What may be said of a ratio."""


@dataclass(frozen=True)
class PairedRatio:
    """Mean error of a forecaster over that of another, at the same origins.

    ratio : below 1, the first was better on average
    low, high : ends of its interval of 95 %; none when there are too few origins, or one of the two was never wrong
    origins, block, needed : origins compared, origins in a block, and the fewest origins from which an interval is given
    """

    ratio: float
    low: float | None
    high: float | None
    origins: int
    block: int
    needed: int

    @property
    def verdict(self) -> str:
        """better, worse, no difference told, or too few origins."""
        if self.origins < self.needed:
            return TOO_FEW
        if self.low is None or self.high is None:
            return NOT_TOLD
        return BETTER if self.high < 1 else WORSE if self.low > 1 else NOT_TOLD


def block_length(n_origins: int, ahead: float) -> int:
    """Origins in a block: twice as many as share a part of what they foresee, and no fewer than the cube root of all.

    ahead : how far ahead the forecasts reach from the newest count known, in steps between origins
    source : Künsch 1989, Annals of Statistics 17 (cube root); twice the reach, so that most pairs of related errors lie inside a block
    """
    return max(2 * math.ceil(ahead), math.ceil(math.cbrt(n_origins)))


def paired_ratio(own: np.ndarray, other: np.ndarray, ahead: float, seed: int) -> PairedRatio:
    """The ratio of mean errors with its interval.

    own, other : (n_origins,) float ≥ 0, in the order of the origins      errors of both, each the mean of what was forecast at an origin
    ahead : as of `block_length`
    seed : decides the drawings
    source : Diebold & Mariano 1995 (comparing errors origin by origin); Künsch 1989 (moving blocks)
    """
    n_origins = len(own)
    block, needed = block_length(n_origins, ahead), fewest_origins(ahead)
    means = float(own.mean()), float(other.mean())
    ratio = means[0] / means[1] if means[1] > 0 else math.nan
    if n_origins < needed or not ratio > 0:
        return PairedRatio(ratio, None, None, n_origins, block, needed)
    rng = np.random.default_rng([seed, n_origins, block])
    starts = rng.integers(0, n_origins - block + 1, (DRAWINGS, -(-n_origins // block)))
    drawn = (starts[:, :, None] + np.arange(block)).reshape(DRAWINGS, -1)[:, :n_origins]
    drawn_own, drawn_other = own[drawn].mean(axis=1), other[drawn].mean(axis=1)
    usable = (drawn_own > 0) & (drawn_other > 0)
    n_blocks = n_origins / block
    spread = np.log(drawn_own[usable] / drawn_other[usable]).std() / math.sqrt(1 - 1 / n_blocks)
    reach = float(stats.t.ppf((1 + LEVEL) / 2, n_blocks - 1) * spread)
    return PairedRatio(ratio, ratio * math.exp(-reach), ratio * math.exp(reach), n_origins, block, needed)


def fewest_origins(ahead: float) -> int:
    """Origins from which an interval is given: FEWEST_BLOCKS blocks of them.

    ahead : as of `block_length`
    """
    n_origins = FEWEST_BLOCKS
    while n_origins < FEWEST_BLOCKS * block_length(n_origins, ahead):
        n_origins += 1
    return n_origins
