"""Are published counts as M14 says: negative binomial around the reported share? Closed forms; twins with a 2 % fault must fail."""

import numpy as np
import pytest
from standard_errors import assert_mean, assert_variance, noticed, stretched

from corredor.results.observe import published_count

SIZES = [pytest.param(1, id="reduced"), pytest.param(8, id="full", marks=pytest.mark.full)]
"""How many times as much is drawn; the bounds shrink with it."""


def published(mean, dispersion, draws):
    return published_count(np.full(draws, mean), np.full(draws, dispersion), 3, 17)


def check_published(counts, mean, dispersion):
    """Variance mean + dispersion · mean²; the kurtosis of a negative binomial with shape 1/dispersion is 3 + 6/shape + 1/variance."""
    variance = mean + dispersion * mean**2
    assert_mean(counts, mean, variance)
    assert_variance(counts, mean, variance, 3 + 6 * dispersion + 1 / variance)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("mean", "dispersion"), [(100.0, 0.1), (5.0, 0.4), (4000.0, 0.02), (300.0, 0.0)])
def test_published_counts_have_the_mean_and_variance_of_a_negative_binomial(mean, dispersion, size):
    check_published(published(mean, dispersion, 250_000 * size), mean, dispersion)


@pytest.mark.parametrize(("mean", "dispersion"), [(100.0, 0.1), (5.0, 0.4), (4000.0, 0.02), (300.0, 0.0)])
def test_a_mean_or_a_spread_2_percent_off_is_noticed(mean, dispersion):
    with noticed():
        check_published(published(1.02 * mean, dispersion, 250_000), mean, dispersion)
    with noticed():
        check_published(stretched(published(mean, dispersion, 250_000), mean), mean, dispersion)
