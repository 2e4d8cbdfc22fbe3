"""Numbers as published files and Flee folders write them, and as corredor writes them into a study. What a study's own files may
hold is stricter: study/reading/plain_values.py."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(r"[-+]?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")


def leading_number(text: str) -> tuple[float, str] | None:
    """The number that a text begins with, with or without commas between thousands, and what follows it; none where there is none."""
    found = _NUMBER.match(text)
    return None if found is None else (float(found.group().replace(",", "")) + 0.0, text[found.end() :])


def number_in(text: str) -> float | None:
    """The finite number that a cell holds, blanks between its digits or around it left out; none when it holds anything else."""
    found = leading_number("".join(text.split()))
    return found[0] if found and not found[1] and math.isfinite(found[0]) else None


_DOTTED_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(?:\.[0-9]{3})+")


def dotted_thousands(text: str) -> bool:
    """Whether a number is written as 1.250 or 1.250.000: in half of Europe and of Latin America that is 1,250, here it would be 1.25."""
    return bool(_DOTTED_THOUSANDS.fullmatch("".join(text.split())))


def count_in(text: str) -> float | None:
    """The finite number of a cell that counts people; none where its point may stand between thousands."""
    return None if dotted_thousands(text) else number_in(text)


def people_of(value: Any) -> float | None:
    """A whole number of people, 0 or more, of JSON, also as text, or of a cell; none for the rest."""
    found = count_in(value) if isinstance(value, str) else number_of(value)
    return found if found is not None and found >= 0 and found.is_integer() else None


def count_advice(value: Any, otherwise: str) -> str:
    """What to write in place of something that is no count."""
    text = "".join(str(value).split())
    return (
        f"{text.replace('.', '')}, without a point between thousands, if that is meant" if dotted_thousands(text) else otherwise
    )


def number_of(value: Any) -> float | None:
    """A number of JSON, also when it is written as text; none for the rest."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        try:
            return float(value) if math.isfinite(value) else None
        except OverflowError:
            return None
    return number_in(value) if isinstance(value, str) else None


def number_text(value: float) -> str:
    """A number in plain digits: 1250, 0.35, never 1e-05."""
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
