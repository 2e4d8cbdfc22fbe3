"""Calendar months as whole numbers, so that they can be counted: forecasts are made at the end of one and look some months ahead."""

from __future__ import annotations

import datetime as dt
import re


class NotPossible(ValueError):
    """A backtest that cannot be made as ordered; the message says what was found and what is expected."""


def month_number(date: dt.date) -> int:
    """Months since year 0; the next month has the next number."""
    return 12 * date.year + date.month - 1


def first_day(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> dt.date:
    return first_day(month + 1) - dt.timedelta(days=1)


def month_name(month: int) -> str:
    """YYYY-MM."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def read_months(text: str) -> tuple[int, int]:
    """First and last month of FROM:TO, such as 2014-01:2019-06; one month alone stands for itself.

    raises : NotPossible with what is wrong and what was expected
    """
    ends = [_read_month(part) for part in text.split(":")]
    if len(ends) > 2 or None in ends:
        raise NotPossible(f"origins {text!r}: expected FROM:TO as months, such as 2014-01:2019-06")
    first, last = ends[0], ends[-1]
    assert first is not None and last is not None
    if first > last:
        raise NotPossible(f"origins {text!r}: {month_name(first)} comes after {month_name(last)}")
    return first, last


def _read_month(text: str) -> int | None:
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text.strip())
    return 12 * int(match[1]) + int(match[2]) - 1 if match and int(match[1]) > 0 else None
