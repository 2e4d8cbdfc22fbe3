"""`corredor forecast`."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from corredor.cli.app import command
from corredor.cli.hubverse import check_hubverse, export_hubverse
from corredor.cli.options import Cluster, CommonWithFolder, Count, Day, Draws, ShowSmall, Study, on_cluster
from corredor.cli.saying import Progress, diagnosed, print_json, print_summary, print_table, records, say, say_compiling, signed

if TYPE_CHECKING:
    import xarray as xr


@command
def forecast(
    study: Study,
    *,
    as_of: Day,
    months: Count = 3,
    draws: Draws = 500,
    show_small: ShowSmall = None,
    export: Literal["hubverse"] | None = None,
    cluster: Cluster = None,
    common: CommonWithFolder = CommonWithFolder(),  # noqa: B008  (frozen)
) -> None:
    """What happens next, from what was known on a day: fit to the figures published by then, then simulate forward.

    The page has the coming months first: bands by output and place, chances of passing thresholds, and how such forecasts did before
    where a backtest.json lies in the study's folder or in runs/. Figures published later are hollow dots.

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
    from corredor.learn.track_record import find_track_record
    from corredor.pages.artefacts.run import write_run
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
            given: dict[str, Any] = {"draws": draws, "seed": seed, "jobs": jobs, "cluster": on_cluster(cluster)}
            dataset = foresee(model, as_of=day, months=months, **given, progress=progress.show)
    except NothingToLearn as error:
        raise diagnosed([str(error)], common.as_json) from error
    except UnusableFit as error:
        shows = f"No forecast is made from such a fit. `corredor fit {study} --as-of {day}` shows where it goes wrong."
        raise diagnosed([*error.sentences, shows], common.as_json) from error
    dataset.attrs["track_record"] = json.dumps(find_track_record(model, _beside(study, folder, model.name)))
    seconds = {"all": round(time.perf_counter() - began, 2)}
    remarks, holds = json.loads(dataset.attrs["fitted_remarks"]), json.loads(dataset.attrs["holds"])
    asked = {"what": "forecast", "study": study, "as_of": as_of, "months": months, "draws": draws, "seed": seed}
    manifest = signed(
        dataset,
        model,
        asked,
        show_small,
        as_of=as_of,
        fitted=dataset.attrs["fitted_fingerprint"],
        remarks=remarks,
        seconds=seconds,
    )
    paths = write_run(dataset, folder, manifest)
    exported = export_hubverse(dataset, model, folder / "hubverse") if export else {}
    if common.as_json:
        print_json({**manifest, "out": str(folder), "holds": holds, **exported, **_numbers(dataset, day)})
    else:
        _print_forecast(dataset, day)
    say("\n".join([*remarks, *holds, f"in all {time.perf_counter() - began:.1f} s", f"page: {paths['forecast.html']}"]))


def _beside(study: str, folder: Path, name: str) -> list[Path]:
    """Folders in which a backtest of the study may lie: its own, and where `corredor backtest` puts one."""
    from corredor.study.catalogue import find_study

    return [find_study(study), folder.parent / f"{name}-backtest", Path("runs") / f"{name}-backtest"]


def _numbers(dataset: xr.Dataset, day: date) -> dict[str, Any]:
    """All that the page shows, as JSON can hold it."""
    from corredor.learn.coming_months import coming_table, shown_coming, shown_thresholds, threshold_table
    from corredor.pages.forecast.headline import forecast_answer, track_record_of
    from corredor.results.hidden_numbers import shown_coverage, shown_summary
    from corredor.results.view import read_run

    table, run = shown_summary(dataset), read_run(dataset)
    rows = {"coming": shown_coming(run, coming_table(dataset)), "thresholds": shown_thresholds(run, threshold_table(dataset))}
    rows |= {"known": table[table["published"] <= str(day)], "later": table[table["published"] > str(day)]}
    printed = {name: records(part) for name, part in (rows | {"coverage": shown_coverage(dataset)}).items()}
    return {"answer": forecast_answer(run).as_json(), "track_record": track_record_of(run), **printed}


def _print_forecast(dataset: xr.Dataset, day: date) -> None:
    """The first screen of the page, its tables of the coming months, and how the bands held figures that are known by now."""
    from corredor.learn.coming_months import told_tables
    from corredor.pages.forecast.headline import forecast_answer
    from corredor.pages.forecast.tables import coming_cells, forecast_outputs, threshold_cells
    from corredor.results.coverage import judged_figures, summary_table
    from corredor.results.view import read_run

    run = read_run(dataset)
    print("\n".join(" ".join(sentences) for sentences in forecast_answer(run).as_json().values() if sentences), end="\n\n")
    coming, thresholds = told_tables(run, forecast_outputs(run))
    for table in [*coming_cells(run, coming), threshold_cells(run, thresholds)]:
        words = [name for name, numeric in table.columns.items() if not numeric]
        if table.rows:
            print_table(table.caption, table.columns, table.rows, left=words, width=150)
    if len(judged_figures(summary_table(dataset), str(day))):
        print_summary(dataset, f"Figures published after {day}, inside the bands")
