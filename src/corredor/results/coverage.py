"""Published figures beside what the draws say of them, and how often the bands hold: the numbers of terminal, report and Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr

from corredor.results.quantiles import quantiles_over_draws
from corredor.results.wording import SMALLEST_SHOWN_PEOPLE

BANDS = {50: ("q25", "q75"), 80: ("q10", "q90"), 95: ("q2.5", "q97.5")}
"""Percent of a band → the quantiles that bound it."""
OF_WHAT = ("output", "place", "group", "from", "to", "first", "last")
"""What two versions of the same number have in common, as far as a table has it: its days are from and to, or first and last."""
ROUNDED_BY = 0.005
"""Half of the last figure of a ratio by two decimals."""
QUANTILES = {"q2.5": 0.025, "q10": 0.1, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q90": 0.9, "q97.5": 0.975}


@dataclass(frozen=True)
class Coverage:
    """How often the bands held published figures.

    inside_50, inside_80, inside_95 : int   figures inside each band
    ratio : float                           sum of the model's medians ÷ sum of the published figures, so that a figure weighs as much as
        the people it counts; of a range the value nearest to the median; NaN when there is nothing to divide by, or when it would tell
        how many are in a figure that is not shown
    """

    figures: int
    inside_50: int
    inside_80: int
    inside_95: int
    ratio: float


@dataclass(frozen=True)
class Held:
    """The coverage of one output; all outputs where its name is empty.

    seen : whether a fit had seen these figures
    """

    output: str
    seen: bool
    coverage: Coverage


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
    quantiles = quantiles_over_draws(dataset["observation_predicted"], list(QUANTILES.values()))
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
    """Counts over rows of `summary_table`. Inside the range of a figure no value is better than another, so the model's own is taken.

    rows : with a column hidden, where some figures must not be shown: the ratio is then told by two decimals, if these leave the sum of
        the figures open by five people or more to either side
    """
    if rows.empty:
        return Coverage(0, 0, 0, 0, np.nan)
    inside = [int(rows[f"inside_{percent}"].sum()) for percent in BANDS]
    nearest = nearest_allowed(rows)
    total = float(nearest.sum())
    ratio = float(rows["q50"].to_numpy().sum()) / total if total > 0 else np.nan
    if "hidden" in rows and rows["hidden"].any():
        ratio = round(ratio, 2) if total * ROUNDED_BY >= SMALLEST_SHOWN_PEOPLE * ratio else np.nan
    return Coverage(len(rows), inside[0], inside[1], inside[2], ratio)


def nearest_allowed(rows: pd.DataFrame) -> np.ndarray:
    """The value of each published figure, or of its range the one nearest to the model's median: (n_rows,) float."""
    low, high = published_range(rows)
    return np.asarray(np.clip(rows["q50"].to_numpy(), low, np.maximum(low, high)))


def last_revisions(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each number that was published: of one that was revised the last revision, so that nothing counts twice.

    table : rows of `summary_table`
    returns : those rows, in their order, with the column first_published: the day on which the number first appeared
    """
    keys = [name for name in OF_WHAT if name in table]
    days = table.groupby(keys, sort=False)["published"].transform("min") if len(table) else table["published"]
    ordered = table.assign(first_published=days).sort_values("published", kind="stable")
    return ordered.drop_duplicates(keys, keep="last").sort_index()


def judged_figures(table: pd.DataFrame, as_of: str | None) -> pd.DataFrame:
    """Rows that tell how good the model is, each number once: of a forecast those that first appeared after its day, else all."""
    once = last_revisions(table)
    return once if as_of is None else once[once["first_published"] > as_of]


def seen_by_the_fit(table: pd.DataFrame, known_until: str | None) -> np.ndarray:
    """Whether each row of `judged_figures` had appeared by the day up to which a fit knew figures: (n_rows,) bool; False without a fit."""
    if known_until is None:
        return np.zeros(len(table), dtype=bool)
    return np.asarray(table["first_published"] <= known_until, dtype=bool)


def coverage_by_output(rows: pd.DataFrame, names: Iterable[str], known_until: str | None = None) -> list[Held]:
    """The coverage of each output with published figures, in the order of `names`, then of all under an empty name.

    rows : of `judged_figures`
    known_until : last day of publication that a fit knew; figures it has seen and those it has not never share a row
    """
    seen = seen_by_the_fit(rows, known_until)
    made = []
    for name in [*names, ""]:
        of_output = np.ones(len(rows), dtype=bool) if not name else (rows["output"] == name).to_numpy()
        for was_seen in (True, False):
            part = rows[of_output & (seen == was_seen)]
            if len(part):
                held = coverage(part)
                # people of several outputs are the same people, counted in several ways
                made.append(Held(name, was_seen, held if name else replace(held, ratio=np.nan)))
    return made


def coverage_table(dataset: xr.Dataset, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """How often the bands of a run hold its published figures; of a forecast only the figures published after its day count.

    table : of `summary_table`, perhaps with a column hidden, as `coverage` reads it
    returns : rows for each output, the figures that a fit has seen apart from the others, and the last ones for all; columns output,
        title, figures, inside_50, inside_80, inside_95 (shares 0–1), ratio (as in `Coverage`; missing for all), seen
    """
    rows = []
    as_of, known = dataset.attrs.get("as_of"), dataset.attrs.get("fitted_as_of")
    for one in coverage_by_output(
        judged_figures(summary_table(dataset) if table is None else table, as_of), map(str, dataset.data_vars), as_of or known
    ):
        held, title = one.coverage, dataset[one.output].attrs["long_name"] if one.output else "all"
        shares = (held.inside_50 / held.figures, held.inside_80 / held.figures, held.inside_95 / held.figures)
        rows.append((one.output, title, held.figures, *shares, held.ratio, one.seen))
    names = ["output", "title", "figures", *(f"inside_{percent}" for percent in BANDS), "ratio", "seen"]
    return pd.DataFrame(rows, columns=names)
