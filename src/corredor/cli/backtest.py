"""`corredor backtest`."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from corredor.cli.app import command
from corredor.cli.options import Cluster, CommonWithFolder, Count, CountOrNone, ShowSmall, Study, at_least, on_cluster
from corredor.cli.saying import STOPPED, Ended, Progress, Refused, command_line, diagnosed, print_json, print_table, say

if TYPE_CHECKING:
    from corredor.learn.backtest import Backtest


@command
def backtest(
    study: Study,
    *,
    origins: str,
    months: Count = 3,
    every: Count = 1,
    methods: str | None = None,
    draws: Annotated[int, at_least(20), Parameter(alias="-d")] = 500,
    members: Annotated[int, at_least(10)] = 100,
    rounds: Count = 12,
    window_months: CountOrNone = None,
    withhold: str | None = None,
    known_months: Annotated[int, at_least(2)] = 24,
    show_small: ShowSmall = None,
    cluster: Cluster = None,
    common: CommonWithFolder = CommonWithFolder(),  # noqa: B008  (frozen)
) -> None:
    """Forecast past months from what was known then; score corredor and methods from counts alone against what came.

    Parameters
    ----------
    origins
        FROM:TO, such as 2014-01:2019-06; a forecast is made at the end of each of these months.
    months
        How many months ahead.
    every
        Only every n-th origin.
    methods
        Some of corredor, dynamic_model_averaging, last_value, seasonal_naive, exponential_smoothing, sarima, mix, with commas between;
        all unless given.
    draws
        Draws simulated for each forecast, and samples of the other methods.
    members
        Draws carried through the fit at each origin.
    rounds
        Most rounds of the smoother at each origin; it ends before when it comes no nearer to the figures.
    window_months
        Months before an origin from which the model starts and is fitted; from the study's first day unless given.
    withhold
        Outputs with commas between; nobody gets to see their figures, and they are not scored.
    known_months
        Months on end that must have been known of a series at an origin; fewer than 24 only with --methods corredor.
    """
    from corredor.learn.backtest import METHODS, NotPossible, Stopped, fit_words
    from corredor.learn.backtest import backtest as look_back
    from corredor.learn.fit import NothingToLearn
    from corredor.pages.artefacts.backtest import backtest_as_json, write_backtest
    from corredor.study.model import load_study

    began = time.perf_counter()
    model = load_study(study)
    folder = common.folder(f"{model.name}-backtest")
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
                withhold=withhold or (),
                known_months=known_months,
                seed=common.seed,
                jobs=common.jobs,
                cluster=on_cluster(cluster),
                progress=progress.show,
                keep_in=folder,
            )
    except NothingToLearn as error:
        raise diagnosed([str(error)], common.as_json) from error
    except NotPossible as error:
        raise Refused(str(error), "corredor backtest --help") from error
    except Stopped as stopped:
        found = f"stopped; {stopped.finished} finished origins are kept in {folder}: the same command goes on from them"
        raise Ended(STOPPED, found) from stopped
    test = replace(test, small_shown_because=show_small or "")
    paths = write_backtest(test, folder, model.study.made_up, command_line())
    if common.as_json:
        print_json(backtest_as_json(test, command_line()))
    else:
        _print_backtest(test)
    for sentence in fit_words(test):
        say(sentence)
    for one in test.left_out:
        say(f"not scored: {one.name}: {one.why}")
    say(f"{len(test.origins)} origins in {time.perf_counter() - began:.0f} s\nreport: {paths['backtest.html']}")


def _print_backtest(test: Backtest) -> None:
    """What a backtest says, losses first, then the mean scores of every method, and corredor beside each other one."""
    from corredor.learn.backtest import headline, overall_table

    for sentence in headline(test):
        print(sentence)
    rows = [
        (
            *(str(row.output), str(row.horizon_months), str(row.method)),
            *(f"{row.crps:,.0f}", f"{row.wis:,.0f}", f"{row.log_score:.2f}"),
            *(f"{100 * share:.0f} %" for share in (row.cover50, row.cover80, row.cover95)),
        )
        for row in overall_table(test).sort_values(["output", "horizon_months", "crps"]).itertuples()
    ]
    columns = ("output", "months ahead", "method", "CRPS", "WIS", "log score", "50 %", "80 %", "95 %")
    print_table("Mean error in people (CRPS, WIS) and how often the bands held", columns, rows, left=("output", "method"))
    _print_pairs(test)


def _print_pairs(test: Backtest) -> None:
    """Ratios of mean errors with their intervals, for the mean of the series of each output and for its totals."""
    from corredor.learn.backtest import paired_table
    from corredor.learn.backtest.paired_tests import SERIES

    table = paired_table(test)
    rows = [
        (
            *(str(row.output), str(row.scope), str(row.horizon_months), str(row.method), f"{row.ratio:.2f}"),
            "–" if row.low != row.low else f"{row.low:.2f} to {row.high:.2f}",
            str(row.verdict),
        )
        for row in (table[table["scope"] != SERIES].itertuples() if len(table) else ())
    ]
    columns = ("output", "of", "months ahead", "against", "ratio", "interval of 95 %", "corredor is")
    if rows:
        print_table(
            "corredor's error over that of each other method", columns, rows, left=("output", "of", "against", "corredor is")
        )
