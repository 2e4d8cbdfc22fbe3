"""Which law a prior names, and whether its numbers make one."""

from __future__ import annotations

from corredor.study.schema import Prior


def laws_of(prior: Prior) -> list[str]:
    """Laws that a prior names."""
    return [name for name in ("normal", "lognormal", "beta", "uniform", "fixed") if getattr(prior, name) is not None]


LAW_KEYS = {
    "normal": ("mean", "sd"), "lognormal": ("median", "sigma"), "beta": ("alpha", "beta"), "uniform": ("low", "high"),
}  # fmt: skip

POSITIVE = ("sd", "median", "sigma", "alpha", "beta")
"""Numbers of a law that must be more than 0."""


def prior_is_possible(prior: Prior) -> bool:
    """Whether a prior is one law with numbers that make sense, so that it has quantiles."""
    laws = laws_of(prior)
    if len(laws) != 1:
        return False
    if laws[0] == "fixed":
        return True
    numbers = getattr(prior, laws[0])
    if set(numbers) != set(LAW_KEYS[laws[0]]) or any(numbers[key] <= 0 for key in numbers if key in POSITIVE):
        return False
    return laws[0] != "uniform" or numbers["low"] < numbers["high"]
