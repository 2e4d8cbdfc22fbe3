"""Two scenarios become one Dataset: every output with the dimension `scenario`, where everybody is at the end, what the measures cost."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from corredor.effects.compare.scenarios_together import Scenarios
from corredor.engine.counts import Counts
from corredor.engine.network import FlowNetwork
from corredor.engine.network.quantities import Quantities
from corredor.results.dataset import make_dataset
from corredor.study.model import Model
from corredor.study.schema import Measure

SCENARIOS = ("with", "without")
"""Labels of the dimension `scenario`. An effect is always with − without."""


@dataclass(frozen=True)
class Side:
    """One of the two scenarios: its study, its title, and its changes line by line; none in the study itself."""

    model: Model
    title: str
    changes: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """What is compared: the measures that were left out, or the title of the scenario."""
        return self.title.removeprefix("without: ")


def join_scenarios(
    scenarios: Scenarios,
    sides: tuple[Side, Side],
    outcomes: list[tuple[Counts, np.ndarray]],
    parameters: np.ndarray,
    facts: dict[str, Any],
    study: Model,
) -> xr.Dataset:
    """The Dataset of a comparison.

    outcomes : counts and whereabouts of each scenario
    parameters : (n_draws, n_parameters) float     before a scenario fixed any
    facts : seed, versions …, for the attributes
    returns : dims scenario, draw, then month, week or day, then what each output declares
    """
    parts = []
    for network, sample, (counts, whereabouts) in zip(scenarios.networks, scenarios.samples, outcomes, strict=True):
        part = make_dataset(network, counts, parameters, sample.values, facts)
        part["people_at_end"] = _people_at_end(network, whereabouts)
        parts.append(part.drop_vars("parameter_value"))
    attributes = next(part.attrs for part, side in zip(parts, sides, strict=True) if side.model is study)
    del part  # else the last scenario would be held until the end
    variables: dict[str, xr.DataArray] = {}
    for name in map(str, parts[0].data_vars):
        # one by one, so that a variable of the two scenarios is let go as soon as it is joined
        variables[name] = xr.concat([part[name] for part in parts], dim="scenario", combine_attrs="drop_conflicts")
        parts = [part.drop_vars(name) for part in parts]
    joined = xr.Dataset(variables).assign_coords(scenario=list(SCENARIOS))
    joined["parameter_value"] = (("draw", "parameter"), parameters, {"long_name": "parameter, in its own unit"})
    joined = joined.assign_coords(parameter=np.array(list(study.parameters), dtype=str))
    joined["measure_cost"] = _measure_costs(sides, [sample.parameters for sample in scenarios.samples])
    joined.attrs = {**attributes, "comparison": json.dumps(_comparison(scenarios, sides), ensure_ascii=False)}
    return joined


def _comparison(scenarios: Scenarios, sides: tuple[Side, Side]) -> dict[str, Any]:
    """What is compared, in words."""
    with_, without = sides
    changed, other = (without, with_) if without.changes else (with_, without)
    calendar, steps = scenarios.networks[0].calendar, scenarios.plan.to_step
    return {
        "kind": "without" if without.changes else "scenario",
        "title": changed.what,
        "with": with_.title,
        "without": without.title,
        "changes": list(changed.changes),
        "measures": _different_measures(changed.model, other.model),
        "hashes": {"with": with_.model.hash, "without": without.model.hash},
        "first_difference": calendar.date_of_step(min(steps, calendar.n_steps - 1)).isoformat(),
        "same_throughout": bool(steps >= calendar.n_steps),
    }


def _different_measures(one: Model, other: Model) -> list[str]:
    mine, theirs = ({measure.id: measure for measure in model.measures} for model in (one, other))
    return [name for name in {**theirs, **mine} if mine.get(name) != theirs.get(name)]


def _people_at_end(network: FlowNetwork, whereabouts: np.ndarray) -> xr.DataArray:
    """Everybody on the last day, by status, place and group; people on a journey by its transition and the place it leads to."""
    topology = network.topology
    named = [(compartment.status, compartment.place.id, group_id) for compartment, group_id in network.layout.pools]
    transition_of = {int(topology.move_journey[number]): move.transition.name for number, move in enumerate(network.moves)}
    compartments = [(*name, 0) for name in named]
    moves = [(transition_of[journey], *named[pool][1:], 1) for journey, pool in enumerate(topology.journey_to)]
    status, place, group, under_way = zip(*compartments, *moves, strict=True)
    coordinates = {
        "whereabouts_status": ("whereabouts", np.array(status, dtype=str)),
        "whereabouts_place": ("whereabouts", np.array(place, dtype=str)),
        "whereabouts_group": ("whereabouts", np.array(group, dtype=str)),
        "whereabouts_under_way": ("whereabouts", np.array(under_way, dtype=np.int8)),
    }
    attrs = {"units": "people", "long_name": "people on the last day: in a status, or under way by a transition to a place"}
    return xr.DataArray(whereabouts, dims=("draw", "whereabouts"), coords=coordinates, attrs=attrs)


def _measure_costs(sides: tuple[Side, Side], parameters: list[np.ndarray]) -> xr.DataArray:
    """US dollars that each measure with a known cost costs its actor within the study: (scenario, draw, measure)."""
    found = {measure.id: measure for side in reversed(sides) for measure in side.model.measures if measure.cost is not None}
    usd = np.zeros((len(sides), len(parameters[0]), len(found)))
    for scenario, (side, drawn) in enumerate(zip(sides, parameters, strict=True)):
        of_side = {measure.id: measure for measure in side.model.measures}
        for column, name in enumerate(found):
            if name in of_side:
                usd[scenario, :, column] = measure_cost_usd(side.model, of_side[name], drawn)
    coordinates = {
        "scenario": list(SCENARIOS),
        "measure": np.array(list(found), dtype=str),
        "measure_actor": ("measure", np.array([measure.actor for measure in found.values()], dtype=str)),
        "measure_title": ("measure", np.array([measure.title for measure in found.values()], dtype=str)),
    }
    attrs = {"units": "USD", "long_name": "cost of a measure within the study", "side": "money"}
    return xr.DataArray(usd, dims=("scenario", "draw", "measure"), coords=coordinates, attrs=attrs)


def measure_cost_usd(model: Model, measure: Measure, parameters: np.ndarray) -> np.ndarray:
    """What a measure costs from the study's first to its last day: (n_draws,) float US dollars.

    A cost a day counts for each day in force; a cost in all is divided evenly over the measure, and one without an end ends with the
    study. A cost does not follow the dose
    """
    if measure.cost is None:
        return np.zeros(len(parameters))
    quantities = Quantities(model)
    amount = measure.cost.usd if measure.cost.usd is not None else measure.cost.usd_per_day
    row = quantities.row(amount if amount is not None else 0.0)
    last = measure.to if measure.to is not None else max(model.study.to, measure.from_)
    inside = (min(last, model.study.to) - max(measure.from_, model.study.from_)).days + 1
    days = max(inside, 0) / (1 if measure.cost.usd is None else (last - measure.from_ + dt.timedelta(days=1)).days)
    return np.asarray(quantities.evaluate(parameters)[:, row] * days)
