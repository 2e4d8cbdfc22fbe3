"""The main design-based estimate: did a series leave both what its past and what its trend would have led to, more than quiet dates of all
series do?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from corredor.effects.design.answer import Answer
from corredor.effects.design.change import RECENT_MONTHS
from corredor.effects.design.panel import MONTHS_A_YEAR, Panel, Window
from corredor.effects.design.ranks import SIGNIFICANT
from corredor.effects.design.reference import Expectation, Reference, change_in, joint_score

POWER = 0.80
"""An effect would have been seen when it is found in this share of quiet dates to which it is added."""

PAIR_DOUBT = 10.0
"""Independent windows of a pair at which half of the correlation that they show is believed."""


def panel_change(reference: Reference, panel: Panel, window: Window) -> Answer | None:
    """How far a series left what was to be expected.

    reference : learned from windows of the same length
    window : with donors, what these did beside their own past is taken off, as far as the pair went together at quiet dates
    returns : none where the past is too short, a month is missing or there are too few people
    """
    change = change_in(panel, window)
    if change is None:
        return None
    row = np.array([change])
    gaps, errors = _both(reference, row)
    note = f"{len(reference.scores):,} quiet dates of {len(set(reference.families))} families of series"
    if window.donors:
        taken_off, errors, together = _donors(reference, panel, window, errors)
        gaps = gaps - taken_off
        note += f"; donors went together with it by {together:.2f}"
    weights = reference.weights_for(panel.families[window.unit])
    placebos = np.abs(joint_score(reference.scores))
    score = float(joint_score((gaps / errors)[None, :])[0])
    bound = weighted_quantile(placebos, weights, 1 - SIGNIFICANT)
    counted = float(panel.people[window.rows, window.unit].sum())
    least_fall, least_rise = _detectable(reference.scores, weights, errors, bound)
    return Answer(
        method="panel",
        effect=float(gaps[0]),
        low=float((gaps - bound * errors).min()),
        high=float((gaps + bound * errors).max()),
        p_value=float(weights[placebos >= abs(score)].sum()),
        placebos=len(placebos),
        least_fall=least_fall,
        least_rise=least_rise,
        counted_people=counted,
        expected_people=counted / float(np.exp(gaps[0])) if counted > 0 else float(np.exp(-gaps[0])),
        note=note,
    )


def weighted_quantile(values: np.ndarray, weights: np.ndarray, share: float) -> float:
    """The smallest value below or at which at least this share of the weight lies."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][min(int(np.searchsorted(reached, share * reached[-1])), len(values) - 1)])


def _both(reference: Reference, changes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gaps and usual errors of one change by the two expectations, (2,) each."""
    expectations: tuple[Expectation, ...] = (reference.without_trend, reference.with_trend)
    gaps = np.array([one.gap(changes)[0] for one in expectations])
    return gaps, np.array([one.usual_error(changes)[0] for one in expectations])


def _detectable(scores: np.ndarray, weights: np.ndarray, errors: np.ndarray, bound: float) -> tuple[float, float]:
    """The smallest fall and rise that both expectations would show beyond the bound at 80 % of quiet dates."""
    least_fall = weighted_quantile(-((bound + scores) * errors).max(axis=1), weights, 1 - POWER)
    least_rise = weighted_quantile(((bound - scores) * errors).max(axis=1), weights, POWER)
    return least_fall, least_rise


def _donors(reference: Reference, panel: Panel, window: Window, errors: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """What the donors' own gap takes off, usual errors of what is left, and the correlation that both rest on."""
    of_donors = replace_series(panel, panel.people[:, list(window.donors)].sum(axis=1))
    donor_window = replace(window, unit=0, donors=())
    change = change_in(of_donors, donor_window)
    together = _correlation(reference, panel, of_donors, window)
    if change is None or together == 0:
        return np.zeros(2), errors, 0.0
    donor_gaps, donor_errors = _both(reference, np.array([change]))
    return together * errors / donor_errors * donor_gaps, errors * np.sqrt(1 - together**2), together


def replace_series(panel: Panel, people: np.ndarray) -> Panel:
    """A panel of one series over the same months."""
    return Panel(panel.months, ("donors",), people[:, None], ("donors",))


def _correlation(reference: Reference, panel: Panel, of_donors: Panel, window: Window) -> float:
    """How closely a series and its donors left their past together at other dates, 0 to 1, drawn towards 0 where dates are few."""
    pairs = []
    for known in range(len(panel.months) - window.length - window.skipped + 1):
        start = known + window.skipped
        apart = start + window.length <= window.known - RECENT_MONTHS or known - RECENT_MONTHS >= window.start + window.length
        if not apart:
            continue
        own = change_in(panel, replace(window, start=start, donors=()))
        theirs = change_in(of_donors, Window(0, start, window.length, skipped=window.skipped))
        if own is not None and theirs is not None:
            pairs.append([_both(reference, np.array([one])) for one in (own, theirs)])
    if len(pairs) < MONTHS_A_YEAR:
        return 0.0
    scores = np.array([[gaps[0] / errors[0] for gaps, errors in pair] for pair in pairs])
    seen = float((scores[:, 0] * scores[:, 1]).sum() / np.sqrt((scores[:, 0] ** 2).sum() * (scores[:, 1] ** 2).sum()))
    independent = len(pairs) / window.length
    return float(np.clip(seen * independent / (independent + PAIR_DOUBT), 0.0, 0.95))
