"""The results of an earlier run, as a command is given them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corredor.study.problems import Problem, StudyError

if TYPE_CHECKING:
    import xarray as xr


def read_results(results: Path) -> tuple[Path, xr.Dataset]:
    """The file and what is in it.

    results : results.nc of a run, or the folder that holds it
    raises : StudyError, when it is not there or no such results
    """
    from corredor.results.netcdf import read_run

    path = results / "results.nc" if results.is_dir() else results
    try:
        return path, read_run(path)
    except (OSError, ValueError) as error:
        found = str(error) if path.is_file() else "no such file"
        raise StudyError(
            [Problem(str(path), 1, 1, found, "the results.nc of a run", "corredor run STUDY --out FOLDER")]
        ) from error
