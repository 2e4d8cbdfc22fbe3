"""Put the report together: sections in the order of the page, then one HTML file that needs nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from corredor.pages.charts.fans import DateMark
from corredor.pages.report import study_tables
from corredor.pages.report.accounts import account_figures, account_table
from corredor.pages.report.choices import marked_dates, parts_by_group, parts_by_place
from corredor.pages.report.coverage_words import coverage_words
from corredor.pages.report.figure import FULL_PX, HALF_PANEL_PX, HALF_PX, Figure, multiples_figure, single_figure
from corredor.pages.report.first_screen.cards import card_table, first_cards
from corredor.pages.report.first_screen.told import FirstScreen, first_screen
from corredor.pages.report.provenance import citation, fit_notes, forecast_words, provenance
from corredor.pages.report.rare import is_rare, rare_figure
from corredor.pages.report.routes import route_map
from corredor.pages.report.waits import waiting_figures
from corredor.pages.template import STYLES, filled
from corredor.results.hidden_numbers import Guarded
from corredor.results.view import Run, read_run
from corredor.results.wording import SMALLEST_SHOWN_PEOPLE, date_text
from corredor.study.whole_file import replace_whole

MOST_OF_A_SIDE = 6
"""Figures of control and of protection that are seen at once: equally many of both."""
FEWEST_SHOWN = 2


@dataclass(frozen=True)
class Shown:
    """Figures of a section: those seen at once, and those behind one click."""

    first: list[Figure]
    more: list[Figure]


def render_report(
    dataset: xr.Dataset, suppress_small: bool = True, to_be_passed_on: bool = False, told: FirstScreen | None = None
) -> str:
    """The report of a run as one HTML page without any outside part.

    dataset : of `simulate`, or read back from netCDF
    suppress_small : hide counts of people below 5
    to_be_passed_on : hide, of many draws too, what would give them away beside tables of means
    told : of `first_screen`, where the caller has it already
    returns : HTML; under 4 MB for a study of some fifty places and two years
    raises : ValueError when the Dataset was not made by `simulate`
    """
    told = first_screen(read_run(dataset, suppress_small)) if told is None else told
    run, observed = told.run, told.observed
    run = Guarded(dataset, suppress_small) if run.is_single or to_be_passed_on else run
    marks = marked_dates(run)
    sections = _sections(run, observed, marks, told.totals)
    parameters = study_tables.parameter_rows(run)
    return filled(
        "report.html.j2",
        (*STYLES, "answers.css", "first_screen.css"),
        run=run,
        model=run.model,
        attrs=provenance(run),
        fit=fit_notes(run),
        forecast=forecast_words(run),
        known_until=date_text(str(run.known_until)) if run.known_until is not None else "",
        in_short=[(one.about, one.label, [one.words]) for one in told.sentences],
        cards=first_cards(told.cards),
        card_table=card_table(run, told.cards),
        anchors=_anchors(sections, told.months),
        coverage=coverage_words(run, observed),
        sections=sections,
        key=study_tables.dated_key(marks),
        measures=study_tables.measure_rows(run, marks),
        events=study_tables.event_rows(run, marks),
        parameters=parameters,
        assumed=sum(row["basis"] in ("assumption", "made_up") for row in parameters),
        transitions=study_tables.transition_rows(run),
        sources=study_tables.source_rows(run),
        citation=citation(run),
        smallest=SMALLEST_SHOWN_PEOPLE,
        period=f"{date_text(run.model['from'])} to {date_text(run.model['to'])}",
    )


def write_report(dataset: xr.Dataset, path: str | os.PathLike[str], suppress_small: bool = True) -> Path:
    """The report of a run as one HTML file that needs nothing from outside.

    Parameters
    ----------
    dataset
        Of `simulate` or `forecast`.
    path
        The file, such as report.html; its folder must exist.
    suppress_small
        Whether counts of people below 5 are hidden.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        The Dataset was not made by corredor.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> write_report(simulate("two-towns", draws=2), folder / "report.html").name
    'report.html'
    """
    target = Path(path)
    text = render_report(dataset, suppress_small)
    replace_whole(target, lambda passing: passing.write_text(text, encoding="utf-8", newline="\n"))
    return target


def _sections(run: Run, observed: pd.DataFrame, marks: list[DateMark], totals: list[str]) -> dict[str, Any]:
    """Figures of the page, section by section; a section without figures is left out."""
    rare = [name for name in totals if is_rare(run, name)]
    daily = [name for name in run.outputs if run.time_of(name) in ("day", "step") and not run.is_waited(name)]
    by_side: dict[str, list[Figure]] = {"movement": [], "control": [], "protection": [], "money": []}
    for name in run.outputs:
        if name in rare:
            figure: Figure | None = rare_figure(run, observed, name, f"total-{name}", marks)
        else:
            figure = _side_figure(run, observed, marks, name, name in totals, name in daily)
        if figure is not None:
            by_side[run.side(name)].append(figure)
    places, groups = [], []
    for name in (name for name in run.outputs if name not in daily and run.adds_up(name)):
        parts = parts_by_place(run, observed, name)
        if parts is not None and len(parts.series) > 1:
            places.append(multiples_figure(run, observed, parts, f"place-{name}", run.title(name)))
        for parts in parts_by_group(run, name):
            title = run.title(name).removesuffix(", by group").removesuffix(" by group")
            title = title if parts.words in title else f"{title}, {parts.words}"
            groups.append(multiples_figure(run, observed, parts, f"group-{name}-{parts.words.split()[-1]}", title))
    return {
        "movement": _first_ones(by_side["movement"] + by_side["money"]),
        "control": _first_ones(by_side["control"]),
        "protection": _first_ones(by_side["protection"]),
        "places": _checked_ones(places),
        "groups": _checked_ones(groups),
        "daily": _checked_ones(
            [f for name in daily for f in _daily_figures(run, observed, marks, name, name in totals, name not in rare)]
        ),
        "waited": waiting_figures(run),
        "accounts": account_figures(run),
        "map": route_map(run),
        "account_table": account_table(run),
    }


def _anchors(sections: dict[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Output → the figure that a card of it leads to; the top of the page's sections where it has none."""
    shown = [part for part in sections.values() if isinstance(part, Shown)]
    ids = {figure.id for part in shown for figure in [*part.first, *part.more]}
    wanted = {name: (f"total-{name}", f"day-{name}") for name in names}
    return {name: next((id_ for id_ in wanted[name] if id_ in ids), "main") for name in wanted}


def _first_ones(figures: list[Figure]) -> Shown:
    """The first of a side, in the order of the study, whatever was published: else what nobody counts would be out of sight."""
    return Shown(figures[:MOST_OF_A_SIDE], figures[MOST_OF_A_SIDE:])


def _checked_ones(figures: list[Figure]) -> Shown:
    """Those that can be held against published figures, and a few others where there are hardly any."""
    unchecked = [figure for figure in figures if not figure.published]
    kept = {figure.id for figure in unchecked[: max(FEWEST_SHOWN - (len(figures) - len(unchecked)), 0)]}
    return Shown([f for f in figures if f.published or f.id in kept], [f for f in unchecked if f.id not in kept])


def _side_figure(
    run: Run, observed: pd.DataFrame, marks: list[DateMark], name: str, has_total: bool, is_daily: bool
) -> Figure | None:
    """The total of an output, or its places where nothing adds up; daily movement has its own section."""
    side = run.side(name)
    if has_total:
        if is_daily and side not in ("control", "protection"):
            return None
        figure = single_figure(run, observed, name, f"total-{name}", HALF_PX, marks)
        return _without_table(figure, f"day-{name}") if is_daily else figure
    if run.adds_up(name) or is_daily or run.is_waited(name):
        return None
    parts = parts_by_place(run, observed, name)
    if parts is None or not parts.series:
        return None
    return multiples_figure(run, observed, parts, f"total-{name}", run.title(name), HALF_PANEL_PX)


def _daily_figures(
    run: Run, observed: pd.DataFrame, marks: list[DateMark], name: str, has_total: bool, has_fan: bool
) -> list[Figure]:
    figures = [single_figure(run, observed, name, f"day-{name}", FULL_PX, marks)] if has_total and has_fan else []
    parts = parts_by_place(run, observed, name)
    if parts is not None and len(parts.series) > (1 if has_total else 0):
        figures.append(multiples_figure(run, observed, parts, f"day-place-{name}", f"{run.title(name)}, {parts.words}"))
    return figures


def _without_table(figure: Figure, elsewhere: str) -> Figure:
    return replace(figure, table=None, see=elsewhere)
