"""`corredor score`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from corredor.cli.app import command
from corredor.cli.hubverse import score_hub_files
from corredor.cli.options import Common, CountOrNone, Draws, Files, PriorsOnly, ShowSmall, StudyOrNone
from corredor.cli.saying import Progress, Refused, check_fit, fit_words, print_json, print_table, say
from corredor.study.problems import Problem, StudyError


@command
def score(
    study: StudyOrNone = None,
    *,
    rolling: CountOrNone = None,
    draws: Draws = 50,
    priors_only: PriorsOnly = False,
    show_small: ShowSmall = None,
    hub: Files = None,
    target_data: Path | None = None,
    horizon_unit: Literal["days", "weeks", "months"] | None = None,
    common: Common = Common(),  # noqa: B008  (frozen)
) -> None:
    """Say how far simulated camps are from the published counts (averaged relative difference, CRPS), or score forecasts of any model.

    Camps: the study needs a daily stock by place that has published counts. Forecasts: `--hub` takes files in the format of forecast hubs,
    of corredor (`forecast --export hubverse`) or of others, and scores all models on the figures that every one forecasts.

    Parameters
    ----------
    rolling
        Also forecast so many days ahead from every day, with what was published by then. A fit is not used for it, since it may have seen
        later counts.
    draws
        Simulations to run; their mean is scored.
    hub
        Model-output files of a forecast hub (hubverse): CSV or Parquet with quantiles or samples. Weighted interval score, CRPS of samples,
        coverage, and corredor's model (or else the first) beside each other one.
    target_data
        Figures to score them against: time-series or oracle-output file of the hub, in place of the study's figures.
    horizon_unit
        Unit of the column horizon, for files that do not give the date of what they forecast.
    """
    if hub:
        score_hub_files(study, hub, target_data, horizon_unit, common.seed, common.as_json)
        return
    if study is None or target_data is not None or horizon_unit is not None:
        found = "no study" if study is None else "--target-data or --horizon-unit without --hub"
        raise Refused(found, "corredor score STUDY, or corredor score STUDY --hub FILES")
    from corredor.engine.fitted import study_and_fit
    from corredor.learn.score import score as score_study
    from corredor.learn.score import shown_scores
    from corredor.results.view import SMALL_SHOWN

    model, fitted = study_and_fit(study, None, priors_only)
    say(fit_words(fitted, model.hash))
    seed, jobs = common.seed, common.jobs
    try:
        with Progress("simulating") as progress:
            scores = score_study(model, rolling=rolling, draws=draws, seed=seed, jobs=jobs, fitted=fitted, progress=progress.show)
    except ValueError as error:
        expected = "a study with counts of camps over more days than the horizon"
        problem = Problem(str(study), 0, 0, str(error), expected, "observations.csv with daily stocks by place")
        raise StudyError([problem]) from error
    if common.as_json:
        print_json(shown_scores(scores) if show_small is None else {**scores, SMALL_SHOWN: show_small})
    else:
        _print_scores(scores)
    check_fit(fitted)


def _print_scores(scores: dict[str, Any]) -> None:
    """The scores of a run, of its camps, and of rolling forecasts, as a table."""
    from corredor.results.wording import MISSING

    naive, crps = scores["naive"], scores["crps"]
    rows = [
        ("all days, totals made equal", scores["ard_rescaled"]),
        ("all days, totals as simulated", scores["ard"]),
        (f"from day {naive['from_day']} on", naive["ard_rescaled_of_model"]),
        (f"the same, {naive['method']}", naive["ard_rescaled"]),
    ]
    if "rolling" in scores:
        rolling, ahead = scores["rolling"], f"{scores['rolling']['horizon_days']} days ahead"
        before = rolling.get("as_published")
        for knowing, part in (("the counts known by then", rolling), ("counts as they were published then", before)):
            if part is not None:
                rows += [(f"{ahead}, from {knowing}", part["ard_rescaled"])]
                rows += [(f"{ahead}, from {knowing}, {name}", value["ard_rescaled"]) for name, value in part["naive"].items()]
        rows += [(f"{ahead}, share of {rolling['band_80']['counts']} counts in the 80 % bands", rolling["band_80"]["inside"])]
    rows += [(f"part of {place}", part["ard_rescaled"]) for place, part in scores["by_camp"].items()]
    rows += [(f"CRPS of {crps['counts']} counts, over their mean", crps["relative"])]
    cells = [(what, MISSING if value is None else f"{value:.3f}") for what, value in rows]
    print_table("Averaged relative difference (0 is perfect)", ("what", "score"), cells, left=("what",))
