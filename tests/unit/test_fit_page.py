"""Do the pictures of a fit show what they say? Shapes from known densities, dots at known places."""

import re

import numpy as np
import pytest

from corredor.pages.charts.belief_chart import Belief, belief_chart, smooth_density
from corredor.pages.charts.residual_chart import residual_chart


def test_a_smooth_density_is_that_of_its_draws():
    draws = np.random.default_rng(1).normal(3.0, 2.0, 20_000)
    places = np.linspace(-6, 12, 181)
    found = smooth_density(draws, places)
    law = np.exp(-(((places - 3) / 2) ** 2) / 2) / (2 * np.sqrt(2 * np.pi))
    # kernels widen 2.0 by about 0.9 % here; 20,000 draws leave about 2 % at the top
    assert np.abs(found - law).max() < 0.05 * law.max()
    assert np.trapezoid(found, places) == pytest.approx(1, abs=0.01)


def test_draws_that_are_all_the_same_have_a_density_too():
    assert np.isfinite(smooth_density(np.full(10, 2.0), np.linspace(0, 4, 41))).all()


def test_what_was_learned_stands_higher_than_the_prior():
    places = np.linspace(0, 1, 21)
    prior, posterior = np.ones(21), np.exp(-(((places - 0.5) / 0.1) ** 2)) * 5
    svg = belief_chart(Belief("Share <a>", places, prior, posterior, "0", "1", "before, after"))
    assert 'class="before"' in svg and "Share &lt;a&gt;: before, after" in svg
    heights = [float(y) for y in re.findall(r'class="before" d="M[\d.]+ ([\d.]+)', svg)]
    assert heights[0] == pytest.approx(46 - 43 / 5, abs=0.1)


def test_residuals_stand_where_they_belong_and_far_ones_at_the_edge():
    svg = residual_chart({"Arrivals": [0.0, 2.0, -9.0]}, 960.0)
    at = [float(x) for x in re.findall(r'<circle class="residual" cx="([\d.]+)"', svg)]
    assert at[1] - at[0] == pytest.approx((960 - 8 - 480) / 4 - 2, abs=0.2)
    assert svg.count("residual far") == 1
    assert "Residuals of 3 published figures, 1 of them more than two standard errors away." in svg
