"""Which places and groups a selector means, and how far apart two places are."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from corredor.study.schema import Group, GroupSelector, Place, PlaceSelector

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


def great_circle_km(one: Place, other: Place) -> float:
    """Shortest distance between two places over the sphere, km (haversine, mean earth radius)."""
    north, east = radians(other.lat - one.lat), radians(other.lon - one.lon)
    chord = sin(north / 2) ** 2 + cos(radians(one.lat)) * cos(radians(other.lat)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def _meets(condition: str | list[str] | None, name: str | None) -> bool:
    return condition is None or name in names_in(condition)
