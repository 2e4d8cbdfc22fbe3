"""`corredor explore`."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from corredor.cli.app import command
from corredor.cli.options import Draws, Json, PriorsOnly, Seed, ShowSmall, Study, made_folder
from corredor.cli.saying import Progress, check_fit, fit_facts, fit_words, known_as, print_json, say, writing


@command
def explore(
    study: Study,
    *,
    out: Annotated[Path | None, Parameter(alias="-o")] = None,
    draws: Draws = 200,
    seed: Seed = 1,
    priors_only: PriorsOnly = False,
    no_claims: bool = False,
    no_open: bool = False,
    show_small: ShowSmall = None,
    as_json: Json = False,
) -> None:
    """Write a page that simulates: measures and assumptions can be moved in it, offline, and the same kernel answers.

    Parameters
    ----------
    out
        The HTML file; unless given, in runs/ with the name of the study. A file of this name that is no such page is left alone.
    draws
        Simulations that the page runs, with and without a change.
    seed
        Decides all random numbers; the page's numbers are those of `corredor compare` with the same seed.
    no_claims
        Leave the study's claims out; else they are checked with the draws of the page, which takes as long as `corredor claims`.
    no_open
        Only write the page; else it is opened in a browser, if this is a terminal.
    """
    from corredor.effects.claims import check_claims
    from corredor.engine.fitted import study_and_fit
    from corredor.pages.explore.page import write_explore
    from corredor.pages.template import check_place

    model, fitted = study_and_fit(study, None, priors_only)
    say(fit_words(fitted, model.hash))
    path = out if out is not None else made_folder(Path("runs")) / f"{model.name}-explore.html"
    check_place(path, "explore")
    findings = None
    if model.claims and not no_claims:
        # as `corredor claims` does: a fit that saw figures of later days is left aside
        known = fitted if fitted is not None and fitted.as_of <= model.study.to else None
        with Progress("checking claims") as progress:
            findings = check_claims(model, draws=draws, seed=seed, fitted=known, progress=progress.show)
    with writing(path, "another file with --out"):
        write_explore(path, model, fitted, draws, seed, findings or (), known_as(study, model), show_small or "")
    facts = {"page": str(path), "bytes": path.stat().st_size, "draws": draws, "seed": seed, "study_hash": model.hash}
    print_json({**facts, **fit_facts(fitted)}) if as_json else print(path)
    say(f"page: {path} ({path.stat().st_size / 1e6:.1f} MB, opens offline)")
    if not no_open and sys.stdout.isatty():
        webbrowser.open(path.resolve().as_uri())
    check_fit(fitted)
