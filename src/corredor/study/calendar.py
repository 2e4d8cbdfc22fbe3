"""Calendar months as whole numbers, so that they can be counted: the next month has the next number."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache


def month_number(date: dt.date) -> int:
    """Months since year 0."""
    return 12 * date.year + date.month - 1


def first_day(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> dt.date:
    return first_day(month + 1) - dt.timedelta(days=1)


@lru_cache(maxsize=10_000)
def month_period(year: int, month: int) -> tuple[dt.date, dt.date]:
    """First and last day of a month from 1; month 13 is the first of the next year."""
    number = 12 * year + month - 1
    return first_day(number), last_day(number)


def add_months(date: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of a month that is too short; earlier for a negative number."""
    month = month_number(date) + months
    return min(first_day(month) + dt.timedelta(days=date.day - 1), last_day(month))


def are_whole_months(first: dt.date, last: dt.date) -> bool:
    """Whether days begin with the first of a month and end with the last of one."""
    return first.day == 1 and last == last_day(month_number(last))


def is_whole_month(first: dt.date, last: dt.date) -> bool:
    """Whether days are one calendar month, all of it."""
    return first.day == 1 and last == last_day(month_number(first))


def month_name(month: int) -> str:
    """YYYY-MM."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def read_month(text: str) -> int | None:
    """The month of YYYY-MM; none when it is not one."""
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text.strip())
    return 12 * int(match[1]) + int(match[2]) - 1 if match and int(match[1]) > 0 else None
