"""Where counts live and how people come there: compartments, the moves that transitions open between them, the pools that can be reached.

It is made of plain entries, and an entry that could not be read is simply left out: so the checks of a study and the network ask the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from corredor.study.schema import By, CollectiveAttempt, CompartmentSpec, CompartmentType, Event, Group, Place, Route, Transition
from corredor.study.selectors import matches_group, matches_place, names_in, value_by


@dataclass(frozen=True, eq=False)
class Compartment:
    """A status at a place.

    entity : its number in the order of the study, on which its random numbers hang
    entry : number of the entry of `compartments` that puts it there, which is `spec`
    group_ids : groups whose people can be here; in a population, only those who live there
    """

    entity: int
    entry: int
    status: str
    place: Place
    spec: CompartmentSpec
    group_ids: tuple[str, ...]

    @property
    def type(self) -> CompartmentType:
        return self.spec.type


Pool = tuple[Compartment, str]
"""A compartment and a group that can be there."""


@dataclass(frozen=True, eq=False)
class Move:
    """A transition from one compartment to another, along a route or not, and the groups that can take it."""

    transition: Transition
    origin: Compartment
    target: Compartment
    route: Route | None
    group_ids: tuple[str, ...]


@dataclass(frozen=True)
class Corridor:
    """Where people can be, and the ways between.

    places, groups : by id
    compartments : (status, place id) → compartment, in the order of the study
    compartments_by_status : status → its compartments
    routes_by_start : place id → the routes that leave it, in one direction each
    """

    places: dict[str, Place]
    groups: dict[str, Group]
    compartments: dict[tuple[str, str], Compartment]
    compartments_by_status: dict[str, list[Compartment]]
    routes_by_start: dict[str, list[Route]]

    def compartments_of(self, status: str) -> list[Compartment]:
        """Compartments of a status, at all places that have it."""
        return self.compartments_by_status.get(status, [])


def make_corridor(
    places: Mapping[str, Place], groups: Mapping[str, Group], specs: Iterable[CompartmentSpec], routes: Iterable[Route]
) -> Corridor:
    """Put every status at its places. A second entry for the same status at a place changes nothing."""
    compartments: dict[tuple[str, str], Compartment] = {}
    by_status, by_start = defaultdict(list), defaultdict(list)
    for entry, spec in enumerate(specs):
        admitted = [group_id for group_id, group in groups.items() if matches_group(spec.groups, group_id, group)]
        for place in places.values():
            if not matches_place(spec.at, place) or (spec.status, place.id) in compartments:
                continue
            able = [g for g in admitted if spec.type != "population" or groups[g].citizenship in (None, place.country)]
            compartment = Compartment(len(compartments), entry, spec.status, place, spec, tuple(able))
            compartments[spec.status, place.id] = compartment
            by_status[spec.status].append(compartment)
    for route in (way for row in routes for way in one_way(row)):
        if route.from_ in places and route.to in places:
            by_start[route.from_].append(route)
    return Corridor(dict(places), dict(groups), compartments, dict(by_status), dict(by_start))


def one_way(route: Route) -> list[Route]:
    """A route as ways in one direction each: one that is open both ways is two."""
    if not route.both_ways:
        return [route]
    there = route.model_copy(update={"both_ways": False})
    return [there, there.model_copy(update={"from_": route.to, "to": route.from_})]


def admitted_by(corridor: Corridor, transition: Transition) -> list[str]:
    """Groups whose people can take a transition."""
    return [group_id for group_id, group in corridor.groups.items() if matches_group(transition.groups, group_id, group)]


def origins_of(corridor: Corridor, transition: Transition) -> list[Compartment]:
    """Compartments that a transition leaves."""
    return [
        compartment
        for compartment in corridor.compartments_of(transition.from_)
        if matches_place(transition.at, compartment.place)
    ]


def routes_of(corridor: Corridor, transition: Transition, place: Place) -> list[Route]:
    """Routes of a transition from a place."""
    return [
        route
        for route in corridor.routes_by_start.get(place.id, ())
        if route.mode in names_in(transition.along) and matches_place(transition.into, corridor.places[route.to])
    ]


def moves_of(corridor: Corridor, transition: Transition) -> Iterator[Move]:
    """Every way of a transition whose two ends exist, also one that no group can take."""
    admitted = admitted_by(corridor, transition)
    for origin in origins_of(corridor, transition):
        for place_id, route, groups in _ways_out(corridor, transition, origin.place, admitted):
            target = corridor.compartments.get((transition.to, place_id))
            if target is not None:
                able = tuple(g for g in groups if g in origin.group_ids and g in target.group_ids)
                yield Move(transition, origin, target, route, able)


def _ways_out(
    corridor: Corridor, transition: Transition, place: Place, admitted: list[str]
) -> Iterator[tuple[str, Route | None, list[str]]]:
    to_place = transition.to_place
    if transition.along is not None:
        yield from ((route.to, route, admitted) for route in routes_of(corridor, transition, place))
    elif isinstance(to_place, By):
        yield from ((str(value_by(to_place, corridor.groups, place, g)), None, [g]) for g in admitted)
    else:
        yield place.id if to_place is None else to_place, None, admitted


def reached_pools(
    corridor: Corridor, moves: Iterable[Move], events: Iterable[Event], attempts: Iterable[CollectiveAttempt]
) -> set[Pool]:
    """Pools that people can come to from populations and initial counts, with every transition thought open."""
    onward: dict[Pool, list[Pool]] = defaultdict(list)
    for origin, target, groups in [
        *((move.origin, move.target, move.group_ids) for move in moves),
        *_jumps(corridor, events, attempts),
    ]:
        for group_id in groups:
            onward[origin, group_id].append((target, group_id))
    reached: set[Pool] = set()
    todo = [(c, g) for c in corridor.compartments.values() for g in c.group_ids if _starts(corridor, c, g)]
    while todo:
        pool = todo.pop()
        if pool not in reached:
            reached.add(pool)
            todo += onward[pool]
    return reached


def _starts(corridor: Corridor, compartment: Compartment, group_id: str) -> bool:
    lives_here = compartment.type == "population" and corridor.groups[group_id].share_of_population > 0
    initial = compartment.spec.initial
    return lives_here or (initial is not None and initial.groups.get(group_id, 0) > 0)


def _jumps(
    corridor: Corridor, events: Iterable[Event], attempts: Iterable[CollectiveAttempt]
) -> Iterator[tuple[Compartment, Compartment, list[str]]]:
    """Moves by events and collective attempts, with the groups that can take them."""
    at = corridor.compartments
    jumps = [(event.from_, event.to, event.at, [g for g, weight in event.groups.items() if weight > 0]) for event in events]
    jumps += [
        (status, attempt.to, place.id, list(corridor.groups))
        for attempt in attempts
        for place in corridor.places.values()
        if matches_place(attempt.at, place)
        for status in attempt.from_
    ]
    for from_, to, place_id, groups in jumps:
        if (from_, place_id) in at and (to, place_id) in at:
            target = at[to, place_id]
            yield at[from_, place_id], target, [g for g in groups if g in target.group_ids]
