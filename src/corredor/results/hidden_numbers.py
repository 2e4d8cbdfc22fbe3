"""Which numbers of a run, of a comparison and of published figures must not be shown: small counts, and what would give them away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from corredor.results.coverage import QUANTILES, coverage_table, summary_table
from corredor.results.drawn import mean_over_draws
from corredor.results.small_cells import ALL, Axis, Cells, Level
from corredor.results.view import GROUP_DIMENSIONS, PLACE_DIMENSIONS, TIME_DIMENSIONS, Run, Series, read_run
from corredor.results.wording import too_few

OWN_PARTS = {"place": ("region", "country"), "group": ("citizenship", "kind")}
"""Dimension → what its labels are summed to elsewhere."""


@dataclass(frozen=True)
class Guarded(Run):
    """A run whose numbers that add up are shown: means, a single draw, tables to be passed on.

    The mean over draws decides, since means add up and quantiles do not. Of a comparison a number is hidden in both scenarios where it
    must be in one, since their difference is shown.
    """

    @cached_property
    def _cells(self) -> dict[str, list[Cells]]:
        return {}

    def given_away(self, series: Series) -> np.ndarray:
        """(n_periods,) bool: the numbers that must not be shown, small ones too."""
        return self.hidden_in(series) if self.hides_small else super().given_away(series)

    def hidden(self, name: str, kept: Mapping[str, str] | None = None) -> xr.DataArray:
        """The numbers of an output that must not be shown: bool, over the parts that are told apart.

        kept : dimension → the dimension or what it is summed to (place → country); all dimensions as they are unless given
        """
        parts = {dim: dim for dim in self._dims(name)} if kept is None else dict(kept)
        hidden = self._at(name, parts)
        if self.arrays[name].attrs.get("units") != "people":
            return hidden & False
        for other in self.outputs:
            finer = self._finer(name, other, parts) if other != name else None
            if finer is not None:
                hidden = hidden | finer
        return hidden

    def hidden_in(self, series: Series) -> np.ndarray:
        """The periods of a series whose numbers must not be shown: (n_periods,) bool."""
        name, time = series.output, self.time_of(series.output)
        kept, chosen = {time: time}, {}
        for family, key in ((PLACE_DIMENSIONS, series.place), (GROUP_DIMENSIONS, series.group)):
            found = self.positions(name, family, key) if key else None
            if found is not None and found[1]:
                dim, label = found[0], str(self.arrays[name][found[0]].to_numpy()[found[1][0]])
                kept[dim] = next(part for part in (dim, *OWN_PARTS.get(dim, ())) if self._part(dim, label, part) == key)
                chosen[kept[dim]] = key
        return np.asarray(self.hidden(name, kept).sel(chosen).transpose(time).to_numpy())

    def _dims(self, name: str) -> tuple[str, ...]:
        return tuple(str(dim) for dim in self.arrays[name].dims if dim not in ("draw", "scenario"))

    def _tables(self, name: str) -> list[Cells]:
        """The mean over draws of an output, of each scenario."""
        if name not in self._cells:
            scenarios = mean_over_draws(self.arrays[name].variable.transpose("draw", ..., *self._dims(name)))
            scenarios = scenarios if self.has(name, "scenario") else scenarios[None]
            axes = tuple(self._axis(name, dim) for dim in self._dims(name))
            self._cells[name] = [Cells(one, axes) for one in scenarios]
        return self._cells[name]

    def _axis(self, name: str, dim: str) -> Axis:
        labels = self.arrays[name][dim].to_numpy()
        if dim in TIME_DIMENSIONS:
            months = {"month": labels.astype("datetime64[M]").astype(str).tolist()} if dim != "month" else {}
            return Axis.of(len(labels), {} if self.is_mean(name) else months, adds_up=not self.is_mean(name))
        parts = {part: [self._part(dim, str(label), part) for label in labels] for part in OWN_PARTS.get(dim, ())}
        return Axis.of(len(labels), parts)

    def _part(self, dim: str, label: str, part: str) -> str:
        """What a label is called as a part: of a place its country."""
        if part == dim:
            return label
        known = self.places.get(label, {}) if dim == "place" else self.model["groups"].get(label, {})
        return str(known.get(part) or "")

    def _at(self, name: str, parts: Mapping[str, str]) -> xr.DataArray:
        """What is hidden of an output that is summed so; dimensions that `parts` lacks are summed over."""
        masks = [self._named(name, cells, cells.hidden[self._level(name, cells, parts)], parts) for cells in self._tables(name)]
        return masks[0] if len(masks) == 1 else masks[0] | masks[1]

    def _sums(self, name: str, parts: Mapping[str, str]) -> list[xr.DataArray]:
        cells = self._tables(name)
        return [self._named(name, one, one.sums(self._level(name, one, parts)), parts) for one in cells]

    def _level(self, name: str, cells: Cells, parts: Mapping[str, str]) -> Level:
        wanted = [parts.get(dim, ALL) for dim in self._dims(name)]
        return tuple(
            0 if part == dim else axis.levels[part] for axis, dim, part in zip(cells.axes, self._dims(name), wanted, strict=True)
        )

    def _named(self, name: str, cells: Cells, values: np.ndarray, parts: Mapping[str, str]) -> xr.DataArray:
        """Values of a level with the names of their dimensions and labels."""
        names, coordinates, alone = [], {}, []
        for dim, size in zip(self._dims(name), values.shape, strict=True):
            alone.append(slice(None) if dim in parts else 0)
            if dim not in parts:
                continue
            labels, part = self.arrays[name][dim].to_numpy(), parts[dim]
            if part != dim and dim in TIME_DIMENSIONS:
                labels = np.unique(labels.astype("datetime64[M]")).astype("datetime64[ns]")
            elif part != dim:
                labels = np.unique([self._part(dim, str(label), part) for label in labels])
            names.append(part)
            coordinates[part] = labels[:size]
        return xr.DataArray(values[tuple(alone)], dims=names, coords=coordinates)

    def _finer(self, name: str, other: str, parts: Mapping[str, str]) -> xr.DataArray | None:
        """What is hidden of the same sums of another output that tells more apart; none where it is no such output."""
        time, finer_time = self.time_of(name), self.time_of(other)
        kinds = [(self.arrays[one].attrs.get("units"), self.is_mean(one), self.is_waited(one)) for one in (name, other)]
        if kinds[0] != kinds[1] or kinds[0][2] or not (finer_time == time or (time == "month" and not self.is_mean(name))):
            return None
        told = list(parts.values())
        finer = {}
        for dim in self._dims(other):
            own = (dim, "month") if dim in TIME_DIMENSIONS else (dim, *OWN_PARTS.get(dim, ()))
            part = next((part for part in own if part in told), None)
            if part is not None:
                finer[dim] = part
        if set(finer.values()) != set(told):
            return None
        for mine, others in zip(self._sums(name, parts), self._sums(other, finer), strict=True):
            a, b = xr.align(mine, others, join="left")
            if not np.allclose(a, b.transpose(*a.dims), rtol=1e-9, atol=1e-9, equal_nan=True):
                return None
        like = self._sums(name, parts)[0]
        return self._at(other, finer).reindex_like(like, fill_value=False).transpose(*like.dims)


def shown_summary(dataset: xr.Dataset) -> pd.DataFrame:
    """`summary_table` as it may be passed on: hidden numbers are missing."""
    run, table = read_run(dataset), summary_table(dataset)
    if not run.hides_small or table.empty:
        return table
    hidden = hidden_figures(run, table)
    table.loc[hidden, ["value", "low", "high"]] = np.nan
    people = np.array([run.arrays[name].attrs.get("units") == "people" for name in table["output"]])
    for name in QUANTILES:
        table.loc[people & np.asarray(too_few(table[name].to_numpy())), name] = np.nan
    return table


def shown_effects(dataset: xr.Dataset, table: pd.DataFrame) -> pd.DataFrame:
    """The table of a comparison as it may be passed on: where a count of either scenario is hidden, so are its differences.

    table : of `effect_table`, a row for each output in all, by place, by group and by month
    """
    run = read_run(dataset)
    if not run.hides_small:
        return table
    hidden = np.zeros(len(table), dtype=bool)
    people = ((table["unit"] == "people") & table["with"].notna()).to_numpy()
    counts = table[people].assign(number=np.flatnonzero(people))
    for name, rows in counts.groupby("output", sort=False):
        total = rows["by"] == "total"
        for by, part in rows[~total].groupby("by", sort=False):
            adds_up = by != "month" or not run.is_mean(str(name))
            for side in ("with", "without"):
                cells = Cells(part[side].to_numpy(dtype=float), (Axis.of(len(part), adds_up=adds_up),))
                hidden[part["number"][cells.hidden[0,]]] = True
                hidden[rows["number"][total]] |= bool(adds_up and cells.hidden[cells.axes[0].levels[ALL],].any())
        small = too_few(rows["with"].to_numpy()) | too_few(rows["without"].to_numpy())
        hidden[rows["number"][small]] = True
    numbers = [name for name in table if name not in ("output", "title", "side", "unit", "by", "of", "draws_ratio")]
    shown = table.copy()
    shown.loc[hidden, numbers] = np.nan
    return shown


def shown_coverage(dataset: xr.Dataset) -> pd.DataFrame:
    """`coverage_table` as it may be passed on: without ratios from which a small figure could be worked out."""
    run, table = read_run(dataset), summary_table(dataset)
    return coverage_table(dataset, table.assign(hidden=hidden_figures(run, table)) if run.hides_small else table)


def hidden_figures(run: Run, table: pd.DataFrame) -> np.ndarray:
    """Published figures that must not be shown: (n_rows,) bool. Small ones, and of the same days what would give them away.

    table : of `summary_table`, or its like with first and last in place of from and to
    """
    people = [run.arrays[name].attrs.get("units") == "people" if name in run.arrays else True for name in table["output"]]
    return hidden_rows(table, np.array(people, dtype=bool), Labels(run.places, run.model["groups"]))


def shown_diagnostics(run: Run, diagnostics: Mapping[str, Any]) -> dict[str, Any]:
    """What a fit says of itself as it may be passed on: figures that must not be shown are null, and how far the fit is from them.

    diagnostics : of `learn.fit`, with figures that were used and series that are missed
    """
    if not run.hides_small or not diagnostics["figures"]:
        return dict(diagnostics)
    table = pd.DataFrame(diagnostics["figures"]).astype({"value": float, "low": float, "high": float})
    numbers = ("value", "low", "high", "residual")
    figures = []
    for figure, is_hidden in zip(diagnostics["figures"], hidden_figures(run, table), strict=True):
        told = run.wording(figure["output"]).told
        fitted = {name: None if told(figure[name]) != figure[name] else figure[name] for name in ("q10", "q50", "q90")}
        figures.append({**figure, **fitted, **(dict.fromkeys(numbers) if is_hidden else {})})
    missed = [{**one, **({"published": None, "errors": None} if one["has_few"] else {})} for one in diagnostics["missed"]]
    return {**diagnostics, "figures": figures, "missed": missed}


@dataclass(frozen=True)
class Labels:
    """What places and groups are part of: id → region and country of a place; citizenship and kind of a group."""

    place: Mapping[str, Mapping[str, object]]
    group: Mapping[str, Mapping[str, object]]


def hidden_rows(table: pd.DataFrame, people: np.ndarray, labels: Labels) -> np.ndarray:
    """Rows of counts that must not be shown: (n_rows,) bool. Small ones, and of the same output and days what would give them away.

    table : columns output, place, group (empty: all together), value and perhaps low and high; from and to, or first and last
    people : (n_rows,) bool     which rows count people
    """
    days = ["from", "to"] if "from" in table else ["first", "last"]
    counts = table.assign(number=np.arange(len(table)), count=table["value"].where(people))
    hidden = np.asarray(too_few(counts["count"].fillna(0).to_numpy()))
    for column in ("low", "high"):
        if column in table:
            hidden |= np.asarray(too_few(table[column].where(people).fillna(0).to_numpy()))
    for _, rows in counts[hidden].groupby(["output", "place", "group"], sort=False):
        hidden |= _longer(counts, rows, days)
    for _, rows in counts.groupby(["output", *days], sort=False):
        if np.any(too_few(rows["count"].fillna(0).to_numpy())) and len(rows) > 1:
            for by in (("place", "group"), ("place",), ("group",)):
                hidden[_hidden_rows(labels, rows, by)] = True
    return hidden


def _longer(counts: pd.DataFrame, small: pd.DataFrame, days: list[str]) -> np.ndarray:
    """Figures of the series of some small ones that count more days, those of a small one among them: less the other days they are it."""
    first, last = (counts[name].astype(str).to_numpy() for name in days)
    own = np.logical_and.reduce([counts[name].to_numpy() == small[name].iloc[0] for name in ("output", "place", "group")])
    holds = np.zeros(len(counts), dtype=bool)
    for begin, end in small[days].astype(str).itertuples(index=False, name=None):
        holds |= (first <= begin) & (last >= end) & ((first < begin) | (last > end))
    return np.asarray(own & holds)


def _hidden_rows(known: Labels, rows: pd.DataFrame, by: tuple[str, ...]) -> list[int]:
    """Numbers of the rows that must not be shown, seen as a table by place, group or both with its sums; the last revisions count."""
    for name in ("place", "group"):
        rows = rows if name in by else rows[rows[name] == ""]
    labels, axes = [], []
    for name in by:
        parts_of = getattr(known, name)
        given = [label for label in dict.fromkeys(rows[name]) if label]
        own = [label for label in given if label in parts_of] or given
        labels.append(own)
        parts = {key: [parts_of.get(label, {}).get(key) or label for label in own] for key in OWN_PARTS[name]}
        axes.append((Axis.of(len(own), parts), parts))
    if not all(labels):
        return []

    def place_of(row: Mapping[str, Any]) -> tuple[Level, tuple[int, ...]] | None:
        found = [_level_and_code(row[name], own, *axis) for name, own, axis in zip(by, labels, axes, strict=True)]
        known_ = [one for one in found if one is not None]
        return (tuple(level for level, _ in known_), tuple(code for _, code in known_)) if len(known_) == len(by) else None

    people = np.full([len(own) for own in labels], np.nan)
    places = [place_of(row) for row in rows.to_dict("records")]
    for place, count in zip(places, rows["count"], strict=True):
        if place is not None and not any(place[0]):
            people[place[1]] = count
    cells = Cells(people, tuple(axis for axis, _ in axes))
    return [
        int(n) for place, n in zip(places, rows["number"], strict=True) if place is not None and cells.hidden[place[0]][place[1]]
    ]


def _level_and_code(label: str, own: list[str], axis: Axis, parts: Mapping[str, list[object]]) -> tuple[int, int] | None:
    """Where a label stands on an axis: as one of its own, as a country of them, as all of them; none if it is not there."""
    if not label:
        return axis.levels[ALL], 0
    if label in own:
        return 0, own.index(label)
    key = next((key for key in parts if label in parts[key]), None)
    return None if key is None else (axis.levels[key], int(axis.codes[axis.levels[key]][parts[key].index(label)]))
