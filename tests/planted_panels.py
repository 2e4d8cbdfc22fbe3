"""Panels of made-up series of which it is known what would have been counted without a measure, and what a right method may not see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from corredor.effects.design.panel import SOMEBODY, ExpectedLog, Panel, Window

FIRST = np.datetime64("2010-01", "M")


def panel_of(columns: np.ndarray, families: tuple[str, ...] | None = None) -> Panel:
    """A panel of the given counts; every series is a family of its own unless told otherwise."""
    units = tuple(f"unit {number}" for number in range(columns.shape[1]))
    return Panel(FIRST + np.arange(len(columns)), units, np.asarray(columns, dtype=float), families or units)


@dataclass(frozen=True)
class Planted:
    """A panel in which the first series was touched; the log of the people that its window would have had otherwise."""

    panel: Panel
    window: Window
    truth: float


def factor_panel(
    seed: int,
    n_factors: int = 2,
    n_donors: int = 12,
    n_months: int = 60,
    length: int = 4,
    noise: float = 0.0,
    level: float = 8.0,
) -> Planted:
    """Log counts = level of the series + loadings × factors that wander + noise; the touched one mixes three donors; then it halves."""
    generator = np.random.default_rng(seed)
    factors = 0.15 * generator.normal(size=(n_months, n_factors)).cumsum(axis=0)
    loadings = generator.normal(size=(n_factors, n_donors + 1))
    loadings[:, 0] = loadings[:, 1:4] @ [0.5, 0.3, 0.2]
    logs = (
        level + generator.normal(size=n_donors + 1) + factors @ loadings + noise * generator.normal(size=(n_months, n_donors + 1))
    )
    return halved(np.exp(logs) - SOMEBODY, n_months - length, length)


def halved(people: np.ndarray, start: int, length: int) -> Planted:
    """The planted truth of counts whose first series has half the people from a month on."""
    truth = float(np.log(people[start : start + length, 0].sum() + SOMEBODY))
    touched = people.copy()
    touched[start:, 0] *= 0.5
    return Planted(panel_of(touched), Window(0, start, length), truth)


def errors(method: ExpectedLog, cases: list[Planted]) -> np.ndarray:
    """How far a method's expectation is from the truth in each case, as a log; every case must be answered."""
    answers = [method(case.panel, case.window) for case in cases]
    return np.array([np.nan if answer is None else answer - case.truth for answer, case in zip(answers, cases, strict=True)])


def looks_ahead(method: ExpectedLog, case: Planted, skipped: int = 0) -> list[str]:
    """What a method's answer depends on though it may not: the touched series after the past, and anything after the window."""
    people = case.panel.people
    longer = np.vstack([people, people[-12:] * 1.7])
    asked = replace(case.panel, months=FIRST + np.arange(len(longer)), people=longer)
    window = replace(case.window, skipped=skipped)
    answer = method(asked, window)
    end = case.window.start + case.window.length

    def changed(change: Callable[[np.ndarray], None]) -> bool:
        other = longer.copy()
        change(other)
        return method(replace(asked, people=other), window) != answer

    def window_of_the_touched(other: np.ndarray) -> None:
        other[window.known : end, window.unit] *= 3

    def everything_after(other: np.ndarray) -> None:
        other[end:] *= np.linspace(2, 5, len(other) - end)[:, None]

    return [told.__name__ for told in (window_of_the_touched, everything_after) if changed(told)]


def off_by_a_tenth(method: ExpectedLog) -> ExpectedLog:
    """The same method with a planted fault."""

    def faulty(panel: Panel, window: Window) -> float | None:
        answer = method(panel, window)
        return None if answer is None else answer + 0.1

    return faulty
