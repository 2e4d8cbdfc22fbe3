"""How the page sums outputs from the module's cells, as `Run` and `Effect` do it from a Dataset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from corredor.effects.compare.effects import LAST_CLASS_DAYS
from corredor.engine.counts import Counts
from corredor.engine.network import FlowNetwork
from corredor.engine.network.recording import Block
from corredor.pages.report.first_screen.planning import DEATHS
from corredor.results.dataset import make_dataset
from corredor.results.view import GROUP_DIMENSIONS, PLACE_DIMENSIONS, Run, read_run


def empty_run(network: FlowNetwork, parameters: np.ndarray, values: np.ndarray) -> Run:
    """A run of one draw in which nobody moves: names, units, periods and windows of every output."""
    return read_run(make_dataset(network, Counts.empty(1, network.recording.n_cells), parameters[:1], values[:1], {}))


def outputs_of(network: FlowNetwork, run: Run) -> Iterator[dict[str, Any]]:
    """Every output and account with a total: first cells of its series, its periods, and what makes the number of the whole study.

    Those by route are left out, as they count the same people again. A sum of outputs has the rows of its factors, an account the
    row of its dollars, and for a stock the days of each period
    """
    blocks = {block.output: block for block in network.recording.blocks}
    row = network.quantities.row
    for name in run.outputs:
        if run.has(name, "route"):
            continue
        output = network.model.study.outputs[name]
        told = _told(run, name)
        if output.sum_of is not None:
            yield told | {"sum_of": [[part, row(factor)] for part, factor in output.sum_of.items()]}
            continue
        block = blocks[name]
        n_series = int(np.prod(block.shape[:-1], dtype=int))
        told |= {"first_cell": block.first_cell, "n_series": n_series}
        if run.is_waited(name):
            lower = run.dataset["wait_bin"].to_numpy()
            upper = np.append(lower[1:], lower[-1] + LAST_CLASS_DAYS)
            told["class_middle_days"] = ((lower + upper - 1) / 2).tolist()
        else:
            told["places"] = _parts(run, block, PLACE_DIMENSIONS)
            told["groups"] = _parts(run, block, GROUP_DIMENSIONS)
        yield told
    for name in run.accounts:
        account = network.model.study.accounts[name]
        days = _days_of_periods(run, account.of) if run.is_mean(account.of) else None
        yield _told(run, name) | {"account_of": account.of, "row": row(account.usd_each), "days": days, "actor": account.actor}


def _parts(run: Run, block: Block, family: tuple[str, ...]) -> dict[str, list[Any]] | None:
    """Places, regions, countries … or groups by which an output is told, and the one that each of its series belongs to; none without."""
    dimension = next((name for name in block.dimensions if name in family), None)
    if dimension is None:
        return None
    axis, labels = block.dimensions.index(dimension), block.labels[block.dimensions.index(dimension)]
    of_series = np.indices(block.shape[:-1])[axis].ravel().tolist()
    return {"labels": list(labels), "names": [run.name_of(label) for label in labels], "of_series": of_series}


def _told(run: Run, name: str) -> dict[str, Any]:
    starts = run.starts(name).astype("datetime64[D]").astype(str)
    return {
        "name": name,
        "title": run.title(name),
        "side": run.side(name),
        "deaths": bool(DEATHS.search(run.title(name))) and run.unit(name) == "people",
        "unit": run.unit(name),
        "mean": run.is_mean(name),
        "adds_up": run.adds_up(name),
        "starts": starts.tolist(),
        "window": run.window(name, run.first_day, run.last_day).tolist(),
    }


def _days_of_periods(run: Run, name: str) -> list[float]:
    edges = np.append(run.starts(name), run.end)
    return [float(days) for days in np.diff(edges) / np.timedelta64(1, "D")]
