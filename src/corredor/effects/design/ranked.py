"""The inference that every way to expect shares: how far it went astray at quiet dates, in usual errors, ranks the gap of a window.

The same quiet dates, usual errors and weights of families as those of the main estimate (`reference.py`); quiet dates are drawn at random
where there are more than are needed, since some ways to expect take a second each.
source : Abadie, Diamond and Hainmueller 2015 (placebo dates)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from corredor.effects.design.answer import Answer, Listed, Method
from corredor.effects.design.change import Change
from corredor.effects.design.estimate import SIGNIFICANT
from corredor.effects.design.panel import ExpectedLog, Panel, Window, gap, observed_log
from corredor.effects.design.panel_change import POWER, weighted_quantile
from corredor.effects.design.reference import change_in, family_weights, quiet_windows, scale_terms

MOST_PLACEBOS = 300
"""Quiet dates at which a way to expect is tried."""

FEWEST_PLACEBOS = 40
"""With fewer answers at quiet dates nothing is said."""

SMALLEST_GAP = 0.02
"""Added to the size of gaps before their logarithm is taken."""


@dataclass(frozen=True)
class _Quiet:
    """What quiet dates taught of one way to expect and one shape of windows.

    scale : (n_scale_terms,) float       of the logarithm of its usual error
    scores : (n_placebos,) float         gaps in usual errors
    families, months : (n_placebos,)     of these windows
    """

    scale: np.ndarray
    scores: np.ndarray
    families: np.ndarray
    months: np.ndarray


def ranked(name: str, expected: ExpectedLog) -> Method:
    """A way to expect, with its inference.

    name : as tables and pages show it
    """

    def method(panel: Panel, windows: Sequence[Window], listed: Listed) -> list[Answer | None]:
        taught: dict[tuple[int, int], _Quiet | None] = {}
        answers = []
        for window in windows:
            shape = (window.length, window.skipped)
            if shape not in taught:
                taught[shape] = _taught(expected, panel, *shape, listed)
            answers.append(_answer(name, expected, panel, window, taught[shape]))
        return answers

    return method


def _taught(
    expected: ExpectedLog, panel: Panel, length: int, skipped: int, listed: Collection[tuple[str, np.datetime64]]
) -> _Quiet | None:
    every = list(quiet_windows(panel, length, skipped, sorted(listed)))
    if len(every) > MOST_PLACEBOS:
        drawn = np.random.default_rng([length, skipped]).choice(len(every), MOST_PLACEBOS, replace=False)
        every = [every[number] for number in np.sort(drawn)]
    tried = [(window, change, gap(expected, panel, window)) for window, change in every]
    found = [(window, change, seen) for window, change, seen in tried if seen is not None and np.isfinite(seen)]
    if len(found) < FEWEST_PLACEBOS:
        return None
    changes, gaps = np.array([change for _, change, _ in found]), np.array([seen for _, _, seen in found])
    scale = np.linalg.lstsq(scale_terms(changes), np.log(np.abs(gaps) + SMALLEST_GAP), rcond=None)[0]
    families = np.array([panel.families[window.unit] for window, _, _ in found])
    months = np.array([window.start for window, _, _ in found])
    return _Quiet(scale, gaps / _usual_error(changes, scale), families, months)


def _usual_error(changes: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return np.asarray(np.exp(scale_terms(changes) @ scale))


def _answer(name: str, expected: ExpectedLog, panel: Panel, window: Window, quiet: _Quiet | None) -> Answer | None:
    change: Change | None = change_in(panel, window)
    if quiet is None or change is None:
        return None
    seen = gap(expected, panel, window)
    if seen is None or not np.isfinite(seen):
        return None
    error = float(_usual_error(np.array([change]), quiet.scale)[0])
    weights = family_weights(quiet.families == panel.families[window.unit], quiet.months, window.length)
    placebos = np.abs(quiet.scores)
    bound = weighted_quantile(placebos, weights, 1 - SIGNIFICANT)
    return Answer(
        method=name,
        effect=seen,
        low=seen - bound * error,
        high=seen + bound * error,
        p_value=float(weights[placebos >= abs(seen / error)].sum()),
        placebos=len(placebos),
        least_fall=weighted_quantile(-(bound + quiet.scores) * error, weights, 1 - POWER),
        least_rise=weighted_quantile((bound - quiet.scores) * error, weights, POWER),
        counted_people=float(panel.people[window.rows, window.unit].sum()),
        expected_people=float(np.exp(observed_log(panel, window) - seen)),
        note=f"{len(placebos)} quiet dates of {len(set(quiet.families))} families of series",
    )
