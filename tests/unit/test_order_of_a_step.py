"""Do the phases of a step come in the order that docs/MODEL.md and the kernel's header say?

For each two neighbouring phases a small case in which their order shows in the numbers; all in expected flow, so that they are exact.
"""

import re
from pathlib import Path

import pytest
from builders import day, flow, gate, here, make_model, move, population, queue, stay, stock
from walking import start

from corredor.engine import kernel

AT_ONCE = {"rate_per_day": 1e9}
"""A hazard by which all leave in the first step."""

NEXT_DAY = {"takes": {"mean_days": 1.0}}
"""One stage that all pass: who sets off in a step arrives in the next."""


def walk_of(compartments, transitions, **more):
    return start(make_model(compartments, transitions, **more), expected=True)


def rush(from_):
    """Everybody of a status attempts, every day."""
    share = {"alpha": 1e6, "beta": 1e-3}
    return {"name": "rush", "from": [from_], "to": "fence", "events_per_day": 1e9, "at_crowd": 1.0, "share": share}


def departure(from_, people):
    """A scheduled departure on the first day."""
    event = {"id": "caravan", "date": day(0), "at": "here", "from": from_, "to": "gathered"}
    return event | {"people": float(people), "groups": {"people": 1.0}}


def test_1_before_2_waits_are_those_before_todays_arrivals():
    walk = walk_of(
        [stay("before", initial=here(70)), queue("line", 1.0), stay("camp", initial=here(100)), stay("after")],
        [
            move("come", "before", "line", **AT_ONCE, **NEXT_DAY),
            move("served", "line", "after", share=1.0),
            move("go", "camp", "after", rate_per_day=0.1, changed_by=[{"waiting": "line", "effect": -50.0}]),
        ],
        outputs={"go": flow("go"), "wait": {"title": "wait", "expected_wait": "line", "every": "day"}},
    ).on(3)
    gone = walk.output("go")[:3]
    assert walk.output("wait")[:3] == pytest.approx([0, 0, 69])
    assert gone[1] / (100 - gone[0]) == pytest.approx(gone[0] / 100)
    assert gone[2] < 1e-9


def test_2_before_3_who_arrives_at_a_gate_passes_it_at_once():
    walk = walk_of(
        [stay("before", initial=here(70)), gate("checkpoint"), stay("after")],
        [move("come", "before", "checkpoint", **AT_ONCE, **NEXT_DAY), move("pass", "checkpoint", "after", share=1.0)],
    ).on(2)
    assert (walk.people("checkpoint"), walk.people("after")) == (0, 70)


def test_3_before_4_who_passes_a_gate_to_home_can_leave_home_in_the_same_step():
    walk = walk_of(
        [gate("checkpoint", initial=here(70)), population("home"), stay("away")],
        [move("return", "checkpoint", "home", share=1.0), move("leave", "home", "away", **AT_ONCE)],
    ).on()
    assert (walk.people("home"), walk.people("away")) == (0, 70)


@pytest.mark.parametrize("first, second", [("home", "camp"), ("camp", "line")], ids=["4_before_5", "5_before_6"])
def test_departures_before_stays_before_queues_take_the_room_there_is(first, second):
    kinds = {"home": population("home"), "camp": stay("camp", initial=here(40)), "line": queue("line", 1e6, initial=here(40))}
    ways = {
        "home": move("leave", "home", "shelter", **AT_ONCE),
        "camp": move("move", "camp", "shelter", **AT_ONCE),
        "line": move("served", "line", "shelter", share=1.0),
    }
    walk = walk_of(
        [kinds[second], kinds[first], stay("shelter", capacity=10.0)],
        [ways[second], ways[first]],
        places={"here": {"population": 40.0}},
    ).on()
    assert (walk.people(first), walk.people(second), walk.people("shelter")) == (30, 40, 10)


def test_6_before_7_who_is_served_no_longer_stands_in_line_for_a_departure():
    walk = walk_of(
        [queue("line", 60.0, initial=here(100)), stay("after"), stay("gathered")],
        [move("served", "line", "after", share=1.0)],
        events=[departure("line", 90)],
    ).on()
    assert (walk.people("after"), walk.people("gathered"), walk.people("line")) == (60, 40, 0)


def test_7_before_8_who_departs_together_is_not_in_the_crowd_that_attempts():
    walk = walk_of(
        [stay("camp", initial=here(100)), stay("gathered"), gate("fence"), stay("across")],
        [move("get across", "fence", "across", share=1.0)],
        events=[departure("camp", 90)],
        collective_attempts=[rush("camp")],
    ).on()
    assert walk.people("gathered") == 90
    assert walk.people("fence") == pytest.approx(10)


def test_8_before_9_who_comes_in_place_attempts_only_the_next_day():
    walk = walk_of(
        [stay("before", initial=here(70)), stay("camp"), gate("fence"), stay("across")],
        [move("come", "before", "camp", **AT_ONCE), move("get across", "fence", "across", share=1.0)],
        collective_attempts=[rush("camp")],
    ).on()
    assert (walk.people("camp"), walk.people("fence")) == (70, 0)
    walk.on()
    assert walk.people("fence") == pytest.approx(70)


def test_9_before_10_stocks_are_counted_when_all_have_entered():
    walk = walk_of(
        [stay("before", initial=here(70)), stay("camp")],
        [move("come", "before", "camp", **AT_ONCE)],
        outputs={"inside": stock("camp")},
    ).on()
    assert walk.output("inside")[0] == 70


def test_the_page_and_the_kernel_say_the_same_order():
    page = (Path(__file__).parents[2] / "docs" / "MODEL.md").read_text(encoding="utf-8")
    said = re.search(r"## Order of a step\n\n(.*?)\.\n", page).group(1)
    in_kernel = re.search(r"Order of a step: (.*?)\. Who", kernel.__doc__, flags=re.DOTALL).group(1)
    assert " ".join(in_kernel.split()) == said
    assert [int(part.split()[0]) for part in said.split(" · ")] == list(range(1, 11))
