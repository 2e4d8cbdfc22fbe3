"""Put the page of a forecast together: one HTML file that needs nothing else, in the look of the report of a run."""

from __future__ import annotations

import xarray as xr

from corredor.learn.coming_months import coming_month_numbers, told_tables
from corredor.pages.forecast.figures import coming_figure, places_figure
from corredor.pages.forecast.headline import answer, cards, corridor_words, period_words, track_record_of
from corredor.pages.forecast.tables import (
    coming_cells,
    empty_outputs,
    forecast_outputs,
    place_cells,
    threshold_cells,
    track_cells,
)
from corredor.pages.report.choices import parts_by_place
from corredor.pages.report.provenance import citation, fit_notes, forecast_words, provenance
from corredor.pages.report.published import observations
from corredor.pages.template import STYLES, filled
from corredor.results.view import read_run
from corredor.results.wording import SMALLEST_SHOWN_PEOPLE

MOST_FIGURES = 6
"""Outputs seen over time at once; the others are behind a click."""


def render_forecast(dataset: xr.Dataset, suppress_small: bool = True, report: str = "report.html") -> str:
    """The forecast as one HTML page without any outside part.

    dataset : of `forecast`, or read back from netCDF
    suppress_small : hide counts of people below 5
    report : file beside the page with the whole run, which the page points to
    raises : ValueError when the Dataset is no forecast
    """
    run = read_run(dataset, suppress_small)
    months, outputs = coming_month_numbers(run), forecast_outputs(run)
    table, thresholds = told_tables(run, outputs)
    track, observed = track_record_of(run), observations(run)
    told = [name for name in outputs if name not in empty_outputs(table)]
    parts = [found for name in told if (found := parts_by_place(run, observed, name)) is not None and len(found.series) > 1]
    figures = [coming_figure(run, observed, name) for name in told]
    words = forecast_words(run)
    return filled(
        "forecast.html.j2",
        (*STYLES, "answers.css"),
        run=run,
        model=run.model,
        attrs=provenance(run),
        fit=fit_notes(run),
        corridor=corridor_words(str(dataset.attrs["title"])),
        period=period_words(months),
        as_of=words.as_of if words else "",
        holds=words.holds if words else [],
        answer=answer(run, table, thresholds, track),
        cards=cards(run, table),
        coming=coming_cells(run, table),
        thresholds=threshold_cells(run, thresholds),
        track=track_cells(run, track),
        known_track=track,
        figures=figures[:MOST_FIGURES],
        more=figures[MOST_FIGURES:],
        places=[(places_figure(run, observed, part), place_cells(run, table, part.series[0].output)) for part in parts],
        report=report,
        citation=citation(run),
        smallest=SMALLEST_SHOWN_PEOPLE,
    )
