"""How functions on arrays are compiled: by Numba, told that no index is ever negative.

In Python `a[-1]` is the last item. So for every index Numba has the processor ask whether it is below 0, and fetch the length of
the array in case it is: an eighth of the time of a draw. None of these functions counts from the end (tests/unit/test_compiled.py);
each `a[i]` is compiled as `a[np.uint64(i)]`, about which nothing is asked. Run as plain Python they are not touched.

Source: Numba's documentation, "Customizing the Compiler".
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numba.core import ir
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, PassManager, register_pass
from numba.core.ir_utils import mk_unique_var
from numba.core.untyped_passes import ReconstructSSA


@register_pass(mutates_CFG=False, analysis_only=False)
class _CountFromTheFront(FunctionPass):
    """Makes every index of a function that is no slice an unsigned one."""

    _name = "count_from_the_front"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        for block in state.func_ir.blocks.values():
            body: list[Any] = []
            for statement in block.body:
                asked = statement.value if isinstance(statement, ir.Assign) else statement
                if isinstance(asked, ir.SetItem) or (isinstance(asked, ir.Expr) and asked.op == "getitem"):
                    asked.index = _unsigned(state.func_ir, block, asked.index, body)
                body.append(statement)
            block.body = body
        return True


def _unsigned(function: Any, block: Any, index: Any, body: list[Any]) -> Any:
    """The variable of an index, made unsigned by statements that are added to the body; each number of `a[i, j]` by itself."""
    made_by = function.get_definition(index)
    if isinstance(made_by, ir.Expr) and made_by.op == "build_tuple":
        items = [_unsigned(function, block, item, body) for item in made_by.items]
        return _variable(function, block, ir.Expr.build_tuple(items, index.loc), body)
    if (
        isinstance(made_by, ir.Expr)
        and made_by.op == "call"
        and getattr(function.get_definition(made_by.func), "value", None) is slice
    ):
        return index
    unsigned = _variable(function, block, ir.Global("uint64", np.uint64, index.loc), body)
    return _variable(function, block, ir.Expr.call(unsigned, (index,), (), index.loc), body)


def _variable(function: Any, block: Any, value: Any, body: list[Any]) -> Any:
    variable = ir.Var(block.scope, mk_unique_var("index"), value.loc)
    block.scope.localvars.define(variable.name, variable)
    function._definitions[variable.name].append(value)
    body.append(ir.Assign(value, variable, value.loc))
    return variable


class _Compiler(CompilerBase):
    """Numba's own compiler with one pass more."""

    def define_pipelines(self) -> list[PassManager]:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_CountFromTheFront, ReconstructSSA)
        passes.finalize()
        return [passes]


_ALL: dict[str, Any] = {
    "nogil": True,
    "cache": True,
    "error_model": "numpy",
    "pipeline_class": _Compiler,
    "_nrt": False,
    "no_cfunc_wrapper": True,
}
"""Without a lock, kept on disk, and without counting references to arrays, which nothing here makes."""

equation: Any = njit(**_ALL)
"""Functions that Python calls."""

part: Any = njit(**_ALL, no_cpython_wrapper=True)  # type: ignore[call-overload]
"""Functions that only compiled ones call: a way in from Python for each would take a third of the time of compiling."""

inlined: Any = njit(**_ALL, no_cpython_wrapper=True, forceinline=True)  # type: ignore[call-overload]
"""Functions on the whole state are put inside their callers: handing over a hundred arrays costs more than most of them do."""
