"""`corredor run`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from corredor.cli.app import command
from corredor.cli.options import (
    Cluster,
    CommonWithFolder,
    CountOrNone,
    Draws,
    Explore,
    PriorsOnly,
    ShowSmall,
    Study,
    check_explore,
    made_folder,
    on_cluster,
)
from corredor.cli.saying import (
    STOPPED,
    Ended,
    Progress,
    Refused,
    check_conserved,
    check_fit,
    explore_command,
    fit_facts,
    fit_words,
    known_as,
    print_json,
    print_summary,
    print_table,
    records,
    say,
    say_compiling,
    signed,
)

if TYPE_CHECKING:
    from corredor.pages.report.first_screen.told import FirstScreen


@command
def run(
    study: Study,
    *,
    draws: Draws = 500,
    expected: bool = False,
    priors_only: PriorsOnly = False,
    show_small: ShowSmall = None,
    share: bool = False,
    explore: Explore = False,
    store: str | None = None,
    chunk: CountOrNone = None,
    cluster: Cluster = None,
    common: CommonWithFolder = CommonWithFolder(),  # noqa: B008  (frozen)
) -> None:
    """Simulate a study and write results, a summary and a report; the report's five sentences and its first numbers are printed too.

    Parameters
    ----------
    draws
        Simulations to run.
    expected
        One mean-field run in place of random draws.
    share
        Also write a folder `share` with what may be passed on: the page, tables of every output and the published figures beside them,
        without draws, counts of fewer than five people, or anything from which these could be worked out.
    store
        A zarr store, in a folder or at an address such as s3://bucket/name, for draws too many for memory; it takes the place of
        results.nc. Chunks that are finished are not run again, also when more draws are asked for later (docs/CLUSTER.md).
    chunk
        Draws in a chunk of a new store; as many as 64 MB hold, at most 1,000, unless given.
    """
    from corredor._simulate import simulate
    from corredor.engine.ensemble import Interrupted
    from corredor.engine.fitted import study_and_fit
    from corredor.exchange.share import write_share
    from corredor.pages.artefacts.as_written import SHARE
    from corredor.pages.artefacts.run import write_run
    from corredor.pages.report.first_screen.told import first_screen
    from corredor.results.dataset import lost_people
    from corredor.results.hidden_numbers import shown_coverage, shown_summary
    from corredor.results.store_place import is_address
    from corredor.results.view import read_run

    began = time.perf_counter()
    check_explore(explore, draws, expected)
    if chunk is not None and store is None:
        raise Refused("--chunk cuts a store, and there is none", "--store PLACE with it, or leave it out")
    model, fitted = study_and_fit(study, None, priors_only)
    folder = common.folder(model.name)
    if store is not None and not is_address(store):
        if Path(store).resolve() == folder.resolve():
            raise Refused(f"--store and --out are both {folder}", "a folder of its own for the store")
        made_folder(Path(store), "another --store")
    say(f"{model.study.title}: " + ("expected flow" if expected else f"{draws} draws, seed {common.seed}"))
    say(fit_words(fitted, model.hash))
    say_compiling()
    seed, jobs = common.seed, common.jobs
    try:
        with Progress("simulating") as progress:
            dataset = simulate(
                model,
                draws=draws,
                seed=seed,
                jobs=jobs,
                cluster=on_cluster(cluster),
                expected=expected,
                fitted=fitted,
                progress=progress.show,
                keep_in=folder,
                store=store,
                chunk=chunk,
            )
    except Interrupted as stopped:
        raise Ended(
            STOPPED,
            f"stopped; {stopped.n_finished} finished draws are kept in {store or folder}: the same command goes on from them",
        ) from stopped
    simulated = time.perf_counter() - began
    asked = {"what": "run", "study": study, "draws": draws, "seed": seed, "expected": expected, "priors_only": priors_only}
    facts = {"people_lost": lost_people(dataset), **fit_facts(fitted)}
    beside = None
    if explore:
        from corredor.pages.explore.beside import page_beside
        from corredor.pages.explore.study_page import study_page

        told_page = study_page(model, fitted, draws, seed, study=known_as(study, model), small_shown_because=show_small or "")
        beside = page_beside(model, *told_page)
    facts["seconds"] = {"simulating": round(simulated, 2)}
    manifest = signed(dataset, model, asked, show_small, explore_command(study, seed, priors_only), beside, **facts)
    say("writing results and the report …")
    told = first_screen(read_run(dataset))
    paths = write_run(dataset, folder, manifest, store, told, beside)
    if share:
        say(f"to be passed on: {write_share(dataset, folder)}")
    elif (folder / SHARE).is_dir():
        say(f"{folder / SHARE} is of an earlier run, not of this one: --share writes it anew")
    if common.as_json:
        rows = {"summary": records(shown_summary(dataset)), "coverage": records(shown_coverage(dataset))}
        rows["series"] = [card.as_json() for card in told.cards]
        print_json({**manifest, "out": str(folder), "in_short": [sentence.as_json() for sentence in told.sentences], **rows})
    else:
        print("\n".join(f"{sentence.label}: {sentence.words}" for sentence in told.sentences), end="\n\n")
        _print_cards(told)
        print_summary(dataset)
    say(
        f"{dataset.attrs['decisions_per_draw']:,.0f} random decisions a draw, {simulated:.1f} s; "
        f"in all {time.perf_counter() - began:.1f} s\nreport: {paths['report.html']}"
    )
    check_conserved(lost_people(dataset), 1e-6 if expected else 0)
    check_fit(fitted)


def _print_cards(told: FirstScreen) -> None:
    """The numbers of the report's first screen."""
    from corredor.pages.report.first_screen.cards import card_table, first_cards

    table = card_table(told.run, first_cards(told.cards))
    words = [name for name, numeric in table.columns.items() if not numeric]
    print_table("Series with the largest changes and failures", table.columns, table.rows, left=words, width=150)
