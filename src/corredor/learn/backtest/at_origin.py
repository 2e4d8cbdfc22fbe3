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
from corredor.learn.backtest.regimes import AFTER_MEASURE, QUIET, direction, measure_months
from corredor.learn.backtest.thresholds import chance_above, thresholds_of
from corredor.learn.monthly_series import MonthlySeries
from corredor.learn.panel_ahead import known_panel
from corredor.learn.scores import BANDS, score_samples
from corredor.learn.simple_methods import SIMPLE_METHODS, SimpleForecast, simple_forecasts, widened_last_value
from corredor.study.calendar import last_day, month_name, month_number
from corredor.study.model import Model
from corredor.study.schema import Observation

OWN, AVERAGED = "corredor", "dynamic_model_averaging"
METHODS = (OWN, AVERAGED, *SIMPLE_METHODS)
"""All methods that can be scored: corredor; learned dynamics of all published series together, from counts alone (docs/DYNAMICS.md);
methods that know one series each.
"""

Row = dict[str, Any]
TakingPart = Sequence[tuple[MonthlySeries, list[Observation]]]
"""Series with enough known at an origin, each with its figures of the months ahead; totals after their parts."""


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
            "rows, thresholds and fits",
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


@dataclass(frozen=True)
class _Said:
    """What a method says of every target, and where another stood in for it.

    samples : (n_samples, n_targets) float people
    fell_back : (n_targets,) bool
    """

    samples: np.ndarray
    fell_back: np.ndarray


def at_origin(task: Task, taking_part: TakingPart, origin: int) -> dict[str, list[Row]]:
    """Forecasts made at the end of one month, scored.

    returns : rows, as in `Backtest.rows`; thresholds, as in `Backtest.thresholds`; fits, as in `Backtest.fits`: one where corredor is
        among the methods
    """
    if not taking_part:
        return {"rows": [], "thresholds": [], "fits": []}
    targets = [row for _, came in taking_part for row in came]
    columns = _columns(task, taking_part, origin)
    said: dict[str, _Said] = {}
    fits = []
    if OWN in task.methods:
        said[OWN], fit = _own(task, targets, columns, origin)
        fits.append(fit)
    if AVERAGED in task.methods:
        said[AVERAGED] = _averaged(task, targets, columns, origin)
    said |= _simple(task, columns, len(targets))
    rows, thresholds = [], []
    for method in task.methods:
        rows += _scored(task.model, method, said[method], targets, columns, origin)
        thresholds += _thresholds_scored(task.model, method, said[method], targets, columns, origin)
    return {"rows": rows, "thresholds": thresholds, "fits": fits}


def _columns(task: Task, taking_part: TakingPart, origin: int) -> list[_Columns]:
    found, begin = [], 0
    for one, came in taking_part:
        last, people = one.known_on(last_day(origin))
        steps = np.array([month_number(row.from_) - last for row in came])
        address = (task.seed, zlib.crc32(str(one.name).encode()), origin)
        found.append(_Columns(one, slice(begin, begin + len(came)), people, steps, address))
        begin += len(came)
    return found


def _simple(task: Task, columns: Sequence[_Columns], n_targets: int) -> dict[str, _Said]:
    """What the simple methods say: of a total, from the total's own months."""
    simple = [method for method in task.methods if method in SIMPLE_METHODS]
    said = {method: _Said(np.empty((task.effort.draws, n_targets)), np.zeros(n_targets, dtype=bool)) for method in simple}
    for one in columns:
        for method, forecast in simple_forecasts(simple, one.people, one.steps, task.effort.draws, one.address).items():
            said[method].samples[:, one.own] = forecast.samples
            said[method].fell_back[one.own] = forecast.fell_back
    return said


def _averaged(task: Task, targets: Sequence[Observation], columns: Sequence[_Columns], origin: int) -> _Said:
    """What learned dynamics say of all series together, as they were known; totals from the same samples."""
    published = [one for one in columns if not one.series.parts]
    panel = known_panel([one.series for one in published], last_day(origin))
    assert panel is not None, "series take part that were known at the origin"
    ahead = np.array([month_number(row.from_) - panel.last_month for row in targets])
    rng = np.random.default_rng([task.seed, zlib.crc32(AVERAGED.encode()), origin])
    samples = panel.samples_ahead(int(ahead.max()), task.effort.draws, rng)
    said = _Said(np.empty((task.effort.draws, len(targets))), np.zeros(len(targets), dtype=bool))
    for number, one in enumerate(published):
        said.samples[:, one.own] = samples[:, ahead[one.own] - 1, number]
    _add_totals(said, targets, columns)
    return said


def _own(task: Task, targets: Sequence[Observation], columns: Sequence[_Columns], origin: int) -> tuple[_Said, Row]:
    """corredor's samples; which of them the widened last value stands in for, because the fit missed the series; about the fit."""
    published = [one for one in columns if not one.series.parts]
    n_published = published[-1].own.stop
    own = own_forecast(task.model, last_day(origin), targets[:n_published], task.effort, task.seed, task.jobs)
    said = _Said(np.empty((task.effort.draws, len(targets))), np.zeros(len(targets), dtype=bool))
    said.samples[:, :n_published] = own.samples
    answered = 0
    for one in published:
        if one.series.name in own.missed:
            stands_in: SimpleForecast = widened_last_value(one.people, one.steps, task.effort.draws, one.address)
            said.samples[:, one.own], said.fell_back[one.own] = stands_in.samples, True
            answered += 1
    _add_totals(said, targets, columns)
    fit = {
        "origin": month_name(origin), "misfit": round(own.misfit, 3), "rounds": own.rounds, "converged": own.converged,
        "series": len(published), "not_reproduced": answered,
    }  # fmt: skip
    return said, fit


def _add_totals(said: _Said, targets: Sequence[Observation], columns: Sequence[_Columns]) -> None:
    """Totals of a method that forecasts all series together: the sum of their parts in each of its samples."""
    column_of = {
        (one.series.name, targets[column].from_): column for one in columns for column in range(one.own.start, one.own.stop)
    }
    for one in columns:
        for column in range(one.own.start, one.own.stop) if one.series.parts else ():
            parts = [column_of[(part, targets[column].from_)] for part in one.series.parts]
            said.samples[:, column] = said.samples[:, parts].sum(axis=1)
            said.fell_back[column] = said.fell_back[parts].any()


def _scored(
    model: Model, method: str, said: _Said, targets: Sequence[Observation], columns: Sequence[_Columns], origin: int
) -> list[Row]:
    outcomes = np.array([row.value for row in targets], dtype=float)
    scores = score_samples(said.samples, outcomes)
    soon_after = measure_months(model)
    rows: list[Row] = []
    for one in columns:
        going = direction(one.people)
        for number in range(one.own.start, one.own.stop):
            row, month = targets[number], month_number(targets[number].from_)
            inside = {f"inside_{100 * band:.0f}": bool(scores.inside[number, k]) for k, band in enumerate(BANDS)}
            rows.append(
                {
                    **_named(origin, method, row), "parts": len(one.series.parts) or 1, "month": month_name(month),
                    "months_since_known": int(one.steps[number - one.own.start]), "outcome": float(outcomes[number]),
                    **{name: float(getattr(scores, name)[number]) for name in ("median", "crps", "wis", "log_score")},
                    "floored": bool(scores.floored[number]), **inside,
                    "pit_low": float(scores.pit_low[number]), "pit_high": float(scores.pit_high[number]),
                    "time": AFTER_MEASURE if month in soon_after else QUIET, "direction": going,
                    "fell_back": bool(said.fell_back[number]),
                }
            )  # fmt: skip
    return rows


def _thresholds_scored(
    model: Model, method: str, said: _Said, targets: Sequence[Observation], columns: Sequence[_Columns], origin: int
) -> list[Row]:
    rows: list[Row] = []
    for one in columns:
        for threshold in thresholds_of(model, one.series.name, one.people):
            for number in range(one.own.start, one.own.stop):
                chance = chance_above(said.samples[:, number], threshold.more_than)
                passed = bool((targets[number].value or 0.0) > threshold.more_than)
                rows.append(
                    {
                        **_named(origin, method, targets[number]), "parts": len(one.series.parts) or 1, "threshold": threshold.name,
                        "more_than": threshold.more_than, "chance": chance, "passed": passed, "brier": (chance - passed) ** 2,
                    }
                )  # fmt: skip
    return rows


def _named(origin: int, method: str, row: Observation) -> Row:
    """Which forecast a row is about."""
    return {
        "origin": month_name(origin), "method": method, "output": row.output, "place": row.place or "", "group": row.group or "",
        "horizon_months": month_number(row.from_) - origin,
    }  # fmt: skip
