"""Measures known before counts show them: what series did after measures of the past, and what that says of the months after new ones.

Each past measure is an occasion: how far the series lay, two months after the month of its start, from what was foreseen before it. Part of
that distance is chance, which the forecast itself knew; the rest is taken as the measures'. Few measures have taught little: a kind's mean
is drawn to that of all kinds, and that to none (a normal model of two levels, DerSimonian & Laird 1986 for the spread between occasions).
That a series fell after a measure does not say that the measure did it, so this is no estimate of effects: it says what tends to follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corredor.learn.dynamics.ahead import sample_ahead
from corredor.learn.dynamics.follow import first_known, learn_month, nothing_known
from corredor.study.announced import CARRIED_OUT, ON_TIME

LOOKED_AT = 3
"""Months after the newest one known before a measure, at which the distance is taken: two months after that of its start."""

MEAN_SD, KIND_SD = 0.25, 0.25
"""Standard deviation (log) of the mean over all kinds about none, and of a kind's about that. Assumptions."""

SPREAD, SPREAD_OCCASIONS = 0.3, 4.0
"""Standard deviation (log) between occasions expected before any was seen, and how many occasions that is worth. Assumptions."""

FORESEEN_DRAWS = 400


@dataclass(frozen=True)
class Listed:
    """A measure of a list, as far as monthly series can see it.

    start : month of its start and how much of it had passed, months from any January: 12.5 is the middle of the second January
    series : columns of the series that it was meant to touch
    kind : patrol, agreement …; any words
    """

    start: float
    series: tuple[int, ...]
    kind: str


class Occasion(NamedTuple):
    """distance : log, of the series from what was foreseen, mean over them;  chance : its variance by the forecast itself"""

    kind: str
    distance: float
    chance: float


def occasions(values: np.ndarray, first_month: int, listed: Sequence[Listed], seed: int) -> list[Occasion]:
    """What followed each measure of the past, as far as the months known tell.

    values : (n_months, n_series) float, log(1 + people)      nan where unknown
    """
    last = first_month + len(values) - 1
    at: dict[tuple[int, tuple[int, ...]], Listed] = {(int(one.start), one.series): one for one in listed}
    wanted = {month - 1 for month, _ in at if first_month < month and month - 1 + LOOKED_AT <= last}
    found: list[Occasion] = []
    followed = nothing_known(first_known(values), first_month)
    for month, row in zip(range(first_month, last + 1), values, strict=True):
        learn_month(followed, row)
        if month not in wanted:
            continue
        rng = np.random.default_rng([seed, month])
        foreseen = sample_ahead(followed, LOOKED_AT, FORESEEN_DRAWS, rng)[:, -1]
        came = values[month + LOOKED_AT - first_month]
        for (start, series), one in at.items():
            there = [column for column in series if not np.isnan(came[column])]
            if start == month + 1 and there:
                distance = came[there].mean() - np.median(foreseen[:, there].mean(axis=1))
                found.append(Occasion(one.kind, float(distance), float(foreseen[:, there].mean(axis=1).var())))
    return found


def tends_to_follow(past: Sequence[Occasion], kind: str) -> tuple[float, float]:
    """Mean and standard deviation (log) of what follows a measure of a kind, by the occasions of the past."""
    distance, chance = np.array([one.distance for one in past]), np.array([one.chance for one in past])
    excess = float(np.sum(distance**2 - chance)) if past else 0.0
    spread = max(SPREAD_OCCASIONS * SPREAD**2 + excess, 0.0) / (SPREAD_OCCASIONS + len(past))
    mean, variance = _drawn(distance, chance + spread + KIND_SD**2, 0.0, MEAN_SD**2)
    mine = np.array([one.kind == kind for one in past], dtype=bool)
    mean, variance = _drawn(distance[mine], chance[mine] + spread, mean, variance + KIND_SD**2)
    return mean, float(np.sqrt(variance + spread))


def _drawn(seen: np.ndarray, variance: np.ndarray, mean: float, prior: float) -> tuple[float, float]:
    """Mean and variance of a normal mean after what was seen of it."""
    precision = 1 / prior + float(np.sum(1 / variance))
    return (mean / prior + float(np.sum(seen / variance))) / precision, 1 / precision


def shifts(
    coming: Sequence[Listed], past: Sequence[Occasion], last_month: int, shape: tuple[int, int, int], rng: np.random.Generator
) -> np.ndarray:
    """What measures known by now add to the months ahead: log, (n_draws, n_months, n_series).

    coming : measures that the newest month does not show in full; of those that it shows in part, the rest counts
    last_month : the newest one known;  shape : n_draws, n_months ahead, n_series
    """
    added = np.zeros(shape)
    n_draws, n_months, _ = shape
    ahead = last_month + 1 + np.arange(n_months)
    for one in {(one.start, one.series): one for one in coming}.values():
        mean, sd = tends_to_follow(past, one.kind)
        size = (mean + sd * rng.standard_normal(n_draws)) * (rng.random(n_draws) < CARRIED_OUT)
        start = one.start + (rng.random(n_draws) >= ON_TIME)
        shown = np.clip(last_month + 1 - start, 0.0, 1.0)
        in_force = np.clip(ahead + 1 - start[:, None], 0.0, 1.0) - shown[:, None]
        for column in one.series:
            added[:, :, column] += size[:, None] * np.maximum(in_force, 0.0)
    return added
