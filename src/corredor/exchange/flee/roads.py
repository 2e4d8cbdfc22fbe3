"""routes.csv: roads between places, in both directions unless a redirection says otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from corredor.exchange.flee.locations import CAMP, Location
from corredor.exchange.flee.remarks import Remarks
from corredor.exchange.flee.rows import cell_number, column_of, read_table
from corredor.study.problems import nearest
from corredor.study.selectors import arc_km

TOLERANCE = 0.01
"""Part by which a road may be shorter than the great circle before it is said; positions of towns are their centres."""


@dataclass(frozen=True)
class Road:
    """A road open from `start` to `end`, by names of places.

    forced : people at `start` are sent on by this road (Flee's forced redirection)
    """

    start: str
    end: str
    km: float
    forced: bool
    line: int


def read_roads(path: Path, locations: Mapping[str, Location], remarks: Remarks) -> list[Road]:
    """Every road in each direction in which it can be taken; the shortest of several between two places."""
    table = read_table(path, remarks, headers=("name1", "name_1", "from", "#name1"))
    if table.rows and not table.header:
        remarks.add(4, table.file, 1, "the first line is a road", "columns taken in the usual order")
    columns = [
        column_of(table, names, number)
        for number, names in enumerate(
            (("name1", "name_1", "from"), ("name2", "name_2", "to"), ("distance", "km", "distance_km"), ("forced_redirection",))
        )
    ]
    roads: dict[tuple[str, str], Road] = {}
    for row in table.rows:
        first, second, km_text, forced_text = (row.cell(column) for column in columns)
        ends = [place_named(name, locations) for name in (first, second)]
        if None in ends:
            unknown = first if ends[0] is None else second
            close = nearest(unknown, locations) if unknown else None
            done = "the road is left out" + (f"; did the author mean {close}?" if close else "")
            remarks.add(13, table.file, row.line, unknown or "an empty cell", done)
            continue
        start, end = str(ends[0]), str(ends[1])
        if start == end:
            remarks.add(15, table.file, row.line, start, "left out")
            continue
        km = _length(table.file, row.line, km_text, locations[start], locations[end], remarks)
        if km is None:
            continue
        forced_cell = cell_number(forced_text, remarks, table.file, row.line) if forced_text else 0.0
        forced = int(forced_cell or 0)
        if forced == 1:
            start, end = end, start
        if forced in (1, 2):
            remarks.add(34, table.file, row.line, f"{start} to {end}", _redirection_done(locations[start], end))
        elif forced != 0:
            remarks.add(37, table.file, row.line, f"forced redirection {forced}", "taken as an ordinary road")
        if (start, end) in roads:
            kept = min(roads[start, end].km, km)
            remarks.add(14, table.file, row.line, f"{start} to {end}", f"the shorter length, {kept:g} km, is kept")
            km = kept
        is_forced = forced in (1, 2) or ((start, end) in roads and roads[start, end].forced)
        roads[start, end] = Road(start, end, km, is_forced, row.line)
        roads[end, start] = Road(end, start, km, (end, start) in roads and roads[end, start].forced, row.line)
    return list(roads.values())


def place_named(name: str, locations: Mapping[str, Location]) -> str | None:
    """The place of this name, whatever its case and however its blanks are written; none where there is none."""
    if name in locations:
        return name
    wanted = _plain(name)
    return next((known for known in locations if _plain(known) == wanted), None) if wanted else None


def great_circle_km(one: Location, other: Location) -> float | None:
    """Length of the shortest way over the Earth's surface; none where a position is not known."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return arc_km(one.lat, one.lon, other.lat, other.lon)


def with_positions(locations: list[Location], roads: list[Road]) -> list[Location]:
    """Places without coordinates are put in the middle of their neighbours, or of all places."""
    found = {location.name: location for location in locations}
    neighbours: dict[str, set[str]] = defaultdict(set)
    for road in roads:
        neighbours[road.start].add(road.end)
        neighbours[road.end].add(road.start)
    everywhere = [location for location in locations if location.lat is not None]
    for location in locations:
        if location.lat is not None:
            continue
        near = [found[name] for name in sorted(neighbours[location.name]) if found[name].lat is not None] or everywhere
        lat = sum(other.lat or 0.0 for other in near) / max(len(near), 1)
        lon = sum(other.lon or 0.0 for other in near) / max(len(near), 1)
        found[location.name] = replace(location, lat=lat, lon=lon)
    return [found[location.name] for location in locations]


def _length(file: str, line: int, text: str, start: Location, end: Location, remarks: Remarks) -> float | None:
    km = cell_number(text, remarks, file, line)
    shortest = great_circle_km(start, end)
    what = f"{start.name} to {end.name}"
    if km is None or km <= 0:
        if shortest is None:
            remarks.add(37, file, line, f"{what}: {text or 'empty'}", "the road is left out")
            return None
        remarks.add(37, file, line, f"{what}: {text or 'empty'}", f"the great circle, {shortest:.0f} km, is taken")
        return max(shortest, 1.0)
    if shortest is not None and km < shortest * (1 - TOLERANCE):
        remarks.add(16, file, line, f"{what}: {km:g} km, great circle {shortest:.0f} km", "used as it is written")
    return km


def _redirection_done(start: Location, end: str) -> str:
    if start.kind == CAMP:
        return f"a share of those who reach {start.name} goes on to {end}; how large it is has a prior from 0 to 1"
    return f"an ordinary road: nobody stops in {start.name}, and its other roads stay open, as in Flee's present code"


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
