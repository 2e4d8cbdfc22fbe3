"""Do interactive fixed effects find planted factors, their number, and a planted counterfactual?"""

from __future__ import annotations

import numpy as np
import pytest
from planted_panels import errors, factor_panel, halved, looks_ahead, off_by_a_tenth

from corredor.effects.design.donor_series import donor_series
from corredor.effects.design.interactive_effects import MOST_FACTORS, chosen_number, common_factors, interactive_effects
from corredor.effects.design.panel import Window
from corredor.effects.design.simple import difference_in_differences


def root_mean_square(method, cases):
    return float(np.sqrt(np.mean(errors(method, cases) ** 2)))


@pytest.mark.parametrize("n_factors", [0, 1, 2, 3])
def test_without_noise_the_counterfactual_is_exact(n_factors):
    cases = [factor_panel(seed, n_factors=n_factors) for seed in range(5)]
    assert np.max(np.abs(errors(interactive_effects, cases))) < 1e-3
    assert np.min(np.abs(errors(off_by_a_tenth(interactive_effects), cases))) > 1e-3


def test_with_noise_it_is_near_and_difference_in_differences_is_not():
    cases = [factor_panel(seed, noise=0.05) for seed in range(10)]
    assert root_mean_square(interactive_effects, cases) < 0.06
    assert root_mean_square(difference_in_differences, cases) > 0.12


def test_factors_are_those_that_were_planted():
    """Donors that are a level, a common month and one known wave: the wave comes back, but for its sign and size."""
    wave = np.sin(np.arange(40) * 0.7)
    wave -= wave.mean()
    loadings = np.array([1.0, -1.0, 2.0, -2.0, 0.5])
    logs = 6 + np.linspace(0, 1, 40)[:, None] + wave[:, None] * np.append(1.5, loadings)
    case = halved(np.exp(logs), 36, 4)
    known = donor_series(case.panel, case.window)
    assert known is not None
    common, factors = common_factors(known)
    assert common == pytest.approx(6 + np.linspace(0, 1, 40) + wave * 0.1, abs=1e-2)
    assert abs(np.corrcoef(factors[:, 0], wave)[0, 1]) > 0.9999
    assert np.mean(factors**2, axis=0) == pytest.approx(np.ones(factors.shape[1]))
    assert interactive_effects(case.panel, case.window) == pytest.approx(case.truth, abs=1e-3)


def test_the_number_of_factors_is_found_inside_the_past():
    generator = np.random.default_rng(3)
    factors = generator.normal(size=(48, MOST_FACTORS))
    noise = 0.1 * generator.normal(size=48)
    assert chosen_number(noise, factors, 4) == 0
    assert chosen_number(factors[:, 0] + 2 * factors[:, 1] + noise, factors, 4) == 2
    assert chosen_number(factors @ np.ones(MOST_FACTORS) + noise, factors, 4) == MOST_FACTORS


def test_a_short_past_learns_few_numbers():
    case = factor_panel(1, noise=0.1)
    known = donor_series(case.panel, Window(0, 13, 4))
    assert known is not None
    assert common_factors(known)[1].shape == (17, 2)


def test_without_donors_or_a_past_there_is_no_answer():
    case = factor_panel(1)
    assert interactive_effects(case.panel, Window(0, 11, 4)) is None
    assert interactive_effects(case.panel, Window(0, 56, 4, (3,))) is None
    assert interactive_effects(case.panel, Window(0, 56, 4, (3, 4))) is not None
    assert interactive_effects(case.panel, Window(0, 12, 12)) is not None


def test_nothing_is_known_of_the_window_but_the_donors():
    for skipped in (0, 2):
        assert looks_ahead(interactive_effects, factor_panel(1, noise=0.05), skipped) == []
