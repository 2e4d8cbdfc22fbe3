"""A figure of the report: a heading, one or more pictures, a caption, and the table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from corredor.pages.charts.fan_chart import FanPlot, fan_chart
from corredor.pages.charts.fans import DateMark, Fan, PublishedFigure, between, focused
from corredor.pages.charts.small_multiples import tiers
from corredor.pages.charts.svg import Svg
from corredor.pages.report.choices import Parts
from corredor.pages.report.published import parts_of_periods, published_figures, rows_of
from corredor.results.coverage import coverage, seen_by_the_fit
from corredor.results.quantiles import MEDIAN, PROBABILITIES
from corredor.results.view import Run, Series
from corredor.results.wording import MISSING, SMALLEST_SHOWN_PEOPLE, Wording, date_text, joined, period_text, unbroken

FULL_PX, HALF_PX, NARROW_PX, PANEL_PX, HALF_PANEL_PX = 960.0, 480.0, 350.0, 300.0, 236.0
LONGEST_TABLE_PERIODS = 130
"""Tables of daily series show every seventh day, so that a report stays small enough to be sent by mail."""

HIDDEN_NOTE = f"{MISSING}: fewer than {SMALLEST_SHOWN_PEOPLE} people, or a number from which so few could be worked out."


@dataclass(frozen=True)
class Picture:
    """The same picture for wide and for narrow screens; without `narrow` one serves both."""

    wide: Svg
    narrow: Svg | None = None


@dataclass(frozen=True)
class Table:
    """columns : title → whether it holds numbers"""

    caption: str
    columns: dict[str, bool]
    rows: list[list[str]]
    note: str = ""


@dataclass(frozen=True)
class Panel:
    """One of several small pictures."""

    title: str
    picture: Svg


@dataclass(frozen=True)
class PanelRow:
    """Panels with one scale."""

    words: str
    panels: list[Panel]


@dataclass(frozen=True)
class Figure:
    """id : anchor on the page; side : movement, control, protection or money; notes : sentences of the caption

    see : anchor of the figure that has the table, where this one has none
    published : number of published figures of what is shown
    """

    id: str
    title: str
    side: str
    unit: str
    notes: list[str]
    table: Table | None
    picture: Picture | None = None
    rows: list[PanelRow] = field(default_factory=list)
    see: str = ""
    published: int = 0


def fan_plot(
    run: Run, table: pd.DataFrame, series: Series, title: str, marks: Sequence[DateMark] = (), focus: bool = True
) -> FanPlot:
    """A series with its fan and published figures.

    focus : whether a daily series shows only the days on which something happens
    """
    quantiles = np.where(run.given_away(series), np.nan, run.quantiles(series))
    fan = Fan(run.starts(series.output), run.end, quantiles, run.time_of(series.output))
    published = published_figures(run, table, series)
    if fan.every in ("day", "step") and focus:
        fan = focused(fan, published)
    known = (
        [DateMark("", run.as_of_end, f"what was known ends: {date_text(str(run.as_of))}")] if run.as_of_end is not None else []
    )
    inside = [mark for mark in [*marks, *known] if fan.starts[0] <= mark.date <= fan.end]
    return FanPlot(title, fan, published, inside, run.side(series.output), run.wording(series.output))


def single_figure(run: Run, table: pd.DataFrame, name: str, id_: str, width_px: float, marks: Sequence[DateMark] = ()) -> Figure:
    """The total of an output as one fan."""
    series = Series(name)
    plot = fan_plot(run, table, series, run.title(name), marks)
    height = 0.5 * width_px if width_px == HALF_PX else 0.3 * width_px
    picture = Picture(fan_chart(plot, width_px, height), fan_chart(plot, NARROW_PX, 215))
    notes = [*_notes(run, table, [plot], [series]), *output_notes(run, name)]
    data = data_table(run, name, [(None, plot)])
    n_published = len(plot.published)
    return Figure(id_, run.title(name), plot.side, unit_words(run, name), notes, data, picture, published=n_published)


def multiples_figure(run: Run, table: pd.DataFrame, parts: Parts, id_: str, title: str, panel_px: float = PANEL_PX) -> Figure:
    """The same output for several places or groups, each in its panel."""
    name = parts.series[0].output
    plots = [fan_plot(run, table, series, run.name_of(series.place or series.group), focus=False) for series in parts.series]
    plots = _on_the_same_days(plots)
    rows = []
    for tier in tiers(plots):
        words = f"Scale up to {plots[0].wording.short(tier.top)} {unit_words(run, name)}"
        panels = [Panel(plot.title, fan_chart(plot, panel_px, 0.59 * panel_px)) for plot in tier.plots]
        rows.append(PanelRow(words, panels))
    left_out = [parts.left_out] if parts.left_out else []
    notes = [*_notes(run, table, plots, parts.series), *left_out, *output_notes(run, name)]
    data = data_table(run, name, [(plot.title, plot) for plot in plots])
    n_published = sum(len(plot.published) for plot in plots)
    return Figure(id_, title, run.side(name), unit_words(run, name), notes, data, rows=rows, published=n_published)


def unit_words(run: Run, name: str) -> str:
    """What the axis counts: people a month; people present, mean of the day; US dollars a month."""
    time, unit = run.time_of(name), run.unit(name)
    noun = {"USD": "US dollars"}.get(unit, unit)
    if run.is_mean(name):
        return f"{noun}, mean of the {time}" if unit != "people" else f"people present, mean of the {time}"
    return f"{noun} a {time}"


def output_notes(run: Run, name: str) -> list[str]:
    note = str(run.model["outputs"].get(name, {}).get("note") or "").strip()
    return [note if note.endswith((".", "!", "?")) else f"{note}."] if note else []


def data_table(run: Run, name: str, plots: Sequence[tuple[str | None, FanPlot]]) -> Table:
    """Quantiles and published figures behind a picture."""
    every = run.time_of(name)
    n_periods = {id(plot): plot.fan.quantiles.shape[1] for _, plot in plots}
    step = 1 if max(n_periods.values()) <= LONGEST_TABLE_PERIODS else 7
    several = plots[0][0] is not None
    columns = {"of": False} if several else {}
    columns |= {every: False, "median": True}
    columns |= {} if run.is_single else {"50 %": True, "80 %": True, "95 %": True}
    columns |= {"published": True} if any(plot.published for _, plot in plots) else {}
    rows = []
    for words, plot in plots:
        for period in range(0, n_periods[id(plot)], step):
            quantiles = plot.fan.quantiles[:, period]
            row = [words or ""] if several else []
            row += [unbroken(period_text(plot.fan.starts[period], every)), plot.wording.exact(float(quantiles[MEDIAN]))]
            if not run.is_single:
                row += [
                    plot.wording.interval(float(quantiles[low]), float(quantiles[high])) for low, high in ((2, 4), (1, 5), (0, 6))
                ]
            if "published" in columns:
                last = min(period + step, n_periods[id(plot)]) - 1
                row.append(_published_text(plot, plot.fan.starts[period], plot.fan.ends[last]))
            rows.append(row)
    hidden = any(np.isnan(plot.fan.quantiles).any() for _, plot in plots)
    note = f"Every seventh {every}; published figures of the days between stand in the row before them." if step > 1 else ""
    note = " ".join([note, HIDDEN_NOTE]).strip() if hidden else note
    return Table(f"{run.title(name)}, {unit_words(run, name)}", columns, rows, note)


def quantile_texts(wording: Wording, draws: np.ndarray) -> list[str]:
    """Median, 80 % and 95 % interval of one number.

    draws : (n_draws,) float
    """
    quantiles = np.quantile(draws, PROBABILITIES)
    return [
        wording.exact(float(quantiles[MEDIAN])),
        *(wording.interval(quantiles[low], quantiles[high]) for low, high in ((1, 5), (0, 6))),
    ]


def _not_drawn(run: Run, plot: FanPlot) -> list[str]:
    """Which part of the study a focused fan leaves out."""
    first, end = plot.fan.starts[0], plot.fan.end
    if first <= np.datetime64(run.model["from"], "ns") and end >= run.end:
        return []
    return [f"Drawn from {date_text(first)} to {date_text(end - np.timedelta64(1, 's'))}; nearly nothing before and after."]


def _published_text(plot: FanPlot, first: np.datetime64, end: np.datetime64) -> str:
    words = []
    for figure in plot.published:
        if first <= figure.middle < end:
            text = _figure_text(plot.wording, figure)
            kinds = [kind for kind, is_so in (("provisional", figure.provisional), ("published later", figure.later)) if is_so]
            words.append(f"{text} ({', '.join(kinds)})" if kinds else text)
    return "; ".join(words)


def _figure_text(wording: Wording, figure: PublishedFigure) -> str:
    average = "average " if figure.averaged else ""
    if np.isfinite(figure.value):
        return average + wording.exact(figure.value)
    if np.isfinite(figure.low) and np.isfinite(figure.high):
        return average + wording.interval(figure.low, figure.high)
    return (
        f"{average}at least {wording.exact(figure.low)}"
        if np.isfinite(figure.low)
        else f"{average}at most {wording.exact(figure.high)}"
    )


def _on_the_same_days(plots: list[FanPlot]) -> list[FanPlot]:
    """Daily panels from the first day on which something happens anywhere to the last, so that they can be compared."""
    if plots[0].fan.every not in ("day", "step"):
        return plots
    narrow = [focused(plot.fan, plot.published) for plot in plots]
    first, end = min(fan.starts[0] for fan in narrow), max(fan.end for fan in narrow)
    return [replace(plot, fan=between(plot.fan, first, end)) for plot in plots]


def _held_words(run: Run, table: pd.DataFrame, series: Sequence[Series]) -> list[str]:
    """How many published figures the 80 % band held, those that a fit has seen apart from the others."""
    if table.empty or run.is_single:
        return []
    found = [rows for one in series if len(rows := rows_of(table, one))]
    if not found:
        return []
    rows = pd.concat(found)
    rows = rows[~rows["revised"]]
    seen = seen_by_the_fit(rows, str(run.known_until) if run.known_until is not None else None)
    parts = [(coverage(rows[seen]), " that the fit has seen"), (coverage(rows[~seen]), " that it has not" if seen.any() else "")]
    words = [f"{held.inside_80} of {held.figures} published figures{which}" for held, which in parts if held.figures]
    return [f"What the model expects to be published holds {joined(words)} in its 80 % band."] if words else []


def _notes(run: Run, table: pd.DataFrame, plots: Sequence[FanPlot], series: Sequence[Series]) -> list[str]:
    """How the bands did, and what is drawn unlike the rest."""
    notes = _not_drawn(run, plots[0])
    notes += _held_words(run, table, series)
    drawn = [figure for plot in plots for figure in plot.published]
    if any(np.isfinite(figure.expected_low) for figure in drawn):
        notes.append(
            "Only a part is published, or more than is counted here: upright lines show what the model expects to be published (80 %)."
        )
    if any(figure.averaged for figure in drawn):
        notes.append("Level dashes are averages of figures published for a longer time.")
    missing = sum(parts_of_periods(run, table, one) for one in series)
    if missing:
        time = run.time_of(series[0].output)
        words = f"figure for part of a {time} is" if missing == 1 else f"figures for parts of a {time} are"
        notes.append(f"{missing} {words} scored but not drawn.")
    return notes
