"""`Dataset.corredor`: totals, bands and published figures of a run, for a notebook; the numbers are those of the pages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from corredor.results.coverage import summary_table
from corredor.results.view import GROUP_DIMENSIONS, PLACE_DIMENSIONS, Run, Series, read_run
from corredor.study.arguments import DateLike, choice_of, date_of

BANDS = {"low95": 0.025, "low80": 0.1, "low50": 0.25, "median": 0.5, "high50": 0.75, "high80": 0.9, "high95": 0.975}


@xr.register_dataset_accessor("corredor")  # type: ignore[no-untyped-call]
class RunAccessor:
    """What a reader asks of the Dataset of a run. A comparison is asked scenario by scenario: `ds.sel(scenario="with").corredor`."""

    def __init__(self, dataset: xr.Dataset) -> None:
        self._run: Run = read_run(dataset)

    def total(
        self,
        output: str,
        place: str | None = None,
        group: str | None = None,
        since: DateLike | None = None,
        until: DateLike | None = None,
    ) -> xr.DataArray:
        """An output over the whole study or some days of it, draw by draw.

        Parameters
        ----------
        output
            Name of an output or account.
        place, group
            Only a place, region or country; only a group, citizenship or kind.
        since, until
            First and last day; a period partly inside counts by its days.

        Returns
        -------
        xarray.DataArray
            Over draw, in the unit of the output: the sum of a flow, the mean of a stock or wait.

        Raises
        ------
        ValueError
            An unknown output, place, group or date, or no day left.

        Examples
        --------
        >>> simulate("two-towns", draws=3).corredor.total("crossings", since="2021-02-01").dims
        ('draw',)
        """
        series, run = self._series(output, place, group), self._run
        first = run.starts(output)[0].astype("datetime64[D]").item() if since is None else date_of(since, "since")
        last = run.last_day if until is None else date_of(until, "until", first=first)
        attributes = {"units": run.unit(output), "long_name": run.title(output)}
        return xr.DataArray(
            run.window_total(series, first, last), {"draw": run.dataset["draw"].to_numpy()}, ["draw"], output, attributes
        )

    def bands(self, output: str, place: str | None = None, group: str | None = None) -> pd.DataFrame:
        """Median and 50, 80 and 95 % bands of an output, period by period.

        Parameters
        ----------
        output, place, group
            As of `total`.

        Returns
        -------
        pandas.DataFrame
            Index: first day of each period; columns low95, low80, low50, median, high50, high80, high95.

        Examples
        --------
        >>> len(simulate("two-towns", draws=3).corredor.bands("crossings"))
        6
        """
        quantiles = np.quantile(self._run.draws(self._series(output, place, group)), list(BANDS.values()), axis=0)
        index = pd.DatetimeIndex(self._run.starts(output), name=self._run.time_of(output))
        return pd.DataFrame(quantiles.T, index=index, columns=list(BANDS))

    def by_place(self, output: str) -> pd.DataFrame:
        """The total of each place, region or country of an output.

        Parameters
        ----------
        output
            As of `total`.

        Returns
        -------
        pandas.DataFrame
            One row each, the largest median first: place, name, and the columns of `bands`; empty for an output without places.

        Examples
        --------
        >>> simulate("two-towns", draws=3).corredor.by_place("in_shelter").columns[:2].tolist()
        ['place', 'name']
        """
        dimension = self._run.dimension_in(self._known(output), PLACE_DIMENSIONS)
        labels = self._run.labels(output, dimension) if dimension else []
        rows = []
        for label in labels:
            found = np.quantile(self.total(output, place=label).to_numpy(), list(BANDS.values()))
            rows.append({"place": label, "name": self._run.name_of(label), **dict(zip(BANDS, found, strict=True))})
        frame = pd.DataFrame(rows, columns=["place", "name", *BANDS])
        return frame.sort_values("median", ascending=False, kind="stable", ignore_index=True)

    def route_totals(self, output: str) -> pd.DataFrame:
        """People along each route over the whole study, the largest median first: from, to, and the columns of `bands`."""
        array = self._run.dataset[self._known(output)]
        people = array.sum([d for d in array.dims if d not in ("draw", "route")], skipna=True)
        frame = pd.DataFrame(people.quantile(list(BANDS.values()), "draw").to_numpy().T, columns=list(BANDS))
        ends = [str(route).split(">", 1) for route in array["route"].to_numpy()]
        frame.insert(0, "from", [start for start, _ in ends])
        frame.insert(1, "to", [end for _, end in ends])
        return frame.sort_values("median", ascending=False, kind="stable", ignore_index=True)

    def beside_published(self) -> pd.DataFrame:
        """Each published figure beside what the draws say: as of `corredor.summary_table`."""
        return summary_table(self._run.dataset)

    def _known(self, output: str) -> str:
        return choice_of(output, "output", (*self._run.outputs, *self._run.accounts))

    def _series(self, output: str, place: str | None, group: str | None) -> Series:
        run = self._run
        for value, name, family in ((place, "place", PLACE_DIMENSIONS), (group, "group", GROUP_DIMENSIONS)):
            if value is not None:
                dimension = run.dimension_in(self._known(output), family)
                labels = run.labels(output, dimension) if dimension else []
                known = [key for label in labels for key in run.belongs_to(str(dimension), label)]
                choice_of(value, name, dict.fromkeys(known))
        return Series(self._known(output), place or "", group or "")
