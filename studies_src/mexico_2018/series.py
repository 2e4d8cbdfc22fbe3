"""Rows of series.csv: published series that claims are held against, also from before the study's first day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from mexico_2018.facts import SECTORS, by_sector, read_rows
from mexico_2018.observations.book import LAST, month_days, period_days, release_day
from mexico_2018.sources import Sources

FIRST_MONTH = "2011-10"
"""The sector file begins here; the earlier one has the same columns, and seven years are enough for a design-based estimate."""

PRESENTED_PARTS = {"total": "", "central_america": "central_america", "northern_triangle": "northern_triangle"}
MILLION_USD = 1_000_000

Row = dict[str, object]


def series_rows(facts: Path, sources: Sources) -> list[Row]:
    """All rows, series by series; nothing that ends after the study does."""
    return [*_sector_rows(facts, sources), *_presented_rows(facts, sources), *_remittance_rows(facts, sources)]


def _row(
    series: str,
    part: str,
    days: tuple[dt.date, dt.date],
    value: object,
    unit: str,
    published: dt.date,
    source: str,
    note: str = "",
) -> Row:
    low, high = value if isinstance(value, tuple) else ("", "")
    return {
        "series": series, "part": part, "from": days[0], "to": days[1], "value": "" if isinstance(value, tuple) else value,
        "low": low, "high": high, "unit": unit, "published": max(published, days[1]), "source": source, "note": note,
    }  # fmt: skip


def _sector_rows(facts: Path, sources: Sources) -> list[Row]:
    """Border Patrol apprehensions by sector and month; the later final table, known from the first release on."""
    text = read_rows(facts, "usbp_apprehensions_monthly.csv")[0]["source"]
    counts = by_sector(facts)
    months = [month for month in sorted(counts) if month >= FIRST_MONTH and month_days(month)[1] <= LAST]
    return [
        _row(
            "border_patrol_apprehensions",
            sector,
            days,
            counts[month][sector],
            "people",
            release_day(days[1]),
            sources.id_of(text),
        )
        for sector in SECTORS
        for month in months
        for days in [month_days(month)]
    ]


def _presented_rows(facts: Path, sources: Sources) -> list[Row]:
    """People presented to Mexico's migration authority: years, months and ranges as they were printed."""
    found: list[Row] = []
    seen: set[tuple[object, ...]] = set()
    for row in read_rows(facts, "mexico_inm.csv"):
        if row["measure"] != "presented_to_authorities" or row["nationality"] not in PRESENTED_PARTS:
            continue
        days, people, known = period_days(row["period"]), int(row["count"]), sources.of(row["source"]).known_from
        key = (days, row["nationality"], people, known)
        if known is None or days[1] > LAST or key in seen or "equals the sum" in row["basis"]:
            continue
        seen.add(key)
        rounded = row["basis"].startswith("rounded")
        value: object = (people - 500, people + 500) if rounded else people
        note = "rounded" if rounded else "worked out from another figure" if row["basis"].startswith("derived") else ""
        part = PRESENTED_PARTS[row["nationality"]]
        found.append(_row("people_presented_in_mexico", part, days, value, "people", known, sources.id_of(row["source"]), note))
    return sorted(found, key=lambda row: (str(row["part"]), str(row["from"]), str(row["to"]), str(row["published"])))


def _remittance_rows(facts: Path, sources: Sources) -> list[Row]:
    """Personal remittances received, by country and year. No day of publication was seen: the end of the next year is taken."""
    return [
        _row("remittances_received", row["country"], period_days(row["year"]), round(float(row["usd_millions"]) * MILLION_USD), "USD",
             dt.date(int(row["year"]) + 1, 12, 31), sources.id_of(row["source"]), "taken as known at the end of the next year")
        for row in sorted(read_rows(facts, "remittances_annual.csv"), key=lambda row: (row["country"], row["year"]))
        if period_days(row["year"])[1] <= LAST
    ]  # fmt: skip
