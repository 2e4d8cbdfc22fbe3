"""What a method answers when it is asked of a window: effect and interval, how sure, and what it would have seen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from corredor.effects.design.panel import Panel, Window
from corredor.effects.design.ranks import NORMAL_95, SIGNIFICANT


@dataclass(frozen=True)
class Answer:
    """What one method says of one window.

    method : its name, as tables and pages show it
    effect, low, high : log(counted / expected) over the whole window, with its 95 % interval
    p_value : share of placebos, the window itself included, with a gap as large (two-sided)
    placebos : placebo windows behind it
    least_fall, least_rise : the smallest effects, as logs below and above 0, that would have been found with a probability of 80 %
    counted_people, expected_people : in the whole window
    note : what a reader should know of how it was reached
    """

    method: str
    effect: float
    low: float
    high: float
    p_value: float
    placebos: int
    least_fall: float
    least_rise: float
    counted_people: float
    expected_people: float
    note: str = ""

    @property
    def finds(self) -> int:
        """+1 or −1 when a rise or fall is found, 0 when the window is like any other."""
        found = self.p_value <= SIGNIFICANT and (self.low > 0 or self.high < 0)
        return int(np.sign(self.effect)) if found else 0

    @property
    def middle(self) -> float:
        """Of the interval, which holds what both expectations say."""
        return (self.low + self.high) / 2

    @property
    def standard_error(self) -> float:
        """As wide as the interval says."""
        return (self.high - self.low) / (2 * NORMAL_95)

    @property
    def people(self) -> tuple[float, float, float]:
        """Effect and its interval in people over the window: lower end, middle, upper end."""
        low, middle, high = (
            self.counted_people - self.counted_people * float(np.exp(-log)) for log in (self.low, self.effect, self.high)
        )
        return low, middle, high


Listed = Collection[tuple[str, np.datetime64]]
"""Family and month of measures: windows near them are no placebos."""

Method = Callable[[Panel, Sequence[Window], Listed], list[Answer | None]]
"""A method with its inference, asked many questions of one panel at once; none where past or donors do not suffice."""
