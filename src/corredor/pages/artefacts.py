"""What a command leaves in its folder: numbers, a table, a page and a manifest, each whole or not there at all."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from corredor.effects.claims import Finding
from corredor.effects.compare.diversion import diversion
from corredor.effects.compare.effects import effect_table
from corredor.effects.sensitivity import sensitivity_table
from corredor.engine.fitted import Fitted, write_fitted
from corredor.pages.claims.page import render_claims
from corredor.pages.report.comparison_page import render_comparison
from corredor.pages.report.fit_page import render_fit
from corredor.pages.report.page import render_report
from corredor.pages.report.sensitivity_page import render_sensitivity
from corredor.results.coverage import summary_table
from corredor.results.netcdf import write_dataset
from corredor.study.model import Model
from corredor.study.whole_file import replace_whole


def write_run(dataset: xr.Dataset, folder: Path, manifest: dict[str, Any]) -> dict[str, Path]:
    """Write a run into its folder; returns name → file.

    manifest : command, hashes of the inputs, times …     kept beside the seed and versions of the Dataset
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = ("results.nc", "summary.csv", "report.html", "manifest.json")
    paths = {name: folder / name for name in names}
    facts = {key: dataset.attrs[key] for key in ("study", "study_hash", "seed", "draws", "versions", "decisions_per_draw")}
    text = json.dumps({**facts, **manifest, "files": list(names)}, indent=2, ensure_ascii=False) + "\n"
    replace_whole(paths["results.nc"], lambda path: write_dataset(dataset, path))
    replace_whole(paths["summary.csv"], lambda path: summary_table(dataset).to_csv(path, index=False, float_format="%.6g"))
    replace_whole(paths["report.html"], lambda path: path.write_text(render_report(dataset), encoding="utf-8"))
    replace_whole(paths["manifest.json"], lambda path: path.write_text(text, encoding="utf-8"))
    return paths


def write_claims(
    findings: Sequence[Finding], model: Model, as_of: dt.date, folder: Path, made: Mapping[str, str], manifest: dict[str, Any]
) -> dict[str, Path]:
    """Write findings about claims into a folder; returns name → file.

    made : name → value, for the reader of the page;  manifest : the same for machines
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = ("claims.json", "claims.html", "manifest.json")
    paths = {name: folder / name for name in names}
    rows = json.dumps([finding.as_json() for finding in findings], indent=2, ensure_ascii=False) + "\n"
    page = render_claims(findings, model, as_of, made)
    text = json.dumps({**manifest, "files": list(names)}, indent=2, ensure_ascii=False) + "\n"
    replace_whole(paths["claims.json"], lambda path: path.write_text(rows, encoding="utf-8"))
    replace_whole(paths["claims.html"], lambda path: path.write_text(page, encoding="utf-8"))
    replace_whole(paths["manifest.json"], lambda path: path.write_text(text, encoding="utf-8"))
    return paths


def write_comparison(
    dataset: xr.Dataset,
    shared: xr.Dataset | None,
    folder: Path,
    manifest: dict[str, Any],
    output: str | None = None,
    place: str = "",
    group: str = "",
) -> dict[str, Path]:
    """Write a comparison into its folder; returns name → file.

    shared : of `shares`, if asked for
    output, place, group : flow for which it is told where people went
    raises : KeyError or ValueError, as `diversion`, before anything is written
    """
    table = comparison_table(dataset, output, place, group)
    page = render_comparison(dataset, shared, output, place, group)
    folder.mkdir(parents=True, exist_ok=True)
    names = ["compare.nc", "compare.csv", "compare.html", *(["shares.nc"] if shared is not None else []), "manifest.json"]
    paths = {name: folder / name for name in names}
    facts = {key: dataset.attrs[key] for key in ("study", "study_hash", "seed", "draws", "versions")}
    facts["comparison"] = json.loads(dataset.attrs["comparison"])
    text = json.dumps({**facts, **manifest, "files": names}, indent=2, ensure_ascii=False) + "\n"
    replace_whole(paths["compare.nc"], lambda path: write_dataset(dataset, path))
    replace_whole(paths["compare.csv"], lambda path: table.to_csv(path, index=False, float_format="%.6g"))
    replace_whole(paths["compare.html"], lambda path: path.write_text(page, encoding="utf-8"))
    if shared is not None:
        replace_whole(paths["shares.nc"], lambda path: write_dataset(shared, path))
    replace_whole(paths["manifest.json"], lambda path: path.write_text(text, encoding="utf-8"))
    return paths


def write_sensitivity(dataset: xr.Dataset, folder: Path) -> dict[str, Path]:
    """Write a sensitivity analysis into its folder; returns name → file."""
    page, table = render_sensitivity(dataset), sensitivity_table(dataset)
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / name for name in ("sensitivity.nc", "sensitivity.csv", "sensitivity.html")}
    replace_whole(paths["sensitivity.nc"], lambda path: write_dataset(dataset, path))
    replace_whole(paths["sensitivity.csv"], lambda path: table.to_csv(path, index=False, float_format="%.6g"))
    replace_whole(paths["sensitivity.html"], lambda path: path.write_text(page, encoding="utf-8"))
    return paths


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
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / name for name in ("fitted.nc", "fit.html", "fit.json")}
    facts = {name: getattr(fitted, name) for name in ("study", "study_hash", "method", "seed", "n_draws", "fingerprint")}
    facts |= {"until": str(fitted.until), "as_of": str(fitted.as_of)}
    text = json.dumps({**facts, **manifest, "diagnostics": fitted.diagnostics}, indent=1, ensure_ascii=False) + "\n"
    page = render_fit(fitted, dataset, manifest)
    replace_whole(paths["fitted.nc"], lambda path: write_fitted(fitted, path))
    replace_whole(paths["fit.html"], lambda path: path.write_text(page, encoding="utf-8"))
    replace_whole(paths["fit.json"], lambda path: path.write_text(text, encoding="utf-8"))
    return paths
