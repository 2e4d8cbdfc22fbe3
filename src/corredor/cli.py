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
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

from cyclopts import App, CycloptsError, Parameter

if TYPE_CHECKING:
    import xarray as xr

    from corredor.backtest import Backtest
    from corredor.fitted import Fitted
    from corredor.problems import StudyError

FIT_PAGE_DRAWS = 200
"""Stochastic draws from which the page of a fit is drawn."""

WELL, BUG, USAGE, INVALID, UNREACHABLE, DIAGNOSTIC, STOPPED = 0, 1, 2, 3, 4, 5, 130

EXIT_STATUS = {
    WELL: "finished well",
    BUG: "a bug in corredor; what Python says of it is printed",
    USAGE: "the command was not understood, or the folder given cannot be used",
    INVALID: "the study or file given has problems; every one is listed and nothing was written",
    UNREACHABLE: "a source on the network could not be reached (kept for commands that read one; none does yet)",
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
    priors_only: Annotated[bool, Parameter(negative=())] = False,
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
    priors_only
        Draw parameters from their priors, even if the study's folder holds fitted.nc.
    as_json
        Print the summary as JSON.
    """
    from corredor.artefacts import write_run
    from corredor.catalogue import find_study
    from corredor.ensemble import Interrupted
    from corredor.fitted import fitted_of
    from corredor.model import load_study
    from corredor.network import build_network
    from corredor.observe import summary_table
    from corredor.problems import StudyError
    from corredor.results import lost_people
    from corredor.simulate import simulate

    began = time.perf_counter()
    try:
        where = find_study(study)
        model = load_study(where)
        fitted = None if priors_only else fitted_of(where, build_network(model))
    except StudyError as error:
        return _report_problems(error, as_json)
    folder = out or Path("runs") / model.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    _say(f"{model.study.title}: " + ("expected flow" if expected else f"{draws} draws, seed {seed}"))
    _say(_fit_words(fitted, model.hash))
    _say("compiling the model first, if this machine has not done so yet (up to a minute) …")
    try:
        with _Progress("simulating") as progress:
            dataset = simulate(model, draws, seed, jobs, expected, progress.show, keep_in=folder, fitted=fitted)
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
        "fitted": fitted.fingerprint if fitted else None,
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
def fit(
    study: str,
    *,
    until: Annotated[str | None, Parameter(validator=lambda _, value: _date(value))] = None,
    as_of: Annotated[str | None, Parameter(validator=lambda _, value: _date(value))] = None,
    method: Literal["smoother", "emcee"] = "smoother",
    draws: Annotated[int, Parameter(validator=lambda _, value: _at_least(10, value))] = 300,
    iterations: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 4,
    seed: Annotated[int, Parameter(validator=lambda _, value: _seed(value))] = 1,
    jobs: Annotated[int | None, Parameter(validator=lambda _, value: _positive(value))] = None,
    out: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Learn parameters and latent months from the published figures; write fitted.nc, fit.html and fit.json.

    Put fitted.nc into the study's folder, and `corredor run` uses it.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    until
        Last day that figures may count, as 2018-11-30; the day of --as-of unless given, else the study's last day.
    as_of
        Last day on which figures may have been published; the day of --until unless given. Without both, all figures are used.
    method
        smoother, an iterative ensemble smoother, or emcee, the reference method for at most 40 unknowns.
    draws
        Draws of the result.
    iterations
        Rounds of the smoother; for emcee, hundreds of steps.
    seed
        Decides all luck; the same seed gives the same results. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    out
        Folder for the results; runs/NAME-fit unless given.
    as_json
        Print what was learned as JSON.
    """
    from corredor.artefacts import write_fit
    from corredor.catalogue import find_study
    from corredor.ensemble import Interrupted
    from corredor.fit import NothingToLearn, TooManyUnknowns, troubles
    from corredor.fit import fit as learn
    from corredor.forecast import last_day
    from corredor.model import load_study
    from corredor.problems import StudyError
    from corredor.simulate import simulate

    began = time.perf_counter()
    try:
        model = load_study(find_study(study))
    except StudyError as error:
        return _report_problems(error, as_json)
    last, known_on = _as_date(until), _as_date(as_of)
    if (first := last or known_on) is not None and first < model.study.from_:
        _say(f"{first} is before the study begins, on {model.study.from_}\ntry: a later date")
        return USAGE
    folder = out or Path("runs") / f"{model.name}-fit"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    _say(f"{model.study.title}: fit by {method}, {draws} draws, seed {seed}")
    _say("compiling the model first, if this machine has not done so yet (up to a minute) …")
    try:
        with _Progress("fitting", "runs") as progress:
            fitted = learn(model, last, known_on, draws, iterations, seed, jobs, method, progress.show, keep_in=folder)
        learned = time.perf_counter()
        # for the page: the stochastic model with the fitted draws, over the days that were fitted and the rest of their month
        shown = model.until(min(last_day(fitted.until - timedelta(days=1), 1), model.study.to))
        with _Progress("simulating the fitted draws") as progress:
            dataset = simulate(shown, min(draws, FIT_PAGE_DRAWS), seed, jobs, progress=progress.show, fitted=fitted)
    except TooManyUnknowns as error:
        _say(f"{error}\ntry: --method smoother")
        return USAGE
    except NothingToLearn as error:
        return _diagnosed([str(error)], as_json)
    except Interrupted:
        _say(f"stopped; finished rounds are kept in {folder}: the same command goes on from them")
        return STOPPED
    command = shlex.join(["corredor", *sys.argv[1:]])
    dataset.attrs |= {"command": command, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    sentences = troubles(model, fitted.diagnostics)
    manifest = {
        "command": command,
        "created": dataset.attrs["created"],
        "inputs": model.input_hashes,
        "troubles": sentences,
        "seconds": {"fitting": round(learned - began, 2), "all": round(time.perf_counter() - began, 2)},
    }
    paths = write_fit(fitted, dataset, folder, manifest)
    parameters = fitted.diagnostics["parameters"]
    if as_json:
        print(json.dumps({**manifest, "out": str(folder), "diagnostics": fitted.diagnostics}, ensure_ascii=False))
    else:
        _print_learned(parameters)
    n_learned = sum(row["learned"] for row in parameters)
    _say(
        f"{n_learned} of {len(parameters)} parameters learned, {len(parameters) - n_learned} assumed, not learned; "
        f"{len(fitted.diagnostics['figures'])} figures, misfit {fitted.diagnostics['misfits'][-1]:.2f} (about 1 or less is well); "
        f"{learned - began:.1f} s\nreport: {paths['fit.html']}\nto use it: put {paths['fitted.nc']} into the folder of the study"
    )
    return _diagnosed(sentences, False) if sentences else WELL


@app.command
def forecast(
    study: str,
    *,
    as_of: Annotated[str, Parameter(validator=lambda _, value: _date(value))],
    months: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 3,
    draws: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 500,
    seed: Annotated[int, Parameter(validator=lambda _, value: _seed(value))] = 1,
    jobs: Annotated[int | None, Parameter(validator=lambda _, value: _positive(value))] = None,
    out: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """What happens next, from what was known on a day: fit to the figures published by then, then simulate forward.

    Figures published later are hollow dots on the page.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    as_of
        The day, as 2018-12-10. Later figures, measures, events and values of drivers are not used.
    months
        Calendar months that have not ended on that day.
    draws
        Possible worlds to simulate.
    seed
        Decides all luck; the same seed gives the same results. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    out
        Folder for the results; runs/NAME-forecast-DATE unless given.
    as_json
        Print the forecast of every published figure as JSON.
    """
    from corredor.artefacts import write_run
    from corredor.catalogue import find_study
    from corredor.ensemble import Interrupted
    from corredor.fit import NothingToLearn
    from corredor.forecast import forecast as foresee
    from corredor.model import load_study
    from corredor.observe import summary_table
    from corredor.problems import StudyError

    began = time.perf_counter()
    try:
        model = load_study(find_study(study))
    except StudyError as error:
        return _report_problems(error, as_json)
    day = _as_date(as_of)
    assert day is not None
    if day < model.study.from_:
        _say(f"{day} is before the study begins, on {model.study.from_}\ntry: a later date")
        return USAGE
    folder = out or Path("runs") / f"{model.name}-forecast-{day}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    _say(f"{model.study.title}: forecast as of {day}, {months} months, {draws} draws, seed {seed}")
    _say("compiling the model first, if this machine has not done so yet (up to a minute) …")
    try:
        with _Progress("fitting and simulating", "runs") as progress:
            dataset = foresee(model, day, months, draws, seed, jobs, progress=progress.show, keep_in=folder)
    except NothingToLearn as error:
        return _diagnosed([str(error)], as_json)
    except Interrupted:
        _say(f"stopped; what is finished is kept in {folder}: the same command goes on from it")
        return STOPPED
    command = shlex.join(["corredor", *sys.argv[1:]])
    dataset.attrs |= {"command": command, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    manifest: dict[str, Any] = {
        "command": command,
        "created": dataset.attrs["created"],
        "inputs": model.input_hashes,
        "as_of": as_of,
        "fitted": dataset.attrs["fitted_fingerprint"],
        "seconds": {"all": round(time.perf_counter() - began, 2)},
    }
    paths = write_run(dataset, folder, manifest)
    table = summary_table(dataset)
    later = table[table["published"] > str(day)]
    if as_json:
        rows = {"known": table[table["published"] <= str(day)], "later": later}
        printed = {name: json.loads(part.to_json(orient="records")) for name, part in rows.items()}
        holds = json.loads(dataset.attrs["holds"])
        print(json.dumps({**manifest, "out": str(folder), "holds": holds, **printed}, ensure_ascii=False))
    else:
        _print_summary(dataset.isel(observation=later.index.to_numpy()), f"Figures published after {day}, inside the bands")
    for sentence in json.loads(dataset.attrs["holds"]):
        _say(sentence)
    _say(f"in all {time.perf_counter() - began:.1f} s\nreport: {paths['report.html']}")
    return WELL


@app.command
def backtest(
    study: str,
    *,
    origins: str,
    months: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 3,
    every: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 1,
    methods: str | None = None,
    draws: Annotated[int, Parameter(validator=lambda _, value: _at_least(20, value))] = 500,
    members: Annotated[int, Parameter(validator=lambda _, value: _at_least(10, value))] = 100,
    rounds: Annotated[int, Parameter(validator=lambda _, value: _positive(value))] = 4,
    window_months: Annotated[int | None, Parameter(validator=lambda _, value: _positive(value))] = None,
    seed: Annotated[int, Parameter(validator=lambda _, value: _seed(value))] = 1,
    jobs: Annotated[int | None, Parameter(validator=lambda _, value: _positive(value))] = None,
    out: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Forecast past months from what was known then; score corredor and simple methods against what came.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    origins
        FROM:TO, such as 2014-01:2019-06; a forecast is made at the end of each of these months.
    months
        How many months ahead.
    every
        Only every so manyth origin.
    methods
        Some of corredor, last_value, seasonal_naive, exponential_smoothing, sarima, mix, with commas between; all unless given.
    draws
        Worlds simulated for each forecast, and samples of the simple methods.
    members
        Worlds carried through the fit at each origin.
    rounds
        Rounds of the smoother at each origin.
    window_months
        Months before an origin from which the model starts and is fitted; from the study's first day unless given.
    seed
        Decides all luck; the same seed gives the same results. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    out
        Folder for the results; runs/NAME-backtest unless given.
    as_json
        Print the scores as JSON.
    """
    from corredor.backtest import METHODS, Effort, NotPossible, Stopped, write_backtest
    from corredor.backtest import as_json as scores_as_json
    from corredor.backtest import backtest as look_back
    from corredor.catalogue import find_study
    from corredor.fit import NothingToLearn
    from corredor.model import load_study
    from corredor.problems import StudyError

    began = time.perf_counter()
    try:
        model = load_study(find_study(study))
    except StudyError as error:
        return _report_problems(error, as_json)
    folder = out or Path("runs") / f"{model.name}-backtest"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    chosen = METHODS if methods is None else tuple(dict.fromkeys(name.strip() for name in methods.split(",") if name.strip()))
    effort = Effort(draws, members, rounds, window_months)
    try:
        with _Progress("forecasting", "origins") as progress:
            test = look_back(model, origins, months, every, chosen, effort, seed, jobs, progress.show, keep_in=folder)
    except StudyError as error:
        return _report_problems(error, as_json)
    except NothingToLearn as error:
        return _diagnosed([str(error)], as_json)
    except NotPossible as error:
        _say(f"{error}\ntry: corredor backtest --help")
        return USAGE
    except Stopped as stopped:
        _say(f"stopped; {stopped.finished} finished origins are kept in {folder}: the same command goes on from them")
        return STOPPED
    command = shlex.join(["corredor", *sys.argv[1:]])
    paths = write_backtest(test, folder, model.study.made_up, command)
    if as_json:
        print(json.dumps(scores_as_json(test, command), ensure_ascii=False))
    else:
        _print_scores(test)
    for one in test.left_out:
        _say(f"not scored: {one.name}: {one.why}")
    _say(f"{len(test.origins)} origins in {time.perf_counter() - began:.0f} s\nreport: {paths['backtest.html']}")
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

    def __init__(self, label: str, unit: str = "draws") -> None:
        self.label, self.unit = label, unit
        self.bar: Any = None
        self.last_tenth, self.total = -1, 0

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
        elif (tenth := finished * 10 // total) > self.last_tenth or total != self.total:
            self.last_tenth, self.total = tenth, total
            _say(f"{self.label}: {finished} of {total} {self.unit}")


def _print_learned(parameters: list[dict[str, Any]]) -> None:
    """What was learned, parameter by parameter, the most first."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(title="What the figures taught", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(("parameter", "prior: median (90 %)", "after the figures", "unit", "learned")):
        table.add_column(column, justify="right" if number in (1, 2, 4) else "left")
    for row in sorted(parameters, key=lambda row: -row["contraction"]):
        spans = [f"{middle:.3g} ({low:.3g} to {high:.3g})" for low, middle, high in (row["prior"], row["posterior"])]
        learned = f"{100 * row['contraction']:.0f} %" if row["learned"] else "assumed, not learned"
        table.add_row(row["name"], *spans, row["unit"], learned)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 130).print(table)


def _fit_words(fitted: Fitted | None, study_hash: str) -> str:
    if fitted is None:
        return "parameters from their priors"
    words = f"parameters fitted to the figures published by {fitted.as_of} ({fitted.n_draws} draws); --priors-only does without"
    if fitted.study_hash != study_hash:
        words += "\nthe study's files have changed since the fit, though not its priors: fit again to be sure"
    return words


def _diagnosed(sentences: list[str], as_json: bool) -> int:
    if as_json:
        print(json.dumps({"troubles": sentences}, ensure_ascii=False))
    for sentence in sentences:
        _say(sentence)
    return DIAGNOSTIC


def _print_summary(dataset: xr.Dataset, title: str = "Published figures inside the bands of the model") -> None:
    """How the draws compare with the published figures, output by output."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from corredor.observe import coverage_table

    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    columns = ("output", "figures", "50 %", "80 %", "95 %", "model ÷ published")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in coverage_table(dataset).itertuples():
        shares = (f"{100 * share:.0f} %" for share in (row.inside_50, row.inside_80, row.inside_95))
        table.add_row(str(row.title), str(row.figures), *shares, "–" if row.ratio != row.ratio else f"{row.ratio:.2f}")
    # a file or a pipe has no width of its own
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 110).print(table)


def _print_scores(test: Backtest) -> None:
    """What a backtest says, losses first, then the mean scores of every method."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from corredor.backtest import headline, overall_table

    for sentence in headline(test):
        print(sentence)
    title = "Mean error in people (CRPS, WIS) and how often the bands held"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    columns = ("output", "months ahead", "method", "CRPS", "WIS", "50 %", "80 %", "95 %")
    for name in columns:
        table.add_column(name, justify="left" if name in ("output", "method") else "right")
    for row in overall_table(test).sort_values(["output", "horizon_months", "crps"]).itertuples():
        held = (f"{100 * share:.0f} %" for share in (row.cover50, row.cover80, row.cover95))
        table.add_row(str(row.output), str(row.horizon_months), str(row.method), f"{row.crps:,.0f}", f"{row.wis:,.0f}", *held)
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


def _positive(value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError("must be 1 or more")


def _at_least(least: int, value: int) -> None:
    if value < least:
        raise ValueError(f"must be {least} or more")


def _date(value: str | None) -> None:
    if value is not None:
        try:
            date.fromisoformat(value)
        except ValueError:
            raise ValueError("must be a date as 2018-11-30") from None


def _as_date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _seed(value: int) -> None:
    if not 0 <= value < 2**63:
        raise ValueError("must be a whole number, 0 or more and less than 2 to the power of 63")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
