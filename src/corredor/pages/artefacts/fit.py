"""What `corredor fit` leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xarray as xr

from corredor.engine.fitted import Fitted
from corredor.pages.artefacts.whole_files import write_files
from corredor.pages.report.fit_page import render_fit
from corredor.results.hidden_numbers import shown_diagnostics
from corredor.results.view import read_run


def write_fit(fitted: Fitted, dataset: xr.Dataset, folder: Path, manifest: dict[str, Any]) -> dict[str, Path]:
    """Write a fit into its folder; returns name → file: fitted.nc, fit.html, fit.json.

    dataset : a run of the fitted draws over the days that were fitted, for the page
    manifest : command, hashes of the inputs, times …     kept in fit.json beside what the fit says of itself
    """
    facts = {name: getattr(fitted, name) for name in ("study", "study_hash", "method", "seed", "n_draws", "fingerprint")}
    facts |= {"until": str(fitted.until), "as_of": str(fitted.as_of), **manifest}
    facts |= {"diagnostics": shown_diagnostics(read_run(dataset), fitted.diagnostics)}
    return write_files(folder, {"fitted.nc": fitted, "fit.html": render_fit(fitted, dataset), "fit.json": facts})
