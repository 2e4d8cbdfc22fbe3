"""Would another choice have said something else? One question asked with every window, every set of donors and every form.

source : Simonsohn, Simmons and Nelson 2020 (specification curve)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corredor.effects.design.answer import Answer, Listed, Method
from corredor.effects.design.panel import Panel, Window

LENGTHS = (3, 4, 6)
"""Months of the windows that are tried."""

NO_DONORS = "no donors"
"""The choice of a form that asks no other series."""


@dataclass(frozen=True)
class Form:
    """A method with its inference.

    name : as tables and pages show it
    asks_donors : whether it is asked once for each set of donors, or once without
    """

    name: str
    method: Method
    asks_donors: bool


@dataclass(frozen=True)
class Specification:
    """One set of choices, and what it says.

    effect, low, high : log(counted / expected) over the window, with its 95 % interval
    finds : +1 or −1 when a rise or fall is found, else 0
    """

    effect: float
    low: float
    high: float
    finds: int
    form: str
    window_months: int
    donors: str


@dataclass(frozen=True)
class SpecificationCurve:
    """All that was tried.

    rows : those that have an answer, from the largest fall to the largest rise
    forms, lengths, donor_sets : the choices, in the order in which they were given
    unanswered : form, months and donors of those without an answer
    """

    rows: tuple[Specification, ...]
    forms: tuple[str, ...]
    lengths: tuple[int, ...]
    donor_sets: tuple[str, ...]
    unanswered: tuple[tuple[str, int, str], ...]

    @property
    def median_effect(self) -> float:
        """Log; not a number without rows."""
        return float(np.median([row.effect for row in self.rows])) if self.rows else np.nan

    def share_that_find(self, sign: int) -> float:
        """0–1, of the rows that find a rise (+1), a fall (−1) or nothing (0)."""
        return sum(row.finds == sign for row in self.rows) / len(self.rows) if self.rows else np.nan


def specification_curve(
    panel: Panel,
    window: Window,
    forms: Sequence[Form],
    donor_sets: Mapping[str, tuple[int, ...]],
    listed: Listed = (),
    lengths: Sequence[int] = LENGTHS,
) -> SpecificationCurve:
    """Ask one question with every combination of choices.

    window : the question; its own length and donors are not used
    donor_sets : name → columns; an empty set lets a method choose
    listed : family and month of measures, near which no window is a placebo
    """
    rows: list[Specification] = []
    unanswered: list[tuple[str, int, str]] = []
    for form in forms:
        sets = donor_sets if form.asks_donors else {NO_DONORS: ()}
        choices = [(length, name) for name in sets for length in lengths]
        windows = [replace(window, length=length, donors=sets[name]) for length, name in choices]
        counted = [_counted_whole(panel, one) for one in windows]
        answers = iter(form.method(panel, [one for one, whole in zip(windows, counted, strict=True) if whole], listed))
        for (length, name), whole in zip(choices, counted, strict=True):
            answer = next(answers) if whole else None
            if answer is None:
                unanswered.append((form.name, length, name))
            else:
                rows.append(_specification(answer, form.name, length, name))
    asked = [NO_DONORS] if any(not form.asks_donors for form in forms) else []
    asked += list(donor_sets) if any(form.asks_donors for form in forms) else []
    rows.sort(key=lambda row: row.effect)
    return SpecificationCurve(tuple(rows), tuple(form.name for form in forms), tuple(lengths), tuple(asked), tuple(unanswered))


def _counted_whole(panel: Panel, window: Window) -> bool:
    counted = panel.people[window.rows, window.unit]
    return len(counted) == window.length and bool(np.isfinite(counted).all())


def _specification(answer: Answer, form: str, length: int, donors: str) -> Specification:
    return Specification(answer.effect, answer.low, answer.high, answer.finds, form, length, donors)
