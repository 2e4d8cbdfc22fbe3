"""Which places and groups a selector means, what a value `by` place or group is for them, and how far apart two places are."""

from __future__ import annotations

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt

from corredor.study.schema import Factor, Group, GroupSelector, Place, PlaceSelector, Route

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG 1980, R1)."""


def matches_place(selector: PlaceSelector, place: Place) -> bool:
    """Whether a place is one of those that a selector means."""
    return (
        _meets(selector.id, place.id)
        and _meets(selector.kind, place.kind)
        and _meets(selector.country, place.country)
        and _meets(selector.region, place.region)
    )


def matches_group(selector: GroupSelector, group_id: str, group: Group) -> bool:
    """Whether a group is one of those that a selector means."""
    return _meets(selector.id, group_id) and _meets(selector.citizenship, group.citizenship) and _meets(selector.kind, group.kind)


def names_in(condition: str | list[str] | None) -> list[str]:
    """A condition of a selector, or any field that takes a name or several, as a list."""
    if condition is None:
        return []
    return [condition] if isinstance(condition, str) else condition


def parts_in(condition: str | list[str] | None) -> list[str | None]:
    """Parts of a series that a claim names; none, which stands for rows without a part, when it names none."""
    named: list[str | None] = list(names_in(condition))
    return named or [None]


def label(
    dimension: str,
    groups: Mapping[str, Group],
    place: Place | None = None,
    group_id: str | None = None,
    route: Route | None = None,
) -> str | None:
    """What something is called in a dimension: the id, country or region of its place, the citizenship of its group …

    dimension : place, country, region, group, citizenship, kind or route
    returns : none when it has no such name
    """
    if dimension == "route":
        return f"{route.from_}>{route.to}" if route is not None else None
    if dimension in ("place", "country", "region"):
        name = getattr(place, {"place": "id"}.get(dimension, dimension), None)
    else:
        name = group_id if group_id is None or dimension == "group" else getattr(groups[group_id], dimension)
    return name if name is None else str(name)


def value_by(factor: Factor, groups: Mapping[str, Group], place: Place | None, group_id: str | None) -> float | str | None:
    """What a factor is at a place for a group: a number, or the name of a parameter; none when it names no value for them."""
    if isinstance(factor, (float, int, str)):
        return factor
    return factor.values.get(label(factor.by, groups, place, group_id) or "", factor.otherwise)


def great_circle_km(one: Place, other: Place) -> float:
    """Shortest distance between two places over the sphere, km (haversine, mean earth radius)."""
    return arc_km(one.lat, one.lon, other.lat, other.lon)


def arc_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The same between two positions in degrees."""
    north, east = radians(other_lat - lat), radians(other_lon - lon)
    chord = sin(north / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def _meets(condition: str | list[str] | None, name: str | None) -> bool:
    return condition is None or name in names_in(condition)
