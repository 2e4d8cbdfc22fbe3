"""What quiet dates of all series teach: how changes are expected from the past, how far they go astray, and how often by how much.

Two expectations stand side by side. The one without a trend expects the season, the last month and a return to the usual level; its weights
are learned. The other lets the recent trend go on as it was. A change counts only as far as it departs from **both** in the same direction,
so that what had begun before a measure is not laid at its door.
source : Abadie, Diamond and Hainmueller 2015 (placebo dates); Huber 1964 (weights); Rambachan and Roth 2023 (trends before a measure)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corredor.effects.design.change import FEWEST_BEFORE, Change, change_of
from corredor.effects.design.panel import Panel, Window, every_window

QUIET_MONTHS = 3
"""Windows that begin within so many months of a listed measure of their family teach nothing about quiet dates."""

OUTLYING = 2.0
"""Residuals beyond so many scales count less (Huber)."""

RIDGE = 10.0
"""Draws weights that few windows inform towards 0; in squared logs over squared scale, against thousands of windows."""

FAMILY_DOUBT = 20.0
"""Independent windows of a family at which its own placebos weigh as much as those of all families together."""

ROUNDS = 20

SMALLEST_GAP = 0.02
"""Added to gaps before their logarithm is taken, so that one that happens to be 0 does not count for everything."""


@dataclass(frozen=True)
class Expectation:
    """One way to expect a change.

    weights : (n_terms,) float           of the terms of the past
    scale : (nscale_terms,) float       of the logarithm of its usual error
    carries_trend : whether the recent trend goes on
    """

    weights: np.ndarray
    scale: np.ndarray
    carries_trend: bool

    def gap(self, changes: np.ndarray) -> np.ndarray:
        """(n,) log(counted / expected)."""
        base = changes[:, _TREND] if self.carries_trend else 0.0
        return np.asarray(changes[:, _CHANGE] - base - _terms(changes, self.carries_trend) @ self.weights)

    def usual_error(self, changes: np.ndarray) -> np.ndarray:
        """(n,) the size of a gap that is usual at a quiet date of such a series."""
        return np.asarray(np.exp(scale_terms(changes) @ self.scale))


@dataclass(frozen=True)
class Reference:
    """What quiet dates taught.

    without_trend, with_trend : the two expectations
    scores : (n_placebos, 2) float       gaps of both in usual errors, of every quiet window
    families : (n_placebos,) names       of these windows
    months : (n_placebos,) int           months since 1970 in which they begin
    length, skipped : of their windows
    """

    without_trend: Expectation
    with_trend: Expectation
    scores: np.ndarray
    families: np.ndarray
    months: np.ndarray
    length: int
    skipped: int

    def weights_for(self, family: str) -> np.ndarray:
        """(n_placebos,) how much each placebo counts for a family."""
        return placebo_weights(self.families, self.months, family, self.length)


def placebo_weights(families: np.ndarray, months: np.ndarray, family: str, length: int) -> np.ndarray:
    """How much each placebo counts for a family: its own count more, the more of them are independent.

    families, months : (n_placebos,)     of the placebo windows
    length : months of a window
    """
    own = families == family
    independent = len(np.unique(months[own])) / length
    share = independent / (independent + FAMILY_DOUBT) if own.any() else 0.0
    weights = np.full(len(own), (1 - share) / len(own))
    weights[own] += share / max(int(own.sum()), 1)
    return weights


def joint_score(scores: np.ndarray) -> np.ndarray:
    """The smaller departure of two, 0 where they point in different directions.

    scores : (n, 2) float                gaps in usual errors
    """
    agree = np.sign(scores[:, 0]) == np.sign(scores[:, 1])
    return np.where(agree, np.sign(scores[:, 0]) * np.abs(scores).min(axis=1), 0.0)


def learn(panels: Sequence[Panel], length: int, skipped: int, listed: Sequence[tuple[str, np.datetime64]]) -> Reference | None:
    """Learn from every quiet window of all series.

    panels : published counts; series of different panels may have different months
    length, skipped : months of a window, and months left out before it
    listed : family and month of measures that are known or said to have had an effect
    returns : none when there are too few windows to learn from
    """
    found = [
        (change, panel.families[window.unit], _months_since_1970(panel, window))
        for panel in panels
        for window, change in quiet_windows(panel, length, skipped, listed)
    ]
    if len(found) < FEWEST_PLACEBOS:
        return None
    changes = np.array([change for change, _, _ in found])
    without = _learn_expectation(changes, carries_trend=False)
    with_ = _learn_expectation(changes, carries_trend=True)
    families, months = np.array([family for _, family, _ in found]), np.array([month for _, _, month in found])
    return Reference(without, with_, _scores((without, with_), changes), families, months, length, skipped)


def with_placebos_of(reference: Reference, panel: Panel, listed: Sequence[tuple[str, np.datetime64]]) -> Reference:
    """The same expectations, and the quiet windows of more series among the placebos."""
    found = list(quiet_windows(panel, reference.length, reference.skipped, listed))
    if not found:
        return reference
    changes = np.array([change for _, change in found])
    scores = _scores((reference.without_trend, reference.with_trend), changes)
    families = np.array([panel.families[window.unit] for window, _ in found])
    months = np.array([_months_since_1970(panel, window) for window, _ in found])
    return replace(
        reference,
        scores=np.vstack([reference.scores, scores]),
        families=np.concatenate([reference.families, families]),
        months=np.concatenate([reference.months, months]),
    )


def _months_since_1970(panel: Panel, window: Window) -> int:
    return int(panel.months[window.start].astype("datetime64[M]").astype(int))


def _scores(expectations: Sequence[Expectation], changes: np.ndarray) -> np.ndarray:
    return np.column_stack([one.gap(changes) / one.usual_error(changes) for one in expectations])


FEWEST_PLACEBOS = 100
"""Windows that weights and ranks are learned from."""

_CHANGE, _SEASON, _TREND, _LEVEL, _LONG_LEVEL, _LAST, _RESTLESS, _PEOPLE = (Change._fields.index(name) for name in Change._fields)


def quiet_windows(
    panel: Panel, length: int, skipped: int, listed: Sequence[tuple[str, np.datetime64]]
) -> Iterator[tuple[Window, Change]]:
    """Every window of every series in which nothing listed happened, with its change."""
    loud = [(family, panel.row(month)) for family, month in listed]
    for unit, family in enumerate(panel.families):
        rows = np.array([row for other, row in loud if other == family])
        for window in every_window(panel, unit, length, skipped, FEWEST_BEFORE):
            # neither the window itself nor the months it is compared with may hold a listed measure
            if len(rows) and np.any((rows >= window.known - QUIET_MONTHS) & (rows < window.start + length)):
                continue
            change = change_in(panel, window)
            if change is not None:
                yield window, change


def change_in(panel: Panel, window: Window) -> Change | None:
    """The change that a window asks of; none where a month is missing or the past is too short."""
    column = panel.people[:, window.unit]
    missing = np.flatnonzero(~np.isfinite(column[: window.known]))
    first = int(missing[-1]) + 1 if len(missing) else 0
    run = column[first : window.start + window.length]
    if len(run) < window.start + window.length - first or not np.isfinite(run).all():
        return None
    return change_of(run, window.known - first, window.skipped, window.length)


def _terms(changes: np.ndarray, carries_trend: bool) -> np.ndarray:
    columns = [_SEASON, _LONG_LEVEL, _LAST] if carries_trend else [_SEASON, _LEVEL, _LONG_LEVEL, _LAST]
    return changes[:, columns]


def _noise(changes: np.ndarray) -> np.ndarray:
    """A first guess at the usual error: half the restlessness, and chance in small counts."""
    in_recent_months = np.maximum(3 * changes[:, _PEOPLE], 1.0)
    return np.asarray(np.sqrt(0.25 * changes[:, _RESTLESS] ** 2 + 1 / in_recent_months + 0.05**2))


def scale_terms(changes: np.ndarray) -> np.ndarray:
    """(n, n_scale_terms) what the usual error of a window goes with."""
    return np.column_stack(
        [
            np.ones(len(changes)),
            np.log(changes[:, _RESTLESS] + 0.05),
            np.log(_noise(changes)),
            np.log(np.maximum(changes[:, _PEOPLE], 0.1)),
            np.abs(changes[:, _LEVEL]),
            np.abs(changes[:, _TREND]),
        ]
    )


def _learn_expectation(changes: np.ndarray, *, carries_trend: bool) -> Expectation:
    terms, noise = _terms(changes, carries_trend), _noise(changes)
    wanted = changes[:, _CHANGE] - (changes[:, _TREND] if carries_trend else 0.0)
    certainty = 1 / noise**2
    weight = certainty
    weights = np.zeros(terms.shape[1])
    for _ in range(ROUNDS):
        normal = (terms * weight[:, None]).T @ terms + RIDGE * np.eye(terms.shape[1])
        weights = np.linalg.solve(normal, (terms * weight[:, None]).T @ wanted)
        weight = certainty / np.maximum(1.0, np.abs(wanted - terms @ weights) / noise / OUTLYING)
    return Expectation(weights, learn_scale(wanted - terms @ weights, changes), carries_trend)


def learn_scale(gaps: np.ndarray, changes: np.ndarray) -> np.ndarray:
    """How the size of a gap goes with the restlessness, the size, the level and the trend of a series; (n_scale_terms,) weights."""
    return np.asarray(np.linalg.lstsq(scale_terms(changes), np.log(np.abs(gaps) + SMALLEST_GAP), rcond=None)[0])
