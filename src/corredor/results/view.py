"""A Dataset with names for everything, of a run or of a comparison: the only place that knows how it is laid out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from corredor.results.drawn import Drawn, peaks_of, quantiles_of
from corredor.results.observe import period_shares
from corredor.results.wording import Wording

TIME_DIMENSIONS = ("month", "week", "day", "step")
PLACE_DIMENSIONS = ("place", "region", "country")
GROUP_DIMENSIONS = ("group", "citizenship", "kind")
MANIFEST, MANIFEST_FILE = "manifest", "manifest.json"
"""Attribute with the manifest of a result as JSON: what was asked for, from which files, by which command; and the file with it beside the
results, which also names the files."""
SMALL_SHOWN = "small_cells_shown_because"
"""Attribute with the reason for which counts of fewer than five people are shown; without it they are not."""
SIDES = ("movement", "control", "protection", "money")


@dataclass(frozen=True)
class Series:
    """One series of an output: of one place, region or country and one group, citizenship or kind; empty means all together."""

    output: str
    place: str = ""
    group: str = ""


@dataclass(frozen=True)
class Run:
    """A simulated study, ready to be shown or compared.

    dataset : as `simulate` or `compare` made it, or as it was read back from netCDF; numbers of a comparison have its scenarios first
    suppress_small : whether counts of people below 5 are hidden
    """

    dataset: xr.Dataset
    suppress_small: bool = True

    @property
    def small_shown_because(self) -> str:
        """The reason for which whoever ran it asked for small counts to be shown; empty where nobody did."""
        return str(self.dataset.attrs.get(SMALL_SHOWN, ""))

    @property
    def hides_small(self) -> bool:
        return self.suppress_small and not self.small_shown_because

    @cached_property
    def model(self) -> dict[str, Any]:
        """The description of the study, from the Dataset's attribute."""
        return dict(json.loads(self.dataset.attrs["model"]))

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Names of outputs in the order of the study, which is the order of the Dataset and decides what a reader sees first."""
        return tuple(str(name) for name in self.dataset.data_vars if name in self.model["outputs"])

    @cached_property
    def accounts(self) -> tuple[str, ...]:
        return tuple(str(name) for name in self.dataset.data_vars if name in self.model["accounts"])

    @cached_property
    def first_day(self) -> dt.date:
        return dt.date.fromisoformat(self.model["from"])

    @cached_property
    def last_day(self) -> dt.date:
        return dt.date.fromisoformat(self.model["to"])

    @property
    def end(self) -> np.datetime64:
        """Last moment of the study."""
        return np.datetime64(self.last_day + dt.timedelta(days=1), "ns")

    @property
    def n_draws(self) -> int:
        return int(self.dataset.sizes["draw"])

    @property
    def is_single(self) -> bool:
        """One run of means or one draw: there is no uncertainty to show."""
        return self.n_draws == 1

    @property
    def is_fitted(self) -> bool:
        return bool(int(self.dataset.attrs.get("fitted", 0)))

    @property
    def known_until(self) -> dt.date | None:
        """Last day of publication of the figures that a forecast or fit used; none where it used none."""
        day = self.dataset.attrs.get("as_of") or self.dataset.attrs.get("fitted_as_of")
        return dt.date.fromisoformat(str(day)) if day else None

    @property
    def as_of(self) -> dt.date | None:
        """The day from which a forecast looks ahead; none for a run that is no forecast."""
        day = self.dataset.attrs.get("as_of")
        return dt.date.fromisoformat(str(day)) if day else None

    @property
    def as_of_end(self) -> np.datetime64 | None:
        """Last moment of that day."""
        return None if self.as_of is None else np.datetime64(self.as_of + dt.timedelta(days=1), "ns")

    @cached_property
    def places(self) -> dict[str, dict[str, Any]]:
        return {place["id"]: place for place in self.model["places"]}

    @cached_property
    def source_numbers(self) -> dict[str, int]:
        return {source["id"]: number for number, source in enumerate(self.model["sources"], 1)}

    @cached_property
    def arrays(self) -> dict[str, xr.DataArray]:
        """The variables of the Dataset, which it would make anew each time it is asked."""
        return {str(name): array for name, array in self.dataset.data_vars.items()}

    def time_of(self, name: str) -> str:
        """Time dimension of a variable."""
        return next(str(d) for d in self.arrays[name].dims if d in TIME_DIMENSIONS)

    def starts(self, name: str) -> np.ndarray:
        """First moments of the periods of a variable."""
        return self._starts[self.time_of(name)]

    @cached_property
    def _starts(self) -> dict[str, np.ndarray]:
        times = (dimension for dimension in TIME_DIMENSIONS if dimension in self.dataset.coords)
        return {time: np.asarray(self.dataset[time].to_numpy().astype("datetime64[ns]")) for time in times}

    def has(self, name: str, dimension: str) -> bool:
        return dimension in self.arrays[name].dims

    def is_waited(self, name: str) -> bool:
        """Whether an output is a distribution of days waited."""
        return self.has(name, "wait_bin")

    def dimension_in(self, name: str, family: tuple[str, ...]) -> str | None:
        """The place or group dimension of a variable, if it has one."""
        return next((str(d) for d in self.arrays[name].dims if d in family), None)

    def side(self, name: str) -> str:
        described = self.model["outputs"].get(name, {"side": "money"})
        side = str(self.arrays[name].attrs.get("side", described["side"]))
        return side if side in SIDES else "movement"

    def is_mean(self, name: str) -> bool:
        """Whether a period holds a mean (a stock, a wait) and not a sum (a flow)."""
        return "mean" in str(self.arrays[name].attrs.get("cell_methods", ""))

    def unit(self, name: str) -> str:
        return "days" if self.is_waited(name) else str(self.arrays[name].attrs.get("units", "people"))

    def adds_up(self, name: str) -> bool:
        """People and dollars of several places make a total; days of waiting do not."""
        return self.unit(name) in ("people", "USD")

    def wording(self, name: str) -> Wording:
        return Wording(self.unit(name), self.hides_small)

    def title(self, name: str) -> str:
        if name in self.model["accounts"]:
            return str(self.model["accounts"][name]["title"])
        return str(self.model["outputs"].get(name, {}).get("title") or self.arrays[name].attrs.get("long_name") or name)

    def labels(self, name: str, dimension: str) -> list[str]:
        """Labels of a dimension that are part of an output, in the order of the study."""
        return [str(label) for label in self.arrays[name][dimension].to_numpy()[self._present(name, dimension)]]

    def _present(self, name: str, dimension: str) -> np.ndarray:
        """Where the labels of a dimension stand that are part of an output: (n,) int."""
        if (name, dimension) not in self._present_labels:
            first = self.arrays[name].isel(draw=0).notnull()
            self._present_labels[name, dimension] = np.flatnonzero(first.any([d for d in first.dims if d != dimension]))
        return self._present_labels[name, dimension]

    @cached_property
    def _present_labels(self) -> dict[tuple[str, str], np.ndarray]:
        return {}

    def drawn(self, series: Series, by: str = "") -> Drawn:
        """The draws of a series as an observation of the same place and group counts it, to be read; waits of places are averaged.

        by : a dimension that is told apart, such as `route` or `wait_bin`
        """
        name, chosen = series.output, dict[str, Sequence[int] | np.ndarray]()
        averaged = self.is_mean(name) and not self.adds_up(name)
        for family, key in ((PLACE_DIMENSIONS, series.place), (GROUP_DIMENSIONS, series.group)):
            found = self.positions(name, family, key) if key else None
            dimension = self.dimension_in(name, family)
            if found is not None:
                chosen[found[0]] = found[1]
            elif dimension is not None and dimension != by and not averaged:
                # of sums the labels that are part of the output; a wait may be known in some draws alone
                chosen[dimension] = self._present(name, dimension)
        return Drawn(self.arrays[name].variable, self.time_of(name), chosen, by, averaged)

    def draws(self, series: Series, by: str = "") -> np.ndarray:
        """(n_draws, n_periods) float, or with `by` (n_draws, n_labels, n_periods): `drawn`, whole; of a comparison its scenarios first."""
        return self.drawn(series, by).whole()

    def quantiles(self, series: Series) -> np.ndarray:
        """Quantiles over draws, period by period: (7, n_periods) float, rows as in `quantiles.PROBABILITIES`."""
        return self.quantiles_of([series])[0]

    def quantiles_of(self, several: Sequence[Series]) -> list[np.ndarray]:
        """The same of several series of one output, which is read once for all; kept, since pages ask for them again."""
        missing = [one for one in several if one not in self._quantiles]
        if missing:
            self._quantiles.update(zip(missing, quantiles_of([self.drawn(one) for one in missing]), strict=True))
        return [self._quantiles[one] for one in several]

    def peaks_of(self, several: Sequence[Series]) -> list[np.ndarray]:
        """The highest period of each draw, of several series of one output, read and kept as `quantiles_of`: (n_draws,) float each."""
        missing = [one for one in several if one not in self._peaks]
        if missing:
            self._peaks.update(zip(missing, peaks_of([self.drawn(one) for one in missing]), strict=True))
        return [self._peaks[one] for one in several]

    @cached_property
    def _quantiles(self) -> dict[Series, np.ndarray]:
        return {}

    @cached_property
    def _peaks(self) -> dict[Series, np.ndarray]:
        return {}

    def given_away(self, series: Series) -> np.ndarray:
        """Periods of a series that would give small counts away, though they are not small: (n_periods,) bool; of many draws none.

        Quantiles do not add up, so none is the difference of others. `hidden_numbers.Guarded` knows those of numbers that do.
        """
        return np.zeros(len(self.starts(series.output)), dtype=bool)

    def given_away_totals(self, name: str, dim: str) -> np.ndarray:
        """The same of the totals over the whole study of the labels of a dimension: (n_labels,) bool."""
        return np.zeros(self.dataset.sizes[dim], dtype=bool)

    def window(self, name: str, from_: dt.date, to: dt.date) -> np.ndarray:
        """Weights of the periods of an output in the total of a flow, or in the mean of a stock or wait over its days: (n_periods,) float.

        from_, to : first and last day; a period partly inside counts by days
        """
        return period_shares(self.starts(name), self.last_day, from_, to, self.is_mean(name))

    def window_total(self, series: Series, from_: dt.date, to: dt.date) -> np.ndarray:
        """The total of a flow, or the mean of a stock or wait, over the days of a window: (n_draws,) float."""
        return self.drawn(series).weighed(self.window(series.output, from_, to)[:, None])[..., 0]

    def positions(self, name: str, family: tuple[str, ...], key: str) -> tuple[str, list[int]] | None:
        """The dimension by which an output tells a place or group apart, and where labels of it stand; none without such a dimension."""
        found: dict[str, list[int]] = {}
        for dimension in (d for d in family if self.has(name, d)):
            labels = self.arrays[name][dimension].to_numpy()
            found[dimension] = [number for number, label in enumerate(labels) if key in self.belongs_to(dimension, str(label))]
        return next((one for one in found.items() if one[1]), next(iter(found.items()), None))

    def belongs_to(self, dimension: str, label: str) -> tuple[str, ...]:
        """Everything a label may be called by: a place is part of its region and country, a group of its citizenship and kind."""
        if dimension == "place":
            place = self.places.get(label, {})
            return tuple(str(x) for x in (label, place.get("region"), place.get("country")) if x)
        if dimension == "group":
            group = self.model["groups"].get(label, {})
            return tuple(str(x) for x in (label, group.get("citizenship"), group.get("kind")) if x)
        return (label,)

    def name_of(self, key: str) -> str:
        """What a place, region, group, citizenship, route … is called on the page."""
        if ">" in key:
            start, end = key.split(">", 1)
            return f"{self.name_of(start)} → {self.name_of(end)}"
        if key in self.places:
            return str(self.places[key]["name"])
        group = self.model["groups"].get(key)
        if group and group.get("title"):
            return str(group["title"])
        return key.replace("_", " ").title() if key else "all"

    def status(self, key: str) -> str:
        return key.replace("_", " ")


def read_run(dataset: xr.Dataset, suppress_small: bool = True) -> Run:
    """raises : ValueError when the Dataset carries no description of a study, so was not made by `corredor run`"""
    if "model" not in dataset.attrs:
        raise ValueError("this Dataset has no attribute `model`; a report needs a Dataset made by `corredor run` or `simulate`")
    return Run(dataset, suppress_small)
