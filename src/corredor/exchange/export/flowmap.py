"""Locations and flows in the tables of flowmap.blue, from outputs that are told apart by route.

Layout: flowmap.blue, "How to prepare your data": locations.csv has id, name, lat, lon; flows.csv has origin, dest, count, time.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from corredor.results.dataset import TIME_DIMENSION
from corredor.results.hidden_numbers import Guarded
from corredor.results.wording import shown_people
from corredor.study.csv_text import write_frame


def write_flowmap(dataset: xr.Dataset, folder: Path, *, output: str | None = None, suppress: bool = True) -> list[Path]:
    """Tables of places and of the median flow between them in every period; flows of nobody are left out.

    output : told apart by route; all such outputs, in one file each, unless given
    suppress : leave flows below five people out, and what would give them away
    raises : ValueError, when no output is told apart by route
    """
    by_route = [str(name) for name, array in dataset.data_vars.items() if "route" in array.dims and "draw" in array.dims]
    if (output is not None and output not in by_route) or not by_route:
        raise ValueError(
            "outputs told apart by route: " + (", ".join(by_route) or "none; add `by: [route]` to one in study.yaml")
        )
    chosen = [output] if output is not None else by_route
    places = json.loads(dataset.attrs["model"])["places"]
    locations = pd.DataFrame({key: [place[key] for place in places] for key in ("id", "name", "lat", "lon")})
    tables, guarded = {"locations.csv": locations}, Guarded(dataset)
    tables |= {
        f"flows_{name}.csv" if len(chosen) > 1 else "flows.csv": flow_table(
            dataset[name],
            guarded.hidden(name, {guarded.time_of(name): guarded.time_of(name), "route": "route"}) if suppress else None,
        )
        for name in chosen
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_frame(table, folder / name)
    return [folder / name for name in tables]


def flow_table(array: xr.DataArray, hidden: xr.DataArray | None = None) -> pd.DataFrame:
    """Median people on each route in each period: origin, dest, count, time.

    hidden : of `Guarded`, by period and route: what is left out, and with it all that is too small; none leaves nothing out
    """
    time = next(str(dim) for dim in array.dims if dim in TIME_DIMENSION.values())
    other = [dim for dim in array.dims if dim not in ("draw", time, "route")]
    medians = np.median(array.sum(other, skipna=True).transpose("draw", time, "route").to_numpy(), axis=0)
    if hidden is not None:
        medians = np.where(hidden.transpose(time, "route"), 0.0, np.nan_to_num(shown_people(medians, True)))
    rows = []
    for at, start in enumerate(array[time].to_numpy()):
        for number, route in enumerate(array["route"].to_numpy()):
            count = round(float(medians[at, number]))
            if count > 0:
                origin, dest = str(route).split(">")
                rows.append((origin, dest, count, str(start)[:10]))
    return pd.DataFrame(rows, columns=["origin", "dest", "count", "time"])
