"""places.csv and routes.csv: points of the fact tables with what they stand for, and the ways between them."""

from __future__ import annotations

import math
from pathlib import Path

from mediterranean_2015.facts import read_rows
from mediterranean_2015.sources import Sources

NOMINAL_POOL = 10_000_000
"""People of an origin: only rate × pool counts, and the rates are worked out from counts."""

ROAD_PER_GREAT_CIRCLE = 1.3
"""A common ratio of road to great-circle length; weekly steps make it matter little."""

Rows = list[dict[str, object]]

PLACES = (
    # id, name, country of the study, row of geography.csv, kind, region
    ("syria_home", "Syria", "syria", "G103", "origin", ""),
    ("afghanistan_home", "Afghanistan", "afghanistan", "G104", "origin", ""),
    ("iraq_home", "Iraq", "iraq", "G105", "origin", ""),
    ("iran_home", "Iran", "iran", "G106", "origin", ""),
    ("south_asia_home", "South Asia (at Pakistan)", "south_asia", "G107", "origin", ""),
    ("horn_home", "Horn of Africa and Sudan (at Eritrea)", "horn_of_africa", "G111", "origin", ""),
    ("west_africa_home", "West and Central Africa (at Guinea)", "west_africa", "G115", "origin", ""),
    ("morocco_home", "Morocco", "morocco", "G122", "origin", ""),
    ("algeria_tunisia_home", "Algeria and Tunisia (at Algeria)", "algeria_tunisia", "G123", "origin", ""),
    ("western_balkans_home", "Kosovo, Albania and neighbours (at Albania)", "western_balkans", "G138", "origin", ""),
    ("other_home", "All other countries (at Egypt)", "other", "G125", "origin", ""),
    ("agadez", "Agadez", "niger", "G046", "transit", ""),
    ("turkish_coast", "Turkish coast (at Izmir)", "turkey", "G001", "coast", "eastern_mediterranean_sea"),
    ("turkish_yachts", "Boats for Italy (at Cesme)", "turkey", "G005", "coast", "central_mediterranean"),
    ("edirne", "Land borders (at Edirne)", "turkey", "G009", "land_border", "eastern_mediterranean_land"),
    ("egyptian_coast", "Egyptian coast (at Alexandria)", "egypt", "G062", "coast", "central_mediterranean"),
    ("libyan_coast", "Libyan coast (at Sabratha)", "libya", "G052", "coast", "central_mediterranean"),
    ("tunisian_coast", "Tunisian coast (at Sfax)", "tunisia", "G058", "coast", "central_mediterranean"),
    ("algerian_coast", "Algerian coast (at Oran)", "algeria", "G074", "coast", "western_mediterranean_sea"),
    ("moroccan_coast", "Moroccan coast (at Nador)", "morocco", "G071", "coast", "western_mediterranean_sea"),
    ("ceuta_melilla", "Ceuta and Melilla (at Fnideq)", "morocco", "G073", "land_border", "western_mediterranean_land"),
    ("atlantic_coast", "Atlantic coast (at Dakhla)", "western_sahara", "G085", "coast", "western_african"),
    ("greek_islands", "Greek islands (at Mytilene, Lesvos)", "greece", "G010", "landing", ""),
    ("athens", "Greek mainland (at Athens)", "greece", "G019", "reception", ""),
    ("idomeni", "Northern border of Greece (at Idomeni)", "greece", "G021", "balkan_border", ""),
    ("bulgaria", "Bulgaria (mid-point)", "bulgaria", "G136", "balkan_border", ""),
    ("serbia", "Serbia (at Belgrade)", "serbia", "G025", "balkan_border", "western_balkan_route"),
    ("hungary", "Hungary (at Roszke)", "hungary", "G029", "balkan_border", ""),
    ("croatia", "Croatia (at Tovarnik)", "croatia", "G032", "balkan_border", ""),
    ("slovenia", "Slovenia (at Brezice)", "slovenia", "G038", "balkan_border", ""),
    ("austria", "Austria (at Spielfeld)", "austria", "G040", "balkan_border", ""),
    ("italy", "Italy (at Pozzallo)", "italy", "G065", "landing", ""),
    ("spanish_coast", "Spain (at Almeria)", "spain", "G075", "landing", ""),
    ("canaries", "Canary Islands (at Las Palmas)", "spain", "G091", "landing", ""),
    ("germany", "Germany (at Munich)", "germany", "G043", "destination", ""),
    ("sweden", "Sweden (mid-point)", "sweden", "G145", "destination", ""),
)  # fmt: skip

BY_TURKEY = ("syria", "afghanistan", "iraq", "iran", "south_asia", "horn", "west_africa", "morocco", "algeria_tunisia", "other")
"""Homes from which people set out through Turkey."""

LONG_WAYS = {
    "turkish_coast": BY_TURKEY,
    "edirne": BY_TURKEY,
    "turkish_yachts": ("afghanistan", "iraq", "iran"),
    "libyan_coast": ("syria", "south_asia", "horn", "morocco", "other"),
    "egyptian_coast": ("syria", "horn"),
    "tunisian_coast": ("algeria_tunisia",),
    "algerian_coast": ("algeria_tunisia",),
    "moroccan_coast": ("west_africa", "morocco"),
    "atlantic_coast": ("west_africa", "morocco"),
    "agadez": ("west_africa",),
    "serbia": ("western_balkans",),
}
"""Where people wait for a boat, or pass a border → origins from which they come there."""

ROADS = (
    *(
        ("agadez", "libyan_coast"),
        ("turkish_coast", "turkish_yachts"),
        ("turkish_coast", "libyan_coast"),
        ("turkish_coast", "edirne"),
    ),
    *(("moroccan_coast", "atlantic_coast"), ("moroccan_coast", "ceuta_melilla")),
    *(("greek_islands", "athens"), ("greek_islands", "idomeni"), ("athens", "idomeni"), ("idomeni", "serbia")),
    *(("edirne", "idomeni"), ("edirne", "bulgaria"), ("bulgaria", "serbia")),
    *(("serbia", "hungary"), ("serbia", "croatia"), ("croatia", "hungary"), ("croatia", "slovenia"), ("hungary", "austria")),
    *(("slovenia", "austria"), ("austria", "germany"), ("germany", "sweden"), ("italy", "germany")),
)
SEA = (
    *(("turkish_coast", "greek_islands"), ("turkish_yachts", "italy"), ("libyan_coast", "italy"), ("egyptian_coast", "italy")),
    *(
        ("tunisian_coast", "italy"),
        ("moroccan_coast", "spanish_coast"),
        ("algerian_coast", "spanish_coast"),
        ("atlantic_coast", "canaries"),
    ),
)
AIR = (("iran_home", "serbia"),)
"""Ways by air: Iranians without a visa to Belgrade."""


def place_rows(facts: Path, sources: Sources) -> Rows:
    """Rows of places.csv."""
    known = {row["id"]: row for row in read_rows(facts, "geography.csv")}
    return [
        {
            "id": name, "name": title, "country": country, "lat": known[point]["lat"], "lon": known[point]["lon"], "kind": kind,
            "region": region, "population": NOMINAL_POOL if kind == "origin" else "", "source": sources.of(point),
        }
        for name, title, country, point, kind, region in PLACES
    ]  # fmt: skip


def route_rows(places: Rows) -> Rows:
    """Rows of routes.csv: great circles, by road times a common ratio."""
    at = {str(row["id"]): row for row in places}
    ways = [(f"{origin}_home", coast, "long_way") for coast, origins in LONG_WAYS.items() for origin in origins]
    ways += [(a, b, "road") for a, b in ROADS] + [(a, b, "sea") for a, b in SEA] + [(a, b, "air") for a, b in AIR]
    return [
        {
            "from": a, "to": b, "km": math.ceil((1.0 if mode in ("sea", "air") else ROAD_PER_GREAT_CIRCLE) * _km(at[a], at[b])),
            "mode": mode, "both_ways": "no", "source": "",
        }
        for a, b, mode in ways
    ]  # fmt: skip


def _km(a: dict[str, object], b: dict[str, object]) -> float:
    """Great-circle length in km."""
    lat_a, lon_a, lat_b, lon_b = (math.radians(float(str(value))) for value in (a["lat"], a["lon"], b["lat"], b["lon"]))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))
