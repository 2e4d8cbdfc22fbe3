"""What `corredor run` and `corredor forecast` leave."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import xarray as xr

from corredor.pages.artefacts.beside import PageBeside
from corredor.pages.artefacts.whole_files import write_described
from corredor.pages.report.first_screen.told import FirstScreen
from corredor.pages.report.page import render_report
from corredor.results.hidden_numbers import shown_summary
from corredor.results.store import sign_store
from corredor.results.view import MANIFEST, SMALL_SHOWN

RESULTS, COMING = "results.nc", "forecast.html"
"""The Dataset of a run that has no store, and the page of a forecast beside its report."""


def write_run(
    dataset: xr.Dataset,
    folder: Path,
    manifest: dict[str, Any],
    store: str | None = None,
    told: FirstScreen | None = None,
    beside: PageBeside | None = None,
) -> dict[str, Path]:
    """Write a run into its folder; returns name → file. A forecast has a page of its own, forecast.html, beside the report.

    manifest : command, hashes of the inputs, times …     kept beside the seed and versions of the Dataset
    store : where the Dataset is, if it is in a store and so in no file
    told : of `first_screen`, where the caller has it already
    beside : the page that simulates, to which the report links
    """
    facts = {key: dataset.attrs[key] for key in ("study", "study_hash", "seed", "draws", "versions", "decisions_per_draw")}
    files = {"summary.csv": partial(shown_summary, dataset), **run_pages(dataset, told=told)}
    if store is None:
        files = {RESULTS: dataset, **files}
    else:
        facts["store"] = store
        signs = ("command", "created", "explore", "explore_page", MANIFEST, SMALL_SHOWN)
        sign_store(store, {name: dataset.attrs[name] for name in signs if name in dataset.attrs})
    written = write_described(folder, dataset, files | (beside.file if beside else {}), {**facts, **manifest})
    if store is not None and (folder / RESULTS).is_file():
        (folder / RESULTS).unlink()  # of an earlier run, whose page and manifest these have replaced
    return written


def run_pages(dataset: xr.Dataset, report: str = "report.html", told: FirstScreen | None = None) -> dict[str, Callable[[], str]]:
    """Name → what makes the page: the report of a run; of a forecast the page of the coming months too, which points to it."""
    pages: dict[str, Callable[[], str]] = {report: partial(render_report, dataset, told=told)}
    if "coming_predicted" in dataset:
        from corredor.pages.forecast.page import render_forecast  # late: a report needs nothing of it

        pages[COMING] = partial(render_forecast, dataset, report=report)
    return pages
