"""Rows of series.csv: published series that claims are held against, also from before the study's first day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from mexico_2018 import published_later
from mexico_2018.facts import CITIZENSHIPS, SECTORS, Monthly, by_citizenship, by_sector, read_rows
from mexico_2018.observations.book import LAST, month_days, month_of, period_days, release_day
from mexico_2018.sources import Source, Sources

FIRST_MONTH = "2011-10"
"""The sector file begins here; the earlier one has the same columns, and seven years are enough for a design-based estimate."""

LAST_CUMULATIVE = dt.date(2020, 1, 2)
"""A report of this day is the nearest to the end of 2019 that tells how many had been sent back by then."""

PRESENTED_PARTS = {"total": "", "central_america": "central_america", "northern_triangle": "northern_triangle"}
MILLION_USD = 1_000_000

Row = dict[str, object]


def series_rows(facts: Path, sources: Sources) -> list[Row]:
    """All rows, series by series. Months after the study's end are for claims asked as of a later day; the fit never reads this file."""
    return [
        *_sector_rows(facts, sources),
        *_citizenship_rows(facts, sources),
        *_presented_rows(facts, sources),
        *_bulletin_rows("people_returned_by_mexico", published_later.returned(facts), published_later.RETURNED),
        *_refuge_rows(facts, sources),
        *_sent_back_rows(facts, sources),
        *_death_rows(facts),
        *_remittance_rows(facts, sources),
    ]


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
    months = [month for month in sorted(counts) if FIRST_MONTH <= month <= published_later.LAST_MONTH]
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


def _citizenship_rows(facts: Path, sources: Sources) -> list[Row]:
    """Border Patrol apprehensions by citizenship and month, as ranges of rounding; known from the day of the workbook only."""
    source = sources.of(read_rows(facts, "usbp_apprehensions_by_citizenship_monthly.csv")[0]["source"])
    counts = by_citizenship(facts)
    if source.known_from is None:
        raise ValueError(f"{source.id}: no day of publication")
    found = []
    for citizenship in CITIZENSHIPS:
        spread = 20 if citizenship == "other" else 5
        for month, people in counts[citizenship].items():
            if FIRST_MONTH <= month <= published_later.LAST_MONTH:
                ends = (max(people - spread, 0), people + spread)
                name, days = "border_patrol_apprehensions_by_citizenship", month_days(month)
                found.append(_row(name, citizenship, days, ends, "people", source.known_from, source.id))
    return found


def _presented_rows(facts: Path, sources: Sources) -> list[Row]:
    """People presented to Mexico's migration authority: by the bulletin from 2018 on, before as they were printed elsewhere."""
    found: list[Row] = []
    seen: set[tuple[object, ...]] = set()
    for row in read_rows(facts, "mexico_inm.csv"):
        if row["measure"] != "presented_to_authorities" or row["nationality"] not in PRESENTED_PARTS:
            continue
        days, people, known = period_days(row["period"]), int(row["count"]), sources.of(row["source"]).known_from
        key = (days, row["nationality"], people, known)
        if known is None or month_of(days[1]) >= published_later.FIRST_PRESENTED_MONTH or key in seen:
            continue
        seen.add(key)
        rounded = row["basis"].startswith("rounded")
        value: object = (people - 500, people + 500) if rounded else people
        note = "rounded" if rounded else "worked out from another figure" if row["basis"].startswith("derived") else ""
        part = PRESENTED_PARTS[row["nationality"]]
        found.append(_row("people_presented_in_mexico", part, days, value, "people", known, sources.id_of(row["source"]), note))
    found.sort(key=lambda row: (str(row["part"]), str(row["from"]), str(row["to"]), str(row["published"])))
    return [*found, *_bulletin_rows("people_presented_in_mexico", published_later.presented(facts), published_later.PRESENTED)]


def _bulletin_rows(series: str, counts: dict[str, Monthly], source: Source) -> list[Row]:
    """Months of the bulletin, all together and by citizenship."""
    return [
        _row(series, part, days, people, "people", days[1] + published_later.BULLETIN_LAG, source.id)
        for part, of_month in counts.items()
        for month, people in sorted(of_month.items())
        for days in [month_days(month)]
    ]


def _refuge_rows(facts: Path, sources: Sources) -> list[Row]:
    """Refuge claims in Mexico, all countries: years, and of 2018 and 2019 ranges and months too."""
    found: list[Row] = []
    seen: set[tuple[object, ...]] = set()
    for row in read_rows(facts, "mexico_comar.csv"):
        days, people, known = period_days(row["period"]), int(row["asylum_claims"]), sources.of(row["source"]).known_from
        inside = month_of(days[1]) <= published_later.LAST_MONTH and (row["period_kind"] == "year" or days[0].year >= 2018)
        key = (days, people)
        # of the months of 2019 in two releases one does not sum to its own total
        if row["nationality"] != "total" or known is None or not inside or key in seen or row["basis"].startswith("as printed"):
            continue
        seen.add(key)
        rounded = row["basis"].startswith("rounded")
        value: object = (people - 500, people + 500) if rounded else people
        note = "rounded" if rounded else "worked out from sums" if row["basis"].startswith("derived") else ""
        found.append(_row("refuge_claims_in_mexico", "", days, value, "people", known, sources.id_of(row["source"]), note))
    return sorted(found, key=lambda row: (str(row["from"]), str(row["to"]), str(row["published"])))


def _sent_back_rows(facts: Path, sources: Sources) -> list[Row]:
    """People sent back to Mexico under the protocols, from their first day on."""
    found = []
    for row in read_rows(facts, "mpp_returns.csv"):
        days, people, known = period_days(row["period"]), int(row["people"]), sources.of(row["source"]).known_from
        if row["period_kind"] != "cumulative" or row["port"] != "all" or known is None or days[1] > LAST_CUMULATIVE:
            continue
        low, high = (people, "") if row["note"].startswith("more than") else (people - 500, people + 500)
        rough = row["note"].startswith(("more than", "about"))
        value: object = (low, high) if rough else people
        found.append(
            _row("sent_back_to_wait_in_mexico", "", days, value, "people", known, sources.id_of(row["source"]), row["note"])
        )
    return found


def _death_rows(facts: Path) -> list[Row]:
    """Recorded deaths by country of the incident: lower ends, since most are never recorded."""
    return [
        _row(
            "recorded_deaths", part, days, (people, ""), "people", days[1] + published_later.DEATHS_LAG, published_later.DEATHS.id
        )
        for part, of_month in published_later.deaths(facts).items()
        for month, people in sorted(of_month.items())
        for days in [month_days(month)]
    ]


def _remittance_rows(facts: Path, sources: Sources) -> list[Row]:
    """Personal remittances received, by country and year. No day of publication was seen: the end of the next year is taken."""
    return [
        _row("remittances_received", row["country"], period_days(row["year"]), round(float(row["usd_millions"]) * MILLION_USD), "USD",
             dt.date(int(row["year"]) + 1, 12, 31), sources.id_of(row["source"]), "taken as known at the end of the next year")
        for row in sorted(read_rows(facts, "remittances_annual.csv"), key=lambda row: (row["country"], row["year"]))
        if period_days(row["year"])[1] <= LAST
    ]  # fmt: skip
