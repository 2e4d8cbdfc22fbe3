"""The fact tables as lists of rows, and the counts that several parts of the build need."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

Row = dict[str, str]
Monthly = dict[str, int]

SECTORS = ("san_diego", "el_centro", "yuma", "tucson", "el_paso", "big_bend", "del_rio", "laredo", "rio_grande_valley")
NORTHERN_TRIANGLE = ("guatemala", "honduras", "el_salvador")
CITIZENSHIPS = (*NORTHERN_TRIANGLE, "mexico", "other")
KINDS = {"single_adult": "adult", "family_unit_member": "family", "unaccompanied_child": "child"}


def read_rows(facts: Path, table: str) -> list[Row]:
    """Rows of one fact table."""
    with (facts / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_sector(facts: Path) -> dict[str, Monthly]:
    """Border Patrol apprehensions: month → sector → people, October 1999 to September 2020."""
    counts: dict[str, Monthly] = defaultdict(dict)
    for table in ("usbp_apprehensions_monthly_2000_2011.csv", "usbp_apprehensions_monthly.csv"):
        for row in read_rows(facts, table):
            counts[row["month"]][row["sector"]] = int(row["apprehensions"])
    return dict(counts)


def by_citizenship(facts: Path) -> dict[str, Monthly]:
    """Border Patrol apprehensions: citizenship → month → people, rounded to 10; `other` is the sector total less the four named."""
    published: dict[str, Monthly] = defaultdict(dict)
    for row in read_rows(facts, "usbp_apprehensions_by_citizenship_monthly.csv"):
        published[row["citizenship"]][row["month"]] = int(row["apprehensions"])
    counts = {citizenship: published[citizenship] for citizenship in CITIZENSHIPS if citizenship != "other"}
    totals = {month: sum(sectors.values()) for month, sectors in by_sector(facts).items()}
    months = [month for month in published["mexico"] if month in totals]
    counts["other"] = {month: totals[month] - sum(counts[c].get(month, 0) for c in counts) for month in months}
    return counts


def by_kind(facts: Path) -> dict[str, Monthly]:
    """Border Patrol apprehensions: adult, family or child → month → people, rounded to 10."""
    counts: dict[str, Monthly] = defaultdict(dict)
    for row in read_rows(facts, "usbp_apprehensions_by_demographic_monthly.csv"):
        if row["basis"].startswith("rounded"):
            counts[KINDS[row["demographic"]]][row["month"]] = int(row["apprehensions"])
    return dict(counts)


def fiscal_year(month: str) -> int:
    """US fiscal year of a month YYYY-MM: October begins the next year's."""
    return int(month[:4]) + (month[5:] >= "10")
