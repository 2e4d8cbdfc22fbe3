"""The season of a series that also wanders: two waves of the year, learned from the changes between months."""

from __future__ import annotations

import numpy as np

from corredor.effects.design.panel import MONTHS_A_YEAR

WAVES = 2
"""Waves a year: one and two."""


def season(logs: np.ndarray, n_ahead: int) -> np.ndarray:
    """How far the season lifts each month of a series and of the months after it.

    Learned from changes, in which a level that wanders is no more than noise; then drawn towards no season as far as waves of this
    height arise by themselves (James and Stein's estimator, its positive part).

    logs : (n_months,) float             log people a month, without holes
    returns : (n_months + n_ahead,) float, log, no unit
    source : Efron and Hastie 2016, chapter 7
    """
    n_months = len(logs)
    year = 2 * np.pi * np.arange(n_months + n_ahead) / MONTHS_A_YEAR
    waves = np.column_stack([wave(times * year) for times in range(1, WAVES + 1) for wave in (np.sin, np.cos)])
    changes = np.diff(logs)
    design = np.diff(waves[:n_months], axis=0)
    design = design - design.mean(axis=0)
    n_waves = design.shape[1]
    free = len(changes) - n_waves - 1
    if free < 1:
        return np.zeros(n_months + n_ahead)
    heights = np.linalg.lstsq(design, changes, rcond=None)[0]
    explained = float(np.sum((design @ heights) ** 2))
    left = float(np.sum((changes - changes.mean() - design @ heights) ** 2))
    by_itself = (n_waves - 2) * left / (free + 2)
    kept = max(0.0, 1.0 - by_itself / explained) if explained > 0 else 0.0
    return np.asarray(waves @ (kept * heights))
