"""Do collective attempts happen, take people along and close the port as M9 says? By hand; their laws are in tests/statistical."""

from math import expm1

import numpy as np
import pytest
from builders import flow, gate, here, make_model, move, queue, stay
from walking import start

EVERYBODY = {"alpha": 1e6, "beta": 1e-3}
"""A beta law of which nearly all lies at 1."""


def line_at_the_port(crowd, already=0.0, served_per_day=1e6, **attempt):
    """People in a camp at the line, a queue at the port, and attempts to get across together."""
    words = {"name": "rush", "from": ["camp"], "to": "fence", "events_per_day": 0.5, "at_crowd": 100.0}
    words |= {"share": {"alpha": 2.0, "beta": 6.0}, **attempt}
    return make_model(
        [
            stay("camp", initial=here(crowd)),
            gate("fence"),
            queue("line", served_per_day, initial=here(already)),
            stay("across"),
            stay("inside"),
        ],
        [
            move("get across", "fence", "across", share=0.25),
            move("turn back", "fence", "camp", share="rest"),
            move("served", "line", "inside", share=1.0),
        ],
        collective_attempts=[words],
        outputs={"rush": flow("rush"), "served": flow("served")},
    )


@pytest.mark.parametrize(
    ("crowd", "growth", "hazard"), [(100, 1.0, 0.5), (300, 1.0, 1.5), (300, 2.0, 4.5), (25, 0.5, 0.25), (300, 0.0, 0.5)]
)
def test_the_hazard_grows_with_a_power_of_the_crowd_and_a_beta_share_goes(crowd, growth, hazard):
    """In expected flow the chance of an event times the mean share α/(α+β) goes in each step."""
    walk = start(line_at_the_port(crowd, growth=growth), expected=True).on()
    assert walk.output("rush")[0] == pytest.approx(-crowd * expm1(-hazard) * 2 / 8, rel=1e-12)
    assert walk.people("fence") == pytest.approx(walk.output("rush")[0])


def test_who_takes_part_meets_the_gate_in_the_next_step():
    walk = start(line_at_the_port(1000, share=EVERYBODY, events_per_day=1e9)).on()
    assert (walk.people("camp"), walk.people("fence")) == (0, 1000)
    walk.on()
    assert walk.people("across") + walk.people("fence") == 1000
    assert 180 < walk.people("across") < 320


def test_nobody_goes_where_there_is_no_crowd_and_no_event_where_the_hazard_is_0():
    assert start(line_at_the_port(0)).to_the_end().output("rush").sum() == 0
    assert start(line_at_the_port(500, events_per_day=0.0)).to_the_end().output("rush").sum() == 0


@pytest.mark.parametrize("expected", [False, True])
def test_who_goes_from_a_queue_no_longer_stands_in_it(expected):
    walk = start(
        line_at_the_port(0, already=400, served_per_day=0.0, events_per_day=3.0, **{"from": ["line"]}), expected=expected
    )
    for _ in range(30):
        walk.on()
        assert walk.state.cohort.sum() == pytest.approx(walk.people("line"), abs=1e-9)
        assert (walk.state.cohort >= 0).all()
    assert walk.people("line") < 100


@pytest.mark.parametrize(
    ("step_days", "closed_days", "open_shares"),
    [
        (1.0, 2.0, [1, 0, 0, 1]),
        (1.0, 0.5, [1, 0.5, 1]),
        (1.0, 2.25, [1, 0, 0, 0.75, 1]),
        (0.25, 0.6, [1, 0, 0, 0.6, 1]),
        (7.0, 3.5, [1, 0.5, 1]),
    ],
)
def test_an_event_closes_the_port_for_the_stated_time_and_part_of_a_step_reduces_its_service(step_days, closed_days, open_shares):
    """Everybody goes in step 0, so there is no second event; the port is closed from the end of that step on."""
    per_day = 1e8
    model = line_at_the_port(
        1000, 1e11, per_day, share=EVERYBODY, events_per_day=1e9, closes="line", closed_days=closed_days,
        to="across",
    )  # fmt: skip
    walk = start(make_steps(model, step_days))
    for share in open_shares:
        before = walk.people("inside")
        served = walk.on().people("inside") - before
        # Poisson with a mean of 1e8 times days: within 6 standard deviations
        mean = share * per_day * step_days
        assert abs(served - mean) <= 6 * np.sqrt(mean)
    assert walk.people("camp") == 0


def make_steps(model, step_days):
    study = model.study.model_copy(update={"step_days": step_days})
    return type(model)(**{**vars(model), "study": study})


def test_an_event_closes_the_port_of_its_own_place_only():
    model = make_model(
        [stay("camp", at={"id": "north"}, initial=here(1000)), queue("line", 1e6, initial=here(1e9)), stay("across")],
        [move("served", "line", "across", share=1.0)],
        places=["south", "north"],
        collective_attempts=[
            {"name": "rush", "from": ["camp"], "to": "across", "events_per_day": 1e9, "at_crowd": 1.0, "share": EVERYBODY,
             "closes": "line", "closed_days": 1.0}
        ],
    )  # fmt: skip
    walk = start(model).on()
    before = [walk.people("line", place=place) for place in ("south", "north")]
    walk.on()
    served = [b - walk.people("line", place=place) for b, place in zip(before, ("south", "north"), strict=True)]
    assert served[0] > 9e5
    assert served[1] == 0


def test_in_expected_flow_the_port_is_closed_for_the_expected_time():
    """Hazard 0.5 a day at a crowd that stays: 1 − e^−0.5 of half a day is lost in every step but the first."""
    model = line_at_the_port(100, 1e9, 1000.0, growth=0.0, closes="line", closed_days=0.5)
    walk = start(model, expected=True).to_the_end()
    assert walk.output("served")[0] == pytest.approx(1000)
    assert walk.output("served")[1:] == pytest.approx(1000 * (1 + 0.5 * expm1(-0.5)), rel=1e-12)
