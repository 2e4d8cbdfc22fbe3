"""US Customs and Border Protection: nationwide and southwest land border encounters by month.

Layout: the CSV files at cbp.gov/document/stats/nationwide-encounters and …/southwest-land-border-encounters, with their data
dictionary. A row counts encounters of one fiscal year (October to September), month, component, area or state, demographic,
citizenship and title of authority. The current fiscal year is written `2019 (FYTD)`; rows grouped as `Remaining` are months that
lie ahead, or the rest of an earlier year. Every file holds about four fiscal years and replaces the one before, so files overlap
and figures are revised.
"""

from __future__ import annotations

import re

from corredor.exchange.readers.calendar import english_month
from corredor.exchange.readers.figure import Figure, Format, Reading
from corredor.exchange.readers.text import AGAIN, Trouble, table_of
from corredor.exchange.written_numbers import count_advice, people_of
from corredor.study.calendar import month_period

WANTED = "CBP's table of encounters as CSV"

FISCAL_YEAR_BEGINS = 10
"""October: the fiscal year 2019 begins in October 2018."""

_PARTS = {
    "component": ("component",),
    "border": ("land border region",),
    "area": ("area of responsibility",),
    "state": ("state",),
    "demographic": ("demographic",),
    "citizenship": ("citizenship", "citizenship grouping"),
    "title": ("title of authority",),
    "type": ("encounter type",),
}


def read(content: bytes, shown: str) -> Reading:
    """Encounters by month.

    raises : StudyError
    """
    lines = table_of(content, shown, WANTED, ["fiscal year", "month (abbv)", "encounter count"])
    trouble, figures, empty = Trouble(shown), [], 0
    for line in lines:
        year_text, month_text, count_text = (line.cells[name] for name in ("fiscal year", "month (abbv)", "encounter count"))
        if not count_text:
            empty += 1
            continue
        year = re.fullmatch(r"(?:FY ?)?((?:19|20)[0-9]{2})\s*(\(FYTD\))?", year_text, re.IGNORECASE)
        month, count = english_month(month_text), people_of(count_text)
        if year is None:
            line.wrong(trouble, "fiscal year", "a fiscal year such as 2019 or 2019 (FYTD)")
        if month is None:
            line.wrong(trouble, "month (abbv)", "a month such as OCT")
        if count is None:
            line.wrong(trouble, "encounter count", "a number of encounters", count_advice(count_text, AGAIN))
        if year is None or month is None or count is None:
            continue
        first, last = month_period(int(year[1]) - (month >= FISCAL_YEAR_BEGINS), month)
        parts = {part: line.cells[name] for part, names in _PARTS.items() for name in names if name in line.cells}
        figures.append(Figure("encounters", parts, first, last, count, line.number, line.column("encounter count")))
    trouble.stop()
    remarks = (f"{empty} rows without a count left out",) if empty else ()
    return Reading(shown, tuple(figures), {"encounters": "people"}, remarks=remarks)


FORMAT = Format(
    name="cbp",
    title="US CBP encounters, nationwide or southwest land border (CSV)",
    publisher="U.S. Customs and Border Protection",
    licence="public domain (work of the United States government)",
    where="cbp.gov/newsroom/stats/nationwide-encounters",
    read=read,
    place_by="area",
    group_by="",
)
