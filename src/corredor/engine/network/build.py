"""From a Model to a FlowNetwork: the arrays that are the same in all draws, and the rows from which each draw's numbers are made."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from corredor.engine.network.arrays import GATE, POPULATION, QUEUE, STAY, Topology
from corredor.engine.network.draft import Draft, make_draft
from corredor.engine.network.flow_network import FlowNetwork, Setting
from corredor.engine.network.index_arrays import first_of, ints, true_between
from corredor.engine.network.leaving_together import collective_attempts, scheduled_departures
from corredor.engine.network.moves import number_moves
from corredor.engine.network.quantities import Quantities
from corredor.engine.network.recording import WAIT_EDGES_DAYS, Record, Recording, make_recording
from corredor.study.model import Model
from corredor.study.selectors import matches_place
from corredor.study.topology import Compartment

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
    topology = Topology(
        step_days=draft.calendar.step_days,
        **_compartment_arrays(draft),
        **_pool_arrays(draft),
        **_move_arrays(draft),
        **_time_arrays(draft),
        **_journey_arrays(draft),
        **attempts.arrays,
        **events.arrays,
        **_record_arrays(draft, recording),
    )
    return _put_together(draft, recording, topology, attempts.rows, events.rows)


def _put_together(
    draft: Draft, recording: Recording, topology: Topology, attempt_rows: np.ndarray, event_row: np.ndarray
) -> FlowNetwork:
    model, layout, quantities = draft.model, draft.layout, draft.quantities
    initial = _initial(draft)
    noise_row = [quantities.row(c.spec.noise if c.spec.noise is not None else 0.0, c.place) for c in layout.compartments]
    service_noise = [(c.spec.service_noise if c.spec.service_noise is not None else 0.0, c.place) for c in layout.queues]
    service_noise_row = [quantities.row(noise, place) for noise, place in service_noise]
    capacities = tuple(_setting(draft, compartment, "capacity") for compartment in layout.with_capacity)
    services = tuple(_setting(draft, compartment, "served_per_day") for compartment in layout.queues)
    _register_outputs(model, quantities)
    shape = (len(draft.moves), len(quantities.constants))
    sets = draft.sets.values()
    branches = [(journey, branch) for journey in draft.journeys.values() for branch in journey.branches]
    return FlowNetwork(
        model=model,
        calendar=draft.calendar,
        layout=layout,
        quantities=quantities,
        covariates=draft.covariates,
        recording=recording,
        topology=topology,
        moves=layout.moves,
        set_row=ints([row.row for row in sets]),
        set_is_share=np.array([row.is_share for row in sets], dtype=bool),
        set_pool=ints([row.pool for row in sets]),
        fixed_terms=_matrix(draft.fixed_terms, shape),
        fixed_choice=_matrix(draft.fixed_choice, shape),
        term_row=ints([row for row, _, _ in draft.terms]),
        term_coefficient=np.array([coefficient for _, coefficient, _ in draft.terms], dtype=float),
        term_series=ints([series for _, _, series in draft.terms]),
        state_row=ints([row for move in draft.moves for _, _, row in move.states]),
        handles_row=ints(list(draft.handles)),
        capacities=capacities,
        services=services,
        service_noise_row=ints(service_noise_row),
        noise_row=ints(noise_row),
        branch_row=ints([journey.row for journey, _ in branches]),
        branch_km=np.array([np.nan if journey.km is None else journey.km for journey, _ in branches], dtype=float),
        branch_mean_ratio=np.array([branch.mean_ratio for _, branch in branches], dtype=float),
        stage_group=np.repeat(topology.pool_group[ints([j.to_pool for j, _ in branches])], ints([b.stages for _, b in branches])),
        attempt_rows=attempt_rows,
        event_row=event_row,
        initial_pool=ints([pool for pool, _, _ in initial]),
        initial_row=ints([row for _, row, _ in initial]),
        initial_share=np.array([share for _, _, share in initial], dtype=float),
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


def _time_arrays(draft: Draft) -> Arrays:
    calendar, change_steps = draft.calendar, draft.covariates.change_steps
    windows = [np.frombuffer(window, dtype=bool) for window in draft.windows]
    return {
        "change_of_step": ints(np.searchsorted(change_steps, np.arange(calendar.n_steps), side="right") - 1),
        "open_on_change": ints(windows).reshape(len(windows), len(change_steps)),
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


def _setting(draft: Draft, compartment: Compartment, kind: str) -> Setting:
    """A compartment's capacity or service, and the measures that change it, in the order of measures.yaml."""
    place, row = compartment.place, draft.quantities.row
    base, changes = row(getattr(compartment.spec, kind), place), []
    for measure in draft.model.measures:
        for action in measure.acts_on:
            quantity = action.set if action.set is not None else action.multiply
            if getattr(action, kind) == compartment.status and matches_place(action.at, place) and quantity is not None:
                changes.append((draft.covariates.window(measure) > 0, action.set is not None, row(quantity, place)))
    driver = compartment.spec.capacity_driver if kind == "capacity" else None
    factor = 1.0 if driver is None else draft.covariates.values_of_driver(driver, place)
    return Setting(base, factor, tuple(changes))


def _register_outputs(model: Model, quantities: Quantities) -> None:
    """Give rows to the quantities that results and observations will ask for."""
    for output in model.study.outputs.values():
        wanted = [output.reported_share, output.dispersion, *(output.sum_of or {}).values()]
        for quantity in wanted:
            if quantity is not None:
                quantities.row(quantity)
    for account in model.study.accounts.values():
        quantities.row(account.usd_each)


def _initial(draft: Draft) -> list[tuple[int, int, float]]:
    """People at the start of the warm-up: (pool, row of the number of people, share of the group)."""
    found: list[tuple[int, int, float]] = []
    for number, (compartment, group_id) in enumerate(draft.layout.pools):
        place, initial = compartment.place, compartment.spec.initial
        if compartment.type == "population":
            row = draft.quantities.row(float(place.population or 0.0), place)
            found.append((number, row, draft.model.study.groups[group_id].share_of_population))
        elif initial is not None and initial.groups.get(group_id, 0.0) > 0:
            share = initial.groups[group_id] / sum(initial.groups.values())
            found.append((number, draft.quantities.row(initial.people, place), share))
    return found


def _matrix(entries: list[tuple[int, int, float]], shape: tuple[int, int]) -> sparse.csr_array:
    moves, rows, coefficients = zip(*entries, strict=True) if entries else ((), (), ())
    return sparse.csr_array((np.array(coefficients, dtype=float), (ints(moves), ints(rows))), shape=shape)
