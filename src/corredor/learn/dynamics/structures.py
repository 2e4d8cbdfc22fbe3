"""The ways in which a monthly series may move. None is chosen: each series weighs them all, and learns of the others which are common."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np

HARMONICS = 5
"""Waves of a season: one to five a year, so that a single month may stand out."""

TAILS = 5.0
"""Degrees of freedom of the t distribution of a month's surprise."""

NOISE = (0.05, 0.5, 2.0)
SEASON = (0.0, 1.0, 3.0)
PERSISTENCE = (1.0, 0.95, 0.85)
SEASON_DRIFT = (0.0, 0.03, 0.1)
"""What structures are made of: see `Structures`. Assumptions; that results hardly hang on them is in docs/DYNAMICS.md."""


class Structures(NamedTuple):
    """Structures, one for each position. Sizes are in monthly standard deviations of the level.

    noise : variance of what a month has of its own and loses at once
    season : standard deviation of the yearly wave before anything is known; 0: no season
    persistence : share of the distance from its usual level that a series keeps in a month; 1: it has no usual level
    season_drift : standard deviation by which each wave of the season changes in a month
    """

    noise: np.ndarray
    season: np.ndarray
    persistence: np.ndarray
    season_drift: np.ndarray


def all_structures() -> Structures:
    """Every combination; without a season nothing of it drifts."""
    made = [one for one in product(NOISE, SEASON, PERSISTENCE, SEASON_DRIFT) if one[1] > 0 or one[3] == 0]
    return Structures(*np.array(made).T)


def waves(month: int) -> np.ndarray:
    """Cosine and sine of each harmonic in a month, counted from any January: (2 HARMONICS,) float."""
    angles = 2 * np.pi * month * np.arange(1, HARMONICS + 1) / 12
    return np.ravel(np.column_stack([np.cos(angles), np.sin(angles)]))
