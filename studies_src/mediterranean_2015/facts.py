"""The fact tables as lists of rows, and the monthly counts that several parts of the build need."""

from __future__ import annotations

import calendar
import csv
import datetime as dt
from collections import defaultdict
from pathlib import Path

Row = dict[str, str]
Monthly = dict[str, int]

FIRST_MONTH, LAST_MONTH = "2014-01", "2019-12"
"""Months of the study; the facts begin with 2009-01."""

REGIONS = {
    ("Eastern Mediterranean Route", "Sea"): "eastern_mediterranean_sea",
    ("Eastern Mediterranean Route", "Land"): "eastern_mediterranean_land",
    ("Central Mediterranean Route", "Sea"): "central_mediterranean",
    ("Western Mediterranean Route", "Sea"): "western_mediterranean_sea",
    ("Western Mediterranean Route", "Land"): "western_mediterranean_land",
    ("Western African Route", "Sea"): "western_african",
    ("Western Balkan Route", "Land"): "western_balkan_route",
    ("Western Balkan Route", "Sea"): "western_balkan_route",
}
"""Route and kind of border → region of the study. Other routes (Black Sea, eastern borders, Albania to Greece, other) are left out."""

DEATH_REGIONS = {
    "Eastern Mediterranean Route": "eastern_mediterranean_sea",
    "Central Mediterranean Route": "central_mediterranean",
    "Western Mediterranean Route": "western_mediterranean_sea",
    "Western African Atlantic Route": "western_african",
}
"""Route of an incident → region. The file does not tell land from sea; nearly all are taken to have died at sea."""

CITIZENSHIPS = {
    "syria": ("SYR",),
    "afghanistan": ("AFG",),
    "iraq": ("IRQ",),
    "iran": ("IRN",),
    "south_asia": ("PAK", "BGD", "IND", "LKA", "NPL"),
    "horn_of_africa": ("ERI", "SDN", "SOM", "ETH", "SSD", "DJI"),
    "west_africa": (
        *("NGA", "GIN", "CIV", "GMB", "SEN", "MLI", "GHA", "CMR", "BFA", "BEN", "TGO", "SLE", "LBR", "GNB", "NER", "COG", "COD"),
        *("MRT", "CPV", "GAB", "GNQ", "TCD", "CAF", "COM", "AGO"),
    ),
    "morocco": ("MAR",),
    "algeria_tunisia": ("DZA", "TUN"),
    "western_balkans": ("ALB", "XKX", "SRB", "MKD", "BIH", "MNE"),
}
"""Group of the study → citizenships (ISO 3166-1 alpha-3) counted in it; all others that are specified are `other`."""

UNSPECIFIED = ("OOO", "OOS")
"""OOO: other or not specified. OOS: not explained in the facts; it stands only where people from south of the Sahara cross."""

GROUP_OF = {code: group for group, codes in CITIZENSHIPS.items() for code in codes}
GROUPS = (*CITIZENSHIPS, "other")

USUAL_LAG = dt.timedelta(days=42)
"""Days from the end of a month until its counts were known: about six weeks, as the README of the facts says."""


def read_rows(facts: Path, table: str) -> list[Row]:
    """Rows of one fact table."""
    with (facts / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def detections(facts: Path) -> dict[tuple[str, str], Monthly]:
    """Detections of irregular border crossing: (region, group) → month → detections, 2009-01 to 2019-12.

    Besides the groups there is `unspecified`; a month in which nobody was detected is 0.
    """
    rows = read_rows(facts, "detections_by_route_monthly.csv")
    months = sorted({row["month"] for row in rows})
    counts: dict[tuple[str, str], Monthly] = defaultdict(lambda: dict.fromkeys(months, 0))
    for row in rows:
        region = REGIONS.get((row["route"], row["border"]))
        if region is not None:
            code = row["citizenship"]
            group = "unspecified" if code in UNSPECIFIED else GROUP_OF.get(code, "other")
            counts[region, group][row["month"]] += int(row["people"])
    return dict(counts)


def totals(facts: Path) -> dict[str, Monthly]:
    """Detections of everybody: region → month → detections."""
    found: dict[str, Monthly] = {}
    for (region, _), counts in detections(facts).items():
        known = found.setdefault(region, dict.fromkeys(counts, 0))
        for month, people in counts.items():
            known[month] += people
    return found


def deaths(facts: Path) -> dict[str, Monthly]:
    """Recorded dead and missing: region → month → people, 2014-01 to 2019-12."""
    months = [month for month in sorted(next(iter(totals(facts).values()))) if month >= FIRST_MONTH]
    found = {region: dict.fromkeys(months, 0) for region in DEATH_REGIONS.values()}
    for row in read_rows(facts, "deaths_monthly.csv"):
        found[DEATH_REGIONS[row["route"]]][row["month"]] += int(row["people"])
    return found


def month_days(month: str) -> tuple[dt.date, dt.date]:
    """First and last day of a month YYYY-MM."""
    year, number = int(month[:4]), int(month[5:7])
    return dt.date(year, number, 1), dt.date(year, number, calendar.monthrange(year, number)[1])


def in_study(month: str) -> bool:
    """Whether a month lies in the study's time."""
    return FIRST_MONTH <= month <= LAST_MONTH
