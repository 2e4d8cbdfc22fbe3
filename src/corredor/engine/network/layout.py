"""Where counts live: compartments, and the pools (compartment, group) that people can reach at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corredor.study.model import Model
from corredor.study.schema import CompartmentSpec, CompartmentType, Place, Route, Transition
from corredor.study.selectors import matches_group, matches_place


@dataclass(frozen=True)
class Compartment:
    """One compartment: a status at a place. `entity` is its number in the order of the study, used for luck."""

    entity: int
    status: str
    place: Place
    spec: CompartmentSpec

    @property
    def type(self) -> CompartmentType:
        return self.spec.type


@dataclass(frozen=True)
class Move:
    """A transition as people of a group can take it from a compartment to a compartment, along a route or not."""

    transition: int
    origin: Compartment
    group: int
    target: Compartment
    route: Route | None


@dataclass(frozen=True)
class Layout:
    """Compartments in the order the kernel visits them (gates in flow order, populations, stays, queues), pools and moves between them."""

    compartments: tuple[Compartment, ...]
    group_ids: tuple[str, ...]
    pools: tuple[tuple[Compartment, int], ...]
    moves: tuple[Move, ...]

    @property
    def pool_number(self) -> dict[tuple[int, int], int]:
        """(entity of the compartment, group) → number of the pool."""
        return {(compartment.entity, group): number for number, (compartment, group) in enumerate(self.pools)}


def make_layout(model: Model) -> Layout:
    """Compartments, the pools that can be reached from where people start, and the moves between these."""
    group_ids = tuple(model.study.groups)
    compartments = _compartments(model)
    compartment_at = {(compartment.status, compartment.place.id): compartment for compartment in compartments}
    moves: dict[tuple[int, int], list[Move]] = {}
    for compartment in compartments:
        for group, group_id in enumerate(group_ids):
            if _can_be(model, compartment, group_id):
                moves[compartment.entity, group] = list(_moves_out(model, compartment_at, compartment, group, group_id))
    reached = _reachable(model, compartment_at, group_ids, moves)
    ordered = _visiting_order(compartments, [move for pool in reached for move in moves[pool]])
    pools = tuple(
        (compartment, group)
        for compartment in ordered
        for group in range(len(group_ids))
        if (compartment.entity, group) in reached
    )
    return Layout(
        ordered, group_ids, pools, tuple(move for compartment, group in pools for move in moves[compartment.entity, group])
    )


def _compartments(model: Model) -> list[Compartment]:
    compartments: list[Compartment] = []
    for spec in model.study.compartments:
        for place in model.places:
            if matches_place(spec.at, place):
                compartments.append(Compartment(len(compartments), spec.status, place, spec))
    return compartments


def _can_be(model: Model, compartment: Compartment, group_id: str) -> bool:
    group = model.study.groups[group_id]
    at_home = compartment.type != "population" or group.citizenship in (None, compartment.place.country)
    return at_home and matches_group(compartment.spec.groups, group_id, group)


def _moves_out(
    model: Model, compartment_at: dict[tuple[str, str], Compartment], compartment: Compartment, group: int, group_id: str
) -> Iterator[Move]:
    for number, transition in enumerate(model.study.transitions):
        if transition.from_ != compartment.status or not matches_place(transition.at, compartment.place):
            continue
        if not matches_group(transition.groups, group_id, model.study.groups[group_id]):
            continue
        for place_id, route in _targets(model, transition, compartment.place, group_id):
            target = compartment_at.get((transition.to, place_id))
            if target is not None and matches_place(transition.into, target.place) and _can_be(model, target, group_id):
                yield Move(number, compartment, group, target, route)


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
    model: Model,
    compartment_at: dict[tuple[str, str], Compartment],
    group_ids: tuple[str, ...],
    moves: dict[tuple[int, int], list[Move]],
) -> set[tuple[int, int]]:
    """Pools that people can come to from populations, initial counts and events, with every transition thought open."""
    start: list[tuple[int, int]] = []
    for compartment in compartment_at.values():
        weights = compartment.spec.initial.groups if compartment.spec.initial else {}
        for group, group_id in enumerate(group_ids):
            lives_here = compartment.type == "population" and model.study.groups[group_id].share_of_population > 0
            if (compartment.entity, group) in moves and (lives_here or weights.get(group_id, 0) > 0):
                start.append((compartment.entity, group))
    reached: set[tuple[int, int]] = set()
    attempts = [
        (a, compartment)
        for a in model.study.collective_attempts
        for compartment in compartment_at.values()
        if matches_place(a.at, compartment.place)
    ]
    while start:
        pool = start.pop()
        if pool in reached or pool not in moves:
            continue
        reached.add(pool)
        start += [(move.target.entity, move.group) for move in moves[pool]]
        for attempt, compartment in attempts:
            if (
                compartment.entity == pool[0]
                and compartment.status in attempt.from_
                and (attempt.to, compartment.place.id) in compartment_at
            ):
                start.append((compartment_at[attempt.to, compartment.place.id].entity, pool[1]))
        for event in model.events:
            origin, target = compartment_at.get((event.from_, event.at)), compartment_at.get((event.to, event.at))
            if origin and target and origin.entity == pool[0] and event.groups.get(group_ids[pool[1]], 0) > 0:
                start.append((target.entity, pool[1]))
    return reached


def _visiting_order(compartments: list[Compartment], moves: list[Move]) -> tuple[Compartment, ...]:
    """Gates so that each comes before the gates it feeds in place, then populations, stays and queues in the study's order."""
    feeds: dict[int, set[int]] = {compartment.entity: set() for compartment in compartments}
    for move in moves:
        if move.origin.type == "gate" and move.target.type == "gate" and move.route is None:
            feeds[move.origin.entity].add(move.target.entity)
    depth = {compartment.entity: 0 for compartment in compartments}
    for _ in compartments:
        for origin, targets in feeds.items():
            for target in targets:
                depth[target] = max(depth[target], depth[origin] + 1)
    rank = {"gate": 0, "population": 1, "stay": 2, "queue": 3}
    return tuple(
        sorted(compartments, key=lambda compartment: (rank[compartment.type], depth[compartment.entity], compartment.entity))
    )


def position(compartments: Sequence[Compartment], compartment: Compartment) -> int:
    """Number of a compartment in a list of compartments; −1 when it is not there."""
    return next((number for number, other in enumerate(compartments) if other.entity == compartment.entity), -1)
