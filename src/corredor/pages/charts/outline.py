"""Outlines of land and borders from the package's data, and the plain projection of the maps."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from corredor.pages.charts.svg import Point

REGION_MARGIN_DEGREES = 2.0
ROUNDING_TURNS = 1e-9
"""A place this much of a turn west of the westernmost is the westernmost."""


@dataclass(frozen=True)
class Country:
    """A name for the map; size is the area in square degrees, which says how much room the name has."""

    name: str
    lat: float
    lon: float
    size_degrees2: float


@dataclass(frozen=True)
class Outline:
    """Land as closed rings and borders as lines, in degrees (longitude, latitude).

    west, south, east, north : the part of the world that this outline covers
    """

    west: float
    south: float
    east: float
    north: float
    land: tuple[tuple[Point, ...], ...]
    borders: tuple[tuple[Point, ...], ...]
    countries: tuple[Country, ...]
    note: str

    def covers(self, lats: Sequence[float], lons: Sequence[float]) -> bool:
        margin = REGION_MARGIN_DEGREES
        return all(self.south + margin <= lat <= self.north - margin for lat in lats) and all(
            self.west + margin <= lon <= self.east - margin for lon in lons
        )


@dataclass(frozen=True)
class View:
    """What a map shows: degrees to pixels, both axes at the scale that is true in the middle latitude."""

    west: float
    north: float
    px_per_degree_east: float
    px_per_degree_north: float
    width_px: float
    height_px: float

    def __call__(self, lon: float, lat: float) -> Point:
        return (lon - self.west) * self.px_per_degree_east, (self.north - lat) * self.px_per_degree_north

    def near(self, points: Sequence[Point]) -> bool:
        """Whether the box around points in pixels touches the map."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return max(xs) >= 0 and min(xs) <= self.width_px and max(ys) >= 0 and min(ys) <= self.height_px


def outline_for(lats: Sequence[float], lons: Sequence[float]) -> Outline:
    """The fine outline where it covers all places, else the coarse one of the whole world."""
    region = read_outline("outline.json")
    return region if region.covers(lats, lons) else read_outline("outline_world.json")


def read_outline(file_name: str) -> Outline:
    """Decode one of the package's outline files; how they are made is told in web/outline."""
    data = json.loads(resources.files("corredor.pages").joinpath("outlines", file_name).read_text(encoding="utf-8"))
    units = data["units_per_degree"]
    west, south, east, north = data["box"]
    countries = tuple(Country(label["name"], label["lat"], label["lon"], label["size"]) for label in data["labels"])
    land = tuple(_decoded(ring, units) for ring in data["land"])
    return Outline(
        west, south, east, north, land, tuple(_decoded(line, units) for line in data["borders"]), countries, data["note"]
    )


def side_by_side(lons: Sequence[float]) -> list[float]:
    """Longitudes moved by whole turns so that places on both sides of the antimeridian become neighbours.

    >>> side_by_side([178.0, -172.0])
    [178.0, 188.0]
    """
    ordered = sorted((lon % 360, lon) for lon in lons)
    if not ordered:
        return []
    gaps = [(after[0] - before[0], after) for before, after in itertools.pairwise(ordered)]
    gaps.append((ordered[0][0] + 360 - ordered[-1][0], ordered[0]))
    turned, first = max(gaps)[1]
    # whole turns are added to the numbers as given: a remainder of 360 is rounded, and may come out just west of the westernmost place
    west = first + 360 * round((turned - 360 * (turned > 180) - first) / 360)
    return [lon + 360 * math.ceil((west - lon) / 360 - ROUNDING_TURNS) for lon in lons]


def view_of(lats: Sequence[float], lons: Sequence[float], width_px: float, tallest: float, flattest: float) -> View:
    """A view with all points inside and some room around them.

    tallest, flattest : largest and smallest height of the map, as a share of its width
    """
    middle = (min(lats) + max(lats)) / 2
    stretch = max(math.cos(math.radians(middle)), 0.2)
    tall = max(max(lats) - min(lats), 2.0) * 1.14
    wide = max((max(lons) - min(lons)) * stretch, 2.0) * 1.16
    share = min(max(tall / wide, flattest), tallest)
    wide, tall = max(wide, tall / share), max(tall, wide * share)
    px_per_degree = width_px / wide
    centre_lon = (min(lons) + max(lons)) / 2
    return View(
        centre_lon - wide / stretch / 2, middle + tall / 2, px_per_degree * stretch, px_per_degree, width_px, tall * px_per_degree
    )


def shapes_in(view: View, shapes: Sequence[Sequence[Point]]) -> Iterator[list[Point]]:
    """Rings or lines in pixels that touch the view, repeated every 360 degrees where the view crosses the antimeridian."""
    for shape in shapes:
        for turn in (-360.0, 0.0, 360.0):
            points = [view(lon + turn, lat) for lon, lat in shape]
            if view.near(points):
                yield points


def _decoded(numbers: Sequence[int], units: float) -> tuple[Point, ...]:
    x = y = 0
    points = []
    for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + step_x, y + step_y
        points.append((x / units, y / units))
    return tuple(points)
