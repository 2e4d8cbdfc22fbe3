"""From a Model to a FlowNetwork: the arrays that are the same in all draws, and the rows from which each draw's numbers are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from corredor.model import Model, matches_place
from corredor.network.arrays import GATE, OVERCROWDING, POPULATION, QUEUE, STAY, WAITING, Topology
from corredor.network.calendar import Calendar, make_calendar
from corredor.network.covariates import Covariates
from corredor.network.flow_network import REST, FlowNetwork, Setting
from corredor.network.index_arrays import first_of, ints, true_between
from corredor.network.journeys import Branch, gamma_branches, in_steps, lognormal_branches
from corredor.network.layout import Layout, Spot, Way, make_layout, position
from corredor.network.leaving_together import collective_attempts, scheduled_departures
from corredor.network.links import Links
from corredor.network.quantities import Quantities
from corredor.network.recording import WAIT_EDGES_DAYS, Carrier, Records, make_recording, queue_carrier
from corredor.network.terms import Effect, StateEffect, choice_terms, open_window, rate_terms
from corredor.schema import Action, Measure

SPOT_TYPES = {"gate": GATE, "population": POPULATION, "stay": STAY, "queue": QUEUE}


@dataclass(frozen=True)
class _Journey:
    """People of a group on their way by one transition to one pair; `row` is of the speed if km is given, else of the time."""

    transition: int
    to_pair: int
    km: float | None
    row: int
    branches: tuple[Branch, ...]
    carrier: Carrier


def build_network(model: Model) -> FlowNetwork:
    """Numbers for the names of a study.

    raises : nothing that a checked Model can cause
    """
    calendar, quantities = make_calendar(model.study), Quantities(model)
    covariates = Covariates(model, calendar, quantities)
    layout = make_layout(model)
    pair_number = layout.pair_number
    spots = tuple(spot for spot in layout.spots if any(pair[0] is spot for pair in layout.pairs))
    spot_number = {spot.entity: number for number, spot in enumerate(spots)}
    capacity_spots = [spot for spot in spots if spot.spec.capacity is not None]
    queue_spots = [spot for spot in spots if spot.type == "queue"]

    links = Links()
    set_row: list[int] = []
    set_is_share: list[bool] = []
    set_pair: list[int] = []
    set_number: dict[tuple[int, int], int] = {}
    journeys: dict[tuple[object, ...], _Journey] = {}
    journey_number: dict[tuple[object, ...], int] = {}
    open_masks: dict[bytes, int] = {}
    open_rows: list[np.ndarray] = []
    handles: dict[int, int] = {}
    terms: dict[tuple[int, float, int], int] = {}

    for number, way in enumerate(layout.ways):
        transition = model.study.transitions[way.transition]
        group_id, place = layout.group_ids[way.group], way.origin.place
        pair = pair_number[way.origin.entity, way.group]
        to_pair = pair_number[way.target.entity, way.group]
        key = (pair, way.transition)
        if key not in set_number:
            set_number[key] = len(set_row)
            is_rest = transition.share == "rest"
            quantity = transition.rate_per_day if transition.share is None else transition.share
            set_row.append(REST if is_rest or quantity is None else quantities.row(quantity, place, group_id))
            set_is_share.append(transition.share is not None)
            set_pair.append(pair)
        links.to.append(to_pair)
        links.set.append(set_number[key])
        links.is_share.append(transition.share is not None)
        links.capacity.append(-1 if way.target.spec.overfills else position(capacity_spots, way.target))
        links.journey.append(_journey(model, calendar, quantities, way, to_pair, journeys, journey_number))
        window = open_window(model, covariates, way)
        if window is None:
            links.open.append(-1)
        else:
            links.open.append(open_masks.setdefault(window.tobytes(), len(open_masks)))
            open_rows[len(open_rows) :] = [window] if len(open_masks) > len(open_rows) else []
        if transition.handles_per_day is None:
            links.handles.append(-1)
        else:
            row = quantities.row(transition.handles_per_day, place, group_id)
            links.handles.append(handles.setdefault(row, len(handles)))
        changing, states = [], []
        for effect in rate_terms(model, covariates, way):
            if isinstance(effect, StateEffect):
                states.append(effect)
            elif effect.series is None:
                links.fixed_terms.append((number, effect.row, effect.coefficient))
            else:
                changing.append(_term(terms, effect))
        links.terms.append(changing)
        links.states.append(states)
        chosen = []
        for effect in choice_terms(model, covariates, way):
            if effect.series is None:
                links.fixed_choice.append((number, effect.row, effect.coefficient))
            else:
                chosen.append(_term(terms, effect))
        links.choices.append(chosen)

    n_pair_links = len(links.to)
    link_carriers = [
        Carrier(n, model.study.transitions[w.transition].name, w.origin.place, layout.group_ids[w.group], w.route)
        for n, w in enumerate(layout.ways)
    ]
    landing_carriers = [
        Carrier(n, model.study.transitions[w.transition].name, w.target.place, layout.group_ids[w.group], w.route)
        for n, w in enumerate(layout.ways)
        if links.journey[n] < 0
    ]
    attempts = collective_attempts(
        model, layout, spots, pair_number, queue_spots, quantities, links, link_carriers, landing_carriers
    )
    events = scheduled_departures(model, layout, spots, pair_number, calendar, quantities, links, link_carriers, landing_carriers)

    state_kind, state_index, state_row, first_state = [], [], [], [0]
    queue_at = {(spot.status, spot.place.id): q for q, spot in enumerate(queue_spots)}
    capacity_at = {(spot.status, spot.place.id): k for k, spot in enumerate(capacity_spots)}
    for states in links.states:
        for state in states:
            where = (queue_at if state.waiting else capacity_at).get((state.status, state.place_id))
            if where is not None:
                state_kind.append(WAITING if state.waiting else OVERCROWDING)
                state_index.append(where)
                state_row.append(state.row)
        first_state.append(len(state_kind))

    pair_links = np.bincount([pair_number[w.origin.entity, w.group] for w in layout.ways], minlength=len(layout.pairs))
    journey_list = tuple(journeys.values())
    journey_branches = [(journey, branch) for journey in journey_list for branch in journey.branches]
    branches = [branch for _, branch in journey_branches]
    stages = ints([branch.stages for branch in branches])
    pair_carriers = [Carrier(n, spot.status, spot.place, layout.group_ids[g]) for n, (spot, g) in enumerate(layout.pairs)]
    recording = make_recording(
        model,
        calendar,
        link_carriers,
        [journey.carrier for journey in journey_list],
        landing_carriers,
        pair_carriers,
        [queue_carrier(q, spot) for q, spot in enumerate(queue_spots)],
    )
    depart_first, depart_cell, depart_frequency = _by_carrier(recording.departures, len(links.to))
    arrive_first, arrive_cell, arrive_frequency = _by_carrier(recording.arrivals, len(journey_list))
    queue_of_pair = [position(queue_spots, spot) for spot, _ in layout.pairs]
    queue_rows = np.cumsum([q >= 0 for q in queue_of_pair]) - 1
    has_state = np.array(links.capacity) >= 0
    has_state |= np.array(links.handles) >= 0
    has_state |= np.diff(first_state) > 0

    first_link = first_of(pair_links)
    first_pair = first_of(np.bincount([spot_number[spot.entity] for spot, _ in layout.pairs], minlength=len(spots)))
    own_links = slice(0, n_pair_links)
    with_date = np.array([bool(terms or choices) for terms, choices in zip(links.terms, links.choices, strict=True)], dtype=bool)
    with_date |= np.array(links.open) >= 0
    spot_of_pair = np.repeat(np.arange(len(spots)), np.diff(first_pair))
    plain_spot = (true_between(has_state[own_links], first_link[first_pair]) == 0) & np.array([s.type != "queue" for s in spots])

    topology = Topology(
        step_days=calendar.step_days,
        spot_type=ints([SPOT_TYPES[spot.type] for spot in spots]),
        spot_entity=ints([spot.entity for spot in spots]),
        spot_first_pair=first_pair,
        spot_queue=ints([position(queue_spots, spot) for spot in spots]),
        pair_entity=ints([spot.entity for spot, _ in layout.pairs]),
        pair_group=ints([group for _, group in layout.pairs]),
        pair_first_link=first_link,
        pair_queue=ints(queue_of_pair),
        pair_queue_row=ints(np.where(np.array(queue_of_pair) >= 0, queue_rows, -1)),
        pair_is_plain=ints(plain_spot[spot_of_pair]),
        pair_is_steady=ints(true_between(with_date[own_links], first_link) == 0),
        link_to=ints(links.to),
        link_journey=ints(links.journey),
        link_set=ints(links.set),
        link_is_share=ints(links.is_share),
        link_open=ints(links.open),
        link_capacity=ints(links.capacity),
        link_handles=ints(links.handles),
        link_first_term=first_of([len(rows) for rows in links.terms]),
        link_term=ints([row for rows in links.terms for row in rows]),
        link_first_choice=first_of([len(rows) for rows in links.choices]),
        link_choice=ints([row for rows in links.choices for row in rows]),
        link_has_state=ints(has_state),
        link_first_state=ints(first_state),
        state_kind=ints(state_kind),
        state_index=ints(state_index),
        change_of_step=ints(np.searchsorted(covariates.change_steps, np.arange(calendar.n_steps), side="right") - 1),
        open_on_change=ints(np.array(open_rows).reshape(len(open_rows), len(covariates.change_steps))),
        capacity_spot=ints([spot_number[spot.entity] for spot in capacity_spots]),
        queue_spot=ints([spot_number[spot.entity] for spot in queue_spots]),
        journey_to=ints([journey.to_pair for journey in journey_list]),
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
        stock_pair=ints(recording.stocks.carrier),
        stock_cell=ints(recording.stocks.cell),
        stock_frequency=ints(recording.stocks.frequency),
        wait_queue=ints(recording.waits.carrier),
        wait_cell=ints(recording.waits.cell),
        wait_frequency=ints(recording.waits.frequency),
        waited_queue=ints(recording.waited.carrier),
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
    noise_rows = [quantities.row(spot.spec.noise if spot.spec.noise is not None else 0.0, spot.place) for spot in spots]
    service_noise = [s.spec.service_noise if s.spec.service_noise is not None else 0.0 for s in queue_spots]
    service_noise_rows = [quantities.row(noise, spot.place) for noise, spot in zip(service_noise, queue_spots, strict=True)]
    capacities = tuple(_setting(model, covariates, spot, "capacity") for spot in capacity_spots)
    services = tuple(_setting(model, covariates, spot, "served_per_day") for spot in queue_spots)
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
        link_ways=layout.ways[:n_pair_links],
        set_row=ints(set_row),
        set_is_share=np.array(set_is_share, dtype=bool),
        set_pair=ints(set_pair),
        fixed_terms=_matrix(links.fixed_terms, len(links.to), n_rows),
        fixed_choice=_matrix(links.fixed_choice, len(links.to), n_rows),
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
        stage_group=np.repeat(ints([layout.pairs[journey.to_pair][1] for journey, _ in journey_branches]), stages),
        attempt_rows=attempts.rows,
        event_row=events.rows,
        initial_pair=ints([pair for pair, _, _ in initial]),
        initial_row=ints([row for _, row, _ in initial]),
        initial_share=np.array([share for _, _, share in initial], dtype=float),
    )


def _journey(
    model: Model,
    calendar: Calendar,
    quantities: Quantities,
    way: Way,
    to_pair: int,
    journeys: dict[tuple[object, ...], _Journey],
    journey_number: dict[tuple[object, ...], int],
) -> int:
    """Number of the journey that a link sets off on; links that take the same time to the same pair share one. −1: in place."""
    transition, group_id = model.study.transitions[way.transition], list(model.study.groups)[way.group]
    if way.route is not None and transition.speed_km_per_day is not None:
        km, row = way.route.km, quantities.row(transition.speed_km_per_day, way.origin.place, group_id)
    elif transition.takes is not None:
        time = transition.takes.median_days if transition.takes.distribution == "lognormal" else transition.takes.mean_days
        km, row = None, quantities.row(time if time is not None else 1.0, way.origin.place, group_id)
    else:
        return -1
    route = (way.route.from_, way.route.to, way.route.mode) if way.route is not None else None
    key = (way.transition, to_pair, route, row)
    if key not in journeys:
        value = quantities.central_value(row)
        if transition.takes is not None and transition.takes.distribution == "lognormal":
            branches = in_steps(lognormal_branches(transition.takes.spread), value, calendar.step_days)
        else:
            spread = transition.takes.spread if transition.takes is not None else transition.spread
            branches = gamma_branches(value if km is None else km / value, spread, calendar.step_days)
        journey_number[key] = len(journeys)
        carrier = Carrier(len(journeys), transition.name, way.target.place, group_id, way.route)
        journeys[key] = _Journey(way.transition, to_pair, km, row, branches, carrier)
    return journey_number[key]


def _setting(model: Model, covariates: Covariates, spot: Spot, kind: str) -> Setting:
    """A compartment's capacity or service, and the measures that change it, in the order of measures.yaml."""
    quantities = covariates.quantities
    base = quantities.row(getattr(spot.spec, kind), spot.place)
    changes: list[tuple[np.ndarray, bool, int]] = []
    for measure, action in _actions(model):
        if getattr(action, kind) == spot.status and matches_place(action.at, spot.place):
            quantity = action.set if action.set is not None else action.multiply
            if quantity is not None:
                changes.append((covariates.window(measure) > 0, action.set is not None, quantities.row(quantity, spot.place)))
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
    """People at the start of the warm-up: (pair, row of the number of people, share of the group)."""
    found: list[tuple[int, int, float]] = []
    for number, (spot, group) in enumerate(layout.pairs):
        group_id = layout.group_ids[group]
        if spot.type == "population":
            row = quantities.row(float(spot.place.population or 0.0), spot.place)
            found.append((number, row, model.study.groups[group_id].share_of_population))
        elif spot.spec.initial is not None and spot.spec.initial.groups.get(group_id, 0.0) > 0:
            weights = spot.spec.initial.groups
            found.append(
                (number, quantities.row(spot.spec.initial.people, spot.place), weights[group_id] / sum(weights.values()))
            )
    return found


def _term(terms: dict[tuple[int, float, int], int], effect: Effect) -> int:
    return terms.setdefault((effect.row, effect.coefficient, int(effect.series or 0)), len(terms))


def _by_carrier(records: Records, n_carriers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    order = np.argsort(ints(records.carrier), kind="stable")
    first = first_of(np.bincount(ints(records.carrier), minlength=n_carriers))
    return first, ints(records.cell)[order], ints(records.frequency)[order]


def _matrix(entries: list[tuple[int, int, float]], n_links: int, n_rows: int) -> sparse.csr_array:
    links, rows, coefficients = zip(*entries, strict=True) if entries else ((), (), ())
    return sparse.csr_array((np.array(coefficients, dtype=float), (ints(links), ints(rows))), shape=(n_links, n_rows))
