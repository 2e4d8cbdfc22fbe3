"""`corredor fit`."""

from __future__ import annotations

import json
import shlex
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from corredor.cli.app import app
from corredor.cli.exit_status import STOPPED, USAGE, WELL
from corredor.cli.options import CountOrNone, Json, Seed, a_date, at_least
from corredor.cli.saying import Progress, diagnosed, report_problems, say

FIT_PAGE_DRAWS = 200
"""Stochastic draws from which the page of a fit is drawn."""


@app.command
def fit(
    study: str,
    *,
    until: Annotated[str | None, Parameter(validator=lambda _, value: a_date(value))] = None,
    as_of: Annotated[str | None, Parameter(validator=lambda _, value: a_date(value))] = None,
    method: Literal["smoother", "emcee"] = "smoother",
    draws: Annotated[int, Parameter(validator=lambda _, value: at_least(10, value))] = 300,
    iterations: CountOrNone = None,
    seed: Seed = 1,
    jobs: CountOrNone = None,
    out: Path | None = None,
    as_json: Json = False,
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
        Most rounds of the smoother, 12 unless given; it ends before when it comes no nearer to the figures. For emcee, hundreds of
        steps, 4 unless given.
    seed
        Decides all random numbers; the same seed gives the same results. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    out
        Folder for the results; runs/NAME-fit unless given.
    as_json
        Print what was learned as JSON.
    """
    from corredor._simulate import simulate
    from corredor.engine.ensemble import Interrupted
    from corredor.learn.fit import NothingToLearn, TooManyUnknowns
    from corredor.learn.fit import fit as learn
    from corredor.pages.artefacts import write_fit
    from corredor.study.arguments import date_of
    from corredor.study.calendar import last_day, month_number
    from corredor.study.model import load_study
    from corredor.study.problems import StudyError

    began = time.perf_counter()
    try:
        model = load_study(study)
    except StudyError as error:
        return report_problems(error, as_json)
    if first := until or as_of:
        date_of(first, "until" if until else "as_of", first=model.study.from_)
    folder = out or Path("runs") / f"{model.name}-fit"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    say(f"{model.study.title}: fit by {method}, {draws} draws, seed {seed}")
    say("compiling the model first, if this machine has not done so yet (up to a minute) …")
    try:
        with Progress("fitting", "runs") as progress:
            fitted = learn(
                model,
                until=until,
                as_of=as_of,
                method=method,
                draws=draws,
                iterations=iterations,
                seed=seed,
                jobs=jobs,
                progress=progress.show,
            )
        learned = time.perf_counter()
        # for the page: the stochastic model with the fitted draws, over the days that were fitted and the rest of their month
        shown = model.until(min(last_day(month_number(fitted.until)), model.study.to))
        with Progress("simulating the fitted draws") as progress:
            dataset = simulate(
                shown, draws=min(draws, FIT_PAGE_DRAWS), seed=seed, jobs=jobs, fitted=fitted, progress=progress.show
            )
    except TooManyUnknowns as error:
        say(f"{error}\ntry: --method smoother")
        return USAGE
    except NothingToLearn as error:
        return diagnosed([str(error)], as_json)
    except Interrupted:
        say("stopped; nothing is kept")
        return STOPPED
    command = shlex.join(["corredor", *sys.argv[1:]])
    dataset.attrs |= {"command": command, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    manifest = {
        "command": command,
        "created": dataset.attrs["created"],
        "inputs": model.input_hashes,
        "troubles": fitted.troubles,
        "remarks": fitted.remarks,
        "seconds": {"fitting": round(learned - began, 2), "all": round(time.perf_counter() - began, 2)},
    }
    paths = write_fit(fitted, dataset, folder, manifest)
    parameters = fitted.diagnostics["parameters"]
    if as_json:
        print(json.dumps({**manifest, "out": str(folder), "diagnostics": fitted.diagnostics}, ensure_ascii=False))
    else:
        _print_learned(parameters)
    n_learned = sum(row["learned"] for row in parameters)
    say(
        f"{n_learned} of {len(parameters)} parameters learned, {len(parameters) - n_learned} assumed, not learned; "
        f"{len(fitted.diagnostics['figures'])} figures, misfit {fitted.diagnostics['misfits'][-1]:.2f} (about 1 or less is well); "
        f"{learned - began:.1f} s\nreport: {paths['fit.html']}\nto use it: put {paths['fitted.nc']} into the folder of the study"
    )
    for sentence in fitted.remarks:
        say(sentence)
    return diagnosed(fitted.troubles, False) if fitted.troubles else WELL


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
