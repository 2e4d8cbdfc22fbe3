"""Places, routes and sources: every id once, names that cannot be confused, roads no shorter than the great circle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
    named = [
        (
            row,
            (
                ("place", row.entry.id, ("id",), False),
                ("country", row.entry.country, ("country",), False),
                ("region", row.entry.region, ("region",), False),
            ),
        )
        for row in facts.raw.places
        if facts.places[row.entry.id] is row.entry
    ]
    yield from confusable(named, "places", "`{name}_{other}` for the {other}")


def check_routes(facts: Facts) -> Iterator[Problem]:
    """Problems of routes.csv that the shape of its rows does not show."""
    seen: dict[tuple[str, str, str], tuple[Written[Route], bool]] = {}
    for row in facts.routes:
        route = row.entry
        yield from facts.sources(route.source, row)
        unknown = yield from facts.unknown("place", route.from_, row, ("from",))
        unknown |= yield from facts.unknown("place", route.to, row, ("to",))
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


def confusable(
    named: Iterable[tuple[Written[Any], Sequence[tuple[str, str | None, Path, bool]]]], what: str, try_: str
) -> Iterator[Problem]:
    """Problems for a name that stands for one thing and for another that others share.

    A name in the place or group column of an observation or driver must say which people are meant. The same name for the same ones
    confuses nobody: an island state with one town on it.

    named : entry, and from the finest kind on: kind, name, where it stands, whether that is a key
    what : of whom there are others;  try_ : with {name}, {kind} and {other}
    """
    named = list(named)
    members: dict[tuple[str, str], list[str]] = defaultdict(list)
    for _, kinds in named:
        for kind, name, _, _ in kinds:
            if name:
                members[kind, name].append(str(kinds[0][1]))
    reported: set[str] = set()
    for written, kinds in named:
        for number, (kind, name, inner, is_key) in enumerate(kinds):
            for other, *_ in kinds[number + 1 :]:
                meant = members.get((other, name or ""), [])
                if meant and set(meant) != set(members[kind, str(name)]) and name not in reported:
                    reported.add(str(name))
                    shown = listed(sorted(set(meant)), 4)
                    found = f"{name} as the name of a {kind} and of a {other} with other {what} ({shown})"
                    advice = try_.format(name=name, kind=kind, other=other)
                    yield written.problem(inner, found, "a name for one of them", advice, key=is_key)
