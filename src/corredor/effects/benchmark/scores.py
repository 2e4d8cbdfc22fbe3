"""Shares with their intervals: how often agreed effects are found, sizes held, and verdicts false."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from corredor.effects.benchmark.methods import SINGLE


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    n: int
    of: int

    @property
    def value(self) -> float:
        return self.n / self.of if self.of else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share in the long run.

        source : Clopper and Pearson 1934
        """
        low = float(stats.beta.ppf(0.025, self.n, self.of - self.n + 1)) if self.n else 0.0
        high = float(stats.beta.ppf(0.975, self.n + 1, self.of - self.n)) if self.n < self.of else 1.0
        return low, high

    def __str__(self) -> str:
        return f"{self.n} of {self.of}"


def count(flags: pd.Series) -> Share:
    """How many of those that are true or false are true; missing ones do not count."""
    known = flags.dropna()
    return Share(int(known.astype(bool).sum()), len(known))


@dataclass(frozen=True)
class MethodScore:
    """How one method did.

    found : of agreed effects, those found with the right sign; unanswered ones count as not found
    sizes, sizes_whole : of agreed sizes, those that overlap its interval, and those that lie in it as a whole
    false_none : of measures found to have had no effect, those it says had one
    false_dates, false_units : of placebo windows that it answers, those it says had an effect
    false_strict : of placebo dates, when it is taught by other families alone
    width : median width of its intervals, as a log
    width_ratio : median of its width over that of the single interrupted series, of claims that both answer
    unanswered : claims and placebo windows without an answer
    """

    method: str
    found: Share
    sizes: Share
    sizes_whole: Share
    false_none: Share
    false_dates: Share
    false_units: Share
    false_strict: Share
    width: float
    width_ratio: float
    unanswered: Share

    def as_json(self) -> dict[str, Any]:
        """As JSON can hold it: a number that is none, or has no bound, becomes null."""
        told: dict[str, Any] = {}
        for name, value in vars(self).items():
            if isinstance(value, Share):
                told[name] = {"n": value.n, "of": value.of, "interval": list(value.interval) if value.of else None}
            else:
                told[name] = None if isinstance(value, float) and not np.isfinite(value) else value
        return told


def score_from_json(told: Mapping[str, Any]) -> MethodScore:
    """What `MethodScore.as_json` wrote down."""
    fields: dict[str, Any] = {}
    for name, value in told.items():
        fields[name] = Share(value["n"], value["of"]) if isinstance(value, dict) else np.nan if value is None else value
    return MethodScore(**fields)


def method_scores(rows: pd.DataFrame, placebos: pd.DataFrame) -> list[MethodScore]:
    """Scores of every method, in the order of the rows.

    rows : one for each claim and method, as in `Benchmark.rows`
    placebos : one for each placebo window and method, as in `Benchmark.placebos`
    """
    beside = rows[rows["method"] == SINGLE].set_index("id")
    beside_width = beside["high"] - beside["low"]
    return [
        _score(method, rows[rows["method"] == method], placebos[placebos["method"] == method], beside_width)
        for method in rows["method"].unique()
    ]


def _score(method: str, rows: pd.DataFrame, placebos: pd.DataFrame, beside_width: pd.Series) -> MethodScore:
    agreed = rows[(rows["agreement"] == "agreed") & (rows["direction"] != "none")]
    none_found = rows[rows["judged"].isin(["no effect, rightly", "false verdict"])]
    answered = placebos[placebos["finds"].notna()]
    width = (rows["high"] - rows["low"]).set_axis(rows["id"])
    ratio = (width / beside_width.reindex(width.index)).replace([np.inf, -np.inf], np.nan)

    def false(kind: str) -> Share:
        return count(answered.loc[answered["kind"] == kind, "finds"] != 0)

    return MethodScore(
        method=method,
        found=count(agreed["judged"] == "found"),
        sizes=count(agreed["holds_size"]),
        sizes_whole=count(agreed["holds_whole_size"]),
        false_none=count(none_found["judged"] == "false verdict"),
        false_dates=false("date"),
        false_units=false("unit"),
        false_strict=false("strict"),
        width=float(width.median()),
        width_ratio=float(ratio.median()),
        unanswered=Share(int(rows["finds"].isna().sum() + placebos["finds"].isna().sum()), len(rows) + len(placebos)),
    )
