"""Counts of people below five are left empty, as in the report."""

from __future__ import annotations

import numpy as np

from corredor.results.wording import SMALLEST_SHOWN_PEOPLE


def shown_people(values: np.ndarray, suppress: bool) -> np.ndarray:
    """Numbers of people with those from more than 0 to less than 5 as not-a-number; a 0 is no person and stays."""
    if not suppress:
        return values
    return np.where((values > 0) & (values < SMALLEST_SHOWN_PEOPLE), np.nan, values)
