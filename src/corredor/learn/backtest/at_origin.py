"""All forecasts made at the end of one month, held against what came."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

import numpy as np

from corredor.learn.backtest.own_forecast import Effort, own_forecast
from corredor.learn.backtest.published import MonthlySeries
from corredor.learn.scores import BANDS, score_samples
from corredor.learn.simple_methods import SIMPLE_METHODS, SimpleForecast, simple_forecasts, widened_last_value
from corredor.study.calendar import last_day, month_name, month_number
from corredor.study.model import Model
from corredor.study.schema import Observation

OWN = "corredor"
METHODS = (OWN, *SIMPLE_METHODS)
"""All methods that can be scored."""

Row = dict[str, Any]
TakingPart = Sequence[tuple[MonthlySeries, list[Observation]]]
"""Series with enough known at an origin, each with its figures of the months ahead."""


@dataclass(frozen=True)
class Task:
    """A backtest as ordered."""

    model: Model
    methods: tuple[str, ...]
    months: int
    effort: Effort
    seed: int
    jobs: int | None

    @property
    def fingerprint(self) -> str:
        """What finished origins hang on, so that none of another backtest are taken over."""
        facts = [
            "rows and fits",
            self.model.hash,
            *self.methods,
            self.months,
            json.dumps(asdict(self.effort)),
            self.seed,
            metadata.version("corredor"),
        ]
        return " ".join(map(str, facts))


@dataclass(frozen=True)
class _Columns:
    """One series at an origin: which of all targets are its own, and what was known of it."""

    series: MonthlySeries
    own: slice
    people: np.ndarray
    steps: np.ndarray
    address: tuple[int, ...]


def at_origin(task: Task, taking_part: TakingPart, origin: int) -> dict[str, list[Row]]:
    """Forecasts made at the end of one month, scored.

    returns : rows, as in `Backtest.rows`; fits, as in `Backtest.fits`: one where corredor is among the methods
    """
    if not taking_part:
        return {"rows": [], "fits": []}
    targets = [row for _, came in taking_part for row in came]
    columns = _columns(task, taking_part, origin)
    made: dict[str, np.ndarray] = {}
    fell_back = {method: np.zeros(len(targets), dtype=bool) for method in task.methods}
    fits = []
    if OWN in task.methods:
        made[OWN], fell_back[OWN], fit = _own(task, targets, columns, origin)
        fits.append(fit)
    simple = [method for method in task.methods if method != OWN]
    made |= {method: np.empty((task.effort.draws, len(targets))) for method in simple}
    for one in columns:
        said = simple_forecasts(simple, one.people, one.steps, task.effort.draws, one.address)
        for method, forecast in said.items():
            made[method][:, one.own], fell_back[method][one.own] = forecast.samples, forecast.fell_back
    rows = [row for method in task.methods for row in _scored(method, made[method], fell_back[method], targets, origin)]
    return {"rows": rows, "fits": fits}


def _columns(task: Task, taking_part: TakingPart, origin: int) -> list[_Columns]:
    found, begin = [], 0
    for one, came in taking_part:
        last, people = one.known_on(last_day(origin))
        steps = np.array([month_number(row.from_) - last for row in came])
        address = (task.seed, zlib.crc32(str(one.name).encode()), origin)
        found.append(_Columns(one, slice(begin, begin + len(came)), people, steps, address))
        begin += len(came)
    return found


def _own(
    task: Task, targets: Sequence[Observation], columns: Sequence[_Columns], origin: int
) -> tuple[np.ndarray, np.ndarray, Row]:
    """corredor's samples; which of them the widened last value stands in for, because the fit missed the series; about the fit."""
    own = own_forecast(task.model, last_day(origin), targets, task.effort, task.seed, task.jobs)
    samples, fell_back, answered = own.samples.copy(), np.zeros(len(targets), dtype=bool), 0
    for one in columns:
        if one.series.name in own.missed:
            stands_in: SimpleForecast = widened_last_value(one.people, one.steps, task.effort.draws, one.address)
            samples[:, one.own], fell_back[one.own] = stands_in.samples, True
            answered += 1
    fit = {
        "origin": month_name(origin), "misfit": round(own.misfit, 3), "rounds": own.rounds, "converged": own.converged,
        "series": len(columns), "not_reproduced": answered,
    }  # fmt: skip
    return samples, fell_back, fit


def _scored(method: str, samples: np.ndarray, fell_back: np.ndarray, targets: Sequence[Observation], origin: int) -> list[Row]:
    outcomes = np.array([row.value for row in targets], dtype=float)
    scores = score_samples(samples, outcomes)
    rows: list[Row] = []
    for number, row in enumerate(targets):
        inside = {f"inside_{100 * band:.0f}": bool(scores.inside[number, k]) for k, band in enumerate(BANDS)}
        rows.append(
            {
                "origin": month_name(origin), "method": method, "output": row.output, "place": row.place or "",
                "group": row.group or "", "horizon_months": month_number(row.from_) - origin,
                "month": month_name(month_number(row.from_)), "outcome": float(outcomes[number]),
                "median": float(scores.median[number]), "crps": float(scores.crps[number]), "wis": float(scores.wis[number]),
                **inside, "fell_back": bool(fell_back[number]),
            }
        )  # fmt: skip
    return rows
