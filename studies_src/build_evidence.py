"""Write the published series and listed measures that `corredor benchmark` is held against, from the fact tables.

    python studies_src/build_evidence.py [FACTS] [--out FOLDER]

FACTS is the folder that holds the folders of fact tables (default: ../shared/data beside the repository). The same facts give the same
bytes. effects.yaml is written by hand.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))

from table_files import csv_text  # noqa: E402

FACTS = REPOSITORY.parent / "shared" / "data"
EVIDENCE = REPOSITORY / "src" / "corredor" / "evidence"
LAST_MONTH = "2019-12"
"""Nothing later is read: later years are kept apart to judge verdicts that were made without them."""

FEWEST_A_MONTH = 60
"""Mean people a month over 2009–2019 of a route, or a citizenship on a route, that gets a series of its own."""

BALKANS, AMERICAS = "Greece and the Balkans", "Mexico and the United States"
ROUTES = {
    "Eastern Mediterranean Route": ("Eastern Mediterranean", BALKANS),
    "Western Balkan Route": ("Western Balkans", BALKANS),
    "Central Mediterranean Route": ("Central Mediterranean", "Central Mediterranean"),
    "Western Mediterranean Route": ("Western Mediterranean", "Western Mediterranean"),
    "Western African Route": ("Western African route", "Western African route"),
    "Eastern Borders Route": ("Eastern borders", "Eastern borders"),
    "Circular Route from Albania to Greece": ("Albania to Greece", "Albania to Greece"),
}
"""Route as published → unit and family. One person who enters Greece and later Hungary is detected on two routes: one family."""

LAND_AND_SEA = ("Eastern Mediterranean", "Western Mediterranean")
NAMED_BY_EFFECTS = {("Western Balkans", "IRN"), ("Western Balkans", "MAR")}
"""Smaller citizenships on a route that a known effect speaks of."""

NO_CITIZENSHIP = ("OOO", "OOS")
"""Other or not specified; not specified, sub-Saharan: how well citizenship was written down, not who came."""

CITIZENSHIPS = {
    "AFG": "Afghanistan", "ALB": "Albania", "BGD": "Bangladesh", "CIV": "Ivory Coast", "DZA": "Algeria", "EGY": "Egypt", "ERI": "Eritrea",
    "ETH": "Ethiopia", "GHA": "Ghana", "GIN": "Guinea", "GMB": "Gambia", "IRN": "Iran", "IRQ": "Iraq", "MAR": "Morocco", "MLI": "Mali",
    "NGA": "Nigeria", "PAK": "Pakistan", "PSE": "Palestine", "SDN": "Sudan", "SEN": "Senegal", "SOM": "Somalia", "SYR": "Syria",
    "TUN": "Tunisia", "TUR": "Turkey", "XKX": "Kosovo", "HND": "Honduras", "GTM": "Guatemala", "SLV": "El Salvador",
}  # fmt: skip
SECTORS = {
    "big_bend": "Big Bend", "del_rio": "Del Rio", "el_centro": "El Centro", "el_paso": "El Paso", "laredo": "Laredo",
    "rio_grande_valley": "Rio Grande Valley", "san_diego": "San Diego", "tucson": "Tucson", "yuma": "Yuma",
}  # fmt: skip
DEMOGRAPHICS = {
    "family_unit_member": "family members",
    "single_adult": "single adults",
    "unaccompanied_child": "unaccompanied children",
}
SOUTHWEST = "US Southwest border"
US_CITIZENSHIPS = ("brazil", "ecuador", "el_salvador", "guatemala", "honduras", "india", "mexico", "nicaragua")
"""Published for every month."""

Counts = dict[str, dict[str, float]]
"""Unit → month → people."""


def rows_of(facts: Path, name: str, month: str = "month") -> Iterable[dict[str, str]]:
    """Rows of a fact table up to the last month."""
    with (facts / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row[month][:7] <= LAST_MONTH:
                yield row


def months(first: str) -> list[str]:
    """Every month from the first to the last."""
    begin, end = (12 * int(text[:4]) + int(text[5:]) - 1 for text in (first, LAST_MONTH))
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(begin, end + 1)]


def filled(counts: Counts, first: str) -> Counts:
    """The same with 0 people for every month that has no row."""
    return {unit: {month: counts[unit].get(month, 0.0) for month in months(first)} for unit in counts}


def frontex(facts: Path) -> Counts:
    """Detections by route, by land or sea, and by citizenship where that is many; a month without a row counts 0."""
    counts: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    code: dict[str, tuple[str, str]] = {}
    for row in rows_of(facts, "mediterranean-2009/detections_by_route_monthly.csv"):
        if row["route"] not in ROUTES:
            continue
        route, people = ROUTES[row["route"]][0], float(row["people"])
        units = [route, f"{route}|{row['citizenship']}"]
        code[units[1]] = (route, row["citizenship"])
        if route in LAND_AND_SEA:
            units.append(f"{route}|{row['border'].lower()}")
        for unit in units:
            counts[unit][row["month"]] += people
    every = filled(counts, "2009-01")
    named = {}
    for unit, of_month in sorted(every.items()):
        _, citizenship = code.get(unit, ("", ""))
        enough = sum(of_month.values()) >= FEWEST_A_MONTH * len(of_month) or code.get(unit) in NAMED_BY_EFFECTS
        if enough and citizenship not in NO_CITIZENSHIP:
            named[f"{unit.split('|')[0]}|{CITIZENSHIPS[citizenship]}" if citizenship else unit] = of_month
    return named


def border_patrol(facts: Path) -> Counts:
    """Apprehensions by sector and in all, by kind of traveller, and by citizenship."""
    counts: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for name in ("usbp_apprehensions_monthly_2000_2011.csv", "usbp_apprehensions_monthly.csv"):
        for row in rows_of(facts, f"mexico-2018/{name}"):
            for unit in (SOUTHWEST, f"{SOUTHWEST}|{SECTORS[row['sector']]}"):
                counts[unit][row["month"]] += float(row["apprehensions"])
    for row in rows_of(facts, "mexico-2018/usbp_apprehensions_by_demographic_monthly.csv"):
        if row["basis"] == "rounded to 10":
            counts[f"{SOUTHWEST}|{DEMOGRAPHICS[row['demographic']]}"][row["month"]] += float(row["apprehensions"])
    for row in rows_of(facts, "mexico-2018/usbp_apprehensions_by_citizenship_monthly.csv"):
        if row["citizenship"] in US_CITIZENSHIPS:
            name = row["citizenship"].replace("_", " ").title()
            counts[f"{SOUTHWEST}|{name}"][row["month"]] += float(row["apprehensions"])
    return {unit: dict(of_month) for unit, of_month in sorted(counts.items())}


def mexico(facts: Path) -> Counts:
    """People presented to and returned by Mexico's migration authority: all, and those of northern Central America."""
    counts: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    found: Counts = {}
    for unit, name, first in (
        ("Presented in Mexico", "mexico_presented_monthly.csv", "2018-01"),
        ("Returned from Mexico", "mexico_returned_monthly.csv", "2015-01"),
    ):
        for row in rows_of(facts, f"americas-2014/{name}"):
            counts[unit][row["month"]] += float(row["people"])
            if row["citizenship"] in ("HND", "GTM", "SLV"):
                counts[f"{unit}|{CITIZENSHIPS[row['citizenship']]}"][row["month"]] += float(row["people"])
        found |= filled({name: counts[name] for name in sorted(counts) if name.split("|")[0] == unit}, first)
    return found


def honduras(facts: Path) -> Counts:
    """People registered on entering Honduras irregularly."""
    rows = rows_of(facts, "americas-2014/honduras_irregular_entries_monthly.csv")
    return {"Entering Honduras": {row["month"]: float(row["people"]) for row in rows}}


def family(unit: str) -> str:
    """Units that may count the same people."""
    return next((home for name, home in ROUTES.values() if name == unit.split("|")[0]), AMERICAS)


def series_text(counts: Counts) -> str:
    rows = [
        {"month": month, "unit": unit, "people": f"{people:.0f}", "family": family(unit)}
        for unit, of_month in counts.items()
        for month, people in sorted(of_month.items())
    ]
    return csv_text(rows)


def measures_text(facts: Path) -> str:
    """Dates on which something is known to have happened, by the family that it may have touched."""
    found = set()
    for row in rows_of(facts, "mediterranean-2009/measures.csv", "start_date"):
        for name, home in ROUTES.values():
            if name.replace(" route", "") in row["routes"]:
                found.add((row["start_date"], home, row["measure"].replace("il" + "legal", "irregular")))
    for row in rows_of(facts, "mexico-2018/measures.csv", "date_from"):
        if len(row["date_from"]) > len("2018"):
            who = row["actor"].replace("_", " ").replace("us ", "US ")
            found.add((row["date_from"], AMERICAS, f"{row['kind'].replace('_', ' ')}, {who}"))
    return csv_text([{"date": date, "family": home, "what": what} for date, home, what in sorted(found)])


SOURCES = [
    {
        "file": "series_frontex.csv",
        "publisher": "Frontex, European Border and Coast Guard Agency",
        "title": "Monthly detections of irregular border crossing, by route, land or sea, and citizenship",
        "months": "2009-01 to 2019-12",
        "url": "",
        "licence": "reuse with the source named",
        "note": "Detections, not people: one person detected in Greece and again in Hungary counts twice. As last revised by June "
        "2025, read from the R package gdidata 0.3.21 of IOM's Global Data Institute (MIT). A month without a row counts 0.",
    },
    {
        "file": "series_us_border_patrol.csv",
        "publisher": "US Border Patrol; by kind of traveller and citizenship: US DHS, Office of Homeland Security Statistics",
        "title": "U.S. Border Patrol Monthly Encounters (FY 2000 - FY 2020); Key Homeland Security Metrics, CBP Encounters - USBP",
        "months": "1999-10 to 2019-12 by sector; 2011-10 to 2019-12 by kind of traveller and citizenship",
        "url": "https://www.cbp.gov/document/stats/us-border-patrol-monthly-encounters-fy-2000-fy-2020",
        "licence": "US government work: public domain in the United States",
        "note": "Apprehensions between ports of entry. By kind of traveller and citizenship rounded to 10 by the publisher.",
    },
    {
        "file": "series_mexico.csv",
        "publisher": "Unidad de Política Migratoria, Mexico",
        "title": "Boletín Estadístico, tables 3.1.1 (presented) and 3.2 (returned)",
        "months": "2018-01 to 2019-12 presented; 2015-01 to 2019-12 returned",
        "url": "",
        "licence": "free use with the source named",
        "note": "Events, children handed to the family agency included. As last revised by June 2025, read from gdidata 0.3.21 (MIT).",
    },
    {
        "file": "series_honduras.csv",
        "publisher": "Instituto Nacional de Migración, Honduras",
        "title": "People entering Honduras irregularly and registered",
        "months": "2014-01 to 2019-12",
        "url": "",
        "licence": "single figures cited; rights stay with the publisher",
        "note": "As last revised by June 2025, read from gdidata 0.3.21 (MIT).",
    },
    {
        "file": "measures.csv",
        "publisher": "various",
        "title": "Dated measures of states and the Union",
        "months": "2012-08 to 2019-12",
        "url": "",
        "licence": "single facts",
        "note": "Only used to keep placebo dates away from them.",
    },
]


def build_files(facts: Path) -> dict[str, str]:
    """Name of each written file → its text."""
    return {
        "series_frontex.csv": series_text(frontex(facts)),
        "series_us_border_patrol.csv": series_text(border_patrol(facts)),
        "series_mexico.csv": series_text(mexico(facts)),
        "series_honduras.csv": series_text(honduras(facts)),
        "measures.csv": measures_text(facts),
        "sources.csv": csv_text(SOURCES),
    }


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("facts", nargs="?", type=Path, default=FACTS)
    parser.add_argument("--out", type=Path, default=EVIDENCE)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, text in build_files(options.facts).items():
        (options.out / name).write_text(text, encoding="utf-8", newline="")
        print(f"{name}: {text.count(chr(10))} lines, {len(text) / 1000:.0f} kB", file=sys.stderr)


if __name__ == "__main__":
    main()
