"""The page of a sensitivity analysis: which assumption moves the answer most, and what it would be worth to know it better."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from corredor.effects.sensitivity import sensitivity_table
from corredor.pages.charts.effect_chart import EffectRow, effect_chart
from corredor.pages.report.figure import NARROW_PX, Figure, Picture, Table
from corredor.pages.template import filled
from corredor.results.wording import Wording, date_text

MOST_BARS = 15
SMALLEST_SHARE = 0.005
"""Smaller shares of the variance stand only in the table."""
WIDE_PX = 760.0


def render_sensitivity(dataset: xr.Dataset) -> str:
    """The analysis as one HTML page without any outside part.

    dataset : of `sensitivity`
    """
    attrs = dataset.attrs
    facts = {
        "Study": attrs["study"],
        "Fingerprint of the study (SHA-256)": attrs["study_hash"],
        "Method": attrs["method"],
        "Parameters": _drawn_from(attrs),
        "Runs of the mean-field model": f"{attrs['runs']:,}",
        "Seed": attrs["seed"],
        "Command": attrs.get("command", ""),
        "Versions": attrs["versions"],
    }
    return filled(
        "sensitivity.html.j2",
        attrs=attrs,
        deck=answer_words(dataset),
        shown=[_figure(dataset)],
        facts={name: value for name, value in facts.items() if value != ""},
    )


def answer_words(dataset: xr.Dataset) -> str:
    """The answer in two sentences."""
    attrs, table = dataset.attrs, sensitivity_table(dataset)
    wording = Wording(attrs["unit"])
    what = "effect on it" if attrs["answer"] == "effect" else "total of it"
    spread = f"the standard deviation {wording.rounded(attrs['answer_sd'])} {attrs['unit']}"
    over = "the fitted draws" if attrs["draws_from"] == "fit" else "everything that the priors allow"
    words = f"Over {over}, the {what} has the mean {_number(wording, attrs['answer_mean'])} and {spread} in the mean-field model."
    if attrs["draws_from"] == "fit":
        words += (
            f" Each parameter was moved through the range of its fitted draws, as if independent of the others (standard deviation "
            f"then {wording.rounded(attrs['moved_sd'])})."
        )
    first = table.iloc[0]
    if "first" not in table or attrs["moved_sd"] == 0:
        return f"{words} “{first['parameter_title']}” moves it most." if attrs["moved_sd"] else f"{words} Nothing moves it."
    return (
        f"{words} “{first['parameter_title']}” moves it most: by itself it explains {100 * first['first']:.0f} % of the variance; if it "
        f"were known, the standard deviation would fall to about {wording.rounded(float(first['sd_if_known']))} {attrs['unit']}."
    )


def _drawn_from(attrs: dict[str, Any]) -> str:
    if attrs["draws_from"] != "fit":
        return "moved through their priors"
    figures = f"the figures published by {date_text(attrs['fitted_as_of'])}"
    return f"moved through the draws fitted to {figures} (fingerprint {attrs['fitted_fingerprint']})"


def _figure(dataset: xr.Dataset) -> Figure:
    table = sensitivity_table(dataset)
    sobol = "total" in table
    middle, error = ("total", "total_error") if sobol else ("influence", "influence_error")
    wording = Wording("share" if sobol else dataset.attrs["unit"], suppress_small=False)
    rows = []
    for row in table.head(MOST_BARS).itertuples():
        value, half = float(getattr(row, middle)), float(getattr(row, error))
        if np.isfinite(value) and (not sobol or value >= SMALLEST_SHARE) and value > 0:
            ends = (value - half, value + half)
            rows.append(EffectRow(str(row.parameter_title), value, *ends, *ends))
    title = "Share of the variance" if sobol else "Influence: mean absolute step of the answer"
    notes = [
        "Total index: share of the variance that would be left if all other parameters were known. Lines are 95 % confidence intervals of "
        "the indices; an index whose line reaches 0 cannot be told from none."
        if sobol
        else "Mean absolute change of the answer when the parameter goes through two thirds of the middle 90 % of its draws. "
        "Lines are 95 % confidence intervals."
    ]
    if len(rows) < len(table):
        notes.append(f"{len(table) - len(rows)} others, which move it less or not at all, only in the table.")
    unit = "of the variance" if sobol else dataset.attrs["unit"]
    picture = Picture(
        effect_chart(title, rows, WIDE_PX, wording, signs=False), effect_chart(title, rows, NARROW_PX, wording, signs=False)
    )
    return Figure("what-moves", title, "movement", unit, notes, sensitivity_cells(dataset, table), picture)


def sensitivity_cells(dataset: xr.Dataset, table: pd.DataFrame) -> Table:
    """All parameters, what moves the answer most first."""
    wording = Wording(dataset.attrs["unit"], suppress_small=False)
    sobol = "total" in table
    columns = {"parameter": False, "rests on": False, "influence": True}
    columns |= (
        {"first order": True, "total": True, "standard deviation if known": True} if sobol else {"standard deviation": True}
    )
    rows = []
    for row in table.itertuples():
        cells = [
            str(row.parameter_title),
            str(row.parameter_basis).replace("_", " "),
            _with_error(row.influence, row.influence_error, wording),
        ]
        if sobol:
            share = Wording("share")
            known = wording.exact(row.sd_if_known)
            cells += [_with_error(row.first, row.first_error, share), _with_error(row.total, row.total_error, share), known]
        else:
            cells.append(wording.exact(row.spread))
        rows.append(cells)
    note = "Influence screens (Morris 1991). First order: share of the variance that knowing the parameter would take away on average."
    return Table(
        "Every uncertain parameter",
        columns,
        rows,
        note if sobol else "Influence: mean absolute step; standard deviation of the steps (Morris 1991).",
    )


def _with_error(value: float, error: float, wording: Wording) -> str:
    if not np.isfinite(value):
        return "–"
    if wording.unit == "share":
        return f"{value:.2f} ± {error:.2f}"
    return f"{wording.exact(value)} ± {wording.exact(error)}"


def _number(wording: Wording, value: float) -> str:
    return f"−{wording.rounded(-value)}" if value < 0 else wording.rounded(value)
