"""`corredor score`."""

from __future__ import annotations

import json
import sys
from typing import Any

from corredor.cli.app import app
from corredor.cli.exit_status from corredor.cli.options import Count, CountOrNone, Json, Seed
from corredor.cli.saying import Progress, fit_status, fit_words, report_problems, say


@app.command
def score(
    study: str,
    *,
    rolling: CountOrNone = None,
    draws: Count = 50,
    seed: Seed = 1,
    jobs: CountOrNone = None,
    priors_only: bool = False,
    as_json: Json = False,
) -> int:
    """Say how far simulated camps are from the published counts: averaged relative difference and CRPS.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study, with a daily stock by place that has published counts.
    rolling
        Also forecast so many days ahead from every day, with the counts known by then. A fit is not used for it, since it may have seen
        later counts.
    draws
        Simulations to run; their mean is scored.
    seed
        Decides all random numbers. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    priors_only
        Draw parameters from their priors, even if the study's folder holds fitted.nc.
    as_json
        Print the scores as JSON.
    """
    from corredor.engine.fitted import study_and_fit
    from corredor.learn.score import score as score_study
    from corredor.study.problems import Problem, StudyError

    try:
        model, fitted = study_and_fit(study, None, priors_only)
    except StudyError as error:
        return report_problems(error, as_json)
    say(fit_words(fitted, model.hash))
    try:
        with Progress("simulating") as progress:
            scores = score_study(model, rolling=rolling, draws=draws, seed=seed, jobs=jobs, fitted=fitted, progress=progress.show)
    except ValueError as error:
        expected = "a study with counts of camps over more days than the horizon"
        problem = Problem(str(study), 0, 0, str(error), expected, "observations.csv with daily stocks by place")
        return report_problems(StudyError([problem]), as_json)
    if as_json:
        print(json.dumps(scores, ensure_ascii=False))
    else:
        _print_scores(scores)
    return fit_status(fitted)


def _print_scores(scores: dict[str, Any]) -> None:
    """The scores of a run, of its camps, and of rolling forecasts, as a table."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    naive = scores["naive"]
    title = "Averaged relative difference (0 is perfect)"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("what")
    table.add_column("score", justify="right")
    rows = [
        ("all days, totals made equal", scores["ard_rescaled"]),
        ("all days, totals as simulated", scores["ard"]),
        (f"from day {naive['from_day']} on", naive["ard_rescaled_of_model"]),
        (f"the same, {naive['method']}", naive["ard_rescaled"]),
    ]
    if "rolling" in scores:
        rolling = scores["rolling"]
        ahead = f"{rolling['horizon_days']} days ahead"
        rows += [(f"{ahead}, from the counts known by then", rolling["ard_rescaled"])]
        rows += [(f"{ahead}, {name}", value["ard_rescaled"]) for name, value in rolling["naive"].items()]
    rows += [(f"part of {place}", part["ard_rescaled"]) for place, part in scores["by_camp"].items()]
    for what, value in rows:
        table.add_row(what, f"{value:.3f}")
    crps = scores["crps"]
    table.add_row(f"CRPS of {crps['counts']} counts, over their mean", f"{crps['relative']:.3f}")
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 110).print(table)
