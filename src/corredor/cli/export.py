"""`corredor export`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from corredor.cli.app import app
from corredor.cli.exit_status import WELL
from corredor.cli.options import Json
from corredor.cli.saying import misused, report_problems


@app.command
def export(
    results: Path,
    *,
    to: str,
    out: Path,
    output: str | None = None,
    draws: Annotated[bool, Parameter(negative=())] = False,
    suppression: bool = True,
    as_json: Json = False,
) -> int:
    """Write a run in the tables of other programs.

    Parameters
    ----------
    results
        results.nc of a run, or the folder that holds it.
    to
        csv or parquet (a table for each output), flowmap (flowmap.blue), or flee (Flee's out.csv).
    out
        Folder for the tables.
    output
        For flowmap and flee: which output.
    draws
        For csv and parquet: every draw in place of mean and quantiles.
    suppression
        Leave counts below five people empty.
    as_json
        Print the files written as JSON.
    """
    from corredor.exchange.export import ParquetMissing, write_flee, write_flowmap, write_tidy
    from corredor.results.netcdf import read_run
    from corredor.study.problems import Problem, StudyError

    if to not in ("csv", "parquet", "flowmap", "flee"):
        return misused(f"no format {to}", "--to csv, parquet, flowmap or flee")
    path = results / "results.nc" if results.is_dir() else results
    try:
        dataset = read_run(path)
    except (OSError, ValueError) as error:
        found = str(error) if path.is_file() else "no such file"
        problem = Problem(str(path), 1, 1, found, "the results.nc of a run", "corredor run STUDY --out FOLDER")
        return report_problems(StudyError([problem]), as_json)
    try:
        if to == "flowmap":
            written = write_flowmap(dataset, out, output=output, suppress=suppression)
        elif to == "flee":
            written = write_flee(dataset, out, output=output, suppress=suppression)
        else:
            written = write_tidy(dataset, out, "csv" if to == "csv" else "parquet", every_draw=draws, suppress=suppression)
    except ParquetMissing:
        return misused("Parquet cannot be written without the extra `parquet`", "pip install 'corredor[parquet]', or --to csv")
    except ValueError as error:
        problem = Problem(str(path), 1, 1, f"no table for {to}", str(error), "choose with --output, or export to csv")
        return report_problems(StudyError([problem]), as_json)
    except OSError as error:
        return misused(f"{out} cannot hold the tables: {error.strerror}", "another folder with --out")
    files = [str(file) for file in written]
    print(json.dumps({"files": files}, ensure_ascii=False) if as_json else "\n".join(files))
    return WELL
