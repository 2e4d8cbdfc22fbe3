"""The door of the WebAssembly module: one table of whole numbers that says where everything lies.

Engines allow at most 1,000 parameters of a function, and a draw has some hundred arrays of up to seven numbers each. So the caller
writes one table into memory: first what to do, then for each array its address and its length along each axis; for a whole number
itself; for a number with a point the address of an array that holds it. kernel.json says in which order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.core import cgutils
from numba.core.types import Type
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

from corredor.engine.arrays import Draw, DrawInputs, Recipe, Scratch, State, Topology, Workings
from corredor.engine.draws import empty_inputs, empty_state, empty_workings, make_scratch
from corredor.engine.inputs import fill_open, make_inputs, put_at_start
from corredor.engine.kernel import run
from corredor.engine.network import build_network
from corredor.study.catalogue import find_study
from corredor.study.model import load_study

TASKS = ("inputs", "start", "run")
"""What to do: make the inputs of a draw, put everybody at their start, run from a step to another. Combined as bits 1, 2, 4."""

CLASSES = {
    "topology": Topology,
    "recipe": Recipe,
    "workings": Workings,
    "inputs": DrawInputs,
    "state": State,
    "scratch": Scratch,
}
"""Parts of the table, and what each is made into."""

ORDERS = ("tasks", "from_step", "to_step", "expected")
"""The first numbers of the table."""


def _array_at(element: Type, axes: int) -> Any:
    """A compiled function: address of the numbers, lengths along the axes → array on them, in C order."""
    array = types.Array(element, axes, "C")

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        made = context.make_array(array)(context, builder)
        address, lengths = arguments[0], cgutils.unpack_tuple(builder, arguments[1], axes)
        item = context.get_constant(types.intp, 8)
        strides = [item]
        for length in reversed(lengths[1:]):
            strides.insert(0, builder.mul(strides[0], length))
        data = builder.inttoptr(address, context.get_data_type(element).as_pointer())
        populate_array(made, data=data, shape=lengths, strides=strides, itemsize=item, meminfo=None)
        return made._getvalue()

    @intrinsic
    def at(typing_context: Any, address: Type, lengths: Type) -> Any:
        return array(address, lengths), code

    return at


floats_1, floats_2, ints_1, ints_2 = (_array_at(element, axes) for element in (types.float64, types.int64) for axes in (1, 2))


def layout() -> list[list[Any]]:
    """Every entry of the table after the orders: part, name, kind (int, float, ints, floats) and number of axes."""
    network = build_network(load_study(find_study("two-towns")))
    workings = empty_workings(network)
    parts: dict[str, Any] = {
        "topology": network.topology,
        "recipe": network.recipe,
        "workings": workings,
        "inputs": empty_inputs(network, 1, 0),
        "state": empty_state(network),
        "scratch": make_scratch(network),
    }
    entries = [
        [part, name, *_kind(value)] for part, whole in parts.items() for name, value in zip(whole._fields, whole, strict=True)
    ]
    own = {"parameters": np.zeros(1), "new_parts": workings.months, "out": np.zeros(1)}
    return entries + [["own", name, *_kind(value)] for name, value in own.items()]


def _kind(value: Any) -> tuple[str, int]:
    if isinstance(value, np.ndarray):
        return {"f": "floats", "i": "ints"}[value.dtype.kind], value.ndim
    return ("float", 0) if isinstance(value, float) else ("int", 0)


def door_text(entries: list[list[Any]]) -> str:
    """The door as Python: takes everything out of the table, then does what is ordered."""
    at, made = len(ORDERS), {}
    for part, name, kind, axes in entries:
        if kind == "int":
            taken = f"table[{at}]"
        elif kind == "float":
            taken = f"floats_1(table[{at}], (1,))[0]"
        else:
            lengths = "".join(f"table[{at + 1 + axis}], " for axis in range(axes))
            taken = f"{kind}_{axes}(table[{at}], ({lengths}))"
        made.setdefault(part, []).append(f"{name}={taken}")
        at += 1 + axes
    lines = [f"def door(address):\n    table = ints_1(address, ({at},))"]
    lines += [f"{part} = {whole.__name__}({', '.join(made[part])})" for part, whole in CLASSES.items()]
    lines += made["own"]
    lines += [
        "tasks, from_step, to_step, expected = table[0], table[1], table[2], table[3] > 0",
        "if tasks & 1:",
        "    fill_open(recipe, topology.open_on_change)",
        "    make_inputs(topology, recipe, parameters, new_parts, workings, inputs)",
        "if tasks & 2:",
        "    put_at_start(recipe.initial_pool, recipe.initial_row, recipe.initial_share, topology.pool_queue_row,",
        "        workings.values, expected, state.people, state.cohort)",
        "if tasks & 4:",
        "    run(Draw(topology, inputs, state, scratch, out, expected), from_step, to_step)",
    ]
    return "\n    ".join(lines) + "\n"


def compile_door() -> tuple[str, str, list[list[Any]]]:
    """Intermediate code of the door with all that it calls, the name of its function there, and the layout of the table."""
    entries = layout()
    called = (Draw, fill_open, make_inputs, put_at_start, run, *CLASSES.values())
    arrays = {"floats_1": floats_1, "floats_2": floats_2, "ints_1": ints_1, "ints_2": ints_2}
    names: dict[str, Any] = {**arrays, **{one.__name__: one for one in called}}
    exec(door_text(entries), names)  # the text is made above from the fields of the engine's arrays
    door: Any = njit(error_model="numpy", _nrt=False)(names["door"])
    door.compile((types.int64,))
    compiled = door.overloads[door.signatures[0]]
    return compiled.library.get_llvm_str(), compiled.fndesc.llvm_func_name, entries
