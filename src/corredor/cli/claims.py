"""`corredor claims`."""

from __future__ import annotations

import json
import shlex
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from corredor.cli.app import app
from corredor.cli.exit_status import STOPPED, USAGE
from corredor.cli.options import Count, CountOrNone, Json, Seed, a_date
from corredor.cli.saying import Progress, fit_status, fit_words, report_problems, say

if TYPE_CHECKING:
    from corredor.effects.claims import Findings


@app.command
def claims(
    study: str,
    *,
    draws: Count = 200,
    seed: Seed = 1,
    jobs: CountOrNone = None,
    as_of: Annotated[str | None, Parameter(validator=lambda _, value: a_date(value))] = None,
    out: Path | None = None,
    priors_only: Annotated[bool, Parameter(negative=())] = False,
    as_json: Json = False,
) -> int:
    """Check the public claims of a study: a verdict on each, with its evidence and what would change it.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study; its claims stand in claims.yaml.
    draws
        Simulations, each with and without the measures of a claim.
    seed
        Decides all random numbers; the same seed gives the same verdicts. A whole number, 0 or more.
    jobs
        Threads; all processors unless given. Changes no verdict.
    as_of
        Only figures published by this day count, YYYY-MM-DD; the study's last day unless given.
    out
        Folder for claims.html and claims.json; runs/NAME-claims unless given.
    priors_only
        Draw parameters from their priors, even if the study's folder holds fitted.nc.
    as_json
        Print the findings as JSON.
    """
    from corredor.effects.claims import check_claims
    from corredor.engine.ensemble import Interrupted
    from corredor.engine.fitted import study_and_fit
    from corredor.pages.artefacts import write_claims
    from corredor.study.arguments import date_of
    from corredor.study.problems import StudyError

    began = time.perf_counter()
    try:
        model, fitted = study_and_fit(study, None, priors_only)
    except StudyError as error:
        return report_problems(error, as_json)
    folder = out or Path("runs") / f"{model.name}-claims"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
        return USAGE
    day = date_of(as_of, "as_of", first=model.study.from_) if as_of else model.study.to
    say(f"{model.study.title}: {len(model.claims)} claims, {draws} draws, seed {seed}, figures published by {day}")
    if fitted is not None and fitted.as_of > day:
        say(f"the fit saw figures published by {fitted.as_of}, which nobody knew on {day}: draws come from the priors")
        fitted = None
    say(fit_words(fitted, model.hash))
    try:
        with Progress("checking") as progress:
            findings = check_claims(model, draws=draws, seed=seed, jobs=jobs, as_of=day, fitted=fitted, progress=progress.show)
    except Interrupted:
        say("stopped; nothing was written")
        return STOPPED
    command = shlex.join(["corredor", *sys.argv[1:]])
    created = datetime.now(UTC).isoformat(timespec="seconds")
    facts = {"command": command, "created": created, "study": model.name, "study_hash": model.hash, "seed": seed, "draws": draws}
    manifest: dict[str, Any] = {**facts, "as_of": day.isoformat(), "inputs": model.input_hashes}
    manifest |= {"fitted": fitted.fingerprint if fitted else None, "troubles": fitted.troubles if fitted else []}
    made = {
        "Command": command,
        "Made": created,
        "Draws": str(draws),
        "Seed": str(seed),
        "Version": _version(),
        "Study": model.hash,
    }
    paths = write_claims(findings, model, day, folder, made, manifest, fitted)
    if as_json:
        print(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False))
    else:
        _print_claims(findings)
    say(f"in all {time.perf_counter() - began:.1f} s\npage: {paths['claims.html']}")
    return fit_status(fitted)


def _print_claims(findings: Findings) -> None:
    """One line for each claim: what was said, the verdict, and the number behind it."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from corredor.pages.claims.words import number_words, probability_words

    table = Table(title="Claims", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for column in ("claim", "verdict", "the number", "probability"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        table.add_row(finding.claim.id, finding.judgement.verdict, number_words(finding), probability_words(finding))
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 130).print(table)


def _version() -> str:
    from importlib import metadata

    return metadata.version("corredor")
