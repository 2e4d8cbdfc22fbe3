"""An effect by model and series together: Bayes' rule with the draws as prior and the design-based estimate as a normal likelihood.

Draws are finite in number, so their density is smoothed with normal kernels (Silverman 1986, rule of thumb); each kernel times the
likelihood is a normal distribution again, and the answer is a mixture of those.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from corredor.effects.design.answer import Answer

APART = 3.0
"""Standard errors between estimate and draws from which they are said to disagree."""


@dataclass(frozen=True)
class Weighed:
    """A mixture of normal distributions, one for each draw; of points where `sd` is 0.

    weights, means : (n_draws,) float;  weights sum to 1
    apart : draws and estimate disagree; the mixture is then that of the draws alone
    """

    weights: np.ndarray
    means: np.ndarray
    sd: float
    apart: bool

    def share_beyond(self, threshold: float, sign: float) -> float:
        """Probability of more than a threshold in the direction of `sign`, or of as much where the threshold is not 0."""
        distance = sign * (self.means - threshold)
        if self.sd > 0:
            return float(self.weights @ ndtr(distance / self.sd))
        return float(self.weights @ ((distance >= 0) & (sign * self.means > 0)))

    def quantile(self, probability: float) -> float:
        """The value below which so much of the mixture lies."""
        if self.sd == 0:
            order = np.argsort(self.means)
            weights = self.weights[order]
            return float(np.interp(probability, np.cumsum(weights) - 0.5 * weights, self.means[order]))
        low, high = self.means.min() - 9 * self.sd, self.means.max() + 9 * self.sd
        return float(brentq(lambda x: float(self.weights @ ndtr((x - self.means) / self.sd)) - probability, low, high))


def weigh(draws: np.ndarray, estimate: Answer | None) -> Weighed:
    """Draws of an effect, weighed by a design-based estimate; all alike without one.

    draws : (n_draws,) float         log of with / without
    """
    alike = np.full(len(draws), 1 / len(draws))
    sd_of_draws = float(np.std(draws))
    alone = Weighed(alike, draws, 0.0, apart=False)
    if estimate is None or sd_of_draws == 0:
        return alone
    error = estimate.standard_error
    if abs(estimate.middle - float(np.mean(draws))) > APART * np.hypot(error, sd_of_draws):
        return Weighed(alike, draws, 0.0, apart=True)
    kernel = 1.06 * sd_of_draws * len(draws) ** -0.2
    log_weights = -0.5 * (draws - estimate.middle) ** 2 / (error**2 + kernel**2)
    weights = np.exp(log_weights - log_weights.max())
    precision = 1 / kernel**2 + 1 / error**2
    means = (draws / kernel**2 + estimate.middle / error**2) / precision
    return Weighed(weights / weights.sum(), means, float(precision**-0.5), apart=False)
