"""A forecast of corredor as a model-output file of the hubverse format, and the figures known then as target data.

A task is a published series (target: the output; location: the place; group) in a month after the forecast's day. Values are figures as
they would be published (M14). Samples with the same number are of one draw over all tasks, so that sums and paths can be made from them
(compound tasks: all that have the same reference_date). They are forecasts, no counts of people, so that
small ones are not left out; of published figures they are.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from corredor.exchange.hubverse.names import QUANTILES, TOTAL, model_id
from corredor.learn.backtest.sums import sums_of
from corredor.learn.monthly_series import MonthlySeries, SeriesName, monthly_series
from corredor.results.hidden_numbers import hidden_figures
from corredor.results.to_come import would_be_published
from corredor.results.view import read_run
from corredor.study.calendar import first_day, last_day, month_number
from corredor.study.csv_text import write_frame
from corredor.study.model import Model
from corredor.study.whole_file import replace_whole


@dataclass(frozen=True)
class Written:
    """files : all that was written; remark : what was left out, and why; empty for nothing"""

    files: tuple[Path, ...]
    remark: str


def write_hubverse(dataset: xr.Dataset, model: Model, folder: Path) -> Written:
    """Write a forecast as CSV, and as Parquet where the library for it is installed; and the figures known on its day.

    dataset : of `forecast`, of this study
    folder : gets model-output/<team>-<model>/<day>-<team>-<model>.csv and .parquet, and target-data/time-series.csv
    raises : ValueError when the study has no `forecast_series`
    """
    as_of = dt.date.fromisoformat(dataset.attrs["as_of"])
    table = model_output(dataset, model)
    name = model_id(model.name)
    stem = folder / "model-output" / name / f"{as_of}-{name}"
    csv, parquet, observed = Path(f"{stem}.csv"), Path(f"{stem}.parquet"), folder / "target-data" / "time-series.csv"
    csv.parent.mkdir(parents=True, exist_ok=True)
    observed.parent.mkdir(parents=True, exist_ok=True)
    write_frame(table, csv, "%.8g")
    write_frame(shown_figures(time_series(model, as_of), dataset), observed, "%.10g")
    if importlib.util.find_spec("pyarrow") is None:
        return Written((csv, observed), "no Parquet file, which needs the extra: pip install 'corredor[parquet]'")
    replace_whole(parquet, partial(table.to_parquet, index=False))
    return Written((csv, parquet, observed), "")


def model_output(dataset: xr.Dataset, model: Model) -> pd.DataFrame:
    """The rows of a model-output file.

    returns : columns reference_date, target, horizon (months from that of the reference date), target_end_date, location, group,
        output_type, output_type_id (text), value (people)
    """
    as_of = dt.date.fromisoformat(dataset.attrs["as_of"])
    begin = month_number(as_of + dt.timedelta(days=1))
    months = range(begin, begin + int(dataset.attrs["forecast_months"]))
    samples = _samples(dataset, model, months)
    if not samples:
        raise ValueError(
            "no figure that counts a whole calendar month with one value, so there is no series to forecast by month"
        )
    ids = np.array([*(f"{level:g}" for level in QUANTILES), *(str(draw) for draw in dataset["draw"].to_numpy())])
    kinds = np.repeat(["quantile", "sample"], [len(QUANTILES), dataset.sizes["draw"]])
    tables = []
    for (name, month), values in samples.items():
        task = {
            "reference_date": str(as_of),
            "target": name.output,
            "horizon": month - month_number(as_of),
            "target_end_date": str(last_day(month)),
            "location": name.place or TOTAL,
            "group": name.group or TOTAL,
        }
        numbers = np.concatenate([np.quantile(values, QUANTILES), values])
        tables.append(pd.DataFrame({**task, "output_type": kinds, "output_type_id": ids, "value": numbers}))
    return pd.concat(tables, ignore_index=True)


def time_series(model: Model, as_of: dt.date | None = None) -> pd.DataFrame:
    """Published figures of the series that are forecast, each as known on a day, as time-series target data.

    as_of : the last figure published by then of each month; of all that were published unless given
    returns : columns target_end_date, target, location, group, observation (people)
    """
    rows = []
    for one in forecast_series(model):
        for month, versions in sorted(one.figures.items()):
            known = [row for row in versions if as_of is None or row.published <= as_of]
            if known:
                of = {"target": one.name.output, "location": one.name.place or TOTAL, "group": one.name.group or TOTAL}
                rows.append({"target_end_date": str(last_day(month)), **of, "observation": known[-1].value})
    return pd.DataFrame(rows, columns=["target_end_date", "target", "location", "group", "observation"])


def shown_figures(figures: pd.DataFrame, dataset: xr.Dataset) -> pd.DataFrame:
    """The figures that may be passed on: none of few people, and none that would give these away.

    figures : of `time_series`
    """
    run = read_run(dataset)
    if not run.hides_small or figures.empty:
        return figures
    total = {"place": figures["location"].replace(TOTAL, ""), "group": figures["group"].replace(TOTAL, "")}
    same = {"output": figures["target"], "from": figures["target_end_date"], "to": figures["target_end_date"]}
    table = pd.DataFrame({**same, **total, "value": figures["observation"], "low": np.nan, "high": np.nan})
    return figures[~hidden_figures(run, table)]


def study_figures(model: Model) -> pd.DataFrame:
    """The figures published last of the series that are forecast, as `observed_figures` gives those of a file."""
    return time_series(model).rename(columns={"target_end_date": "date"})


def forecast_series(model: Model) -> list[MonthlySeries]:
    """Series that are forecast by month, as a backtest scores them: published ones, then totals of them."""
    series = [one for one in monthly_series(model) if one.figures]
    return series + sums_of(series, model)


def _samples(dataset: xr.Dataset, model: Model, months: range) -> dict[tuple[SeriesName, int], np.ndarray]:
    """Draws of every series in every month: totals as the sums of their parts in each draw."""
    published = [one for one in forecast_series(model) if not one.parts]
    rows = {
        (one.name, month): next(iter(one.figures.values()))[0].model_copy(
            update={"from_": first_day(month), "to": last_day(month)}
        )
        for one in published
        for month in months
    }
    values = would_be_published(dataset, model, list(rows.values()))
    made = {task: values[:, number] for number, task in enumerate(rows)}
    for one in forecast_series(model):
        if one.parts:
            made |= {(one.name, month): np.sum([made[(part, month)] for part in one.parts], axis=0) for month in months}
    return made
