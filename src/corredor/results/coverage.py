"""Published figures beside what the draws say of them, and how often the bands hold: the numbers of terminal, report and Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

BANDS = {50: ("q25", "q75"), 80: ("q10", "q90"), 95: ("q2.5", "q97.5")}
"""Percent of a band → the quantiles that bound it."""
QUANTILES = {"q2.5": 0.025, "q10": 0.1, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q90": 0.9, "q97.5": 0.975}


@dataclass(frozen=True)
class Coverage:
    """How often the bands held published figures.

    inside_50, inside_80, inside_95 : int   figures inside each band
    ratio : float                           median over figures of model median ÷ nearest value that the figure allows; NaN when there is
        nothing to divide by
    """

    figures: int
    inside_50: int
    inside_80: int
    inside_95: int
    ratio: float


def summary_table(dataset: xr.Dataset) -> pd.DataFrame:
    """Each published figure beside what the draws say would have been published.

    Parameters
    ----------
    dataset
        Of `simulate` or `forecast`.

    Returns
    -------
    pandas.DataFrame
        One row for each figure: what it counts, its value or range, quantiles over draws (q2.5 to q97.5), and whether it lies inside
        their 50, 80 and 95 % bands.

    Examples
    --------
    >>> summary_table(simulate("two-towns", draws=3)).columns[:3].tolist()
    ['output', 'place', 'group']
    """
    predicted = dataset["observation_predicted"].to_numpy()
    probabilities = list(QUANTILES.values())
    quantiles = np.quantile(predicted, probabilities, axis=0) if len(predicted) else np.zeros((len(probabilities), 0))
    low, high = published_range(dataset)
    names = ("output", "place", "group", "from", "to", "published", "value", "low", "high", "status", "source")
    table = {name: dataset[f"observation_{name}"].to_numpy() for name in names} | dict(zip(QUANTILES, quantiles, strict=True))
    for percent, (bottom, top) in BANDS.items():
        table[f"inside_{percent}"] = (high >= table[bottom]) & (low <= table[top])
    frame = pd.DataFrame(table)
    for name in ("from", "to", "published"):
        frame[name] = frame[name].dt.strftime("%Y-%m-%d")
    return frame


def published_range(table: xr.Dataset | pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest value that each published figure allows; a range without an end is open.

    table : the Dataset of a run, or rows of `summary_table`
    """
    before = "observation_" if isinstance(table, xr.Dataset) else ""
    value, low, high = (table[before + name].to_numpy() for name in ("value", "low", "high"))
    open_end = np.where(np.isnan(value), np.inf, value)
    return np.where(np.isnan(low), np.where(np.isnan(value), 0.0, value), low), np.where(np.isnan(high), open_end, high)


def coverage(rows: pd.DataFrame) -> Coverage:
    """Counts over rows of `summary_table`. Inside the range of a figure the ratio is 1, as no value of it is better than another."""
    if rows.empty:
        return Coverage(0, 0, 0, 0, np.nan)
    inside = [int(rows[f"inside_{percent}"].sum()) for percent in BANDS]
    low, high = published_range(rows)
    nearest = np.clip(rows["q50"].to_numpy(), low, np.maximum(low, high))
    known = nearest > 0
    ratio = float(np.median(rows["q50"].to_numpy()[known] / nearest[known])) if known.any() else np.nan
    return Coverage(len(rows), inside[0], inside[1], inside[2], ratio)


def judged_figures(table: pd.DataFrame, as_of: str | None) -> pd.DataFrame:
    """Rows of `summary_table` that tell how good the model is: of a forecast those published after its day, else all."""
    return table if as_of is None else table[table["published"] > as_of]


def coverage_by_output(rows: pd.DataFrame, names: Iterable[str]) -> dict[str, Coverage]:
    """The coverage of each output with published figures, in the order of `names`, then of all under an empty name."""
    of_output = {name: rows[rows["output"] == name] for name in names}
    return {name: coverage(part) for name, part in (of_output | {"": rows}).items() if len(part)}


def coverage_table(dataset: xr.Dataset) -> pd.DataFrame:
    """How often the bands of a run hold its published figures; of a forecast only the figures published after its day count.

    returns : a row for each output and the last for all; columns output, title, figures, inside_50, inside_80, inside_95 (shares 0–1),
        ratio (as in `Coverage`)
    """
    rows = []
    figures = judged_figures(summary_table(dataset), dataset.attrs.get("as_of"))
    for name, held in coverage_by_output(figures, map(str, dataset.data_vars)).items():
        title = dataset[name].attrs["long_name"] if name else "all"
        shares = (held.inside_50 / held.figures, held.inside_80 / held.figures, held.inside_95 / held.figures)
        rows.append((name, title, held.figures, *shares, held.ratio))
    return pd.DataFrame(rows, columns=["output", "title", "figures", *(f"inside_{percent}" for percent in BANDS), "ratio"])
