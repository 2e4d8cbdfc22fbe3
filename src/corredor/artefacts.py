"""What a run leaves in its folder: results.nc, summary.csv, report.html, manifest.json, each whole or not there at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xarray as xr

from corredor.fitted import Fitted, write_fitted
from corredor.observe import summary_table
from corredor.report import render_fit, render_report


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


def write_dataset(dataset: xr.Dataset, path: Path) -> None:
    """netCDF-4, compressed; reads back unchanged with `read_run`."""
    encoding = {
        name: {"zlib": True, "complevel": 1}
        for name, array in dataset.data_vars.items()
        if array.dtype.kind in "fi" and array.ndim
    }
    dataset.to_netcdf(path, engine="h5netcdf", encoding=encoding)


def read_run(path: Path) -> xr.Dataset:
    """The Dataset of a run, whole, from its results.nc.

    raises : OSError when there is no such file or it is no netCDF-4; ValueError when it holds something else than a run
    """
    with xr.open_dataset(path, engine="h5netcdf") as opened:
        dataset = opened.load()
    missing = [name for name in ("study", "study_hash", "seed", "draws", "model") if name not in dataset.attrs]
    if missing:
        raise ValueError("netCDF without the attributes " + ", ".join(missing))
    # netCDF keeps variables by name; readers want them in the order of the study
    model = json.loads(dataset.attrs["model"])
    order = [name for name in (*model["outputs"], *model["accounts"]) if name in dataset]
    return dataset[[*order, *(name for name in dataset.data_vars if name not in order)]]


def replace_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a hidden file beside `path`, then put it in place in one step; what fails leaves nothing behind."""
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(passing)
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)
