"""The coming months, thresholds and track record of a forecast as tables, for the page and the terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from corredor.learn.coming_months import MODELLED, PUBLISHED
from corredor.pages.report.choices import says_the_same
from corredor.pages.report.figure import Table
from corredor.pages.report.first_screen.monthly import place_name
from corredor.results.view import Run, Series
from corredor.results.wording import MISSING, joined, month_text, share_text

SIDES_IN_ORDER = ("control", "protection", "movement")
BAND_COLUMNS = {"50 %": ("low50", "high50"), "80 %": ("low80", "high80"), "95 %": ("low95", "high95")}
DIVIDED = re.compile(r",? by (sector|place|region|country|group|citizenship|kind)$")
FEWEST_SHOWN = 1.0
"""An output whose 95 % band does not reach so many people or days in any coming month is named in a note only."""


def forecast_outputs(run: Run) -> list[str]:
    """Outputs whose total is told, control and protection first; of those that count the same people the one that is published."""
    published = set(map(str, run.dataset["coming_output"].to_numpy()[run.dataset["coming_group"].to_numpy() == ""]))
    totals: dict[str, np.ndarray] = {}
    for name in sorted(run.outputs, key=lambda name: name not in published):
        if run.has(name, "route") or run.is_waited(name) or (not run.adds_up(name) and run.arrays[name].ndim > 2):
            continue
        total = run.draws(Series(name))
        if not any(run.side(name) == run.side(other) and says_the_same(total, totals[other]) for other in totals):
            totals[name] = total
    return [name for side in SIDES_IN_ORDER for name in run.outputs if name in totals and run.side(name) == side]


def total_title(title: str) -> str:
    """The title of all places or groups together: Apprehensions by sector → Apprehensions."""
    return DIVIDED.sub("", title)


def in_all(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of all places together, without outputs of which nobody is expected."""
    rows = table[table["place"] == ""]
    return rows[~rows["output"].isin(empty_outputs(table))]


def empty_outputs(table: pd.DataFrame) -> list[str]:
    """Outputs of which hardly anybody is expected in the coming months."""
    highest = table[table["place"] == ""].groupby("output", sort=False)["high95"].max()
    return [str(name) for name in highest[highest < FEWEST_SHOWN].index]


def month_words(month: str) -> str:
    """2019-02 → Feb 2019."""
    return month_text(f"{month}-01")


def coming_cells(run: Run, table: pd.DataFrame) -> list[Table]:
    """The coming months of all outputs: those told as they would be published, beside what was published last; then the others.

    table : of `coming_table`, for the outputs of `forecast_outputs`
    """
    rows, empty = in_all(table), [total_title(run.title(name)) for name in empty_outputs(table)]
    tables = []
    for counts, title, note in (
        (
            PUBLISHED,
            "As they would be published",
            "With the share that is published, and its chance. Peak: highest month of the last year known.",
        ),
        (MODELLED, "Everybody in the model", "Of these no exact monthly figure was published by that day."),
    ):
        of_kind = rows[rows["counts"] == counts].to_dict("records")
        cells = [[total_title(row["title"]), *_cells(run, row, counts == PUBLISHED)] for row in of_kind]
        if cells:
            tables.append(Table(title, {"output": False, **_columns(run, counts == PUBLISHED)}, cells, note))
    if tables and empty:
        tables[-1] = replace(tables[-1], note=f"{tables[-1].note} Hardly anybody is expected of: {joined(empty)}.")
    return tables


def place_cells(run: Run, table: pd.DataFrame, output: str) -> Table | None:
    """The coming months of an output place by place, the largest first; none where it is told of fewer than two places."""
    rows = table[(table["output"] == output) & (table["place"] != "")]
    highest = rows.groupby("place", sort=False)[["median", "high95"]].max().sort_values("median", ascending=False, kind="stable")
    places = [str(place) for place in highest[highest["high95"] >= FEWEST_SHOWN].index]
    if len(places) < 2:
        return None
    known = bool((rows["known_month"] != "").any())
    cells = [
        [run.name_of(place), *_cells(run, row, known)]
        for place in places
        for row in rows[rows["place"] == place].to_dict("records")
    ]
    return Table(f"{total_title(run.title(output))}, place by place", {"place": False, **_columns(run, known)}, cells)


def threshold_cells(run: Run, thresholds: pd.DataFrame) -> Table:
    """Chances of passing thresholds in any of the coming months."""
    rows = [[threshold_words(run, row), share_text(row["chance"])] for row in thresholds.to_dict("records")]
    note = "Share of the simulations in which it happens in at least one of the coming months."
    return Table("Chances of passing a threshold", {"threshold": False, "chance": True}, rows, note)


def threshold_words(run: Run, row: dict[str, Any]) -> str:
    """A threshold in words, as one can pass it."""
    value, title = run.wording(row["output"]).rounded(row["value"]), total_title(row["title"])
    title += f", {place_name(run, row['place'])}," if row["place"] else ""
    if row["threshold"] == "room":
        return f"{title.removesuffix(',')}: nine tenths of the room for {value} taken on some day"
    if row["threshold"] == "asked":
        return f"{title} above {value} in a month, as the study asks"
    return f"{title} above the peak of the last year ({value} in {month_words(row['month'])})"


def track_cells(run: Run, track: dict[str, Any] | None) -> Table | None:
    """How past forecasts of the study did, output by output; none without a backtest."""
    if track is None:
        return None
    rows = []
    for row in track["scores"]:
        beside = MISSING if not row["best"] else f"{row['crps'] / row['best']:.2f}"
        held = [share_text(row[name]) for name in ("cover50", "cover80", "cover95")]
        title = run.title(row["output"]) if row["output"] in run.outputs else row["output"]
        rows.append([title, str(row["horizon_months"]), *held, f"{row['crps']:,.0f}", beside])
    columns = {
        "output": False,
        "months ahead": True,
        "50 % held": True,
        "80 % held": True,
        "95 % held": True,
        "error (CRPS)": True,
    }
    note = "Error beside the best: corredor's CRPS divided by that of the best simple method; below 1 is better."
    return Table("Forecasts of this study made before", {**columns, "error beside the best": True}, rows, note)


def _columns(run: Run, known: bool) -> dict[str, bool]:
    bands = {} if run.is_single else dict.fromkeys(BAND_COLUMNS, True)
    beside = {"last known": True, "above it": True, "above peak": True} if known else {}
    return {"month": True, "median": True, **bands, **beside}


def _cells(run: Run, row: dict[str, Any], known: bool) -> list[str]:
    """Month, median and bands; if wanted the last figure known, and the chances above it and above last year's peak."""
    wording = run.wording(row["output"])
    bands = [] if run.is_single else [wording.interval(row[low], row[high]) for low, high in BAND_COLUMNS.values()]
    cells = [month_words(row["month"]), wording.exact(row["median"]), *bands]
    if known:
        last = f"{wording.exact(row['known'])} ({month_words(row['known_month'])})" if row["known_month"] else MISSING
        cells += [last, share_text(row["chance_above_known"]), share_text(row["chance_above_peak"])]
    return cells
