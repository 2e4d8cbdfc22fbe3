"""What every inference says of a gap, however it was reached."""

from __future__ import annotations

from typing import Protocol


class Judged(Protocol):
    """A gap with its 95 % interval, and how rare one as large is where nothing happened.

    effect, low, high : log(counted / expected) over a window
    p_value : 0–1
    """

    @property
    def effect(self) -> float: ...

    @property
    def low(self) -> float: ...

    @property
    def high(self) -> float: ...

    @property
    def p_value(self) -> float: ...
