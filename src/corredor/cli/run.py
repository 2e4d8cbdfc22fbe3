"""`corredor run`."""

from __future__ import annotations

import time

from corredor.cli.app import command
from corredor.cli.options import CommonWithFolder, Draws, PriorsOnly, Study
from corredor.cli.saying import (
    STOPPED,
    Ended,
    Progress,
    check_conserved,
    check_fit,
    explore_command,
    fit_facts,
    fit_words,
    print_json,
    print_summary,
    records,
    say,
    say_compiling,
    signed,
)


@command
def run(
    study: Study,
    *,
    draws: Draws = 500,
    expected: bool = False,
    priors_only: PriorsOnly = False,
    common: CommonWithFolder = CommonWithFolder(),  # noqa: B008  (frozen)
) -> None:
    """Simulate a study and write results, a summary and a report; the report's five sentences are printed too.

    Parameters
    ----------
    draws
        Simulations to run.
    expected
        One mean-field run in place of random draws.
    """
    from corredor._simulate import simulate
    from corredor.engine.ensemble import Interrupted
    from corredor.engine.fitted import study_and_fit
    from corredor.pages.artefacts import write_run
    from corredor.pages.report.first_screen.in_short import in_short
    from corredor.results.coverage import coverage_table, summary_table
    from corredor.results.dataset import lost_people
    from corredor.results.view import read_run

    began = time.perf_counter()
    model, fitted = study_and_fit(study, None, priors_only)
    folder = common.folder(model.name)
    say(f"{model.study.title}: " + ("expected flow" if expected else f"{draws} draws, seed {common.seed}"))
    say(fit_words(fitted, model.hash))
    say_compiling()
    seed, jobs = common.seed, common.jobs
    try:
        with Progress("simulating") as progress:
            dataset = simulate(
                model, draws=draws, seed=seed, jobs=jobs, expected=expected, fitted=fitted, progress=progress.show, keep_in=folder
            )
    except Interrupted as stopped:
        raise Ended(
            STOPPED,
            f"stopped; {stopped.counts.done.sum()} finished draws are kept in {folder}: the same command goes on from them",
        ) from stopped
    simulated = time.perf_counter() - began
    facts = {"people_lost": lost_people(dataset), **fit_facts(fitted)}
    manifest = signed(
        dataset, model, explore_command(study, seed, priors_only), **facts, seconds={"simulating": round(simulated, 2)}
    )
    say("writing results and the report …")
    paths = write_run(dataset, folder, manifest)
    sentences = in_short(read_run(dataset))
    if common.as_json:
        rows = {"summary": records(summary_table(dataset)), "coverage": records(coverage_table(dataset))}
        print_json({**manifest, "out": str(folder), "in_short": [sentence.as_json() for sentence in sentences], **rows})
    else:
        print("\n".join(f"{sentence.label}: {sentence.words}" for sentence in sentences), end="\n\n")
        print_summary(dataset)
    say(
        f"{dataset.attrs['decisions_per_draw']:,.0f} random decisions a draw, {simulated:.1f} s; "
        f"in all {time.perf_counter() - began:.1f} s\nreport: {paths['report.html']}"
    )
    check_conserved(lost_people(dataset), 1e-6 if expected else 0)
    check_fit(fitted)
