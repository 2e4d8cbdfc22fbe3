"""`corredor claims`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from importlib import metadata

from corredor.cli.app import command
from corredor.cli.options import CommonWithFolder, DayOrNone, Draws, Explore, PriorsOnly, ShowSmall, Study, check_explore
from corredor.cli.saying import (
    Progress,
    check_fit,
    command_line,
    explore_command,
    fit_facts,
    fit_words,
    known_as,
    print_json,
    print_table,
    say,
)


@command
def claims(
    study: Study,
    *,
    draws: Draws = 200,
    as_of: DayOrNone = None,
    curves: bool = False,
    priors_only: PriorsOnly = False,
    show_small: ShowSmall = None,
    explore: Explore = False,
    common: CommonWithFolder = CommonWithFolder(),  # noqa: B008  (frozen)
) -> None:
    """Check the public claims of a study: a verdict on each, with its evidence and what would change it.

    The claims stand in claims.yaml of the study's folder.

    Parameters
    ----------
    draws
        Simulations, each with and without the measures of a claim.
    as_of
        Only figures published by this day count, YYYY-MM-DD; the study's last day unless given. A later day answers claims about the
        months after the study, from published series alone.
    curves
        Put the question of each claim about an effect to its series with other forms, windows and donors too: a figure on the page. Some
        seconds a claim.
    """
    from corredor.effects.claims import check_claims
    from corredor.effects.claims.tally import summary
    from corredor.engine.fitted import study_and_fit
    from corredor.pages.artefacts.claims import write_claims
    from corredor.pages.claims.words import curve_words, probability_words
    from corredor.results.view import SMALL_SHOWN
    from corredor.results.wording import SMALL_SHOWN_BECAUSE
    from corredor.study.arguments import date_of

    began = time.perf_counter()
    check_explore(explore, draws)
    model, fitted = study_and_fit(study, None, priors_only)
    folder = common.folder(f"{model.name}-claims")
    day = date_of(as_of, "as_of", first=model.study.from_) if as_of else model.study.to
    seed, jobs = common.seed, common.jobs
    say(f"{model.study.title}: {len(model.claims)} claims, {draws} draws, seed {seed}, figures published by {day}")
    if fitted is not None and fitted.as_of > day:
        say(f"the fit saw figures published by {fitted.as_of}, which nobody knew on {day}: draws come from the priors")
        fitted = None
    say(fit_words(fitted, model.hash))
    with Progress("checking") as progress:
        findings = check_claims(
            model,
            draws=draws,
            seed=seed,
            jobs=jobs,
            as_of=day,
            curves=curves,
            fitted=fitted,
            show_small_cells=show_small,
            progress=progress.show,
        )
    made = {"Command": command_line(), "Made": datetime.now(UTC).isoformat(timespec="seconds"), "Draws": str(draws)}
    made |= {"Explore": explore_command(study, seed, priors_only)}
    made |= {} if show_small is None else {SMALL_SHOWN_BECAUSE: show_small}
    made |= {"Seed": str(seed), "Version": metadata.version("corredor"), "Study": model.hash}
    manifest = {"command": made["Command"], "created": made["Made"], "study": model.name, "study_hash": model.hash, "seed": seed}
    manifest |= {} if show_small is None else {SMALL_SHOWN: show_small}
    manifest |= {"draws": draws, "as_of": day.isoformat(), "inputs": model.input_hashes}
    beside = None
    if explore:
        from corredor.pages.explore.beside import page_beside
        from corredor.pages.explore.study_page import study_page

        named, reason = known_as(study, model), show_small or ""
        beside = page_beside(model, *study_page(model, fitted, draws, seed, findings, named, reason, day), tab="claims")
        made |= {"Explore page": beside.link}
        manifest |= {"explore_page": beside.link}
    paths = write_claims(findings, model, day, folder, made, manifest | fit_facts(fitted), fitted, beside)
    if common.as_json:
        print_json([finding.as_json() for finding in findings])
    else:
        columns = ("claim", "found", "probability", *(["other choices"] if curves else []))
        rows = [
            (
                one.claim.id,
                one.headline,
                probability_words(one),
                *([curve_words(one)] if curves else []),
            )
            for one in findings
        ]
        print_table(summary(findings), columns, rows, left=columns, width=130)
    say(f"in all {time.perf_counter() - began:.1f} s\npage: {paths['claims.html']}")
    check_fit(fitted)
