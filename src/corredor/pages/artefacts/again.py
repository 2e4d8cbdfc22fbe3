"""Pages of a run, a forecast or a comparison, made anew from its results alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import xarray as xr

from corredor.pages.artefacts.beside import FILE
from corredor.pages.artefacts.comparison import TOLD_OF
from corredor.pages.artefacts.run import COMING, run_pages
from corredor.pages.artefacts.whole_files import write_each_whole
from corredor.pages.report.comparison_page import render_comparison
from corredor.pages.research_object import renew_research_object
from corredor.pages.template import check_place
from corredor.study.problems import ArgumentError


def rewrite_pages(dataset: xr.Dataset, folder: Path, shared: xr.Dataset | None = None, name: str = "") -> dict[str, Path]:
    """Write the pages of a run, forecast or comparison anew from its Dataset alone; returns name → file.

    shared : of `shares`, for a comparison
    name : of the report, or of the page of a comparison, in place of its own
    raises : ArgumentError, when a file that is no such page has this name
    """
    if "coming_predicted" in dataset and name == COMING:
        expected = "another name for the report: this is that of the page of the coming months, which is written beside it"
        raise ArgumentError("out", folder / name, expected, "report.html")
    if not (folder / FILE).is_file():
        dataset = dataset.assign_attrs(explore_page="")
    if "comparison" in dataset.attrs:
        told_of = json.loads(dataset.attrs.get(TOLD_OF, "{}"))
        pages: dict[str, Callable[[], str]] = {name or "compare.html": partial(render_comparison, dataset, shared, **told_of)}
        kinds = ["comparison"]
    else:
        pages = run_pages(dataset, name or "report.html")
        kinds = ["report", "forecast"]
    for page, kind in zip(pages, kinds, strict=False):
        check_place(folder / page, kind)
    written = write_each_whole(folder, pages)
    renew_research_object(folder, written)
    return written
