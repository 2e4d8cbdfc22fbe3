"""Are common random numbers worth what they should be, and does a comparison find an effect that is there, and none that is not?"""

import numpy as np
import pytest
from builders import fixed, flow, here, make_model, measure, move, stay, uncertain
from standard_errors import ERRORS, assert_near

from corredor._simulate import simulate
from corredor.effects.compare import compare
from corredor.effects.compare.effects import Comparison, Effect

DRAWS, PEOPLE = 400, 10_000.0


def leaving(effect, days=10):
    """Everybody leaves at 1 % a day; from day 5 on a measure changes that by a factor."""
    return make_model(
        [stay("here", initial=here(PEOPLE)), stay("gone")],
        [move("leave", "here", "gone", rate_per_day="leaving")],
        outputs={"left": flow("leave")},
        parameters={"leaving": uncertain("per day", lognormal={"median": 0.01, "sigma": 0.3}), "effect": fixed(effect, "log")},
        measures=[measure("patrol", 5, None, {"transition": "leave", "effect": "effect"})],
        days=days,
    )


def test_the_mean_effect_is_the_one_of_the_equation():
    """Left after 5 days at rate r and 5 at r·e^θ: N(1 − exp(−5r(1 + e^θ))), less N(1 − exp(−10r)) without."""
    effect = np.log(0.8)
    data = compare(leaving(effect), without=["patrol"], draws=DRAWS)
    found = Comparison(data).effect("left")
    rate = data["parameter_value"].sel(parameter="leaving").to_numpy()
    truth = PEOPLE * (np.exp(-10 * rate) - np.exp(-5 * rate * (1 + np.exp(effect))))
    # the two scenarios have common random numbers, so their difference varies less than that of two binomial counts of their own would
    left = 1 - np.exp(-10 * rate)
    error = float(np.sqrt(np.mean(2 * PEOPLE * left * (1 - left)) / DRAWS))
    assert_near(float(np.mean(found.difference)), float(np.mean(truth)), error, "mean effect")
    planted = PEOPLE * (np.exp(-10 * rate) - np.exp(-5 * rate * (1 + np.exp(1.3 * effect))))
    with pytest.raises(AssertionError, match="standard errors from"):
        assert_near(float(np.mean(found.difference)), float(np.mean(planted)), error, "mean effect with a planted fault")


def test_a_measure_without_effect_has_no_effect_in_any_draw():
    found = Comparison(compare(leaving(0.0), without=["patrol"], draws=50)).effect("left")
    assert (found.difference == 0).all()


@pytest.mark.parametrize("effect", [np.log(0.8), np.log(0.95)])
def test_pairs_need_far_fewer_draws_than_runs_with_luck_of_their_own(effect):
    """The ratio told from the pairs is the one found by really running the other scenario with other random numbers and parameters."""
    model = leaving(effect)
    pairs = Comparison(compare(model, without=["patrol"], draws=DRAWS)).effect("left")
    apart = simulate(model.without("patrol"), draws=DRAWS, seed=2)["left"].sum("day").to_numpy()
    independent = Effect(pairs.with_, apart, "people")
    found = np.var(independent.difference, ddof=1) / np.var(pairs.difference, ddof=1)
    # the variance of a variance: the log of each has a standard error near √(2 / draws), and heavy tails make it wider
    assert abs(np.log(found / pairs.draws_ratio)) <= ERRORS * np.sqrt(2 * 2 / DRAWS)
    assert pairs.draws_ratio > 10
    assert np.isclose(independent.draws_ratio, 1.0, atol=ERRORS * 2 / np.sqrt(DRAWS))
