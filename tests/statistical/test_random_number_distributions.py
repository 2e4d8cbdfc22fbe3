"""Are the distributions of random counts right? Fixed seeds, bounds of 5 standard errors, and a twin with a 2 % fault that must be noticed.

A right law fails a check of a mean at 5 standard errors for one seed in 1.7 million (a chi-square at 5 standard deviations
for one in some 10,000). The seeds here are fixed: a check passes always or never.
"""

import math

import numpy as np
import pytest
from numba import njit
from scipy import stats

from corredor.engine import random_numbers

N = 200_000
SEED_LOW, SEED_HIGH = 20_181_015, 7
DIRECTIONS = ("seed", "draw", "step", "entity", "purpose and index", "group and index")


@njit(nogil=True)
def walk_along(direction, n):
    """The pairs at n addresses that differ only in one part, by 1 each time; no address is on two walks."""
    first = np.empty(n)
    second = np.empty(n)
    for i in range(n):
        seed, draw, step, entity, tag = SEED_LOW, 3, 40, 500, random_numbers.tag(6, 2, 1)
        if direction == 0:
            seed += 1 + i
        elif direction == 1:
            draw += 1 + i
        elif direction == 2:
            step += 1 + i
        elif direction == 3:
            entity += 1 + i
        elif direction == 4:
            tag = random_numbers.tag(6 + i // random_numbers.INDICES, 3, i % random_numbers.INDICES)
        else:
            tag = random_numbers.tag(200, i // random_numbers.INDICES, i % random_numbers.INDICES)
        first[i], second[i] = random_numbers.uniform_pair(seed, SEED_HIGH, draw, step, entity, tag)
    return first, second


@njit(nogil=True)
def counts(law, u, first, second, third):
    """law 0 binomial (n, p), 1 Poisson (mean), 2 hypergeometric (good, bad, take), 3 beta (alpha, beta), 4 normal."""
    result = np.empty(len(u))
    for i in range(len(u)):
        if law == 0:
            result[i] = random_numbers.binomial_quantile(u[i], first, second)
        elif law == 1:
            result[i] = random_numbers.poisson_quantile(u[i], first)
        elif law == 2:
            result[i] = random_numbers.hypergeometric_quantile(u[i], first, second, third)
        elif law == 3:
            result[i] = random_numbers.beta_quantile(u[i], first, second)
        else:
            result[i] = random_numbers.normal_quantile(u[i])
    return result


@pytest.fixture(scope="module")
def uniforms():
    return {name: walk_along(i, N) for i, name in enumerate(DIRECTIONS)}


# --- the numbers ---


def worst_in_standard_errors(u, v):
    """How far a column of would-be uniforms u, and its partner v, are from uniform and unrelated, in standard errors."""
    n = len(u)
    centred, partner = u - 0.5, v - 0.5
    cells = np.bincount((u * 256).astype(int), minlength=256)
    chi_square = ((cells - n / 256) ** 2 / (n / 256)).sum()
    neighbours = [(centred[:-lag] * centred[lag:]).mean() * 12 * math.sqrt(n - lag) for lag in (1, 2, 64)]
    return max(
        abs(centred.mean()) * math.sqrt(12 * n),
        abs((centred**2).mean() - 1 / 12) * math.sqrt(180 * n),
        abs(chi_square - 255) / math.sqrt(2 * 255),
        *map(abs, neighbours),
        abs((centred * partner).mean()) * 12 * math.sqrt(n),
    )


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_numbers_are_uniform_and_unrelated_along_every_part_of_the_address(uniforms, direction):
    u, v = uniforms[direction]
    assert worst_in_standard_errors(u, v) < 5
    assert worst_in_standard_errors(v, u) < 5


def test_that_check_notices_faults_of_2_percent(uniforms):
    u, v = uniforms["entity"]
    too_low = u * 0.98
    too_narrow = 0.5 + (u - 0.5) * 0.98
    some_partners_repeated = np.where(v < 0.02, u, v)
    some_neighbours_repeated = np.where(v < 0.02, np.roll(u, 1), u)
    one_cell_thin = np.where((u < 1 / 256) & (v < 0.5), u + 0.5, u)
    for a, b in (
        (too_low, v),
        (too_narrow, v),
        (u, some_partners_repeated),
        (some_neighbours_repeated, v),
        (one_cell_thin, v),
    ):
        assert worst_in_standard_errors(a, b) > 5


def test_no_two_addresses_share_a_number(uniforms):
    every = np.concatenate([column for pair in uniforms.values() for column in pair])
    assert len(np.unique(every)) == len(every) == 2 * N * len(DIRECTIONS)


# --- the counts ---


def worst_in_moments(sample, law):
    """How far mean and variance of a sample are from those of the law, in standard errors."""
    mean, variance, tails = (float(x) for x in law.stats(moments="mvk"))
    fourth = (tails + 3) * variance**2
    n = len(sample)
    return max(
        abs(sample.mean() - mean) / math.sqrt(variance / n),
        abs(((sample - mean) ** 2).mean() - variance) / math.sqrt((fourth - variance**2) / n),
    )


def worst_in_cells(sample, law):
    """Chi-square of the sample over about 40 cells of the law, less its mean, in standard deviations."""
    edges = np.unique(law.ppf(np.linspace(0, 1, 41)[1:-1]))
    chance = np.diff(np.concatenate([[0.0], law.cdf(edges), [1.0]]))
    seen = np.bincount(np.searchsorted(edges, sample), minlength=len(chance))
    kept = chance * len(sample) > 5
    chi_square = ((seen[kept] - len(sample) * chance[kept]) ** 2 / (len(sample) * chance[kept])).sum()
    freedom = kept.sum() - 1
    return (chi_square - freedom) / math.sqrt(2 * freedom)


LAWS = {
    # name: (law, arguments, arguments with a fault of 2 %, the law by scipy)
    "binomial, few go": (0, (40.0, 0.01), (40.0, 0.0098), stats.binom(40, 0.01)),
    "binomial, half go": (0, (12.0, 0.5), (12.0, 0.49), stats.binom(12, 0.5)),
    "binomial, most go": (0, (300.0, 0.9), (300.0, 0.902), stats.binom(300, 0.9)),
    "binomial, many": (0, (9e6, 0.002), (8.82e6, 0.002), stats.binom(9_000_000, 0.002)),
    "Poisson, few": (1, (0.65,), (0.637,), stats.poisson(0.65)),
    "Poisson, some": (1, (6.0,), (5.88,), stats.poisson(6)),
    "Poisson, many": (1, (2500.0,), (2450.0,), stats.poisson(2500)),
    "hypergeometric, few": (2, (50.0, 100.0, 12.0), (49.0, 101.0, 12.0), stats.hypergeom(150, 50, 12)),
    "hypergeometric, many": (2, (400.0, 1500.0, 300.0), (392.0, 1508.0, 300.0), stats.hypergeom(1900, 400, 300)),
    "beta": (3, (2.0, 6.0), (1.96, 6.0), stats.beta(2, 6)),
    "normal": (4, (), (), stats.norm()),
}


@pytest.mark.parametrize("name", LAWS)
def test_counts_and_shares_follow_their_law_and_a_fault_of_2_percent_is_noticed(uniforms, name):
    law, arguments, faulty_arguments, expected = LAWS[name]
    u = uniforms["step"][0][: 50_000 if law == 3 else N]
    sample = counts(law, u, *(*arguments, 0.0, 0.0, 0.0)[:3])
    faulty = counts(law, u, *(*faulty_arguments, 0.0, 0.0, 0.0)[:3]) * (0.98 if name == "normal" else 1.0)
    assert worst_in_moments(sample, expected) < 5
    assert worst_in_cells(sample, expected) < 5
    assert max(worst_in_moments(faulty, expected), worst_in_cells(faulty, expected)) > 5


def test_the_two_counts_of_one_address_are_unrelated(uniforms):
    u, v = uniforms["draw"]
    leave = counts(0, u, 500.0, 0.03, 0.0)
    divide = counts(0, v, 500.0, 0.4, 0.0)
    assert abs(np.corrcoef(leave, divide)[0, 1]) * math.sqrt(N) < 5
    # One in 50 decisions takes its neighbour's random number.
    faulty = counts(0, np.where(np.arange(N) % 50 == 0, u, v), 500.0, 0.4, 0.0)
    assert abs(np.corrcoef(leave, faulty)[0, 1]) * math.sqrt(N) > 5
