"""Scores of several models in the hubverse format, on the figures that all of them forecast.

Weighted interval score over the probability levels that all models give (of samples any level can be had), CRPS of models with samples,
coverage of the bands whose ends are given, and each model beside one of them, origin by origin (learn/paired.py).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from corredor.exchange.hubverse.names import QUANTILES, TOTAL
from corredor.learn.paired import PairedRatio, paired_ratio
from corredor.learn.scores import BANDS, crps_of_samples, weighted_interval_score

OURS = "corredor-"
"""How names of corredor's own models begin."""

UNKNOWN_STEPS = 2
"""Steps between origins of which no figure may be known yet when a forecast is made; files do not say."""


class NothingInCommon(ValueError):
    """Models and figures that cannot be held against each other; the message says what was found and what is needed."""


@dataclass(frozen=True)
class HubScores:
    """What models in the hubverse format are worth.

    scores : a row for each target and model: target, model, figures, origins, wis, crps (of samples; else missing), cover50, cover80,
        cover95 (0–1; missing without the levels), from the lowest wis on
    paired : each other model beside `beside`: target, model, ratio (of the mean wis of `beside` over its own), low, high, verdict (of
        `beside`), origins, block, needed
    levels : probability levels of the weighted interval score
    left_out : model → its tasks that others lack or that have no figure
    """

    beside: str
    scores: pd.DataFrame
    paired: pd.DataFrame
    levels: tuple[float, ...]
    left_out: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        found = {"beside": self.beside, "levels": list(self.levels), "left_out": self.left_out}
        tables = {name: getattr(self, name) for name in ("scores", "paired")}
        return found | {
            name: table.astype(object).where(table.notna(), None).to_dict("records") for name, table in tables.items()
        }


@dataclass(frozen=True)
class _Tasks:
    """Scores of one model on the common tasks.

    wis : (n_tasks,) float; crps : the same, NaN without samples; bands : (n_tasks, 3) float, 1 inside, 0 outside, NaN unknown
    """

    wis: np.ndarray
    crps: np.ndarray
    bands: np.ndarray


def score_hub(forecasts: pd.DataFrame, observed: pd.DataFrame, beside: str | None = None, seed: int = 1) -> HubScores:
    """Score models against what came.

    forecasts : of `model_outputs`; observed : of `observed_figures`, or `study_figures`
    beside : the model that each other one is held against; corredor's, or else the first, unless given
    seed : of the drawings behind intervals
    raises : NothingInCommon
    """
    models = list(dict.fromkeys(forecasts["model"]))
    if beside is not None and beside not in models:
        raise NothingInCommon(f"no model {beside}: the files hold {', '.join(models)}")
    beside = beside or next((name for name in models if name.startswith(OURS)), models[0])
    tasks = _with_figures(forecasts, observed)
    task_columns = [name for name in tasks.columns if name != "observation"]
    counts = forecasts[["model", *task_columns]].drop_duplicates()
    tasks = _common(tasks, counts, models, task_columns)
    levels = _common_levels(forecasts, tasks, task_columns)
    scored = {model: _scored(forecasts[forecasts["model"] == model], tasks, task_columns, levels) for model in models}
    target = tasks["target"] if "target" in tasks else pd.Series("", index=tasks.index)
    return HubScores(
        beside,
        _score_rows(scored, tasks, target),
        _paired_rows(scored, tasks, target, beside, seed),
        levels,
        {model: int((counts["model"] == model).sum()) - len(tasks) for model in models},
    )


def _with_figures(forecasts: pd.DataFrame, observed: pd.DataFrame) -> pd.DataFrame:
    """Tasks of any model that have a figure: their columns, and `observation`."""
    own = [name for name in forecasts.columns if name not in ("model", "output_type", "output_type_id", "value", "level")]
    shared = ["date", *(name for name in own if name in observed.columns and name not in ("origin", "date"))]
    if "target" in own and "target" not in shared and forecasts["target"].nunique() > 1:
        raise NothingInCommon(
            "the forecasts have several targets and the figures do not say of which they are: add a column target"
        )
    told = observed
    for name in ("location", "group"):
        if name not in shared and name in observed.columns and (observed[name] == TOTAL).any():
            told = told[told[name] == TOTAL]
    told = told[[*shared, "observation"]].drop_duplicates()
    doubtful = told[told.duplicated(shared)]
    if len(doubtful):
        raise NothingInCommon(
            f"two different figures for {', '.join(map(str, doubtful.iloc[0][shared]))}: the forecasts tell too few columns"
        )
    tasks = forecasts[own].drop_duplicates().merge(told, on=shared)
    if tasks.empty:
        first, figure = ", ".join(map(str, forecasts.iloc[0][shared])), ", ".join(map(str, told.iloc[0])) if len(told) else "none"
        raise NothingInCommon(
            f"no figure of any forecast, by {', '.join(shared)}: the first forecast is of {first}; the first figure: {figure}"
        )
    return tasks


def _common(tasks: pd.DataFrame, counts: pd.DataFrame, models: list[str], columns: list[str]) -> pd.DataFrame:
    """Tasks of every model, in the order of their origins."""
    n_models = counts.groupby(columns, sort=False).size().rename("models").reset_index()
    common = tasks.merge(n_models[n_models["models"] == len(models)], on=columns).drop(columns="models")
    if common.empty:
        raise NothingInCommon(f"no figure that all models forecast: {', '.join(models)}")
    return common.sort_values([*columns], kind="stable").reset_index(drop=True)


def _common_levels(forecasts: pd.DataFrame, tasks: pd.DataFrame, columns: list[str]) -> tuple[float, ...]:
    """Probability levels that every model gives for every common task, the median and pairs around it."""
    rows = forecasts.merge(tasks[columns], on=columns)
    n_tasks = len(tasks)
    common = {round(level, 6) for level in QUANTILES}
    for _, mine in rows.groupby("model", sort=False):
        samples = mine[mine["output_type"] == "sample"]
        if len(samples[columns].drop_duplicates()) == n_tasks:
            continue
        counts = mine[mine["output_type"] == "quantile"]["level"].round(6).value_counts()
        common &= set(counts[counts == n_tasks].index)
    levels = tuple(sorted(level for level in common if round(1 - level, 6) in common))
    if 0.5 not in levels:
        raise NothingInCommon(
            "no median that all models give for all common figures: they need quantiles at the same levels, or samples"
        )
    return levels


def _scored(mine: pd.DataFrame, tasks: pd.DataFrame, columns: list[str], levels: tuple[float, ...]) -> _Tasks:
    """One model's scores on the common tasks; its own quantiles where it gives them, else those of its samples."""
    outcomes = tasks["observation"].to_numpy(dtype=float)
    numbered = mine.merge(tasks[columns].assign(task=np.arange(len(tasks))), on=columns)
    wanted = sorted({*levels, *(round((1 + side * band) / 2, 6) for band in BANDS for side in (-1, 1))})
    samples = {task: part["value"].to_numpy() for task, part in numbered[numbered["output_type"] == "sample"].groupby("task")}
    quantiles = np.full((len(wanted), len(tasks)), np.nan)
    crps = np.full(len(tasks), np.nan)
    for task, values in samples.items():
        quantiles[:, task] = np.quantile(values, wanted)
        crps[task] = crps_of_samples(values[:, None], outcomes[[task]])[0]
    told = numbered[numbered["output_type"] == "quantile"]
    row_of = {level: number for number, level in enumerate(wanted)}
    rows = told["level"].round(6).map(row_of)
    known = rows.notna()
    quantiles[rows[known].astype(int), told["task"][known]] = told["value"][known]
    wis = weighted_interval_score(quantiles[[row_of[level] for level in levels]], np.array(levels), outcomes)
    bands = np.empty((len(tasks), len(BANDS)))
    for number, band in enumerate(BANDS):
        low, high = (quantiles[row_of[round((1 + side * band) / 2, 6)]] for side in (-1, 1))
        inside = ((low <= outcomes) & (outcomes <= high)).astype(float)
        bands[:, number] = np.where(np.isnan(low) | np.isnan(high), np.nan, inside)
    return _Tasks(wis, crps, bands)


def _score_rows(scored: dict[str, _Tasks], tasks: pd.DataFrame, target: pd.Series) -> pd.DataFrame:
    rows = []
    for name in dict.fromkeys(target):
        here = (target == name).to_numpy()
        of_target = []
        for model, one in scored.items():
            held = one.bands[here].mean(axis=0)
            of_target.append(
                {
                    "target": name, "model": model, "figures": int(here.sum()), "origins": int(tasks["origin"][here].nunique()),
                    "wis": float(one.wis[here].mean()), "crps": float(one.crps[here].mean()),
                    **{f"cover{100 * band:.0f}": float(share) for band, share in zip(BANDS, held, strict=True)},
                }
            )  # fmt: skip
        rows += sorted(of_target, key=lambda row: row["wis"])
    return pd.DataFrame(rows)


def _paired_rows(scored: dict[str, _Tasks], tasks: pd.DataFrame, target: pd.Series, beside: str, seed: int) -> pd.DataFrame:
    rows = []
    for name in dict.fromkeys(target):
        here = (target == name).to_numpy()
        origins = tasks["origin"][here]
        ahead = _steps_ahead(origins, tasks["date"][here])
        for model in (model for model in scored if model != beside):
            errors = (
                pd.DataFrame({"own": scored[beside].wis[here], "other": scored[model].wis[here]})
                .groupby(origins.to_numpy())
                .mean()
            )
            told = paired_ratio(errors["own"].to_numpy(), errors["other"].to_numpy(), ahead, seed)
            rows.append({"target": name, "model": model, **asdict(told), "verdict": told.verdict})
    columns = ["target", "model", *(field.name for field in fields(PairedRatio)), "verdict"]
    return pd.DataFrame(rows, columns=columns).astype({"low": float, "high": float})


def _steps_ahead(origins: pd.Series, dates: pd.Series) -> float:
    """How far ahead the farthest forecasts reach from the newest figure known, in steps between origins."""
    first, last = (pd.to_datetime(column).to_numpy() for column in (origins, dates))
    days = np.diff(np.unique(first)) / np.timedelta64(1, "D")
    reach = float((last - first).max() / np.timedelta64(1, "D"))
    return round(max(reach, 0.0) / (float(np.median(days)) if len(days) else 30.0), 1) + UNKNOWN_STEPS
