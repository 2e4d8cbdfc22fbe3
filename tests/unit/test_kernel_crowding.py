"""Does a place with a capacity fill, slow down and close as M6 says? And does an effort thin out as M8 says?"""

from math import exp, floor

import numpy as np
import pytest
from builders import fixed, here, make_model, measure, move, queue, stay, uncertain
from walking import start

from corredor.engine.kernel import dilution, entry_factor


def shelter(capacity, *ways, inside=0.0, outside=1000.0, rate=0.01, more_compartments=(), **more):
    """People outside who would go into a house with limited room."""
    house = stay("house", capacity=capacity, initial=here(inside))
    return make_model(
        [stay("outside", initial=here(outside)), house, *more_compartments],
        [move("go in", "outside", "house", rate_per_day=rate), *ways],
        **more,
    )


def entry_after(inside, capacity=200.0):
    """Factor on the rate of going in that the kernel uses with so many inside, from who goes in."""
    outside = 1.0
    walk = start(shelter(capacity, inside=inside, outside=outside), expected=True).on()
    return -np.log(walk.people("outside") / outside) / 0.01


def test_entry_is_free_below_90_percent_and_falls_in_a_straight_line_to_0():
    assert [entry_factor(fullness) for fullness in (0.0, 0.5, 0.9)] == [1, 1, 1]
    assert [entry_factor(fullness) for fullness in (0.92, 0.95, 0.99)] == pytest.approx([0.8, 0.5, 0.1])
    assert [entry_factor(fullness) for fullness in (1.0, 1.3, 1e9)] == [0, 0, 0]


def test_the_kernel_slows_entry_by_that_factor():
    assert [entry_after(inside) for inside in (0, 180, 184, 190, 198)] == pytest.approx([1, 1, 0.8, 0.5, 0.1], rel=1e-9)
    assert [entry_after(inside) for inside in (200, 300)] == [0, 0]


@pytest.mark.parametrize("capacity", [0.0, 0.4, 1.0, 49.5, 50.0])
@pytest.mark.parametrize("expected", [False, True])
def test_no_more_go_in_than_there_is_room(capacity, expected):
    walk = start(shelter(capacity, rate=3.0), expected=expected)
    for _ in range(30):
        walk.on()
        assert walk.people("house") <= capacity
        assert walk.people("house") + walk.people("outside") == pytest.approx(1000, abs=1e-9)
        if not expected:
            assert walk.people("house") == floor(walk.people("house"))
    assert walk.people("house") == pytest.approx(capacity if expected else floor(capacity))


def test_an_uncertain_capacity_holds_whole_people_in_every_world():
    capacity = {"room": uncertain("people", lognormal={"median": 60.0, "sigma": 0.4})}
    inside = []
    for draw in range(10):
        walk = start(shelter("room", rate=0.5, parameters=capacity), draw=draw).to_the_end()
        inside.append(walk.people("house"))
        assert walk.people("house") == floor(walk.inputs.capacity[0, 0])
    assert len(set(inside)) > 5


def test_those_who_come_from_two_sides_share_the_room():
    compartments = [stay("other_side", initial=here(1000)), stay("gone")]
    ways = [move("come over", "other_side", "house", rate_per_day=3.0), move("leave", "house", "gone", rate_per_day=0.2)]
    model = shelter(100.0, *ways, rate=3.0, more_compartments=compartments)
    for draw in range(5):
        walk = start(model, draw=draw)
        for _ in range(30):
            assert walk.on().people("house") <= 100


def test_groups_share_the_room():
    groups = {"adults": {}, "families": {}}
    model = make_model(
        [stay("outside", initial=here(1000, adults=1, families=1)), stay("house", capacity=100.0)],
        [move("go in", "outside", "house", rate_per_day=3.0)],
        groups=groups,
    )
    assert start(model).on().people("house") == 100


def test_who_finds_no_room_keeps_their_place():
    compartments = [queue("line", 1e6, initial=here(500)), stay("gone")]
    ways = [move("served", "line", "house", share=1.0), move("give up", "line", "gone", rate_per_day=0.0)]
    walk = start(shelter(20.0, *ways, outside=0, more_compartments=compartments)).on()
    assert (walk.people("house"), walk.people("line"), walk.state.cohort.sum()) == (20, 480, 480)


def test_a_cut_of_capacity_turns_nobody_out_and_lets_nobody_in():
    cut = measure("cut", 5, None, {"capacity": "house", "set": 30.0})
    walk = start(shelter(50.0, inside=50, measures=[cut])).to_the_end()
    assert walk.people("house") == 50


def test_a_larger_house_fills_up_to_its_new_capacity():
    more = measure("more", 5, None, {"capacity": "house", "multiply": "larger"})
    walk = start(shelter(50.0, rate=3.0, measures=[more], parameters={"larger": fixed(1.5, "ratio")}))
    assert walk.on(5).people("house") == 50
    assert walk.to_the_end().people("house") == 75


def test_overcrowding_counts_when_more_are_inside_than_there_is_room_for():
    """160 people where there is room for 40: log2(4) = 2, so the rate of leaving is e^(0.3 · 2) times as high."""
    cut = measure("cut", 1, None, {"capacity": "house", "set": 40.0})
    leaving = move("leave", "house", "gone", rate_per_day=0.1, changed_by=[{"overcrowding": "house", "effect": 0.3}])
    model = shelter(200.0, leaving, inside=160, outside=0, more_compartments=[stay("gone")], measures=[cut])
    walk = start(model, expected=True).on()
    assert walk.people("house") == pytest.approx(160 * exp(-0.1))
    inside = walk.people("house")
    crowded = 0.1 * exp(0.3 * np.log2(inside / 40))
    assert walk.on().people("house") == pytest.approx(inside * exp(-crowded))


def test_a_house_that_overfills_takes_everybody_and_only_feels_crowded():
    leaving = move("leave", "house", "gone", rate_per_day=0.1, changed_by=[{"overcrowding": "house", "effect": 0.3}])
    model = make_model(
        [stay("outside", initial=here(1000)), stay("house", capacity=50.0, overfills=True), stay("gone")],
        [move("go in", "outside", "house", rate_per_day=1e3), leaving],
    )
    walk = start(model, expected=True).on()
    assert walk.people("house") == pytest.approx(1000)
    assert walk.on().people("house") == pytest.approx(1000 * exp(-0.1 * exp(0.3 * np.log2(20))))


# --- M8 in a stay (at a gate: test_kernel_moves.py) ---


def test_an_effort_is_halved_when_as_many_are_there_as_it_can_handle():
    assert [dilution(flow, 50.0) for flow in (0.0, 50.0, 150.0)] == [1.0, 0.5, 0.25]
    assert dilution(10.0, 0.0) == 0.0


@pytest.mark.parametrize(("step_days", "factor"), [(0.25, 1 / (1 + 1000 / 62.5)), (1.0, 1 / 5), (7.0, 1 / (1 + 1000 / 1750))])
def test_an_effort_in_a_stay_thins_out_over_the_people_who_are_there(step_days, factor):
    sending_back = move("send back", "road", "home", rate_per_day=0.1, handles_per_day=250.0)
    model = make_model([stay("road", initial=here(1000)), stay("home")], [sending_back], step_days=step_days, days=28)
    walk = start(model, expected=True).on()
    assert walk.people("road") == pytest.approx(1000 * exp(-0.1 * step_days * factor), rel=1e-13)
