"""Matrix completion: the table of series by months is filled in where the measure acted, as the smoothest table that fits the rest.

Log people = level of the series + the month's common level + a table whose singular values add up to little (nuclear norm). Nothing is
said of how many factors there are; all are shrunk. The penalty is chosen inside the past: months of the touched series are hidden, as many
as the window has, and the penalty that foretells them best is taken.
source : Athey, Bayati, Doudchenko, Imbens and Khosravi 2021; Mazumder, Hastie and Tibshirani 2010 (the rounds of its solution)
"""

from __future__ import annotations

import numpy as np

from corredor.effects.design.donor_series import donor_series, log_of_window
from corredor.effects.design.panel import Panel, Window

PENALTIES = np.geomspace(1.0, 0.01, 7)
"""Tried, in shares of the smallest that leaves the fixed effects alone."""

HIDDEN_BLOCKS = 3
"""Stretches of the touched series' past that are hidden in turn, the latest."""

SAME = 5e-4
"""A filled table is finished when a round changes its hidden entries by less than this, in log."""

MOST_ROUNDS = 200


def matrix_completion(panel: Panel, window: Window) -> float | None:
    """What the completed table says of the window."""
    known = donor_series(panel, window)
    if known is None:
        return None
    n_before, n_window = len(known.before), len(known.donors_within)
    table = np.vstack([known.donors_before, known.donors_within])
    table = np.column_stack([np.concatenate([known.before, np.full(n_window, np.nan)]), table])
    penalty = chosen_penalty(table[:n_before], min(n_window, n_before // (HIDDEN_BLOCKS + 1)))
    penalties = PENALTIES[: penalty + 1]
    return log_of_window(completed(table, penalties)[-1][n_before:])


def chosen_penalty(table: np.ndarray, block: int) -> int:
    """Which of the penalties foretells best, by squared error, hidden months of the first series; the larger one where equal.

    table : (n_months, n_series) float   log people before the window; the touched series first
    block : months hidden at a time
    """
    squares = np.zeros(len(PENALTIES))
    for number in range(HIDDEN_BLOCKS):
        last = len(table) - number * block
        # later months of the touched series are hidden too: nothing is foretold from its future
        past = table[:last].copy()
        past[last - block :, 0] = np.nan
        filled = completed(past, PENALTIES)
        squares += ((filled[:, last - block :] - table[last - block : last, 0]) ** 2).sum(axis=1)
    return int(np.argmin(squares))


def completed(table: np.ndarray, penalties: np.ndarray) -> np.ndarray:
    """The first series of a table, filled in with each penalty; the penalties come from the largest to the smallest.

    table : (n_months, n_series) float   log people, not a number where hidden
    returns : (n_penalties, n_months) float
    """
    hidden = np.isnan(table)
    rest = np.zeros_like(table)
    fixed = _fixed_effects(table, rest, hidden)
    largest = np.linalg.norm(np.where(hidden, 0.0, table - fixed), 2)
    filled = []
    for penalty in penalties:
        for _ in range(MOST_ROUNDS):
            before = (fixed + rest)[hidden]
            rest = _shrunk(np.where(hidden, rest, table - fixed), penalty * largest)
            fixed = _fixed_effects(table, rest, hidden)
            if np.max(np.abs((fixed + rest)[hidden] - before)) < SAME:
                break
        filled.append((fixed + rest)[:, 0])
    return np.array(filled)


def _shrunk(table: np.ndarray, by: float) -> np.ndarray:
    """The table with its singular values less `by`, none below 0."""
    left, sizes, right = np.linalg.svd(table, full_matrices=False)
    return np.asarray((left * np.maximum(sizes - by, 0.0)) @ right)


def _fixed_effects(table: np.ndarray, rest: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Level of each series plus level of each month, by least squares on what is not hidden.

    Only the first series has hidden months, so that the donors alone say how they differ from each other, and the first series' months
    that are seen how far it lies from the donors' mean; a hidden month's level is that of the donors.
    """
    free = np.where(hidden, 0.0, table - rest)
    seen = ~hidden[:, 0]
    donors = free[:, 1:]
    months = donors.mean(axis=1)
    own = float((free[seen, 0] - months[seen]).mean())
    levels = donors.mean(axis=0) - donors.mean()
    months = np.where(seen, months + (free[:, 0] - own - months) / free.shape[1], months)
    return np.asarray(months[:, None] + np.concatenate([[own], levels]))
