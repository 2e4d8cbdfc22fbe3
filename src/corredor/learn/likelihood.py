"""How likely published figures are, given what a draw counts (M14): the likelihood that `fit` and its checks use."""

from __future__ import annotations

import datetime as dt

import numpy as np
from scipy import special, stats

from corredor.results.observe import PublishedFigures
from corredor.study.model import Model
from corredor.study.schema import Observation

ROUNDING_VARIANCE = 1 / 12
"""People²: a whole number stands for anything within half a person of it."""


def known_by(model: Model, as_of: dt.date, until: dt.date | None = None) -> tuple[Observation, ...]:
    """Figures that were published by a date and count nothing after another; of revisions the last one known then.

    as_of : last day of publication
    until : last day counted; `as_of` unless given
    """
    last_day = as_of if until is None else until
    known: dict[tuple[object, ...], Observation] = {}
    for row in model.observations:
        if row.published <= as_of and row.to <= last_day:
            key = (row.output, row.place, row.group, row.from_, row.to)
            if key not in known or known[key].published < row.published:
                known[key] = row
    return tuple(known.values())


def log_likelihood(
    figures: PublishedFigures, means: np.ndarray, dispersion: np.ndarray, process: np.ndarray | float = 0.0
) -> np.ndarray:
    """Log likelihood of each figure (M14): negative binomial, over all values that it allows.

    means, dispersion : (n_draws, n_figures) float
    process : (n_figures,) float    variance of the stochastic model around its mean-field run, as a part of mean² + mean + 1
        (see `process_variance`); it widens the distribution; figures without a dispersion have a normal one
    returns : (n_draws, n_figures) float
    """
    mean = np.maximum(means, 1e-6)
    wider = process_variance(process, mean)
    shape = 1 / np.maximum(dispersion + wider / mean**2, 1e-9)
    exact, counted = figures.exact, figures.counted
    answer = np.zeros(means.shape)
    one = counted & exact
    answer[:, one] = _negative_binomial(figures.low[one], mean[:, one], shape[:, one])
    some = counted & ~exact
    if some.any():
        chance = shape[:, some] / (shape[:, some] + mean[:, some])
        below = stats.nbinom.cdf(np.ceil(figures.low[some]) - 1, shape[:, some], chance)
        up_to = np.where(
            np.isinf(figures.high[some]), 1.0, stats.nbinom.cdf(np.floor(figures.high[some]), shape[:, some], chance)
        )
        answer[:, some] = np.log(np.maximum(up_to - below, 1e-300))
    plain = ~counted
    if plain.any():
        sd = np.sqrt(wider[:, plain] + ROUNDING_VARIANCE)
        low, high = (figures.low[plain] - mean[:, plain]) / sd, (figures.high[plain] - mean[:, plain]) / sd
        whole = np.log(np.maximum(stats.norm.cdf(high) - stats.norm.cdf(low), 1e-300))
        answer[:, plain] = np.where(exact[plain], stats.norm.logpdf(low) - np.log(sd), whole)
    return answer


def process_variance(process: np.ndarray | float, mean: np.ndarray) -> np.ndarray:
    """Variance of a stochastic draw around the mean-field run of the same draw (M16): process × (mean² + mean + 1)."""
    return np.asarray(process * (mean**2 + mean + 1))


def _negative_binomial(count: np.ndarray, mean: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Log chance of a count; not only whole numbers, since a figure may be a mean over days.

    variance = mean + mean² / shape
    """
    ways = special.gammaln(count + shape) - special.gammaln(shape) - special.gammaln(count + 1)
    return np.asarray(ways - shape * np.log1p(mean / shape) + count * (np.log(mean) - np.log(mean + shape)))
