"""Small arrays of whole numbers: where the items of each owner begin, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def ints(values: object) -> np.ndarray:
    """Whole numbers as the kernel wants them."""
    return np.asarray(values, dtype=np.int64)


def first_of(counts: Sequence[int] | np.ndarray) -> np.ndarray:
    """Where each owner's items begin, and the total at the end: (n_owners + 1,) int."""
    return np.concatenate([[0], np.cumsum(np.asarray(counts, dtype=np.int64))]).astype(np.int64)


def true_between(true: np.ndarray, first: np.ndarray) -> np.ndarray:
    """How many are true from each `first` to the next."""
    return np.diff(np.concatenate([[0], np.cumsum(true)])[first])
