"""drivers.csv: homicides and income per person in the countries of origin, each year's figure in force during the next year."""

from __future__ import annotations

from pathlib import Path

from mexico_2018.facts import read_rows
from mexico_2018.sources import Sources

DRIVERS = {
    "homicides_per_100k": ("homicides", "homicides per 100,000 people and year"),
    "gdp_per_capita_usd_constant": ("gdp_per_person", "constant US dollars"),
}
COUNTRIES = ("guatemala", "honduras", "el_salvador", "mexico")
YEARS = (2016, 2017, 2018)


def driver_rows(facts: Path, sources: Sources) -> list[dict[str, object]]:
    """Rows of drivers.csv.

    A year's figure is known, and felt, after the year: it holds from 1 January of the next. Homicides are the UNODC series alone;
    Guatemala has no figure for 2016, so that of 2017 stands in its place and holds until the end of 2018.
    """
    rows: list[dict[str, object]] = []
    for row in read_rows(facts, "drivers.csv"):
        usual = row["driver"] in DRIVERS and row["country"] in COUNTRIES and row["month_or_year"] in map(str, YEARS)
        if not usual or (row["driver"] == "homicides_per_100k" and "UNODC" not in row["source"]):
            continue
        name, unit = DRIVERS[row["driver"]]
        year = row["month_or_year"]
        if (row["country"], year, name) == ("guatemala", "2017", "homicides"):
            year = "2016"
        date = f"{int(year) + 1}-01-01"
        rows.append(
            {
                "date": date,
                "place": row["country"],
                "driver": name,
                "value": row["value"],
                "unit": unit,
                "source": sources.id_of(row["source"]),
            }
        )
    return sorted(rows, key=lambda r: (str(r["driver"]), str(r["place"]), str(r["date"])))
