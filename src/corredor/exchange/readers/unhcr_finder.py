"""UNHCR Refugee Data Finder: people by country of origin and of asylum at the end of each year, as CSV or from the API.

Layout: the CSV of unhcr.org/refugee-statistics/download has about a dozen lines of notes before the header, whose names may end
in a space; the JSON of api.unhcr.org/population/v1/population/ has `items` with coo_name, coa_iso, refugees … and `page`,
`maxPages`. Both write "-" where there is no figure. Asylum applications and decisions are flows of a year, population figures are
those of 31 December.
"""

from __future__ import annotations

import datetime as dt
import re

from corredor.exchange.readers.calendar import likely_year, year_period
from corredor.exchange.readers.figure import Figure, Format, Reading
from corredor.exchange.readers.text import AGAIN, Trouble, items_of, json_of, looks_like_json, plain_name, table_of, text_in
from corredor.exchange.written_numbers import count_advice, number_of, people_of
from corredor.study.problems import quoted

WANTED = "a download of UNHCR's Refugee Data Finder"

_SERIES = {
    "refugees under unhcr's mandate": "refugees",
    "asylum-seekers": "asylum_seekers",
    "returned refugees": "returned_refugees",
    "idps of concern to unhcr": "idps",
    "returned idpss": "returned_idps",
    "returned idps": "returned_idps",
    "stateless persons": "stateless",
    "others of concern": "ooc",
    "other people in need of international protection": "oip",
    "venezuelans displaced abroad": "vda",
    "host community": "hst",
    "applied": "applied",
    "recognized decisions": "dec_recognized",
    "complementary protection": "dec_other",
    "rejected decisions": "dec_rejected",
    "otherwise closed": "dec_closed",
    "total decisions": "dec_total",
}
"""Columns of the CSV → keys of the API."""

_FLOWS = {key for key in _SERIES.values() if key.startswith(("dec_", "returned_"))} | {"applied"}
"""Counted over a year; the others are there on 31 December."""

_PARTS = {
    "origin": "country of origin",
    "asylum": "country of asylum",
    "origin_code": "country of origin (iso)",
    "asylum_code": "country of asylum (iso)",
    "authority": "authority",
    "stage": "stage of procedure",
    "application_type": "application type",
    "counted_in": "cases / persons",
}
"""Parts of a figure → columns of the CSV."""

_NO_FIGURE = {"", "-", "..", "n/a"}
_WITHHELD = re.compile(r"\*|<\s*[0-9]+")
"""Small numbers that UNHCR does not publish."""


def read(content: bytes, shown: str) -> Reading:
    """Figures by origin and asylum.

    raises : StudyError
    """
    return _read_json(content, shown) if looks_like_json(content) else _read_csv(content, shown)


def _read_csv(content: bytes, shown: str) -> Reading:
    lines = table_of(content, shown, WANTED, ["year", "country of origin", "country of asylum"])
    series = {name: _SERIES[name] for name in lines[0].columns if name in _SERIES}
    trouble, figures, withheld = Trouble(shown), [], 0
    if not series:
        raise trouble.fail(
            1, 1, "no column with figures", f"{WANTED}, with a column such as Asylum-seekers", "download it with totals"
        )
    for line in lines:
        year = likely_year(line.cells["year"])
        if year is None:
            line.wrong(trouble, "year", "a year")
            continue
        parts = {part: line.cells[name] for part, name in _PARTS.items() if name in line.cells}
        for name, key in series.items():
            text = line.cells[name]
            value = people_of(text)
            if plain_name(text) in _NO_FIGURE:
                continue
            if _WITHHELD.fullmatch(text):
                withheld += 1
            elif value is None:
                trouble.add(line.number, line.column(name), quoted(text), "a number of people", count_advice(text, AGAIN))
            else:
                figures.append(Figure(key, parts, *_period(key, year), value, line.number, line.column(name)))
    trouble.stop()
    remarks = (f"{withheld} small numbers that UNHCR does not publish left out",) if withheld else ()
    return Reading(shown, tuple(figures), {figure.series: "people" for figure in figures}, remarks=remarks)


def _read_json(content: bytes, shown: str) -> Reading:
    value = json_of(content, shown, WANTED)
    items = items_of(value, ["items"], shown, WANTED)
    trouble, figures, remarks = Trouble(shown), [], []
    keys = set(_SERIES.values())
    for number, item in enumerate(items, 1):
        year = likely_year(text_in(item, "year")) if isinstance(item, dict) else None
        if year is None:
            trouble.add(1, 1, f"no year in item {number}", "a year in every item")
            continue
        parts = {
            "origin": text_in(item, "coo_name"),
            "asylum": text_in(item, "coa_name"),
            "origin_code": text_in(item, "coo_iso"),
            "asylum_code": text_in(item, "coa_iso"),
            **{key: text_in(item, key) for key in ("procedure_type", "app_type", "dec_level", "app_pc", "dec_pc") if key in item},
        }
        # The API writes "-" in place of a country that it was not asked to tell apart.
        parts = {key: "" if text == "-" else text for key, text in parts.items()}
        for key in keys & item.keys():
            if item[key] is None or (isinstance(item[key], str) and plain_name(item[key]) in _NO_FIGURE):
                continue
            found = people_of(item[key])
            if found is None:
                advice = count_advice(item[key], AGAIN)
                trouble.add(1, 1, f"{quoted(item[key])} as {key} in item {number}", "a number of people", advice)
            else:
                figures.append(Figure(key, parts, *_period(key, year), found, 1, number))
    trouble.stop()
    pages = number_of(value.get("maxPages"))
    if pages is not None and pages > 1:
        remarks.append(f"page {text_in(value, 'page')} of {pages:.0f} only: ask the API for more with limit=, or add every page")
    return Reading(shown, tuple(figures), {figure.series: "people" for figure in figures}, remarks=tuple(remarks))


def _period(key: str, year: int) -> tuple[dt.date, dt.date]:
    return year_period(year) if key in _FLOWS else (dt.date(year, 12, 31), dt.date(year, 12, 31))


FORMAT = Format(
    name="unhcr",
    title="UNHCR Refugee Data Finder (CSV or the API's JSON)",
    publisher="UNHCR, the UN Refugee Agency",
    licence="CC BY 4.0",
    where="unhcr.org/refugee-statistics/download, api.unhcr.org/population/v1/population/",
    read=read,
    place_by="asylum",
    group_by="origin",
    # applications and decisions are counted in cases and again in persons
    overlapping=frozenset({"counted_in", "app_pc", "dec_pc"}),
)
