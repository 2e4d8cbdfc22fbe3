"""From a Model to a FlowNetwork: the arrays that are the same in all draws, and the rows from which each draw's numbers are made."""

from __future__ import annotations

import numpy as np

from corredor.engine.arrays import GATE, POPULATION, QUEUE, STAY, Recipe, Topology
from corredor.engine.inputs import fill_open
from corredor.engine.network.draft import Draft, make_draft
from corredor.engine.network.flow_network import FlowNetwork
from corredor.engine.network.index_arrays import first_of, ints, true_between
from corredor.engine.network.leaving_together import collective_attempts, scheduled_departures
from corredor.engine.network.moves import number_moves
from corredor.engine.network.recipe import make_recipe
from corredor.engine.network.recording import WAIT_EDGES_DAYS, Record, Recording, make_recording
from corredor.study.model import Model

COMPARTMENT_TYPES = {"gate": GATE, "population": POPULATION, "stay": STAY, "queue": QUEUE}

Arrays = dict[str, np.ndarray]


def build_network(model: Model) -> FlowNetwork:
    """Numbers for the names of a study.

    raises : nothing that a checked Model can cause
    """
    draft = make_draft(model)
    number_moves(draft)
    attempts, events = collective_attempts(draft), scheduled_departures(draft)
    recording = make_recording(model, draft.calendar, draft.countables)
    recipe = make_recipe(draft, attempts.rows, events.rows)
    topology = Topology(
        step_days=draft.calendar.step_days,
        **_compartment_arrays(draft),
        **_pool_arrays(draft),
        **_move_arrays(draft),
        **_time_arrays(draft, recipe),
        **_journey_arrays(draft),
        **attempts.arrays,
        **events.arrays,
        **_record_arrays(draft, recording),
    )
    groups = [
        (topology.pool_group[journey.to_pool], branch.stages)
        for journey in draft.journeys.values()
        for branch in journey.branches
    ]
    return FlowNetwork(
        model=model,
        calendar=draft.calendar,
        layout=draft.layout,
        quantities=draft.quantities,
        covariates=draft.covariates,
        recording=recording,
        topology=topology,
        recipe=recipe,
        moves=draft.layout.moves,
        stage_group=np.repeat(ints([group for group, _ in groups]), ints([stages for _, stages in groups])),
    )


def _compartment_arrays(draft: Draft) -> Arrays:
    compartments, number = draft.layout.compartments, {c: n for n, c in enumerate(draft.layout.compartments)}
    return {
        "compartment_type": ints([COMPARTMENT_TYPES[compartment.type] for compartment in compartments]),
        "compartment_entity": ints([compartment.entity for compartment in compartments]),
        "compartment_first_pool": _first_pool(draft),
        "compartment_queue": ints([draft.queue_number.get(compartment, -1) for compartment in compartments]),
        "capacity_compartment": ints([number[compartment] for compartment in draft.capacity_number]),
        "queue_compartment": ints([number[compartment] for compartment in draft.queue_number]),
    }


def _first_pool(draft: Draft) -> np.ndarray:
    n_pools = dict.fromkeys(draft.layout.compartments, 0)
    for compartment, _ in draft.layout.pools:
        n_pools[compartment] += 1
    return first_of(list(n_pools.values()))


def _pool_arrays(draft: Draft) -> Arrays:
    """Pools; a plain one has a compartment without queue or state, a steady one no move that changes with time."""
    layout, first_pool, pools = draft.layout, _first_pool(draft), draft.layout.pools
    n_moves = np.zeros(len(pools), dtype=np.int64)
    for move in layout.moves:
        n_moves[draft.pool_number[move.origin, move.group_ids[0]]] += 1
    first_move, own_moves = first_of(n_moves), draft.moves[: len(layout.moves)]
    has_state = np.array([move.has_state for move in own_moves], dtype=bool)
    has_date = np.array([move.has_date for move in own_moves], dtype=bool)
    is_plain = true_between(has_state, first_move[first_pool]) == 0
    is_plain &= np.array([compartment.type != "queue" for compartment in layout.compartments])
    queue = ints([draft.queue_number.get(compartment, -1) for compartment, _ in pools])
    return {
        "pool_entity": ints([compartment.entity for compartment, _ in pools]),
        "pool_group": ints([layout.group_ids.index(group_id) for _, group_id in pools]),
        "pool_first_move": first_move,
        "pool_queue": queue,
        "pool_queue_row": ints(np.where(queue >= 0, np.cumsum(queue >= 0) - 1, -1)),
        "pool_is_plain": ints(np.repeat(is_plain, np.diff(first_pool))),
        "pool_is_steady": ints(true_between(has_date, first_move) == 0),
    }


def _move_arrays(draft: Draft) -> Arrays:
    moves = draft.moves
    of_move = {f"move_{name}": ints([getattr(m, name) for m in moves]) for name in ("to", "journey", "set", "is_share")}
    of_move |= {f"move_{name}": ints([getattr(m, name) for m in moves]) for name in ("open", "capacity", "handles", "has_state")}
    return {
        **of_move,
        "move_first_term": first_of([len(move.terms) for move in moves]),
        "move_term": ints([term for move in moves for term in move.terms]),
        "move_first_choice": first_of([len(move.choices) for move in moves]),
        "move_choice": ints([term for move in moves for term in move.choices]),
        "move_first_state": first_of([len(move.states) for move in moves]),
        "state_kind": ints([kind for move in moves for kind, _, _ in move.states]),
        "state_index": ints([index for move in moves for _, index, _ in move.states]),
    }


def _time_arrays(draft: Draft, recipe: Recipe) -> Arrays:
    calendar, change_steps = draft.calendar, draft.covariates.change_steps
    open_on_change = np.zeros((len(draft.windows), len(change_steps)), dtype=np.int64)
    fill_open(recipe, open_on_change)
    return {
        "change_of_step": ints(np.searchsorted(change_steps, np.arange(calendar.n_steps), side="right") - 1),
        "open_on_change": open_on_change,
        "period": calendar.period,
        "flow_here": calendar.flow_here,
        "flow_next": calendar.flow_next,
        "mean_here": calendar.mean_here,
        "mean_next": calendar.mean_next,
    }


def _journey_arrays(draft: Draft) -> Arrays:
    journeys = list(draft.journeys.values())
    branches = [branch for journey in journeys for branch in journey.branches]
    return {
        "journey_to": ints([journey.to_pool for journey in journeys]),
        "journey_first_branch": first_of([len(journey.branches) for journey in journeys]),
        "branch_weight": np.array([branch.weight for branch in branches], dtype=float),
        "branch_first_stage": first_of([branch.stages for branch in branches]),
    }


def _record_arrays(draft: Draft, recording: Recording) -> Arrays:
    return {
        "wait_edges_days": WAIT_EDGES_DAYS,
        "waited_stride": ints([record.stride for record in recording.waited]),
        **_by_countable("depart", recording.departures, len(draft.moves)),
        **_by_countable("arrive", recording.arrivals, len(draft.journeys)),
        **_one_by_one("stock", "pool", recording.stocks),
        **_one_by_one("wait", "queue", recording.waits),
        **_one_by_one("waited", "queue", recording.waited),
    }


def _by_countable(name: str, records: list[Record], n_countables: int) -> Arrays:
    """Cells and frequencies of records, ordered by what they count, and where those of each begin."""
    n_records = np.bincount(ints([record.countable for record in records]), minlength=n_countables)
    ordered = sorted(records, key=lambda record: record.countable)
    return {
        f"{name}_first": first_of(n_records),
        f"{name}_cell": ints([record.cell for record in ordered]),
        f"{name}_frequency": ints([record.frequency for record in ordered]),
    }


def _one_by_one(name: str, owner: str, records: list[Record]) -> Arrays:
    return {
        f"{name}_{owner}": ints([record.countable for record in records]),
        f"{name}_cell": ints([record.cell for record in records]),
        f"{name}_frequency": ints([record.frequency for record in records]),
    }
