"""What a method answers when it is asked of a window: effect and interval, how sure, and what it would have seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from corredor.effects.design.estimate import SIGNIFICANT
from corredor.effects.design.panel import Panel, Window


@dataclass(frozen=True)
class Answer:
    """What one method says of one window.

    method : its name, as tables and pages show it
    effect, low, high : log(counted / expected) over the whole window, with its 95 % interval
    p_value : share of placebos, the window itself included, with a gap as large (two-sided)
    placebos : placebo windows behind it
    expected_people, counted_people : people in the whole window
    detectable : smallest fall, as a positive log, that would have been found with a probability of 80 %
    note : what a reader should know of how it was reached
    """

    method: str
    effect: float
    low: float
    high: float
    p_value: float
    placebos: int
    expected_people: float
    counted_people: float
    detectable: float
    note: str = ""

    @property
    def finds(self) -> int:
        """+1 or −1 when a rise or fall is found, 0 when the window is like any other."""
        found = self.p_value <= SIGNIFICANT and (self.low > 0 or self.high < 0)
        return int(np.sign(self.effect)) if found else 0


Method = Callable[[Panel, Sequence[Window]], list[Answer | None]]
"""A method with its inference, asked many questions of one panel at once; none where past or donors do not suffice."""
