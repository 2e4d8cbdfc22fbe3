"""Is a number as near to its law as chance allows? Five standard errors, which a right law leaves for one seed in 1.7 million.

The standard errors are worked out from the law, never from the sample. A seed is fixed, so a check passes always or never.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

ERRORS = 5.0


def assert_near(found: float, law: float, standard_error: float, what: str) -> None:
    """Fail when a number is further from its law than five standard errors."""
    away = abs(found - law) / standard_error
    assert away <= ERRORS, f"{what}: {found:.6g} is {away:.1f} standard errors from {law:.6g}"


def assert_mean(values: np.ndarray, mean: float, variance: float, what: str = "mean") -> None:
    """Independent values have this mean. Their variance gives the standard error."""
    assert_near(float(np.mean(values)), mean, math.sqrt(variance / values.size), what)


def assert_variance(values: np.ndarray, mean: float, variance: float, kurtosis: float = 3.0, what: str = "variance") -> None:
    """Independent values vary so much around their mean. The kurtosis of the law (3: a bell curve) gives the standard error."""
    found = float(np.mean((values - mean) ** 2))
    assert_near(found, variance, variance * math.sqrt((kurtosis - 1) / values.size), what)


def assert_covariance(one: np.ndarray, other: np.ndarray, means: tuple[float, float], table: np.ndarray, what: str) -> None:
    """Pairs of values vary together as a table of covariances says; its standard error is that of nearly normal pairs."""
    found = float(np.mean((one - means[0]) * (other - means[1])))
    error = math.sqrt((table[0, 0] * table[1, 1] + table[0, 1] ** 2) / one.size)
    assert_near(found, table[0, 1], error, what)


def assert_shares(counts: np.ndarray, chances: np.ndarray, what: str = "class") -> None:
    """People fall into classes with these chances, each alone: every class is as near as a binomial count."""
    people = counts.sum()
    assert chances.sum() == pytest.approx(1, abs=1e-9)
    for number, (count, chance) in enumerate(zip(counts, chances, strict=True)):
        if people * chance > 25:
            assert_near(count / people, chance, math.sqrt(chance * (1 - chance) / people), f"{what} {number}")


def noticed() -> pytest.RaisesExc[AssertionError]:
    """A twin with a planted fault of 2 % must fail in one of the checks above, and not for another reason."""
    return pytest.raises(AssertionError, match="standard errors from")


def stretched(values: np.ndarray, mean: float, by: float = 1.02) -> np.ndarray:
    """Values with their spread around a mean increased by 2 %, as a fault to be noticed."""
    return mean + by * (values - mean)
