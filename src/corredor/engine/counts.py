"""What draws counted, as numbers: what the kernel leaves and `results` names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Counts:
    """What the kernel counted, draw by draw.

    cells : (n_draws, n_cells) float       outputs
    people_lost : (n_draws,) float people  largest difference, over groups, between people at the start and at the end
    decisions : (n_draws,) int             random counts drawn
    done : (n_draws,) bool                 whether the draw has run
    """

    cells: np.ndarray
    people_lost: np.ndarray
    decisions: np.ndarray
    done: np.ndarray

    @staticmethod
    def empty(n_draws: int, n_cells: int) -> Counts:
        """Counts of draws that have not run."""
        decisions = np.zeros(n_draws, dtype=np.int64)
        return Counts(np.zeros((n_draws, n_cells)), np.zeros(n_draws), decisions, np.zeros(n_draws, dtype=bool))
