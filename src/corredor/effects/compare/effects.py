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

from corredor.results.hidden_numbers import Guarded, hidden_effects
from corredor.results.view import GROUP_DIMENSIONS, PLACE_DIMENSIONS, Run, Series
from corredor.study.problems import likeliest

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

    @property
    def known(self) -> np.ndarray:
        """(n_draws,) bool: draws that say something in both scenarios."""
        return np.asarray(np.isfinite(self.difference))

    @property
    def means(self) -> tuple[float, float, float]:
        """Mean without, mean with, and their difference, over the draws that say something in both; NaN when none does.

        The mean of differences is the difference of means; of medians neither holds.
        """
        if not self.known.any():
            return np.nan, np.nan, np.nan
        without, with_ = float(np.mean(self.without[self.known])), float(np.mean(self.with_[self.known]))
        return without, with_, with_ - without

    @property
    def relative(self) -> float:
        """The mean difference as a share of the mean without; NaN when there is nothing without."""
        without, _, difference = self.means
        return difference / abs(without) if without else np.nan

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
class Comparison(Run):
    """The Dataset of a comparison: its two scenarios with names for everything, and effects of any output, place, group and time."""

    @cached_property
    def about(self) -> dict[str, Any]:
        """What is compared: kind (without, scenario), title, with, without, changes, measures, first_difference."""
        return dict(json.loads(self.dataset.attrs["comparison"]))

    @cached_property
    def unshown(self) -> frozenset[tuple[str, str, str]]:
        """Output, by and of, as in `effect_table`, of the numbers that must not be shown."""
        return hidden_effects(self._guarded)

    def unshown_periods(self, name: str) -> np.ndarray:
        """(n_periods,) bool: the periods of an output of which no number must be shown in either scenario."""
        time = self.time_of(name)
        hidden = self._guarded.hidden(name, {time: time}).to_numpy()
        return np.asarray(hidden & self.hides_small)

    @cached_property
    def _guarded(self) -> Guarded:
        return Guarded(self.dataset, self.suppress_small)

    @property
    def moving(self) -> list[str]:
        """Outputs that count people who move."""
        return [name for name in self.outputs if not self.is_mean(name) and not self.is_waited(name)]

    def main_output(self) -> str:
        """The output that diversion is told for unless another is named: the first flow of control, else the first flow."""
        if not self.moving:
            raise ValueError("the study has no output that counts people who move")
        return next((name for name in self.moving if self.side(name) == "control"), self.moving[0])

    def series(self, name: str, place: str = "", group: str = "", by: str = "") -> np.ndarray:
        """An output over time in both scenarios: (2, n_draws, n_periods) float, as `Run.draws`.

        place : place, region or country; group : group, citizenship or kind; empty means all
        raises : KeyError when the output is not told by place or group, or has none of this name
        """
        for key, family, what in ((place, PLACE_DIMENSIONS, "place"), (group, GROUP_DIMENSIONS, "group")):
            found = self.positions(name, family, key) if key else ("", [0])
            if found is None:
                raise KeyError(f"{name} is not told by {what}")
            if not found[1]:
                labels = map(str, self.arrays[name][found[0]].to_numpy())
                raise KeyError(f"{name} has no {what} {key}; there are: {likeliest(key, labels)}")
        return self.draws(Series(name, place, group), by)

    def effect(
        self, name: str, place: str = "", group: str = "", from_: dt.date | None = None, to: dt.date | None = None
    ) -> Effect:
        """An output in both scenarios over a time: flows are summed, stocks and waits averaged over its days.

        from_, to : first and last day; the whole study unless given. A period partly inside counts by days
        """
        return self.effect_over(name, self.series(name, place, group, self._by(name)), from_, to)

    def effects_by_month(self, name: str) -> Iterator[tuple[str, Effect]]:
        """Month, such as 2018-11, and the effect in it."""
        both, day = self.series(name, by=self._by(name)), self.first_day
        while day <= self.last_day:
            after = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
            yield f"{day:%Y-%m}", self.effect_over(name, both, day, min(after - dt.timedelta(days=1), self.last_day))
            day = after

    def effect_over(self, name: str, both: np.ndarray, from_: dt.date | None, to: dt.date | None) -> Effect:
        """The same from a series of both scenarios that is at hand: (2, n_draws, [n_classes of days waited,] n_periods)."""
        over = both @ self.window(name, from_ or self.first_day, to or self.last_day)
        if self.is_waited(name):
            over = _mean_days(over, self.dataset["wait_bin"].to_numpy())
        return Effect(over[0], over[1], self.unit(name))

    def _by(self, name: str) -> str:
        return "wait_bin" if self.is_waited(name) else ""


def _mean_days(served: np.ndarray, lower_edges_days: np.ndarray) -> np.ndarray:
    """Mean days waited, each class by its middle: (2, n_draws); NaN where nobody was served."""
    upper = np.append(lower_edges_days[1:], lower_edges_days[-1] + LAST_CLASS_DAYS)
    middle = (lower_edges_days + upper - 1) / 2
    people = served.sum(axis=-1)
    return np.asarray(np.divide(served @ middle, people, out=np.full(people.shape, np.nan), where=people > 0))


def effect_table(dataset: xr.Dataset) -> pd.DataFrame:
    """One row for each output in all, by place, by group and by month.

    returns : columns output, title, side, unit, by (total, place, group, month …), of (label), with, without, mean (means; mean is with −
        without), relative (mean as a share of without), median, low80, high80, low95, high95 (of the difference), chance_up, chance_down
        (shares 0–1), draws_ratio (see Effect)
    """
    found = Comparison(dataset)
    return pd.DataFrame([row for name in (*found.outputs, *found.accounts) for row in _rows(found, name)])


def effect_row(found: Comparison, name: str, by: str, of: str, effect: Effect) -> dict[str, Any]:
    """A row of the effect table."""
    without, with_, mean = effect.means
    return {
        "output": name,
        "title": found.title(name),
        "side": found.side(name),
        "unit": effect.unit,
        "by": by,
        "of": of,
        "with": with_,
        "without": without,
        "mean": mean,
        "relative": effect.relative,
        **effect.quantiles(),
        "chance_up": effect.chance_up,
        "chance_down": effect.chance_down,
        "draws_ratio": effect.draws_ratio,
    }


def _rows(found: Comparison, name: str) -> Iterator[dict[str, Any]]:
    yield effect_row(found, name, "total", "", found.effect(name))
    for family in (PLACE_DIMENSIONS, GROUP_DIMENSIONS):
        dimension = found.dimension_in(name, family)
        for label in found.labels(name, dimension) if dimension is not None else ():
            effect = found.effect(name, place=label) if family is PLACE_DIMENSIONS else found.effect(name, group=label)
            yield effect_row(found, name, str(dimension), label, effect)
    for month, effect in found.effects_by_month(name):
        yield effect_row(found, name, "month", month, effect)
