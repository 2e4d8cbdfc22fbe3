"""Measures that a reader can add: more or less room at a place, more or fewer people served a day, asleep in the recipe until then.

A scenario file says the same with `add`: an action that sets a capacity or a service. Each compartment with such a number has one that is
never in force; the page puts number and days to it. Asleep it changes no bit of a draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from corredor.effects.compare.drawn import Drawn
from corredor.engine.arrays import Recipe
from corredor.engine.draws import make_draw_inputs, sample_draws
from corredor.engine.network import FlowNetwork
from corredor.engine.network.index_arrays import first_of, ints
from corredor.study.topology import Compartment

NEVER = 1_000_000_000
"""Step on which no measure begins."""

DRAWS_LOOKED_AT = 20
"""Draws from which a template tells how much room or service there is as it is."""


def never_in_force(recipe: Recipe, number: int) -> Recipe:
    """The recipe with so many measures more, none of which is ever in force."""
    return recipe._replace(
        measure_first_step=ints([*recipe.measure_first_step, *[NEVER] * number]),
        measure_end_step=ints([*recipe.measure_end_step, *[NEVER] * number]),
        measure_first_day=np.concatenate([recipe.measure_first_day, np.full(number, np.inf)]),
        measure_end_day=np.concatenate([recipe.measure_end_day, np.full(number, np.inf)]),
    )


def settings_of(network: FlowNetwork) -> list[tuple[str, Compartment]]:
    """Kind and compartment of what measures can set: capacities, then services, in the order of the recipe."""
    layout = network.layout
    return [("capacity", one) for one in layout.with_capacity] + [("served_per_day", one) for one in layout.queues]


def with_dormant_measures(network: FlowNetwork, recipe: Recipe) -> Recipe:
    """The recipe with a measure more for each capacity, then each service, that sets it after all others have; none is in force."""
    n_settings, n_measures, n_rows = len(recipe.setting_row), len(recipe.measure_first_step), len(recipe.constant)
    own = np.arange(n_settings)
    at_end = recipe.setting_first_change[1:]

    def more(of_changes: np.ndarray, of_settings: np.ndarray) -> np.ndarray:
        return np.insert(of_changes, at_end, of_settings)

    return never_in_force(recipe, n_settings)._replace(
        constant=np.concatenate([recipe.constant, np.zeros(n_settings)]),
        first_factor=np.concatenate([recipe.first_factor, np.full(n_settings, recipe.first_factor[-1])]),
        setting_first_change=first_of(np.diff(recipe.setting_first_change) + 1),
        setting_measure=more(recipe.setting_measure, n_measures + own),
        setting_is_set=more(recipe.setting_is_set, np.ones(n_settings, dtype=np.int64)),
        setting_change_row=more(recipe.setting_change_row, n_rows + own),
    )


def dormant_measures(network: FlowNetwork, recipe: Recipe, drawn: Drawn, seed: int) -> Iterator[dict[str, Any]]:
    """What the page is told of each: what it sets and where, its number and row, and how much there is as it is.

    recipe : with the dormant measures
    """
    settings = settings_of(network)
    first_measure, first_row = len(recipe.measure_first_step) - len(settings), len(recipe.constant) - len(settings)
    levels = _levels(network, drawn, seed)
    for number, (kind, compartment) in enumerate(settings):
        yield {
            "kind": kind,
            "status": compartment.status,
            "place": compartment.place.id,
            "place_name": compartment.place.name,
            "number": first_measure + number,
            "row": first_row + number,
            "least": float(levels[number].min(initial=np.inf)),
            "most": float(levels[number].max(initial=0.0)),
        }


def _levels(network: FlowNetwork, drawn: Drawn, seed: int) -> np.ndarray:
    """Capacities and services of the study as it is, on the change days within it: the median of some draws, (n_settings, n_changes)."""
    n_draws = min(len(drawn.parameters), DRAWS_LOOKED_AT)
    learned = None if drawn.learned is None else drawn.learned[:n_draws]
    sample = sample_draws(network, drawn.parameters[:n_draws], seed, learned=learned)
    found = []
    for row in range(n_draws):
        inputs = make_draw_inputs(network, sample, row, seed, row)
        found.append(np.concatenate([inputs.capacity, inputs.service_per_day]))
    change_of_step = network.topology.change_of_step[network.calendar.n_warm_up_steps :]
    return np.asarray(np.median(found, axis=0)[:, np.unique(change_of_step)])
