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
    return None if found is None else (float(found.group().replace(",", "")), text[found.end() :])


def number_in(text: str) -> float | None:
    """The finite number that a cell holds, blanks between its digits or around it left out; none when it holds anything else."""
    found = leading_number("".join(text.split()))
    return found[0] if found and not found[1] and math.isfinite(found[0]) else None


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
