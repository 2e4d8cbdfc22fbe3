"""How often do intervals of paired errors exclude no difference, where there is none, and where there is one?

Errors are made up as those of monthly forecasts are: both share hard and easy times, and errors of neighbouring origins share what
they foresee. The bounds are those that paired.py states, with five standard errors of the number of cases.
"""

import math

import numpy as np
import pytest

from corredor.learn.paired import UNKNOWN_MONTHS, fewest_origins, paired_ratio

CASES = 400


def pairs(n_origins: int, months: int, factor: float, persistent: float, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Errors of two forecasters with the same law but for a factor.

    months : how far ahead; errors of so many neighbouring origins and one more share their shocks
    persistent : share of the variance of each one's own shocks that lasts for about half a year
    """
    rng = np.random.default_rng(seed)

    def lasting() -> np.ndarray:
        shocks = rng.standard_normal((CASES, n_origins))
        for at in range(1, n_origins):
            shocks[:, at] = 0.8 * shocks[:, at - 1] + 0.6 * shocks[:, at]
        return shocks

    def shared() -> np.ndarray:
        sums = np.cumsum(rng.standard_normal((CASES, n_origins + months + 1)), axis=1)
        return (sums[:, months + 1 :] - sums[:, : -months - 1]) / math.sqrt(months + 1)

    def own() -> np.ndarray:
        return 0.4 * (math.sqrt(1 - persistent) * shared() + math.sqrt(persistent) * lasting())

    times = 0.7 * lasting()
    return list(zip(factor * np.exp(times + own()), np.exp(times + own()), strict=True))


def share_told(months: int, factor: float, persistent: float, seed: int) -> float:
    ahead = months + UNKNOWN_MONTHS
    cases = pairs(fewest_origins(ahead), months, factor, persistent, seed)
    return float(np.mean([paired_ratio(one, other, ahead, 1).verdict in ("better", "worse") for one, other in cases]))


@pytest.mark.parametrize(("months", "seed"), [(1, 11), (3, 12)])
def test_where_there_is_no_difference_one_is_told_in_less_than_one_case_in_ten(months, seed):
    assert share_told(months, 1.0, 0.0, seed) < 0.09 + 5 * math.sqrt(0.09 * 0.91 / CASES)


def test_where_one_is_better_for_a_while_and_then_the_other_it_is_told_little_more_often():
    assert share_told(3, 1.0, 0.3, 13) < 0.13 + 5 * math.sqrt(0.13 * 0.87 / CASES)


def test_a_quarter_less_is_found_in_a_third_of_cases_with_the_fewest_origins():
    assert share_told(3, 0.75, 0.15, 14) > 0.33 - 5 * math.sqrt(0.33 * 0.67 / CASES)


def test_an_interval_from_neighbours_taken_as_unrelated_would_be_caught():
    """The planted fault: errors that a whole year shares, drawn in blocks for forecasts that reach one month."""
    cases = pairs(60, 12, 1.0, 0.3, 15)
    told = float(np.mean([paired_ratio(one, other, 1.0, 1).verdict in ("better", "worse") for one, other in cases]))
    assert told > 0.13 + 5 * math.sqrt(0.13 * 0.87 / CASES)
