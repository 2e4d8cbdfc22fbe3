"""Was a threshold passed, such as 20,000 people in a month? What each method gave as its chance, and what came (Brier score)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.learn.monthly_series import SeriesName
from corredor.study.model import Model

PEAK_MONTHS = 12
"""Months known last whose highest count is the threshold of a series for which the study declares none."""

PEAK = f"highest of the {PEAK_MONTHS} months known"


@dataclass(frozen=True)
class NamedThreshold:
    """More than so many people in a month.

    name : "more than 20,000" for one that the study declares, PEAK for the other
    """

    name: str
    more_than: float


def thresholds_of(model: Model, series: SeriesName, people: np.ndarray) -> list[NamedThreshold]:
    """Thresholds of a series at an origin: those that the study declares, else its highest count of the last year known.

    people : (n_months,) float     what was known of the series at the origin
    """
    declared = [
        threshold.more_than
        for threshold in model.study.outputs[series.output].thresholds
        if (threshold.place or "", threshold.group or "") == (series.place, series.group)
    ]
    if declared:
        return [NamedThreshold(f"more than {value:,.0f}", value) for value in declared]
    return [NamedThreshold(PEAK, float(people[-PEAK_MONTHS:].max()))]


def chance_above(samples: np.ndarray, more_than: float) -> float:
    """Share of samples above a threshold, as if there were one more half above it and half below: never quite 0 or 1.

    samples : (n_samples,) float
    source : the estimate (k + ½) / (n + 1) of a chance from n samples (Jeffreys 1946)
    """
    return float((np.count_nonzero(samples > more_than) + 0.5) / (len(samples) + 1))
