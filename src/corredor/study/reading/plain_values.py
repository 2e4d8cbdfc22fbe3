"""How numbers, dates and yes/no may be written, and what to advise when they are written otherwise."""

from __future__ import annotations

import datetime as dt
import math
import re

NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
"""Digits with at most one decimal point: the only notation that every spreadsheet and every country reads the same way."""

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}([,' \u00a0\u202f_][0-9]{3})+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")
_DOTTED_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(\.[0-9]{3}){2,}")
_SCIENTIFIC = re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]{1,3}")
_WITH_UNIT = re.compile(r"([-+]?[0-9]+(?:\.[0-9]+)?)\s*(%|[^\W\d_]+|[$€£])")
_NOTHING = {"-", "–", "—", "na", "n/a", "nan", ".nan", "null", "none", "?", "..", "…", "unknown", "x"}
_OTHER_DATES = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%Y-%m", "%Y%m%d")


def number(text: str) -> float | None:
    """A number in plain notation; none when the text is not one or is too large to hold."""
    if not NUMBER.fullmatch(text):
        return None
    value = float(text) + 0.0  # -0 is 0
    return value if math.isfinite(value) else None


def date(text: str) -> dt.date | None:
    """A date written YYYY-MM-DD that exists in the calendar; else none."""
    if not DATE.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def looks_like_number(text: str) -> bool:
    """Whether someone who wrote this meant a number."""
    return bool(re.match(r"[-+<>~$€£]?\s*\.?[0-9]", text)) or text.strip().lower() in (
        ".inf",
        "-.inf",
        "inf",
        "-inf",
        ".nan",
        "nan",
    )


def number_advice(text: str) -> str:
    """What to write in place of something that is not a plain number."""
    stripped = text.strip()
    if _THOUSANDS.fullmatch(stripped):
        advice = f"write {re.sub(r'[^0-9.+-]', '', stripped)}, without a separator of thousands"
        if _DECIMAL_COMMA.fullmatch(stripped):
            advice += f"; if the comma is a decimal one, {stripped.replace(',', '.')}"
        return advice
    if _DECIMAL_COMMA.fullmatch(stripped):
        return f"write {stripped.replace(',', '.')}, with a decimal point"
    if _DOTTED_THOUSANDS.fullmatch(stripped):
        return f"write {stripped.replace('.', '')}, without a separator of thousands"
    if _SCIENTIFIC.fullmatch(stripped) and stripped.count(".") <= 1 and math.isfinite(float(stripped)):
        return f"write the number out: {float(stripped):.15f}".rstrip("0").rstrip(".")
    with_unit = _WITH_UNIT.fullmatch(stripped)
    if with_unit and with_unit[2] == "%":
        return f"write the share, {float(with_unit[1]) / 100:g}"
    if with_unit:
        return f"write {with_unit[1]} alone; the unit is set by the field"
    if stripped[:1] in ("<", ">", "~"):
        return "write the number alone; of an observation, a range goes into low and high"
    if stripped.lower() in _NOTHING:
        return "leave it empty when there is no figure"
    return "write digits with a decimal point, such as 1250 or 0.35"


def date_advice(text: str) -> str:
    """What to write in place of something that is not a date."""
    stripped = text.strip()
    for pattern in _OTHER_DATES:
        try:
            meant = dt.datetime.strptime(stripped, pattern).date()
        except ValueError:
            continue
        return f"write {meant.isoformat()}" + ("" if "%d" in pattern else " or the day that is meant")
    if DATE.fullmatch(stripped):
        return "look at the calendar: this month or day does not exist"
    return "write year-month-day, such as 2018-10-13"
