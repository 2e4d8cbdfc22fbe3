"""Places, ways and published figures of americas-2018."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

from mexico_2018.facts import read_rows
from mexico_2018.observations.book import month_days
from mexico_2018.published_later import PRESENTED
from mexico_2018.sources import Sources

from americas_2018.facts import BEGINS, ENDS, darien_by_month, darien_by_year, expulsions, honduras, mexico, united_states
from americas_2018.sources import DARIEN, ENCOUNTERS, HONDURAS, MEXICO_LAG, SOUTH_LAG, US_LAG
from corredor.study.selectors import arc_km

Rows = list[dict[str, object]]

NOMINAL_POOL = 1_000_000_000
"""People of an origin: only rate × pool counts, and in three years so large a pool stays as it is."""

ON_THE_MAP = (
    ("honduras_home", "Honduras (at Tegucigalpa)", "honduras", "origin", "hn_francisco_morazan"),
    ("guatemala_home", "Guatemala (at its capital)", "guatemala", "origin", "gt_guatemala"),
    ("el_salvador_home", "El Salvador (at San Salvador)", "el_salvador", "origin", "sv_san_salvador"),
    ("mexico_home", "Mexico (at Guadalajara)", "mexico", "origin", "guadalajara"),
    ("honduras_border", "Southern border of Honduras (at Choluteca)", "honduras", "entry", "choluteca_city"),
    ("mexico_south", "South of Mexico (at Ciudad Hidalgo)", "mexico", "checkpoints", "ciudad_hidalgo"),
    ("us_line", "Border of the United States (at the Rio Grande Valley)", "united_states", "line", "sector_rio_grande_valley"),
    ("interior", "United States beyond the border (at Houston)", "united_states", "interior", "houston"),
)  # fmt: skip
"""Id, name, country, kind, and the place of the fact tables whose point stands for it."""

BY_HAND = (
    ("cuba_home", "Cuba", "cuba", 22, -79, "origin"),
    ("farther_home", "South America (where most people of Haiti, Africa and Asia begin by land)", "farther", 0, -77, "origin"),
    ("darien", "Way into Panama, through Darién or round it", "panama", 8, -78, "jungle"),
)
"""The same with a point set to the degree, as no fact table has one; only the map shows it."""


def place_rows(other_facts: Path, sources: Sources) -> Rows:
    """Rows of places.csv: six origins with nominal pools, and the four places where people are counted."""
    known = {row["id"]: row for row in read_rows(other_facts, "places.csv")}
    points = [
        (name, title, country, known[point]["lat"], known[point]["lon"], kind, sources.id_of(known[point]["source"]))
        for name, title, country, kind, point in ON_THE_MAP
    ] + [(*place, "") for place in BY_HAND]
    return [
        {
            "id": name, "name": title, "country": country, "lat": lat, "lon": lon, "kind": kind, "region": "",
            "population": NOMINAL_POOL if kind == "origin" else "", "source": source,
        }
        for name, title, country, lat, lon, kind, source in points
    ]  # fmt: skip


WAYS = (
    ("honduras_home", "mexico_south", "road"), ("guatemala_home", "mexico_south", "road"), ("el_salvador_home", "mexico_south", "road"),
    ("mexico_home", "us_line", "road"), ("cuba_home", "darien", "sea_or_air"), ("farther_home", "darien", "road"),
    ("darien", "honduras_border", "road"), ("darien", "mexico_south", "air"), ("honduras_border", "mexico_south", "road"),
    ("mexico_south", "us_line", "road"),
)  # fmt: skip
ROAD_PER_GREAT_CIRCLE = 1.3
"""A common ratio of road to great-circle length: days are learned only together with it."""


def route_rows(places: Rows) -> Rows:
    """Rows of routes.csv."""
    point = {str(row["id"]): (float(str(row["lat"])), float(str(row["lon"]))) for row in places}
    return [
        {
            "from": a, "to": b, "km": math.ceil(ROAD_PER_GREAT_CIRCLE * arc_km(*point[a], *point[b])), "mode": mode,
            "both_ways": "no", "source": "",
        }
        for a, b, mode in WAYS
    ]  # fmt: skip


def observation_rows(facts: Path, sources: Sources) -> Rows:
    """Rows of observations.csv, from south to north; a month or group without a figure has no row."""
    rows: Rows = []

    def add(output: str, group: str, first: dt.date, last: dt.date, people: int, known: dt.date, source: str, note: str) -> None:
        rows.append(
            {
                "output": output, "place": "", "group": group, "from": first, "to": last, "value": people, "low": "", "high": "",
                "published": known, "status": "final", "source": source, "note": note,
            }
        )  # fmt: skip

    for group, years in darien_by_year(facts).items():
        for year, people in years.items():
            if BEGINS <= f"{year}-01" <= ENDS:
                last = dt.date(int(year), 12, 31)
                add("darien_transits", group, dt.date(int(year), 1, 1), last, people, last + SOUTH_LAG, DARIEN.id, "whole year")
    other_facts = facts.parent / "mexico-2018"
    us_source = sources.id_of(read_rows(other_facts, "usbp_apprehensions_by_citizenship_monthly.csv")[0]["source"])
    monthly = [
        ("darien_transits", darien_by_month(facts), SOUTH_LAG, DARIEN.id, ""),
        ("honduras_entries", {"": honduras(facts)}, SOUTH_LAG, HONDURAS.id, "all citizenships"),
        ("mexico_presented", mexico(facts), MEXICO_LAG, PRESENTED.id, ""),
        ("us_apprehensions", united_states(other_facts), US_LAG, us_source, "rounded to 10"),
        ("us_expulsions", expulsions(facts), US_LAG, ENCOUNTERS.id, ""),
    ]
    for output, counts, lag, source, note in monthly:
        for group, of_month in counts.items():
            for month in sorted(of_month):
                if BEGINS <= month <= ENDS:
                    first, last = month_days(month)
                    add(output, group, first, last, of_month[month], last + lag, source, note)
    return rows
