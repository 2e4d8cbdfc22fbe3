"""`corredor run`."""

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
from corredor.cli.exit_status import DIAGNOSTIC, STOPPED, USAGE
from corredor.cli.options import Count, CountOrNone, Json, Seed
from corredor.cli.saying import Progress, fit_status, fit_words, print_summary, report_problems, say


@app.command
def run(
    study: str,
    *,
    draws: Count = 500,
    seed: Seed = 1,
    jobs: CountOrNone = None,
    out: Path | None = None,
    expected: bool = False,
    priors_only: Annotated[bool, Parameter(negative=())] = False,
    as_json: Json = False,
) -> int:
    """Simulate a study and write results, a summary and a report.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    draws
        Simulations to run.
    seed
        Decides all random numbers; the same seed gives the same results. A whole number, 0 or more.
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
    from corredor._simulate import simulate
    from corredor.engine.ensemble import Interrupted
    from corredor.engine.fitted import study_and_fit
    from corredor.pages.artefacts import write_run
    from corredor.results.coverage import coverage_table, summary_table
    from corredor.results.dataset import lost_people
    from corredor.study.problems import StudyError

    began = time.perf_counter()
    try:
        model, fitted = study_and_fit(study, None, priors_only)
    except StudyError as error:
        return report_problems(error, as_json)
    folder = out or Path("runs") / model.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    say(f"{model.study.title}: " + ("expected flow" if expected else f"{draws} draws, seed {seed}"))
    say(fit_words(fitted, model.hash))
    say("compiling the model first, if this machine has not done so yet (up to a minute) …")
    try:
        with Progress("simulating") as progress:
            dataset = simulate(
                model, draws=draws, seed=seed, jobs=jobs, expected=expected, fitted=fitted, progress=progress.show, keep_in=folder
            )
    except Interrupted as stopped:
        say(f"stopped; {stopped.counts.done.sum()} finished draws are kept in {folder}: the same command goes on from them")
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
        "troubles": fitted.troubles if fitted else [],
        "seconds": {"simulating": round(simulated - began, 2)},
    }
    say("writing results and the report …")
    paths = write_run(dataset, folder, manifest)
    if as_json:
        tables = {"summary": summary_table(dataset), "coverage": coverage_table(dataset)}
        rows = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
        print(json.dumps({**manifest, "out": str(folder), **rows}, ensure_ascii=False))
    else:
        print_summary(dataset)
    say(
        f"{dataset.attrs['decisions_per_draw']:,.0f} random decisions a draw, {simulated - began:.1f} s; "
        f"in all {time.perf_counter() - began:.1f} s\nreport: {paths['report.html']}"
    )
    if lost > (1e-6 if expected else 0):
        say(
            f"people were not conserved: {lost:g} lost or made in the worst draw. This is a bug in corredor; do not use these results."
        )
        return DIAGNOSTIC
    return fit_status(fitted)
