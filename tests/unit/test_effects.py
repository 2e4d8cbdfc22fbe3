"""Are effects, diversion, dollars and shares what one works out by hand?"""

import datetime as dt
import itertools
import math

import numpy as np
import pytest
import xarray as xr
from builders import day, flow, gate, here, make_model, measure, move, queue, stay, stock

from corredor.effects.compare import compare
from corredor.effects.compare.diversion import diversion, people_at_end
from corredor.effects.compare.effects import Comparison, Effect, effect_table
from corredor.effects.compare.money import dollar_table, usd_per_person
from corredor.effects.compare.shares import drawn_game, exact_game, share_table, shares, total_weights
from corredor.engine.network import build_network


def forks(**changes):
    """1,000 people at a gate on day 0: half go left, half right, until a measure closes the left; two groups, two places."""
    arguments = {
        "groups": {"men": {"citizenship": "coast", "kind": "adult"}, "children": {"citizenship": "coast", "kind": "child"}},
        "places": {"north": {"region": "up"}, "south": {"region": "down"}},
        "measures": [
            measure("shut", 0, None, {"closes": "go left", "at": {"id": "north"}}, cost={"usd_per_day": 50.0}),
            measure("fewer", 10, 19, {"closes": "wander"}, cost={"usd": 900.0}),
            measure("free", 5, 6),
        ],
        "outputs": {
            "lefts": {**flow("go left", by=["place"], every="month"), "side": "control"},
            "rights": flow("go right", by=["group"]),
            "wandered": flow("wander"),
            "waiting": stock("left", by=["place"]),
            "on_the_right": stock("right", every="month"),
        },
        "accounts": {"fares": {"title": "fares", "actor": "people", "of": "lefts", "usd_each": 3.0, "source": "invented"}},
        "days": 40,
    } | changes
    return make_model(
        [
            stay("start", initial=here(400.0, men=3.0, children=1.0)),
            gate("fork"),
            stay("left"),
            stay("right"),
        ],
        [
            move("come", "start", "fork", rate_per_day=50.0),
            move("go left", "fork", "left", share=0.5),
            move("go right", "fork", "right", share="rest"),
            move("wander", "right", "left", rate_per_day=0.02),
        ],
        **arguments,
    )


@pytest.fixture(scope="module")
def without_shut():
    return compare(forks(), without=["shut"], expected=True)


def test_an_effect_is_with_less_without(without_shut):
    """In the north 400 people come; half of them would go left, and nobody does."""
    effect = Comparison(without_shut).effect("lefts", place="north")
    assert (effect.with_[0], effect.without[0], effect.difference[0]) == (0.0, pytest.approx(200.0), pytest.approx(-200.0))
    assert Comparison(without_shut).effect("lefts", place="south").difference[0] == 0.0
    assert Comparison(without_shut).effect("lefts").difference[0] == pytest.approx(-200.0)


def test_an_effect_can_be_asked_for_by_region_group_and_kind(without_shut):
    found = Comparison(without_shut)
    assert found.effect("lefts", place="up").difference[0] == pytest.approx(-200.0)
    assert found.effect("rights", group="men").difference[0] == pytest.approx(150.0)
    assert found.effect("rights", group="child").difference[0] == pytest.approx(50.0)
    assert found.effect("lefts", place="coast").difference[0] == pytest.approx(-200.0)
    with pytest.raises(KeyError, match="no place west; there are: north or south"):
        found.effect("lefts", place="west")
    with pytest.raises(KeyError, match="rights is not told by place"):
        found.effect("rights", place="north")


def test_flows_are_summed_and_stocks_averaged_over_the_days_asked_for(without_shut):
    found = Comparison(without_shut)
    series = found.series("waiting")[:, 0]
    days = found.effect("waiting", from_=day(10), to=day(14))
    assert days.with_[0] == pytest.approx(series[0, 10:15].mean())
    flows = found.series("wandered")[:, 0]
    assert found.effect("wandered", from_=day(10), to=day(14)).with_[0] == pytest.approx(flows[0, 10:15].sum())
    # January has 31 of the 40 days; a month partly inside counts by days
    lefts = found.series("lefts")[1, 0]
    assert found.effect("lefts", from_=day(0), to=dt.date(2021, 1, 10)).without[0] == pytest.approx(lefts[0] * 10 / 31)


def test_quantiles_signs_and_the_number_of_draws_by_hand():
    with_, without = np.array([5.0, 7.0, 9.0, np.nan]), np.array([4.0, 8.0, 9.0, 1.0])
    effect = Effect(with_, without, "people")
    assert effect.quantiles()["median"] == 0.0
    assert (effect.chance_up, effect.chance_down) == (1 / 3, 1 / 3)
    # var(5, 7, 9) = 4; var(4, 8, 9) = 7; var(1, −1, 0) = 1
    assert effect.draws_ratio == pytest.approx((4 + 7) / 1)
    assert math.isnan(Effect(with_, with_, "people").draws_ratio)


def test_days_waited_are_averaged_by_the_middle_of_their_classes():
    """One person a day is called; 20 wait on day 0. The classes of days 0 to 19 have the middles 0, 1.5, 4.5, 10, 17."""
    model = make_model(
        [queue("line", 1.0, initial=here(20.0)), stay("done")],
        [move("be called", "line", "done", share=1.0)],
        outputs={"waited": {"title": "w", "days_waited": "line", "every": "month"}},
        measures=[measure("faster", 0, None, {"served_per_day": "line", "set": 1000.0})],
        days=25,
    )
    effect = Comparison(compare(model, without=["faster"], expected=True)).effect("waited")
    assert effect.with_[0] == 0.0
    assert effect.without[0] == pytest.approx((1 * 0 + 2 * 1.5 + 4 * 4.5 + 7 * 10 + 6 * 17) / 20)


def test_where_people_are_adds_up_to_nobody(without_shut):
    told = diversion(without_shut)
    assert (told.output, told.fewer, told.scale) == ("lefts", True, pytest.approx(200.0))
    at_end = told.at_end.set_index("of")["mean"]
    assert at_end.sum() == pytest.approx(0.0, abs=1e-9)
    # of 200 who went right instead, a part has wandered to the left since
    moved = Comparison(without_shut).effect("wandered").difference[0]
    assert at_end["right"] == pytest.approx(200.0 - moved)
    assert at_end["left"] == pytest.approx(-200.0 + moved)
    per_1000 = told.at_end.set_index("of")["per_1000"]
    assert per_1000["right"] == pytest.approx(1000 * (200 - moved) / 200)
    assert told.elsewhere.set_index("of")["mean"].to_dict() == {"north": pytest.approx(-200.0), "south": 0.0}
    assert told.flows.set_index("of").loc["rights", "per_1000"] == pytest.approx(1000.0)


def test_people_under_way_are_counted_where_they_are_going():
    model = make_model(
        [stay("here", initial=here(100.0), at={"id": "a"}), stay("there", at={"id": "b"})],
        [move("go", "here", "there", along="road", rate_per_day=0.1, speed_km_per_day=10.0)],
        places=["a", "b"], routes=[("a", "b", 100.0)],
        measures=[measure("shut", 5, None, {"closes": "go"})],
        outputs={"went": flow("go")}, days=12,
    )  # fmt: skip
    at_end = people_at_end(compare(model, without=["shut"], draws=20))
    assert (at_end["here"] > 0).all()
    assert at_end["under_way"].sum() < 0
    np.testing.assert_array_equal(sum(at_end.values()), np.zeros(20))


def test_an_effect_that_cannot_be_told_from_nothing_is_not_divided_by(without_shut):
    nothing = diversion(without_shut, place="south")
    assert math.isnan(nothing.scale)
    assert nothing.at_end["per_1000"].isna().all()
    with pytest.raises(ValueError, match="does not count people who move"):
        diversion(without_shut, "waiting")
    with pytest.raises(KeyError, match="there is no output lefst"):
        diversion(without_shut, "lefst")


def test_dollars_of_accounts_and_of_measures(without_shut):
    table = dollar_table(without_shut).set_index("what")
    assert table.loc["fares", "median"] == pytest.approx(-600.0)
    assert (table.loc["shut", "with"], table.loc["shut", "without"]) == (50.0 * 40, 0.0)
    assert (table.loc["fewer", "with"], table.loc["fewer", "median"]) == (900.0, 0.0)
    assert usd_per_person(without_shut, "lefts") == pytest.approx(2000.0 / 200.0)
    assert math.isnan(
        usd_per_person(without_shut, "lefts") * 0 + usd_per_person(compare(forks(), without=["free"], draws=2), "lefts")
    )


def test_a_cost_in_all_is_spread_over_the_measure_and_counts_inside_the_study_only():
    half = measure("half", 30, 49, {"closes": "wander"}, cost={"usd": 1000.0})
    endless = measure("endless", 30, None, {"closes": "wander"}, cost={"usd": 1000.0})
    before = measure("before", -10, 9, {"closes": "wander"}, cost={"usd_per_day": 7.0})
    data = compare(forks(measures=[half, endless, before]), without=["half"], draws=1)
    costs = dollar_table(data).set_index("what")["with"]
    assert (costs["half"], costs["endless"], costs["before"]) == (500.0, 1000.0, 70.0)


def test_the_effect_table_has_totals_places_groups_and_months(without_shut):
    table = effect_table(without_shut)
    lefts = table[table["output"] == "lefts"].set_index(["by", "of"])
    assert list(lefts.index) == [
        ("total", ""),
        ("place", "north"),
        ("place", "south"),
        ("month", "2021-01"),
        ("month", "2021-02"),
    ]
    assert lefts.loc[("month", "2021-01"), "median"] == pytest.approx(-200.0)
    assert set(table["output"]) == {"lefts", "rights", "wandered", "waiting", "on_the_right", "fares"}


# --- shares ---


def test_shapley_weights_are_those_of_all_orders():
    """The share as defined, by walking all 24 orders of four measures."""
    game, values = exact_game(4), np.random.default_rng(1).normal(size=16)
    by_weights = game.weights[0] @ values
    by_orders = np.zeros(4)
    for order in itertools.permutations(range(4)):
        before = 0
        for which in order:
            by_orders[which] += (values[before | 1 << which] - values[before]) / 24
            before |= 1 << which
    np.testing.assert_allclose(by_weights, by_orders, atol=1e-12)


def test_drawn_orders_are_efficient_and_near_the_exact_shares():
    names = [f"m{number}" for number in range(5)]
    values = {subset: subset.bit_count() ** 2 + 3.0 * (subset >> 2 & 1) for subset in range(32)}
    game, exact = drawn_game(names, 1, 40), exact_game(5)
    drawn = game.weights @ np.array([values[subset] for subset in game.subsets])
    assert (game.subsets[0], game.subsets[-1]) == (0, 31)
    np.testing.assert_allclose(drawn.sum(axis=1), values[31] - values[0])
    mean, error = drawn.mean(axis=0), drawn.std(axis=0, ddof=1) / np.sqrt(40)
    truth = exact.weights[0] @ np.array([values[subset] for subset in exact.subsets])
    assert (np.abs(mean - truth) <= 5 * error + 1e-9).all()
    assert drawn_game(names, 1, 40).subsets == game.subsets
    assert drawn_game(names, 2, 40).subsets != game.subsets


def test_shares_of_measures_that_do_not_touch_are_their_effects():
    closed = [measure(f"shut_{place}", 0, None, {"closes": "go left", "at": {"id": place}}) for place in ("north", "south")]
    model = forks(measures=closed)
    found = shares(model, without=["shut_north", "shut_south"], draws=3)
    for place in ("north", "south"):
        alone = Comparison(compare(model, without=[f"shut_{place}"], draws=3)).effect("lefts").difference
        np.testing.assert_allclose(found["share"].sel(measure=f"shut_{place}", output="lefts"), alone)
    table = share_table(found, "lefts")
    assert table["part"].sum() == pytest.approx(1.0)
    np.testing.assert_allclose(table["mean"], table["alone"])


def test_two_measures_that_do_the_same_share_alike():
    twice = [measure(name, 0, None, {"closes": "go left", "at": {"id": "north"}}) for name in ("one", "other")]
    found = shares(forks(measures=twice), without=["one", "other"], draws=2)
    one, other = found["share"].sel(output="lefts").transpose("measure", "draw").to_numpy()
    np.testing.assert_array_equal(one, other)
    assert (found["last"].sel(output="lefts") == 0).all()
    np.testing.assert_allclose(one + other, found["joint"].sel(output="lefts"))


def test_totals_are_those_of_effects():
    model = forks()
    data = compare(model, without=["shut"], draws=3)
    names, weights = total_weights(build_network(model))
    found = shares(model, without=["shut", "fewer"], draws=3)
    assert names == ["lefts", "rights", "wandered", "waiting", "on_the_right"]
    assert weights.shape[0] == 5
    for name in names:
        np.testing.assert_allclose(
            found["last"].sel(measure="shut", output=name), Comparison(data).effect(name).difference, atol=1e-9, err_msg=name
        )


def test_shares_refuse_one_measure_and_unknown_ones():
    with pytest.raises(ValueError, match="two or more"):
        shares(forks(), without=["shut", "shut"], draws=1)
    with pytest.raises(Exception, match="nobody"):
        shares(forks(), without=["shut", "nobody"], draws=1)


def test_threads_change_no_share():
    one, other = (shares(forks(), without=["shut", "fewer"], draws=5, jobs=jobs) for jobs in (1, 4))
    xr.testing.assert_identical(one, other)
