"""`corredor compare`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corredor.cli.app import command
from corredor.cli.options import (
    Cluster,
    CommonWithFolder,
    Count,
    Draws,
    Explore,
    Measures,
    PriorsOnly,
    ShowSmall,
    Study,
    check_explore,
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
    print_table,
    records,
    say,
    say_compiling,
    signed,
)

if TYPE_CHECKING:
    import xarray as xr

    from corredor.study.model import Model


@command
def compare(
    study: Study,
    *,
    without: Measures = None,
    scenario: Path | None = None,
    draws: Draws = 500,
    shares: bool = False,
    share_draws: Count = 100,
    output: str | None = None,
    place: str = "",
    group: str = "",
    priors_only: PriorsOnly = False,
    show_small: ShowSmall = None,
    explore: Explore = False,
    cluster: Cluster = None,
    common: CommonWithFolder = CommonWithFolder(),  # noqa: B008  (frozen)
) -> None:
    """Say what measures did, or what a scenario would change: the same scenarios with and without.

    Parameters
    ----------
    without
        Measures to leave out; the effect is that of having taken them. Several after one another, or separated by commas. Without this
        and --scenario the measures of the study are listed.
    scenario
        A YAML file with what is different (docs/COMPARE.md); the effect is that of the scenario.
    draws
        Scenarios to run in pairs.
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
    """
    from corredor.effects.compare import compare as compare_scenarios
    from corredor.effects.compare.shares import shares as shares_of
    from corredor.engine.ensemble import Interrupted
    from corredor.engine.fitted import study_and_fit
    from corredor.pages.artefacts.comparison import comparison_table, write_comparison
    from corredor.pages.report.comparison_answer import answer_of
    from corredor.results.dataset import lost_people
    from corredor.results.hidden_numbers import shown_effects
    from corredor.study.arguments import names_of

    began, names = time.perf_counter(), names_of(without)
    if scenario is None and not names:
        raise _measures_to_choose_from(study, common.as_json)
    if scenario is not None and names:
        raise Refused("expected either --without MEASURE… or --scenario FILE", "corredor compare STUDY --without MEASURE")
    if shares and len(names) < 2:
        raise Refused(
            "--shares needs two or more measures after --without", "corredor compare STUDY --without ONE OTHER --shares"
        )
    check_explore(explore, draws)
    model, fitted = study_and_fit(study, None, priors_only)
    _check_before_the_draws(model, scenario, names, output, place, group)
    folder, seed, jobs = common.folder(f"{model.name}-compare"), common.seed, common.jobs
    say(fit_words(fitted, model.hash))
    say_compiling()
    shared = None
    try:
        with Progress("comparing") as progress:
            given: dict[str, Any] = {"without": names, "seed": seed, "jobs": jobs, "fitted": fitted, "progress": progress.show}
            given["cluster"] = on_cluster(cluster)
            dataset = compare_scenarios(model, scenario=scenario, draws=draws, keep_in=folder, **given)
        if shares:
            with Progress("dividing") as progress:
                shared = shares_of(model, draws=share_draws, **given | {"progress": progress.show})
    except Interrupted as stopped:
        raise Ended(
            STOPPED,
            f"stopped; {stopped.n_finished} finished draws are kept unless of shares: the same command goes on",
        ) from stopped
    simulated, lost = time.perf_counter() - began, lost_people(dataset)
    asked = {"what": "compare", "study": study, "without": list(names), "draws": draws, "seed": seed, "priors_only": priors_only}
    asked |= {} if scenario is None else {"scenario": scenario.read_text(encoding="utf-8")}
    facts = {**fit_facts(fitted), "people_lost": lost, "seconds": {"comparing": round(simulated, 2)}}
    beside = None
    if explore:
        from corredor.pages.explore.beside import page_beside
        from corredor.pages.explore.study_page import study_page
        from corredor.study.scenario import load_scenario
        from corredor.study.schema import Scenario

        changed = Scenario(title=", ".join(names), off=list(names)) if scenario is None else load_scenario(scenario, model)
        named, reason = known_as(study, model), show_small or ""
        told_page = study_page(model, fitted, draws, seed, study=named, small_shown_because=reason)
        beside = page_beside(model, *told_page, scenario=changed)
        if "#" not in beside.link:
            say("explore.html opens on the study as it was: its readers cannot make this scenario (docs/EXPLORE.md)")
    manifest = signed(dataset, model, asked, show_small, explore_command(study, seed, priors_only), beside, **facts)
    paths = write_comparison(dataset, shared, folder, manifest, output, place, group, beside)
    told = answer_of(dataset, output, place, group)
    if common.as_json:
        effects = shown_effects(dataset, comparison_table(dataset, output, place, group))
        print_json({**manifest, "out": str(folder), "answer": told, "effects": records(effects)})
    else:
        columns = ("side", "output", "without", "with", "difference", "of without", "80 %", "sign")
        title = f"With less without: {json.loads(dataset.attrs['comparison'])['title']} (means)"
        for sentences in told.values():
            print(" ".join(sentences))
        print()
        print_table(title, columns, _effect_rows(dataset), left=("side", "output", "sign"), width=150)
        print(_unchanged_words(dataset), end="")
    say(f"{simulated:.1f} s; in all {time.perf_counter() - began:.1f} s\npage: {paths['compare.html']}")
    check_conserved(lost)
    check_fit(fitted)


def _measures_to_choose_from(study: str, as_json: bool) -> Refused:
    """What could be left out: the measures of a study, those that act in the model first."""
    from corredor.study.model import load_study

    model = load_study(study)
    if as_json:
        rows = [
            {"id": m.id, "title": m.title, "from": str(m.from_), "to": str(m.to or ""), "acts": bool(m.acts_on)}
            for m in model.measures
        ]
        print_json({"measures": rows})
    ordered = sorted(model.measures, key=lambda measure: (not measure.acts_on, measure.from_))
    width = max((len(measure.id) for measure in ordered), default=0)
    lines = [
        f"  {m.id:{width}s}  {m.from_}  {m.title}" + ("" if m.acts_on else " (on record, no effect in the model)")
        for m in ordered
    ]
    there = f"the measures of {model.name}:\n" + "\n".join(lines) if lines else f"{model.name} has no measures"
    found = f"expected either --without MEASURE… or --scenario FILE; {there}"
    without = f"--without {ordered[0].id}" if ordered else "--scenario FILE"
    return Refused(found, f"corredor compare {study} {without}")


def _check_before_the_draws(
    model: Model, scenario: Path | None, names: tuple[str, ...], output: str | None, place: str, group: str
) -> None:
    """What cannot be compared, or told by that output or place, is said before the draws are run, not after."""
    from corredor.effects.compare import compare as compare_scenarios
    from corredor.effects.compare.diversion import diversion
    from corredor.effects.compare.pair import compared_sides
    from corredor.study.problems import likeliest

    known = [name for name, told in model.study.outputs.items() if told.flow is not None]
    if not known:
        raise Refused("the study has no output that counts people who move", "add one with `flow` to `outputs` in study.yaml")
    if output is not None and output not in known:
        raise Refused(f"{output} is no output that counts people who move", likeliest(output, known))
    compared_sides(model, scenario, names)
    if place or group:
        try:
            diversion(compare_scenarios(model, scenario=scenario, without=names, expected=True), output, place, group)
        except KeyError as error:
            raise Refused(error.args[0], "another --output, --place or --group") from error


def _effect_rows(dataset: xr.Dataset) -> Iterator[tuple[str, ...]]:
    """The effect on every output that differs, side by side, the most telling first."""
    from corredor.effects.compare.effects import Comparison
    from corredor.pages.report.comparison_figures import total_cells
    from corredor.pages.report.comparison_words import compared_outputs, ranked
    from corredor.results.view import read_run

    found = Comparison(dataset)
    outputs = compared_outputs(found, read_run(dataset.sel(scenario="with")))
    for side in ("control", "protection", "movement", "money"):
        for name in ranked(found, outputs, side):
            without, with_, difference, share, inner, _, sign = total_cells(found, name)
            yield side, found.title(name), without, with_, difference, share, inner, sign


def _unchanged_words(dataset: xr.Dataset) -> str:
    from corredor.effects.compare.effects import Comparison
    from corredor.pages.report.comparison_words import compared_outputs, unchanged
    from corredor.results.view import read_run

    found = Comparison(dataset)
    titles = unchanged(found, compared_outputs(found, read_run(dataset.sel(scenario="with"))))
    return f"The same in every simulation: {'; '.join(titles)}.\n" if titles else ""
