"""From a Model to a FlowNetwork: the arrays that are the same in all draws, and the rows from which each draw's numbers are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from corredor.engine.network.arrays import GATE, OVERCROWDING, POPULATION, QUEUE, STAY, WAITING, Topology
from corredor.engine.network.calendar import Calendar, make_calendar
from corredor.engine.network.covariates import Covariates
from corredor.engine.network.flow_network import REST, FlowNetwork, Setting
from corredor.engine.network.index_arrays import first_of, ints, true_between
from corredor.engine.network.journeys import Branch, gamma_branches, in_steps, lognormal_branches
from corredor.engine.network.layout import Compartment, Layout, Move, make_layout, position
from corredor.engine.network.leaving_together import collective_attempts, scheduled_departures
from corredor.engine.network.moves import Moves
from corredor.engine.network.quantities import Quantities
from corredor.engine.network.recording import WAIT_EDGES_DAYS, Countable, Records, make_recording, queue_countable
from corredor.engine.network.terms import Effect, StateEffect, choice_terms, open_window, rate_terms
from corredor.study.model import Model
from corredor.study.schema import Action, Measure
from corredor.study.selectors import matches_place

COMPARTMENT_TYPES = {"gate": GATE, "population": POPULATION, "stay": STAY, "queue": QUEUE}


@dataclass(frozen=True)
class _Journey:
    """People of a group on their way by one transition to one pool; `row` is of the speed if km is given, else of the time."""

    transition: int
    to_pool: int
    km: float | None
    row: int
    branches: tuple[Branch, ...]
    countable: Countable


def build_network(model: Model) -> FlowNetwork:
    """Numbers for the names of a study.

    raises : nothing that a checked Model can cause
    """
    calendar, quantities = make_calendar(model.study), Quantities(model)
    covariates = Covariates(model, calendar, quantities)
    layout = make_layout(model)
    pool_number = layout.pool_number
    compartments = tuple(
        compartment for compartment in layout.compartments if any(pool[0] is compartment for pool in layout.pools)
    )
    compartment_number = {compartment.entity: number for number, compartment in enumerate(compartments)}
    capacity_compartments = [compartment for compartment in compartments if compartment.spec.capacity is not None]
    queue_compartments = [compartment for compartment in compartments if compartment.type == "queue"]

    moves = Moves()
    set_row: list[int] = []
    set_is_share: list[bool] = []
    set_pool: list[int] = []
    set_number: dict[tuple[int, int], int] = {}
    journeys: dict[tuple[object, ...], _Journey] = {}
    journey_number: dict[tuple[object, ...], int] = {}
    open_masks: dict[bytes, int] = {}
    open_rows: list[np.ndarray] = []
    handles: dict[int, int] = {}
    terms: dict[tuple[int, float, int], int] = {}

    for number, move in enumerate(layout.moves):
        transition = model.study.transitions[move.transition]
        group_id, place = layout.group_ids[move.group], move.origin.place
        pool = pool_number[move.origin.entity, move.group]
        to_pool = pool_number[move.target.entity, move.group]
        key = (pool, move.transition)
        if key not in set_number:
            set_number[key] = len(set_row)
            is_rest = transition.share == "rest"
            quantity = transition.rate_per_day if transition.share is None else transition.share
            set_row.append(REST if is_rest or quantity is None else quantities.row(quantity, place, group_id))
            set_is_share.append(transition.share is not None)
            set_pool.append(pool)
        moves.to.append(to_pool)
        moves.set.append(set_number[key])
        moves.is_share.append(transition.share is not None)
        moves.capacity.append(-1 if move.target.spec.overfills else position(capacity_compartments, move.target))
        moves.journey.append(_journey(model, calendar, quantities, move, to_pool, journeys, journey_number))
        window = open_window(model, covariates, move)
        if window is None:
            moves.open.append(-1)
        else:
            moves.open.append(open_masks.setdefault(window.tobytes(), len(open_masks)))
            open_rows[len(open_rows) :] = [window] if len(open_masks) > len(open_rows) else []
        if transition.handles_per_day is None:
            moves.handles.append(-1)
        else:
            row = quantities.row(transition.handles_per_day, place, group_id)
            moves.handles.append(handles.setdefault(row, len(handles)))
        changing, states = [], []
        for effect in rate_terms(model, covariates, move):
            if isinstance(effect, StateEffect):
                states.append(effect)
            elif effect.series is None:
                moves.fixed_terms.append((number, effect.row, effect.coefficient))
            else:
                changing.append(_term(terms, effect))
        moves.terms.append(changing)
        moves.states.append(states)
        chosen = []
        for effect in choice_terms(model, covariates, move):
            if effect.series is None:
                moves.fixed_choice.append((number, effect.row, effect.coefficient))
            else:
                chosen.append(_term(terms, effect))
        moves.choices.append(chosen)

    n_pool_moves = len(moves.to)
    move_countables = [
        Countable(n, model.study.transitions[w.transition].name, w.origin.place, layout.group_ids[w.group], w.route)
        for n, w in enumerate(layout.moves)
    ]
    landing_countables = [
        Countable(n, model.study.transitions[w.transition].name, w.target.place, layout.group_ids[w.group], w.route)
        for n, w in enumerate(layout.moves)
        if moves.journey[n] < 0
    ]
    attempts = collective_attempts(
        model, layout, compartments, pool_number, queue_compartments, quantities, moves, move_countables, landing_countables
    )
    events = scheduled_departures(
        model, layout, compartments, pool_number, calendar, quantities, moves, move_countables, landing_countables
    )

    state_kind, state_index, state_row, first_state = [], [], [], [0]
    queue_at = {(compartment.status, compartment.place.id): q for q, compartment in enumerate(queue_compartments)}
    capacity_at = {(compartment.status, compartment.place.id): k for k, compartment in enumerate(capacity_compartments)}
    for states in moves.states:
        for state in states:
            where = (queue_at if state.waiting else capacity_at).get((state.status, state.place_id))
            if where is not None:
                state_kind.append(WAITING if state.waiting else OVERCROWDING)
                state_index.append(where)
                state_row.append(state.row)
        first_state.append(len(state_kind))

    pool_moves = np.bincount([pool_number[w.origin.entity, w.group] for w in layout.moves], minlength=len(layout.pools))
    journey_list = tuple(journeys.values())
    journey_branches = [(journey, branch) for journey in journey_list for branch in journey.branches]
    branches = [branch for _, branch in journey_branches]
    stages = ints([branch.stages for branch in branches])
    pool_countables = [
        Countable(n, compartment.status, compartment.place, layout.group_ids[g])
        for n, (compartment, g) in enumerate(layout.pools)
    ]
    recording = make_recording(
        model,
        calendar,
        move_countables,
        [journey.countable for journey in journey_list],
        landing_countables,
        pool_countables,
        [queue_countable(q, compartment) for q, compartment in enumerate(queue_compartments)],
    )
    depart_first, depart_cell, depart_frequency = _by_countable(recording.departures, len(moves.to))
    arrive_first, arrive_cell, arrive_frequency = _by_countable(recording.arrivals, len(journey_list))
    queue_of_pool = [position(queue_compartments, compartment) for compartment, _ in layout.pools]
    queue_rows = np.cumsum([q >= 0 for q in queue_of_pool]) - 1
    has_state = np.array(moves.capacity) >= 0
    has_state |= np.array(moves.handles) >= 0
    has_state |= np.diff(first_state) > 0

    first_move = first_of(pool_moves)
    first_pool = first_of(
        np.bincount([compartment_number[compartment.entity] for compartment, _ in layout.pools], minlength=len(compartments))
    )
    own_moves = slice(0, n_pool_moves)
    with_date = np.array([bool(terms or choices) for terms, choices in zip(moves.terms, moves.choices, strict=True)], dtype=bool)
    with_date |= np.array(moves.open) >= 0
    compartment_of_pool = np.repeat(np.arange(len(compartments)), np.diff(first_pool))
    plain_compartment = (true_between(has_state[own_moves], first_move[first_pool]) == 0) & np.array(
        [s.type != "queue" for s in compartments]
    )

    topology = Topology(
        step_days=calendar.step_days,
        compartment_type=ints([COMPARTMENT_TYPES[compartment.type] for compartment in compartments]),
        compartment_entity=ints([compartment.entity for compartment in compartments]),
        compartment_first_pool=first_pool,
        compartment_queue=ints([position(queue_compartments, compartment) for compartment in compartments]),
        pool_entity=ints([compartment.entity for compartment, _ in layout.pools]),
        pool_group=ints([group for _, group in layout.pools]),
        pool_first_move=first_move,
        pool_queue=ints(queue_of_pool),
        pool_queue_row=ints(np.where(np.array(queue_of_pool) >= 0, queue_rows, -1)),
        pool_is_plain=ints(plain_compartment[compartment_of_pool]),
        pool_is_steady=ints(true_between(with_date[own_moves], first_move) == 0),
        move_to=ints(moves.to),
        move_journey=ints(moves.journey),
        move_set=ints(moves.set),
        move_is_share=ints(moves.is_share),
        move_open=ints(moves.open),
        move_capacity=ints(moves.capacity),
        move_handles=ints(moves.handles),
        move_first_term=first_of([len(rows) for rows in moves.terms]),
        move_term=ints([row for rows in moves.terms for row in rows]),
        move_first_choice=first_of([len(rows) for rows in moves.choices]),
        move_choice=ints([row for rows in moves.choices for row in rows]),
        move_has_state=ints(has_state),
        move_first_state=ints(first_state),
        state_kind=ints(state_kind),
        state_index=ints(state_index),
        change_of_step=ints(np.searchsorted(covariates.change_steps, np.arange(calendar.n_steps), side="right") - 1),
        open_on_change=ints(np.array(open_rows).reshape(len(open_rows), len(covariates.change_steps))),
        capacity_compartment=ints([compartment_number[compartment.entity] for compartment in capacity_compartments]),
        queue_compartment=ints([compartment_number[compartment.entity] for compartment in queue_compartments]),
        journey_to=ints([journey.to_pool for journey in journey_list]),
        journey_first_branch=first_of([len(journey.branches) for journey in journey_list]),
        branch_weight=np.array([branch.weight for branch in branches], dtype=float),
        branch_first_stage=first_of(stages),
        **attempts.arrays,
        **events.arrays,
        depart_first=depart_first,
        depart_cell=depart_cell,
        depart_frequency=depart_frequency,
        arrive_first=arrive_first,
        arrive_cell=arrive_cell,
        arrive_frequency=arrive_frequency,
        stock_pool=ints(recording.stocks.countable),
        stock_cell=ints(recording.stocks.cell),
        stock_frequency=ints(recording.stocks.frequency),
        wait_queue=ints(recording.waits.countable),
        wait_cell=ints(recording.waits.cell),
        wait_frequency=ints(recording.waits.frequency),
        waited_queue=ints(recording.waited.countable),
        waited_cell=ints(recording.waited.cell),
        waited_frequency=ints(recording.waited.frequency),
        waited_stride=ints(recording.waited.stride),
        wait_edges_days=WAIT_EDGES_DAYS,
        period=calendar.period,
        flow_here=calendar.flow_here,
        flow_next=calendar.flow_next,
        mean_here=calendar.mean_here,
        mean_next=calendar.mean_next,
    )
    initial = _initial(model, layout, quantities)
    noise_rows = [
        quantities.row(compartment.spec.noise if compartment.spec.noise is not None else 0.0, compartment.place)
        for compartment in compartments
    ]
    service_noise = [s.spec.service_noise if s.spec.service_noise is not None else 0.0 for s in queue_compartments]
    service_noise_rows = [
        quantities.row(noise, compartment.place) for noise, compartment in zip(service_noise, queue_compartments, strict=True)
    ]
    capacities = tuple(_setting(model, covariates, compartment, "capacity") for compartment in capacity_compartments)
    services = tuple(_setting(model, covariates, compartment, "served_per_day") for compartment in queue_compartments)
    _register_outputs(model, quantities)
    n_rows, term_list = len(quantities.constants), list(terms)
    return FlowNetwork(
        model=model,
        calendar=calendar,
        layout=layout,
        quantities=quantities,
        covariates=covariates,
        recording=recording,
        topology=topology,
        moves=layout.moves[:n_pool_moves],
        set_row=ints(set_row),
        set_is_share=np.array(set_is_share, dtype=bool),
        set_pool=ints(set_pool),
        fixed_terms=_matrix(moves.fixed_terms, len(moves.to), n_rows),
        fixed_choice=_matrix(moves.fixed_choice, len(moves.to), n_rows),
        term_row=ints([row for row, _, _ in term_list]),
        term_coefficient=np.array([coefficient for _, coefficient, _ in term_list], dtype=float),
        term_series=ints([series for _, _, series in term_list]),
        state_row=ints(state_row),
        handles_row=ints(list(handles)),
        capacities=capacities,
        services=services,
        service_noise_row=ints(service_noise_rows),
        noise_row=ints(noise_rows),
        branch_row=ints([journey.row for journey, _ in journey_branches]),
        branch_km=np.array([np.nan if journey.km is None else journey.km for journey, _ in journey_branches], dtype=float),
        branch_mean_ratio=np.array([branch.mean_ratio for branch in branches], dtype=float),
        stage_group=np.repeat(ints([layout.pools[journey.to_pool][1] for journey, _ in journey_branches]), stages),
        attempt_rows=attempts.rows,
        event_row=events.rows,
        initial_pool=ints([pool for pool, _, _ in initial]),
        initial_row=ints([row for _, row, _ in initial]),
        initial_share=np.array([share for _, _, share in initial], dtype=float),
    )


def _journey(
    model: Model,
    calendar: Calendar,
    quantities: Quantities,
    move: Move,
    to_pool: int,
    journeys: dict[tuple[object, ...], _Journey],
    journey_number: dict[tuple[object, ...], int],
) -> int:
    """Number of the journey that a move sets off on; moves that take the same time to the same pool share one. −1: in place."""
    transition, group_id = model.study.transitions[move.transition], list(model.study.groups)[move.group]
    if move.route is not None and transition.speed_km_per_day is not None:
        km, row = move.route.km, quantities.row(transition.speed_km_per_day, move.origin.place, group_id)
    elif transition.takes is not None:
        time = transition.takes.median_days if transition.takes.distribution == "lognormal" else transition.takes.mean_days
        km, row = None, quantities.row(time if time is not None else 1.0, move.origin.place, group_id)
    else:
        return -1
    route = (move.route.from_, move.route.to, move.route.mode) if move.route is not None else None
    key = (move.transition, to_pool, route, row)
    if key not in journeys:
        value = quantities.central_value(row)
        if transition.takes is not None and transition.takes.distribution == "lognormal":
            branches = in_steps(lognormal_branches(transition.takes.spread), value, calendar.step_days)
        else:
            spread = transition.takes.spread if transition.takes is not None else transition.spread
            branches = gamma_branches(value if km is None else km / value, spread, calendar.step_days)
        journey_number[key] = len(journeys)
        countable = Countable(len(journeys), transition.name, move.target.place, group_id, move.route)
        journeys[key] = _Journey(move.transition, to_pool, km, row, branches, countable)
    return journey_number[key]


def _setting(model: Model, covariates: Covariates, compartment: Compartment, kind: str) -> Setting:
    """A compartment's capacity or service, and the measures that change it, in the order of measures.yaml."""
    quantities = covariates.quantities
    base = quantities.row(getattr(compartment.spec, kind), compartment.place)
    changes: list[tuple[np.ndarray, bool, int]] = []
    for measure, action in _actions(model):
        if getattr(action, kind) == compartment.status and matches_place(action.at, compartment.place):
            quantity = action.set if action.set is not None else action.multiply
            if quantity is not None:
                changes.append(
                    (covariates.window(measure) > 0, action.set is not None, quantities.row(quantity, compartment.place))
                )
    return Setting(base, tuple(changes))


def _register_outputs(model: Model, quantities: Quantities) -> None:
    """Give rows to the quantities that results and observations will ask for."""
    for output in model.study.outputs.values():
        wanted = [output.reported_share, output.dispersion, *(output.sum_of or {}).values()]
        for quantity in wanted:
            if quantity is not None:
                quantities.row(quantity)
    for account in model.study.accounts.values():
        quantities.row(account.usd_each)


def _actions(model: Model) -> list[tuple[Measure, Action]]:
    return [(measure, action) for measure in model.measures for action in measure.acts_on]


def _initial(model: Model, layout: Layout, quantities: Quantities) -> list[tuple[int, int, float]]:
    """People at the start of the warm-up: (pool, row of the number of people, share of the group)."""
    found: list[tuple[int, int, float]] = []
    for number, (compartment, group) in enumerate(layout.pools):
        group_id = layout.group_ids[group]
        if compartment.type == "population":
            row = quantities.row(float(compartment.place.population or 0.0), compartment.place)
            found.append((number, row, model.study.groups[group_id].share_of_population))
        elif compartment.spec.initial is not None and compartment.spec.initial.groups.get(group_id, 0.0) > 0:
            weights = compartment.spec.initial.groups
            found.append(
                (
                    number,
                    quantities.row(compartment.spec.initial.people, compartment.place),
                    weights[group_id] / sum(weights.values()),
                )
            )
    return found


def _term(terms: dict[tuple[int, float, int], int], effect: Effect) -> int:
    return terms.setdefault((effect.row, effect.coefficient, int(effect.series or 0)), len(terms))


def _by_countable(records: Records, n_carriers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    order = np.argsort(ints(records.countable), kind="stable")
    first = first_of(np.bincount(ints(records.countable), minlength=n_carriers))
    return first, ints(records.cell)[order], ints(records.frequency)[order]


def _matrix(entries: list[tuple[int, int, float]], n_moves: int, n_rows: int) -> sparse.csr_array:
    moves, rows, coefficients = zip(*entries, strict=True) if entries else ((), (), ())
    return sparse.csr_array((np.array(coefficients, dtype=float), (ints(moves), ints(rows))), shape=(n_moves, n_rows))
