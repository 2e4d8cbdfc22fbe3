"""corredor models a migration corridor and answers with honest uncertainty.

The rooms, in the order of the way from a study to a page; each imports only what stands above it:

    study      a folder that a person writes         → one checked Model
    engine     names become numbers, one draw a time → counts
    results    counts become names again             → Dataset, beside the published figures
    learn      published figures                     → fits, forecasts, scores
    effects    two scenarios, a series, a sentence   → effects, shares, verdicts
    pages      all of these                          → charts and pages
    exchange   other people's formats                → in and out
    cli        the command line

Read `_simulate.py` second, then docs/MODEL.md beside `engine/kernel.py`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corredor._simulate import simulate
    from corredor.effects.benchmark.run import benchmark
    from corredor.effects.claims import check_claims
    from corredor.effects.compare import compare
    from corredor.effects.compare.shares import shares
    from corredor.effects.sensitivity import sensitivity
    from corredor.learn.backtest import backtest
    from corredor.learn.fit import fit
    from corredor.learn.forecast import forecast
    from corredor.learn.score import score
    from corredor.pages import plot as plot
    from corredor.pages.report.page import write_report
    from corredor.results.coverage import summary_table
    from corredor.study.arguments import check
    from corredor.study.catalogue import bundled_studies
    from corredor.study.model import Model, load_study
    from corredor.study.problems import StudyError

_HOME = {
    "Model": "study.model",
    "StudyError": "study.problems",
    "backtest": "learn.backtest",
    "benchmark": "effects.benchmark.run",
    "bundled_studies": "study.catalogue",
    "check": "study.arguments",
    "check_claims": "effects.claims",
    "compare": "effects.compare",
    "fit": "learn.fit",
    "forecast": "learn.forecast",
    "load_study": "study.model",
    "plot": "pages.plot",
    "score": "learn.score",
    "sensitivity": "effects.sensitivity",
    "shares": "effects.compare.shares",
    "simulate": "_simulate",
    "summary_table": "results.coverage",
    "write_report": "pages.report.page",
}

__all__ = [
    "Model",
    "StudyError",
    "backtest",
    "benchmark",
    "bundled_studies",
    "check",
    "check_claims",
    "compare",
    "fit",
    "forecast",
    "load_study",
    "score",
    "sensitivity",
    "shares",
    "simulate",
    "summary_table",
    "write_report",
]


def __getattr__(name: str) -> object:
    """Names are imported when first asked for, so that `import corredor` and `corredor --help` are quick."""
    if name not in _HOME:
        raise AttributeError(f"module 'corredor' has no attribute {name!r}")
    import_module("corredor.results.accessor")  # every Dataset has `.corredor` from now on
    home = import_module(f"corredor.{_HOME[name]}")
    return home if name == "plot" else getattr(home, name)


def __dir__() -> list[str]:
    return sorted(_HOME)
