"""UNHCR operational data portal: a series of people by day or month of one situation, country or camp, as JSON or CSV.

Layout: data.unhcr.org/population/get/timeseries?…&frequency=day gives {"data": {"timeseries": [{"data_date": "2018-01-31",
"individuals": 100, …}]}}; with frequency=month the entries have `year`, `month` and `individuals`. With export=csv the same names
are columns. The file names no place. Whether the people are there on that day or arrived in that month is said on the portal's
page, not in the file.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from corredor.exchange.readers.calendar import english_month, likely_year, written_date
from corredor.exchange.readers.figure import Figure, Format, Reading
from corredor.exchange.readers.text import AGAIN, Trouble, items_of, json_of, looks_like_json, table_of, text_in
from corredor.exchange.written_numbers import count_advice, number_of, people_of
from corredor.study.calendar import month_period
from corredor.study.problems import quoted

WANTED = "a time series of UNHCR's operational data portal"
_COUNTS = ("individuals", "population", "value")


def read(content: bytes, shown: str) -> Reading:
    """The series, day by day or month by month.

    raises : StudyError
    """
    entries: list[tuple[int, int, Any]]
    if looks_like_json(content):
        items = items_of(json_of(content, shown, WANTED), ["data", "timeseries"], shown, WANTED)
        entries = [(1, number, item) for number, item in enumerate(items, 1)]
    else:
        lines = table_of(content, shown, WANTED, [("data_date", "date", "month"), _COUNTS])
        entries = [(line.number, 1, line.cells) for line in lines]
    trouble, figures = Trouble(shown), []
    for line, column, entry in entries:
        item = entry if isinstance(entry, dict) else {}
        period = _period(item)
        told = next((item[key] for key in _COUNTS if key in item), None)
        value = people_of(told)
        if period is None:
            trouble.add(line, column, f"no date in: {quoted(entry)}", "data_date as YYYY-MM-DD, or year and month")
        elif value is None:
            advice = count_advice(told, AGAIN)
            trouble.add(line, column, f"no number of people in: {quoted(entry)}", "individuals, a whole number", advice)
        else:
            figures.append(Figure("individuals", {}, *period, value, line, column))
    trouble.stop()
    if not figures:
        raise trouble.fail(1, 1, "a series without entries", WANTED, "choose another date range on the portal")
    return Reading(shown, tuple(figures), {"individuals": "people"})


def _period(item: dict[str, Any]) -> tuple[dt.date, dt.date] | None:
    day = written_date(text_in(item, "data_date", "date"))
    if day is not None:
        return day, day
    year, month = likely_year(text_in(item, "year")), number_of(text_in(item, "month"))
    if month is None:
        month = english_month(text_in(item, "month"))
    if year is None or month is None or month not in range(1, 13):
        return None
    return month_period(year, int(month))


FORMAT = Format(
    name="unhcr-portal",
    title="UNHCR operational data portal, time series (JSON or CSV)",
    publisher="UNHCR, the UN Refugee Agency",
    licence="CC BY 4.0",
    where="data.unhcr.org, the download of a chart, or …/population/get/timeseries",
    read=read,
    usual_series="individuals",
    adds_up=False,
)
