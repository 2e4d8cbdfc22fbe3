"""Monthly counts by citizenship of Mexico's authority, and recorded deaths: fact tables without a source in each row, and without vintages.

These tables lie in a folder of their own beside the study's (`americas-2014`). They hold counts as last revised by June 2025. The day on
which a month was known is therefore taken from the source's usual lag, and every row says so by its source's title.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path

from mexico_2018.facts import Monthly, read_rows
from mexico_2018.sources import Source, Sources

FOLDER = "americas-2014"
LAST_MONTH = "2019-12"
"""Nothing later is read: later months are kept apart to judge verdicts that were made without them."""

BULLETIN_LAG = dt.timedelta(days=35)
"""The bulletin comes out about five weeks after the month."""

DEATHS_LAG = dt.timedelta(days=61)
"""An assumption: the project adds reports as it finds them; two months are taken."""

FIRST_PRESENTED_MONTH = "2018-01"
"""From here on the bulletin has every month. Other releases of these months, in the press, give way to it."""

NAMES = {"HND": "honduras", "GTM": "guatemala", "SLV": "el_salvador"}
ORDER = ("", "guatemala", "honduras", "el_salvador", "other")
"""Parts of a count; the first is all citizenships together."""

COUNTRIES = {"USA": "united_states", "MEX": "mexico"}
"""Countries whose recorded deaths are compared: where people of this corridor cross the border, and on the way to it."""

UNIT = "Unidad de Política Migratoria, Mexico"
REVISED = "as last revised by June 2025, read from gdidata 0.3.21 (MIT)"
WHEN = f"{REVISED}; taken as known five weeks after the month"
FREE = "free use with the source named"
PRESENTED = Source(
    "upm_bulletin_presented", UNIT, f"Boletín Estadístico, table 3.1.1: people presented, {WHEN}", "2025-06", "", FREE, None
)
RETURNED = Source(
    "upm_bulletin_returned", UNIT, f"Boletín Estadístico, tables 3.2: people returned, {WHEN}", "2025-06", "", FREE, None
)
DEATHS = Source(
    "iom_missing_migrants", "International Organization for Migration",
    f"Missing Migrants Project: dead and missing on the Central American route, {REVISED}; taken as known two months after the month",
    "2025-06", "", "CC BY 4.0", None,
)  # fmt: skip


def add_sources(sources: Sources) -> None:
    """Make the sources of these tables known to the others."""
    for source in (PRESENTED, RETURNED, DEATHS):
        sources.add(source)


def presented(facts: Path) -> dict[str, Monthly]:
    """People presented to the migration authority: part → month → people, January 2018 to December 2019."""
    return _by_part(facts, "mexico_presented_monthly.csv")


def returned(facts: Path) -> dict[str, Monthly]:
    """People returned, all kinds together: part → month → people, January 2015 to December 2019."""
    return _by_part(facts, "mexico_returned_monthly.csv")


def deaths(facts: Path) -> dict[str, Monthly]:
    """Dead and missing that were recorded: country of the incident → month → people, at least; months without a row have none."""
    rows = [row for row in read_rows(facts.parent / FOLDER, "deaths_monthly.csv") if row["month"] <= LAST_MONTH]
    months = sorted({row["month"] for row in rows})
    counts = {name: dict.fromkeys(months, 0) for name in COUNTRIES.values()}
    for row in rows:
        if row["country"] in COUNTRIES:
            counts[COUNTRIES[row["country"]]][row["month"]] += int(row["people"])
    return counts


def _by_part(facts: Path, table: str) -> dict[str, Monthly]:
    counts: dict[str, Monthly] = {part: defaultdict(int) for part in ORDER}
    for row in read_rows(facts.parent / FOLDER, table):
        if row["month"] <= LAST_MONTH:
            for part in ("", NAMES.get(row["citizenship"], "other")):
                counts[part][row["month"]] += int(row["people"])
    return {part: dict(of_month) for part, of_month in counts.items()}
