"""Which months and which other series an estimate from donors uses, as logarithms.

Donors that a question names are used. Where it names none, they are the series of other families: large enough that a month is not
mostly chance, and published in every month used of the touched series, and in the window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.effects.design.panel import SOMEBODY, Panel, Window, unbroken_past

MOST_BEFORE = 48
"""Months before the window that are used, four seasons: what series had in common earlier says little of what they share now."""

FEWEST_BEFORE = 12
"""Months before the window that a fit to donors needs: one of each season."""

FEWEST_DONORS = 2

SMALLEST_DONOR = 10.0
"""People a month, on average over the months used, of a donor that nobody named: below it a month's logarithm is mostly chance."""


@dataclass(frozen=True)
class DonorSeries:
    """What is known for a question, as log people a month. Skipped months are in none of the three.

    before : (n_before,) float                      the touched series before the window
    donors_before : (n_before, n_donors) float      the donors in the same months
    donors_within : (n_window, n_donors) float      the donors in the window
    """

    before: np.ndarray
    donors_before: np.ndarray
    donors_within: np.ndarray


def donor_series(panel: Panel, window: Window, fewest_before: int = FEWEST_BEFORE) -> DonorSeries | None:
    """The past of a series beside its donors; none where there are too few of either."""
    n_before = min(len(unbroken_past(panel, window)), MOST_BEFORE)
    if n_before < fewest_before or window.start + window.length > len(panel.months):
        return None
    past = slice(window.known - n_before, window.known)
    columns = donor_columns(panel, window, n_before)
    if len(columns) < FEWEST_DONORS:
        return None
    before = log_people(panel.people[past, window.unit])
    return DonorSeries(before, log_people(panel.people[past][:, columns]), log_people(panel.people[window.rows][:, columns]))


def donor_columns(panel: Panel, window: Window, n_before: int) -> list[int]:
    """Donors published in the last months of the past and in the window: those that the question names, else those of other families."""
    past = panel.people[window.known - n_before : window.known]
    published = np.isfinite(past).all(axis=0) & np.isfinite(panel.people[window.rows]).all(axis=0)
    if window.donors:
        return [column for column in window.donors if published[column] and column != window.unit]
    family = panel.families[window.unit]
    large = past.mean(axis=0) >= SMALLEST_DONOR
    others = [other != family for other in panel.families]
    return [int(column) for column in np.flatnonzero(published & large & np.array(others))]


def log_people(people: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(people + SOMEBODY))


def log_of_window(monthly: np.ndarray) -> float:
    """The logarithm of the people of all months together, from the logarithm of each month's; as `observed_log` counts it."""
    people = float(np.sum(np.exp(monthly) - SOMEBODY))
    return float(np.log(max(people, 0.0) + SOMEBODY))
