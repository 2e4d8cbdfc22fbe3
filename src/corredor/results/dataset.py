"""Numbers become names again: one labelled Dataset of a run. Everything after this file reads only the Dataset."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from corredor.engine.counts import Counts
from corredor.engine.network import FlowNetwork
from corredor.engine.network.recording import Block
from corredor.study.describe import describe_model
from corredor.study.schema import Output

TIME_DIMENSION = {"step": "step", "day": "day", "week": "week", "month": "month"}


def make_dataset(
    network: FlowNetwork, counts: Counts, parameters: np.ndarray, values: np.ndarray, attributes: dict[str, Any]
) -> xr.Dataset:
    """The Dataset of a run.

    parameters : (n_draws, n_parameters) float     in the parameters' own units
    values : (n_draws, n_rows) float               of the network's quantities
    attributes : seed, versions, command …         kept as attributes beside those of the study
    returns : dims draw, then month, week, day or step, then the dimensions each output declares; CF attributes
    """
    model, n_draws = network.model, len(counts.cells)
    labels = _all_labels(network)
    variables: dict[str, xr.DataArray] = {}
    for block in network.recording.blocks:
        output = model.study.outputs[block.output]
        variables[block.output] = _variable(block, output, counts.cells, labels, network)
    for name, output in model.study.outputs.items():
        if output.sum_of is not None:
            variables[name] = _sum_of(network, output, variables, values)
    for name, account in model.study.accounts.items():
        # M13: dollars come from what was counted, and never act back
        base = variables[account.of]
        time = str(base.dims[1])
        usd = base.sum([d for d in base.dims if d not in ("draw", time)], skipna=True)
        usd = usd * xr.DataArray(values[:, network.quantities.row(account.usd_each)], dims="draw")
        if "mean" in base.attrs["cell_methods"]:
            usd = usd * xr.DataArray(_days_in_period(network, time), dims=time)
        attrs = {
            "units": "USD",
            "long_name": account.title,
            "cell_methods": f"{time}: sum",
            "side": "money",
            "actor": account.actor,
        }
        variables[name] = usd.assign_attrs(attrs)
    in_order = [*model.study.outputs, *model.study.accounts]
    dataset = xr.Dataset({name: variables[name] for name in in_order if name in variables})
    dataset = dataset.assign_coords(draw=np.arange(n_draws))
    dataset["parameter_value"] = (("draw", "parameter"), parameters, {"long_name": "parameter, in its own unit"})
    dataset = dataset.assign_coords(parameter=np.array(list(model.parameters), dtype=str))
    dataset["people_lost"] = (("draw",), counts.people_lost, {"units": "people", "long_name": "people lost or made; must be 0"})
    dataset["decisions"] = (("draw",), counts.decisions, {"units": "1", "long_name": "random counts drawn"})
    description = json.dumps(describe_model(model), ensure_ascii=False)
    dataset.attrs = {
        "Conventions": "CF-1.12",
        "title": model.study.title,
        "study": model.name,
        "study_hash": model.hash,
        "draws": n_draws,
        "decisions_per_draw": float(np.mean(counts.decisions)) if n_draws else 0.0,
        **attributes,
        "model": description,
    }
    return dataset


def in_study_order(dataset: xr.Dataset, model: Mapping[str, Any]) -> xr.Dataset:
    """The Dataset of a file, which keeps variables by name, in the order of the study: outputs, accounts, the others.

    model : the description of the study, from the Dataset's attribute
    """
    order = [name for name in (*model["outputs"], *model["accounts"]) if name in dataset]
    return dataset[[*order, *(name for name in dataset.data_vars if name not in order)]]


def lost_people(dataset: xr.Dataset) -> float:
    """Largest number of people lost or made in any draw; more than a rounding error is a bug."""
    return float(np.abs(dataset["people_lost"]).max()) if dataset.sizes["draw"] else 0.0


def _all_labels(network: FlowNetwork) -> dict[str, list[str]]:
    """Labels of each dimension over all outputs, in the order of the study's files."""
    found: dict[str, dict[str, None]] = {}
    for block in network.recording.blocks:
        for dimension, labels in zip(block.dimensions, block.labels, strict=True):
            found.setdefault(dimension, {}).update(dict.fromkeys(labels))
    order = {"place": [place.id for place in network.model.places], "group": list(network.layout.group_ids)}
    return {name: sorted(labels, key=order[name].index) if name in order else list(labels) for name, labels in found.items()}


def _variable(
    block: Block, output: Output, cells: np.ndarray, labels: dict[str, list[str]], network: FlowNetwork
) -> xr.DataArray:
    time = TIME_DIMENSION[block.every]
    shaped = cells[:, block.first_cell : block.end_cell].reshape((len(cells), *block.shape))
    shaped = np.moveaxis(shaped, -1, 1)
    coordinates: dict[str, Any] = {time: network.calendar.period_starts[block.every].astype("datetime64[ns]")}
    for axis, (dimension, own) in enumerate(zip(block.dimensions, block.labels, strict=True), start=2):
        if dimension == "wait_bin":
            coordinates[dimension] = np.array([float(x) for x in own])
        else:
            shaped = _on_all_labels(shaped, axis, list(own), labels[dimension])
            coordinates[dimension] = np.array(labels[dimension], dtype=str)
    array = xr.DataArray(shaped, dims=("draw", time, *block.dimensions), coords=coordinates)
    mean = output.stock is not None or output.expected_wait is not None
    attrs = {
        "units": "days" if output.expected_wait is not None else "people",
        "long_name": output.title,
        "cell_methods": f"{time}: {'mean' if mean else 'sum'}",
        "side": output.side,
    }
    if output.note:
        attrs["comment"] = output.note
    return array.assign_attrs(attrs)


def _on_all_labels(values: np.ndarray, axis: int, own: list[str], labels: list[str]) -> np.ndarray:
    """Values with all labels along an axis; missing where a label is not their own."""
    if own == labels:
        return values
    whole = np.full((*values.shape[:axis], len(labels), *values.shape[axis + 1 :]), np.nan)
    whole[(slice(None),) * axis + ([labels.index(label) for label in own],)] = values
    return whole


def _sum_of(network: FlowNetwork, output: Output, variables: dict[str, xr.DataArray], values: np.ndarray) -> xr.DataArray:
    total: xr.DataArray | None = None
    attrs: dict[str, Any] = {}
    for name, quantity in (output.sum_of or {}).items():
        part = variables[name] * xr.DataArray(values[:, network.quantities.row(quantity)], dims="draw")
        attrs = dict(variables[name].attrs)
        # a label that only some of the outputs have counts for those
        total = part if total is None else (total.fillna(0) + part.fillna(0)).where(total.notnull() | part.notnull())
    if total is None:
        raise ValueError("sum_of nothing")
    return total.assign_attrs(attrs | {"long_name": output.title, "side": output.side})


def _days_in_period(network: FlowNetwork, time: str) -> np.ndarray:
    starts = network.calendar.period_starts[time]  # type: ignore[index]
    end = np.datetime64(network.model.study.to, "s") + np.timedelta64(1, "D")
    return np.diff(np.append(starts, end)).astype("timedelta64[s]").astype(float) / 86400
