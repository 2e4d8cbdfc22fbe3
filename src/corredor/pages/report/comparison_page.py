"""The page of a comparison: one HTML file that needs nothing else, in the look of the report of a run."""

from __future__ import annotations

import numpy as np
import xarray as xr

from corredor.effects.compare.diversion import Diversion, diversion
from corredor.effects.compare.effects import Comparison
from corredor.effects.compare.money import usd_per_person
from corredor.pages.report import comparison_figures as figures
from corredor.pages.report.comparison_answer import comparison_answer, named_parameters
from corredor.pages.report.comparison_words import compared_outputs, headline, unchanged
from corredor.pages.report.figure import Figure
from corredor.pages.report.provenance import fit_notes, provenance
from corredor.pages.template import STYLES, filled
from corredor.results.view import Run, read_run
from corredor.results.wording import SMALLEST_SHOWN_PEOPLE, Wording, date_text

MOST_OVER_TIME = 4
"""Outputs of a side that are seen over time at once; the others are behind a click."""


def render_comparison(
    dataset: xr.Dataset, shared: xr.Dataset | None = None, output: str | None = None, place: str = "", group: str = ""
) -> str:
    """The comparison as one HTML page without any outside part.

    dataset : of `compare`
    shared : of `shares`, for the same study
    output, place, group : flow for which it is told where people went; the first one of control unless given
    raises : as `diversion`
    """
    found = Comparison(dataset)
    run = read_run(dataset.sel(scenario="with"))
    outputs = compared_outputs(found, run)
    diverted = diversion(dataset, output, place, group)
    chosen = _main_outputs(found, outputs, diverted)
    return filled(
        "comparison.html.j2",
        (*STYLES, "answers.css"),
        run=run,
        model=run.model,
        about=found.about,
        first_day=date_text(found.about["first_difference"]),
        period=f"{date_text(run.model['from'])} to {date_text(run.model['to'])}",
        answer=comparison_answer(found, run, outputs, diverted),
        headline=headline(found, outputs),
        glance=figures.effects_at_a_glance(found, outputs),
        tables=figures.effects_by_side(found, outputs),
        unchanged=unchanged(found, outputs),
        titles=_titles(run, found),
        chosen_title=figures.diverted_title(found, run, diverted),
        went=[f for f in (figures.end_figure(found, run, diverted), figures.elsewhere_figure(found, run, diverted)) if f],
        went_table=figures.other_flows_table(found, diverted, outputs),
        times={side: _over_time(found, run, chosen, side) for side in ("control", "protection", "movement")},
        parts=[figure for name in chosen if (figure := figures.parts_figure(found, run, name)) is not None],
        dollars=figures.dollar_rows(found, dataset),
        per_person=_per_person(dataset, found, diverted),
        shares=_share_figures(shared, found, diverted, chosen),
        shared=shared,
        draws=_draws_words(found, diverted),
        measures=_measures(run, found),
        parameters=named_parameters(run, found),
        attrs=provenance(run),
        fit=fit_notes(run),
        smallest=SMALLEST_SHOWN_PEOPLE,
    )


def _main_outputs(found: Comparison, outputs: list[str], diverted: Diversion) -> list[str]:
    """Outputs that differ in any draw, the chosen one first."""
    differing = [name for name in outputs if np.any(np.nan_to_num(found.effect(name).difference))]
    return [name for name in outputs if name == diverted.output] + [name for name in differing if name != diverted.output]


def _over_time(found: Comparison, run: Run, chosen: list[str], side: str) -> dict[str, list[Figure]]:
    names = [n for n in chosen if found.side(n) == side and not found.is_waited(n) and not found.has(n, "route")]
    drawn = [figures.time_figure(found, run, name) for name in names]
    return {"first": drawn[:MOST_OVER_TIME], "more": drawn[MOST_OVER_TIME:]}


def _share_figures(shared: xr.Dataset | None, found: Comparison, diverted: Diversion, chosen: list[str]) -> list[Figure]:
    if shared is None:
        return []
    known = {str(name) for name in shared["output"].to_numpy()}
    wanted = [diverted.output]
    for side in ("protection", "control", "movement"):
        wanted += [name for name in chosen if found.side(name) == side and name in known and name not in wanted][:1]
    return [figures.shares_figure(shared, name) for name in wanted if name in known]


def _per_person(dataset: xr.Dataset, found: Comparison, diverted: Diversion) -> str:
    usd = usd_per_person(dataset, diverted.output)
    if not np.isfinite(usd):
        return ""
    people = abs(float(np.mean(found.effect(diverted.output).difference)))
    return f"{Wording('USD').exact(usd)} for each of {Wording().rounded(people)} people by whom “{found.title(diverted.output)}” differs"


def _draws_words(found: Comparison, diverted: Diversion) -> str:
    ratio = diverted.effect.draws_ratio
    if not np.isfinite(ratio):
        return f"Both scenarios were run for {found.n_draws:,} draws; nothing differs in “{found.title(diverted.output)}”."
    told = f"{ratio * found.n_draws:,.0f}" if ratio * found.n_draws < 1e6 else f"{ratio * found.n_draws / 1e6:,.3g} million"
    return (
        f"Each of {found.n_draws:,} draws was run in both scenarios with the same parameters and common random numbers. Two separate runs, "
        f"which share neither, would have needed about {told} draws of each scenario to know the mean effect on "
        f"“{found.title(diverted.output)}” as well."
    )


def _titles(run: Run, found: Comparison) -> list[str]:
    """Titles of what is compared, one for each measure that is left out."""
    titles = {measure["id"]: str(measure["title"]) for measure in run.model["measures"]}
    if found.about["kind"] == "without":
        return [titles.get(str(line).removeprefix("without "), str(line)) for line in found.about["changes"]]
    return [str(found.about["title"])]


def _measures(run: Run, found: Comparison) -> list[dict[str, object]]:
    """The measures that differ, as the study has them."""
    rows = []
    for measure in run.model["measures"]:
        if measure["id"] in found.about["measures"]:
            end = date_text(measure["to"]) if measure["to"] else "the end of the study"
            rows.append({**measure, "dates": f"{date_text(measure['from'])} to {end}"})
    return rows
