"""Is a queue first come, first served, and are its waits right? Deterministic queues by hand (M5, M7), lines of people looked at."""

from math import exp, floor

import numpy as np
import pytest
from builders import fixed, flow, here, make_model, measure, move, population, queue, stay, stock
from walking import start

from corredor.engine.kernel import LONGEST_WAIT_DAYS
from corredor.engine.network.recording import WAIT_EDGES_DAYS

OUTPUTS = {
    "served": flow("served"),
    "waited": {"title": "waited", "days_waited": "line", "every": "day"},
    "wait": {"title": "wait", "expected_wait": "line", "every": "day"},
    "waiting": stock("line"),
}


def line(served_per_day, *ways, before=0.0, already=0.0, rate=1e3, compartments=(), **more):
    """People before a line, in it, and after it."""
    statuses = [stay("before", initial=here(before)), queue("line", served_per_day, initial=here(already)), stay("after")]
    moves = [move("join", "before", "line", rate_per_day=rate), move("served", "line", "after", share=1.0)]
    return make_model([*statuses, *compartments], [*moves, *ways], outputs=OUTPUTS, **more)


# --- service ---


def test_in_expected_flow_a_queue_serves_its_capacity_or_all_who_wait():
    walk = start(line(30.0, already=100), expected=True).to_the_end()
    assert walk.output("served")[:6] == pytest.approx([30, 30, 30, 10, 0, 0])


@pytest.mark.parametrize(("step_days", "after_each_step"), [(0.25, [7.5, 15.0, 22.5]), (7.0, [100.0, 100.0, 100.0])])
def test_a_queue_serves_for_the_length_of_the_step(step_days, after_each_step):
    walk = start(line(30.0, already=100, step_days=step_days, days=28), expected=True)
    assert [walk.on().people("after") for _ in range(3)] == pytest.approx(after_each_step)


def test_a_measure_sets_or_multiplies_the_service_while_it_lasts():
    both = [
        measure("fewer", 1, 3, {"served_per_day": "line", "set": 8.0}),
        measure("half", 3, 4, {"served_per_day": "line", "multiply": "half"}),
    ]
    model = line(30.0, already=1000, measures=both, parameters={"half": fixed(0.5, "ratio")})
    walk = start(model, expected=True).to_the_end()
    assert walk.output("served")[:6] == pytest.approx([30, 8, 8, 4, 15, 30])


def test_a_queue_without_service_serves_nobody():
    assert start(line(0.0, already=50)).to_the_end().people("line") == 50


def test_served_people_divide_over_the_outcomes_by_share_and_groups_by_their_own():
    groups = {"adults": {"kind": "adult"}, "families": {"kind": "family"}}
    share = {"by": "kind", "values": {"adult": 0.25, "family": 0.75}}
    model = make_model(
        [queue("line", 80.0, initial=here(100, adults=1, families=1)), stay("admitted"), stay("refused")],
        [move("admit", "line", "admitted", share=share), move("refuse", "line", "refused", share="rest")],
        groups=groups,
    )
    walk = start(model, expected=True).on()
    assert walk.people("admitted", group="adults") == pytest.approx(10)
    assert walk.people("admitted", group="families") == pytest.approx(30)
    assert walk.people("refused", group="adults") == pytest.approx(30)
    random = start(model).on()
    assert random.people("admitted") + random.people("refused") + random.people("line") == 100


def test_who_is_called_while_every_outcome_is_closed_stays_first_in_line():
    closed = measure("closed", 0, 9, {"closes": "served"})
    walk = start(line(30.0, already=100, measures=[closed])).on(10)
    assert (walk.people("line"), walk.people("after"), walk.state.cohort.sum()) == (100, 0, 100)
    assert walk.to_the_end().people("after") == 100


def test_days_waited_leave_out_who_is_called_while_every_outcome_is_closed():
    """Nobody is served until day 10; then 30 a day, who came on day 0 and have waited 10, 11, 12 and 13 days."""
    closed = measure("closed", 0, 9, {"closes": "served"})
    for expected in (True, False):
        walk = start(line(30.0, already=100, measures=[closed], days=40), expected=expected).on(10)
        assert walk.output("waited").sum() == 0 and walk.output("served").sum() == 0
        walk.to_the_end()
        waited = dict(zip(WAIT_EDGES_DAYS, walk.output("waited").sum(axis=1), strict=True))
        assert waited.pop(7.0) == pytest.approx(100), "all came on day 0 and waited 10 days or more, none less"
        assert set(waited.values()) == {0.0}


def test_who_has_no_outcome_open_is_not_called_and_keeps_the_place_in_line():
    """Of 30 served a day none is called of the families, whose way is closed until day 5; they came first and are then served first."""
    ways = [
        move("adults", "line", "after", share=1.0, groups={"id": "adults"}),
        move("families", "line", "after", share=1.0, groups={"id": "families"}),
    ]
    model = make_model(
        [queue("line", 30.0, initial=here(90, families=1.0)), stay("before", initial=here(120, adults=1.0)), stay("after")],
        [*ways, move("join", "before", "line", rate_per_day=1e3)],
        groups={"adults": {}, "families": {}},
        measures=[measure("closed", 0, 4, {"closes": "families"})],
        outputs={"waited": {"title": "w", "days_waited": "line", "every": "day"}, "served": flow("adults", "families")},
        days=12,
    )
    walk = start(model, expected=True).on(5)
    assert walk.people("after", group="families") == 0 and walk.people("after", group="adults") == pytest.approx(120)
    assert walk.state.cohort.sum() == pytest.approx(90)
    walk.on()
    assert walk.people("after", group="families") == pytest.approx(30)
    walk.to_the_end()
    np.testing.assert_allclose(walk.output("waited").sum(axis=0), walk.output("served"))
    assert walk.output("waited").sum() == pytest.approx(210)
    assert walk.output("waited")[list(WAIT_EDGES_DAYS).index(3.0), 5] == pytest.approx(30), "families of day 0, on day 5"


def test_days_waited_leave_out_who_finds_no_bed_after_being_called():
    model = make_model(
        [queue("line", 40.0, initial=here(100)), stay("house", capacity=12.0), stay("after")],
        [move("go in", "line", "house", share=0.5), move("served", "line", "after", share=0.5)],
        outputs={"waited": {"title": "w", "days_waited": "line", "every": "day"}, "served": flow("go in", "served")},
        days=30,
    )
    for draw in range(4):
        walk = start(model, draw=draw)
        walk.to_the_end()
        np.testing.assert_array_equal(walk.output("waited").sum(axis=0), walk.output("served"))


def test_who_finds_no_bed_after_being_served_stays_in_line():
    ways = [move("go in", "line", "house", share=0.5)]
    model = make_model(
        [queue("line", 40.0, initial=here(100)), stay("house", capacity=12.0), stay("after")],
        [*ways, move("served", "line", "after", share=0.5)],
    )
    walk = start(model)
    for _ in range(20):
        walk.on()
        assert walk.people("house") <= 12
        assert walk.people("line") + walk.people("house") + walk.people("after") == 100
        assert walk.state.cohort.sum() == walk.people("line")


# --- order, and days waited ---


def waits_by_hand(arrivals, served_per_step):
    """Days waited by those served, when everybody is served in order and service never varies: {days: people}."""
    waited, came, gone = {}, [[n, people] for n, people in arrivals], 0.0
    for step in range(60):
        left = served_per_step
        for cohort in came:
            if cohort[0] <= step and left > 0:
                taken = min(cohort[1], left)
                cohort[1] -= taken
                left -= taken
                gone += taken
                if taken > 0:
                    waited[step - cohort[0]] = waited.get(step - cohort[0], 0.0) + taken
    return waited


def test_days_waited_are_those_of_a_line_served_in_order():
    """The deterministic queue: 100 there from the beginning (they came with step 0), 60 more at the end of step 0, then 90 % of nobody."""
    walk = start(line(7.0, before=60, already=100), expected=True).to_the_end()
    by_class = walk.output("waited").sum(axis=1)
    by_hand = np.zeros(len(WAIT_EDGES_DAYS))
    for days, people in waits_by_hand([(0, 160.0)], 7.0).items():
        by_hand[np.searchsorted(WAIT_EDGES_DAYS, days, side="right") - 1] += people
    assert by_class == pytest.approx(by_hand)


def test_under_a_steady_stream_the_wait_grows_by_what_service_lacks():
    """A fluid queue: a people a day come and c < a are served, so person x comes at x/a, is served at x/c and waits x (1/c − 1/a)."""
    people, come_per_day, served_per_day = 1e12, 50.0, 40.0
    walk = start(line(served_per_day, before=people, rate=come_per_day / people, days=300), expected=True)
    for _ in range(300):
        walk.on()
        assert walk.people("line") == pytest.approx(come_per_day * walk.step - served_per_day * (walk.step - 1), rel=1e-6)
    waited = walk.output("waited").sum(axis=1)
    at_least = np.array([waited[i:].sum() for i in range(len(waited))])
    people_per_day_of_wait = 1 / (1 / served_per_day - 1 / come_per_day)
    exact = np.clip(served_per_day * 299 - WAIT_EDGES_DAYS * people_per_day_of_wait, 0, None)
    # In whole days a wait is up to two days longer: who joins on a day is called on the next at the earliest, whenever that is.
    assert (at_least - exact > -1e-3).all()
    assert (at_least - exact <= 2 * people_per_day_of_wait).all()
    assert at_least[0] == pytest.approx(served_per_day * 299, rel=1e-6)
    assert at_least[7] > 3000


def test_nobody_is_served_before_those_who_came_earlier():
    model = line(11.0, before=2000, already=40, rate=0.02, compartments=[stay("gone")], days=120)
    walk = start(model)
    before = walk.state.cohort.copy()
    for _ in range(120):
        walk.on()
        after = walk.state.cohort.copy()
        taken = np.flatnonzero(after[:, 0] < before[:, 0])
        if len(taken):
            assert after[: taken.max(), 0].sum() == 0
        before = after
    assert walk.people("after") > 500


def test_days_waited_sum_to_those_served_whoever_gives_up():
    giving_up = move("give up", "line", "gone", rate_per_day=0.03)
    model = line(9.0, giving_up, before=1500, already=200, rate=0.01, compartments=[stay("gone")], days=200)
    for draw in range(5):
        walk = start(model, draw=draw)
        for _ in range(200):
            walk.on()
            assert walk.state.cohort.sum() == walk.people("line")
            assert (walk.state.cohort >= 0).all()
        np.testing.assert_array_equal(walk.output("waited").sum(axis=0), walk.output("served"))
        assert walk.people("gone") > 100


# --- giving up ---


def test_those_who_wait_give_up_by_their_hazard_while_nobody_is_served():
    giving_up = move("give up", "line", "gone", rate_per_day=0.05)
    walk = start(line(0.0, giving_up, already=1000, compartments=[stay("gone")]), expected=True).on(10)
    assert walk.people("line") == pytest.approx(1000 * exp(-0.5), rel=1e-12)


def test_who_gives_up_is_spread_evenly_over_the_line():
    """Cohorts of 300, 30 and 3 shrink by the same share, up to whole people."""
    giving_up = move("give up", "line", "gone", rate_per_day=0.4)
    model = line(0.0, giving_up, compartments=[stay("gone")])
    cohorts = np.array([300.0, 30.0, 3.0])
    for draw in range(30):
        walk = start(model, draw=draw)
        pool = walk.pools("line")[0]
        walk.state.people[pool] = cohorts.sum()
        walk.state.cohort[:3, 0] = cohorts
        walk.on(3)
        kept = walk.people("line") / cohorts.sum()
        left = walk.state.cohort[:3, 0]
        assert left.sum() == walk.people("line")
        assert np.abs(left - cohorts * kept).max() < 3.5  # rounded to whole people three times
        assert (left == np.floor(left)).all()


# --- M7: waiting ---


def waiting_model(effect, served=5.0, **more):
    """People who could go; a line that they look at and do not join."""
    ways = [move("go", "camp", "gone", rate_per_day=0.1, changed_by=[{"waiting": "line", "effect": effect}])]
    return line(served, *ways, already=140, compartments=[stay("camp", initial=here(1000)), stay("gone")], **more)


def test_the_expected_wait_is_the_line_over_its_service_and_enters_rates_as_a_power():
    """140 people, 5 a day: 28 days, so a factor of (1 + 28/7)^−0.5."""
    walk = start(waiting_model(-0.5), expected=True).on()
    assert walk.people("gone") == pytest.approx(1000 * (1 - exp(-0.1 * 5**-0.5)), rel=1e-13)
    walk.to_the_end()
    assert walk.output("wait")[:3] == pytest.approx([28, 27, 26])


def test_an_expected_wait_is_cut_at_two_years_and_nobody_waits_where_nobody_stands():
    assert LONGEST_WAIT_DAYS == 730
    walk = start(waiting_model(-0.5, served=0.0), expected=True).to_the_end()
    assert walk.output("wait") == pytest.approx([730.0] * 30)
    model = line(0.0, already=0, days=3)
    assert start(model, expected=True).to_the_end().output("wait") == pytest.approx([0.0] * 3)
    slow = start(waiting_model(-0.5, served=0.001), expected=True).to_the_end()
    assert slow.output("wait")[0] == 730


def test_a_wait_at_the_destination_counts_where_the_term_asks_for_it():
    model = make_model(
        [
            stay("camp", at={"id": "north"}, initial=here(1000)),
            queue("line", 1.0, at={"id": "south"}, initial=here(70)),
            stay("gone", at={"id": "south"}),
        ],
        [
            move("go", "camp", "gone", along="road", rate_per_day=0.1, speed_km_per_day=1e4,
                 changed_by=[{"waiting": "line", "of": "destination", "effect": -1.0}]),
            move("served", "line", "gone", share=1.0),
        ],
        places=["north", "south"],
        routes=[("north", "south", 100)],
    )  # fmt: skip
    walk = start(model, expected=True).on()
    assert walk.people("camp") == pytest.approx(1000 * exp(-0.1 / 11), rel=1e-13)


# --- whole people ---


def test_people_who_join_and_are_served_stay_whole():
    model = make_model(
        [population("home"), queue("line", 3.3, service_noise=0.4), stay("after")],
        [move("join", "home", "line", rate_per_day=0.02), move("served", "line", "after", share=1.0)],
        places={"here": {"population": 700.0}},
        groups={"a": {"share_of_population": 0.35}, "b": {"share_of_population": 0.65}},
    )
    walk = start(model)
    for _ in range(30):
        walk.on()
        assert all(floor(people) == people for people in walk.state.people)
        assert all(floor(people) == people for people in walk.state.cohort.ravel())
