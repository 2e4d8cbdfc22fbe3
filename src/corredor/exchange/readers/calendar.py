"""Months and dates as published files write them."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from functools import lru_cache

from corredor.study.calendar import month_period

ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SPANISH = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")

_SPANISH_WHOLE = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
                  "diciembre")  # fmt: skip
_ENGLISH_WHOLE = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
                  "december")  # fmt: skip
_WRITTEN = (
    *("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"),
    *("%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%B-%Y"),
)


@lru_cache(maxsize=1000)
def english_month(text: str) -> int | None:
    """1–12 of a month in English, whole or cut to three letters; none when it is no month."""
    return _month(text, ENGLISH, _ENGLISH_WHOLE)


def spanish_month(text: str) -> int | None:
    """1–12 of a month in Spanish: enero, Ene., SEPT. …; none when it is no month."""
    return _month(text, SPANISH, _SPANISH_WHOLE)


def _month(text: str, short: tuple[str, ...], whole: tuple[str, ...]) -> int | None:
    word = re.sub(r"[^a-z]", "", text.strip().lower())
    if word == "setiembre":
        return 9
    for number, (begin, full) in enumerate(zip(short, whole, strict=True), 1):
        if len(word) >= 3 and word.startswith(begin) and full.startswith(word):
            return number
    return None


def year_period(year: int) -> tuple[dt.date, dt.date]:
    """First and last day of a year."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def likely_year(text: str) -> int | None:
    """A year from 1900 to 2199 written in four digits; else none."""
    word = text.strip()
    return int(word) if re.fullmatch(r"(19|20|21)[0-9]{2}", word) else None


@lru_cache(maxsize=10_000)
def written_date(text: str) -> dt.date | None:
    """A date with the day before the month or after it, with or without a time of day: 2018-10-13, 2018-10-13T00:00:00, 20181013,
    13/10/2018, 13.10.2018, 13 October 2018, 13-Oct-2018; none for the rest, and outside the years 1900 to 2100."""
    word = text.strip().strip("\"'").strip()
    if re.fullmatch(r"[0-9]{8}", word):
        word = f"{word[:4]}-{word[4:6]}-{word[6:]}"
    for candidate in (word, word[:10]):
        for pattern in _WRITTEN:
            with suppress(ValueError):
                date = dt.datetime.strptime(candidate, pattern).date()
                return date if 1900 <= date.year <= 2100 else None
    return None


def written_period(text: str) -> tuple[dt.date, dt.date] | None:
    """Days meant by a year (2018), a month (2018-10, 2018M10), a quarter (2018Q3) or a date; else none."""
    word = text.strip()
    year = likely_year(word)
    if year is not None:
        return year_period(year)
    month = re.fullmatch(r"((?:19|20|21)[0-9]{2})[-M/](0?[1-9]|1[0-2])", word)
    if month:
        return month_period(int(month[1]), int(month[2]))
    quarter = re.fullmatch(r"((?:19|20|21)[0-9]{2})-?Q([1-4])", word)
    if quarter:
        number = int(quarter[2])
        return month_period(int(quarter[1]), 3 * number - 2)[0], month_period(int(quarter[1]), 3 * number)[1]
    day = written_date(word)
    return None if day is None else (day, day)
