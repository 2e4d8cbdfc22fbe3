"""Windows in which nothing is known to have happened: at other dates of the same series, and in other series at the date of a measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.effects.benchmark.evidence import Evidence
from corredor.effects.design.panel import MONTHS_A_YEAR, Panel, Window, every_window

WINDOW_MONTHS = 3
"""Months of a placebo window: those of a claim that names no other number."""

MONTHS_AWAY = 3
"""A placebo window does not begin within so many months of a listed measure of its family."""

MONTHS_BEFORE = 24
"""Published months in a row that a placebo window has before it."""

FEWEST_PEOPLE = 10
"""People a month, on average over the year before: below, chance alone makes every change possible."""


@dataclass(frozen=True)
class Placebo:
    """A window in which nothing is known to have happened.

    claim : of a placebo unit, the claim at whose date another series is looked at; empty for a placebo date
    """

    window: Window
    claim: str = ""


def placebo_dates(evidence: Evidence, most: int, seed: int) -> list[Placebo]:
    """Windows drawn at random, without repetition, from all units and months away from listed measures of their family."""
    every = [Placebo(window) for unit in range(evidence.units) for window in _quiet_windows(evidence, unit)]
    return _drawn(every, most, np.random.default_rng([seed, 1]))


def placebo_units(evidence: Evidence, most: int, seed: int) -> list[Placebo]:
    """Units of other families at the date of each claim, drawn at random, unless their own family has a listed measure near it."""
    families = evidence.panel.families
    quiet: dict[int, dict[int, Window]] = {
        unit: {window.start: window for window in _quiet_windows(evidence, unit)} for unit in range(evidence.units)
    }
    every: dict[Window, Placebo] = {}
    for claim in evidence.claims:
        start = evidence.panel.row(claim.first_month)
        for unit, windows in quiet.items():
            if families[unit] != evidence.family(claim) and start in windows:
                every.setdefault(windows[start], Placebo(windows[start], claim.id))
    return _drawn(list(every.values()), most, np.random.default_rng([seed, 2]))


def _drawn(every: list[Placebo], most: int, generator: np.random.Generator) -> list[Placebo]:
    """At most so many of them, in the order in which they were."""
    if len(every) <= most:
        return every
    return [every[number] for number in np.sort(generator.choice(len(every), size=most, replace=False))]


def _quiet_windows(evidence: Evidence, unit: int) -> list[Window]:
    panel = evidence.panel
    loud = np.array([panel.row(month) for family, month in evidence.listed if family == panel.families[unit]])
    found = []
    for window in every_window(panel, unit, WINDOW_MONTHS, 0, MONTHS_BEFORE):
        near = len(loud) and np.abs(loud - window.start).min() <= MONTHS_AWAY
        if not near and _people_before(panel, window) >= FEWEST_PEOPLE:
            found.append(window)
    return found


def _people_before(panel: Panel, window: Window) -> float:
    return float(panel.people[window.start - MONTHS_A_YEAR : window.start, window.unit].mean())
