"""Which distribution a prior names, and whether its numbers make one."""

from __future__ import annotations

from corredor.study.schema import Prior

DISTRIBUTION_KEYS = {
    "normal": ("mean", "sd"), "lognormal": ("median", "sigma"), "beta": ("alpha", "beta"), "uniform": ("low", "high"),
}  # fmt: skip

PLAIN = ("chance", "fixed")
"""Distributions that are one number."""

POSITIVE = ("sd", "median", "sigma", "alpha", "beta")
"""Numbers of a distribution that must be more than 0."""


LARGEST_SIGMA = 10.0
"""Of a lognormal distribution: two draws in three then lie within a factor of 22,000 of the median either way, and none is too large to
count with."""


def distributions_of(prior: Prior) -> list[str]:
    """Distributions that a prior names."""
    return [name for name in (*DISTRIBUTION_KEYS, *PLAIN) if getattr(prior, name) is not None]


def prior_is_possible(prior: Prior) -> bool:
    """Whether a prior is one distribution with numbers that make sense, so that it has quantiles."""
    distributions = distributions_of(prior)
    if len(distributions) != 1:
        return False
    if distributions[0] in PLAIN:
        return True
    numbers = getattr(prior, distributions[0])
    if set(numbers) != set(DISTRIBUTION_KEYS[distributions[0]]) or any(numbers[key] <= 0 for key in numbers if key in POSITIVE):
        return False
    if numbers.get("sigma", 0.0) > LARGEST_SIGMA:
        return False
    return distributions[0] != "uniform" or numbers["low"] < numbers["high"]
