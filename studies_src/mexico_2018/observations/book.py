"""Rows of observations.csv as they are collected, and the days that a period of the fact tables means."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field

from mexico_2018.facts import Row
from mexico_2018.sources import Sources

FIRST, LAST = dt.date(2017, 10, 1), dt.date(2019, 6, 30)
CARAVAN_BEGINS = dt.date(2018, 10, 13)
RELEASE_DAY = 9
"""Monthly Border Patrol totals came out about the 9th of the next month (November 2018 on 6 December, April 2019 on 8–9 May)."""


@dataclass
class Book:
    """The rows as they are collected."""

    sources: Sources
    rows: list[dict[str, object]] = field(default_factory=list)

    def add(
        self,
        output: str,
        first: dt.date,
        last: dt.date,
        source: str,
        value: float | None = None,
        low: float | None = None,
        high: float | None = None,
        place: str = "",
        group: str = "",
        published: dt.date | None = None,
        provisional: bool = False,
        note: str = "",
    ) -> None:
        """One row inside the study. Known from the day given, else the source's own, but never before the period ends.

        A figure whose source has no date at all is left out: nobody could say when a forecast may use it.
        """
        known = published or self.sources.of(source).known_from
        if first < FIRST or last > LAST or known is None:
            return
        self.rows.append(
            {
                "output": output, "place": place, "group": group, "from": first, "to": last,
                "value": _plain(value), "low": _plain(low), "high": _plain(high), "published": max(known, last),
                "status": "provisional" if provisional else "final", "source": self.sources.id_of(source), "note": note,
            }
        )  # fmt: skip


def settled(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Of figures for the same thing, the one published last is final; rounded ones give way to exact ones, repeated ones to the first."""
    of_thing: dict[tuple[object, ...], list[dict[str, object]]] = {}
    for row in rows:
        of_thing.setdefault(tuple(row[key] for key in ("output", "place", "group", "from", "to")), []).append(row)
    kept: list[dict[str, object]] = []
    for same in of_thing.values():
        exact = [row for row in same if row["note"] != "rounded"]
        by_value: dict[tuple[object, ...], dict[str, object]] = {}
        for row in sorted(exact or same, key=lambda r: str(r["published"])):
            by_value.setdefault((row["value"], row["low"], row["high"]), row)
        *earlier, last = by_value.values()
        kept += [row | {"status": "provisional"} for row in earlier] + [last]
    return kept


def known_from(book: Book, row: Row) -> dt.date:
    """Day from which a row's source was known; the study's first day when it has no date."""
    return book.sources.of(row["source"]).known_from or FIRST


def release_day(last: dt.date) -> dt.date:
    """Day on which a monthly total of the Border Patrol came out."""
    return (last + dt.timedelta(days=1)).replace(day=RELEASE_DAY)


def month_days(text: str) -> tuple[dt.date, dt.date]:
    """First and last day of a month YYYY-MM."""
    year, month = int(text[:4]), int(text[5:7])
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def month_of(day: dt.date) -> str:
    """Its month as YYYY-MM."""
    return f"{day:%Y-%m}"


def period_days(text: str) -> tuple[dt.date, dt.date]:
    """First and last day of a year, month, day or range of these."""
    begin, _, end = text.partition("/")
    return _ends(begin)[0], _ends(end or begin)[1]


def _ends(text: str) -> tuple[dt.date, dt.date]:
    if len(text) == 4:
        return dt.date(int(text), 1, 1), dt.date(int(text), 12, 31)
    if len(text) == 7:
        return month_days(text)
    return dt.date.fromisoformat(text), dt.date.fromisoformat(text)


def _plain(value: float | None) -> object:
    return "" if value is None else value
