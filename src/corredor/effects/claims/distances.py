"""Claims of a distance: against ways that were published, and against the straight line, below which no way can be."""

from __future__ import annotations

import math
from collections.abc import Sequence

from corredor.effects.claims.finding import Evidence, Finding
from corredor.effects.claims.independence import Origin, listed_sources, origin_of
from corredor.effects.claims.numbers import between
from corredor.effects.claims.verdicts import Judgement, Untold, judge_bounds, judge_independence
from corredor.study.model import Model
from corredor.study.schema import Claim, DistanceCheck, Place, Point, Route
from corredor.study.selectors import arc_km, names_in

KM_A_MILE = 1.609344


def check_distance(model: Model, claim: Claim) -> Finding:
    """A claimed distance against the way between two places, and against the great circle, below which no way can be."""
    distance, origin = claim.distance, origin_of(claim, model.sources)
    assert distance is not None
    places = {place.id: place for place in model.places}
    one, other = places[distance.from_], places[distance.to]
    points = _point(one, distance.from_point), _point(other, distance.to_point)
    shortest, longest = straight_km(*points)
    ways = [route for route in model.routes if {route.from_, route.to} == {one.id, other.id}]
    untold: Untold = "not looked at" if claim.needed_figures == "exist" else "not published"

    def judged(of: Sequence[Route], nearest: float) -> Judgement:
        return _judged(distance, of, nearest, untold)

    by_others = [way for way in ways if origin.is_independent(listed_sources(way.source))]
    measured = shortest if all(_is_independent(point, origin) for point in points) else 0.0
    judgement = judge_independence(judged(ways, shortest), judged(by_others, measured), origin.words)
    bounds = _bounds(ways, shortest)
    wanted = "A measured way between the exact points, by somebody who does not repeat the claim."
    return between(claim, judgement, bounds, "km", tuple(_evidence(claim, distance, ways, points, (shortest, longest))), wanted)


def straight_km(one: Point, other: Point) -> tuple[float, float]:
    """Shortest and longest straight line between two points whose places lie within so many km of them."""
    middle, room = arc_km(one.lat, one.lon, other.lat, other.lon), one.within_km + other.within_km
    return max(middle - room, 0.0), middle + room


def _point(place: Place, given: Point | None) -> Point:
    """Where a place is: as the claim has it, else as the study has it."""
    return given or Point(name=place.name or place.id, lat=place.lat, lon=place.lon, source=listed_sources(place.source))


def _is_independent(point: Point, origin: Origin) -> bool:
    return origin.is_independent(names_in(point.source))


def _bounds(ways: Sequence[Route], shortest: float) -> tuple[float, float]:
    """Lowest and highest way: as published, and no shorter than the straight line."""
    return (min(way.km for way in ways), max(way.km for way in ways)) if ways else (shortest, math.inf)


def _judged(distance: DistanceCheck, ways: Sequence[Route], shortest: float, untold: Untold) -> Judgement:
    """No way is shorter than the straight line: a claim below it is wrong, whoever published such a way."""
    least, most = distance.km * (1 - distance.within_percent / 100), distance.km * (1 + distance.within_percent / 100)
    low, high = _bounds(ways, shortest)
    return judge_bounds(max(low, shortest), max(high, shortest), least, most, "the way between the two places", untold)


def _evidence(
    claim: Claim, distance: DistanceCheck, ways: Sequence[Route], points: tuple[Point, Point], straight: tuple[float, float]
) -> list[Evidence]:
    least, most = distance.km * (1 - distance.within_percent / 100), distance.km * (1 + distance.within_percent / 100)
    found = [
        Evidence(
            f"The claim: {_km(distance.km)}. It counts as right from {least:.1f} to {most:.1f} km.",
            tuple(names_in(claim.comes_from or claim.source)),
            {"claimed_km": distance.km},
        )
    ]
    for way in {(way.km, way.mode, way.source): way for way in ways}.values():
        found.append(Evidence(f"By {way.mode}, as reported: {_km(way.km)}", tuple(listed_sources(way.source)), {"km": way.km}))
    if straight[1] == 0:
        words = "The study has one point on the map for both places, so the straight line between them cannot be computed."
        return [*found, Evidence(words)]
    names, sources = [point.name for point in points], [source for point in points for source in names_in(point.source)]
    line = f"In a straight line from {names[0]} to {names[1]}, measured on the map: "
    exact = straight[0] == straight[1]
    line += (
        _km(straight[0])
        if exact
        else f"{straight[0]:.0f} to {straight[1]:.0f} km ({straight[0] / KM_A_MILE:.0f} to {straight[1] / KM_A_MILE:.0f} miles)"
    )
    figures = {"straight_km_low": straight[0], "straight_km_high": straight[1]}
    return [*found, Evidence(f"{line}. No way can be shorter.", tuple(dict.fromkeys(sources)), figures)]


def _km(km: float) -> str:
    return f"{km:.3g} km ({km / KM_A_MILE:.1f} miles)"
