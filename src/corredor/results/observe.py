"""What would be published in each simulated world, beside what was published (M14)."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special

from corredor.engine.draws import halves
from corredor.engine.network import FlowNetwork
from corredor.engine.random_numbers import poisson_quantiles, tag, uniform_pairs
from corredor.study.model import Model
from corredor.study.schema import Observation

PUBLISHED = 103
"""Purpose of random numbers (M15), apart from those of worlds.py and the kernel."""


def add_observations(dataset: xr.Dataset, network: FlowNetwork, values: np.ndarray, seed: int) -> xr.Dataset:
    """The Dataset with the study's published figures over `observation`, and what each draw would have had published.

    values : (n_draws, n_rows) float        of the network's quantities, for reporting shares and dispersions
    """
    model = network.model
    rows = model.observations
    predicted = np.zeros((dataset.sizes["draw"], len(rows)))
    for number, row in enumerate(rows):
        output = model.study.outputs.get(row.output)
        modelled = modelled_value(dataset, network, row)
        if output is not None and output.reported_share is not None:
            modelled = modelled * values[:, network.quantities.row(output.reported_share)]
        # expected flow (M16) has no luck: its published figures are the means
        if output is not None and output.dispersion is not None and not dataset.attrs.get("expected"):
            dispersion = values[:, network.quantities.row(output.dispersion)]
            entity = zlib.crc32(f"{row.output}|{_place_number(network, row.place)}|{row.group}|{row.from_}|{row.to}".encode())
            modelled = published_count(modelled, dispersion, seed, entity)
        predicted[:, number] = modelled
    text = {
        "output": [row.output for row in rows],
        "place": [row.place or "" for row in rows],
        "group": [row.group or "" for row in rows],
        "status": [row.status for row in rows],
        "source": [row.source for row in rows],
        "note": [row.note or "" for row in rows],
    }
    numbers = {"value": [row.value for row in rows], "low": [row.low for row in rows], "high": [row.high for row in rows]}
    dates = {"from": [row.from_ for row in rows], "to": [row.to for row in rows], "published": [row.published for row in rows]}
    new: dict[str, tuple[tuple[str, ...], np.ndarray]] = {"observation_predicted": (("draw", "observation"), predicted)}
    new |= {f"observation_{name}": (("observation",), np.array(column, dtype=str)) for name, column in text.items()}
    new |= {
        f"observation_{name}": (("observation",), np.array([np.nan if x is None else x for x in column], dtype=float))
        for name, column in numbers.items()
    }
    new |= {f"observation_{name}": (("observation",), np.array(column, dtype="datetime64[ns]")) for name, column in dates.items()}
    return dataset.assign(new).assign_coords(observation=np.arange(len(rows)))


def published_count(mean: np.ndarray, dispersion: np.ndarray, seed: int, entity: int) -> np.ndarray:
    """Negative binomial counts: variance = mean + dispersion × mean² (M14).

    mean, dispersion : (n_draws,) float ≥ 0
    entity : 0 … 2**32 − 1                  whose luck it is
    returns : (n_draws,) float whole numbers; each draw has luck of its own, whatever the other draws are
    """
    share_uniforms, count_uniforms = uniform_pairs(*halves(seed), len(mean), 0, entity, tag(PUBLISHED, 0, 0))
    shape = 1 / np.maximum(dispersion, 1e-9)
    spread = np.where(dispersion > 1e-9, special.gammaincinv(shape, share_uniforms) / shape, 1.0)
    # expected flow can leave a rounding error below nobody
    means = np.clip(mean, 0.0, 1e15) * spread
    return np.asarray(poisson_quantiles(count_uniforms, means))


def modelled_value(dataset: xr.Dataset, network: FlowNetwork, row: Observation) -> np.ndarray:
    """An output as an observation counts it: (n_draws,) float.

    A flow is summed over the days from `from` to `to`, a stock or wait is their mean; a period partly inside counts by days.
    """
    array = dataset[row.output]
    for keys in whom_counted(network.model, row):
        labels = {str(d): [str(label) for label in array[d].to_numpy()] for d in keys if d in array.dims}
        chosen = chosen_labels(labels, keys)
        if chosen is not None:
            array = array.isel({chosen[0]: chosen[1]})
    time = str(array.dims[1])
    mean = "mean" in dataset[row.output].attrs["cell_methods"]
    share = period_shares(array[time].to_numpy(), network.model.study.to, row, mean)
    here = np.flatnonzero(share)
    array = array.isel({time: here})
    array = array.sum([d for d in array.dims if d not in ("draw", time)], skipna=True)
    return np.asarray(array.to_numpy() @ share[here])


def whom_counted(model: Model, row: Observation) -> list[dict[str, set[str]]]:
    """Labels that a figure counts, for its place and for its group: dimension → labels, the finest dimension first."""
    keys: list[dict[str, set[str]]] = []
    if row.place:
        inside = {p.id for p in model.places if row.place in (p.id, p.country, p.region)}
        keys.append({"place": inside, "country": {row.place}, "region": {row.place}})
    if row.group:
        groups = model.study.groups
        inside = {g for g, group in groups.items() if row.group in (g, group.citizenship, group.kind)}
        keys.append({"group": inside, "citizenship": {row.group}, "kind": {row.group}})
    return keys


def chosen_labels(labels: Mapping[str, Sequence[str]], keys: Mapping[str, set[str]]) -> tuple[str, list[int]] | None:
    """The dimension by which a figure's place or group is told apart, and the positions of its labels; none without such a one."""
    found: tuple[str, list[int]] | None = None
    for dimension, wanted in keys.items():
        if dimension in labels:
            positions = [number for number, label in enumerate(labels[dimension]) if label in wanted]
            if positions or found is None:
                found = (dimension, positions)
            if positions:
                break
    return found


def period_shares(starts: np.ndarray, last: dt.date, row: Observation, mean: bool) -> np.ndarray:
    """Weights with which an output's periods make a figure: (n_periods,) float.

    mean : a stock or wait, whose days are averaged; else a flow, whose days are summed
    """
    weights = overlap_days(starts, last, row.from_, row.to)
    return np.asarray(weights / (weights.sum() if mean and weights.sum() > 0 else period_days(starts, last)))


def period_days(starts: np.ndarray, last: dt.date) -> np.ndarray:
    """Lengths of periods in days, given their starts and the last day of the study."""
    edges = np.append(starts, np.datetime64(last + dt.timedelta(days=1), "ns"))
    return np.asarray(np.diff(edges) / np.timedelta64(1, "D"))


def overlap_days(starts: np.ndarray, last: dt.date, first_day: dt.date, last_day: dt.date) -> np.ndarray:
    """Days that each period shares with the days from `first_day` to `last_day`, both included."""
    edges = np.append(starts, np.datetime64(last + dt.timedelta(days=1), "ns"))
    low = np.maximum(edges[:-1], np.datetime64(first_day, "ns"))
    high = np.minimum(edges[1:], np.datetime64(last_day + dt.timedelta(days=1), "ns"))
    return np.asarray(np.maximum((high - low) / np.timedelta64(1, "D"), 0.0))


def summary_table(dataset: xr.Dataset) -> pd.DataFrame:
    """Each published figure beside what the draws say would have been published.

    Parameters
    ----------
    dataset
        Of `simulate` or `forecast`.

    Returns
    -------
    pandas.DataFrame
        One row for each figure: what it counts, its value or range, quantiles over draws (q2.5 to q97.5), and whether it lies inside
        their 50, 80 and 95 % bands.

    Examples
    --------
    >>> summary_table(simulate("two-towns", draws=3)).columns[:3].tolist()
    ['output', 'place', 'group']
    """
    predicted = dataset["observation_predicted"].to_numpy()
    quantiles = np.quantile(predicted, [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975], axis=0) if len(predicted) else np.zeros((7, 0))
    low, high = published_range(dataset)
    table = {name: dataset[f"observation_{name}"].to_numpy() for name in ("output", "place", "group", "from", "to", "published")}
    table |= {name: dataset[f"observation_{name}"].to_numpy() for name in ("value", "low", "high", "status", "source")}
    for name, row in zip(("q2.5", "q10", "q25", "q50", "q75", "q90", "q97.5"), quantiles, strict=True):
        table[name] = row
    for name, bottom, top in (("inside_50", 2, 4), ("inside_80", 1, 5), ("inside_95", 0, 6)):
        table[name] = (high >= quantiles[bottom]) & (low <= quantiles[top])
    frame = pd.DataFrame(table)
    for name in ("from", "to", "published"):
        frame[name] = frame[name].dt.strftime("%Y-%m-%d")
    return frame


def published_range(dataset: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest value that each published figure allows; a range without an end is open."""
    value = dataset["observation_value"].to_numpy()
    low, high = dataset["observation_low"].to_numpy(), dataset["observation_high"].to_numpy()
    open_end = np.where(np.isnan(value), np.inf, value)
    return np.where(np.isnan(low), np.where(np.isnan(value), 0.0, value), low), np.where(np.isnan(high), open_end, high)


def _place_number(network: FlowNetwork, place: str | None) -> str:
    """A place by its position in the study, so that luck does not hang on its name; countries and regions by theirs."""
    return next((str(number) for number, other in enumerate(network.model.places) if other.id == place), place or "")


def coverage_table(dataset: xr.Dataset) -> pd.DataFrame:
    """One row for each output with published figures: how many, the share inside the 50, 80 and 95 % bands, the median ratio.

    returns : columns output, title, figures, inside_50, inside_80, inside_95 (shares 0–1), ratio (median of model ÷ published)
    """
    table = summary_table(dataset)
    middle = table["value"].fillna((table["low"] + table["high"]) / 2)
    table["ratio"] = np.where(middle > 0, table["q50"] / middle.where(middle > 0, np.nan), np.nan)
    rows = []
    for name, part in table.groupby("output", sort=False):
        row = {"output": name, "title": dataset[str(name)].attrs["long_name"], "figures": len(part)}
        row |= {column: float(part[column].mean()) for column in ("inside_50", "inside_80", "inside_95")}
        rows.append({**row, "ratio": float(part["ratio"].median())})
    return pd.DataFrame(rows, columns=["output", "title", "figures", "inside_50", "inside_80", "inside_95", "ratio"])
