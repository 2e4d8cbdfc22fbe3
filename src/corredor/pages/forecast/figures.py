"""Pictures of a forecast: the last known months and the coming ones, output by output and place by place."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from corredor.learn.coming_months import coming_month_numbers
from corredor.pages.charts.fan_chart import FanPlot, fan_chart
from corredor.pages.charts.fans import between
from corredor.pages.charts.small_multiples import tiers
from corredor.pages.forecast.headline import recent_start
from corredor.pages.report.choices import Parts
from corredor.pages.report.figure import (
    HALF_PX,
    NARROW_PX,
    PANEL_PX,
    Figure,
    Panel,
    PanelRow,
    Picture,
    data_table,
    fan_plot,
    output_notes,
    unit_words,
)
from corredor.results.view import Run, Series

MONTHS_BEFORE = 12
"""Months before the coming ones that a picture shows."""


def coming_figure(run: Run, observed: pd.DataFrame, name: str) -> Figure:
    """An output in all."""
    plot = _recent(run, fan_plot(run, observed, Series(name), run.title(name), focus=False))
    picture = Picture(fan_chart(plot, HALF_PX, 0.5 * HALF_PX), fan_chart(plot, NARROW_PX, 215))
    unit, notes = unit_words(run, name), output_notes(run, name)
    data = data_table(run, name, [(None, plot)])
    return Figure(f"coming-{name}", plot.title, plot.side, unit, notes, data, picture, published=len(plot.published))


def places_figure(run: Run, observed: pd.DataFrame, parts: Parts) -> Figure:
    """An output place by place; places of like size share a scale."""
    name = parts.series[0].output
    plots = [_recent(run, fan_plot(run, observed, series, run.name_of(series.place), focus=False)) for series in parts.series]
    rows = [
        PanelRow(
            f"Scale up to {plots[0].wording.short(tier.top)} {unit_words(run, name)}",
            [Panel(plot.title, fan_chart(plot, PANEL_PX, 0.59 * PANEL_PX)) for plot in tier.plots],
        )
        for tier in tiers(plots)
    ]
    notes = [parts.left_out] if parts.left_out else []
    return Figure(f"coming-place-{name}", run.title(name), run.side(name), unit_words(run, name), notes, None, rows=rows)


def _recent(run: Run, plot: FanPlot) -> FanPlot:
    """The part of a fan from a year before the coming months."""
    first = recent_start(coming_month_numbers(run), MONTHS_BEFORE)
    starts = plot.fan.starts[plot.fan.starts >= first]
    fan = between(plot.fan, starts[0], plot.fan.end)
    return replace(plot, fan=fan, published=[figure for figure in plot.published if figure.first >= fan.starts[0]])
