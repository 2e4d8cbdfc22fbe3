"""How many people the model expects each place to have drawn by a day ahead, before any count is looked at (M16).

Only ratios between places matter: they follow from who lives where there is conflict, from the ways and from what is open. What changes
after the origin (conflict, closures, other series) is held at its value on the origin, so nothing later is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.engine.arrays import Draw, DrawInputs, State, Topology
from corredor.engine.draws import central_parameters, initial_state, make_draw_inputs, make_scratch, sample_draws
from corredor.engine.kernel import run
from corredor.engine.network import FlowNetwork, build_network
from corredor.study.model import Model

DEPARTURES = "departures"
"""The driver that is made of published totals; a small constant takes its place, so that no total is used."""

CAPACITY = "camp_capacity"
"""The driver that is made of published counts; it is left out."""

FEW = 1e-6
"""People per person exposed and day who are taken to leave: so few that no zone empties."""

ROOM = 1e30
"""Capacity of every place, so that none fills."""


@dataclass(frozen=True)
class ExpectedArrivals:
    """Arrivals in expected flow, in proportion.

    before : (n_origins, n_places) float  arrived before each origin
    ahead : (n_origins, n_places) float   arrived by the horizon after each origin, with all that changes held from the origin on
    """

    places: tuple[str, ...]
    before: np.ndarray
    ahead: np.ndarray

    def reachable_since(self, day: int) -> np.ndarray:
        """The first origin up to a day from which anybody was expected to arrive; the day itself where none was. (n_places,) int."""
        reachable = self.ahead[: day + 1] > 0
        return np.where(reachable.any(axis=0), np.argmax(reachable, axis=0), day)


def expected_arrivals(model: Model, output: str, horizon_days: int) -> ExpectedArrivals:
    """Arrivals at the places whose counts are published.

    output : a daily stock by place, of one status, with published counts
    raises : ValueError, when the study has no such output or is shorter than the horizon
    """
    network = build_network(model)
    names, pools = _counted_places(network, output)
    if network.calendar.step_days != 1.0 or model.study.warm_up_days:
        raise ValueError("rolling forecasts need steps of one day and no warm-up")
    n_days = network.calendar.n_steps
    if n_days <= horizon_days:
        raise ValueError(f"the study has {n_days} days; a forecast {horizon_days} days ahead needs more")
    sample = sample_draws(network, central_parameters(model), 0, expected=True)
    inputs = _without_figures(network, make_draw_inputs(network, sample, 0, 0, 0))
    state = initial_state(network, sample, 0, expected=True)
    for own in pools:
        state.people[own] = 0.0
    before, ahead = np.zeros((2, n_days - horizon_days, len(names)))
    for day in range(len(ahead)):
        before[day] = [state.people[own].sum() for own in pools]
        later = State(*(array.copy() for array in state))
        _advance(network, _held_from(network.topology, day), inputs, later, (day, day + horizon_days))
        ahead[day] = [later.people[own].sum() for own in pools]
        _advance(network, network.topology, inputs, state, (day, day + 1))
    return ExpectedArrivals(names, before, ahead)


def _counted_places(network: FlowNetwork, output: str) -> tuple[tuple[str, ...], list[np.ndarray]]:
    """Places with counts of the output, and where they are in the state: the pools of their stock."""
    model, topology = network.model, network.topology
    declared = model.study.outputs.get(output)
    if declared is None or declared.stock is None or declared.by != ["place"] or declared.every != "day":
        raise ValueError(f"{output} is no daily stock by place")
    statuses = {declared.stock} if isinstance(declared.stock, str) else set(declared.stock)
    observed = {row.place for row in model.observations if row.output == output and row.place}
    places = tuple(place.id for place in model.places if place.id in observed)
    if not places:
        raise ValueError(f"{output} has no published counts by place")
    compartment_of_pool = np.repeat(np.arange(len(topology.compartment_type)), np.diff(topology.compartment_first_pool))
    pools = []
    for name in places:
        mine = [n for n, c in enumerate(network.layout.compartments) if c.status in statuses and c.place.id == name]
        pools.append(np.flatnonzero(np.isin(compartment_of_pool, mine)))
    return places, pools


def _without_figures(network: FlowNetwork, inputs: DrawInputs) -> DrawInputs:
    """The inputs without the series that published figures went into: a small constant in place of departures, room everywhere."""
    term = inputs.term.copy()
    for driver, value in ((DEPARTURES, np.log(FEW)), (CAPACITY, 0.0)):
        term[:, np.isin(network.recipe.term_series, network.covariates.series_of_driver(driver))] = value
    return inputs._replace(term=term, capacity=np.full_like(inputs.capacity, ROOM))


def _held_from(topology: Topology, day: int) -> Topology:
    """The network with everything that changes with time held from a day on."""
    change = topology.change_of_step.copy()
    change[day:] = change[day]
    return topology._replace(change_of_step=change)


def _advance(network: FlowNetwork, topology: Topology, inputs: DrawInputs, state: State, days: tuple[int, int]) -> None:
    cells = np.zeros(network.recording.n_cells)
    run(Draw(topology, inputs, state, make_scratch(network), cells, True), *days)
