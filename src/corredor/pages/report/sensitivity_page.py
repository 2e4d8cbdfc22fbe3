"""The page of a sensitivity analysis: which assumption moves the answer most, and what it would be worth to know it better."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from corredor.effects.sensitivity import leading_measure, sensitivity_table
from corredor.pages.charts.effect_chart import EffectRow, effect_chart
from corredor.pages.report.figure import NARROW_PX, Figure, Picture, Table
from corredor.pages.template import filled
from corredor.results.view import SMALL_SHOWN
from corredor.results.wording import SMALL_SHOWN_BECAUSE, Wording, date_text

MOST_BARS = 15
SMALLEST_SHARE = 0.005
"""Smaller shares of the variance stand only in the table."""
WIDE_PX = 760.0

FIGURE_WORDS = {
    "explained": (
        "Share of the variance that goes with it",
        "Over the fitted draws as they are: a parameter counts with what moves together with it, so that shares may add up to more than 1. "
        "Lines are 95 % confidence intervals; a share whose line reaches 0 cannot be told from none.",
    ),
    "total": (
        "Share of the variance",
        "Total index: share of the variance that would be left if all other parameters were known. Lines are 95 % confidence intervals of "
        "the indices; an index whose line reaches 0 cannot be told from none.",
    ),
    "influence": (
        "Influence: mean absolute step of the answer",
        "Mean absolute change of the answer when the parameter goes through two thirds of the middle 90 % of its prior or fitted draws. "
        "Lines are 95 % confidence intervals.",
    ),
}
"""Title and caption of the picture, by what it shows."""


def render_sensitivity(dataset: xr.Dataset) -> str:
    """The analysis as one HTML page without any outside part.

    dataset : of `sensitivity`
    """
    attrs = dataset.attrs
    facts = {
        SMALL_SHOWN_BECAUSE: attrs.get(SMALL_SHOWN, ""),
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


def shown_mean(dataset: xr.Dataset) -> float:
    """The mean of the answer; not a number where it is a count of people too small to be shown."""
    wording = Wording(dataset.attrs["unit"], SMALL_SHOWN not in dataset.attrs)
    return wording.told(float(dataset.attrs["answer_mean"]))


def answer_words(dataset: xr.Dataset) -> str:
    """The answer in two sentences."""
    attrs, table = dataset.attrs, sensitivity_table(dataset)
    wording = Wording(attrs["unit"], SMALL_SHOWN not in attrs)
    of = f" of “{attrs['effect_of']}”" if attrs.get("effect_of") else ""
    what = f"effect{of} on it" if attrs["answer"] == "effect" else "total of it"
    spread = f"the standard deviation {wording.rounded(attrs['answer_sd'])} {attrs['unit']}"
    over = "the fitted draws" if attrs["draws_from"] == "fit" else "everything that the priors allow"
    words = f"Over {over}, the {what} has the mean {_number(wording, attrs['answer_mean'])} and {spread} in the mean-field model."
    first = table.iloc[0]
    by = leading_measure(table)
    if by == "explained":
        return (
            f"{words} “{first['parameter_title']}” goes with it most: with what moves together with it in the draws it explains "
            f"{100 * first['explained']:.0f} % of the variance; if it were known, the standard deviation would fall to about "
            f"{wording.rounded(float(first['sd_if_known']))} {attrs['unit']}."
        )
    if "explained" in table:
        words += (
            " No parameter by itself explains a share of that which can be told from none: the published figures hold them together, and "
            "the months that nothing explains do the rest."
        )
        return f"{words} Moved alone through its fitted range, “{first['parameter_title']}” moves it most."
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
    kind = leading_measure(table)
    middle, error, is_share = kind, f"{kind}_error", kind != "influence"
    wording = Wording("share" if is_share else dataset.attrs["unit"], suppress_small=False)
    rows = []
    for row in table.head(MOST_BARS).itertuples():
        value, half = float(getattr(row, middle)), float(getattr(row, error))
        if np.isfinite(value) and (not is_share or value >= SMALLEST_SHARE) and value > 0:
            ends = (value - half, value + half)
            rows.append(EffectRow(str(row.parameter_title), value, *ends, *ends))
    title, note = FIGURE_WORDS[kind]
    notes = [note]
    if len(rows) < len(table):
        notes.append(f"{len(table) - len(rows)} others, which move it less or not at all, only in the table.")
    unit = "1 is all of the variance" if is_share else dataset.attrs["unit"]
    picture = Picture(
        effect_chart(title, rows, WIDE_PX, wording, signs=False), effect_chart(title, rows, NARROW_PX, wording, signs=False)
    )
    return Figure("what-moves", title, "movement", unit, notes, sensitivity_cells(dataset, table), picture)


def sensitivity_cells(dataset: xr.Dataset, table: pd.DataFrame) -> Table:
    """All parameters, what moves the answer most first."""
    wording = Wording(dataset.attrs["unit"], suppress_small=False)
    sobol, fitted = "total" in table, "explained" in table
    columns = {"parameter": False, "rests on": False}
    columns |= {"explains": True, "standard deviation if known": True} if fitted else {}
    columns |= {"influence": True}
    columns |= {"first order": True, "total": True} if sobol else {"standard deviation": True}
    columns |= {"standard deviation if known": True} if sobol and not fitted else {}
    rows, share = [], Wording("share")
    for row in table.itertuples():
        cells = [str(row.parameter_title), str(row.parameter_basis).replace("_", " ")]
        if fitted:
            cells += [_with_error(row.explained, row.explained_error, share), wording.exact(row.sd_if_known)]
        cells.append(_with_error(row.influence, row.influence_error, wording))
        if sobol:
            cells += [_with_error(row.first, row.first_error, share), _with_error(row.total, row.total_error, share)]
            cells += [] if fitted else [wording.exact(row.sd_if_known)]
        else:
            cells.append(wording.exact(row.spread))
        rows.append(cells)
    notes = ["Explains: share of the variance over the fitted draws, with what moves together with it."] if fitted else []
    moved = "range of its fitted draws" if fitted else "prior"
    notes += [f"Influence: mean absolute step when it goes through its {moved}, independent of the others (Morris 1991)."]
    notes += ["First order: share of the variance that knowing it would take away on average."] if sobol else []
    return Table("Every uncertain parameter", columns, rows, " ".join(notes))


def _with_error(value: float, error: float, wording: Wording) -> str:
    if not np.isfinite(value):
        return "–"
    if wording.unit == "share":
        return f"{value:.2f} ± {error:.2f}"
    return f"{wording.exact(value)} ± {wording.exact(error)}"


def _number(wording: Wording, value: float) -> str:
    return f"−{wording.rounded(-value)}" if value < 0 else wording.rounded(value)
