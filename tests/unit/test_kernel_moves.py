"""Do people leave, divide and pass as M2, M3, M4 and the order of a step say? Hand-worked in expected flow, whole people in random runs."""

from itertools import pairwise
from math import exp, expm1

import numpy as np
import pytest
from builders import day, fixed, flow, gate, here, make_model, measure, move, population, queue, stay, stock
from walking import start

# --- M2: departures ---


def town(rate, people=10_000.0, **more):
    """A town whose people leave and do not come back."""
    places = {"here": {"population": people}}
    return make_model([population("home"), stay("gone")], [move("leave", "home", "gone", **rate)], places=places, **more)


@pytest.mark.parametrize("step_days", [0.25, 1.0, 7.0])
def test_in_expected_flow_a_population_loses_1_minus_exp_of_its_rate_in_a_step(step_days):
    walk = start(town({"rate_per_day": 0.03}, step_days=step_days), expected=True).on()
    assert walk.people("gone") == pytest.approx(-10_000 * expm1(-0.03 * step_days), rel=1e-14)
    assert walk.on(3).people("home") == pytest.approx(10_000 * exp(-0.03 * step_days * 4), rel=1e-14)


def test_groups_share_a_population_and_those_of_another_citizenship_do_not_live_there():
    groups = {
        "adults": {"citizenship": "coast", "share_of_population": 0.7},
        "children": {"citizenship": "coast", "share_of_population": 0.3},
        "strangers": {"citizenship": "hills"},
    }
    walk = start(town({"rate_per_day": 0.03}, people=1001, groups=groups))
    assert [walk.people("home", group=name) for name in groups] == [701, 300, 0]


# --- M2: events ---


def caravan(people, days=1, event_day=2, weights=None, from_="home", **more):
    groups = {"adults": {"share_of_population": 0.5}, "families": {"share_of_population": 0.5}}
    event = {"id": "caravan", "date": day(event_day), "days": days, "at": "here", "from": from_, "to": "gathered"}
    event |= {"people": people, "groups": weights or {"adults": 3.0, "families": 1.0}}
    return make_model(
        [population("home"), stay("gathered"), queue("line", 0.0, initial=here(100, adults=1, families=1))],
        [move("go home", "gathered", "home", rate_per_day=0.0), move("served", "line", "gathered", share=1.0)],
        places={"here": {"population": 2000.0}},
        groups=groups,
        events=[event],
        outputs={"caravan": flow("caravan", by=["group"])},
        **more,
    )


def test_an_event_moves_its_people_together_on_its_day_and_divides_them_by_weight():
    walk = start(caravan(400.0), expected=True).to_the_end()
    expected = np.zeros((2, 30))
    expected[:, 2] = [300, 100]
    np.testing.assert_allclose(walk.output("caravan"), expected, rtol=1e-14)
    assert walk.people("gathered", group="adults") == pytest.approx(300, rel=1e-14)


def test_a_random_event_moves_whole_people_who_add_up_to_its_number():
    for draw in range(20):
        moved = start(caravan(401.0), draw=draw).to_the_end().output("caravan")[:, 2]
        assert moved.sum() == 401
        assert (moved == np.floor(moved)).all()
        # binomial(401, ¾) ± 6 standard deviations
        assert abs(moved[0] - 300.75) < 6 * 8.7


def test_an_event_of_some_days_spreads_its_people_evenly_over_them():
    assert start(caravan(100.0, days=3)).to_the_end().output("caravan").sum(axis=0)[:6].tolist() == [0, 0, 33, 33, 34, 0]
    spread = start(caravan(100.0, days=3), expected=True).to_the_end().output("caravan").sum(axis=0)
    assert spread[:6] == pytest.approx([0, 0, 100 / 3, 100 / 3, 100 / 3, 0])
    hours = start(caravan(100.0, days=2, step_days=0.25)).to_the_end().output("caravan").sum(axis=0)
    assert hours[:5].tolist() == [0, 0, 50, 50, 0]
    week = start(caravan(100.0, days=2, event_day=9, step_days=7.0)).on(2)
    assert week.people("gathered") == 100


@pytest.mark.parametrize("expected", [False, True])
def test_an_event_never_moves_more_than_are_there(expected):
    walk = start(caravan(5000.0, weights={"adults": 1.0}), expected=expected).to_the_end()
    assert walk.people("gathered", group="adults") == 1000
    assert walk.people("home", group="adults") == pytest.approx(0, abs=1e-9)
    assert walk.people("home", group="families") == pytest.approx(1000, abs=1e-9)


@pytest.mark.parametrize("expected", [False, True])
def test_who_an_event_takes_out_of_a_queue_no_longer_stands_in_line(expected):
    walk = start(caravan(40.0, from_="line"), expected=expected).on(5)
    assert walk.people("line") == pytest.approx(60)
    assert walk.state.cohort.sum() == pytest.approx(60)


# --- M3: competing hazards ---


def test_in_a_stay_hazards_compete():
    model = make_model(
        [stay("here_now", initial=here(1000)), stay("north"), stay("south")],
        [move("a", "here_now", "north", rate_per_day=0.2), move("b", "here_now", "south", rate_per_day=0.3)],
    )
    walk = start(model, expected=True).on(4)
    gone = -1000 * expm1(-0.5 * 4)
    assert walk.people("north") == pytest.approx(0.4 * gone, rel=1e-13)
    assert walk.people("south") == pytest.approx(0.6 * gone, rel=1e-13)
    random = start(model).on(4)
    assert random.people("north") + random.people("south") + random.people("here_now") == 1000
    assert random.people("north") == np.floor(random.people("north"))


def test_a_closed_way_leaves_its_people_to_the_open_ones():
    ways = [move(name, "here_now", name, rate_per_day=0.2) for name in ("first", "second", "third")]
    statuses = [stay(name) for name in ("first", "second", "third")]
    for closed in ("first", "second", "third"):
        closing = [measure("closing", 0, None, {"closes": closed})]
        model = make_model([stay("here_now", initial=here(1000)), *statuses], ways, measures=closing)
        walk = start(model, expected=True).on()
        assert walk.people(closed) == 0
        assert walk.people("here_now") == pytest.approx(1000 * exp(-0.4), rel=1e-13)
        assert start(model).to_the_end().people(closed) == 0


def test_who_has_no_way_out_stays():
    model = make_model([stay("camp", initial=here(77)), stay("gone")], [move("go", "camp", "gone", rate_per_day=0.0)])
    assert start(model).to_the_end().people("camp") == 77


# --- M4: gates ---

PEOPLE = 1000.0


def checkpoint(outcomes, *extra, **more):
    """Everybody comes to a gate at once: they set off in step 0 and pass in step 1."""
    compartments = [stay("before", initial=here(PEOPLE)), gate("checkpoint"), stay("through"), stay("stopped"), stay("held")]
    return make_model([*compartments, *extra], [move("come", "before", "checkpoint", rate_per_day=1e3), *outcomes], **more)


def stopped(share=0.3, **more):
    return move("be stopped", "checkpoint", "stopped", share=share, **more)


def through(share="rest", **more):
    return move("go through", "checkpoint", "through", share=share, **more)


def passed(model):
    walk = start(model, expected=True).on(3)
    assert walk.people("checkpoint") == pytest.approx(0, abs=1e-9)
    return [walk.people(status) / PEOPLE for status in ("stopped", "through", "held")]


def test_a_gate_divides_everybody_by_shares_and_leaves_nobody():
    assert passed(checkpoint([stopped(), through()])) == pytest.approx([0.3, 0.7, 0], rel=1e-13)
    walk = start(checkpoint([stopped(), through()])).on()
    assert (walk.people("before"), walk.people("checkpoint")) == (0, PEOPLE)
    walk.on()
    assert walk.people("checkpoint") == 0
    assert walk.people("stopped") + walk.people("through") == PEOPLE


def test_a_term_multiplies_the_odds_of_a_share():
    # odds 3 : 7 times e^0.9
    odds = 3 / 7 * exp(0.9)
    term = [{"group": {"id": "people"}, "effect": 0.9}]
    assert passed(checkpoint([stopped(changed_by=term), through()])) == pytest.approx([odds / (1 + odds), 1 / (1 + odds), 0])


def test_of_three_outcomes_a_term_changes_one_share_against_the_others_and_not_these_among_each_other():
    outcomes = [stopped(0.3), move("hold", "checkpoint", "held", share=0.2), through()]
    patrols = measure("patrols", 0, None, {"transition": "be stopped", "effect": 0.5})
    weights = np.array([0.3 * exp(0.5), 0.5, 0.2])
    assert passed(checkpoint(outcomes, measures=[patrols])) == pytest.approx(weights / weights.sum(), rel=1e-13)


def test_shares_that_uncertainty_moved_off_1_are_made_to_sum_to_1():
    parameters = {"a": fixed(0.3, "share"), "b": fixed(0.695, "share")}
    assert passed(checkpoint([stopped("a"), through("b")], parameters=parameters)) == pytest.approx(
        [0.3 / 0.995, 0.695 / 0.995, 0]
    )


def test_shares_that_leave_nothing_leave_nobody_to_the_rest():
    share = passed(checkpoint([stopped(1.0), through()]))
    assert share == pytest.approx([1, 0, 0], abs=1e-8)


def test_effort_that_many_pass_at_once_thins_out():
    """M8 by hand: odds 3 : 7 times 1 / (1 + 1000 people / (250 a day · 1 day)) = 1/5."""
    odds = 3 / 7 / 5
    assert passed(checkpoint([stopped(handles_per_day=250.0), through()])) == pytest.approx(
        [odds / (1 + odds), 1 / (1 + odds), 0]
    )
    # the same people within six hours, in which 62.5 can be handled
    odds = 3 / 7 / 17
    model = checkpoint([stopped(handles_per_day=250.0), through()], step_days=0.25)
    assert passed(model) == pytest.approx([odds / (1 + odds), 1 / (1 + odds), 0])


def test_gates_in_a_chain_are_passed_in_one_step_whatever_their_order_in_the_study():
    names = ["gate_c", "gate_a", "gate_b"]
    chain = [move("in", "before", "gate_a", rate_per_day=1e3)]
    for here_, next_ in (("gate_a", "gate_b"), ("gate_b", "gate_c"), ("gate_c", "after")):
        chain += [move(f"fail {here_}", here_, "out", share=0.5), move(f"pass {here_}", here_, next_, share="rest")]
    model = make_model([stay("before", initial=here(PEOPLE)), *map(gate, names), stay("after"), stay("out")], chain)
    walk = start(model, expected=True).on()
    assert walk.people("gate_a") == PEOPLE
    walk.on()
    assert (walk.people("after"), walk.people("out")) == pytest.approx((PEOPLE / 8, PEOPLE * 7 / 8))


def test_gates_at_two_places_are_passed_in_one_step_when_one_transfers_to_the_other():
    model = make_model(
        [stay("before", at={"id": "north"}, initial=here(PEOPLE)), gate("door", at={"id": ["south", "north"]}), stay("after")],
        [
            move("in", "before", "door", rate_per_day=1e3),
            move("transfer", "door", "door", at={"id": "north"}, to_place="south", share=1.0),
            move("out", "door", "after", at={"id": "south"}, share=1.0),
        ],
        places=["south", "north"],
    )
    assert start(model).on(2).people("after", place="south") == PEOPLE


# --- the order of a step ---


def test_who_arrives_from_a_journey_passes_a_gate_and_is_served_in_the_step_of_arrival():
    model = make_model(
        [
            stay("before", at={"id": "north"}, initial=here(PEOPLE)),
            gate("door", at={"id": "south"}),
            queue("line", 1e6, at={"id": "south"}),
            stay("after"),
        ],
        [
            move("go", "before", "door", along="road", rate_per_day=1e3, speed_km_per_day=200.0),
            move("in", "door", "line", share=1.0),
            move("served", "line", "after", share=1.0),
        ],
        places=["north", "south"],
        routes=[("north", "south", 100)],
        outputs={"waited": {"title": "w", "days_waited": "line", "every": "day"}, "served": flow("served")},
    )
    walk = start(model).on(2)
    assert walk.people("after", place="south") == PEOPLE
    assert walk.output("served")[:3].tolist() == [0, PEOPLE, 0]
    assert walk.output("waited")[0, :3].tolist() == [0, PEOPLE, 0]


def test_nobody_makes_two_moves_in_place_in_a_step():
    statuses = ["first", "second", "third", "fourth"]
    ways = [move(f"to {b}", a, b, rate_per_day=1e3) for a, b in pairwise(statuses)]
    for order in (statuses, statuses[::-1]):
        compartments = [stay(name, **({"initial": here(5)} if name == "first" else {})) for name in order]
        walk = start(make_model(compartments, ways))
        assert [walk.on().people(name) for name in statuses[1:]] == [5, 5, 5]


def test_flows_count_where_people_set_off_or_where_they_arrive():
    outputs = {
        "off": flow("go", by=["place"]),
        "there": flow("go", by=["place"], counted="arriving"),
        "by_road": flow("go", by=["route"]),
        "present": stock("after", by=["place"]),
    }
    model = make_model(
        [stay("before", at={"id": "north"}, initial=here(PEOPLE)), stay("after", at={"id": "south"})],
        [move("go", "before", "after", along="road", rate_per_day=1e3, speed_km_per_day=50.0, spread=0.01)],
        places=["north", "south"],
        routes=[("north", "south", 150)],
        outputs=outputs,
        days=6,
    )
    walk = start(model).to_the_end()
    assert [block.labels for block in walk.network.recording.blocks] == [
        (("north",),),
        (("south",),),
        (("north>south",),),
        (("south",),),
    ]
    assert walk.output("off").tolist() == walk.output("by_road").tolist() == [[PEOPLE, 0, 0, 0, 0, 0]]
    assert walk.output("there").tolist() == [[0, 0, 0, PEOPLE, 0, 0]]
    assert walk.output("present").tolist() == [[0, 0, 0, PEOPLE, PEOPLE, PEOPLE]]
