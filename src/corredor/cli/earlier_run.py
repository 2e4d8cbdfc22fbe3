"""`corredor report` and `corredor export`: what can be made of the results of an earlier run."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from corredor.cli.app import command
from corredor.cli.options import Json, ShowSmall, refuse_study
from corredor.cli.saying import Refused, print_json, writing
from corredor.study.problems import Problem, StudyError

if TYPE_CHECKING:
    import xarray as xr

STORE = "or a store, as `run --store` made it (docs/CLUSTER.md)."
Results = Annotated[str, Parameter(help=f"results.nc of a run, or the folder that holds it; {STORE}")]
Earlier = Annotated[
    str,
    Parameter(help=f"results.nc of a run or forecast, compare.nc of a comparison, or the folder that holds one of them; {STORE}"),
]
RUN, COMPARISON, SHARES = "results.nc", "compare.nc", "shares.nc"


@command
def report(results: Earlier, *, out: Path | None = None, show_small: ShowSmall = None, as_json: Json = False) -> None:
    """Write the pages of an earlier run, forecast or comparison anew.

    A forecast gets its page of the coming months too. Pages of claims, fits and backtests need more than they leave: give their command
    again.

    Parameters
    ----------
    out
        File for the report, or for the page of a comparison; beside the results, or beside the folder of a store, and under its own
        name unless given. A file of this name that is no such page is left alone.
    """
    from corredor.pages.artefacts.again import rewrite_pages

    path, dataset = _read_results(results, show_small, (RUN, COMPARISON))
    folder, name = (path.parent, "") if out is None else (out.parent, out.name)
    shared = _shares_beside(path, dataset) if "comparison" in dataset.attrs else None
    with writing(out or folder, "another file with --out"):
        pages = rewrite_pages(dataset, folder, shared, name)
    print_json({page.stem: str(page) for page in pages.values()}) if as_json else print("\n".join(map(str, pages.values())))


@command
def export(
    results: Results,
    *,
    to: Literal["csv", "parquet", "netcdf", "flowmap", "flee"],
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
        csv or parquet (a table for each output), netcdf (a store as one results.nc, every draw in it), flowmap (flowmap.blue), or flee
        (Flee's out.csv).
    out
        Folder for the tables.
    output
        For flowmap and flee: which output.
    draws
        For csv and parquet: every draw in place of mean and quantiles; only with --show-small-cells.
    """
    from corredor.exchange.export.flee_out import write_flee
    from corredor.exchange.export.flowmap import write_flowmap
    from corredor.exchange.export.tidy import write_tidy
    from corredor.results.netcdf import write_dataset
    from corredor.study.whole_file import replace_whole

    refuse_study(out)
    path, dataset = _read_results(results, show_small)
    if draws and show_small is None:
        raise Refused("every draw has small counts in it", '--show-small-cells "REASON" with --draws, or leave out --draws')
    try:
        with writing(out):
            if to == "netcdf":
                out.mkdir(parents=True, exist_ok=True)
                replace_whole(out / "results.nc", partial(write_dataset, dataset.load()))
                written = [out / "results.nc"]
            elif to in ("csv", "parquet"):
                written = write_tidy(dataset, out, to, every_draw=draws, suppress=show_small is None)
            else:
                write = write_flowmap if to == "flowmap" else write_flee
                written = write(dataset, out, output=output, suppress=show_small is None)
    except ValueError as error:
        problem = Problem(str(path), 1, 1, f"no table for {to}", str(error), "choose with --output, or export to csv")
        raise StudyError([problem]) from error
    files = [str(file) for file in written]
    print_json({"files": files}) if as_json else print("\n".join(files))


def _read_results(given: str, show_small: str | None, names: tuple[str, ...] = (RUN,)) -> tuple[Path, xr.Dataset]:
    """The file, or the folder of a store, and what is in it; of a store elsewhere a name in this folder; of a run in a store its folder.

    given : a file, or the folder that holds one of these names, or a store
    show_small : why small counts are shown; that they were shown once is no reason to show them again
    raises : StudyError, when it is not there or no such results
    """
    from corredor.results.view import SMALL_SHOWN

    path, dataset = _opened(given, names)
    dataset.attrs.pop(SMALL_SHOWN, None)
    dataset.attrs |= {} if show_small is None else {SMALL_SHOWN: show_small}
    return path, dataset


def _opened(given: str, names: tuple[str, ...]) -> tuple[Path, xr.Dataset]:
    from corredor.results.netcdf import read_run
    from corredor.results.store import check_chunks, open_store
    from corredor.results.store_place import is_address, store_of

    results, store = Path(given), store_of(given)
    if store is not None:
        dataset = open_store(store)
        check_chunks(store)
        if store != given:
            return results / names[0], dataset
        return Path(results.name) if is_address(given) else results, dataset
    inside = [results / name for name in names] if results.is_dir() else [results]
    path = next((path for path in inside if path.exists()), inside[0])
    try:
        return path, read_run(path)
    except (OSError, ValueError) as error:
        found = str(error) if path.exists() else "no such file"
        raise StudyError(
            [Problem(str(path), 1, 1, found, "the results.nc of a run", "corredor run STUDY --out FOLDER")]
        ) from error


def _shares_beside(path: Path, dataset: xr.Dataset) -> xr.Dataset | None:
    """The shares that were worked out with a comparison; none where there are none, or they are of another one."""
    from corredor.engine.netcdf_file import read_checked

    try:
        shared = read_checked(path.with_name(SHARES))
    except (OSError, ValueError):
        return None
    about = json.loads(dataset.attrs["comparison"])
    same = shared.attrs.get("study_hash") == dataset.attrs["study_hash"] and shared.attrs.get("seed") == dataset.attrs["seed"]
    return shared if same and set(json.loads(shared.attrs.get("measures", "[]"))) == set(about["measures"]) else None
