"""The distributions that priors may have, as quantile functions: the one place that turns a prior's words into numbers."""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv, ndtri

from corredor.study.schema import Prior


def prior_quantile(prior: Prior, u: np.ndarray) -> np.ndarray:
    """Quantiles of a prior.

    u : float 0–1        any shape
    returns : same shape, in the parameter's own unit
    """
    if prior.fixed is not None:
        return np.full(np.shape(u), float(prior.fixed))
    if prior.normal is not None:
        return np.asarray(prior.normal["mean"] + prior.normal["sd"] * ndtri(u))
    if prior.lognormal is not None:
        return np.asarray(prior.lognormal["median"] * np.exp(prior.lognormal["sigma"] * ndtri(u)))
    if prior.beta is not None:
        return np.asarray(betaincinv(prior.beta["alpha"], prior.beta["beta"], u))
    if prior.uniform is not None:
        return prior.uniform["low"] + (prior.uniform["high"] - prior.uniform["low"]) * np.asarray(u)
    if prior.chance is not None:
        return np.asarray(u < prior.chance, dtype=float)
    raise ValueError("a prior without a distribution")


def prior_centre(prior: Prior) -> float:
    """Median of a prior, in the parameter's own unit."""
    return float(prior_quantile(prior, np.array(0.5)))


def prior_text(prior: Prior) -> str:
    """A prior as a reader sees it: its distribution, and the range that holds 90 % of it."""
    if prior.fixed is not None:
        return f"fixed at {prior.fixed:g}"
    if prior.chance is not None:
        return f"1 in {100 * prior.chance:g} % of draws, else 0"
    distribution = next(name for name in ("normal", "lognormal", "beta", "uniform") if getattr(prior, name) is not None)
    low, middle, high = prior_quantile(prior, np.array([0.05, 0.5, 0.95]))
    return f"{distribution}, {middle:.3g} ({low:.3g} to {high:.3g})"
