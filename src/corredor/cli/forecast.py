"""`corredor forecast`."""

from __future__ import annotations

import json
import shlex
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from corredor.cli.app import app
from corredor.cli.exit_status import STOPPED, USAGE, WELL
from corredor.cli.options import Count, CountOrNone, Json, Seed, a_date
from corredor.cli.saying import Progress, diagnosed, print_summary, report_problems, say


@app.command
def forecast(
    study: str,
    *,
    as_of: Annotated[str, Parameter(validator=lambda _, value: a_date(value))],
    months: Count = 3,
    draws: Count = 500,
    seed: Seed = 1,
    jobs: CountOrNone = None,
    out: Path | None = None,
    as_json: Json = False,
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
        Simulations to run.
    seed
        Decides all random numbers; the same seed gives the same results. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    out
        Folder for the results; runs/NAME-forecast-DATE unless given.
    as_json
        Print the forecast of every published figure as JSON.
    """
    from corredor.engine.ensemble import Interrupted
    from corredor.learn.fit import NothingToLearn
    from corredor.learn.forecast import UnusableFit
    from corredor.learn.forecast import forecast as foresee
    from corredor.pages.artefacts import write_run
    from corredor.results.coverage import coverage_table, summary_table
    from corredor.study.arguments import date_of
    from corredor.study.model import load_study
    from corredor.study.problems import StudyError

    began = time.perf_counter()
    try:
        model = load_study(study)
    except StudyError as error:
        return report_problems(error, as_json)
    day = date_of(as_of, "as_of", first=model.study.from_)
    folder = out or Path("runs") / f"{model.name}-forecast-{day}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    say(f"{model.study.title}: forecast as of {day}, {months} months, {draws} draws, seed {seed}")
    say("compiling the model first, if this machine has not done so yet (up to a minute) …")
    try:
        with Progress("fitting and simulating", "runs") as progress:
            dataset = foresee(model, as_of=day, months=months, draws=draws, seed=seed, jobs=jobs, progress=progress.show)
    except NothingToLearn as error:
        return diagnosed([str(error)], as_json)
    except UnusableFit as error:
        shows = f"No forecast is made from such a fit. corredor fit {study} --as-of {day} shows where it goes wrong."
        return diagnosed([*error.sentences, shows], as_json)
    except Interrupted:
        say("stopped; nothing is kept")
        return STOPPED
    command = shlex.join(["corredor", *sys.argv[1:]])
    dataset.attrs |= {"command": command, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    manifest: dict[str, Any] = {
        "command": command,
        "created": dataset.attrs["created"],
        "inputs": model.input_hashes,
        "as_of": as_of,
        "fitted": dataset.attrs["fitted_fingerprint"],
        "remarks": json.loads(dataset.attrs["fitted_remarks"]),
        "seconds": {"all": round(time.perf_counter() - began, 2)},
    }
    paths = write_run(dataset, folder, manifest)
    table = summary_table(dataset)
    if as_json:
        rows = {"known": table[table["published"] <= str(day)], "later": table[table["published"] > str(day)]}
        rows["coverage"] = coverage_table(dataset)
        printed = {name: json.loads(part.to_json(orient="records")) for name, part in rows.items()}
        holds = json.loads(dataset.attrs["holds"])
        print(json.dumps({**manifest, "out": str(folder), "holds": holds, **printed}, ensure_ascii=False))
    else:
        print_summary(dataset, f"Figures published after {day}, inside the bands")
    for sentence in [*manifest["remarks"], *json.loads(dataset.attrs["holds"])]:
        say(sentence)
    say(f"in all {time.perf_counter() - began:.1f} s\nreport: {paths['report.html']}")
    return WELL
