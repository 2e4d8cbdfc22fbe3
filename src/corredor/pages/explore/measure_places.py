"""Places of measures that a reader can move: every action sleeps where it could act without changing the network.

A scenario file says the same with other places (`at`) for the actions of a measure. The network is built as if every action acted at all
places where it can, so that what it adds to a rate, a capacity, a service or what is open stands where it would stand in the network of
any such scenario; it has a series of zeros there, or a measure that is never in force, until the page wakes it. Asleep it changes no bit
of a draw.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from corredor.engine.arrays import Recipe, Topology
from corredor.engine.inputs import fill_open
from corredor.engine.network import FlowNetwork, build_network
from corredor.engine.network.index_arrays import first_of, ints
from corredor.engine.network.terms import actions_on
from corredor.pages.explore.dormant import never_in_force, settings_of
from corredor.study.describe import action_text
from corredor.study.model import Model
from corredor.study.schema import Action, Measure, Place, PlaceSelector, Quantity
from corredor.study.selectors import matches_group, matches_place, value_by
from corredor.study.topology import Compartment, Move

KINDS_OF_MOVES = ("transition", "opens", "closes")

Spot = tuple[int, int, str]
"""Number of a measure, number of one of its actions, place."""

Bare = tuple[float, tuple[int, ...]]
"""Constant and parameters of an action's effect on one unit of dose."""


@dataclass(frozen=True)
class Part:
    """Actions of a measure that act at the same places, and could act at the same others.

    actions : their numbers in the measure
    own, possible : ids of places, in the order of the study
    """

    actions: tuple[int, ...]
    own: tuple[str, ...]
    possible: tuple[str, ...]


@dataclass(frozen=True)
class Movable:
    """A study whose measures can be moved.

    network : of the study as it is, with all that sleeps
    parts : of each measure, in order
    terms, acts : numbers of the terms and of the openings and closings of each spot
    settings : of each spot, capacities and services (their number) that it changes, and as which of the changes
    awake_series : of each term that can sleep, the series that it has awake
    bare : of each of these terms, its effect without the dose
    """

    network: FlowNetwork
    parts: tuple[tuple[Part, ...], ...]
    terms: dict[Spot, list[int]]
    acts: dict[Spot, list[int]]
    settings: dict[Spot, list[tuple[int, int]]]
    awake_series: dict[int, int]
    bare: dict[int, Bare]

    @property
    def no_series(self) -> int:
        """Series that is always 0."""
        return len(self.network.recipe.fixed_series) - 1

    @property
    def no_measure(self) -> int:
        """Measure that is never in force."""
        return len(self.network.model.measures)


def with_movable_measures(model: Model) -> Movable:
    """The network of a study with every action asleep where it could act besides."""
    plain = build_network(model)
    parts = tuple(tuple(_parts(plain, measure)) for measure in model.measures)
    wide = build_network(replace(model, measures=tuple(_everywhere(*one) for one in zip(model.measures, parts, strict=True))))
    awake = {(m, a, place) for m, some in enumerate(parts) for part in some for a in part.actions for place in part.own}
    recipe = never_in_force(wide.recipe, 1)
    recipe = recipe._replace(fixed_series=np.vstack([recipe.fixed_series, np.zeros((1, len(recipe.change_step)))]))
    recipe, topology, terms, awake_series, bare = _terms_apart(wide, recipe, awake)
    recipe, topology, acts = _windows_apart(wide, recipe, topology, awake)
    recipe, settings = _settings_apart(wide, recipe, awake)
    network = replace(wide, model=model, recipe=recipe, topology=topology)
    return Movable(network, parts, terms, acts, settings, awake_series, bare)


def places_of(movable: Movable, recipe: Recipe) -> Iterator[dict[str, Any]]:
    """What the page is told of each measure's places: its parts, and what wakes where; how a scenario file would write its actions.

    recipe : that of the page, in which further measures may change a setting after those of the study
    """
    for m, (measure, parts) in enumerate(zip(movable.network.model.measures, movable.parts, strict=True)):
        yield {
            "parts": [
                {
                    "lines": list(dict.fromkeys(action_text(_at(measure.acts_on[a], None)) for a in part.actions)),
                    "actions": list(part.actions),
                    "own": list(part.own),
                    "possible": list(part.possible),
                    "wakes": [_wakes(movable, recipe, [(m, a, place) for a in part.actions]) for place in part.possible],
                }
                for part in parts
            ],
            "written": [_written(action) for action in measure.acts_on] if len(parts) > 1 else [],
        }


def _wakes(movable: Movable, recipe: Recipe, spots: list[Spot]) -> dict[str, Any]:
    """Terms with their series, changes of settings, and acts of some spots."""
    first = recipe.setting_first_change
    return {
        "terms": [[term, movable.awake_series[term]] for spot in spots for term in movable.terms.get(spot, ())],
        "settings": [int(first[k]) + at for spot in spots for k, at in movable.settings.get(spot, ())],
        "acts": [act for spot in spots for act in movable.acts.get(spot, ())],
    }


def _written(action: Action) -> dict[str, Any]:
    return action.model_dump(mode="json", exclude={"at"}, exclude_none=True, exclude_defaults=True)


def _parts(network: FlowNetwork, measure: Measure) -> Iterator[Part]:
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = defaultdict(list)
    for number, action in enumerate(measure.acts_on):
        here = _possible(network, measure, action)
        own = tuple(place.id for place in here if matches_place(action.at, place))
        found[own, tuple(place.id for place in here)].append(number)
    for (own, possible), actions in found.items():
        yield Part(tuple(actions), own, possible)


def _possible(network: FlowNetwork, measure: Measure, action: Action) -> list[Place]:
    """Places at which an action can act on what is there."""
    model, anywhere = network.model, _at(action, None)
    can: dict[str, bool] = {}
    for kind in KINDS_OF_MOVES:
        for move in network.moves:
            if getattr(action, kind) == move.transition.name and _meets(model, anywhere, move):
                quantities = [measure.dose, action.effect if action.effect is not None else 1.0]
                known = kind != "transition" or _is_known(model, quantities, move.origin.place, move.group_ids[0])
                can[move.origin.place.id] = can.get(move.origin.place.id, True) and known
    for kind, compartment in settings_of(network):
        quantity = _change_of(action, kind, compartment)
        if quantity is not None:
            can[compartment.place.id] = _is_known(model, [quantity], compartment.place, None)
    return [place for place in model.places if can.get(place.id, False)]


def _meets(model: Model, action: Action, move: Move) -> bool:
    (group_id,) = move.group_ids
    groups_meet = matches_group(action.groups, group_id, model.study.groups[group_id])
    return groups_meet and matches_place(action.into, move.target.place)


def _is_known(model: Model, quantities: list[Quantity], place: Place, group_id: str | None) -> bool:
    """Whether quantities have a value at a place."""
    factors = [factor for one in quantities for factor in (one if isinstance(one, list) else [one])]
    return all(value_by(factor, model.study.groups, place, group_id) is not None for factor in factors)


def _change_of(action: Action, kind: str, compartment: Compartment) -> Quantity | None:
    """What an action sets a capacity or service to, or multiplies it by; none where it acts on another."""
    if getattr(action, kind) != compartment.status:
        return None
    return action.set if action.set is not None else action.multiply


def _at(action: Action, places: tuple[str, ...] | None) -> Action:
    return action.model_copy(update={"at": PlaceSelector() if places is None else PlaceSelector(id=list(places))})


def _everywhere(measure: Measure, parts: tuple[Part, ...]) -> Measure:
    """The measure with every action at all places where it can act."""
    possible = {number: part.possible for part in parts for number in part.actions}
    actions = [_at(action, possible[number]) for number, action in enumerate(measure.acts_on)]
    return measure.model_copy(update={"acts_on": actions})


def _spots_on(network: FlowNetwork, move: Move, kind: str) -> list[Spot]:
    """Spots of all actions of a kind on a move, in the order of the network."""
    measures = network.model.measures
    found = []
    for measure, action in actions_on(network.model, move, kind):
        m = next(number for number, one in enumerate(measures) if one is measure)
        a = next(number for number, one in enumerate(measure.acts_on) if one is action)
        found.append((m, a, move.origin.place.id))
    return found


def _terms_apart(
    wide: FlowNetwork, recipe: Recipe, awake: set[Spot]
) -> tuple[Recipe, Topology, dict[Spot, list[int]], dict[int, int], dict[int, Bare]]:
    """Terms so that each spot has its own. A measure's terms are the last of a move, in the order of its actions."""
    topology, quantities = wide.topology, wide.quantities
    numbers: dict[tuple[int, Spot | None, int], int] = {}
    of_moves: list[int] = []
    terms: dict[Spot, list[int]] = defaultdict(list)
    bare: dict[int, Bare] = {}
    for k, move in enumerate(wide.moves):
        own = topology.move_term[topology.move_first_term[k] : topology.move_first_term[k + 1]].tolist()
        spots = _spots_on(wide, move, "transition")
        n_declared = len(own) - len(spots)
        of_moves += [numbers.setdefault((term, None, -1), len(numbers)) for term in own[:n_declared]]
        for term, spot in zip(own[n_declared:], spots, strict=True):
            effect = wide.model.measures[spot[0]].acts_on[spot[1]].effect
            row = quantities.row(effect if effect is not None else 1.0, move.origin.place, move.group_ids[0])
            number = numbers.setdefault((term, spot, row), len(numbers))
            of_moves.append(number)
            if number not in bare:
                terms[spot].append(number)
                bare[number] = quantities.constants[row], quantities.factors[row]
    choices = [numbers.setdefault((int(term), None, -1), len(numbers)) for term in topology.move_choice]
    old = ints([term for term, _, _ in numbers])
    series = recipe.term_series[old]
    awake_series = {number: int(series[number]) for number in bare}
    asleep = [number for (_, spot, _), number in numbers.items() if spot is not None and spot not in awake]
    series[asleep] = len(recipe.fixed_series) - 1
    recipe = recipe._replace(term_row=recipe.term_row[old], term_coefficient=recipe.term_coefficient[old], term_series=series)
    return recipe, topology._replace(move_term=ints(of_moves), move_choice=ints(choices)), dict(terms), awake_series, bare


def _windows_apart(
    wide: FlowNetwork, recipe: Recipe, topology: Topology, awake: set[Spot]
) -> tuple[Recipe, Topology, dict[Spot, list[int]]]:
    """Windows so that moves share one only where the same spots open and close them."""
    windows: dict[tuple[bool, tuple[tuple[Spot, int], ...]], int] = {}
    move_open = topology.move_open.copy()
    for k, move in enumerate(wide.moves):
        if move_open[k] >= 0:
            acts = tuple((spot, opens) for kind, opens in (("opens", 1), ("closes", 0)) for spot in _spots_on(wide, move, kind))
            move_open[k] = windows.setdefault((move.transition.only_when_opened, acts), len(windows))
    all_acts = [act for _, acts in windows for act in acts]
    found: dict[Spot, list[int]] = defaultdict(list)
    for number, (spot, _) in enumerate(all_acts):
        found[spot].append(number)
    no_measure = len(wide.model.measures)
    recipe = recipe._replace(
        window_only_opened=ints([only_opened for only_opened, _ in windows]),
        window_first_act=first_of([len(acts) for _, acts in windows]),
        act_measure=ints([spot[0] if spot in awake else no_measure for spot, _ in all_acts]),
        act_opens=ints([opens for _, opens in all_acts]),
    )
    open_on_change = np.zeros((len(windows), len(recipe.change_step)), dtype=np.int64)
    fill_open(recipe, open_on_change)
    return recipe, topology._replace(move_open=move_open, open_on_change=open_on_change), dict(found)


def _settings_apart(wide: FlowNetwork, recipe: Recipe, awake: set[Spot]) -> tuple[Recipe, dict[Spot, list[tuple[int, int]]]]:
    """Changes of capacities and services, each by one spot."""
    found: dict[Spot, list[tuple[int, int]]] = defaultdict(list)
    of_changes: list[int] = []
    for k, (kind, compartment) in enumerate(settings_of(wide)):
        spots = [
            (m, a, compartment.place.id)
            for m, measure in enumerate(wide.model.measures)
            for a, action in enumerate(measure.acts_on)
            if _change_of(action, kind, compartment) is not None and matches_place(action.at, compartment.place)
        ]
        for at, spot in enumerate(spots):
            found[spot].append((k, at))
            of_changes.append(spot[0] if spot in awake else len(wide.model.measures))
    assert len(of_changes) == len(recipe.setting_measure)
    return recipe._replace(setting_measure=ints(of_changes)), dict(found)
