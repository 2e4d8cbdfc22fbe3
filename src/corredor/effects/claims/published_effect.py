"""What a published series says of an effect by itself: how many people, what would have been seen, what is ruled out."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

FOLDS_FROM_PERCENT = 200.0
"""A rise from here on is told as so many times as much."""

BEYOND_BELIEF_PERCENT = 10_000.0
"""A rise beyond this, to a hundred times as much, is told as no bound at all."""

NEARLY_ALL_PERCENT = 99.5
"""A fall from here on leaves nobody, as far as a reader is concerned."""


@dataclass(frozen=True)
class PublishedEffect:
    """What a published series says of an effect by itself; none where there is no such series.

    effect_people, low_people, high_people : over the window, with the 95 % interval
    detectable : the smallest effect in the claimed direction that it would have shown in four of five cases, percent
    excluded_below, excluded_above : changes below and above these are ruled out at 95 %, percent
    """

    effect_people: float | None = None
    low_people: float | None = None
    high_people: float | None = None
    detectable: float | None = None
    excluded_below: float | None = None
    excluded_above: float | None = None

    def as_json(self) -> dict[str, float | None]:
        """As a plain dictionary; numbers that are not finite become null."""
        return {name: value if value is not None and math.isfinite(value) else None for name, value in asdict(self).items()}


NO_FALL, NO_RISE = "not even a fall to nobody", "not even a rise to a hundred times as much"
"""What stands for a size that is none."""

NOTHING_PUBLISHED = PublishedEffect()


def power_words(seen: PublishedEffect, lower: bool) -> str:
    """The smallest effect that would have been seen: a fall of 63 % or more would have been seen in four of five cases.

    lower : the claim is of a fall
    """
    size = size_words(seen.detectable, lower)
    if not size:
        return f"{NO_FALL if lower else NO_RISE} would have been seen in four of five cases"
    return f"{size} or more would have been seen in four of five cases"


def excluded_words(seen: PublishedEffect, lower: bool) -> str:
    """Which sizes in the claimed direction are ruled out: a fall of more than 38 % is excluded at 95 %."""
    bound = seen.excluded_below if lower else seen.excluded_above
    direction = "fall" if lower else "rise"
    if bound is None or not math.isfinite(bound):
        return f"no {direction} is excluded"
    if (bound >= 0) if lower else (bound <= 0):
        return f"any {direction} is excluded at 95 %"
    size = size_words(bound, lower, "more than ")
    return f"{size} is excluded at 95 %" if size else f"hardly any {direction} is excluded"


def size_words(percent: float | None, lower: bool, beyond: str = "") -> str:
    """A fall of 63 %, a rise of 120 %, a rise to 13 times as much; empty where no such change can be believed."""
    if percent is None or not math.isfinite(percent):
        return ""
    if lower:
        return "" if -percent >= NEARLY_ALL_PERCENT else f"a fall of {beyond}{-percent:.0f} %"
    if percent >= BEYOND_BELIEF_PERCENT:
        return ""
    if percent < FOLDS_FROM_PERCENT:
        return f"a rise of {beyond}{percent:.0f} %"
    return f"a rise to {beyond}{1 + percent / 100:.0f} times as much"
