"""Synthetic difference in differences: donors weighted to move as the series did, months before weighted to foretell the donors' window.

The series is expected to keep, to its mixture of donors, the distance it had in the weighted months before. In differences, so level does
not matter; with weights of months, so that what was long ago does not count where the donors say that it does not foretell. Weights are
those of the library diff-diff, which gives the numbers of the authors' own R package to its tolerance. Its standard errors are not used:
inference is shared by all estimates here.
source : Arkhangelsky, Athey, Hirshberg, Imbens and Wager 2021, algorithm 1
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from corredor.effects.design.donor_series import DonorSeries, donor_series, log_of_window
from corredor.effects.design.panel import Panel, Window


class DesignMissing(ImportError):
    """The library of synthetic difference in differences is not installed."""

    def __init__(self) -> None:
        super().__init__("synthetic difference in differences needs the library diff-diff: pip install 'corredor[design]'")


def synthetic_difference(panel: Panel, window: Window) -> float | None:
    """What the mixture of donors makes of the window, at the distance of the weighted months before.

    raises : DesignMissing
    """
    known = donor_series(panel, window)
    if known is None:
        return None
    of_donors, of_months = weights(known)
    distance = of_months @ (known.before - known.donors_before @ of_donors)
    return log_of_window(known.donors_within @ of_donors + distance)


def weights(known: DonorSeries) -> tuple[np.ndarray, np.ndarray]:
    """Weights of the donors and of the months before, each 0 or more and summing to 1."""
    try:
        from diff_diff import SyntheticDiD  # late: an extra that need not be installed
    except ImportError as error:
        raise DesignMissing from error
    n_before, n_donors = known.donors_before.shape
    n_months = n_before + len(known.donors_within)
    # the library asks for the touched series in the window too; no weight depends on it
    touched = np.concatenate([known.before, np.full(n_months - n_before, known.before[-1])])
    donors = np.vstack([known.donors_before, known.donors_within])
    table = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(n_donors + 1), n_months),
            "month": np.tile(np.arange(n_months), n_donors + 1),
            "log_people": np.column_stack([donors, touched]).T.ravel(),
            "touched": np.repeat(np.arange(n_donors + 1) == n_donors, n_months).astype(int),
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about its standard error, of as few repetitions as it allows
        fitted = SyntheticDiD(variance_method="placebo", n_bootstrap=2, seed=0).fit(
            table, "log_people", "touched", "unit", "month", post_periods=list(range(n_before, n_months))
        )
    of_donors = np.array([fitted.unit_weights.get(donor, 0.0) for donor in range(n_donors)])
    of_months = np.array([fitted.time_weights.get(month, 0.0) for month in range(n_before)])
    return of_donors, of_months
