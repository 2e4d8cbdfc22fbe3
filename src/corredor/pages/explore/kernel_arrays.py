"""The arrays that the module in a page is given: those of the network as they are, room for those of a draw, all draws' parameters."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import numpy as np

from corredor.effects.compare.drawn import Drawn
from corredor.engine.arrays import Recipe
from corredor.engine.draws import empty_inputs, empty_state, empty_workings, make_scratch, new_latent_parts
from corredor.engine.network import FlowNetwork

INTS, FLOATS = "<i4", "<f8"

CHANGE_AXIS = {
    "recipe.change_step": 0,
    "recipe.change_month": 0,
    "recipe.fixed_series": 1,
    "workings.series": 1,
    "topology.open_on_change": 1,
    "inputs.term": 0,
    "inputs.capacity": 1,
    "inputs.service_per_day": 1,
}
"""Axis of an array that goes over change days; a measure with other dates can bring more of them, at most one for each step."""


@dataclass
class Blob:
    """Arrays one after another: four-byte whole numbers and eight-byte numbers with a point, each from a multiple of eight bytes."""

    parts: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, array: np.ndarray) -> int:
        """Byte from which the array lies."""
        at, data = self.size, np.ascontiguousarray(array, dtype=INTS if array.dtype.kind in "iub" else FLOATS).tobytes()
        data += bytes(-len(data) % 8)
        self.parts.append(data)
        self.size += len(data)
        return at

    def bytes(self) -> bytes:
        return b"".join(self.parts)


def kernel_arrays(network: FlowNetwork, recipe: Recipe, n_cells: int, drawn: Drawn, seed: int, blob: Blob) -> dict[str, Any]:
    """Every entry of the module's table, in its order, and the draws.

    recipe : the network's, with further rows of quantities where the page needs them
    n_cells : of the outputs, and of what the page counts beside them
    returns : entries with part, name, kind, shape, either `at` (a byte of the blob) or `fill` (every element; none for not a
        number), and the axis of change days, if any; draws with `parameters` and `new_parts`, arrays of all draws; the calendar
    """
    inputs, state = empty_inputs(network, seed, 0), empty_state(network)
    workings = empty_workings(network)._replace(values=np.zeros(len(recipe.constant)))
    parts = {
        "topology": network.topology._asdict(),
        "recipe": recipe._asdict(),
        "workings": workings._asdict(),
        "inputs": inputs._asdict(),
        "state": state._asdict(),
        "scratch": make_scratch(network)._asdict(),
        "own": {
            "parameters": np.zeros(drawn.parameters.shape[1]),
            "new_parts": workings.months,
            "out": np.zeros(n_cells),
        },
    }
    entries = [_entry(part, name, kind, parts[part][name], blob) for part, name, kind, _ in table_layout()]
    new_parts = new_latent_parts(network, seed, len(drawn.parameters), learned=drawn.learned)
    draws = {"parameters": blob.add(drawn.parameters), "new_parts": blob.add(new_parts), "number": len(drawn.parameters)}
    calendar = {
        "first_step_date": network.calendar.first_step_date.isoformat(),
        "step_days": network.calendar.step_days,
        "n_steps": network.calendar.n_steps,
        "last_date": network.model.study.to.isoformat(),
    }
    return {"entries": entries, "draws": draws, "calendar": calendar}


def table_layout() -> list[list[Any]]:
    """Entries of the module's table as it was compiled: part, name, kind, number of axes."""
    text = resources.files("corredor.pages.explore").joinpath("kernel.json").read_text(encoding="utf-8")
    return list(json.loads(text)["table"])


def _entry(part: str, name: str, kind: str, value: Any, blob: Blob) -> dict[str, Any]:
    array = np.asarray(value)
    entry: dict[str, Any] = {"part": part, "name": name, "kind": kind, "shape": list(array.shape)}
    if f"{part}.{name}" in CHANGE_AXIS:
        entry["change_axis"] = CHANGE_AXIS[f"{part}.{name}"]
    first = array.flat[0] if array.size else 0
    if array.size and not np.array_equal(array, np.full_like(array, first), equal_nan=array.dtype.kind == "f"):
        return entry | {"at": blob.add(array)}
    return entry | {"fill": None if np.isnan(first) else _number(first)}


def _number(value: Any) -> float | int | str:
    """As JSON can hold it; `inf` for what never ends."""
    number = value.item() if hasattr(value, "item") else value
    return "inf" if number == np.inf else number
