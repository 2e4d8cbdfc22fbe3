"""Did forecasts claim as much certainty as they had? By year, by kind of time, by place among the samples, and at thresholds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from corredor.learn.backtest.paired_tests import SERIES, TOTAL
from corredor.learn.backtest.regimes import TIMES
from corredor.learn.backtest.rolling import Backtest

BINS = 10
"""Of the histogram of places among the samples: a tenth of what comes belongs in each."""

KINDS = {"year": "year", "direction": "which way counts were going at the origin", "time": "after a measure or quiet"}
"""By what coverage is told apart, and how a reader calls it."""

COVERAGE = {"inside_50": "cover50", "inside_80": "cover80", "inside_95": "cover95"}


def coverage_by(test: Backtest) -> pd.DataFrame:
    """How often the bands held, and mean scores, by year of the month forecast and by kind of time; all months ahead together.

    returns : columns method, output, scope (SERIES or TOTAL), by (a key of KINDS), value, outcomes, origins, cover50, cover80, cover95
        (share 0–1), crps (people), log_score (nats)
    """
    rows = _scoped(test.rows).assign(year=test.rows["month"].str[:4])
    made = []
    for kind in KINDS:
        grouped = rows.groupby(["method", "output", "scope", kind], sort=False)
        table = grouped[[*COVERAGE, "crps", "log_score"]].mean().rename(columns=COVERAGE)
        table.insert(0, "origins", grouped["origin"].nunique())
        table.insert(0, "outcomes", grouped.size())
        table = table.reset_index().rename(columns={kind: "value"})
        table.insert(3, "by", kind)
        made.append(table.sort_values(["output", "scope", "method", "value"], key=_in_order, kind="stable"))
    return pd.concat(made, ignore_index=True)


def pit_histogram(test: Backtest) -> pd.DataFrame:
    """Where what came lay among the samples: shares of outcomes in each tenth of the forecast; a tenth each is well.

    returns : columns method, output, scope, from, to (0–1), share (0–1), outcomes; all months ahead together
    source : Czado, Gneiting & Held 2009, Biometrics 65: of counts with equals the place is spread over all that it may be
    """
    edges = np.linspace(0, 1, BINS + 1)
    made = []
    for (method, output, scope), part in _scoped(test.rows).groupby(["method", "output", "scope"], sort=False):
        low, high = part["pit_low"].to_numpy()[:, None], part["pit_high"].to_numpy()[:, None]
        shares = np.diff(np.clip((edges - low) / (high - low), 0, 1), axis=1).mean(axis=0)
        for number, share in enumerate(shares):
            ends = {"from": round(edges[number], 3), "to": round(edges[number + 1], 3)}
            made.append(
                {"method": method, "output": output, "scope": scope, **ends, "share": float(share), "outcomes": len(part)}
            )
    return pd.DataFrame(made)


def threshold_table(test: Backtest) -> pd.DataFrame:
    """Chances given to passing a threshold, and the Brier score of them, smaller is better.

    returns : columns method, output, scope, threshold, forecasts, passed (share of forecasts whose outcome was above), chance (mean of what
        was given), brier (0–1); all months ahead together
    source : Brier 1950, Monthly Weather Review 78
    """
    if test.thresholds.empty:
        return pd.DataFrame(columns=["method", "output", "scope", "threshold", "forecasts", "passed", "chance", "brier"])
    grouped = _scoped(test.thresholds).groupby(["method", "output", "scope", "threshold"], sort=False)
    table = grouped[["passed", "chance", "brier"]].mean()
    table.insert(0, "forecasts", grouped.size())
    return table.reset_index()


def _in_order(column: pd.Series) -> pd.Series:
    """Years as they follow, kinds of time from rising to falling; methods and outputs by their names."""
    return column.map({value: f" {number}" for number, value in enumerate(TIMES)}).fillna(column)


def _scoped(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(scope=np.where(rows["parts"] > 1, TOTAL, SERIES))
