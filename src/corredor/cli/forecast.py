"""`corredor forecast`."""

from __future__ import annotations

import json
import time
from typing import Literal

from corredor.cli.app import command
from corredor.cli.hubverse import check_hubverse, export_hubverse
from corredor.cli.options import CommonWithFolder, Count, Day, Study
from corredor.cli.saying import Progress, diagnosed, print_json, print_summary, records, say, say_compiling, signed


@command
def forecast(
    study: Study,
    *,
    as_of: Day,
    months: Count = 3,
    draws: Count = 500,
    export: Literal["hubverse"] | None = None,
    common: CommonWithFolder = CommonWithFolder(),  # noqa: B008  (frozen)
) -> None:
    """What happens next, from what was known on a day: fit to the figures published by then, then simulate forward.

    Figures published later are hollow dots on the page.

    Parameters
    ----------
    as_of
        The day, as 2018-12-10. Later figures, measures, events and values of drivers are not used.
    months
        Calendar months that have not ended on that day.
    draws
        Simulations to run.
    export
        hubverse: also write the forecast in the format of forecast hubs (quantiles and samples, CSV and Parquet), beside the results.
    """
    from corredor.learn.fit import NothingToLearn
    from corredor.learn.forecast import UnusableFit
    from corredor.learn.forecast import forecast as foresee
    from corredor.pages.artefacts import write_run
    from corredor.results.coverage import coverage_table, summary_table
    from corredor.study.arguments import date_of
    from corredor.study.model import load_study

    began = time.perf_counter()
    model = load_study(study)
    day = date_of(as_of, "as_of", first=model.study.from_)
    if export:
        check_hubverse(model)
    folder = common.folder(f"{model.name}-forecast-{day}")
    seed, jobs = common.seed, common.jobs
    say(f"{model.study.title}: forecast as of {day}, {months} months, {draws} draws, seed {seed}")
    say_compiling()
    try:
        with Progress("fitting and simulating", "runs") as progress:
            dataset = foresee(model, as_of=day, months=months, draws=draws, seed=seed, jobs=jobs, progress=progress.show)
    except NothingToLearn as error:
        raise diagnosed([str(error)], common.as_json) from error
    except UnusableFit as error:
        shows = f"No forecast is made from such a fit. `corredor fit {study} --as-of {day}` shows where it goes wrong."
        raise diagnosed([*error.sentences, shows], common.as_json) from error
    seconds = {"all": round(time.perf_counter() - began, 2)}
    remarks, holds = json.loads(dataset.attrs["fitted_remarks"]), json.loads(dataset.attrs["holds"])
    manifest = signed(dataset, model, as_of=as_of, fitted=dataset.attrs["fitted_fingerprint"], remarks=remarks, seconds=seconds)
    paths = write_run(dataset, folder, manifest)
    exported = export_hubverse(dataset, model, folder / "hubverse") if export else {}
    if common.as_json:
        table = summary_table(dataset)
        rows = {"known": table[table["published"] <= str(day)], "later": table[table["published"] > str(day)]}
        printed = {name: records(part) for name, part in (rows | {"coverage": coverage_table(dataset)}).items()}
        print_json({**manifest, "out": str(folder), "holds": holds, **exported, **printed})
    else:
        print_summary(dataset, f"Figures published after {day}, inside the bands")
    say("\n".join([*remarks, *holds, f"in all {time.perf_counter() - began:.1f} s", f"report: {paths['report.html']}"]))
