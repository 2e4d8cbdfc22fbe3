"""Files of a folder, written whole and together or not at all, with a manifest that names them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from corredor.engine.checkpoint import drop_checkpoint
from corredor.engine.fitted import Fitted, write_fitted
from corredor.pages.research_object import NAME, write_research_object
from corredor.results.netcdf import write_dataset
from corredor.results.view import MANIFEST_FILE
from corredor.study.csv_text import frame_csv
from corredor.study.whole_file import replace_all_whole


def write_described(folder: Path, dataset: xr.Dataset, files: Mapping[str, Any], manifest: dict[str, Any]) -> dict[str, Path]:
    """As `write_files`, described for archives too."""
    written = write_each_whole(folder, _with_manifest(files, manifest))
    written[NAME] = write_research_object(folder, dataset, {**manifest, "files": list(written)})
    drop_checkpoint(folder)
    return written


def write_files(folder: Path, files: Mapping[str, Any], manifest: dict[str, Any] | None = None) -> dict[str, Path]:
    """Write files, each whole, then remove the finished draws that were kept for them; returns name → file.

    files : name → Dataset, fit, table, text, facts, or what makes one of these when its turn comes
    manifest : facts for manifest.json, which also names the files
    """
    written = write_each_whole(folder, files if manifest is None else _with_manifest(files, manifest))
    drop_checkpoint(folder)
    return written


def write_each_whole(folder: Path, files: Mapping[str, Any]) -> dict[str, Path]:
    """Write files in the place of earlier ones, which stay until all are whole; returns name → file."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / name for name in files}
    replace_all_whole({paths[name]: partial(_write, content) for name, content in files.items()})
    return paths


def _with_manifest(files: Mapping[str, Any], manifest: dict[str, Any]) -> dict[str, Any]:
    return {**files, MANIFEST_FILE: {**manifest, "files": [*files, MANIFEST_FILE]}}


def _write(content: Any, path: Path) -> None:
    if callable(content):
        content = content()
    if isinstance(content, xr.Dataset):
        write_dataset(content, path)
    elif isinstance(content, Fitted):
        write_fitted(content, path)
    elif isinstance(content, pd.DataFrame):
        path.write_text(frame_csv(content, "%.6g"), encoding="utf-8", newline="")
    else:
        text = content if isinstance(content, str) else json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8")
