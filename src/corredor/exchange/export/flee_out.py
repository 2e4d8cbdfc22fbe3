"""The table that Flee prints for a run (out.csv), so that scripts which plot it keep working.

Layout: runscripts/run.py of Flee (BSD 3-clause): Day, Date, for every camp `NAME sim`, `NAME data`, `NAME error`, then Total
error, refugees in camps (UNHCR), total refugees (simulation), raw UNHCR refugee count, refugees in camps (simulation),
refugee_debt. An error is |sim / data − 1|, 0 where the data are 0; the total one is Σ |sim − data| / Σ data. Data are linear
between published counts, and constant beyond them.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from corredor.results.hidden_numbers import Guarded, hidden_figures
from corredor.results.wording import shown_people
from corredor.study.csv_text import write_frame

LEAST_DATA = 0.00001
"""Flee counts the error as 0 where the data are smaller."""


def write_flee(dataset: xr.Dataset, folder: Path, *, output: str | None = None, suppress: bool = True) -> list[Path]:
    """out.csv of the camps of a daily stock by place that has published figures.

    output : such a stock; the only one unless given
    suppress : leave counts below five people empty, simulated and published ones, and what would give them away
    raises : ValueError, when there is none or more than one
    """
    able = flee_outputs(dataset)
    if output is not None and output not in able:
        raise ValueError(f"daily stocks by place with published figures: {', '.join(able) or 'none'}")
    if output is None and len(able) != 1:
        raise ValueError(f"one daily stock by place with published figures; there are: {', '.join(able) or 'none'}")
    table = flee_table(dataset, output or able[0], suppress=suppress)
    folder.mkdir(parents=True, exist_ok=True)
    write_frame(table, folder / "out.csv", "%.6g")
    return [folder / "out.csv"]


def flee_outputs(dataset: xr.Dataset) -> list[str]:
    """Outputs that can be written as Flee's table."""
    with_figures = set(dataset["observation_output"].to_numpy()[dataset["observation_place"].to_numpy() != ""].tolist())
    return [
        str(name)
        for name, array in dataset.data_vars.items()
        if name in with_figures and {"day", "place"} <= set(array.dims) and "mean" in str(array.attrs.get("cell_methods", ""))
    ]


def flee_table(dataset: xr.Dataset, output: str, *, suppress: bool = True) -> pd.DataFrame:
    """The table of one output; `sim` is the mean over draws. corredor keeps no debt of people: refugee_debt is 0.

    suppress : as of `write_flee`; of published counts all days are left empty between whose dates one is hidden
    """
    array = dataset[output]
    array = array.sum([dim for dim in array.dims if dim not in ("draw", "day", "place")], skipna=True)
    days = array["day"].to_numpy()
    names = {place["id"]: place["name"] for place in json.loads(dataset.attrs["model"])["places"]}
    table: dict[str, np.ndarray] = {"Day": np.arange(len(days)), "Date": np.array([str(day)[:10] for day in days])}
    sims, data, no_data = [], [], []
    guarded, hidden = Guarded(dataset), None
    unshown = np.zeros(dataset.sizes["observation"], dtype=bool)
    if suppress:
        hidden = guarded.hidden(output, {"day": "day", "place": "place"}).transpose("day", "place")
        columns = ("output", "place", "group", "from", "to", "value", "low", "high")
        unshown = hidden_figures(guarded, pd.DataFrame({name: dataset[f"observation_{name}"].to_numpy() for name in columns}))
    for place in array["place"].to_numpy().tolist():
        found = _published(dataset, output, place, days, unshown)
        if found is None:
            continue
        published, not_shown = found
        no_data.append(not_shown)
        sim = array.sel(place=place).mean("draw").to_numpy().astype(float)
        sims.append(sim)
        data.append(published)
        error = np.where(published < LEAST_DATA, 0.0, np.abs(sim / np.maximum(published, LEAST_DATA) - 1))
        shown = np.where(hidden.sel(place=place), np.nan, sim) if hidden is not None else sim
        table |= {f"{names[place]} sim": shown, f"{names[place]} data": np.where(not_shown, np.nan, published)}
        table[f"{names[place]} error"] = np.where(np.isnan(shown) | not_shown, np.nan, error)
    total_sim, total_data = np.sum(sims, axis=0), np.sum(data, axis=0)
    apart = np.sum(np.abs(np.array(sims) - np.array(data)), axis=0)
    shown_total = (
        total_sim if hidden is None else np.where(guarded.hidden(output, {"day": "day"}), np.nan, shown_people(total_sim, True))
    )
    error = np.where(total_data < LEAST_DATA, 0.0, apart / np.maximum(total_data, LEAST_DATA))
    # with the others known, a total of distances or of counts tells the one that is hidden
    any_unshown = np.any(no_data, axis=0)
    total_data = np.where(any_unshown, np.nan, total_data)
    table["Total error"] = np.where(any_unshown | (False if hidden is None else hidden.any("place")), np.nan, error)
    table["refugees in camps (UNHCR)"] = total_data
    table["total refugees (simulation)"] = shown_total
    table["raw UNHCR refugee count"] = total_data
    table["refugees in camps (simulation)"] = shown_total
    table["refugee_debt"] = np.zeros(len(days), dtype=int)
    return pd.DataFrame(table)


def _published(
    dataset: xr.Dataset, output: str, place: str, days: np.ndarray, unshown: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Published counts of a place on every day, and whether one that must not be shown is in them; none when there are none.

    Of revisions the last one counts; between dates counts are linear, beyond them constant.
    unshown : (n_observations,) bool
    """
    mine = (dataset["observation_output"].to_numpy() == output) & (dataset["observation_place"].to_numpy() == place)
    mine &= (dataset["observation_group"].to_numpy() == "") & ~np.isnan(dataset["observation_value"].to_numpy())
    if not mine.any():
        return None
    newest: dict[np.datetime64, tuple[float, bool]] = {}
    order = np.argsort(dataset["observation_published"].to_numpy()[mine], kind="stable")
    for at in order:
        count, is_hidden = float(dataset["observation_value"].to_numpy()[mine][at]), bool(unshown[mine][at])
        newest[dataset["observation_to"].to_numpy()[mine][at]] = count, is_hidden
    dates = np.array(sorted(newest))
    counts, hidden = (np.array([newest[date][part] for date in dates], dtype=float) for part in (0, 1))
    between = days.astype(float), dates.astype(float)
    return np.interp(*between, counts), np.interp(*between, hidden) > 0
