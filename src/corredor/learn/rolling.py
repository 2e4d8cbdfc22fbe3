"""Rolling forecasts of a stock by place: at every date, from the counts known by then, so many days ahead (M16).

At each origin the last known counts are put in place of the model's own, and the expected flow goes on from there; people under way
stay under way. How many set out after the origin is not known: the series that says so keeps its mean of the last days. Everything
else (conflict, closures, capacities) is an input, as in an ordinary run. Learning each place's attraction from what it has drawn
lately was tried too; it made three of the four training cases worse and none better by more than a hundredth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.engine.arrays import Draw, DrawInputs, State
from corredor.engine.draws import central_parameters, initial_state, make_draw_inputs, make_scratch, sample_draws
from corredor.engine.kernel import run
from corredor.engine.network import FlowNetwork, build_network
from corredor.study.model import Model

DEPARTURES = "departures"
"""The driver that is not known after the origin."""

RECENT_DAYS = 30
"""Days before the origin whose mean departures go on; an assumption."""


@dataclass(frozen=True)
class RollingForecast:
    """Forecasts for every day that is far enough from the first one.

    target_day : (n,) int, from the study's first day;  the origin is `horizon_days` earlier
    forecast, last_known : (n, n_places) float people; last_known are the counts known on the origin
    """

    places: tuple[str, ...]
    horizon_days: int
    target_day: np.ndarray
    forecast: np.ndarray
    last_known: np.ndarray


@dataclass(frozen=True)
class _Places:
    """Where the counted places are in the state: the pools of their stock."""

    names: tuple[str, ...]
    pools: tuple[np.ndarray, ...]


def forecast_rolling(model: Model, output: str, horizon_days: int) -> RollingForecast:
    """Expected flow from every day of a study, with what was published by then.

    output : a daily stock by place, of one status, with published counts
    horizon_days : from origin to target
    raises : ValueError, when the study has no such output or is shorter than the horizon
    """
    network = build_network(model)
    places = _counted_places(network, output)
    known = _known_counts(model, output, places.names)
    n_days = len(known)
    if network.calendar.step_days != 1.0 or model.study.warm_up_days:
        raise ValueError("rolling forecasts need steps of one day and no warm-up")
    if n_days <= horizon_days:
        raise ValueError(f"the study has {n_days} days; a forecast {horizon_days} days ahead needs more")
    sample = sample_draws(network, central_parameters(model), 0, expected=True)
    inputs = make_draw_inputs(network, sample, 0, 0, 0)
    hazard_rows, hazard = _departures(network, inputs)
    tracked = initial_state(network, sample, 0, expected=True)
    forecasts: list[np.ndarray] = []
    for origin in range(n_days - horizon_days):
        if origin > 0:
            _advance(network, inputs, tracked, origin - 1, origin)
        _set_stocks(tracked, places, known[origin])
        believed = _with_departures(network, inputs, hazard_rows, hazard, origin)
        ahead = _copy(tracked)
        _advance(network, believed, ahead, origin, origin + horizon_days)
        forecasts.append(_stocks(ahead, places))
    target = np.arange(horizon_days, n_days)
    return RollingForecast(places.names, horizon_days, target, np.array(forecasts), known[: n_days - horizon_days])


def _counted_places(network: FlowNetwork, output: str) -> _Places:
    model, layout = network.model, network.layout
    declared = model.study.outputs.get(output)
    if declared is None or declared.stock is None or declared.by != ["place"] or declared.every != "day":
        raise ValueError(f"{output} is no daily stock by place")
    statuses = {declared.stock} if isinstance(declared.stock, str) else set(declared.stock)
    observed = {row.place for row in model.observations if row.output == output and row.place}
    names, pools = [], []
    pool_compartment = np.repeat(
        np.arange(len(network.topology.compartment_type)), np.diff(network.topology.compartment_first_pool)
    )
    for place in model.places:
        if place.id not in observed:
            continue
        mine = [
            n
            for n, compartment in enumerate(layout.compartments)
            if compartment.status in statuses and compartment.place.id == place.id
        ]
        own = np.flatnonzero(np.isin(pool_compartment, mine))
        names.append(place.id)
        pools.append(own)
    if not names:
        raise ValueError(f"{output} has no published counts by place")
    return _Places(tuple(names), tuple(pools))


def _known_counts(model: Model, output: str, places: tuple[str, ...]) -> np.ndarray:
    """The last count of every place that was published by each day; (n_days, n_places) float. Before the first, 0."""
    first, n_days = model.study.from_, (model.study.to - model.study.from_).days + 1
    known = np.zeros((n_days, len(places)))
    for number, place in enumerate(places):
        rows = [row for row in model.observations if row.output == output and row.place == place and row.value is not None]
        latest: dict[int, tuple[int, float]] = {}
        for row in rows:
            seen, of = max((row.published - first).days, (row.to - first).days), (row.to - first).days
            if seen < n_days and (seen not in latest or of > latest[seen][0]):
                latest[seen] = (of, float(row.value or 0.0))
        newest, value = -1, 0.0
        for day in range(n_days):
            if day in latest and latest[day][0] >= newest:
                newest, value = latest[day]
            known[day, number] = value
    return known


def _departures(network: FlowNetwork, inputs: DrawInputs) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the terms that hold the departures, and departures on each day from the first; (0, 0) where there are none."""
    series = network.covariates.series_of_driver(DEPARTURES)
    rows = np.flatnonzero(np.isin(network.recipe.term_series, series))
    if not len(rows):
        return rows, np.zeros(0)
    changes = np.searchsorted(network.covariates.change_steps, np.arange(network.calendar.n_steps), side="right") - 1
    return rows, np.exp(inputs.term[changes, rows[0]])


def _with_departures(network: FlowNetwork, inputs: DrawInputs, rows: np.ndarray, hazard: np.ndarray, origin: int) -> DrawInputs:
    """After the origin as many leave as in the mean of the last days before it."""
    if not len(rows):
        return inputs
    recent = max(float(hazard[max(origin + 1 - RECENT_DAYS, 0) : origin + 1].mean()), 1e-300)
    term = inputs.term.copy()
    later = np.flatnonzero(network.covariates.change_steps > origin)
    now = np.searchsorted(network.covariates.change_steps, origin, side="right") - 1
    term[np.ix_(np.append(later, now), rows)] = np.log(recent)
    return inputs._replace(term=term)


def _advance(network: FlowNetwork, inputs: DrawInputs, state: State, from_day: int, to_day: int) -> None:
    cells = np.zeros(network.recording.n_cells)
    run(Draw(network.topology, inputs, state, make_scratch(network), cells, True), from_day, to_day)


def _copy(state: State) -> State:
    return State(*(array.copy() for array in state))


def _stocks(state: State, places: _Places) -> np.ndarray:
    return np.array([state.people[pools].sum() for pools in places.pools])


def _set_stocks(state: State, places: _Places, people: np.ndarray) -> None:
    """Put as many people into the counted places as were counted, in the groups' present proportions."""
    for pools, wanted in zip(places.pools, people, strict=True):
        there = state.people[pools].sum()
        state.people[pools] = state.people[pools] * (wanted / there) if there > 0 else wanted / max(len(pools), 1)
