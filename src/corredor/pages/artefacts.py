"""What a command leaves in its folder: numbers, a table, a page and a manifest, each whole or not there at all."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from corredor.effects.benchmark.run import Benchmark
from corredor.effects.claims import Finding
from corredor.effects.compare.diversion import diversion
from corredor.effects.compare.effects import effect_table
from corredor.effects.sensitivity import sensitivity_table
from corredor.engine.checkpoint import drop_checkpoint
from corredor.engine.fitted import Fitted, write_fitted
from corredor.learn.backtest.calibration import coverage_by, pit_histogram, threshold_table
from corredor.learn.backtest.paired_tests import paired_table
from corredor.learn.backtest.rolling import Backtest
from corredor.learn.backtest.shown import shown_rows, without_lone_scores
from corredor.learn.backtest.verdict import fit_words, headline, score_table
from corredor.pages.backtest.page import render_backtest
from corredor.pages.benchmark.page import render_benchmark
from corredor.pages.claims.page import render_claims
from corredor.pages.explore.beside import FILE, PageBeside
from corredor.pages.forecast.page import render_forecast
from corredor.pages.report.comparison_page import render_comparison
from corredor.pages.report.first_screen.told import FirstScreen
from corredor.pages.report.fit_page import render_fit
from corredor.pages.report.page import render_report
from corredor.pages.report.sensitivity_page import render_sensitivity
from corredor.pages.research_object import NAME, write_research_object
from corredor.results.hidden_numbers import shown_diagnostics, shown_effects, shown_summary
from corredor.results.netcdf import write_dataset
from corredor.results.store import sign_store
from corredor.results.view import MANIFEST, SMALL_SHOWN, read_run
from corredor.study.csv_text import frame_csv
from corredor.study.model import Model
from corredor.study.whole_file import replace_whole

TOLD_OF = "told_of"
"""Attribute of a comparison that was written: the flow for which its page tells where people went."""


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
    files = {"summary.csv": partial(shown_summary, dataset), **_run_pages(dataset, told=told)}
    if store is None:
        files = {"results.nc": dataset, **files}
    else:
        facts["store"] = store
        signs = ("command", "created", "explore", "explore_page", MANIFEST, SMALL_SHOWN)
        sign_store(store, {name: dataset.attrs[name] for name in signs if name in dataset.attrs})
    return _described(folder, dataset, files | (beside.file if beside else {}), {**facts, **manifest})


def rewrite_pages(dataset: xr.Dataset, folder: Path, shared: xr.Dataset | None = None, name: str = "") -> dict[str, Path]:
    """Write the pages of a run, forecast or comparison anew from its Dataset alone; returns name → file.

    shared : of `shares`, for a comparison
    name : of the report, or of the page of a comparison, in place of its own
    """
    if not (folder / FILE).is_file():
        dataset = dataset.assign_attrs(explore_page="")
    if "comparison" in dataset.attrs:
        told_of = json.loads(dataset.attrs.get(TOLD_OF, "{}"))
        pages: dict[str, Callable[[], str]] = {name or "compare.html": partial(render_comparison, dataset, shared, **told_of)}
    else:
        pages = _run_pages(dataset, name or "report.html")
    return _each_whole(folder, pages)


def _run_pages(dataset: xr.Dataset, report: str = "report.html", told: FirstScreen | None = None) -> dict[str, Callable[[], str]]:
    """Name → what makes the page: the report of a run; of a forecast the page of the coming months too, which points to it."""
    pages: dict[str, Callable[[], str]] = {report: partial(render_report, dataset, told=told)}
    if "coming_predicted" in dataset:
        pages["forecast.html"] = partial(render_forecast, dataset, report=report)
    return pages


def write_claims(
    findings: Sequence[Finding],
    model: Model,
    as_of: dt.date,
    folder: Path,
    made: Mapping[str, str],
    manifest: dict[str, Any],
    fitted: Fitted | None = None,
    beside: PageBeside | None = None,
) -> dict[str, Path]:
    """Write findings about claims into a folder; returns name → file.

    made : name → value, for the reader of the page;  manifest : the same for machines
    fitted : the fit that was used; the page says what is wrong with it
    beside : the page that simulates, to which the page links
    """
    rows = [finding.as_json() for finding in findings]
    files = {"claims.json": rows, "claims.html": render_claims(findings, model, as_of, made, fitted)}
    return _written(folder, files | (beside.file if beside else {}), manifest)


def write_comparison(
    dataset: xr.Dataset,
    shared: xr.Dataset | None,
    folder: Path,
    manifest: dict[str, Any],
    output: str | None = None,
    place: str = "",
    group: str = "",
    beside: PageBeside | None = None,
) -> dict[str, Path]:
    """Write a comparison into its folder; returns name → file.

    shared : of `shares`, if asked for
    beside : the page that simulates, to which the page links
    output, place, group : flow for which it is told where people went
    raises : KeyError or ValueError, as `diversion`, before anything is written
    """
    table = comparison_table(dataset, output, place, group)
    dataset = dataset.assign_attrs({TOLD_OF: json.dumps({"output": output, "place": place, "group": group})})
    page = render_comparison(dataset, shared, output, place, group)
    facts = {key: dataset.attrs[key] for key in ("study", "study_hash", "seed", "draws", "versions")}
    facts["comparison"] = json.loads(dataset.attrs["comparison"])
    files = {"compare.nc": dataset, "compare.csv": shown_effects(dataset, table), "compare.html": page}
    files |= {} if shared is None else {"shares.nc": shared}
    files |= beside.file if beside else {}
    return _described(folder, dataset, files, {**facts, **manifest})


def write_sensitivity(dataset: xr.Dataset, folder: Path) -> dict[str, Path]:
    """Write a sensitivity analysis into its folder; returns name → file."""
    files = {"sensitivity.csv": sensitivity_table(dataset), "sensitivity.html": render_sensitivity(dataset)}
    return _written(folder, {"sensitivity.nc": dataset, **files})


def comparison_table(dataset: xr.Dataset, output: str | None = None, place: str = "", group: str = "") -> pd.DataFrame:
    """The effect table, then where everybody is on the last day; `per_1000` is for 1,000 people of the chosen flow."""
    diverted = diversion(dataset, output, place, group)
    at_end = diverted.at_end.assign(
        output="people_at_end", title="people on the last day", side="movement", unit="people", by="status"
    )
    return pd.concat([effect_table(dataset), at_end], ignore_index=True)


def write_fit(fitted: Fitted, dataset: xr.Dataset, folder: Path, manifest: dict[str, Any]) -> dict[str, Path]:
    """Write a fit into its folder; returns name → file: fitted.nc, fit.html, fit.json.

    dataset : a run of the fitted draws over the days that were fitted, for the page
    manifest : command, hashes of the inputs, times …     kept in fit.json beside what the fit says of itself
    """
    facts = {name: getattr(fitted, name) for name in ("study", "study_hash", "method", "seed", "n_draws", "fingerprint")}
    facts |= {"until": str(fitted.until), "as_of": str(fitted.as_of), **manifest}
    facts |= {"diagnostics": shown_diagnostics(read_run(dataset), fitted.diagnostics)}
    return _written(folder, {"fitted.nc": fitted, "fit.html": render_fit(fitted, dataset), "fit.json": facts})


def write_backtest(test: Backtest, folder: Path, made_up: bool = False, command: str = "") -> dict[str, Path]:
    """Write a backtest into its folder; returns name → file."""
    tables = {f"{name}.csv": table for name, table in backtest_tables(test).items()} | {
        "forecasts.csv": shown_rows(test.rows, test.hidden)
    }
    page, facts = render_backtest(test, made_up, command), backtest_as_json(test, command)
    return _written(folder, {**tables, "backtest.json": facts, "backtest.html": page})


def write_benchmark(test: Benchmark, folder: Path, made: Mapping[str, str]) -> dict[str, Path]:
    """Write a benchmark into its folder; returns name → file.

    made : name → value, of how it was made
    """
    tables = {"benchmark.csv": test.shown(), "placebos.csv": test.placebos}
    return _written(
        folder,
        {**tables, "benchmark.json": {**test.to_dict(), "made": dict(made)}, "benchmark.html": render_benchmark(test, made)},
    )


def backtest_tables(test: Backtest) -> dict[str, pd.DataFrame]:
    """Tables of a backtest, each also a file: name → table; empty ones are left out."""
    tables = {
        "scores": without_lone_scores(score_table(test), test.rows, test.hidden),
        "paired": without_lone_scores(paired_table(test), test.rows, test.hidden),
        "coverage": coverage_by(test),
        "places": pit_histogram(test),
        "thresholds": threshold_table(test),
    }
    return {name: table for name, table in tables.items() if len(table)}


def backtest_as_json(test: Backtest, command: str = "") -> dict[str, Any]:
    """A backtest as JSON can hold it: scores, what they say, what was left out, and how to do it again."""
    return {
        **{name: json.loads(table.to_json(orient="records")) for name, table in backtest_tables(test).items()},
        "headline": headline(test),
        "fits": json.loads(test.fits.to_json(orient="records")),
        "fit_words": fit_words(test),
        "left_out": [{**asdict(one.name), "why": one.why} for one in test.left_out],
        "study": test.study,
        "study_hash": test.study_hash,
        "origins": list(test.origins),
        "months": test.months,
        "methods": list(test.methods),
        "effort": asdict(test.effort),
        "withheld": list(test.withheld),
        "seed": test.seed,
        **({SMALL_SHOWN: test.small_shown_because} if test.small_shown_because else {}),
        "corredor_version": test.version,
        "command": command,
    }


def _described(folder: Path, dataset: xr.Dataset, files: Mapping[str, Any], manifest: dict[str, Any]) -> dict[str, Path]:
    """The same, described for archives too."""
    written = _written(folder, files, manifest)
    return {**written, NAME: write_research_object(folder, dataset, {**manifest, "files": list(written)})}


def _written(folder: Path, files: Mapping[str, Any], manifest: dict[str, Any] | None = None) -> dict[str, Path]:
    """Write files, each whole, then remove the finished draws that were kept for them; returns name → file.

    files : name → Dataset, fit, table, text, facts, or what makes one of these when its turn comes
    manifest : facts for manifest.json, which also names the files
    """
    if manifest is not None:
        files = {**files, "manifest.json": {**manifest, "files": [*files, "manifest.json"]}}
    written = _each_whole(folder, files)
    drop_checkpoint(folder)
    return written


def _each_whole(folder: Path, files: Mapping[str, Any]) -> dict[str, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        replace_whole(folder / name, partial(_write, content() if callable(content) else content))
    return {name: folder / name for name in files}


def _write(content: Any, path: Path) -> None:
    if isinstance(content, xr.Dataset):
        write_dataset(content, path)
    elif isinstance(content, Fitted):
        write_fitted(content, path)
    elif isinstance(content, pd.DataFrame):
        path.write_text(frame_csv(content, "%.6g"), encoding="utf-8", newline="")
    else:
        text = content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8")
