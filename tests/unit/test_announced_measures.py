"""Are measures that were announced expected by forecasts, with doubt, and others not?"""

import numpy as np
import pytest
from builders import day, fixed, flow, here, make_model, measure, move, stay, uncertain

from corredor._simulate import simulate
from corredor.engine.draws import sample_parameters
from corredor.engine.fitted import ties, uncertain_parameters
from corredor.engine.network import build_network
from corredor.learn.forecast import what_holds
from corredor.study.announced import CARRIED_OUT, LATE_DAYS, ON_TIME


def announced(from_day=60, to_day=None, **more):
    return make_model(
        [stay("before", initial=here(1_000_000)), stay("after")],
        [move("go", "before", "after", rate_per_day=0.001)],
        outputs={"went": flow("go")},
        parameters={"half": fixed(0.5, "ratio")},
        measures=[
            measure("stop", from_day, to_day, {"transition": "go", "effect": -10.0}, announced=day(20), **more),
            measure("unheard", 50, None, {"transition": "go", "effect": -10.0}),
        ],
        days=150,
    )


def test_before_the_announcement_it_is_left_out_and_from_then_on_expected():
    model = announced()
    assert [one.id for one in model.as_known_on(day(19)).measures] == []
    assert [one.id for one in model.as_known_on(day(20)).measures] == ["stop", "stop_later"]
    assert [one.id for one in model.as_known_on(day(60)).measures] == ["stop", "unheard"]


def test_shares_of_draws_begin_on_the_day_a_month_later_or_never():
    went = simulate(announced().as_known_on(day(30)), draws=2000, seed=1)["went"].to_numpy().reshape(2000, -1)
    stopped_at_once = went[:, 60:89].max(axis=1) < 200
    stopped_at_last = went[:, 60 + LATE_DAYS + 1 :].max(axis=1) < 200
    assert (went[:, :59] > 200).all()
    assert stopped_at_once.mean() == pytest.approx(CARRIED_OUT * ON_TIME, abs=0.04)
    assert stopped_at_last.mean() == pytest.approx(CARRIED_OUT, abs=0.04)
    assert stopped_at_last[stopped_at_once].all()


def test_one_that_is_to_end_soon_has_no_later_part():
    known = announced(60, 70).as_known_on(day(30))
    assert [(one.id, one.from_, one.to) for one in known.measures] == [("stop", day(60), day(70))]


def test_its_cost_is_counted_once():
    known = announced(cost={"usd": 1000.0}).as_known_on(day(30))
    assert [one.cost is None for one in known.measures] == [True, False]


def test_what_opens_something_begins_on_the_day():
    model = make_model(
        [stay("before", initial=here(100)), stay("after")],
        [move("go", "before", "after", rate_per_day=0.1, only_when_opened=True)],
        measures=[measure("door", 40, None, {"opens": "go"}, announced=day(10))],
    )
    known = model.as_known_on(day(20))
    assert [one.id for one in known.measures] == ["door"] and not known.parameters


def test_a_chance_is_never_learned_and_no_tie_of_a_fit():
    known = announced().as_known_on(day(30))
    assert "stop_carried_out" in known.parameters
    assert uncertain_parameters(known) == ()
    assert set(ties(build_network(known))["parameters"]) == {"half"}


def test_a_forecast_says_what_it_expects_and_what_it_leaves_out():
    words = " ".join(what_holds(announced(), day(30)))
    assert f"stop, from {day(60)}" in words and "Left out, because they began later: unheard" in words


def test_a_chance_is_one_in_its_share_of_draws():
    model = make_model(
        [stay("before", initial=here(10)), stay("after")],
        [move("go", "before", "after", rate_per_day=0.1)],
        parameters={"maybe": uncertain("ratio", chance=0.25)},
    )
    values = sample_parameters(model, 1, 4000)[:, 0]
    assert set(np.unique(values)) == {0.0, 1.0} and values.mean() == pytest.approx(0.25, abs=0.03)
