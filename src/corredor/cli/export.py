"""`corredor export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from corredor.cli.app import command
from corredor.cli.exit_status import WELL
from corredor.cli.options import Json, Results
from corredor.cli.results_file import read_results
from corredor.cli.saying import print_json, writing
from corredor.study.problems import Problem, StudyError


@command
def export(
    results: Results,
    *,
    to: Literal["csv", "parquet", "flowmap", "flee"],
    out: Path,
    output: str | None = None,
    draws: bool = False,
    suppression: Annotated[bool, Parameter(negative="--no-suppression")] = True,
    as_json: Json = False,
) -> int:
    """Write a run in the tables of other programs.

    Parameters
    ----------
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
    """
    from corredor.exchange.export.flee_out import write_flee
    from corredor.exchange.export.flowmap import write_flowmap
    from corredor.exchange.export.tidy import write_tidy

    path, dataset = read_results(results)
    try:
        with writing(out):
            if to in ("csv", "parquet"):
                written = write_tidy(dataset, out, to, every_draw=draws, suppress=suppression)
            else:
                write = write_flowmap if to == "flowmap" else write_flee
                written = write(dataset, out, output=output, suppress=suppression)
    except ValueError as error:
        problem = Problem(str(path), 1, 1, f"no table for {to}", str(error), "choose with --output, or export to csv")
        raise StudyError([problem]) from error
    files = [str(file) for file in written]
    print_json({"files": files}) if as_json else print("\n".join(files))
    return WELL
