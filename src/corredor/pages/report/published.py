"""Published figures beside the series they belong to, as they are drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from corredor.pages.charts.fans import PublishedFigure
from corredor.results.coverage import last_revisions, summary_table
from corredor.results.hidden_numbers import hidden_figures
from corredor.results.observe import period_shares
from corredor.results.view import GROUP_DIMENSIONS, PLACE_DIMENSIONS, Run, Series
from corredor.results.wording import Wording, date_text, too_few

LEAST_OF_A_PERIOD = 0.85
"""A figure for less than this share of a reporting period cannot stand in the same picture as figures for whole periods."""
AVERAGED_PERIODS = 1.15
"""A figure for more periods than this is drawn as a level line at its average."""
DAY = np.timedelta64(1, "D")
HIDDEN = "not shown, so that a small count beside it cannot be worked out"
SERIES = ("output", "place", "group")
COLUMNS = [*SERIES, "first", "last", "value", "low", "high", "status", "source", "published"]
COLUMNS += ["hidden", "given_away", "revised", "first_published"]
"""Of a table of figures without any."""


def observations(run: Run) -> pd.DataFrame:
    """One row for each published figure with quantiles of what the model expects to be published; empty when there is none.

    Its column hidden says which figures are not shown, given_away which of these only because a small one could be worked out from them,
    revised which have a later revision among them; first_published is as of `last_revisions`, which are the others.
    """
    if "observation" not in run.dataset.dims or run.dataset.sizes["observation"] == 0:
        return pd.DataFrame(columns=COLUMNS)
    table = summary_table(run.dataset).rename(columns={"from": "first", "to": "last"})
    # as Python's own words, since pages look up hundreds of series in them
    table = table.astype({name: object for name in table if table[name].dtype.kind not in "fb"})
    small = table[["value", "low", "high"]].fillna(0).apply(too_few).any(axis=1).to_numpy()
    hidden = hidden_figures(run, table) if run.hides_small and small.any() else np.zeros(len(table), dtype=bool)
    once = last_revisions(table)
    revised = ~table.index.isin(once.index)
    return table.assign(hidden=hidden, given_away=hidden & ~small, revised=revised, first_published=once["first_published"])


def rows_of(table: pd.DataFrame, series: Series) -> pd.DataFrame:
    """Figures published for exactly this series."""
    wanted = (table[name].to_numpy() == of for name, of in zip(SERIES, (series.output, series.place, series.group), strict=True))
    found = np.flatnonzero(np.logical_and.reduce(list(wanted)))
    return table.iloc[found] if len(found) else table.iloc[:0]


def published_figures(run: Run, table: pd.DataFrame, series: Series) -> list[PublishedFigure]:
    """Figures of a series as they are drawn in its fan; of a total, sums of parts where no total was published."""
    rows = rows_of(table, series)
    figures = _figures(run, series, rows)
    if not series.place and not series.group:
        taken = {(figure.first, figure.last) for figure in figures}
        figures += [figure for figure in _sums_of_parts(run, table, series) if (figure.first, figure.last) not in taken]
    return sorted(figures, key=lambda figure: figure.first)


def parts_of_periods(run: Run, table: pd.DataFrame, series: Series) -> int:
    """Number of figures that are not drawn because they are for less than a reporting period."""
    rows = rows_of(table, series)
    return sum(_periods(run, series.output, first, last)[0] == 0 for first, last in zip(rows["first"], rows["last"], strict=True))


def _figures(run: Run, series: Series, rows: pd.DataFrame) -> list[PublishedFigure]:
    drawn, figures = [], []
    for row in rows.to_dict("records") if len(rows) else []:
        covered, weights = _periods(run, series.output, row["first"], row["last"])
        if covered == 0 or row["given_away"]:
            continue
        share = 1.0 if run.is_mean(series.output) else covered
        drawn.append(((row["q10"], row["q50"], row["q90"]), weights))
        figures.append(
            PublishedFigure(
                np.datetime64(row["first"], "ns"),
                np.datetime64(row["last"], "ns") + DAY,
                row["value"] / share,
                row["low"] / share,
                row["high"] / share,
                provisional=row["status"] == "provisional",
                later=_is_later(run, row["published"]),
                averaged=covered > AVERAGED_PERIODS,
                expected_low=row["q10"] / share,
                expected_high=row["q90"] / share,
                text=f"published for {figure_words(run, row)}",
            )
        )
    if _publishes_what_happens(run, series, drawn):
        figures = [replace(figure, expected_low=np.nan, expected_high=np.nan) for figure in figures]
    return figures


def figure_words(run: Run, row: dict[str, Any]) -> str:
    """A published figure in words: its days, its number or range, the number of its source.

    row : of `observations`
    """
    wording, source = run.wording(row["output"]), row["source"]
    number = (
        HIDDEN
        if row.get("given_away")
        else wording.exact(row["value"])
        if np.isfinite(row["value"])
        else _range_text(wording, row["low"], row["high"])
    )
    first, last = row["first"], row["last"]
    dates = date_text(first) if first == last else f"{date_text(first)} – {date_text(last)}"
    return f"{dates}: {number} [{run.source_numbers.get(source, source)}]"


def _periods(run: Run, output: str, first_date: str, last_date: str) -> tuple[float, np.ndarray]:
    """Number of periods a figure is for (0 when it cannot be drawn), and the weights that make it from the periods."""
    days = dt.date.fromisoformat(first_date), dt.date.fromisoformat(last_date)
    covered = float(period_shares(run.starts(output), run.last_day, *days, mean=False).sum())
    if run.is_mean(output):
        covered = max(1.0, covered) if covered > 0 else 0.0
    elif covered < LEAST_OF_A_PERIOD:
        covered = 0.0
    return covered, run.window(output, *days)


def _publishes_what_happens(run: Run, series: Series, drawn: Sequence[tuple[tuple[float, ...], np.ndarray]]) -> bool:
    """Whether what would be published is the series itself, near enough that drawing both would say nothing.

    drawn : of each figure 10, 50 and 90 % quantile of what would be published, and the weights that make it from the periods
    """
    if not drawn:
        return True
    low, middle, high = np.array([expected for expected, _ in drawn]).T + 1e-9
    own_low, own_middle, own_high = _modelled(run, series, np.stack([weights for _, weights in drawn], axis=1)) + 1e-9
    shifted = np.median(np.abs(np.log((middle + 1) / (own_middle + 1)))) > 0.1
    wider = np.median((high - low + 1) / (own_high - own_low + 1)) > 1.5
    return not (shifted or wider)


def _modelled(run: Run, series: Series, weights: np.ndarray) -> np.ndarray:
    """10, 50 and 90 % quantile over draws of weighted sums of periods: (3, n_sums) float; of a single period those of its fan."""
    single = (np.count_nonzero(weights, axis=0) == 1) & (weights.max(axis=0) == 1)
    found = run.quantiles(series)[[1, 3, 5]][:, np.argmax(weights, axis=0)]
    if not single.all():
        found[:, ~single] = np.quantile(
            run.drawn(series).weighed(weights[:, ~single]), [0.1, 0.5, 0.9], axis=0, overwrite_input=True
        )
    return found


def sums_of_parts(run: Run, table: pd.DataFrame, series: Series) -> dict[tuple[str, str], pd.DataFrame]:
    """First and last day → the rows of all parts of a total that were published for just these days, where every part was."""
    of_output = table[table["output"] == series.output]
    found: dict[tuple[str, str], pd.DataFrame] = {}
    if of_output.empty:
        return found
    for column, other, family in (("place", "group", PLACE_DIMENSIONS), ("group", "place", GROUP_DIMENSIONS)):
        dimension = run.dimension_in(series.output, family)
        if dimension is None or found or not run.adds_up(series.output):
            continue
        wanted = set(run.labels(series.output, dimension))
        parts = of_output[(of_output[other] == "") & of_output[column].isin(wanted)]
        for (first, last), same_time in parts.groupby(["first", "last"]):
            rows = same_time.drop_duplicates(column, keep="last")
            if set(rows[column]) == wanted:
                found[str(first), str(last)] = rows
    return found


def _sums_of_parts(run: Run, table: pd.DataFrame, series: Series) -> list[PublishedFigure]:
    """Totals for which every part was published for the same time, as a number."""
    if table.empty:
        return []
    exact = table[(table["output"] == series.output) & table["value"].notna()]
    sums = sums_of_parts(run, exact, series).items()
    return [figure for (first, last), rows in sums for figure in _sum(run, series, first, last, rows)]


def _sum(run: Run, series: Series, first: str, last: str, rows: pd.DataFrame) -> list[PublishedFigure]:
    covered, _ = _periods(run, series.output, first, last)
    if covered == 0 or (run.hides_small and np.any(too_few(rows["value"].to_numpy())) and not rows["given_away"].any()):
        return []
    total = float(rows["value"].sum())
    return [
        PublishedFigure(
            np.datetime64(first, "ns"),
            np.datetime64(last, "ns") + DAY,
            total if run.is_mean(series.output) else total / covered,
            np.nan,
            np.nan,
            provisional=bool((rows["status"] == "provisional").any()),
            later=_is_later(run, rows["published"].max()),
            averaged=covered > AVERAGED_PERIODS,
            text=f"sum of {len(rows)} published parts, {date_text(first)} – {date_text(last)}: {run.wording(series.output).exact(total)}",
        )
    ]


def _is_later(run: Run, published: str) -> bool:
    """Whether a figure was published after the day up to which figures were used."""
    return run.known_until is not None and published > str(run.known_until)


def _range_text(wording: Wording, low: float, high: float) -> str:
    write = wording.exact
    if np.isfinite(low) and np.isfinite(high):
        return f"{write(low)} to {write(high)}"
    return f"at least {write(low)}" if np.isfinite(low) else f"at most {write(high)}"
