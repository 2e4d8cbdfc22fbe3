"""Published series and dated claims as a person writes them, and what they become: one panel, and a question for each claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import Field

from corredor.effects.design.panel import Panel, Window
from corredor.study.schema import Date, Entry

Direction = Literal["lower", "higher", "none"]
Agreement = Literal["agreed", "contested", "none_found"]

LAST_DAY_OF_ITS_MONTH = 15
"""A measure of a later day counts from the next month: most of its own month went by without it."""


class EvidenceEntry(Entry):
    """Base of what is written in files of series and claims."""


class SeriesRow(EvidenceEntry):
    """A row of a file of series: the people counted of one unit in one month."""

    month: str = Field(description="YYYY-MM")
    unit: str = Field(
        min_length=1, description="what is counted: a route, a sector, a citizenship on a route (route|citizenship)"
    )
    people: float | None = Field(None, ge=0, description="people counted in the month; an empty cell: not published")
    family: str | None = Field(
        None, description="units of one family may count the same people; without it, the unit's name before the first |"
    )
    source: str | None = Field(None, description="who published it; for readers only")


class ListedMeasure(EvidenceEntry):
    """A row of a file of dates on which something is known to have happened."""

    date: str = Field(description="YYYY-MM-DD or YYYY-MM")
    family: str = Field(min_length=1, description="family of the units that it may have touched")
    what: str = Field(min_length=1, description="what happened, for readers")


class EffectClaim(EvidenceEntry):
    """An entry of a file of claims: a dated measure, the series it is said to have changed, and what is agreed about that."""

    id: str = Field(min_length=1, description="short name, each only once")
    says: str = Field(min_length=1, description="the claim, in a sentence")
    unit: str | list[str] = Field(description="unit of the series; of several units the sum counts")
    date: Date | str = Field(
        description="first day or month in force, YYYY-MM-DD or YYYY-MM; a day after the 15th counts from the next month"
    )
    direction: Direction = Field(description="what the measure is said to have done to the series: lower, higher or none")
    size_percent: list[float] | None = Field(
        None,
        min_length=2,
        max_length=2,
        description="agreed size, from one end to the other, in percent of what was to be expected: [-95, -79]; none: not agreed",
    )
    agreement: Agreement = Field(
        description="agreed: nearly everybody accepts the effect; contested: studies differ; none_found: found to have had none"
    )
    window_months: int = Field(3, ge=1, le=24, description="months over which the effect is looked for")
    donors: list[str] = Field(default_factory=list, description="units that the measure did not touch; none: the method chooses")
    inseparable_from: list[str] = Field(
        default_factory=list, description="ids of claims that no monthly series can tell apart from this one"
    )
    confounders: str | None = Field(None, description="what else happened, for readers")
    note: str | None = Field(None, description="what readers must know")
    source: str | list[str] | None = Field(None, description="who says so, for readers")

    @property
    def units(self) -> list[str]:
        return [self.unit] if isinstance(self.unit, str) else self.unit

    @property
    def series(self) -> str:
        """Name of its series in the panel."""
        return " + ".join(self.units)

    @property
    def first_month(self) -> np.datetime64:
        """The first month of its window."""
        return first_month(self.date)

    @property
    def skipped_months(self) -> int:
        """Months before its window that belong to neither side: one, in whose second half the measure began."""
        return int(self.first_month != month_of(self.date))


def month_of(date: dt.date | str) -> np.datetime64:
    """The month of a day or month."""
    return np.datetime64(str(date)[: len("2016-03")], "M")


def first_month(date: dt.date | str) -> np.datetime64:
    """The month from which a measure counts.

    date : a day, or a month YYYY-MM
    """
    text = str(date)
    late = len(text) > len("2016-03") and int(text[-2:]) > LAST_DAY_OF_ITS_MONTH
    return month_of(date) + int(late)


@dataclass(frozen=True)
class Evidence:
    """Series, claims about them, and dates that are no placebo dates.

    panel : every unit of the files, and behind them the sums that claims ask of
    units : number of units of the files: the first so many columns of the panel
    listed : (family, month) of every measure that is listed, those of the claims included
    """

    panel: Panel
    units: int
    claims: tuple[EffectClaim, ...]
    listed: frozenset[tuple[str, np.datetime64]]

    def window(self, claim: EffectClaim) -> Window:
        """The question that a claim puts to the panel; its rows may lie outside."""
        donors = tuple(self.panel.column(name) for name in claim.donors)
        start = self.panel.row(claim.first_month)
        return Window(self.panel.column(claim.series), start, claim.window_months, donors, claim.skipped_months)

    def family(self, claim: EffectClaim) -> str:
        return self.panel.families[self.panel.column(claim.series)]


def evidence_of(
    counts: dict[str, dict[np.datetime64, float]],
    families: dict[str, str],
    claims: Iterable[EffectClaim],
    measures: Iterable[ListedMeasure] = (),
    absent: float = np.nan,
) -> Evidence:
    """One panel of all series and sums.

    counts : unit → month → people, not a number where the file says that nothing was published
    families : unit → its family
    absent : people of a month between the first and the last of the files that a unit has no row for
    """
    claims = tuple(claims)
    every_month = [month for of_unit in counts.values() for month in of_unit]
    months = np.arange(min(every_month), max(every_month) + 1)
    units = list(counts)
    people = np.array([[counts[unit].get(month, absent) for unit in units] for month in months])
    sums = [name for name in dict.fromkeys(claim.series for claim in claims) if name not in counts]
    parts = {claim.series: claim.units for claim in claims}
    columns = [people, *(people[:, [units.index(part) for part in parts[name]]].sum(axis=1, keepdims=True) for name in sums)]
    merged = _merged(families, [parts[name] for name in sums])
    of_unit = [merged[families[unit]] for unit in units] + [merged[families[parts[name][0]]] for name in sums]
    panel = Panel(months, (*units, *sums), np.hstack(columns), tuple(of_unit))
    listed = {(merged.get(one.family, one.family), first_month(one.date)) for one in measures}
    listed |= {(panel.families[panel.column(claim.series)], claim.first_month) for claim in claims}
    return Evidence(panel, len(units), claims, frozenset(listed))


def _merged(families: dict[str, str], sums: list[list[str]]) -> dict[str, str]:
    """Family → the one it belongs to: a sum over several families makes one of them, since it shares people with each."""
    home = {family: family for family in families.values()}
    for parts in sums:
        together = {home[families[part]] for part in parts}
        home = {family: min(together) if to in together else to for family, to in home.items()}
    return home
