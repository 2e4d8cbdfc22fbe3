"""Which months and which other series an estimate from donors uses, as logarithms.

Donors that a question names are used. Where it names none, they are the series of other families: large enough that a month is not
mostly chance, and published in every month that the touched series is known, and in the window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.effects.design.panel import SOMEBODY, Panel, Window

MOST_BEFORE = 48
"""Months before the window that are used, four seasons: what series had in common earlier says little of what they share now."""

FEWEST_BEFORE = 12
"""Months before the window that a fit to donors needs: one of each season."""

FEWEST_DONORS = 2

SMALLEST_DONOR = 10.0
"""People a month, on average over the months used, of a donor that nobody named: below it a month's logarithm is mostly chance."""


@dataclass(frozen=True)
class DonorSeries:
    """What is known for a question, as log people a month.

    before : (n_before,) float                      the touched series before the window
    donors_before : (n_before, n_donors) float      the donors in the same months
    donors_within : (n_window, n_donors) float      the donors in the window
    """

    before: np.ndarray
    donors_before: np.ndarray
    donors_within: np.ndarray


def donor_series(panel: Panel, window: Window, fewest_before: int = FEWEST_BEFORE) -> DonorSeries | None:
    """The past of a series beside its donors; none where there are too few of either."""
    n_before = min(published_before(panel, window), MOST_BEFORE)
    if n_before < fewest_before or window.start + window.length > len(panel.months):
        return None
    rows = slice(window.start - n_before, window.start + window.length)
    columns = donor_columns(panel, window, rows)
    if len(columns) < FEWEST_DONORS:
        return None
    donors = log_people(panel.people[rows][:, columns])
    before = log_people(panel.people[rows.start : window.start, window.unit])
    return DonorSeries(before, donors[:n_before], donors[n_before:])


def donor_columns(panel: Panel, window: Window, rows: slice) -> list[int]:
    """Donors published in all these months: those that the question names, else those of other families."""
    published = np.isfinite(panel.people[rows]).all(axis=0)
    if window.donors:
        return [column for column in window.donors if published[column] and column != window.unit]
    family = panel.families[window.unit]
    large = panel.people[rows.start : window.start].mean(axis=0) >= SMALLEST_DONOR
    others = [other != family for other in panel.families]
    return [int(column) for column in np.flatnonzero(published & large & np.array(others))]


def published_before(panel: Panel, window: Window) -> int:
    """Months in a row, up to the window, in which the touched series was published."""
    missing = np.flatnonzero(~np.isfinite(panel.people[: window.start, window.unit]))
    return window.start - (int(missing[-1]) + 1 if len(missing) else 0)


def log_people(people: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(people + SOMEBODY))


def log_of_window(monthly: np.ndarray) -> float:
    """The logarithm of the people of all months together, from the logarithm of each month's; as `observed_log` counts it."""
    people = float(np.sum(np.exp(monthly) - SOMEBODY))
    return float(np.log(max(people, 0.0) + SOMEBODY))
