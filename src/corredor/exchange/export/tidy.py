"""One table for each output, a row for each period and part: what the draws say, or every draw."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from corredor.results.dataset import TIME_DIMENSION
from corredor.results.hidden_numbers import Guarded
from corredor.results.wording import shown_people
from corredor.study.csv_text import write_frame
from corredor.study.problems import ExtraMissing
from corredor.study.whole_file import replace_whole

QUANTILES = {"q2.5": 0.025, "q10": 0.1, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q90": 0.9, "q97.5": 0.975}


def write_tidy(
    dataset: xr.Dataset, folder: Path, kind: Literal["csv", "parquet"], *, every_draw: bool = False, suppress: bool = True
) -> list[Path]:
    """Tables of all outputs and accounts.

    every_draw : a row for each draw with its value, in place of mean and quantiles
    suppress : leave counts below five people empty, and what would give them away
    returns : the files written, one for each output
    raises : ExtraMissing
    """
    if kind == "parquet":
        _need_parquet()
    folder.mkdir(parents=True, exist_ok=True)
    paths, guarded = [], Guarded(dataset)
    for name in outputs_of(dataset):
        hidden = guarded.hidden(name) if suppress and name in (*guarded.outputs, *guarded.accounts) else None
        table = tidy_table(dataset[name], every_draw=every_draw, hidden=hidden)
        path = folder / f"{name}.{kind}"
        if kind == "csv":
            write_frame(table, path, "%.6g")
        else:
            replace_whole(path, lambda passing, table=table: table.to_parquet(passing, index=False))  # type: ignore[misc]
        paths.append(path)
    return paths


def outputs_of(dataset: xr.Dataset) -> list[str]:
    """Names of the variables that have draws and periods: outputs and accounts."""
    return [str(name) for name, array in dataset.data_vars.items() if array.ndim > 1 and array.dims[1] in TIME_DIMENSION.values()]


def tidy_table(array: xr.DataArray, *, every_draw: bool = False, hidden: xr.DataArray | None = None) -> pd.DataFrame:
    """An output as a table: period, its dimensions, unit, then mean and quantiles over draws, or draw and value.

    hidden : of `Guarded`: numbers that are left empty, and with them all that are too small; none leaves nothing empty
    A part that the output does not count is left out.
    """
    dims = [str(dim) for dim in array.dims if dim != "draw"]
    values = array.transpose("draw", *dims).to_numpy().astype(float)
    suppress = hidden is not None and array.attrs.get("units") == "people"
    given_away = np.zeros(values[0].size, dtype=bool) if hidden is None else hidden.transpose(*dims).to_numpy().ravel()
    frame = pd.MultiIndex.from_product([_labels(array, dim) for dim in dims], names=dims).to_frame(index=False)
    frame["unit"] = str(array.attrs.get("units", ""))
    flat = values.reshape(len(values), -1)
    counted = ~np.isnan(flat).all(axis=0)
    if every_draw:
        tables = []
        for draw, row in zip(array["draw"].to_numpy(), flat, strict=True):
            tables.append(frame.assign(draw=int(draw), value=np.where(given_away, np.nan, shown_people(row, suppress)))[counted])
        return pd.concat(tables, ignore_index=True) if tables else frame.iloc[:0]
    frame, flat = frame[counted].reset_index(drop=True), np.where(given_away, np.nan, flat)[:, counted]
    frame["mean"] = shown_people(flat.mean(axis=0), suppress)
    for name, row in zip(QUANTILES, np.quantile(flat, list(QUANTILES.values()), axis=0), strict=True):
        frame[name] = shown_people(row, suppress)
    return frame


def _labels(array: xr.DataArray, dim: str) -> list[str] | list[float]:
    values = array[dim].to_numpy()
    if np.issubdtype(values.dtype, np.datetime64):
        return [str(value)[:10] if str(value)[10:19] in ("", "T00:00:00") else str(value)[:16] for value in values]
    return list(values.tolist())


def _need_parquet() -> None:
    try:
        import pyarrow  # noqa: F401  # late: an extra
    except ImportError:
        raise ExtraMissing("Parquet cannot be written", "parquet", ", or --to csv") from None
