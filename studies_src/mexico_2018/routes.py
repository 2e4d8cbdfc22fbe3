"""routes.csv: roads between the study's places, by shortest path over the links of the fact tables (Dijkstra 1959)."""

from __future__ import annotations

import heapq
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from mexico_2018.facts import read_rows
from mexico_2018.places import LUMPS
from mexico_2018.sources import Sources

EARTH_RADIUS_KM = 6371.0088

BORDER_OF_WAY = {
    "gulf": ("reynosa",),
    "central": ("nuevo_laredo", "ciudad_acuna", "ciudad_juarez", "ojinaga"),
    "pacific": ("tijuana", "mexicali", "san_luis_rio_colorado", "nogales"),
}
"""Border cities that are reached by each way; one way each, so that the split over ways and cities follows the shares of the sectors."""

SOUTH_OF_CROSSING = {"suchiate": "tapachula", "la_mesilla": "comitan", "el_ceibo": "tenosique"}
WAYS_OF_SOUTH = {
    "tapachula": ("gulf", "central", "pacific"),
    "comitan": ("gulf", "central", "pacific"),
    "tenosique": ("gulf", "central", "pacific"),
}
CROSSINGS_OF_ORIGIN = {"other_countries": ("suchiate", "el_ceibo")}
CARAVAN = (
    *((origin, "suchiate") for origin in ("hn_north", "hn_centre_south", "gt_centre_east_south", "sv_departments")),
    ("suchiate", "tapachula"), ("tapachula", "isthmus"), ("isthmus", "central"), ("central", "pacific"), ("pacific", "tijuana"),
)  # fmt: skip
PORTS = ("tijuana", "mexicali", "nogales", "ciudad_juarez", "ciudad_acuna", "nuevo_laredo", "reynosa")
CARD_HOLDERS = ("tijuana", "ciudad_juarez", "ciudad_acuna", "nuevo_laredo", "reynosa")
SHORT_WALK_KM = 1.0
"""Shelters in the city: a short walk from the port by one source, without a figure; nominal."""


def route_rows(facts: Path, sources: Sources) -> list[dict[str, object]]:
    """Rows of routes.csv, open in the direction given; both ends are the points that stand for the places."""
    links = _links(facts)
    rows: list[dict[str, object]] = []

    def add(origin: str, target: str, mode: str) -> None:
        km, used = _shortest(links, _point(origin), _point(target))
        row = {
            "from": origin,
            "to": target,
            "km": km,
            "mode": mode,
            "both_ways": "",
            "source": ";".join(sorted({sources.id_of(u) for u in used})),
        }
        rows.append(row)

    for lump in LUMPS:
        if lump.kind == "origin" and lump.country != "mexico":
            for crossing in CROSSINGS_OF_ORIGIN.get(lump.id, tuple(SOUTH_OF_CROSSING)):
                add(lump.id, crossing, "road")
    for crossing, south in SOUTH_OF_CROSSING.items():
        add(crossing, south, "road")
        for way in WAYS_OF_SOUTH[south]:
            add(south, way, "road")
    for way, cities in BORDER_OF_WAY.items():
        for city in cities:
            add(way, city, "road")
    for cities in BORDER_OF_WAY.values():
        for city in cities:
            add("mx_origins", city, "road")
    for origin in ("central", "mx_origins"):
        for city in PORTS:
            add(origin, city, "port_road")
    for origin, target in CARAVAN:
        add(origin, target, "caravan_road")
    for city in CARD_HOLDERS:
        add("tapachula", city, "open_road")
    rows += _shelter_rows(facts, sources)
    points = {row["id"]: (float(row["lat"]), float(row["lon"])) for row in read_rows(facts, "places.csv")}
    for row in rows:
        straight = great_circle_km(points[_point(str(row["from"]))], points[_point(str(row["to"]))])
        row["km"] = round(max(float(str(row["km"])), straight * 1.0005), 1)
    return rows


def great_circle_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Shortest distance over the sphere, km; points are (latitude, longitude) in degrees."""
    north, east = radians(other[0] - one[0]), radians(other[1] - one[1])
    chord = sin(north / 2) ** 2 + cos(radians(one[0])) * cos(radians(other[0])) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(chord))


def _point(place: str) -> str:
    return next(lump.point for lump in LUMPS if lump.id == place)


def _links(facts: Path) -> dict[str, list[tuple[str, float, str]]]:
    """Point → neighbours with km and source, over roads and the crossing of the Suchiate, both ways."""
    links: dict[str, list[tuple[str, float, str]]] = {}
    for row in read_rows(facts, "routes.csv"):
        southern = row["mode"] == "border_crossing" and row["to"] == "ciudad_hidalgo"
        if row["mode"] in ("road", "same_place") or southern:
            links.setdefault(row["from"], []).append((row["to"], float(row["km"]), row["source_or_basis"]))
            links.setdefault(row["to"], []).append((row["from"], float(row["km"]), row["source_or_basis"]))
    return links


def _shortest(links: dict[str, list[tuple[str, float, str]]], start: str, end: str) -> tuple[float, set[str]]:
    """Length in km of the shortest path and the sources of its links."""
    done: dict[str, tuple[float, str | None, str]] = {}
    waiting: list[tuple[float, str, str, str]] = [(0.0, start, "", "")]
    while waiting:
        km, here, before, source = heapq.heappop(waiting)
        if here in done:
            continue
        done[here] = (km, before or None, source)
        if here == end:
            break
        for neighbour, length, text in links[here]:
            if neighbour not in done:
                heapq.heappush(waiting, (km + length, neighbour, here, text))
    used, here = set(), end
    while done[here][1] is not None:
        used.add(done[here][2])
        here = str(done[here][1])
    return done[end][0], used


def _shelter_rows(facts: Path, sources: Sources) -> list[dict[str, object]]:
    """Ways within Tijuana. The distance of El Barretal is cited; the shelters of the city have no figure and get a nominal kilometre."""
    shelters = read_rows(facts, "shelters.csv")
    far = next(row for row in shelters if row["shelter"] == "El Barretal" and row["km_to_port_of_entry"])
    near = next(row for row in shelters if row["shelter"] == "Unidad Deportiva Benito Juarez" and "short walk" in row["note"])
    far_id, near_id, km = sources.id_of(far["source"]), sources.id_of(near["source"]), float(far["km_to_port_of_entry"])
    pairs = [("tijuana", "tijuana_shelters", SHORT_WALK_KM, near_id), ("tijuana", "el_barretal", km, far_id)]
    return [
        {"from": a, "to": b, "km": length, "mode": "city", "both_ways": "", "source": source} for a, b, length, source in pairs
    ]
