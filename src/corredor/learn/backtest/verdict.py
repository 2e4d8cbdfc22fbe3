"""Tables of scores, and what they say in words: also, and first, where corredor is clearly worse than a simple method."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from corredor.learn.backtest.at_origin import AVERAGED, OWN
from corredor.learn.backtest.calibration import COVERAGE, coverage_by, pit_histogram
from corredor.learn.backtest.paired_tests import MEAN, SERIES, TOTAL, paired_table
from corredor.learn.backtest.regimes import AFTER_MEASURE, FALLING, QUIET, RISING, STEADY
from corredor.learn.backtest.rolling import Backtest
from corredor.learn.paired import BETTER, NOT_TOLD, TOO_FEW, WORSE
from corredor.results.wording import joined

NAIVE = "last_value"

TITLES = {
    OWN: "corredor",
    AVERAGED: "dynamic model averaging",
    "last_value": "last value",
    "seasonal_naive": "seasonal naive",
    "exponential_smoothing": "exponential smoothing",
    "sarima": "SARIMA",
    "mix": "mix of the four",
}

FEWEST_OUTCOMES, FEWEST_ORIGINS = 12, 6
"""Outcomes and origins from which a share of bands that held in a year or at a kind of time is put into words: with fewer, one outcome
more or less moves it by a tenth, and outcomes of one origin go together."""

_NAMED = ["output", "place", "group"]
_WHEN = {
    RISING: "when counts were rising",
    STEADY: "when they were steady",
    FALLING: "when they were falling",
    AFTER_MEASURE: "within half a year of a measure's first day",
    QUIET: "at other times",
}


def score_table(test: Backtest) -> pd.DataFrame:
    """Mean scores, one row for each method, series and month ahead.

    returns : columns method, output, place, group, horizon_months, parts (series that a total sums; 1 for a published one), origins, crps,
        wis (people), log_score (nats), cover50, cover80, cover95 (share 0–1 of outcomes inside the band), floored (share of log scores
        that rest on their floor), fell_back (share of forecasts for which the method failed and the last value was taken)
    """
    return _means(test.rows, ["method", *_NAMED, "horizon_months"])


def overall_table(test: Backtest) -> pd.DataFrame:
    """The same, as the mean of all published series of an output: one row for each method, output and month ahead."""
    scores = score_table(test)
    rows = scores[scores["parts"] == 1].groupby(["method", "output", "horizon_months"], sort=False)
    table = rows[["crps", "wis", "log_score", *COVERAGE.values(), "floored", "fell_back"]].mean()
    table["series"] = rows.size()
    return table.reset_index()


def _means(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    grouped = rows.groupby(keys, sort=False)
    table = grouped[["crps", "wis", "log_score", *COVERAGE, "floored", "fell_back"]].mean().rename(columns=COVERAGE)
    table.insert(0, "origins", grouped["origin"].nunique())
    table.insert(0, "parts", grouped["parts"].max())
    return table.reset_index()


def method_title(method: str) -> str:
    """A method as the reader calls it."""
    return TITLES.get(method, method.replace("_", " "))


def headline(test: Backtest) -> list[str]:
    """Sentences for the head of the page, for the farthest months of each output: which is better only where it is clear, losses first."""
    table = paired_table(test)
    words: list[str] = []
    for output in dict.fromkeys(table["output"]) if len(table) else ():
        mine = table[table["output"] == output]
        mine = mine[mine["horizon_months"] == mine["horizon_months"].max()]
        title = f"{test.titles.get(output, output)}, {_ahead(int(mine['horizon_months'].iloc[0]))}"
        mean = mine[mine["scope"] == MEAN]
        words += _beside_others(title, mean, f"mean error of {_counted(int(mean['parts'].iloc[0]), 'series', 'series')}")
        if (mean["verdict"] != TOO_FEW).all():
            words += _series_by_series(test, mine[mine["scope"] == SERIES])
            for name, total in mine[mine["scope"] == TOTAL].groupby(["place", "group"], sort=False):
                words += _beside_others(f"{title}, {series_title(test, *name)} of {int(total['parts'].iloc[0])}", total, "error")
        words += calibration_words(test, output)
    return words


def _beside_others(title: str, rows: pd.DataFrame, what: str) -> list[str]:
    """corredor against each other method, for one series or mean: worse, better, not told; or why nothing is said."""
    first = rows.iloc[0]
    told = [one for one in rows.itertuples() if one.verdict != TOO_FEW]
    if not told:
        return [
            f"{title}: {_counted(int(first['origins']), 'origin is', 'origins are')} too few to say which method is better; "
            f"{int(first['needed'])} are needed, because errors of neighbouring months go together."
        ]
    parts = []
    for verdict, saying in ((WORSE, "higher than that of"), (BETTER, "lower than that of")):
        clear = [f"{method_title(one.method)} ({_change(one)})" for one in told if one.verdict == verdict]
        if clear:
            parts.append(f"is clearly {saying} {joined(clear)}")
    unclear = [f"{method_title(one.method)} ({_interval(one)})" for one in told if one.verdict == NOT_TOLD]
    if unclear:
        parts.append(f"cannot be told from that of {joined(unclear)}")
    return [
        f"{title}, {_counted(int(first['origins']), 'origin', 'origins')}: corredor's {what} (CRPS {first['crps']:,.0f} people) "
        f"{'; it '.join(parts)}."
    ]


def _series_by_series(test: Backtest, rows: pd.DataFrame) -> list[str]:
    """Where corredor is clearly worse or better than the last value; nothing for a single series or without the last value."""
    rows = rows[rows["method"] == NAIVE]
    if len(rows) < 2:
        return []
    parts = []
    for verdict, saying in ((WORSE, "worse"), (BETTER, "better")):
        names = [
            f"{series_title(test, one.place, one.group)} ({_change(one)})" for one in rows.itertuples() if one.verdict == verdict
        ]
        if names:
            parts.append(f"clearly {saying} in {joined(names)}")
    n_unclear = int((~rows["verdict"].isin([WORSE, BETTER])).sum())
    if n_unclear:
        parts.append(f"no difference can be told in {n_unclear} of {len(rows)}")
    return [f"Series by series against the last value: {'; '.join(parts)}."]


def calibration_words(test: Backtest, output: str) -> list[str]:
    """How often corredor's bands of 80 % held, by year and kind of time, and where what came lay; none without corredor."""
    rows = test.rows[(test.rows["method"] == OWN) & (test.rows["output"] == output) & (test.rows["parts"] == 1)]
    if rows.empty:
        return []
    table = coverage_by(test)
    table = table[(table["method"] == OWN) & (table["output"] == output) & (table["scope"] == SERIES)]
    table = table[(table["outcomes"] >= FEWEST_OUTCOMES) & (table["origins"] >= FEWEST_ORIGINS)]
    held, together = f"{100 * rows['inside_80'].mean():.0f} % of {len(rows):,} figures", ", all months ahead together"
    words = f"corredor's bands of 80 % held {held}{together if rows['horizon_months'].nunique() > 1 else ''}"
    years = table[table["by"] == "year"]
    if len(years) > 1:
        low, high = years.loc[years["cover80"].idxmin()], years.loc[years["cover80"].idxmax()]
        words += f"; from {100 * low['cover80']:.0f} % in {low['value']} to {100 * high['cover80']:.0f} % in {high['value']}"
    for kind in ("direction", "time"):
        told = table[table["by"] == kind].set_index("value")["cover80"]
        if len(told) > 1:
            words += "; " + ", ".join(f"{100 * told[value]:.0f} % {when}" for value, when in _WHEN.items() if value in told)
    places = pit_histogram(test)
    places = places[(places["method"] == OWN) & (places["output"] == output) & (places["scope"] == SERIES)]
    below, above = places["share"].iloc[0], places["share"].iloc[-1]
    return [
        f"{words}.",
        f"{100 * below:.0f} % of what came lay in the lowest tenth of its forecasts and {100 * above:.0f} % in the highest; "
        "a tenth each is well.",
    ]


def fit_words(test: Backtest) -> list[str]:
    """Sentences on corredor's own fits, origin by origin: how well they met the figures, and where they did not; none without corredor."""
    fits = test.fits
    if fits.empty:
        return []
    worst = fits.loc[fits["misfit"].idxmax()]
    words = [
        f"corredor's fits lie {_root(fits['misfit'].median()):.2f} standard errors from the figures at the middle origin, "
        f"{_root(worst['misfit']):.2f} at the worst ({worst['origin']}); about 1 or less is well."
    ]
    missed = fits[fits["not_reproduced"] > 0]
    if len(missed):
        words.append(
            f"At {len(missed)} of {len(fits)} origins its fit did not reproduce the last known figures of a series "
            f"({missed['not_reproduced'].sum()} of {fits['series'].sum()} forecasts of a series in all). There the last value with "
            f"doubled steps stands in and is scored as corredor's: {', '.join(missed['origin'])}."
        )
    restless = fits[~fits["converged"]]
    if len(restless):
        words.append(
            f"At {len(restless)} of {len(fits)} origins the fit had not settled when its rounds ended: {', '.join(restless['origin'])}."
        )
    return words


def _root(mean_square: float) -> float:
    return math.sqrt(mean_square)


def series_title(test: Backtest, place: str, group: str) -> str:
    """A series as the reader calls it."""
    return ", ".join(test.titles.get(part, part.replace("_", " ")) for part in (place, group) if part) or "total"


def _change(row: Any) -> str:
    return f"{_percent(row.ratio)}, interval of 95 % {_percent(row.low)} to {_percent(row.high)}"


def _interval(row: Any) -> str:
    if pd.isna(row.low):
        return "one of the two was never wrong"
    return f"ratio {row.ratio:.2f}, {row.low:.2f} to {row.high:.2f}"


def _percent(ratio: float) -> str:
    return f"{100 * (ratio - 1):+.0f} %".replace("-", "−")


def _ahead(months: int) -> str:
    return f"{months} month{'s' if months > 1 else ''} ahead"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
