"""Synthetic control: what the touched series would have been, as a mixture of series that the measure did not touch.

Series are logs less their own mean before the measure, so that sectors of any size can be mixed. Each donor is treated in turn as if
it had been touched (placebo series); the rank of the real gap among theirs gives the p-value.
source : Abadie, Diamond and Hainmueller 2010; demeaned as in Ferman and Pinto 2021
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from corredor.effects.design.estimate import Estimate, rank_p_value
from corredor.effects.design.interrupted_series import NOBODY

FEWEST_DONORS = 3
"""Each donor in turn is mixed from the others."""
FEWEST_BEFORE = 12
"""Months before the measure that a mixture needs."""


class DesignMissing(ImportError):
    """The library of synthetic control is not installed."""

    def __init__(self) -> None:
        super().__init__("synthetic control needs the library pysyncon: pip install 'corredor[design]'")


def synthetic_control(values: np.ndarray, donors: np.ndarray, n_before: int) -> Estimate | None:
    """How far a series left a mixture of others.

    values : (n_months,) float             the touched series; the months from `n_before` on are the window
    donors : (n_months, n_donors) float    series that were not touched
    returns : none when there are fewer than three donors or twelve months before the measure
    raises : DesignMissing
    """
    n_donors = donors.shape[1]
    if n_donors < FEWEST_DONORS or n_before < FEWEST_BEFORE or len(values) <= n_before:
        return None
    every = np.log(np.maximum(np.column_stack([values, donors]), NOBODY))
    every = every - every[:n_before].mean(axis=0)
    # a donor is never mixed from the touched series
    others = [[other for other in range(1, n_donors + 1) if other != column] for column in range(n_donors + 1)]
    mixtures = [_mixture(every[:, column], every[:, others[column]], n_before) for column in range(n_donors + 1)]
    gaps = np.array([(every[n_before:, column] - mixtures[column][n_before:]).mean() for column in range(n_donors + 1)])
    misfit = np.array(
        [np.sqrt(np.mean((every[:n_before, column] - mixtures[column][:n_before]) ** 2)) for column in range(n_donors + 1)]
    )
    scores = gaps / np.maximum(misfit, 1e-9)
    wide = float(np.max(np.abs(scores[1:]))) * misfit[0]
    level = np.log(np.maximum(values, NOBODY))[:n_before].mean()
    expected = mixtures[0][n_before:] + level
    return Estimate(
        method="synthetic control",
        effect=float(gaps[0]),
        low=float(gaps[0] - wide),
        high=float(gaps[0] + wide),
        p_value=rank_p_value(float(scores[0]), scores[1:]),
        placebos=n_donors,
        expected=np.exp(expected),
        expected_low=np.exp(expected - wide),
        expected_high=np.exp(expected + wide),
        note=f"a mixture of {n_donors} series; the interval is as wide as the largest gap among them",
    )


def _mixture(touched: np.ndarray, others: np.ndarray, n_before: int) -> np.ndarray:
    """The mixture of others that follows a series best before the measure; weights from 0 to 1 that sum to 1."""
    try:
        from pysyncon import Synth  # late: an extra that need not be installed
    except ImportError as error:
        raise DesignMissing from error
    columns = [f"donor {number}" for number in range(others.shape[1])]
    before = pd.DataFrame(others[:n_before], columns=columns)
    target = pd.Series(touched[:n_before], name="touched")
    synth = Synth()
    # the library divides each month by its standard deviation; these weights undo that, so that all months count alike
    deviation = pd.concat([before, target], axis=1).std(axis=1).to_numpy()
    synth.fit(X0=before, X1=target, Z0=before, Z1=target, custom_V=deviation**2)
    return np.asarray(others @ np.asarray(synth.W))
