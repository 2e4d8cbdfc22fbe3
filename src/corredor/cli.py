"""The command `corredor`: the only place that prints, exits or reads the environment.

Data go to standard output, progress and messages to standard error. Heavy imports come late, inside the commands, so that --help is
quick.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

from cyclopts import App, CycloptsError, Parameter

if TYPE_CHECKING:
    import xarray as xr

    from corredor.fetch import Fetched
    from corredor.problems import StudyError

WELL, BUG, USAGE, INVALID, UNREACHABLE, DIAGNOSTIC, STOPPED = 0, 1, 2, 3, 4, 5, 130

EXIT_STATUS = {
    WELL: "finished well",
    BUG: "a bug in corredor; what Python says of it is printed",
    USAGE: "the command was not understood, or the folder given cannot be used",
    INVALID: "the study or file given has problems; every one is listed and nothing was written",
    UNREACHABLE: "a source on the network could not be reached (add --url and fetch read one; no other command does)",
    DIAGNOSTIC: "finished, but a check of the result failed",
    STOPPED: "stopped from the keyboard; finished draws are kept and the same command goes on from them",
}
"""What the exit status says."""

app = App(
    name="corredor",
    help="Simulate a migration corridor and answer with honest uncertainty.",
    version_flags=["--version"],
    result_action="return_value",
)


def main() -> NoReturn:
    """Run the command line and exit."""
    try:
        status = app(sys.argv[1:], exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        _say(f"{str(error).strip()}\ntry: corredor --help")
        sys.exit(USAGE)
    except KeyboardInterrupt:
        _say("stopped")
        sys.exit(STOPPED)
    except BrokenPipeError:
        # Whoever reads our output has had enough, as in `corredor studies | head -1`. What is left goes nowhere, in silence.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(WELL)
    sys.exit(status if isinstance(status, int) else WELL)


@app.command
def run(
    study: str,
    *,
    draws: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 500,
    seed: Annotated[int, Parameter(validator=lambda _, value: _seed(value))] = 1,
    jobs: Annotated[int | None, Parameter(validator=lambda _, value: _positive(value))] = None,
    out: Path | None = None,
    expected: bool = False,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Simulate a study and write results, a summary and a report.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    draws
        Possible worlds to simulate.
    seed
        Decides all luck; the same seed gives the same results. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    out
        Folder for the results; runs/NAME unless given.
    expected
        One mean-field run in place of random draws.
    as_json
        Print the summary as JSON.
    """
    from corredor.artefacts import write_run
    from corredor.catalogue import find_study
    from corredor.ensemble import Interrupted
    from corredor.model import load_study
    from corredor.observe import summary_table
    from corredor.problems import StudyError
    from corredor.results import lost_people
    from corredor.simulate import simulate

    began = time.perf_counter()
    try:
        model = load_study(find_study(study))
    except StudyError as error:
        return _report_problems(error, as_json)
    folder = out or Path("runs") / model.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    _say(f"{model.study.title}: " + ("expected flow" if expected else f"{draws} draws, seed {seed}"))
    _say("compiling the model first, if this machine has not done so yet (up to a minute) …")
    try:
        with _Progress("simulating") as progress:
            dataset = simulate(model, draws, seed, jobs, expected, progress.show, keep_in=folder)
    except Interrupted as stopped:
        _say(f"stopped; {stopped.counts.done.sum()} finished draws are kept in {folder}: the same command goes on from them")
        return STOPPED
    simulated = time.perf_counter()
    command = shlex.join(["corredor", *sys.argv[1:]])
    dataset.attrs |= {"command": command, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    lost = lost_people(dataset)
    manifest: dict[str, Any] = {
        "command": command,
        "created": dataset.attrs["created"],
        "inputs": model.input_hashes,
        "people_lost": lost,
        "seconds": {"simulating": round(simulated - began, 2)},
    }
    _say("writing results and the report …")
    paths = write_run(dataset, folder, manifest)
    if as_json:
        table = summary_table(dataset)
        print(
            json.dumps(
                {**manifest, "out": str(folder), "summary": json.loads(table.to_json(orient="records"))}, ensure_ascii=False
            )
        )
    else:
        _print_summary(dataset)
    _say(
        f"{dataset.attrs['decisions_per_draw']:,.0f} random decisions a draw, {simulated - began:.1f} s; "
        f"in all {time.perf_counter() - began:.1f} s\nreport: {paths['report.html']}"
    )
    if lost > (1e-6 if expected else 0):
        _say(
            f"people were not conserved: {lost:g} lost or made in the worst draw. This is a bug in corredor; do not use these results."
        )
        return DIAGNOSTIC
    return WELL


@app.command
def check(study: str, *, as_json: Annotated[bool, Parameter(name="--json", negative=())] = False) -> int:
    """Read a study and report every problem at once; nothing is written.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    as_json
        Print the problems as JSON.
    """
    from corredor.catalogue import find_study
    from corredor.model import load_study
    from corredor.problems import StudyError

    try:
        model = load_study(find_study(study))
    except StudyError as error:
        return _report_problems(error, as_json)
    facts = {
        "study": model.name,
        "title": model.study.title,
        "places": len(model.places),
        "routes": len(model.routes),
        "parameters": len(model.parameters),
        "measures": len(model.measures),
        "observations": len(model.observations),
        "hash": model.hash,
    }
    if as_json:
        print(json.dumps({"problems": [], **facts}, ensure_ascii=False))
    else:
        numbers = {key: value for key, value in facts.items() if isinstance(value, int)}
        counts = ", ".join(f"{value} {key if value != 1 else key[:-1]}" for key, value in numbers.items())
        print(f"{model.name}: no problems. {counts}.")
    return WELL


@app.command
def studies(*, as_json: Annotated[bool, Parameter(name="--json", negative=())] = False) -> int:
    """List the studies that come with corredor.

    Parameters
    ----------
    as_json
        Print the list as JSON.
    """
    from corredor.catalogue import bundled_studies
    from corredor.model import load_study

    found = {name: load_study(folder) for name, folder in bundled_studies().items()}
    if as_json:
        rows = [{"name": n, "title": m.study.title, "from": str(m.study.from_), "to": str(m.study.to)} for n, m in found.items()]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for name, model in found.items():
            print(f"{name:16s} {model.study.title} ({model.study.from_} to {model.study.to})")
    return WELL


@app.command
def new(folder: Path, *, as_json: Annotated[bool, Parameter(name="--json", negative=())] = False) -> int:
    """Begin a study of your own: a small, complete one is written for you to change.

    Parameters
    ----------
    folder
        New folder for the study.
    as_json
        Print the files written as JSON.
    """
    from corredor.catalogue import new_study

    try:
        written = [str(path) for path in new_study(folder)]
    except FileExistsError:
        _say(f"{folder} exists already and is not empty\ntry: another name")
        return USAGE
    except OSError as error:
        _say(f"{folder} cannot be written: {error.strerror}\ntry: another folder")
        return USAGE
    print(json.dumps({"files": written}, ensure_ascii=False) if as_json else "\n".join(written))
    _say(f"try: corredor check {shlex.quote(str(folder))}\n     corredor run {shlex.quote(str(folder))}")
    return WELL


@app.command
def report(
    results: Path,
    *,
    out: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Write the report of an earlier run anew.

    Parameters
    ----------
    results
        results.nc of a run, or the folder that holds it.
    out
        File for the report; report.html beside the results unless given.
    as_json
        Print the file written as JSON.
    """
    from corredor.artefacts import read_run, replace_whole
    from corredor.problems import Problem, StudyError
    from corredor.report import render_report

    path = results / "results.nc" if results.is_dir() else results
    try:
        dataset = read_run(path)
    except (OSError, ValueError) as error:
        found = str(error) if path.is_file() else "no such file"
        problem = Problem(str(path), 1, 1, found, "the results.nc of a run", "corredor run STUDY --out FOLDER")
        return _report_problems(StudyError([problem]), as_json)
    target = out or path.with_name("report.html")
    text = render_report(dataset)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(target, lambda passing: passing.write_text(text, encoding="utf-8"))
    except OSError as error:
        _say(f"{target} cannot be written: {error.strerror}\ntry: another file with --out")
        return USAGE
    print(json.dumps({"report": str(target)}, ensure_ascii=False) if as_json else target)
    return WELL


@app.command
def add(
    reader: str,
    files: Annotated[list[Path], Parameter(negative=())] = [],  # noqa: B006  (read only)
    *,
    to: Path,
    output: str | None = None,
    driver: str | None = None,
    series: str | None = None,
    place_by: str | None = None,
    group_by: str | None = None,
    place: str | None = None,
    group: str | None = None,
    only: Annotated[list[str], Parameter(negative=())] = [],  # noqa: B006
    map_file: Annotated[Path | None, Parameter(name="--map")] = None,
    skip_unmatched: Annotated[bool, Parameter(negative=())] = False,
    vintage: Annotated[list[str], Parameter(negative=())] = [],  # noqa: B006
    unit: str | None = None,
    source: str = "",
    publisher: str = "",
    title: str = "",
    licence: str = "",
    accessed: str = "",
    url: str = "",
    header: Annotated[list[str], Parameter(negative=())] = [],  # noqa: B006
    cache: Path | None = None,
    refresh: Annotated[bool, Parameter(negative=())] = False,
    show: Annotated[bool, Parameter(negative=())] = False,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Add published figures to a study as observations or as a driver, with their source.

    Parameters
    ----------
    reader
        Format of the files: cbp, unhcr, unhcr-portal, dtm, acled, world-bank, banxico, boletin-mx, hxl or flowmap.
    files
        Published files, as they were downloaded.
    to
        Folder of the study.
    output
        Output that the figures are observations of.
    driver
        Driver that the figures are values of, in place of --output.
    series
        Series of the file, where it has several.
    place_by
        What in the file tells the place; `none` when the figures are for all places together.
    group_by
        What in the file tells the group; `none` for all together.
    place
        One place of the study for every figure.
    group
        One group of the study for every figure.
    only
        PART=VALUE: only figures with this value; may be given several times.
    map_file
        Table with the columns name and id: what the file's names are called in the study; an empty id leaves a name out.
    skip_unmatched
        Leave out names that the study does not have, and list them.
    vintage
        Day on which the file was published, YYYY-MM-DD; one for all files, or one for each in their order.
    unit
        Unit of a new driver.
    source
        Id for sources.csv; made from format and day unless given.
    publisher
        For sources.csv; as the format says unless given.
    title
        For sources.csv.
    licence
        For sources.csv.
    accessed
        Day on which the file was downloaded; today unless given.
    url
        Address to fetch the file from, in place of files; kept in sources.csv without tokens. With files: where they came from.
    header
        NAME=VALUE sent when fetching, such as a token; never kept.
    cache
        Folder for fetched files; the user's cache folder unless given.
    refresh
        Fetch again what is in the cache.
    show
        Only show what would be done.
    as_json
        Print what was done as JSON.
    """
    from corredor.adding import Published, Request, SourceFacts, add_figures, read_published
    from corredor.problems import StudyError, nearest
    from corredor.readers.formats import FORMATS
    from corredor.readers.sheet_cells import SheetsMissing

    if reader not in FORMATS:
        close = nearest(reader, FORMATS)
        hint = f"did you mean {close}? " if close else ""
        return _misused(f"no reader {reader}", f"{hint}there are: {', '.join(FORMATS)}")
    if (output is None) == (driver is None):
        return _misused("neither or both of --output and --driver", "--output NAME for observations, or --driver NAME")
    if not files and not url:
        return _misused("no file", "the path of a downloaded file, or --url ADDRESS to fetch one")
    try:
        days = [_day(text) for text in vintage]
        today = _day(accessed) if accessed else datetime.now(UTC).date()
    except ValueError:
        return _misused("a day that is none, in --vintage or --accessed", "YYYY-MM-DD, such as 2019-03-06")
    if len(days) > 1 and len(days) != len(files):
        return _misused(f"{len(days)} --vintage for {len(files)} files", "one for all, or one for each file in their order")
    selected = dict(one.split("=", 1) for one in only if "=" in one)
    if len(selected) < len(only):
        return _misused("--only without =, or one part twice", "--only PART=VALUE, such as --only demographic=FMUA")
    each: list[Any] = days * len(files) if len(days) == 1 else days or [None] * len(files)
    published: list[Any] = []
    problems: list[Any] = []
    for path, day in zip(files, each, strict=True):
        try:
            published.append(read_published(path, day))
        except StudyError as error:
            problems += error.problems
    if problems:
        return _report_problems(StudyError(problems), as_json)
    address = ""
    if url and not files:
        fetched = _fetched(url, header, cache, refresh)
        if isinstance(fetched, int):
            return fetched
        published, address = [Published(fetched.address, fetched.content, days[0] if days else None)], fetched.address
        today = _day(accessed) if accessed else fetched.fetched.date()
    elif url:
        from corredor.fetch import public_address

        address = public_address(url)
    facts = SourceFacts(today, source, publisher, title, licence, address)
    request = Request(
        to, FORMATS[reader], tuple(published), facts, output, driver, series, place_by, group_by, place, group, selected, map_file,
        skip_unmatched, unit
    )  # fmt: skip
    try:
        added = add_figures(request, write=not show)
    except StudyError as error:
        return _report_problems(error, as_json)
    except SheetsMissing:
        return _misused("spreadsheets cannot be read without the extra `sheets`", "pip install 'corredor[sheets]'")
    except OSError as error:
        return _misused(f"{to} cannot be written: {error.strerror}", "a study of your own: corredor new FOLDER")
    if as_json:
        facts_added = {"rows": added.rows, "revised": added.revised, "known": added.known, "remarks": added.remarks}
        print(
            json.dumps(
                {**facts_added, "unmatched": added.unmatched, "files": added.files, "shown_only": show}, ensure_ascii=False
            )
        )
    else:
        for row in added.rows:
            print(", ".join(value for value in row.values() if value))
    for line in (*added.revised, *added.remarks):
        _say(line)
    for name, near in added.unmatched.items():
        _say(f"left out, since the study has no such name: {name}" + (f" (nearest: {near})" if near else ""))
    done = "would be added" if show else "added"
    _say(
        f"{len(added.rows)} rows {done}, {added.known} known already, {len(added.revised)} revised; "
        + (", ".join(added.files) or "no file changed")
    )
    return WELL


@app.command(name="fetch")
def fetch_command(
    url: str,
    *,
    out: Path,
    header: Annotated[list[str], Parameter(negative=())] = [],  # noqa: B006
    cache: Path | None = None,
    refresh: Annotated[bool, Parameter(negative=())] = False,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Fetch a published file from the network into a file.

    Parameters
    ----------
    url
        Its address.
    out
        File to write.
    header
        NAME=VALUE sent along, such as a token; never kept.
    cache
        Folder for fetched files; the user's cache folder unless given.
    refresh
        Fetch again what is in the cache.
    as_json
        Print what was fetched as JSON.
    """
    from corredor.artefacts import replace_whole

    fetched = _fetched(url, header, cache, refresh)
    if isinstance(fetched, int):
        return fetched
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(out, lambda passing: passing.write_bytes(fetched.content))
    except OSError as error:
        return _misused(f"{out} cannot be written: {error.strerror}", "another file with --out")
    facts = {"file": str(out), "bytes": len(fetched.content), "url": fetched.address, "fetched": fetched.fetched.isoformat()}
    print(json.dumps({**facts, "from_cache": fetched.from_cache}, ensure_ascii=False) if as_json else out)
    return WELL


@app.command
def export(
    results: Path,
    *,
    to: str,
    out: Path,
    output: str | None = None,
    draws: Annotated[bool, Parameter(negative=())] = False,
    suppression: bool = True,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
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
    from corredor.artefacts import read_run
    from corredor.export import ParquetMissing, write_flee, write_flowmap, write_tidy
    from corredor.problems import Problem, StudyError

    if to not in ("csv", "parquet", "flowmap", "flee"):
        return _misused(f"no format {to}", "--to csv, parquet, flowmap or flee")
    path = results / "results.nc" if results.is_dir() else results
    try:
        dataset = read_run(path)
    except (OSError, ValueError) as error:
        found = str(error) if path.is_file() else "no such file"
        problem = Problem(str(path), 1, 1, found, "the results.nc of a run", "corredor run STUDY --out FOLDER")
        return _report_problems(StudyError([problem]), as_json)
    try:
        if to == "flowmap":
            written = write_flowmap(dataset, out, output=output, suppress=suppression)
        elif to == "flee":
            written = write_flee(dataset, out, output=output, suppress=suppression)
        else:
            written = write_tidy(dataset, out, "csv" if to == "csv" else "parquet", every_draw=draws, suppress=suppression)
    except ParquetMissing:
        return _misused("Parquet cannot be written without the extra `parquet`", "pip install 'corredor[parquet]', or --to csv")
    except ValueError as error:
        problem = Problem(str(path), 1, 1, f"no table for {to}", str(error), "choose with --output, or export to csv")
        return _report_problems(StudyError([problem]), as_json)
    except OSError as error:
        return _misused(f"{out} cannot hold the tables: {error.strerror}", "another folder with --out")
    files = [str(file) for file in written]
    print(json.dumps({"files": files}, ensure_ascii=False) if as_json else "\n".join(files))
    return WELL


@app.command
def doctor(*, as_json: Annotated[bool, Parameter(name="--json", negative=())] = False) -> int:
    """Look whether this machine is ready, and run a small test.

    Parameters
    ----------
    as_json
        Print what was seen as JSON.
    """
    from corredor.doctor import examine

    lines = examine(Path.cwd())
    if as_json:
        print(json.dumps(lines, ensure_ascii=False))
    else:
        for line in lines:
            print(f"{'well' if line['well'] else 'NOT ':4s}  {line['name']:24s} {line['seen']}")
            if not line["well"]:
                print(f"      try: {line['try']}")
    return WELL if all(line["well"] for line in lines) else DIAGNOSTIC


class _Progress:
    """A progress line on standard error: a bar on a terminal, a line at every tenth elsewhere."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.bar: Any = None
        self.last_tenth = -1

    def __enter__(self) -> _Progress:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task(self.label, total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def show(self, finished: int, total: int) -> None:
        """Show how many of all draws are finished."""
        if self.bar is not None:
            self.bar.update(self.task, completed=finished, total=total)
        elif finished * 10 // total > self.last_tenth:
            self.last_tenth = finished * 10 // total
            _say(f"{self.label}: {finished} of {total} draws")


def _print_summary(dataset: xr.Dataset) -> None:
    """How the draws compare with the published figures, output by output."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from corredor.observe import coverage_table

    title = "Published figures inside the bands of the model"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    columns = ("output", "figures", "50 %", "80 %", "95 %", "model ÷ published")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in coverage_table(dataset).itertuples():
        shares = (f"{100 * share:.0f} %" for share in (row.inside_50, row.inside_80, row.inside_95))
        table.add_row(str(row.title), str(row.figures), *shares, "–" if row.ratio != row.ratio else f"{row.ratio:.2f}")
    # a file or a pipe has no width of its own
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 110).print(table)


def _report_problems(error: StudyError, as_json: bool) -> int:
    if as_json:
        fields = ("file", "line", "column", "found", "expected")
        rows = [{**{name: getattr(p, name) for name in fields}, "try": p.try_} for p in error.problems]
        print(json.dumps({"problems": rows}, ensure_ascii=False))
    else:
        count = len(error.problems)
        _say("\n".join(str(problem) for problem in error.problems))
        _say(f"{count} problem{'s' if count != 1 else ''}; nothing was written")
    return INVALID


def _misused(found: str, try_: str) -> int:
    _say(f"{found}\ntry: {try_}")
    return USAGE


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _fetched(url: str, header: list[str], cache: Path | None, refresh: bool) -> Fetched | int:
    """A file from the network, or the exit status that says why not."""
    from corredor.fetch import FetchMissing, Unreachable, fetch

    headers = dict(one.split("=", 1) for one in header if "=" in one)
    if len(headers) < len(header):
        return _misused("--header without =", "--header NAME=VALUE")
    folder = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "corredor"
    try:
        return fetch(url, folder, headers, refresh=refresh)
    except FetchMissing:
        return _misused(
            "nothing can be fetched without the extra `fetch`", "pip install 'corredor[fetch]', or download the file yourself"
        )
    except Unreachable as error:
        _say(f"{error}\ntry: the address in a browser; later; or download the file and give its path")
        return UNREACHABLE


def _positive(value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError("must be 1 or more")


def _seed(value: int) -> None:
    if not 0 <= value < 2**63:
        raise ValueError("must be a whole number, 0 or more and less than 2 to the power of 63")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
