"""What every map of a study has beneath its flows: land, borders, places at their points, names that do not collide, bends of the ways."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corredor.pages.charts.labels import Box, Label, placed_labels
from corredor.pages.charts.outline import Outline, View, outline_for, shapes_in, side_by_side, view_of
from corredor.pages.charts.svg import Point, line_path, ring_path, text_width_px

BEND_SHARE = 0.11
"""How far a line bends to the right of the way it goes, as a share of its length, so that both directions can be seen."""
LONGEST_BEND_PX = 30.0
WIDE_PX = 640.0
ENDORSEMENT = "Boundaries do not imply endorsement. Outline: Natural Earth."
LONGEST_NAME = 34
SAME_POINT_PX = 4.0
"""Places as near to each other share one name or number."""
COUNTRY_PX = 10.5


@dataclass(frozen=True)
class MapPlace:
    """A place of the study; lat and lon in degrees."""

    id: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Ground:
    """A map without people.

    points : place → pixels
    frame : where names may stand
    size_px : of the names of places
    """

    places: Sequence[MapPlace]
    outline: Outline
    view: View
    points: dict[str, Point]
    frame: Box
    size_px: float

    @property
    def wide(self) -> bool:
        return self.view.width_px >= WIDE_PX


def ground_of(places: Sequence[MapPlace], width_px: float) -> Ground:
    """The ground at the width at which it will be seen; its height follows from the places.

    raises : ValueError without places
    """
    if not places:
        raise ValueError("a map needs at least one place")
    lats = [place.lat for place in places]
    lons = side_by_side([place.lon for place in places])
    wide = width_px >= WIDE_PX
    view = view_of(lats, lons, width_px, tallest=0.85 if wide else 1.25, flattest=0.5 if wide else 0.8)
    points = {place.id: view(lon, place.lat) for place, lon in zip(places, lons, strict=True)}
    frame = Box(4, 4, view.width_px - 4, view.height_px - 4)
    return Ground(places, outline_for(lats, [place.lon for place in places]), view, points, frame, 12.0 if wide else 10.5)


def land_paths(ground: Ground) -> tuple[str, str]:
    """Path data of land and of borders."""
    land = "".join(ring_path(_without_repeats(ring)) for ring in shapes_in(ground.view, ground.outline.land))
    borders = "".join(line_path(_without_repeats(line)) for line in shapes_in(ground.view, ground.outline.borders))
    return land, borders


def bend_between(start: Point, end: Point, times: float = 1.0) -> Point:
    """The control point of the curve from one point to another, to the right of the way.

    times : 2 bends twice as far, for a second line between the same points
    """
    length = math.dist(start, end)
    bend = min(BEND_SHARE * length, LONGEST_BEND_PX) * 2 * times
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    right = (-(end[1] - start[1]) / length, (end[0] - start[0]) / length)
    return middle[0] + bend * right[0], middle[1] + bend * right[1]


def curve_at(start: Point, bend: Point, end: Point, share: float) -> Point:
    """A point of such a curve; share 0 is its start."""
    a, b, c = (1 - share) ** 2, 2 * share * (1 - share), share**2
    x, y = (a * s + b * m + c * e for s, m, e in zip(start, bend, end, strict=True))
    return x, y


def place_labels(
    ground: Ground, weight: Mapping[str, float], lines: Sequence[Point], taken: Sequence[Box]
) -> tuple[list[Label], list[str]]:
    """Names of places, the weightiest first; numbers for those without room for a name, and what a key below the map says of them.

    Places at nearly the same point share a name or number, and the key names the others.

    lines, taken : points along the lines, and boxes already in use
    """
    points, size_px = ground.points, ground.size_px
    ordered = sorted(ground.places, key=lambda place: -weight[place.id])
    shorts = short_names([place.name for place in ground.places])
    names: dict[str, Point] = {}
    with_it: dict[str, list[str]] = {}
    for place in ordered:
        point, text = points[place.id], shorts[place.name]
        host = next((name for name, other in names.items() if math.dist(point, other) <= SAME_POINT_PX), None)
        if host is None:
            names[text] = point
        else:
            with_it.setdefault(host, []).append(text)
    dots = [Box(x - 3, y - 3, x + 3, y + 3) for x, y in points.values()]
    labels = placed_labels(list(names.items()), dots, taken, lines, size_px, ground.frame)
    named = {label.text for label in labels}
    numbers = {text: str(number) for number, text in enumerate((text for text in names if text not in named), 1)}
    used = [*taken, *(label.box for label in labels)]
    labels += placed_labels([(number, names[text]) for text, number in numbers.items()], dots, used, lines, size_px, ground.frame)
    told = {label.text for label in labels}
    labels += [_on_its_dot(number, names[text], size_px) for text, number in numbers.items() if number not in told]
    key = [f"{number}\u00a0{', '.join([text, *with_it.get(text, [])])}" for text, number in numbers.items()]
    return labels, [*key, *(f"at {host}: {', '.join(others)}" for host, others in with_it.items() if host in named)]


def _on_its_dot(number: str, point: Point, size_px: float) -> Label:
    """A number for which no spot is free beside its place: it covers the dot."""
    x, y = point
    half = text_width_px(number, size_px) / 2
    return Label(number, x, y + 0.35 * size_px, "middle", Box(x - half, y - size_px / 2, x + half, y + size_px / 2), (number,))


def country_names(ground: Ground, taken: Sequence[Box], busy: Sequence[Point]) -> list[tuple[str, Point]]:
    """Names of countries with room for them, and the middle of their baseline; places and flows come first."""
    used, found, view = list(taken), [], ground.view
    for country in ground.outline.countries:
        text = country.name.upper()
        width = text_width_px(text, COUNTRY_PX) * 1.25
        room = math.sqrt(country.size_degrees2) * view.px_per_degree_east
        for turn in (-360.0, 0.0, 360.0):
            x, y = view(country.lon + turn, country.lat)
            box = Box(x - width / 2, y - COUNTRY_PX, x + width / 2, y + COUNTRY_PX / 2)
            free = box.inside(ground.frame) and not any(box.overlaps(other) for other in used)
            if free and not any(box.holds(point) for point in busy) and width < room * 1.6:
                used.append(box)
                found.append((text, (x, y)))
    return found


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Names for the map, by their whole names: short, and as much longer as it takes to tell them apart."""
    found: dict[str, str] = {}
    for shorten in (short_name, _without_brackets, str):
        texts = {name: shorten(name) for name in names if name not in found}
        counts = Counter(texts.values())
        found |= {name: text for name, text in texts.items() if counts[text] == 1 and text not in found.values()}
    return found | {name: name for name in names if name not in found}


def short_name(name: str) -> str:
    """A name without remarks in brackets, after a comma or, where it is still long, after a colon; the whole name is in the tables."""
    words = _without_brackets(name).split(", ")[0]
    return words.split(": ")[0] if len(words) > LONGEST_NAME else words


def _without_brackets(name: str) -> str:
    return name.split(" (")[0].strip()


def _without_repeats(points: Sequence[Point]) -> list[Point]:
    """Points closer than half a pixel to the one before are not worth their bytes."""
    kept = [points[0]]
    for point in points[1:]:
        if math.dist(point, kept[-1]) >= 0.5:
            kept.append(point)
    return kept
