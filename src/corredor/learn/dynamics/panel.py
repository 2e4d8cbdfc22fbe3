"""Forecasts of published monthly counts, all series of a panel together, from their past alone."""

from __future__ import annotations

import numpy as np

from corredor.learn.dynamics.ahead import sample_ahead
from corredor.learn.dynamics.follow import Followed, follow

LARGEST_GROWTH = 100.0
"""Samples are cut at so many times the largest value known. An assumption: nothing is known of such growth."""


def follow_counts(people: np.ndarray, first_month: int) -> Followed:
    """Follow counts; people : (n_months, n_series) float, nan where unknown; first_month : counted from any January."""
    return follow(np.log1p(people), first_month)


def forecast_counts(people: np.ndarray, first_month: int, n_months: int, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    """Samples of the months after the last row.

    people : (n_months_known, n_series) float      nan where a count is not known, as at the end of a series that comes out late
    first_month : of the first row, counted from any January
    returns : (n_draws, n_months, n_series) float people; of one draw, all series belong together, so that sums may be taken
    """
    return counts_ahead(follow_counts(people, first_month), np.nanmax(people, axis=0), n_months, n_draws, rng)


def counts_ahead(followed: Followed, largest: np.ndarray, n_months: int, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    """As `forecast_counts`, of series that were followed; largest : (n_series,) float people, the largest count known of each."""
    logs = sample_ahead(followed, n_months, n_draws, rng)
    return np.asarray(np.expm1(np.clip(logs, 0.0, np.log1p(LARGEST_GROWTH * np.maximum(largest, 1.0)))))
