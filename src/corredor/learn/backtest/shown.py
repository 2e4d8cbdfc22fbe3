"""What of a backtest may be passed on: no published figure of fewer than five people, and none from which one could be worked out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from corredor.learn.backtest.at_origin import AVERAGED, OWN
from corredor.learn.backtest.sums import adds_up
from corredor.learn.monthly_series import MonthlySeries
from corredor.results.hidden_rows import Labels, hidden_rows
from corredor.results.wording import too_few
from corredor.study.calendar import month_name
from corredor.study.model import Model

SERIES = ["output", "place", "group"]
MONTHS_A_YEAR = 12
OF_AN_OUTCOME = ["outcome", "median", "crps", "wis", "log_score", "pit_low", "pit_high"]
"""Columns of a forecast that its outcome could be read or worked out from."""


def unshown_figures(series: Sequence[MonthlySeries], model: Model) -> pd.DataFrame:
    """Figures that must not be shown: small ones, and of the same months what would give them away.

    series : published ones and totals of them
    returns : columns output, place, group, month (YYYY-MM), value (people); a row for each version that was published
    """
    rows = [
        {**dict(zip(SERIES, (one.name.output, one.name.place, one.name.group), strict=True)), "from": month_name(month), "of": of}
        for one in series
        for month, of in one.figures.items()
    ]
    table = pd.DataFrame(rows, columns=[*SERIES, "from", "of"])
    table = table.assign(value=[float(of[-1].value or 0.0) for of in table["of"]], to=table["from"])
    people = np.array([adds_up(model, name) for name in table["output"]], dtype=bool)
    hidden = table[hidden_rows(table, people, Labels.of(model))].rename(columns={"from": "month"})
    versions = [[float(row.value or 0.0) for row in of] for of in hidden["of"]]
    return hidden[[*SERIES, "month"]].assign(value=versions).explode("value", ignore_index=True).astype({"value": float})


def hidden_outcomes(rows: pd.DataFrame, unshown: pd.DataFrame) -> np.ndarray:
    """Forecasts of figures that must not be shown: (n_rows,) bool.

    rows : as in `Backtest.rows`;  unshown : of `unshown_figures`
    """
    names = [*SERIES, "month"]
    return np.asarray(pd.MultiIndex.from_frame(rows[names]).isin(pd.MultiIndex.from_frame(unshown[names])))


def shown_rows(rows: pd.DataFrame, unshown: pd.DataFrame) -> pd.DataFrame:
    """Forecasts without outcomes that must not be shown, their scores, and medians that are too small or carry such a figure forward.

    Simple methods do: the newest figure known, or that of the same month a year before.
    """
    shown = rows.copy()
    if unshown.empty or rows.empty:
        return shown
    month = pd.PeriodIndex(rows["month"], freq="M")
    carried = ~rows["method"].isin([OWN, AVERAGED]).to_numpy()
    from_hidden = np.zeros(len(rows), dtype=bool)
    for known in (month - rows["months_since_known"].to_numpy(), month - MONTHS_A_YEAR):
        from_hidden |= hidden_outcomes(rows.assign(month=known.astype(str)), unshown)
    shown.loc[(carried & from_hidden) | np.asarray(too_few(rows["median"].to_numpy())), "median"] = np.nan
    shown.loc[hidden_outcomes(rows, unshown), OF_AN_OUTCOME] = np.nan
    return shown


def without_lone_scores(table: pd.DataFrame, rows: pd.DataFrame, unshown: pd.DataFrame) -> pd.DataFrame:
    """A table of mean scores without means that hold the score of just one figure that must not be shown.

    That score would be the mean less the others, which are shown, and where the forecast is known it tells the figure.
    table : a row for each series and month ahead, perhaps for each method
    """
    if unshown.empty or table.empty:
        return table
    keys = [name for name in ("method", *SERIES, "horizon_months") if name in table and name in rows]
    if "crps_other" in table:
        keys.remove("method")
    hidden = rows.assign(hidden=hidden_outcomes(rows, unshown)).drop_duplicates([*keys, "origin"])
    alone = hidden.groupby(keys)["hidden"].sum()
    lone = pd.MultiIndex.from_frame(table[keys]).isin(alone[alone == 1].index)
    errors = [name for name in ("crps", "wis", "log_score", "crps_other") if name in table]
    shown = table.copy()
    shown.loc[lone, errors] = np.nan
    return shown
