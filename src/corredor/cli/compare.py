"""`corredor compare`."""

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
from corredor.cli.exit_status import DIAGNOSTIC, STOPPED, USAGE
from corredor.cli.options import Count, CountOrNone, Json, Seed
from corredor.cli.saying import Progress, fit_status, fit_words, report_problems, say

if TYPE_CHECKING:
    import xarray as xr


@app.command
def compare(
    study: str,
    *,
    without: Annotated[list[str] | None, Parameter(consume_multiple=True, negative=())] = None,
    scenario: Path | None = None,
    draws: Count = 500,
    seed: Seed = 1,
    jobs: CountOrNone = None,
    out: Path | None = None,
    shares: Annotated[bool, Parameter(negative=())] = False,
    share_draws: Count = 100,
    output: str | None = None,
    place: str = "",
    group: str = "",
    priors_only: Annotated[bool, Parameter(negative=())] = False,
    as_json: Json = False,
) -> int:
    """Say what measures did, or what a scenario would change: the same scenarios with and without.

    Parameters
    ----------
    study
        A folder, or the name of a bundled study.
    without
        Measures to leave out; the effect is that of having taken them. Several after one another, or separated by commas.
    scenario
        A YAML file with what is different (docs/COMPARE.md); the effect is that of the scenario.
    draws
        Scenarios to run in pairs.
    seed
        Decides all random numbers; the same seed gives the same results. A whole number, 0 or more.
    jobs
        Threads; all processors unless given.
    out
        Folder for the results; runs/NAME-compare unless given.
    shares
        Also divide the joint effect among the measures of --without (Shapley values).
    share_draws
        Scenarios to run in every subset of the measures for that.
    output
        Output for which it is told where people went; the first one of control unless given.
    place
        Only that part of it.
    group
        Only that part of it.
    priors_only
        Draw parameters from their priors, even if the study's folder holds fitted.nc.
    as_json
        Print the effects as JSON.
    """
    from corredor.effects.compare import compare as compare_scenarios
    from corredor.effects.compare.diversion import diversion
    from corredor.effects.compare.pair import compared_sides
    from corredor.effects.compare.shares import shares as shares_of
    from corredor.engine.ensemble import Interrupted
    from corredor.engine.fitted import study_and_fit
    from corredor.pages.artefacts import comparison_table, write_comparison
    from corredor.results.dataset import lost_people
    from corredor.study.arguments import names_of
    from corredor.study.problems import StudyError

    names = names_of(without)
    if (scenario is None) == (not names):
        say("expected either --without MEASURE… or --scenario FILE\ntry: corredor compare STUDY --without MEASURE")
        return USAGE
    if shares and len(names) < 2:
        say("--shares needs two or more measures after --without\ntry: corredor compare STUDY --without ONE OTHER --shares")
        return USAGE
    began = time.perf_counter()
    try:
        model, fitted = study_and_fit(study, None, priors_only)
        known = [name for name, told in model.study.outputs.items() if told.flow is not None]
        if not known:
            say("the study has no output that counts people who move\ntry: add one with `flow` to `outputs` in study.yaml")
            return USAGE
        if output is not None and output not in known:
            say(f"{output} is no output that counts people who move\ntry: one of {', '.join(known)}")
            return USAGE
        compared_sides(model, scenario, names)
        if place or group:
            # a place that the output does not have is said before the draws are run, not after
            try:
                diversion(compare_scenarios(model, scenario=scenario, without=names, expected=True), output, place, group)
            except KeyError as error:
                say(f"{error.args[0]}\ntry: another --output, --place or --group")
                return USAGE
        folder = out or Path("runs") / f"{model.name}-compare"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            say(f"{folder} cannot hold the results: {error.strerror}\ntry: another folder with --out")
            return USAGE
        say(fit_words(fitted, model.hash))
        say("compiling the model first, if this machine has not done so yet (up to a minute) …")
        with Progress("comparing") as progress:
            dataset = compare_scenarios(
                model,
                scenario=scenario,
                without=names,
                draws=draws,
                seed=seed,
                jobs=jobs,
                progress=progress.show,
                keep_in=folder,
                fitted=fitted,
            )
        shared = None
        if shares:
            with Progress("dividing") as progress:
                shared = shares_of(
                    model, without=names, draws=share_draws, seed=seed, jobs=jobs, fitted=fitted, progress=progress.show
                )
    except StudyError as error:
        return report_problems(error, as_json)
    except Interrupted as stopped:
        say(
            f"stopped; {stopped.counts.done.sum()} finished draws are kept unless they were of the shares: the same command goes on"
        )
        return STOPPED
    simulated = time.perf_counter()
    command = shlex.join(["corredor", *sys.argv[1:]])
    dataset.attrs |= {"command": command, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    lost = lost_people(dataset)
    manifest: dict[str, Any] = {
        "command": command,
        "created": dataset.attrs["created"],
        "inputs": model.input_hashes,
        "fitted": fitted.fingerprint if fitted else None,
        "troubles": fitted.troubles if fitted else [],
        "people_lost": lost,
        "seconds": {"comparing": round(simulated - began, 2)},
    }
    paths = write_comparison(dataset, shared, folder, manifest, output, place, group)
    if as_json:
        table = comparison_table(dataset, output, place, group)
        effects = json.loads(table.to_json(orient="records"))
        print(json.dumps({**manifest, "out": str(folder), "effects": effects}, ensure_ascii=False))
    else:
        _print_effects(dataset)
    say(f"{simulated - began:.1f} s; in all {time.perf_counter() - began:.1f} s\npage: {paths['compare.html']}")
    if lost > 0:
        say(
            f"people were not conserved: {lost:g} lost or made in the worst draw. This is a bug in corredor; do not use these results."
        )
        return DIAGNOSTIC
    return fit_status(fitted)


def _print_effects(dataset: xr.Dataset) -> None:
    """The effect on every output in all, side by side."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from corredor.effects.compare.effects import Comparison
    from corredor.pages.report.comparison_words import compared_outputs, effect_cells
    from corredor.results.view import read_run

    found = Comparison(dataset)
    title = f"With less without: {found.about['title']}"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(("side", "output", "without", "with", "difference", "80 %", "sign")):
        table.add_column(column, justify="right" if number in (2, 3, 4, 5) else "left", overflow="fold")
    outputs = compared_outputs(found, read_run(dataset.sel(scenario="with")))
    for side in ("control", "protection", "movement", "money"):
        for name in outputs:
            if found.side(name) == side:
                without, with_, difference, inner, _, sign = effect_cells(found.effect(name))
                table.add_row(side, found.title(name), without, with_, difference, inner, sign)
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 140).print(table)
