"""Tables of scores, and what they say in words: also, and first, where corredor is worse than a simple method."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from corredor.learn.backtest.at_origin import OWN
from corredor.learn.backtest.rolling import Backtest

NAIVE = "last_value"

TITLES = {
    OWN: "corredor",
    "last_value": "last value",
    "seasonal_naive": "seasonal naive",
    "exponential_smoothing": "exponential smoothing",
    "sarima": "SARIMA",
    "mix": "mix of the four",
}

SERIES = ["output", "place", "group"]
COVERAGE = {"inside_50": "cover50", "inside_80": "cover80", "inside_95": "cover95"}


def score_table(test: Backtest) -> pd.DataFrame:
    """Mean scores, one row for each method, series and month ahead.

    returns : columns method, output, place, group, horizon_months, origins, crps, wis (people), cover50, cover80, cover95 (share 0–1
        of outcomes inside the band), fell_back (share of forecasts for which the method failed and the last value was taken)
    """
    return _means(test.rows, ["method", *SERIES, "horizon_months"])


def overall_table(test: Backtest) -> pd.DataFrame:
    """The same, as the mean of all series of an output: one row for each method, output and month ahead."""
    scores = score_table(test)
    rows = scores.groupby(["method", "output", "horizon_months"], sort=False)
    table = rows[["crps", "wis", *COVERAGE.values(), "fell_back"]].mean()
    table["series"] = rows.size()
    return table.reset_index()


def _means(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    grouped = rows.groupby(keys, sort=False)
    table = grouped[["crps", "wis", *COVERAGE, "fell_back"]].mean().rename(columns=COVERAGE)
    table.insert(0, "origins", grouped["origin"].nunique())
    return table.reset_index()


@dataclass(frozen=True)
class Comparison:
    """corredor beside the simple methods, for one output so many months ahead.

    crps : people, mean of all series; best : simple method with the lowest; ratio : crps / best_crps
    cover80 : share of outcomes inside corredor's band of 80 %
    worse_than_naive : series in which corredor's CRPS is higher than that of the last value, with the ratio
    worse_than_best : the same against `best`
    """

    output: str
    horizon_months: int
    series: int
    crps: float
    best: str
    best_crps: float
    naive_crps: float
    cover80: float
    worse_than_naive: tuple[tuple[str, float], ...]
    worse_than_best: tuple[tuple[str, float], ...]

    @property
    def ratio(self) -> float:
        return self.crps / self.best_crps


def comparisons(test: Backtest) -> list[Comparison]:
    """One for each output and month ahead; none without corredor, the last value or another simple method among the methods."""
    if OWN not in test.methods or NAIVE not in test.methods:
        return []
    overall, scores, made = overall_table(test), score_table(test), []
    for (output, ahead), part in overall.groupby(["output", "horizon_months"], sort=True):
        mean = part.set_index("method")
        best = str(mean.loc[[method for method in mean.index if method != OWN], "crps"].idxmin())
        here = scores[(scores["output"] == output) & (scores["horizon_months"] == ahead)]
        crps = {method: rows.set_index(["place", "group"])["crps"] for method, rows in here.groupby("method")}
        made.append(
            Comparison(
                str(output), int(ahead), int(mean.loc[OWN, "series"]), float(mean.loc[OWN, "crps"]), best,
                float(mean.loc[best, "crps"]), float(mean.loc[NAIVE, "crps"]), float(mean.loc[OWN, "cover80"]),
                _worse(test, crps[OWN], crps[NAIVE]), _worse(test, crps[OWN], crps[best]),
            )
        )  # fmt: skip
    return made


def headline(test: Backtest) -> list[str]:
    """Sentences for the head of the page: the farthest months of each output, losses first."""
    words = []
    by_output: dict[str, Comparison] = {one.output: one for one in comparisons(test)}
    for one in by_output.values():
        output = test.titles.get(one.output, one.output)
        ahead = f"{one.horizon_months} month{'s' if one.horizon_months > 1 else ''} ahead"
        of = f"{output}, {ahead}"
        if one.worse_than_naive:
            words.append(f"{of}: corredor is worse than the last value in {_listed(one.worse_than_naive, one.series)}.")
        else:
            words.append(f"{of}: corredor is worse than the last value in none of {one.series} series.")
        change = 100 * (one.ratio - 1)
        words.append(
            f"On average its error (CRPS {one.crps:,.0f} people) is {abs(change):.0f} % {'higher' if change > 0 else 'lower'} "
            f"than that of the best simple method, {TITLES[one.best]} ({one.best_crps:,.0f}); "
            f"its 80 % bands held {100 * one.cover80:.0f} % of what came."
        )
        if one.best != NAIVE and one.worse_than_best:
            words.append(f"Against {TITLES[one.best]} it is worse in {_listed(one.worse_than_best, one.series)}.")
    return words


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


def _listed(worse: tuple[tuple[str, float], ...], n_series: int) -> str:
    names = "; ".join(f"{name} ({100 * (ratio - 1):+.0f} %)" for name, ratio in worse)
    return f"{len(worse)} of {n_series} series: {names}"


def _worse(test: Backtest, own: pd.Series, other: pd.Series) -> tuple[tuple[str, float], ...]:
    ratio = (own / other).sort_values(ascending=False)
    return tuple((series_title(test, *name), float(value)) for name, value in ratio.items() if value > 1)
