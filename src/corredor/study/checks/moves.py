"""The moves that transitions open between compartments, and who can come where by them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from corredor.study.checks.facts import Compartment, Facts
from corredor.study.checks.quantities import value_for
from corredor.study.reading import Written
from corredor.study.schema import By, Place, Route, Transition
from corredor.study.selectors import matches_group, matches_place, names_in


@dataclass(frozen=True)
class Move:
    """A transition from one compartment to another, along a route or not. `group_id`: only for this group; none: for all it admits."""

    transition: Written[Transition]
    origin: Compartment
    target: Compartment
    route: Route | None
    group_id: str | None = None


def admits(facts: Facts, transition: Transition, group_id: str) -> bool:
    """Whether people of a group can take a transition."""
    return matches_group(transition.groups, group_id, facts.groups[group_id])


def origins_of(facts: Facts, transition: Transition) -> list[Compartment]:
    """Compartments that a transition leaves."""
    return [
        compartment for compartment in facts.compartments_of(transition.from_) if matches_place(transition.at, compartment.place)
    ]


def routes_from(facts: Facts, transition: Transition, place: Place) -> Iterator[tuple[Place, Route]]:
    """Where routes of a transition lead from a place."""
    modes = names_in(transition.along)
    for end, route in facts.routes_by_start.get(place.id, ()):
        if route.mode in modes and matches_place(transition.into, end):
            yield end, route


def moves_of(facts: Facts, written: Written[Transition]) -> Iterator[Move]:
    """Every way of a transition whose two ends exist."""
    transition = written.entry
    for origin in origins_of(facts, transition):
        if transition.along is not None:
            for place, route in routes_from(facts, transition, origin.place):
                target = facts.compartments.get((transition.to, place.id))
                if target is not None:
                    yield Move(written, origin, target, route)
        elif transition.to_place is None:
            target = facts.compartments.get((transition.to, origin.place.id))
            if target is not None:
                yield Move(written, origin, target, None)
        else:
            yield from _moves_to_fixed_place(facts, written, origin)


def _moves_to_fixed_place(facts: Facts, written: Written[Transition], origin: Compartment) -> Iterator[Move]:
    to_place = written.entry.to_place
    if isinstance(to_place, str):
        target = facts.compartments.get((written.entry.to, to_place))
        if target is not None:
            yield Move(written, origin, target, None)
    elif isinstance(to_place, By):
        for group_id in facts.groups:
            place_id = value_for(facts, to_place, origin.place, group_id)
            target = facts.compartments.get((written.entry.to, str(place_id)))
            if target is not None:
                yield Move(written, origin, target, None, group_id)


@dataclass(frozen=True)
class Reach:
    """Which groups can come to which compartment, with every transition thought open. Keys: (status, place id, group id)."""

    reached: frozenset[tuple[str, str, str]]

    def groups_at(self, facts: Facts, compartment: Compartment) -> list[str]:
        """Groups that can come to a compartment."""
        return [group_id for group_id in facts.groups if (compartment.status, compartment.place.id, group_id) in self.reached]


def find_reach(facts: Facts, moves: tuple[Move, ...]) -> Reach:
    """Follow everybody from where they start."""
    out: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for move in moves:
        out[move.origin.status, move.origin.place.id].append(move)
    jumps = _jumps(facts)
    todo = list(_starts(facts))
    reached: set[tuple[str, str, str]] = set()
    while todo:
        status, place_id, group_id = here = todo.pop()
        if here in reached:
            continue
        reached.add(here)
        for move in out[status, place_id]:
            allowed = move.group_id in (None, group_id) and admits(facts, move.transition.entry, group_id)
            if allowed and facts.can_be(move.target, group_id):
                todo.append((move.target.status, move.target.place.id, group_id))
        for to, groups in jumps.get((status, place_id), ()):
            if group_id in groups and facts.can_be(facts.compartments[to, place_id], group_id):
                todo.append((to, place_id, group_id))
    return Reach(frozenset(reached))


def _starts(facts: Facts) -> Iterator[tuple[str, str, str]]:
    for compartment in facts.compartments.values():
        for group_id, group in facts.groups.items():
            if not facts.can_be(compartment, group_id):
                continue
            lives_here = compartment.spec.type == "population" and group.share_of_population > 0
            is_here = compartment.spec.initial is not None and compartment.spec.initial.groups.get(group_id, 0) > 0
            if lives_here or is_here:
                yield compartment.status, compartment.place.id, group_id


def _jumps(facts: Facts) -> dict[tuple[str, str], list[tuple[str, frozenset[str]]]]:
    """Moves by events and collective attempts: (status, place) → statuses entered there, and by which groups."""
    jumps: dict[tuple[str, str], list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for written in facts.raw.events:
        event = written.entry
        if (event.to, event.at) in facts.compartments:
            groups = frozenset(name for name, weight in event.groups.items() if weight > 0)
            jumps[event.from_, event.at].append((event.to, groups))
    for attempt in facts.raw.collective_attempts:
        for place in facts.selected_places(attempt.entry.at):
            if (attempt.entry.to, place.id) in facts.compartments:
                for status in attempt.entry.from_:
                    jumps[status, place.id].append((attempt.entry.to, frozenset(facts.groups)))
    return jumps
