"""How far people counted in camps are from those simulated: the averaged relative difference of the field, and CRPS.

On a day the relative difference is Σ_camps |model · (data total / model total) − data| / data total; the score is its mean over days
(Groen 2016; Suleimenova, Bell and Groen 2017, Scientific Reports 7). Between published counts the data are linear.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from corredor._simulate import simulate
from corredor.engine.ensemble import Progress
from corredor.engine.fitted import Fitted, study_and_fit
from corredor.learn.rolling import RollingForecast, forecast_rolling
from corredor.results.small_cells import hidden_in_line
from corredor.study.arguments import StudyLike, count_of

NAIVE_FROM_DAY = 30
"""The naive forecast keeps the shares of this day, and is scored from it on."""


@dataclass(frozen=True)
class Counts:
    """Counts of camps and what a model says of them.

    places : camps with counts;  days : (n_days,) datetime64
    data, model : (n_days, n_places) float people;  the model's is the mean over draws
    """

    places: tuple[str, ...]
    days: np.ndarray
    data: np.ndarray
    model: np.ndarray


def counts_of(dataset: xr.Dataset, output: str | None = None) -> Counts:
    """Camp counts of a run, day by day.

    output : a daily stock by place; the only one with published figures unless given
    raises : ValueError, when there is none
    """
    name = output or _only_output(dataset)
    array = dataset[name]
    days = array["day"].to_numpy()
    data, places = data_by_day(dataset, name, days)
    model = array.sel(place=list(places)).mean("draw").transpose("day", "place").to_numpy()
    return Counts(places, days, data, model)


def data_by_day(dataset: xr.Dataset, output: str, days: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Published counts on each day: linear between dates, the first and last one beyond them.

    returns : (n_days, n_places) float people, names of the places
    """
    mine = dataset["observation_output"].to_numpy() == output
    where = dataset["observation_place"].to_numpy()[mine]
    dates = dataset["observation_to"].to_numpy()[mine]
    value = dataset["observation_value"].to_numpy()[mine]
    known = [str(place) for place in dataset[output]["place"].to_numpy()]
    places = tuple(place for place in known if np.any((where == place) & ~np.isnan(value)))
    columns = []
    for place in places:
        here = (where == place) & ~np.isnan(value)
        order = np.argsort(dates[here], kind="stable")
        columns.append(np.interp(days.astype(float), dates[here][order].astype(float), value[here][order]))
    return np.array(columns).T.reshape(len(days), len(places)), places


def relative_differences(model: np.ndarray, data: np.ndarray, rescaled: bool = True) -> np.ndarray:
    """Part of every camp in the relative difference of every day.

    model, data : (n_days, n_places) float people
    rescaled : whether the model's total is first made equal to that of the data
    returns : (n_days, n_places) float share; nan on days without people in the data
    """
    total = data.sum(axis=1, keepdims=True)
    if rescaled:
        modelled = model.sum(axis=1, keepdims=True)
        model = model * np.divide(total, modelled, out=np.zeros_like(total), where=modelled > 0)
    return np.asarray(np.divide(np.abs(model - data), total, out=np.full_like(data, np.nan), where=total > 0))


def averaged_relative_difference(model: np.ndarray, data: np.ndarray, rescaled: bool = True, from_day: int = 0) -> float:
    """The score: mean over days of the sum over camps; 0 is perfect, 2 the worst that is possible when rescaled."""
    parts = relative_differences(model, data, rescaled)[from_day:]
    counted = ~np.isnan(parts).any(axis=1)
    return float(parts[counted].sum(axis=1).mean()) if counted.any() else float("nan")


def shares_kept(data: np.ndarray, day: int = NAIVE_FROM_DAY) -> np.ndarray:
    """The naive forecast: shares of the camps on one day, kept for ever, of the published total. (n_days, n_places) people."""
    total = data[day].sum()
    shares = data[day] / total if total > 0 else np.full(data.shape[1], 1 / max(data.shape[1], 1))
    return np.asarray(data.sum(axis=1, keepdims=True) * shares)


def score(
    study: StudyLike,
    *,
    rolling: int | None = None,
    draws: int = 50,
    seed: int = 1,
    jobs: int | None = None,
    priors_only: bool = False,
    fitted: Fitted | str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """How far simulated camps are from the published counts; `corredor score` does the same.

    Parameters
    ----------
    study
        A bundled name, a folder, or a loaded study, with a daily stock by place that has published counts.
    rolling
        Also forecast so many days ahead from every day, with what was published by then, without a fit.
    draws
        Simulations whose mean is scored.
    seed, jobs, priors_only, fitted, progress
        As of `simulate`.

    Returns
    -------
    dict
        As of `score_run`; and `rolling`, as of `score_rolling`, where it was asked for, in which `as_published` is the same from counts
        as they stood before later registrations, where series.csv has them. Plain numbers and text.

    Raises
    ------
    StudyError
        Every problem of the study.
    ValueError
        No daily stock by place has published figures, or the study is shorter than the horizon.

    Examples
    --------
    >>> score("two-towns", draws=2)["output"]
    'in_shelter'
    """
    rolling = None if rolling is None else count_of(rolling, "rolling")
    model, fitted = study_and_fit(study, fitted, priors_only)
    dataset = simulate(model, draws=draws, seed=seed, jobs=jobs, fitted=fitted, progress=progress)
    facts = {"study": model.name, "draws": draws, "seed": seed, "fitted": fitted.fingerprint if fitted else None}
    scores: dict[str, Any] = {**facts, **score_run(dataset)}
    if rolling is not None:
        scores["rolling"] = score_rolling(dataset, scores["output"], forecast_rolling(model, scores["output"], rolling))
        if any(row.series == scores["output"] for row in model.series):
            before = forecast_rolling(model, scores["output"], rolling, as_published=True)
            scores["rolling"]["as_published"] = score_rolling(dataset, scores["output"], before)
    return scores


def score_run(dataset: xr.Dataset, output: str | None = None) -> dict[str, Any]:
    """Scores of a run against the published counts of camps.

    returns : ard_rescaled, ard, by_camp, by_day, crps, naive; as plain numbers, none for what cannot be told, such as shares of nobody
    raises : ValueError, when no daily stock by place has published figures
    """
    name = output or _only_output(dataset)
    counts = counts_of(dataset, name)
    parts = relative_differences(counts.model, counts.data)
    by_day = parts.sum(axis=1)
    late = min(NAIVE_FROM_DAY, len(counts.days) - 1)
    naive = shares_kept(counts.data, late)
    return {
        "output": name,
        "days": len(counts.days),
        "camps": len(counts.places),
        "ard_rescaled": _known(averaged_relative_difference(counts.model, counts.data)),
        "ard": _known(averaged_relative_difference(counts.model, counts.data, rescaled=False)),
        "by_camp": {
            place: {
                "ard_rescaled": _mean(parts[:, number]),
                "mean_people": _mean(counts.data[:, number]),
                "mean_people_modelled": _mean(counts.model[:, number]),
            }
            for number, place in enumerate(counts.places)
        },
        "by_day": {str(day)[:10]: _plain(value) for day, value in zip(counts.days, by_day, strict=True)},
        "crps": _crps(dataset, name),
        "naive": {
            "method": f"shares of day {late} kept",
            "from_day": late,
            "ard_rescaled": _known(averaged_relative_difference(naive, counts.data, from_day=late)),
            "ard_rescaled_of_model": _known(averaged_relative_difference(counts.model, counts.data, from_day=late)),
        },
    }


def shown_scores(scores: Mapping[str, Any]) -> dict[str, Any]:
    """Scores as they may be passed on: without mean counts of camps below five people, and what would give them away."""
    camps = scores["by_camp"]
    hidden = np.zeros(len(camps), dtype=bool)
    names = ("mean_people", "mean_people_modelled")
    for name in names:
        hidden |= hidden_in_line(np.array([camp[name] for camp in camps.values()], dtype=float))
    shown = {
        place: {name: None if is_hidden and name in names else value for name, value in camp.items()}
        for (place, camp), is_hidden in zip(camps.items(), hidden, strict=True)
    }
    return {**scores, "by_camp": shown}


def score_rolling(dataset: xr.Dataset, output: str, forecast: RollingForecast) -> dict[str, Any]:
    """Scores of forecasts made at every date, beside two naive ones: shares of day 30 kept, and shares last known at the origin kept.

    returns : horizon_days, forecasts, ard_rescaled, ard, by_camp, naive, and how many counts lay in the 80 % bands; as plain numbers
    """
    data, places = data_by_day(dataset, output, dataset[output]["day"].to_numpy())
    order = [places.index(place) for place in forecast.places]
    all_days = data[:, order]
    there = all_days[forecast.target_day]
    parts = relative_differences(forecast.forecast, there)
    kept = shares_kept(all_days, min(NAIVE_FROM_DAY, len(all_days) - 1))[forecast.target_day]
    return {
        "horizon_days": forecast.horizon_days,
        "forecasts": len(forecast.target_day),
        "ard_rescaled": _known(averaged_relative_difference(forecast.forecast, there)),
        "ard": _known(averaged_relative_difference(forecast.forecast, there, rescaled=False)),
        "by_camp": {place: _mean(parts[:, number]) for number, place in enumerate(forecast.places)},
        "naive": {
            f"shares of day {NAIVE_FROM_DAY} kept": {"ard_rescaled": _known(averaged_relative_difference(kept, there))},
            "shares last known kept": {"ard_rescaled": _known(averaged_relative_difference(forecast.last_known, there))},
        },
        "band_80": {"counts": len(forecast.outcomes), "inside": _known(forecast.share_inside(0.8))},
    }


def _crps(dataset: xr.Dataset, output: str) -> dict[str, float | None]:
    """Continuous ranked probability score of the published counts (Gneiting and Raftery 2007), in people and over the mean count, where
    that is more than 0."""
    import scoringrules  # late: it compiles when imported, for seconds, and only scores need it

    mine = (dataset["observation_output"].to_numpy() == output) & ~np.isnan(dataset["observation_value"].to_numpy())
    value = dataset["observation_value"].to_numpy()[mine]
    predicted = dataset["observation_predicted"].to_numpy()[:, mine]
    people = np.asarray(scoringrules.crps_ensemble(value, predicted.T, backend="numpy"))
    mean, published = float(people.mean()), float(value.mean())
    return {"people": mean, "relative": mean / published if published > 0 else None, "counts": len(value)}


def _only_output(dataset: xr.Dataset) -> str:
    told = ~np.isnan(dataset["observation_value"].to_numpy())
    names = [
        str(name)
        for name in dict.fromkeys(dataset["observation_output"].to_numpy()[told])
        if name in dataset
        and {"day", "place"} <= set(dataset[str(name)].dims)
        and len(dataset[str(name)].dims) == 3
        and "mean" in dataset[str(name)].attrs.get("cell_methods", "")
    ]
    if len(names) != 1:
        found = ", ".join(names) if names else "none"
        raise ValueError(f"one daily stock by place with published counts is needed; found: {found}")
    return names[0]


def _mean(values: np.ndarray) -> float | None:
    kept = values[~np.isnan(values)]
    return float(kept.mean()) if len(kept) else None


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)
