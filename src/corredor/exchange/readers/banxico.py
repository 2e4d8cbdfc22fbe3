"""Banco de México: series of its economic information system (remittances, exchange rate …), from the API or as CSV.

Layout: the API (banxico.org.mx/SieAPIRest) gives {"bmx": {"series": [{"idSerie": "SE27803", "titulo": "…", "datos": [{"fecha":
"01/10/2018", "dato": "2,500.5"}]}]}}; dates are day/month/year and N/E means no figure. The CSV of the web site has lines of
notes, a line with "Fecha" and the ids of the series, and rows below. A value of a monthly series carries the first day of its
month, of a quarterly one the first of the quarter.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from corredor.exchange.readers.calendar import written_date
from corredor.exchange.readers.figure import Figure, Format, Reading
from corredor.exchange.readers.text import Trouble, items_of, json_of, looks_like_json, table_of, text_in
from corredor.exchange.written_numbers import number_in
from corredor.study.calendar import month_number, month_period
from corredor.study.problems import quoted

WANTED = "a series of Banco de México"
_NO_FIGURE = {"", "n/e", "n/d", "-"}
UNIT_NOT_TOLD = "as published"


def read(content: bytes, shown: str) -> Reading:
    """Values of every series in the file.

    raises : StudyError
    """
    return _read_json(content, shown) if looks_like_json(content) else _read_csv(content, shown)


def _read_json(content: bytes, shown: str) -> Reading:
    trouble, units = Trouble(shown), {}
    rows: list[tuple[str, str, str, int, int]] = []
    for number, one in enumerate(items_of(json_of(content, shown, WANTED), ["bmx", "series"], shown, WANTED), 1):
        series = text_in(one, "idSerie") if isinstance(one, dict) else ""
        if not series:
            trouble.add(1, number, f"no idSerie in series {number}", "a series with idSerie, titulo and datos")
            continue
        units[series] = text_in(one, "unidad", "titulo") or UNIT_NOT_TOLD
        for place, entry in enumerate(items_of(one, ["datos"], shown, WANTED) if "datos" in one else [], 1):
            item = entry if isinstance(entry, dict) else {}
            rows.append((series, text_in(item, "fecha"), text_in(item, "dato"), 1, place))
    return _reading(rows, units, trouble)


def _read_csv(content: bytes, shown: str) -> Reading:
    lines = table_of(content, shown, WANTED, ["fecha"])
    trouble = Trouble(shown)
    names = [name for name in lines[0].columns if name != "fecha"]
    if not names:
        raise trouble.fail(lines[0].number, 1, "a column Fecha alone", f"{WANTED}, a column for each series")
    rows = [
        (name.upper(), line.cells["fecha"], line.cells[name], line.number, line.column(name)) for line in lines for name in names
    ]
    return _reading(rows, {name.upper(): UNIT_NOT_TOLD for name in names}, trouble)


def _reading(rows: list[tuple[str, str, str, int, int]], units: dict[str, str], trouble: Trouble) -> Reading:
    dated: dict[str, list[tuple[dt.date, float, int, int]]] = {}
    empty = 0
    for series, date_text, text, line, column in rows:
        if text.lower() in _NO_FIGURE:
            empty += 1
            continue
        day, value = written_date(date_text), number_in(text)
        if day is None:
            trouble.add(line, column, f"{quoted(date_text)} as fecha of {series}", "a date day/month/year")
        elif value is None:
            trouble.add(line, column, f"{quoted(text)} as dato of {series}", "a number")
        else:
            dated.setdefault(series, []).append((day, value, line, column))
    trouble.stop()
    if not dated:
        raise trouble.fail(1, 1, "no figures", WANTED, "ask for dates that have figures")
    figures = []
    for series, entries in dated.items():
        months = _months_apart(sorted({day for day, *_ in entries}))
        for day, value, line, column in entries:
            last = month_period(day.year, day.month + months - 1)[1] if months else day
            figures.append(Figure(series, {}, day, last, value, line, column))
    remarks = (f"{empty} entries without a figure left out",) if empty else ()
    return Reading(trouble.shown, tuple(figures), units, remarks=remarks)


def _months_apart(days: list[dt.date]) -> int:
    """Months that a value stands for: 1, 3 or 12 when every date is the first of a month and they are so far apart; else 0, one day."""
    if any(day.day != 1 for day in days):
        return 0
    gaps = {month_number(b) - month_number(a) for a, b in pairwise(days)}
    return next((months for months in (12, 3) if gaps and all(gap % months == 0 for gap in gaps)), 1)


FORMAT = Format(
    name="banxico",
    title="Banco de México, economic information system (the API's JSON or CSV)",
    publisher="Banco de México",
    licence="free use with attribution (Banco de México, terms of use)",
    where="banxico.org.mx/SieAPIRest/service/v1/series/…/datos (needs a free token), or the site's CSV",
    read=read,
    adds_up=False,
    complete_only=False,
)
