"""Effects from the Dataset of a comparison: with − without, draw by draw, for any output, place, group and time."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from corredor.results.observe import overlap_days, period_days
from corredor.study.calendar import first_day, month_number

TIME_DIMENSIONS = ("month", "week", "day", "step")
PLACES, GROUPS = ("place", "region", "country"), ("group", "citizenship", "kind")
QUANTILES = {"low95": 0.025, "low80": 0.1, "median": 0.5, "high80": 0.9, "high95": 0.975}
LAST_CLASS_DAYS = 90.0
"""Assumed width of the last, open class of days waited."""


@dataclass(frozen=True)
class Effect:
    """One number in both scenarios.

    with_, without : (n_draws,) float       in `unit`; NaN where a draw says nothing, as the wait of nobody
    """

    with_: np.ndarray
    without: np.ndarray
    unit: str

    @property
    def difference(self) -> np.ndarray:
        """(n_draws,) float: with − without."""
        return np.asarray(self.with_ - self.without)

    def quantiles(self) -> dict[str, float]:
        """Median, 80 and 95 % interval of the difference over draws; NaN when no draw says anything."""
        known = self.difference[np.isfinite(self.difference)]
        return {name: float(np.quantile(known, q)) if len(known) else np.nan for name, q in QUANTILES.items()}

    @property
    def chance_up(self) -> float:
        """Share of draws in which the difference is above 0; those where it is 0 count for neither sign."""
        known = self.difference[np.isfinite(self.difference)]
        return float(np.mean(known > 0)) if len(known) else np.nan

    @property
    def chance_down(self) -> float:
        """Share of draws in which the difference is below 0."""
        known = self.difference[np.isfinite(self.difference)]
        return float(np.mean(known < 0)) if len(known) else np.nan

    @property
    def draws_ratio(self) -> float:
        """How many times as many draws two independent runs need for the same standard error of the mean difference.

        (var(with) + var(without)) / var(with − without); NaN when no draw differs. Common random numbers, Law & Kelton chapter 11
        """
        known = np.isfinite(self.difference)
        if known.sum() < 2:
            return np.nan
        paired = float(np.var(self.difference[known], ddof=1))
        independent = float(np.var(self.with_[known], ddof=1) + np.var(self.without[known], ddof=1))
        return independent / paired if paired > 0 else np.nan


@dataclass(frozen=True)
class Comparison:
    """The Dataset of a comparison with names for everything: the only place that knows how it is laid out."""

    dataset: xr.Dataset

    @cached_property
    def model(self) -> dict[str, Any]:
        """The description of the study, as in the Dataset of a run."""
        return dict(json.loads(self.dataset.attrs["model"]))

    @cached_property
    def about(self) -> dict[str, Any]:
        """What is compared: kind (without, scenario), title, with, without, changes, measures, first_difference."""
        return dict(json.loads(self.dataset.attrs["comparison"]))

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Names of outputs, in the order of the study."""
        return tuple(name for name in self.model["outputs"] if name in self.dataset)

    @cached_property
    def accounts(self) -> tuple[str, ...]:
        return tuple(name for name in self.model["accounts"] if name in self.dataset)

    @property
    def n_draws(self) -> int:
        return int(self.dataset.sizes["draw"])

    @property
    def last_day(self) -> dt.date:
        return dt.date.fromisoformat(self.model["to"])

    def time_of(self, name: str) -> str:
        """Time dimension of an output."""
        return next(str(d) for d in self.dataset[name].dims if d in TIME_DIMENSIONS)

    def dimension_in(self, name: str, family: tuple[str, ...]) -> str | None:
        """The place or group dimension of an output, if it has one."""
        return next((str(d) for d in self.dataset[name].dims if d in family), None)

    def is_mean(self, name: str) -> bool:
        """Whether a period holds a mean (a stock, a wait) and not a sum (a flow)."""
        return "mean" in str(self.dataset[name].attrs.get("cell_methods", ""))

    def is_waited(self, name: str) -> bool:
        """Whether an output is a distribution of days waited."""
        return "wait_bin" in self.dataset[name].dims

    def side(self, name: str) -> str:
        return str(self.dataset[name].attrs.get("side", "movement"))

    def title(self, name: str) -> str:
        return str(self.dataset[name].attrs.get("long_name", name))

    def unit(self, name: str) -> str:
        return "days" if self.is_waited(name) else str(self.dataset[name].attrs.get("units", "people"))

    def main_output(self) -> str:
        """The output that diversion is told for unless another is named: the first flow of control, else the first flow."""
        flows = [n for n in self.outputs if not self.is_mean(n) and not self.is_waited(n)]
        control = [name for name in flows if self.side(name) == "control"]
        if not flows:
            raise ValueError("the study has no output that counts people who move")
        return (control or flows)[0]

    def series(self, name: str, place: str = "", group: str = "") -> np.ndarray:
        """An output over time in both scenarios: (2, n_draws, n_periods) float; places and groups are summed, waits of places averaged.

        place : place, region or country; group : group, citizenship or kind; empty means all
        raises : KeyError when the output is not told by place or group, or has none of this name
        """
        array = self._selected(name, place, group)
        time = self.time_of(name)
        others = [d for d in array.dims if d not in ("scenario", "draw", time)]
        array = array.mean(others, skipna=True) if self._averaged(name) else array.sum(others, skipna=True)
        return np.asarray(array.transpose("scenario", "draw", time).to_numpy())

    def effect(
        self, name: str, place: str = "", group: str = "", from_: dt.date | None = None, to: dt.date | None = None
    ) -> Effect:
        """An output in both scenarios over a time: flows are summed, stocks and waits averaged over its days.

        from_, to : first and last day; the whole study unless given. A period partly inside counts by days
        """
        served = self.is_waited(name)
        return self.effect_over(name, self.served(name, place, group) if served else self.series(name, place, group), from_, to)

    def effect_over(self, name: str, both: np.ndarray, from_: dt.date | None, to: dt.date | None) -> Effect:
        """The same from a series of both scenarios that is at hand: (2, n_draws, [n_classes of days waited,] n_periods)."""
        over = both @ self._weights(name, from_, to)
        if self.is_waited(name):
            over = _mean_days(over, self.dataset["wait_bin"].to_numpy())
        return Effect(over[0], over[1], self.unit(name))

    def labels(self, name: str, dimension: str) -> list[str]:
        """Labels of a dimension that are part of an output, in the order of the study."""
        array = self.dataset[name]
        present = array.isel(draw=0).notnull().any([d for d in array.dims if d not in ("draw", dimension)])
        return [str(label) for label, there in zip(array[dimension].to_numpy(), present.to_numpy(), strict=True) if there]

    def _averaged(self, name: str) -> bool:
        return self.is_mean(name) and self.unit(name) not in ("people", "USD")

    def _weights(self, name: str, from_: dt.date | None, to: dt.date | None) -> np.ndarray:
        starts = self.dataset[self.time_of(name)].to_numpy()
        first = from_ or dt.date.fromisoformat(self.model["from"])
        days = overlap_days(starts, self.last_day, first, to or self.last_day)
        if self.is_mean(name):
            return np.asarray(days / days.sum() if days.sum() > 0 else days * np.nan)
        return np.asarray(days / period_days(starts, self.last_day))

    def served(self, name: str, place: str = "", group: str = "") -> np.ndarray:
        """People served by class of days waited: (2, n_draws, n_classes, n_periods)."""
        array, time = self._selected(name, place, group), self.time_of(name)
        array = array.sum([d for d in array.dims if d not in ("scenario", "draw", "wait_bin", time)], skipna=True)
        return np.asarray(array.transpose("scenario", "draw", "wait_bin", time).to_numpy())

    def _selected(self, name: str, place: str, group: str) -> xr.DataArray:
        array = self.dataset[name]
        for key, family, what in ((place, PLACES, "place"), (group, GROUPS, "group")):
            if not key:
                continue
            dimension = self.dimension_in(name, family)
            if dimension is None:
                raise KeyError(f"{name} is not told by {what}")
            labels = [str(label) for label in array[dimension].to_numpy()]
            kept = [number for number, label in enumerate(labels) if key in self._called(dimension, label)]
            if not kept:
                raise KeyError(f"{name} has no {what} {key}; there are: {', '.join(labels)}")
            array = array.isel({dimension: kept})
        return array

    def _called(self, dimension: str, label: str) -> tuple[str, ...]:
        """Everything a label may be called by: a place is part of its region and country, a group of its citizenship and kind."""
        if dimension == "place":
            place: dict[str, Any] = next((p for p in self.model["places"] if p["id"] == label), {})
            return tuple(str(x) for x in (label, place.get("region"), place.get("country")) if x)
        if dimension == "group":
            group = self.model["groups"].get(label, {})
            return tuple(str(x) for x in (label, group.get("citizenship"), group.get("kind")) if x)
        return (label,)


def _mean_days(served: np.ndarray, lower_edges_days: np.ndarray) -> np.ndarray:
    """Mean days waited, each class by its middle: (2, n_draws); NaN where nobody was served."""
    upper = np.append(lower_edges_days[1:], lower_edges_days[-1] + LAST_CLASS_DAYS)
    middle = (lower_edges_days + upper - 1) / 2
    people = served.sum(axis=-1)
    return np.asarray(np.divide(served @ middle, people, out=np.full(people.shape, np.nan), where=people > 0))


def effect_table(dataset: xr.Dataset) -> pd.DataFrame:
    """One row for each output in all, by place, by group and by month.

    returns : columns output, title, side, unit, by (total, place, group, month …), of (label), with, without (medians), median, low80,
        high80, low95, high95, mean, chance_up, chance_down (shares 0–1), draws_ratio (see Effect)
    """
    found = Comparison(dataset)
    return pd.DataFrame([row for name in (*found.outputs, *found.accounts) for row in _rows(found, name)])


def effect_row(found: Comparison, name: str, by: str, of: str, effect: Effect) -> dict[str, Any]:
    """A row of the effect table."""
    known = np.isfinite(effect.difference)
    row: dict[str, Any] = {
        "output": name,
        "title": found.title(name),
        "side": found.side(name),
        "unit": effect.unit,
        "by": by,
        "of": of,
        "with": _median(effect.with_),
        "without": _median(effect.without),
        **effect.quantiles(),
        "mean": float(np.mean(effect.difference[known])) if known.any() else np.nan,
        "chance_up": effect.chance_up,
        "chance_down": effect.chance_down,
        "draws_ratio": effect.draws_ratio,
    }
    return row


def _rows(found: Comparison, name: str) -> Iterator[dict[str, Any]]:
    yield effect_row(found, name, "total", "", found.effect(name))
    for family in (PLACES, GROUPS):
        dimension = found.dimension_in(name, family)
        for label in found.labels(name, dimension) if dimension is not None else ():
            effect = found.effect(name, place=label) if family is PLACES else found.effect(name, group=label)
            yield effect_row(found, name, str(dimension), label, effect)
    both = found.served(name) if found.is_waited(name) else found.series(name)
    for first, last in _months(found):
        yield effect_row(found, name, "month", f"{first:%Y-%m}", found.effect_over(name, both, first, last))


def _months(found: Comparison) -> Iterator[tuple[dt.date, dt.date]]:
    day = dt.date.fromisoformat(found.model["from"])
    while day <= found.last_day:
        after = first_day(month_number(day) + 1)
        yield day, min(after - dt.timedelta(days=1), found.last_day)
        day = after


def _median(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else np.nan
