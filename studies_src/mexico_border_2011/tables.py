"""Places, routes, drivers and published figures of mexico-border-2011."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

from mexico_2018.facts import CITIZENSHIPS, SECTORS, by_citizenship, by_sector, read_rows
from mexico_2018.observations.book import month_days, release_day
from mexico_2018.sources import Sources

FIRST_MONTH, LAST_MONTH = "2011-10", "2020-09"

ORIGINS = {
    "mexico": ("mexico", "Mexico (at Guadalajara)", "guadalajara"),
    "guatemala": ("guatemala", "Guatemala (at its capital)", "gt_guatemala"),
    "honduras": ("honduras", "Honduras (at Tegucigalpa)", "hn_francisco_morazan"),
    "el_salvador": ("el_salvador", "El Salvador (at San Salvador)", "sv_san_salvador"),
    "other_countries": ("other", "All other countries (at Choluteca, where the road north enters the map)", "choluteca_city"),
}
"""Origin → country, name, place of the fact tables whose point stands for it."""

NOMINAL_POOL = 1_000_000_000
"""People of an origin: only rate × pool counts, and in nine years so large a pool stays as it is."""

ROAD_PER_GREAT_CIRCLE = 1.3
"""A common ratio of road to great-circle length; only the week of arrival hangs on it."""

WORKBOOK_KNOWN = dt.date(2024, 11, 30)
"""Figures by citizenship and month come from a workbook of November 2024: nobody had them before, as far as the facts say."""

Rows = list[dict[str, object]]


def place_rows(facts: Path, sources: Sources) -> Rows:
    """Rows of places.csv: five origins with nominal pools, nine sectors, the country beyond."""
    known = {row["id"]: row for row in read_rows(facts, "places.csv")}
    rows: Rows = []

    def add(name: str, title: str, country: str, point: str, kind: str, population: object = "") -> None:
        row = known[point]
        rows.append(
            {
                "id": name, "name": title, "country": country, "lat": row["lat"], "lon": row["lon"], "kind": kind, "region": "",
                "population": population, "source": sources.id_of(row["source"]),
            }
        )  # fmt: skip

    for name, (country, title, point) in ORIGINS.items():
        add(name, title, country, point, "origin", NOMINAL_POOL)
    for sector in SECTORS:
        title = known[f"sector_{sector}"]["name"].removesuffix(" Border Patrol sector")
        add(sector, f"{title} sector", "united_states", f"sector_{sector}", "sector")
    add("interior", "United States beyond the border (at Houston)", "united_states", "houston", "interior")
    return rows


def route_rows(places: Rows) -> Rows:
    """Rows of routes.csv: from every origin to every sector."""
    origins, sectors = ([row for row in places if row["kind"] == kind] for kind in ("origin", "sector"))
    return [
        {
            "from": a["id"], "to": b["id"], "km": math.ceil(ROAD_PER_GREAT_CIRCLE * _km(a, b)), "mode": "road", "both_ways": "no",
            "source": "",
        }
        for a in origins
        for b in sectors
    ]  # fmt: skip


def driver_rows(facts: Path, sources: Sources) -> Rows:
    """Rows of drivers.csv: homicides of the UNODC series; a year's figure is known, and holds, from 1 January of the next.

    The facts begin with 2012, whose figure also stands for the time before 2013.
    """
    rows: Rows = []
    for row in read_rows(facts, "drivers.csv"):
        if row["driver"] == "homicides_per_100k" and row["country"] in CITIZENSHIPS and "UNODC" in row["source"]:
            date = f"{int(row['month_or_year']) + 1}-01-01" if row["month_or_year"] != "2012" else f"{FIRST_MONTH}-01"
            if date > LAST_MONTH:
                continue
            rows.append(
                {
                    "date": date, "place": row["country"], "driver": "homicides", "value": row["value"],
                    "unit": "homicides per 100,000 people and year", "source": sources.id_of(row["source"]),
                }
            )  # fmt: skip
    return sorted(rows, key=lambda r: (str(r["place"]), str(r["date"])))


def observation_rows(facts: Path, sources: Sources) -> Rows:
    """Rows of observations.csv: by sector as known on the 9th of the next month, also before the study; by citizenship as known from
    the workbook on.
    """
    sector_source, citizen_source = (
        sources.id_of(read_rows(facts, f"usbp_apprehensions_{table}.csv")[0]["source"])
        for table in ("monthly", "by_citizenship_monthly")
    )
    rows: Rows = []

    def add(output: str, place: str, group: str, month: str, people: int, known: dt.date, source: str, note: str) -> None:
        first, last = month_days(month)
        rows.append(
            {
                "output": output, "place": place, "group": group, "from": first, "to": last, "value": people,
                "low": "", "high": "", "published": known, "status": "final", "source": source, "note": note,
            }
        )  # fmt: skip

    counts, citizens = by_sector(facts), by_citizenship(facts)
    months = [month for month in sorted(counts) if month <= LAST_MONTH]
    for sector in SECTORS:
        for month in months:
            known = release_day(month_days(month)[1])
            add("apprehensions", sector, "", month, counts[month][sector], known, sector_source, note="")
    for citizenship in CITIZENSHIPS:
        note = "total by sector less the four countries named" if citizenship == "other" else "rounded to 10"
        for month in (month for month in months if month >= FIRST_MONTH):
            people = max(citizens[citizenship][month], 0)
            add("apprehensions_by_citizenship", "", citizenship, month, people, WORKBOOK_KNOWN, citizen_source, note=note)
    return rows


def _km(a: dict[str, object], b: dict[str, object]) -> float:
    """Great-circle length in km."""
    lat_a, lon_a, lat_b, lon_b = (math.radians(float(str(value))) for value in (a["lat"], a["lon"], b["lat"], b["lon"]))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))
