"""What an option may be: each raises ValueError with what is expected."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from cyclopts import Parameter


def positive(value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError("must be 1 or more")


def at_least(least: int, value: int) -> None:
    if value < least:
        raise ValueError(f"must be {least} or more")


def a_date(value: str | None) -> None:
    if value is not None:
        try:
            date.fromisoformat(value)
        except ValueError:
            raise ValueError("must be a date as 2018-11-30") from None


def a_seed(value: int) -> None:
    if not 0 <= value < 2**63:
        raise ValueError("must be a whole number, 0 or more and less than 2 to the power of 63")


Seed = Annotated[int, Parameter(validator=lambda _, value: a_seed(value))]
Count = Annotated[int, Parameter(validator=lambda _, value: positive(value))]
CountOrNone = Annotated[int | None, Parameter(validator=lambda _, value: positive(value))]
Json = Annotated[bool, Parameter(name="--json", negative=())]
"""Options that many commands have, with what they may be."""
