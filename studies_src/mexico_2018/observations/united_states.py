"""Published figures of the United States: apprehensions, ports of entry, deaths."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from mexico_2018.facts import CITIZENSHIPS, KINDS, by_citizenship, read_rows
from mexico_2018.observations.book import FIRST, LAST, Book, known_from, month_days, release_day


def by_sector_rows(facts: Path, book: Book) -> None:
    """Border Patrol apprehensions by sector and month."""
    for row in read_rows(facts, "usbp_apprehensions_monthly.csv"):
        first, last = month_days(row["month"])
        if first >= FIRST and last <= LAST:
            book.add(
                "us_apprehensions",
                first,
                last,
                row["source"],
                value=int(row["apprehensions"]),
                place=row["sector"],
                published=release_day(last),
            )


def by_citizenship_rows(facts: Path, book: Book) -> None:
    """Border Patrol apprehensions by citizenship and month, as ranges of rounding."""
    source = read_rows(facts, "usbp_apprehensions_by_citizenship_monthly.csv")[0]["source"]
    for citizenship in CITIZENSHIPS:
        for month, people in by_citizenship(facts)[citizenship].items():
            first, last = month_days(month)
            spread = 20 if citizenship == "other" else 5
            note = "total by sector less the four named citizenships" if citizenship == "other" else "rounded to 10"
            book.add(
                "us_apprehensions_by_citizenship",
                first,
                last,
                source,
                low=people - spread,
                high=people + spread,
                group=citizenship,
                note=note,
            )


def by_kind_rows(facts: Path, book: Book) -> None:
    """The exact early releases where there are any; else the rounded figures of 2024."""
    rows = read_rows(facts, "usbp_apprehensions_by_demographic_monthly.csv")
    exact = {(r["month"], r["demographic"]) for r in rows if r["basis"].startswith("as published")}
    for row in rows:
        first, last = month_days(row["month"])
        people, kind = int(row["apprehensions"]), KINDS[row["demographic"]]
        if row["basis"].startswith("as published"):
            book.add("us_apprehensions_by_kind", first, last, row["source"], value=people, group=kind, note=row["basis"])
        elif (row["month"], row["demographic"]) not in exact:
            book.add(
                "us_apprehensions_by_kind",
                first,
                last,
                row["source"],
                low=people - 5,
                high=people + 5,
                group=kind,
                note="rounded to 10",
            )


def port_rows(facts: Path, book: Book) -> None:
    """People found inadmissible and fear claims at ports."""
    for row in read_rows(facts, "us_swb_ofo_inadmissibles_monthly.csv"):
        if row["field_office"] != "total" or row["demographic"] != "all":
            continue
        (first, last), people, basis = month_days(row["month"]), int(row["count"]), row["basis"]
        spread = 300 if "+/-300" in basis else 50 if basis.startswith("rounded") else 0
        exact = {"value": people} if not spread else {"low": people - spread, "high": people + spread}
        early = row["month"] == "2018-04" and people == 12680
        note = "total of all actions less the Border Patrol's" if basis.startswith("derived") else "rounded" if spread else ""
        book.add(
            "port_inadmissibles",
            first,
            last,
            row["source"],
            **exact,
            published=max(release_day(last), known_from(book, row)),
            provisional=early,
            note=note,
        )
    year = next(
        r
        for r in read_rows(facts, "us_swb_ofo_inadmissibles_annual.csv")
        if r["fiscal_year"] == "2018" and r["demographic"] == "all"
    )
    book.add(
        "port_inadmissibles",
        dt.date(2017, 10, 1),
        dt.date(2018, 9, 30),
        year["source"],
        value=int(year["count"]),
        note="fiscal year; total of all actions less the Border Patrol's",
    )
    fear = next(r for r in read_rows(facts, "priors.csv") if r["parameter"] == "share_asylum_at_port_baseline")
    claims, released = fear["source"].split(" | ")[0], dt.date(2018, 12, 31)
    book.add(
        "port_admissions",
        dt.date(2017, 10, 1),
        dt.date(2018, 9, 30),
        claims,
        value=38269,
        published=released,
        note="fear claims at ports, fiscal year; day of publication not shown",
    )
    book.add(
        "fear_claims_in_custody",
        dt.date(2017, 10, 1),
        dt.date(2018, 9, 30),
        claims,
        value=54690,
        published=released,
        note="fear claims between ports, fiscal year; day of publication not shown",
    )


def death_rows(facts: Path, book: Book) -> None:
    """Recorded deaths."""
    evidence = next(r for r in read_rows(facts, "priors.csv") if r["parameter"] == "deaths_per_100k_border_attempts")
    source = evidence["source"].split(" | ")[0]
    book.add(
        "deaths_at_the_border",
        dt.date(2018, 1, 1),
        dt.date(2018, 12, 31),
        source,
        low=393,
        note="at least: first count of recorded deaths",
    )
