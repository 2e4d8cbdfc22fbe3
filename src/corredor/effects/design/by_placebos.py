"""The same inference for every way to say what was to be expected: its gap is ranked among those at quiet dates, in usual errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from corredor.effects.design.answer import Answer, Listed, Method
from corredor.effects.design.panel import ExpectedLog, Panel, Window, gap
from corredor.effects.design.panel_change import POWER, weighted_quantile
from corredor.effects.design.ranks import SIGNIFICANT
from corredor.effects.design.reference import change_in, learn_scale, placebo_weights, quiet_windows, scale_terms

PLACEBOS = 300
"""Quiet windows that are asked, drawn at random; some methods take a tenth of a second each."""

SEED = 1


@dataclass(frozen=True)
class _Quiet:
    """scores : (n,) gaps in usual errors;  families, months : of these windows;  scale : of their usual errors"""

    scores: np.ndarray
    families: np.ndarray
    months: np.ndarray
    scale: np.ndarray


def by_placebos(name: str, expected: ExpectedLog, placebos: int = PLACEBOS) -> Method:
    """A method from an expectation.

    name : as tables and pages show it
    placebos : quiet windows of the panel that are asked, at most
    """

    def method(panel: Panel, windows: Sequence[Window], listed: Listed) -> list[Answer | None]:
        quiet: dict[tuple[int, int], _Quiet | None] = {}
        answers: list[Answer | None] = []
        for window in windows:
            shape = (window.length, window.skipped)
            if shape not in quiet:
                quiet[shape] = _quiet_gaps(expected, panel, window, listed, placebos)
            of_shape = quiet[shape]
            answers.append(None if of_shape is None else _answer(name, expected, panel, window, of_shape))
        return answers

    return method


def _quiet_gaps(expected: ExpectedLog, panel: Panel, window: Window, listed: Listed, placebos: int) -> _Quiet | None:
    every = list(quiet_windows(panel, window.length, window.skipped, sorted(listed)))
    order = np.random.default_rng(SEED).permutation(len(every))
    found = []
    for number in order:
        placebo, change = every[number]
        of_placebo = gap(expected, panel, placebo)
        if of_placebo is not None and np.isfinite(of_placebo):
            found.append((of_placebo, change, panel.families[placebo.unit], int(panel.months[placebo.start].astype(int))))
        if len(found) == placebos:
            break
    if len(found) < 1 / SIGNIFICANT:
        return None
    gaps, changes = np.array([one[0] for one in found]), np.array([one[1] for one in found])
    scale = learn_scale(gaps, changes)
    scores = gaps / np.exp(scale_terms(changes) @ scale)
    return _Quiet(scores, np.array([one[2] for one in found]), np.array([one[3] for one in found]), scale)


def _answer(name: str, expected: ExpectedLog, panel: Panel, window: Window, quiet: _Quiet) -> Answer | None:
    change = change_in(panel, replace(window, donors=()))
    effect = gap(expected, panel, window) if change is not None else None
    if effect is None or not np.isfinite(effect):
        return None
    error = float(np.exp(scale_terms(np.array([change])) @ quiet.scale)[0])
    weights = placebo_weights(quiet.families, quiet.months, panel.families[window.unit], window.length)
    sizes = np.abs(quiet.scores)
    bound = weighted_quantile(sizes, weights, 1 - SIGNIFICANT)
    counted = float(panel.people[window.rows, window.unit].sum())
    return Answer(
        method=name,
        effect=effect,
        low=effect - bound * error,
        high=effect + bound * error,
        p_value=float(weights[sizes >= abs(effect) / error].sum()),
        placebos=len(sizes),
        least_fall=-error * weighted_quantile(bound + quiet.scores, weights, POWER),
        least_rise=error * weighted_quantile(bound - quiet.scores, weights, POWER),
        counted_people=counted,
        expected_people=counted / float(np.exp(effect)),
        note=f"{len(sizes)} quiet dates",
    )
