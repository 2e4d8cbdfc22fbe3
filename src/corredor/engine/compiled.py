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
from numba.core.codegen import JITCodeLibrary, ll  # type: ignore[attr-defined]
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import AnalysisPass, FunctionPass, PassManager, register_pass
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


class _PartOfCallers(JITCodeLibrary):
    """Intermediate code that is optimised and made code of the machine with that of its callers, and not by itself before as well.

    Numba would do so for each function, and once more for all that it has put inside it: a fifth of the time of compiling.
    """

    def _optimize_final_module(self) -> None:
        """Left to the callers."""

    def _finalize_final_module(self) -> None:
        """Callers take the code from here; the machine gets no more than the names under which Numba notes each function's globals."""
        names = [variable.name for variable in self._final_module.global_variables if variable.name.startswith("_ZN08NumbaEnv")]
        self._codegen._add_module(ll.parse_assembly("\n".join(f'@"{name}" = common global ptr null' for name in names)))
        self._finalized = True


@register_pass(mutates_CFG=False, analysis_only=True)
class _LeaveToCallers(AnalysisPass):
    """Puts the code of a function where it is kept for its callers."""

    _name = "leave_to_callers"

    def __init__(self) -> None:
        AnalysisPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        state.library = _PartOfCallers(state.targetctx.codegen(), state.func_id.func_qualname)
        return False


class _Compiler(CompilerBase):
    """Numba's own compiler, with passes more."""

    further: tuple[type, ...] = (_CountFromTheFront,)

    def define_pipelines(self) -> list[PassManager]:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        for one in self.further:
            passes.add_pass_after(one, ReconstructSSA)
        passes.finalize()
        return [passes]


class _CompilerOfParts(_Compiler):
    further = (_CountFromTheFront, _LeaveToCallers)


_ALL: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}
"""Without a lock, and without counting references to arrays, which nothing here makes."""

_PART: dict[str, Any] = {**_ALL, "pipeline_class": _CompilerOfParts, "no_cpython_wrapper": True}
"""A way in from Python for each would take a third of the time of compiling."""

equation: Any = njit(**_ALL, cache=True, pipeline_class=_Compiler)
"""Functions that Python calls. They are kept on disk, with all that they call."""

part: Any = njit(**_PART)
"""Functions that only compiled ones call."""

inlined: Any = njit(**_PART, forceinline=True)
"""Functions on the whole state are put inside their callers: handing over a hundred arrays costs more than most of them do."""
