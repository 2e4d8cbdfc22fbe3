"""What `corredor sensitivity` leaves."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from corredor.effects.sensitivity import sensitivity_table
from corredor.pages.artefacts.whole_files import write_files
from corredor.pages.report.sensitivity_page import render_sensitivity


def write_sensitivity(dataset: xr.Dataset, folder: Path) -> dict[str, Path]:
    """Write a sensitivity analysis into its folder; returns name → file."""
    files = {"sensitivity.csv": sensitivity_table(dataset), "sensitivity.html": render_sensitivity(dataset)}
    return write_files(folder, {"sensitivity.nc": dataset, **files})
