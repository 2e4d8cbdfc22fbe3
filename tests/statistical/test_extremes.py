"""Ten billion people, one, none; chances of 0 and 1; no room, no service or more than anybody needs: nobody is lost and laws still hold."""

from __future__ import annotations

import numpy as np
import pytest
from builders import gate, here, make_model, move, population, queue, stay, stock

from corredor._simulate import simulate
from corredor.engine.inputs import SMALLEST_REST
from corredor.results.dataset import lost_people
from corredor.study.model import Model

DRAWS = 20

PEOPLE = [0.0, 1.0, 1e10]


def everywhere(model: Model) -> dict[str, np.ndarray]:
    """(n_draws, n_days) of people in each status, after a look at whether anybody was lost."""
    run = simulate(model, draws=DRAWS, jobs=1)
    assert lost_people(run) == 0
    found = {name: run[name].to_numpy() for name in run.data_vars if name in model.study.statuses}
    for counts in found.values():
        assert np.isfinite(counts).all() and (counts >= 0).all() and (counts == np.round(counts)).all()
    return found


def one_by_one(*statuses: str) -> dict[str, dict[str, object]]:
    return {status: stock(status) for status in statuses}


@pytest.mark.parametrize("people", PEOPLE)
@pytest.mark.parametrize("rate", [0.0, 1e-12, 0.1, 50.0, 1e9])
def test_any_number_of_people_at_any_rate(people, rate):
    model = make_model(
        [stay("home", initial=here(people)), stay("away")],
        [move("leave", "home", "away", rate_per_day=rate)],
        outputs=one_by_one("home", "away"),
        days=5,
    )
    found = everywhere(model)
    assert (found["home"] + found["away"] == people).all()
    left = np.exp(-rate * np.arange(1, 6))
    expected, sd = people * left, np.sqrt(people * left * (1 - left) / DRAWS)
    assert (np.abs(found["home"].mean(axis=0) - expected) <= 5 * sd + (0.5 if people < 10 else 1e-6 * expected)).all()


@pytest.mark.parametrize("people", PEOPLE)
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_all_or_nobody_at_a_gate(people, share):
    model = make_model(
        [stay("home", initial=here(people)), gate("door"), stay("in"), stay("out")],
        [
            move("come", "home", "door", rate_per_day=1e9),
            move("pass", "door", "in", share=share),
            move("turn", "door", "out", share="rest"),
        ],
        outputs=one_by_one("in", "out"),
        days=3,
    )
    found = everywhere(model)
    # who comes to the gate in one step passes it in the next; a share is at least SMALLEST_REST and at most all but that
    passed, turned = found["in"][:, 1:], found["out"][:, 1:]
    assert (passed + turned == people).all()
    assert (np.abs(passed - people * share) <= 3 * SMALLEST_REST * people).all()


@pytest.mark.parametrize("effect", [-800.0, -1e6, 800.0, 1e6])
def test_effects_beyond_any_number(effect):
    model = make_model(
        [stay("home", initial=here(1000)), stay("away")],
        [move("leave", "home", "away", rate_per_day=0.1, changed_by=[{"group": {"id": "people"}, "effect": effect}])],
        outputs=one_by_one("home", "away"),
        days=3,
    )
    found = everywhere(model)
    assert (found["away"] == (1000 if effect > 0 else 0)).all()


@pytest.mark.parametrize("people", PEOPLE)
@pytest.mark.parametrize("capacity", [0.0, 1e12])
def test_no_room_or_more_than_anybody_needs(people, capacity):
    model = make_model(
        [stay("home", initial=here(people)), stay("shelter", capacity=capacity)],
        [move("enter", "home", "shelter", rate_per_day=1e9)],
        outputs=one_by_one("home", "shelter"),
        days=3,
    )
    found = everywhere(model)
    assert (found["shelter"] == min(people, capacity)).all()
    assert (found["home"] + found["shelter"] == people).all()


@pytest.mark.parametrize("people", PEOPLE)
@pytest.mark.parametrize("served", [0.0, 1.0, 1e12])
def test_nobody_served_or_everybody(people, served):
    model = make_model(
        [queue("line", served, initial=here(people)), stay("in")],
        [move("serve", "line", "in", share="rest")],
        outputs=one_by_one("line", "in"),
        days=4,
    )
    found = everywhere(model)
    assert (found["line"] + found["in"] == people).all()
    if served != 1.0:
        assert (found["in"] == min(people, served)).all()
    elif people > 1:  # a Poisson number a day, one on average
        days = np.arange(1, 5)
        assert (np.abs(found["in"].mean(axis=0) - days) <= 5 * np.sqrt(days / DRAWS)).all()


def test_a_whole_world_leaves_at_once():
    model = make_model(
        [population("home"), stay("away")],
        [move("leave", "home", "away", rate_per_day=1e9)],
        places={"world": {"population": 1e10}},
        outputs={"away": stock("away")},
        days=3,
    )
    assert everywhere(model)["away"].max() >= 1e10
