"""Tables of scores, and what they say in words: also, and first, where corredor is worse than a simple method."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from corredor.learn.backtest.rolling import OWN, Backtest

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


def series_title(test: Backtest, place: str, group: str) -> str:
    """A series as the reader calls it."""
    return ", ".join(test.titles.get(part, part.replace("_", " ")) for part in (place, group) if part) or "total"


def _listed(worse: tuple[tuple[str, float], ...], n_series: int) -> str:
    names = "; ".join(f"{name} ({100 * (ratio - 1):+.0f} %)" for name, ratio in worse)
    return f"{len(worse)} of {n_series} series: {names}"


def _worse(test: Backtest, own: pd.Series, other: pd.Series) -> tuple[tuple[str, float], ...]:
    ratio = (own / other).sort_values(ascending=False)
    return tuple((series_title(test, *name), float(value)) for name, value in ratio.items() if value > 1)
