"""Where counts live: compartments, and the pairs (compartment, group) that people can reach at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corredor.model import Model, matches_group, matches_place
from corredor.schema import Compartment, CompartmentType, Place, Route, Transition


@dataclass(frozen=True)
class Spot:
    """One compartment: a status at a place. `entity` is its number in the order of the study, used for luck."""

    entity: int
    status: str
    place: Place
    spec: Compartment

    @property
    def type(self) -> CompartmentType:
        return self.spec.type


@dataclass(frozen=True)
class Way:
    """A transition as people of a group can take it from a spot to a spot, along a route or not."""

    transition: int
    origin: Spot
    group: int
    target: Spot
    route: Route | None


@dataclass(frozen=True)
class Layout:
    """Spots in the order the kernel visits them (gates in flow order, populations, stays, queues), pairs and ways between them."""

    spots: tuple[Spot, ...]
    group_ids: tuple[str, ...]
    pairs: tuple[tuple[Spot, int], ...]
    ways: tuple[Way, ...]

    @property
    def pair_number(self) -> dict[tuple[int, int], int]:
        """(entity of the spot, group) → number of the pair."""
        return {(spot.entity, group): number for number, (spot, group) in enumerate(self.pairs)}


def make_layout(model: Model) -> Layout:
    """Spots, the pairs that can be reached from where people start, and the ways between these."""
    group_ids = tuple(model.study.groups)
    spots = _spots(model)
    spot_at = {(spot.status, spot.place.id): spot for spot in spots}
    ways: dict[tuple[int, int], list[Way]] = {}
    for spot in spots:
        for group, group_id in enumerate(group_ids):
            if _can_be(model, spot, group_id):
                ways[spot.entity, group] = list(_ways_out(model, spot_at, spot, group, group_id))
    reached = _reachable(model, spot_at, group_ids, ways)
    ordered = _visiting_order(spots, [way for pair in reached for way in ways[pair]])
    pairs = tuple((spot, group) for spot in ordered for group in range(len(group_ids)) if (spot.entity, group) in reached)
    return Layout(ordered, group_ids, pairs, tuple(way for spot, group in pairs for way in ways[spot.entity, group]))


def _spots(model: Model) -> list[Spot]:
    spots: list[Spot] = []
    for spec in model.study.compartments:
        for place in model.places:
            if matches_place(spec.at, place):
                spots.append(Spot(len(spots), spec.status, place, spec))
    return spots


def _can_be(model: Model, spot: Spot, group_id: str) -> bool:
    group = model.study.groups[group_id]
    at_home = spot.type != "population" or group.citizenship in (None, spot.place.country)
    return at_home and matches_group(spot.spec.groups, group_id, group)


def _ways_out(model: Model, spot_at: dict[tuple[str, str], Spot], spot: Spot, group: int, group_id: str) -> Iterator[Way]:
    for number, transition in enumerate(model.study.transitions):
        if transition.from_ != spot.status or not matches_place(transition.at, spot.place):
            continue
        if not matches_group(transition.groups, group_id, model.study.groups[group_id]):
            continue
        for place_id, route in _targets(model, transition, spot.place, group_id):
            target = spot_at.get((transition.to, place_id))
            if target is not None and matches_place(transition.into, target.place) and _can_be(model, target, group_id):
                yield Way(number, spot, group, target, route)


def _targets(model: Model, transition: Transition, place: Place, group_id: str) -> Iterator[tuple[str, Route | None]]:
    if transition.along is not None:
        modes = [transition.along] if isinstance(transition.along, str) else transition.along
        for route in model.routes:
            if route.from_ == place.id and route.mode in modes:
                yield route.to, route
    elif transition.to_place is None:
        yield place.id, None
    elif isinstance(transition.to_place, str):
        yield transition.to_place, None
    else:
        by, group = transition.to_place, model.study.groups[group_id]
        keys = {"group": group_id, "citizenship": group.citizenship, "kind": group.kind}
        keys |= {"place": place.id, "country": place.country, "region": place.region}
        target = by.values.get(keys[by.by] or "", by.otherwise)
        if isinstance(target, str):
            yield target, None


def _reachable(
    model: Model, spot_at: dict[tuple[str, str], Spot], group_ids: tuple[str, ...], ways: dict[tuple[int, int], list[Way]]
) -> set[tuple[int, int]]:
    """Pairs that people can come to from populations, initial counts and events, with every transition thought open."""
    start: list[tuple[int, int]] = []
    for spot in spot_at.values():
        weights = spot.spec.initial.groups if spot.spec.initial else {}
        for group, group_id in enumerate(group_ids):
            lives_here = spot.type == "population" and model.study.groups[group_id].share_of_population > 0
            if (spot.entity, group) in ways and (lives_here or weights.get(group_id, 0) > 0):
                start.append((spot.entity, group))
    reached: set[tuple[int, int]] = set()
    attempts = [
        (a, spot) for a in model.study.collective_attempts for spot in spot_at.values() if matches_place(a.at, spot.place)
    ]
    while start:
        pair = start.pop()
        if pair in reached or pair not in ways:
            continue
        reached.add(pair)
        start += [(way.target.entity, way.group) for way in ways[pair]]
        for attempt, spot in attempts:
            if spot.entity == pair[0] and spot.status in attempt.from_ and (attempt.to, spot.place.id) in spot_at:
                start.append((spot_at[attempt.to, spot.place.id].entity, pair[1]))
        for event in model.events:
            origin, target = spot_at.get((event.from_, event.at)), spot_at.get((event.to, event.at))
            if origin and target and origin.entity == pair[0] and event.groups.get(group_ids[pair[1]], 0) > 0:
                start.append((target.entity, pair[1]))
    return reached


def _visiting_order(spots: list[Spot], ways: list[Way]) -> tuple[Spot, ...]:
    """Gates so that each comes before the gates it feeds in place, then populations, stays and queues in the study's order."""
    feeds: dict[int, set[int]] = {spot.entity: set() for spot in spots}
    for way in ways:
        if way.origin.type == "gate" and way.target.type == "gate" and way.route is None:
            feeds[way.origin.entity].add(way.target.entity)
    depth = {spot.entity: 0 for spot in spots}
    for _ in spots:
        for origin, targets in feeds.items():
            for target in targets:
                depth[target] = max(depth[target], depth[origin] + 1)
    rank = {"gate": 0, "population": 1, "stay": 2, "queue": 3}
    return tuple(sorted(spots, key=lambda spot: (rank[spot.type], depth[spot.entity], spot.entity)))


def position(spots: Sequence[Spot], spot: Spot) -> int:
    """Number of a spot in a list of spots; −1 when it is not there."""
    return next((number for number, other in enumerate(spots) if other.entity == spot.entity), -1)
