"""What kind of time a forecast was about: soon after a measure or not, and which way the counts were going when it was made.

Both are chosen to be simple and to be known without the outcome; neither claims that a measure did anything.
"""

from __future__ import annotations

import numpy as np

from corredor.study.calendar import month_number
from corredor.study.model import Model

MONTHS_AFTER = 6
"""Months, the first day's own counted, for which a time counts as soon after a measure."""

RECENT = 3
"""Months known last that are held against the same months a year before."""

CHANGE = 1.25
"""Ratio from which counts are rising, and below whose inverse they are falling."""

AFTER_MEASURE, QUIET = "after a measure", "quiet"
RISING, STEADY, FALLING, NOT_KNOWN = "rising", "steady", "falling", "no year before"
TIMES = (RISING, STEADY, FALLING, NOT_KNOWN, AFTER_MEASURE, QUIET)
"""In the order in which they are shown."""


def measure_months(model: Model) -> frozenset[int]:
    """Months that lie within half a year of the first day of a measure on the study's list, whether or not it acts in the model."""
    begins = {month_number(measure.from_) for measure in model.measures}
    return frozenset(month + ahead for month in begins for ahead in range(MONTHS_AFTER))


def direction(people: np.ndarray) -> str:
    """Which way a series was going when a forecast was made: its last months known against the same months a year before.

    people : (n_months,) float     consecutive months as known at the origin
    returns : RISING, STEADY or FALLING, or NOT_KNOWN with fewer than 15 months. A year apart, so that no season looks like a change
    """
    if len(people) < 12 + RECENT:
        return NOT_KNOWN
    now, before = people[-RECENT:].mean(), people[-12 - RECENT : -12].mean()
    if now > CHANGE * before:
        return RISING
    return FALLING if now * CHANGE < before else STEADY
