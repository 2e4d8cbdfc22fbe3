"""Width of bands, corrected by how often bands of 80 % held lately, so that they hold in restless times too.

For each number of months ahead there are two factors: one for what all series have in common, which the band of their total teaches, and
one for what each has of its own, which the bands of the series teach together. Each month the log of a factor rises by STEP times the share
that lay outside less the fifth that should: the quantile tracker of Angelopoulos, Candès & Tibshirani 2023, on the log scale. In the long
run bands then hold what they promise, however series move. Bands are allowed to become less narrow than wide.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from corredor.learn.dynamics.structures import TAILS

FARTHEST = 6
"""Months ahead that are watched; later ones are as wide as the last."""

OUTSIDE = 0.2
"""Share that may lie outside a band of 80 %."""

EDGE = float(stats.t.ppf(1 - OUTSIDE / 2, TAILS))
"""Of such a band, in scales of the t distribution of surprises."""

STEP = 0.1
"""Of the log of a factor, for each month in which all lay outside."""

MOST = 0.7
"""Largest log of a factor."""

LEAST = -0.2
"""Smallest: what held well in quiet years is kept for the first restless ones."""


@dataclass
class Width:
    """Factors, and what was foreseen of months that have not come yet. Mutable.

    common, own : (FARTHEST,) float, log
    foreseen : month → months ahead → mean, scale (log, of each series), share of the people, scale of the total
    """

    common: np.ndarray = field(default_factory=lambda: np.zeros(FARTHEST))
    own: np.ndarray = field(default_factory=lambda: np.zeros(FARTHEST))
    foreseen: dict[int, dict[int, Foreseen]] = field(default_factory=dict)

    def learn(self, month: int, values: np.ndarray) -> None:
        """Compare a month with what was foreseen of it; values : (n_series,) float log, nan where unknown."""
        known = ~np.isnan(values)
        for ahead, one in self.foreseen.pop(month, {}).items():
            if not known.any():
                continue
            factor = np.exp(self.common[ahead - 1]), np.exp(self.own[ahead - 1])
            share = one.share * known / (one.share * known).sum()
            off = np.where(known, np.nan_to_num(values) - one.mean, 0.0)
            outside = np.abs(off) > EDGE * one.scale_of_series(*factor)
            self.own[ahead - 1] = _moved(self.own[ahead - 1], float(outside[known].mean()))
            if known.all() and len(values) > 1:
                total_outside = float(np.abs(share @ off) > EDGE * factor[0] * one.scale_of_total)
                self.common[ahead - 1] = _moved(self.common[ahead - 1], total_outside)

    def widen(self, samples: np.ndarray, share: np.ndarray) -> np.ndarray:
        """Samples farther from or nearer to their means, by the factors.

        samples : (n_draws, n_months, n_series) float, log;  share : (n_series,) float, of the people; sum 1
        """
        ahead = np.minimum(np.arange(samples.shape[1]), FARTHEST - 1)
        mean = samples.mean(axis=0)
        off = samples - mean
        together = (off @ share)[..., None]
        if samples.shape[2] == 1:
            return np.asarray(mean + np.exp(self.own[ahead])[:, None] * off)
        return np.asarray(
            mean + np.exp(self.common[ahead])[:, None] * together + np.exp(self.own[ahead])[:, None] * (off - together)
        )


@dataclass(frozen=True)
class Foreseen:
    """mean, scale : (n_series,) float, log;  share : (n_series,) float, of the people;  scale_of_total : float, log
    with_total : (n_series,) float        covariance of each series with the total, log
    """

    mean: np.ndarray
    scale: np.ndarray
    share: np.ndarray
    scale_of_total: float
    with_total: np.ndarray

    def scale_of_series(self, common: float, own: float) -> np.ndarray:
        """Scale of each series when both parts are stretched."""
        if len(self.mean) == 1:
            return self.scale * own
        total = self.scale_of_total**2
        between = self.with_total - total
        rest = np.maximum(self.scale**2 - 2 * self.with_total + total, 0.0)
        return np.asarray(np.sqrt(np.maximum(common**2 * total + 2 * common * own * between + own**2 * rest, 1e-12)))


def _moved(factor: float, outside: float) -> float:
    return float(np.clip(factor + STEP * (outside - OUTSIDE), LEAST, MOST))
