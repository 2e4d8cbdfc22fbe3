"""`corredor report` and `corredor export`: what can be made of the results of an earlier run."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from corredor.cli.app import command
from corredor.cli.options import Json
from corredor.cli.saying import print_json, writing
from corredor.study.problems import Problem, StudyError

if TYPE_CHECKING:
    import xarray as xr

Results = Annotated[
    str,
    Parameter(help="results.nc of a run, or the folder that holds it; or a store, as `run --store` made it (docs/CLUSTER.md)."),
]


@command
def report(results: Results, *, out: Path | None = None, as_json: Json = False) -> None:
    """Write the report of an earlier run anew.

    Parameters
    ----------
    out
        File for the report; report.html beside the results, or beside the folder of a store, unless given.
    """
    from corredor.pages.report.page import write_report

    path, dataset = _read_results(results)
    target = out or path.with_name("report.html")
    with writing(target, "another file with --out"):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_report(dataset, target)
    print_json({"report": str(target)}) if as_json else print(target)


@command
def export(
    results: Results,
    *,
    to: Literal["csv", "parquet", "netcdf", "flowmap", "flee"],
    out: Path,
    output: str | None = None,
    draws: bool = False,
    suppression: Annotated[bool, Parameter(negative="--no-suppression")] = True,
    as_json: Json = False,
) -> None:
    """Write a run in the tables of other programs.

    Parameters
    ----------
    to
        csv or parquet (a table for each output), netcdf (a store as one results.nc), flowmap (flowmap.blue), or flee (Flee's out.csv).
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
    from corredor.results.netcdf import write_dataset
    from corredor.study.whole_file import replace_whole

    path, dataset = _read_results(results)
    try:
        with writing(out):
            if to == "netcdf":
                out.mkdir(parents=True, exist_ok=True)
                replace_whole(out / "results.nc", partial(write_dataset, dataset.load()))
                written = [out / "results.nc"]
            elif to in ("csv", "parquet"):
                written = write_tidy(dataset, out, to, every_draw=draws, suppress=suppression)
            else:
                write = write_flowmap if to == "flowmap" else write_flee
                written = write(dataset, out, output=output, suppress=suppression)
    except ValueError as error:
        problem = Problem(str(path), 1, 1, f"no table for {to}", str(error), "choose with --output, or export to csv")
        raise StudyError([problem]) from error
    files = [str(file) for file in written]
    print_json({"files": files}) if as_json else print("\n".join(files))


def _read_results(given: str) -> tuple[Path, xr.Dataset]:
    """The file, or the folder of a store, and what is in it; of a store elsewhere a name in this folder.

    given : results.nc of a run, or the folder that holds it, or a store
    raises : StudyError, when it is not there or no such results
    """
    from corredor.results.netcdf import read_run
    from corredor.results.store import is_address, open_store

    results = Path(given)
    if is_address(given) or (results / "zarr.json").is_file():
        return Path(results.name) if is_address(given) else results, open_store(given)
    path = results / "results.nc" if results.is_dir() else results
    try:
        return path, read_run(path)
    except (OSError, ValueError) as error:
        found = str(error) if path.exists() else "no such file"
        raise StudyError(
            [Problem(str(path), 1, 1, found, "the results.nc of a run", "corredor run STUDY --out FOLDER")]
        ) from error
