"""The methods that are held against known effects, each with its inference: the main one first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from corredor.effects.benchmark.bundled import bundled_evidence
from corredor.effects.design.answer import Answer, Listed, Method
from corredor.effects.design.by_placebos import by_placebos
from corredor.effects.design.expectations import EXPECTATIONS
from corredor.effects.design.interrupted_series import FEWEST_BEFORE, interrupted_series, score
from corredor.effects.design.panel import MONTHS_A_YEAR, Panel, Window, unbroken_past
from corredor.effects.design.panel_change import panel_change
from corredor.effects.design.reference import Reference, learn

MAIN = "panel"
"""The method whose verdicts are corredor's own; the others are what it is held against."""

SINGLE = "interrupted series"
"""Each series by itself, as claims were checked before there was a panel: intervals are held against its width."""


def panel(panel_: Panel, windows: Sequence[Window], listed: Listed) -> list[Answer | None]:
    """The main estimate, taught by the quiet dates of all series of the panel, and of those that come with corredor."""
    bundled = bundled_evidence()
    taught = [panel_]
    if panel_.units[: bundled.units] != bundled.panel.units[: bundled.units]:
        taught.append(bundled.panel)
        listed = {*listed, *bundled.listed}
    references: dict[tuple[int, int], Reference | None] = {}
    answers: list[Answer | None] = []
    for window in windows:
        shape = (window.length, window.skipped)
        if shape not in references:
            references[shape] = learn(taught, *shape, sorted(listed))
        reference = references[shape]
        answers.append(None if reference is None else panel_change(reference, panel_, window))
    return answers


def single_interrupted_series(panel_: Panel, windows: Sequence[Window], listed: Listed) -> list[Answer | None]:
    """Each series by itself, with placebo dates of its own past; it knows of no other series and no list."""
    known: dict[tuple[int, int, int, int], float] = {}
    return [_interrupted(panel_, window, known) for window in windows]


def _interrupted(panel_: Panel, window: Window, known: dict[tuple[int, int, int, int], float]) -> Answer | None:
    """known : (unit, first row of the past, row, months) → gap of that window, which many questions share"""
    # a month in whose midst a measure began counts as its past: the form has no place for months of neither side
    past = unbroken_past(panel_, replace(window, skipped=0))
    counted = panel_.people[window.rows, window.unit]
    if len(past) < FEWEST_BEFORE or len(counted) < window.length or not np.isfinite(counted).all():
        return None
    first = window.start - len(past)
    first_month = int(panel_.months[first].astype(int) % MONTHS_A_YEAR)
    gaps = []
    for n_before in range(FEWEST_BEFORE, len(past) - window.length + 1):
        key = (window.unit, first, first + n_before, window.length)
        if key not in known:
            known[key] = score(past[: n_before + window.length], first_month, n_before)
        gaps.append(known[key])
    return interrupted_series(np.concatenate([past, counted]), first_month, len(past), np.array(gaps))


METHODS: Mapping[str, Method] = {
    MAIN: panel,
    SINGLE: single_interrupted_series,
    **{name: by_placebos(name, named.expected) for name, named in EXPECTATIONS.items()},
}
"""All of them, the main one first."""

SLOW = (
    "interrupted series with trend",
    "structural series",
    "structural series with donors",
    "augmented synthetic control",
    "matrix completion",
)
"""Methods that take a good part of a second for each window, and are asked only by name or with `all`."""

QUICK = tuple(name for name in METHODS if name not in SLOW)
ALL = "all"
