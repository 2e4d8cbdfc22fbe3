"""Does a design-based estimate find what is there, and nothing where nothing is? Small cases; distributions: tests/statistical."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_series import QUIET, published_months

from corredor.effects.claims.weighing import weigh
from corredor.effects.design.answer import Answer
from corredor.effects.design.interrupted_series import interrupted_series
from corredor.effects.design.ranks import half_width, rank_p_value


def estimate(effect: float, half: float, p_value: float) -> Answer:
    return Answer("an estimate", effect, effect - half, effect + half, p_value, 99, -1.0, 1.0, 100.0, 100.0)


def test_the_p_value_is_the_rank_of_the_gap_among_all():
    assert rank_p_value(3.0, np.array([1.0, -2.0, 4.0])) == 2 / 4
    assert rank_p_value(-9.0, np.array([1.0, -2.0, 4.0])) == 1 / 4
    assert rank_p_value(1.0, np.array([])) == 1.0


def test_an_interval_holds_nineteen_of_twenty_placebos_and_is_never_narrower_than_normal():
    assert half_width(np.array([0.1] * 50)) == 1.96
    assert half_width(np.arange(1.0, 20.0)) == 19.0
    assert half_width(np.array([5.0, 7.0])) == 7.0
    assert half_width(np.array([])) == 1.96


@pytest.mark.parametrize(
    ("effect", "half", "p_value", "finds"), [(-1.0, 0.5, 0.05, -1), (1.0, 0.5, 0.05, 1), (1.0, 0.5, 0.06, 0), (1.0, 1.5, 0.01, 0)]
)
def test_a_witness_finds_only_what_is_rare_and_on_one_side(effect, half, p_value, finds):
    assert estimate(effect, half, p_value).finds == finds


def test_a_halving_is_found_with_its_size_and_a_doubling_too():
    for percent in (-50.0, 100.0):
        found = interrupted_series(published_months(QUIET, percent, seed=3), 6, 72)
        assert found is not None
        assert found.finds == np.sign(percent)
        assert found.low < np.log1p(percent / 100) < found.high
        assert found.placebos == 72 - 30 - 6 + 1
        assert found.expected_people == pytest.approx(found.counted_people / np.exp(found.effect), rel=0.05)


def test_too_few_months_are_no_witness():
    values = published_months(QUIET, 0.0, seed=1)
    assert interrupted_series(values[-35:], 0, 29) is None
    assert interrupted_series(values, 0, len(values)) is None


def test_a_series_that_never_changes_is_no_error():
    found = interrupted_series(np.full(60, 100.0), 0, 54)
    assert found is not None
    assert found.finds == 0


def test_draws_weighed_by_a_witness_are_those_of_two_normal_laws():
    """Prior N(0, 0.4²), estimate −0.2 ± 0.1: mean −0.2·0.16/(0.16+0.01), standard deviation √(0.16·0.01/0.17)."""
    draws = 0.4 * np.random.default_rng(1).normal(size=20_000)
    weighed = weigh(draws, estimate(-0.2, 1.96 * 0.1, 0.04))
    assert weighed.quantile(0.5) == pytest.approx(-0.2 * 0.16 / 0.17, abs=0.005)
    spread = (weighed.quantile(0.975) - weighed.quantile(0.025)) / (2 * 1.96)
    assert spread == pytest.approx(np.sqrt(0.16 * 0.01 / 0.17), rel=0.03)
    assert weighed.share_beyond(0.0, -1.0) == pytest.approx(0.974, abs=0.004)


def test_draws_alone_are_counted_and_no_change_is_no_claimed_change():
    weighed = weigh(np.array([-1.0, 0.0, 0.0, 1.0]), None)
    assert weighed.share_beyond(0.0, -1.0) == 0.25
    assert weighed.share_beyond(-0.5, -1.0) == 0.25
    assert weighed.quantile(0.5) == pytest.approx(0.0)


def test_a_witness_far_from_every_draw_is_a_disagreement():
    draws = 0.01 * np.random.default_rng(1).normal(size=200)
    assert weigh(draws, estimate(-1.0, 0.1, 0.01)).apart
    assert not weigh(draws, estimate(-0.01, 0.1, 0.5)).apart
