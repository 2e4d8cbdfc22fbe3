"""`corredor backtest`."""

from __future__ import annotations

import json
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from corredor.cli.app import app
from corredor.cli.exit_status import STOPPED, USAGE, WELL
from corredor.cli.options import Count, CountOrNone, Json, Seed, at_least
from corredor.cli.saying import Progress, diagnosed, report_problems, say

if TYPE_CHECKING:
    from corredor.learn.backtest import Backtest


@app.command
def backtest(
    study: str,
    *,
    origins: str,
    months: Count = 3,
    every: Count = 1,
    methods: str | None = None,
    draws: Annotated[int, Parameter(validator=lambda _, value: at_least(20, value))] = 500,
    members: Annotated[int, Parameter(validator=lambda _, value: at_least(10, value))] = 100,
    rounds: Count = 4,
    window_months: CountOrNone = None,
    seed: Seed = 1,
    jobs: CountOrNone = None,
    out: Path | None = None,
    as_json: Json = False,
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
        Only every n-th origin.
    methods
        Some of corredor, last_value, seasonal_naive, exponential_smoothing, sarima, mix, with commas between; all unless given.
    draws
        Draws simulated for each forecast, and samples of the simple methods.
    members
        Draws carried through the fit at each origin.
    rounds
        Rounds of the smoother at each origin.
    window_months
        Months before an origin from which the model starts and is fitted; from the study's first day unless given.
    seed
        Decides all random numbers; the same seed gives the same results. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    out
        Folder for the results; runs/NAME-backtest unless given.
    as_json
        Print the scores as JSON.
    """
    from corredor.learn.backtest import METHODS, NotPossible, Stopped
    from corredor.learn.backtest import backtest as look_back
    from corredor.learn.fit import NothingToLearn
    from corredor.pages.backtest import as_json as scores_as_json
    from corredor.pages.backtest import write_backtest
    from corredor.study.model import load_study
    from corredor.study.problems import StudyError

    began = time.perf_counter()
    try:
        model = load_study(study)
    except StudyError as error:
        return report_problems(error, as_json)
    folder = out or Path("runs") / f"{model.name}-backtest"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    try:
        with Progress("forecasting", "origins") as progress:
            test = look_back(
                model,
                origins=origins,
                months=months,
                every=every,
                methods=METHODS if methods is None else methods,
                draws=draws,
                members=members,
                rounds=rounds,
                window_months=window_months,
                seed=seed,
                jobs=jobs,
                progress=progress.show,
                keep_in=folder,
            )
    except StudyError as error:
        return report_problems(error, as_json)
    except NothingToLearn as error:
        return diagnosed([str(error)], as_json)
    except NotPossible as error:
        say(f"{error}\ntry: corredor backtest --help")
        return USAGE
    except Stopped as stopped:
        say(f"stopped; {stopped.finished} finished origins are kept in {folder}: the same command goes on from them")
        return STOPPED
    command = shlex.join(["corredor", *sys.argv[1:]])
    paths = write_backtest(test, folder, model.study.made_up, command)
    if as_json:
        print(json.dumps(scores_as_json(test, command), ensure_ascii=False))
    else:
        _print_backtest(test)
    for one in test.left_out:
        say(f"not scored: {one.name}: {one.why}")
    say(f"{len(test.origins)} origins in {time.perf_counter() - began:.0f} s\nreport: {paths['backtest.html']}")
    return WELL


def _print_backtest(test: Backtest) -> None:
    """What a backtest says, losses first, then the mean scores of every method."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from corredor.learn.backtest import headline, overall_table

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
