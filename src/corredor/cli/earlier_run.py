"""`corredor report` and `corredor export`: what can be made of the results of an earlier run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from corredor.cli.app import command
from corredor.cli.options import Json, ShowSmall
from corredor.cli.saying import print_json, writing
from corredor.study.problems import Problem, StudyError

if TYPE_CHECKING:
    import xarray as xr

Results = Annotated[Path, Parameter(help="results.nc of a run, or the folder that holds it.")]


@command
def report(results: Results, *, out: Path | None = None, show_small: ShowSmall = None, as_json: Json = False) -> None:
    """Write the report of an earlier run anew.

    Parameters
    ----------
    out
        File for the report; report.html beside the results unless given.
    """
    from corredor.pages.report.page import write_report

    path, dataset = _read_results(results, show_small)
    target = out or path.with_name("report.html")
    with writing(target, "another file with --out"):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_report(dataset, target)
    print_json({"report": str(target)}) if as_json else print(target)


@command
def export(
    results: Results,
    *,
    to: Literal["csv", "parquet", "flowmap", "flee"],
    out: Path,
    output: str | None = None,
    draws: bool = False,
    show_small: ShowSmall = None,
    as_json: Json = False,
) -> None:
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
    """
    from corredor.exchange.export.flee_out import write_flee
    from corredor.exchange.export.flowmap import write_flowmap
    from corredor.exchange.export.tidy import write_tidy

    path, dataset = _read_results(results, show_small)
    try:
        with writing(out):
            if to in ("csv", "parquet"):
                written = write_tidy(dataset, out, to, every_draw=draws, suppress=show_small is None)
            else:
                write = write_flowmap if to == "flowmap" else write_flee
                written = write(dataset, out, output=output, suppress=show_small is None)
    except ValueError as error:
        problem = Problem(str(path), 1, 1, f"no table for {to}", str(error), "choose with --output, or export to csv")
        raise StudyError([problem]) from error
    files = [str(file) for file in written]
    print_json({"files": files}) if as_json else print("\n".join(files))


def _read_results(results: Path, show_small: str | None) -> tuple[Path, xr.Dataset]:
    """The file and what is in it.

    results : results.nc of a run, or the folder that holds it
    show_small : why small counts are shown; that they were shown once is no reason to show them again
    raises : StudyError, when it is not there or no such results
    """
    from corredor.results.netcdf import read_run
    from corredor.results.view import SMALL_SHOWN

    path = results / "results.nc" if results.is_dir() else results
    try:
        dataset = read_run(path)
    except (OSError, ValueError) as error:
        found = str(error) if path.exists() else "no such file"
        raise StudyError(
            [Problem(str(path), 1, 1, found, "the results.nc of a run", "corredor run STUDY --out FOLDER")]
        ) from error
    dataset.attrs.pop(SMALL_SHOWN, None)
    dataset.attrs |= {} if show_small is None else {SMALL_SHOWN: show_small}
    return path, dataset
