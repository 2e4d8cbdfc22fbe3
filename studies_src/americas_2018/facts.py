"""Monthly counts along the corridor, by the groups of the study: Darién, Honduras, Mexico, United States."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from mexico_2018.facts import Monthly, read_rows

NORTHERN_TRIANGLE = {"HND": "honduras", "GTM": "guatemala", "SLV": "el_salvador"}
THROUGH_DARIEN = ("cuba", "farther")
"""Groups that come from south of Darién, or from beyond it."""

GROUPS = (*NORTHERN_TRIANGLE.values(), *THROUGH_DARIEN, "mexico")

AMERICAS = (
    "ARG ATG BHS BLZ BOL BRA BRB CAN CHL COL CRI DMA DOM ECU GRD GUY JAM KNA LCA MEX NIC PAN PER PRI PRY SUR TTO URY USA VCT VEN"
)
EUROPE_OCEANIA = (
    "ALB AND AUS AUT BEL BGR BIH BLR CHE CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN IRL ISL ITA LTU LUX LVA MDA MKD MLT MNE NLD "
    "NOR NZL POL PRT ROU RUS SMR SRB SVK SVN SWE UKR XKX"
)
NEITHER = frozenset([*AMERICAS.split(), *EUROPE_OCEANIA.split(), "OOO", "UNK"])
"""Citizenships of the Americas but Haiti, of Europe and Oceania, and unknown ones: in no group, or in one of their own.

Nothing upstream tells of South Americans: 42,000 Brazilians and Ecuadorians were apprehended at the United States border in 2018 and
2019, and 1,009 presented in Mexico.
"""

US_GROUPS = {
    "honduras": ("honduras",), "guatemala": ("guatemala",), "el_salvador": ("el_salvador",), "cuba": ("cuba",),
    "farther": ("haiti", "india", "other"), "mexico": ("mexico",),
}  # fmt: skip
"""Citizenships of the United States' table that stand for a group. `other` is all that the table does not name."""

US_BEGINS, US_ENDS = "2011-10", "2020-09"
"""Later months of this table are not read: the facts keep later months apart."""

BEGINS, ENDS = "2018-01", "2020-12"
"""First and last month of the study."""


def group_of(citizenship: str) -> str | None:
    """Group of a citizenship as the tables of Panama and Mexico write it; none when it is in no group."""
    if citizenship == "CUB":
        return "cuba"
    return NORTHERN_TRIANGLE.get(citizenship) or (None if citizenship in NEITHER else "farther")


def darien_by_month(facts: Path) -> dict[str, Monthly]:
    """People who went through Darién: group → month → people, from January 2020; a group without a cell in a month has none."""
    return _by_group(facts, "darien_transits_monthly.csv", "month", THROUGH_DARIEN)


def darien_by_year(facts: Path) -> dict[str, Monthly]:
    """The same: group → year → people, 2010 to 2019."""
    return _by_group(facts, "darien_transits_annual.csv", "year", THROUGH_DARIEN)


def honduras(facts: Path) -> Monthly:
    """People who entered Honduras irregularly and were registered, all citizenships together: month → people, from 2014 on."""
    return {row["month"]: int(row["people"]) for row in read_rows(facts, "honduras_irregular_entries_monthly.csv")}


def mexico(facts: Path) -> dict[str, Monthly]:
    """People presented to Mexico's migration authority: group → month → people, from January 2018."""
    return _by_group(facts, "mexico_presented_monthly.csv", "month", GROUPS[:-1])


def united_states(other_facts: Path) -> dict[str, Monthly]:
    """Border Patrol apprehensions at the Southwest border, rounded to 10: group → month → people, October 2011 to September 2020.

    The cells of a month sum to its total, so that an absent one is smaller than the rounding.
    """
    cells: dict[str, dict[str, int]] = defaultdict(dict)
    for row in read_rows(other_facts, "usbp_apprehensions_by_citizenship_monthly.csv"):
        if US_BEGINS <= row["month"] <= US_ENDS:
            cells[row["month"]][row["citizenship"]] = int(row["apprehensions"])
    counts: dict[str, Monthly] = {group: {} for group in US_GROUPS}
    for month, people in sorted(cells.items()):
        for group, names in US_GROUPS.items():
            found = [people[name] for name in names if name in people]
            if found:
                counts[group][month] = sum(found)
    return counts


NAMED_IN_US_TABLE = {**NORTHERN_TRIANGLE, "CUB": "cuba", "MEX": "mexico", "BRA": None, "ECU": None, "NIC": None, "VEN": None}
"""Groups of the citizenships that the table of apprehensions names beside Haiti and India; `farther` is the rest, as there."""


def expulsions(facts: Path) -> dict[str, Monthly]:
    """Of the same apprehensions, expulsions under the Title 42 order: group → month → people, from March 2020."""
    counts: dict[str, Monthly] = {group: defaultdict(int) for group in GROUPS}
    for row in read_rows(facts, "us_encounters_monthly.csv"):
        if row["component"] == "U.S. Border Patrol" and row["title"] == "Title 42":
            group = NAMED_IN_US_TABLE.get(row["citizenship"], "farther")
            if group is not None:
                counts[group][row["month"]] += int(row["people"])
    return {group: dict(of_month) for group, of_month in counts.items()}


def _by_group(facts: Path, table: str, period: str, groups: tuple[str, ...]) -> dict[str, Monthly]:
    counts: dict[str, Monthly] = {group: defaultdict(int) for group in groups}
    for row in read_rows(facts, table):
        group = group_of(row["citizenship"])
        if group in counts:
            counts[group][row[period]] += int(row["people"])
    return {group: dict(of_period) for group, of_period in counts.items()}
