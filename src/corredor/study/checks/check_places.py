"""Places, routes and sources: every id once, names that cannot be confused, roads no shorter than the great circle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from corredor.study.checks.facts import Facts
from corredor.study.problems import Problem, listed
from corredor.study.reading import Written
from corredor.study.reading.wording import Path
from corredor.study.schema import Route
from corredor.study.selectors import great_circle_km

TOLERANCE = 0.01
"""Part by which a road may be shorter than the great circle: positions of towns are centres, and kilometres are rounded."""


def check_places(facts: Facts) -> Iterator[Problem]:
    """Problems of places.csv and sources.csv that the shape of their rows does not show."""
    yield from repeated((row, row.name, ("id",)) for row in facts.raw.places)
    yield from repeated((row, row.name, ("id",)) for row in facts.raw.sources)
    for row in facts.raw.places:
        yield from facts.sources(row.entry.source, row)
    yield from _confusable_places(facts)


def check_routes(facts: Facts) -> Iterator[Problem]:
    """Problems of routes.csv that the shape of its rows does not show."""
    seen: dict[tuple[str, str, str], tuple[Written[Route], bool]] = {}
    for row in facts.routes:
        route = row.entry
        yield from facts.sources(route.source, row)
        unknown = [
            problem
            for name, column in ((route.from_, "from"), (route.to, "to"))
            for problem in facts.unknown("place", name, row, (column,))
        ]
        yield from unknown
        if not unknown and route.from_ == route.to:
            found = f"a route from {route.from_} to itself"
            yield row.problem(("to",), found, "two different places", "delete the row, or name the place that the route leads to")
            continue
        for ends, is_way_back in (((route.from_, route.to), False), ((route.to, route.from_), True)):
            if is_way_back and not route.both_ways:
                continue
            key = (*ends, route.mode)
            if key in seen:
                other, other_back = seen[key]
                found = f"{route.mode} from {ends[0]} to {ends[1]} a second time; line {other.line} has it already"
                expected = "every way once"
                try_ = (
                    "delete one of the rows" if not (other_back or is_way_back) else "delete this row, or the yes in `both_ways`"
                )
                yield row.problem(("both_ways",) if is_way_back else (), found, expected, try_)
                break
            seen[key] = (row, is_way_back)
        yield from _too_short(facts, row)


def _too_short(facts: Facts, row: Written[Route]) -> Iterator[Problem]:
    route = row.entry
    if route.from_ not in facts.places or route.to not in facts.places:
        return
    shortest_km = great_circle_km(facts.places[route.from_], facts.places[route.to])
    if route.km < shortest_km * (1 - TOLERANCE):
        found = f"{route.km:g} km from {route.from_} to {route.to}"
        expected = f"at least {shortest_km:.1f} km, the great circle between the two places"
        try_ = f"the distance by {route.mode}, or correct lat and lon of {route.from_} or {route.to} in places.csv"
        yield row.problem(("km",), found, expected, try_)


def repeated(named: Iterable[tuple[Written[Any], str, Path]]) -> Iterator[Problem]:
    """Problems for names that occur more than once. named : entry, its name, where the name stands in it."""
    first: dict[str, Written[Any]] = {}
    for written, name, inner in named:
        if name in first:
            found = f"{name} a second time; line {first[name].line} has it already"
            yield written.problem(inner, found, "every name once", "rename one of the two, or delete it")
        first.setdefault(name, written)


def _confusable_places(facts: Facts) -> Iterator[Problem]:
    """A name in the place column of an observation or driver may be a place, a country or a region; it must say which people are meant."""
    members: dict[str, dict[str, frozenset[str]]] = {"place": {}, "country": {}, "region": {}}
    for place in facts.places.values():
        for kind, name in (("place", place.id), ("country", place.country), ("region", place.region)):
            if name:
                members[kind][name] = members[kind].get(name, frozenset()) | {place.id}
    reported: set[str] = set()
    for row in facts.raw.places:
        for kind, name, others in (
            ("place", row.entry.id, ("country", "region")),
            ("country", row.entry.country, ("region",)),
        ):
            for other in others:
                # The same name for the same places confuses nobody: an island state with one town on it.
                if name in members[other] and members[other][name] != members[kind][name] and name not in reported:
                    reported.add(name)
                    found = f"{name} as the name of a {kind} and of a {other} with other places ({listed(sorted(members[other][name]), 4)})"
                    yield row.problem(
                        ("id" if kind == "place" else "country",),
                        found,
                        "a name for one of them",
                        f"`{name}_{other}` for the {other}",
                    )
