"""What holds for any network and seed? Random corridors, one step at a time."""

import dataclasses

import numpy as np
import pytest
from everything import everything
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from networks import Allowed, corridors
from walking import start

SEEDS = st.integers(0, 2**40)

EXAMPLES = [pytest.param(60, id="reduced"), pytest.param(600, id="full", marks=pytest.mark.full)]


def holds(check, examples, **strategies):
    """Ask a property of so many random examples, always the same ones."""
    unhurried = settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    unhurried(given(**strategies)(check))()


def steps(walk):
    """The walk after each of its steps."""
    while walk.step < walk.network.calendar.n_steps:
        yield walk.on()


# --- people ---


@pytest.mark.parametrize("examples", EXAMPLES)
def test_in_every_step_nobody_of_any_group_is_lost_or_made(examples):
    def check(model, seed):
        walk = start(model, seed)
        for _ in steps(walk):
            np.testing.assert_array_equal(walk.everybody(), walk.everybody_at_start)

    holds(check, examples, model=corridors(), seed=SEEDS)


@pytest.mark.parametrize("examples", EXAMPLES)
def test_people_are_whole_and_never_fewer_than_none(examples):
    def check(model, seed):
        walk = start(model, seed)
        for _ in steps(walk):
            for count in (walk.state.people, walk.state.stages, walk.state.cohort):
                assert (count >= 0).all()
                assert (count == np.floor(count)).all()

    holds(check, examples, model=corridors(), seed=SEEDS)


@pytest.mark.parametrize("examples", EXAMPLES)
def test_in_expected_flow_people_are_kept_to_1e_9_and_never_fewer_than_none(examples):
    def check(model):
        walk = start(model, expected=True)
        for _ in steps(walk):
            np.testing.assert_allclose(walk.everybody(), walk.everybody_at_start, rtol=1e-9, atol=1e-9)
            assert (
                min(walk.state.people.min(initial=0), walk.state.stages.min(initial=0), walk.state.cohort.min(initial=0)) > -1e-6
            )

    holds(check, examples, model=corridors())


@pytest.mark.parametrize("examples", EXAMPLES)
def test_what_is_counted_explains_every_change(examples):
    """In every step and status: there before, plus who came in, less who went out, makes those who are there."""

    def check(model, seed):
        walk = start(model, seed)
        warm_up = walk.network.calendar.n_warm_up_steps
        statuses = list(model.study.statuses)
        before = {status: walk.people(status) for status in statuses}
        for _ in steps(walk):
            now = {status: walk.people(status) for status in statuses}
            period = walk.step - 1 - warm_up
            for status in statuses if period >= 0 else []:
                moved = 0.0
                for name, sign in ((f"into_{status}", 1), (f"out_of_{status}", -1)):
                    if name in model.study.outputs:
                        moved += sign * walk.output(name)[period]
                assert now[status] - before[status] == moved, (status, period)
            before = now

    holds(check, examples, model=corridors(Allowed(attempts=False)), seed=SEEDS)


# --- doors ---


@pytest.mark.parametrize("examples", EXAMPLES)
def test_no_house_ever_holds_more_than_its_room_and_those_who_were_in_it(examples):
    def check(model, seed):
        walk = start(model, seed)
        topology, world = walk.network.topology, walk.inputs
        houses = [
            (number, slice(topology.compartment_first_pool[compartment], topology.compartment_first_pool[compartment + 1]))
            for number, compartment in enumerate(topology.capacity_compartment)
        ]
        assume(houses)
        before = [walk.state.people[pools].sum() for _, pools in houses]
        for _ in steps(walk):
            change = topology.change_of_step[walk.step - 1]
            for i, (number, pools) in enumerate(houses):
                inside = walk.state.people[pools].sum()
                assert inside <= max(before[i], world.capacity[number, change])
                before[i] = inside

    holds(check, examples, model=corridors(), seed=SEEDS)


@pytest.mark.parametrize("examples", EXAMPLES)
def test_a_closed_transition_and_one_with_rate_or_share_0_carry_nobody(examples):
    def check(model, seed):
        walk = start(model, seed).to_the_end()
        per_day = round(1 / model.study.step_days)
        closed = [(m, a.closes) for m in model.measures for a in m.acts_on if a.closes is not None]
        never = [t.name for t in model.study.transitions if t.rate_per_day == 0.0 or t.share == 0.0]
        assume(closed or never)
        for words, name in closed:
            first = max((words.from_ - model.study.from_).days, 0) * per_day
            last = ((words.to - model.study.from_).days + 1) * per_day
            assert walk.output(f"flow_{name}")[first : max(last, 0)].sum() == 0
        for name in never:
            assert walk.output(f"flow_{name}").sum() == 0

    holds(check, examples, model=corridors(Allowed(step_days=(0.25, 1.0))), seed=SEEDS)


# --- queues ---


@pytest.mark.parametrize("examples", EXAMPLES)
def test_who_stands_in_line_is_who_waits(examples):
    def check(model, seed):
        walk = start(model, seed)
        topology = walk.network.topology
        pools = np.flatnonzero(topology.pool_queue_row >= 0)
        assume(len(pools))
        for _ in steps(walk):
            in_line = walk.state.cohort.sum(axis=0)[topology.pool_queue_row[pools]]
            np.testing.assert_array_equal(in_line, walk.state.people[pools])

    holds(check, examples, model=corridors(), seed=SEEDS)


@pytest.mark.parametrize("examples", EXAMPLES)
def test_queues_serve_in_order_of_arrival(examples):
    """Nobody is called while somebody who came in an earlier step still waits."""

    def check(model, seed):
        walk = start(model, seed)
        topology = walk.network.topology
        assume(len(topology.queue_compartment))
        before = walk.state.cohort.copy()
        for _ in steps(walk):
            after = walk.state.cohort.copy()
            for queue in range(len(topology.queue_compartment)):
                rows = topology.pool_queue_row[topology.pool_queue == queue]
                left, was = after[:, rows].sum(axis=1), before[:, rows].sum(axis=1)
                called = np.flatnonzero(left < was)
                if len(called):
                    assert left[: called.max()].sum() == 0
            before = after

    lines_only = Allowed(giving_up=False, crowding=False, attempts=False, events=False)
    holds(check, examples, model=corridors(lines_only), seed=SEEDS)


# --- names ---


def renamed(model):
    """The same study with other ids for its places, in another alphabetical order."""
    new = {place.id: f"q{9 - number}" for number, place in enumerate(model.places)}

    def with_ids(entry, *fields):
        return entry.model_copy(
            update={field: new[getattr(entry, field)] for field in fields if getattr(entry, field) is not None}
        )

    transitions = [with_ids(transition, "to_place") for transition in model.study.transitions]
    return dataclasses.replace(
        model,
        places=tuple(with_ids(place, "id") for place in model.places),
        routes=tuple(with_ids(route, "from_", "to") for route in model.routes),
        events=tuple(with_ids(event, "at") for event in model.events),
        study=model.study.model_copy(update={"transitions": transitions}),
    )


@pytest.mark.parametrize("examples", EXAMPLES)
def test_renaming_places_changes_only_their_names(examples):
    def check(model, seed):
        one, two = start(model, seed).to_the_end(), start(renamed(model), seed).to_the_end()
        np.testing.assert_array_equal(one.cells, two.cells)
        np.testing.assert_array_equal(one.state.people, two.state.people)

    holds(check, examples, model=corridors(), seed=SEEDS)


# --- random numbers ---


def with_more_people(model, more):
    """The same study with more people at its start."""
    places = tuple(place.model_copy(update={"population": place.population + more}) for place in model.places)
    compartments = [
        c
        if c.initial is None
        else c.model_copy(update={"initial": c.initial.model_copy(update={"people": c.initial.people + more})})
        for c in model.study.compartments
    ]
    study = model.study.model_copy(update={"compartments": compartments})
    return dataclasses.replace(model, places=places, study=study)


@pytest.mark.parametrize("examples", EXAMPLES)
def test_more_people_at_the_start_with_the_same_luck_never_thin_a_flow_while_no_capacity_binds(examples):
    """Exactly, because counts here stay below the variance from which quantiles are off by one person now and then (random_numbers.py):
    one person more in a place means the same count or one more, of those who go and of those who stay."""

    def check(model, seed, more):
        few, many = start(model, seed).to_the_end(), start(with_more_people(model, more), seed).to_the_end()
        assert (many.cells >= few.cells).all()
        assert (many.state.people >= few.state.people).all()
        assert (many.state.stages >= few.state.stages).all()

    nothing_binds = Allowed(queues=False, crowding=False, attempts=False)
    holds(check, examples, model=corridors(nothing_binds), seed=SEEDS, more=st.integers(1, 2000))


@pytest.mark.parametrize("examples", EXAMPLES)
def test_a_run_may_stop_and_go_on_anywhere(examples):
    def check(model, seed, part):
        whole, parts = start(model, seed).to_the_end(), start(model, seed)
        parts.on(int(part * whole.step)).to_the_end()
        np.testing.assert_array_equal(whole.cells, parts.cells)
        np.testing.assert_array_equal(whole.state.people, parts.state.people)

    holds(check, examples, model=corridors(), seed=SEEDS, part=st.floats(0, 1))


# --- cost ---


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_number_of_decisions_does_not_grow_with_the_number_of_people(seed):
    """Ten thousand times as many people at home: at most 1.2 times as many decisions, when there were enough for every way before."""

    def decisions(factor):
        model = everything()
        places = tuple(
            place.model_copy(update={"population": None if place.population is None else 100 * factor * place.population})
            for place in model.places
        )
        return int(start(dataclasses.replace(model, places=places), seed).to_the_end().state.decisions[0])

    few, many = decisions(1.0), decisions(1e4)
    assert few > 10_000
    assert many <= 1.2 * few
