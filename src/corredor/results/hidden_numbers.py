"""Which numbers of runs and comparisons must not be shown, and tables without them: small counts, and what would give them away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from corredor.results.coverage import QUANTILES, coverage_table, summary_table
from corredor.results.drawn import mean_over_draws
from corredor.results.hidden_rows import OWN_PARTS, Labels, hidden_rows
from corredor.results.small_cells import ALL, Axis, Cells, Level
from corredor.results.view import GROUP_DIMENSIONS, PLACE_DIMENSIONS, TIME_DIMENSIONS, Run, Series, read_run
from corredor.results.wording import too_few


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

    def given_away_totals(self, name: str, dim: str) -> np.ndarray:
        """(n_labels,) bool: the totals that must not be shown, small ones too."""
        return self.hidden(name, {dim: dim}).to_numpy() if self.hides_small else super().given_away_totals(name, dim)

    def hidden(self, name: str, kept: Mapping[str, str] | None = None) -> xr.DataArray:
        """The numbers of an output that must not be shown: bool, over the parts that are told apart.

        kept : dimension → the dimension or what it is summed to (place → country); all dimensions as they are unless given
        """
        parts = {dim: dim for dim in self._dims(name)} if kept is None else dict(kept)
        key = (name, *parts.items())
        if key not in self._hidden:
            self._hidden[key] = self._of_an_account(name, parts) if name in self.accounts else self._of_an_output(name, parts)
        return self._hidden[key]

    @cached_property
    def _hidden(self) -> dict[Hashable, xr.DataArray]:
        return {}

    def _of_an_output(self, name: str, parts: dict[str, str]) -> xr.DataArray:
        hidden = self._at(name, parts)
        if self.arrays[name].attrs.get("units") != "people":
            return hidden & False
        for other in self.outputs:
            same = self._of_the_same(name, other, parts) if other != name and self._hides_any(other) else None
            if same is not None:
                hidden = hidden | same
        for part in self.model["outputs"][name].get("sum_of", ()):
            # with the other parts, a sum is the one that is hidden
            of_part = self.hidden(part, {dim: to for dim, to in parts.items() if dim in self._dims(part)})
            hidden = hidden | of_part.reindex_like(hidden, fill_value=False)
        return hidden.transpose(*parts.values())

    def _hides_any(self, name: str) -> bool:
        return any(mask.any() for cells in self._tables(name) for mask in cells.hidden.values())

    def _of_an_account(self, name: str, parts: Mapping[str, str]) -> xr.DataArray:
        """What is hidden of the dollars of an account: where its people are, since dollars by what each is worth are people."""
        of = self.model["accounts"][name]["of"]
        return self.hidden(of, parts) if self._is_people(of) else self._at(name, parts) & False

    def _is_people(self, name: str) -> bool:
        return name in self.arrays and self.arrays[name].attrs.get("units") == "people" and not self.is_waited(name)

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

    def hidden_in_lines(self, name: str) -> Iterator[tuple[str, str]]:
        """Of an output over the whole study what must not be shown in all, by place, by group and by month, each beside its total.

        returns : pairs of by (total, place, group, month …) and the label
        """
        total, months = self.window(name, self.first_day, self.last_day), self._months(name)
        time, is_hidden = self.time_of(name), False
        others = [dim for dim in self._dims(name) if dim != time]
        for cells in self._tables(name):
            people = np.moveaxis(cells.people, self._dims(name).index(time), 0)
            together = _summed(people, range(1, people.ndim))
            lines = {"month": (list(months), np.array([together @ weights for weights in months.values()]))}
            over_time = np.where(np.isnan(people).all(axis=0), np.nan, np.tensordot(total, np.nan_to_num(people), 1))
            for at, dim in enumerate(others):
                labels = [str(label) for label in self.arrays[name][dim].to_numpy()]
                lines[dim] = labels, _summed(over_time, [axis for axis in range(over_time.ndim) if axis != at])
            for by, (labels, line) in lines.items():
                adds_up = by != "month" or not self.is_mean(name)
                alone = Cells(line, (Axis.of(len(line), adds_up=adds_up),))
                yield from ((by, labels[n]) for n in np.flatnonzero(alone.hidden[0,]))
                is_hidden |= adds_up and bool(alone.hidden[alone.axes[0].levels[ALL],].any())
            is_hidden |= bool(too_few(float(together @ total)))
        if not self.is_mean(name):
            is_hidden |= bool(self.hidden(name, {}).any())
            for dim in (*others, *(["month"] if time in ("month", "day", "step") else [])):
                mask = self.hidden(name, {time if dim == "month" else dim: dim})
                labels = [str(label) for label in mask[dim].to_numpy()[mask.to_numpy()]]
                yield from ((dim, label[:7] if dim == "month" else label) for label in labels)
        if is_hidden:
            yield "total", ""

    def _months(self, name: str) -> dict[str, np.ndarray]:
        """Month, such as 2018-11 → weights of the periods of an output in it, each (n_periods,) float."""
        found, day = {}, self.first_day
        while day <= self.last_day:
            after = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
            found[f"{day:%Y-%m}"] = self.window(name, day, min(after - dt.timedelta(days=1), self.last_day))
            day = after
        return found

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
        parts = [part for part in OWN_PARTS.get(dim, ()) if dim not in TIME_DIMENSIONS or part == "month" or part in self._times]
        return Axis.of(len(labels), {part: self._parts(dim, labels, part).tolist() for part in parts})

    @cached_property
    def _times(self) -> set[str]:
        """Time dimensions of the outputs."""
        return {self.time_of(name) for name in self.outputs}

    def _parts(self, dim: str, labels: np.ndarray, part: str) -> np.ndarray:
        """What labels are called as parts: places by their countries, days by the first moments of their months, as outputs have these."""
        if part == dim:
            return labels
        if dim not in TIME_DIMENSIONS:
            return np.array([self._part(dim, str(label), part) for label in labels])
        moments = labels.astype("datetime64[ns]")
        if part in self._times:
            starts = self._starts[part]
            return np.asarray(starts[np.maximum(np.searchsorted(starts, moments, side="right") - 1, 0)])
        return np.asarray(moments.astype("datetime64[M]").astype("datetime64[ns]"))

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
        key = (name, *sorted(parts.items()))
        if key not in self._sums_kept:
            cells = self._tables(name)
            self._sums_kept[key] = [self._named(name, one, one.sums(self._level(name, one, parts)), parts) for one in cells]
        return self._sums_kept[key]

    @cached_property
    def _sums_kept(self) -> dict[Hashable, list[xr.DataArray]]:
        return {}

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
            if part != dim:
                labels = np.unique(self._parts(dim, labels, part))
            names.append(part)
            coordinates[part] = labels[:size]
        return xr.DataArray(values[tuple(alone)], dims=names, coords=coordinates)

    def _of_the_same(self, name: str, other: str, parts: Mapping[str, str]) -> xr.DataArray | None:
        """What must not be shown since another output counts the same people: what it hides of the same sums, and of sums of these.

        A sum that the other hides must not be worked out from its parts here, so that none of them is shown.
        returns : none where the other counts other people, or nothing that these sums are part of
        """
        kinds = [(self.arrays[one].attrs.get("units"), self.is_mean(one), self.is_waited(one)) for one in (name, other)]
        if kinds[0] != kinds[1] or kinds[0][2]:
            return None
        mine, others = self._in_common(name, other, parts)
        if not set(mine) & set(TIME_DIMENSIONS):
            return None
        for a, b in zip(self._sums(name, mine), self._sums(other, others), strict=True):
            a, b = xr.align(self._added_up(name, a), self._added_up(other, b), join="left")
            if not np.allclose(a, b.transpose(*a.dims), rtol=1e-9, atol=1e-9, equal_nan=True):
                return None
        mask = self._at(other, others).reindex_like(self._sums(name, mine)[0], fill_value=False)
        for dim, part in mine.items():
            if part != parts[dim]:
                finer = self.arrays[name][dim].to_numpy()
                told, sums = self._parts(dim, finer, parts[dim]), self._parts(dim, finer, part)
                labels, first = np.unique(told, return_index=True) if parts[dim] != dim else (told, np.arange(len(told)))
                mask = mask.sel({part: sums[first]}).rename({part: parts[dim]}).assign_coords({parts[dim]: labels})
        return mask

    def _in_common(self, name: str, other: str, parts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """What two outputs can both be summed to, nearest to what is told: of the one dimension → part, and of the other."""
        mine, others = {}, {}
        for dim, told in parts.items():
            sums = (
                told,
                *(part for part in OWN_PARTS.get(dim, ()) if told == dim or (dim in TIME_DIMENSIONS and part == "month")),
            )
            for dim_there in self._dims(other):
                common = next((part for part in sums if part in (dim_there, *OWN_PARTS.get(dim_there, ()))), None)
                if common is not None:
                    mine[dim], others[dim_there] = common, common
        return mine, others

    def _added_up(self, name: str, sums: xr.DataArray) -> xr.DataArray:
        """Sums over time as person-days, where periods hold means; as they are, where people are counted in them."""
        time = self.time_of(name)
        if not self.is_mean(name) or time not in sums.dims:
            return sums
        days = np.diff(np.append(self.starts(name), self.end)) / np.timedelta64(1, "D")
        return sums * xr.DataArray(days, dims=time, coords={time: self.arrays[name][time].to_numpy()})


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
    unshown = hidden_effects(Guarded(dataset))
    hidden = [key in unshown for key in zip(table["output"], table["by"], table["of"], strict=True)]
    numbers = [name for name in table if name not in ("output", "title", "side", "unit", "by", "of", "draws_ratio")]
    shown = table.copy()
    shown.loc[hidden, numbers] = np.nan
    return shown


def hidden_effects(run: Guarded) -> frozenset[tuple[str, str, str]]:
    """Output, by and of, as in `effect_table`, of the numbers of a comparison that must not be shown.

    Means of each scenario are looked at as a line by place, by group and by month with its total, and as what a table of the same draws
    hides (`Guarded`), since the scenario with the measures is often a run that was passed on too.
    """
    found = set[tuple[str, str, str]]()
    if not run.hides_small:
        return frozenset()
    for name in run.outputs:
        if run.unit(name) == "people":
            found |= {(name, *key) for key in run.hidden_in_lines(name)}
    for name in run.outputs:
        parts = run.model["outputs"][name].get("sum_of", ())
        found |= {(name, by, of) for part, by, of in found if part in parts}
    for name in run.accounts:
        of_people = run.model["accounts"][name]["of"]
        found |= {(name, by, of) for output, by, of in found if output == of_people}
    return frozenset(found)


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


def _summed(values: np.ndarray, axes: Iterable[int]) -> np.ndarray:
    """Sums over some axes, not a number where nothing is counted."""
    over = tuple(axes)
    return np.where(np.isnan(values).all(axis=over), np.nan, np.nansum(values, axis=over))
