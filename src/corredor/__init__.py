"""corredor models a migration corridor and answers with honest uncertainty.

The pipeline, file by file:

    study     a folder that a person writes            → tables that remember file and row
    model     every check, once                        → Model
    network   names become numbers                     → FlowNetwork
    worlds    parameters and latent months sampled     → one World for each draw
    kernel    one draw, step by step                   → counts
    results   numbers become names again               → Dataset
    observe   beside the published figures             → Dataset
    compare, sensitivity   what measures changed      → Dataset
    score     how far simulated camps are from counts  → numbers
    readers   what others keep or publish              → studies
    figures, report                                    → pictures, one page
    fit, forecast                                      → draws learned from figures; what happens next

Read `simulate.py` second, then docs/MODEL.md beside `kernel.py`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corredor.backtest import backtest
    from corredor.catalogue import bundled_studies
    from corredor.claims import check_claims
    from corredor.compare import compare
    from corredor.fit import fit
    from corredor.forecast import forecast
    from corredor.model import Model, load_study
    from corredor.observe import summary_table
    from corredor.problems import StudyError
    from corredor.report import write_report
    from corredor.simulate import simulate

__all__ = [
    "Model",
    "StudyError",
    "backtest",
    "bundled_studies",
    "check_claims",
    "compare",
    "fit",
    "forecast",
    "load_study",
    "simulate",
    "summary_table",
    "write_report",
]

_HOME = {
    "Model": "model",
    "StudyError": "problems",
    "backtest": "backtest",
    "bundled_studies": "catalogue",
    "check_claims": "claims",
    "compare": "compare",
    "fit": "fit",
    "forecast": "forecast",
    "load_study": "model",
    "simulate": "simulate",
    "summary_table": "observe",
    "write_report": "report",
}


def __getattr__(name: str) -> object:
    """Names are imported when first asked for, so that `import corredor` and `corredor --help` are quick."""
    if name not in _HOME:
        raise AttributeError(f"module 'corredor' has no attribute {name!r}")
    return getattr(import_module(f"corredor.{_HOME[name]}"), name)


class _Package(ModuleType):
    """Python makes a file, once imported, an attribute of its package; `simulate.py` must not take the place of `simulate`."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
