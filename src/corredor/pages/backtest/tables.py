"""Tables of a backtest."""

from __future__ import annotations

from typing import Any

import pandas as pd

from corredor.learn.backtest.calibration import KINDS, coverage_by, threshold_table
from corredor.learn.backtest.paired_tests import MEAN, TOTAL
from corredor.learn.backtest.rolling import Backtest
from corredor.learn.backtest.verdict import method_title, overall_table, series_title
from corredor.pages.report.figure import Table
from corredor.results.wording import MISSING, share_text

HELD = {"50 % held": True, "80 % held": True, "95 % held": True}


def overall(test: Backtest, output: str) -> Table:
    """One row for each method, the lowest error first: mean of all series of an output, the farthest month ahead last."""
    table = overall_table(test)
    table = table[table["output"] == output]
    ahead = sorted(table["horizon_months"].unique())
    last = table[table["horizon_months"] == ahead[-1]].sort_values("crps")
    crps = table.set_index(["method", "horizon_months"])["crps"]
    rows = []
    for row in last.itertuples():
        errors = [f"{crps[(row.method, month)]:,.0f}" for month in ahead]
        rows.append([method_title(str(row.method)), *errors, f"{row.wis:,.0f}", f"{row.log_score:.2f}", *_held(row)])
    columns = {"method": False} | {f"CRPS, {month} month{'s' if month > 1 else ''}": True for month in ahead}
    columns |= {"WIS, farthest": True, "log score": True, **HELD}
    n_series = int(last["series"].iloc[0])
    title = test.titles.get(output, output)
    caption = f"{title}: mean error in people over {n_series} series, and how often the bands held {ahead[-1]} months ahead"
    return Table(caption, columns, rows)


def pairs(test: Backtest, paired: pd.DataFrame) -> Table | None:
    """corredor against each other method, every output, series and month ahead."""
    rows = []
    for row in paired.itertuples():
        what = f"mean of {row.parts} series" if row.scope == MEAN else series_title(test, str(row.place), str(row.group))
        what = f"{what} of {row.parts}" if row.scope == TOTAL else what
        interval = MISSING if pd.isna(row.low) else f"{row.low:.2f} to {row.high:.2f}"
        numbers = [str(row.horizon_months), str(row.origins), _people(row.crps), _people(row.crps_other), f"{row.ratio:.2f}"]
        output = test.titles.get(str(row.output), str(row.output))
        rows.append([output, what, method_title(str(row.method)), *numbers, interval, str(row.verdict)])
    columns = {
        "output": False, "series": False, "against": False, "months ahead": True, "origins": True, "CRPS": True, "its CRPS": True,
        "ratio": True, "interval of 95 %": True, "corredor is": False,
    }  # fmt: skip
    note = (
        "Ratio of mean errors over the same origins: below 1, corredor's was lower. The interval comes from drawing blocks of neighbouring "
        "origins again. One in twenty intervals is wrong by chance, so a few of many series would be told apart if all were alike."
    )
    return Table("corredor beside each other method, origin by origin", columns, rows, note) if rows else None


def coverage_rows(test: Backtest) -> Table:
    """How often every method's bands held, by year and kind of time."""
    rows = []
    for row in coverage_by(test).itertuples():
        names = [method_title(str(row.method)), test.titles.get(str(row.output), str(row.output)), str(row.scope)]
        numbers = [f"{row.outcomes:,}", *_held(row), f"{row.crps:,.0f}", f"{row.log_score:.2f}"]
        rows.append([*names, KINDS[str(row.by)], str(row.value), *numbers])
    columns = {"method": False, "output": False, "of": False, "told apart by": False, "": False, "figures": True, **HELD}
    note = "All months ahead together. A year is that of the month forecast."
    return Table("Coverage by year and kind of time", columns | {"CRPS": True, "log score": True}, rows, note)


def thresholds(test: Backtest) -> Table | None:
    """Chances that every method gave to passing each threshold."""
    rows = [
        [
            test.titles.get(str(row.output), str(row.output)), str(row.scope), str(row.threshold), method_title(str(row.method)),
            f"{row.forecasts:,}", share_text(row.passed), share_text(row.chance), f"{row.brier:.3f}",
        ]
        for row in threshold_table(test).sort_values(["output", "scope", "threshold", "brier"], kind="stable").itertuples()
    ]  # fmt: skip
    columns = {
        "output": False, "of": False, "more people than": False, "method": False, "forecasts": True, "came": True,
        "mean chance given": True, "Brier score": True,
    }  # fmt: skip
    return Table("Thresholds: chance given, and what came", columns, rows) if rows else None


def scored(test: Backtest, scores: pd.DataFrame) -> Table:
    """Every method, series and month ahead."""
    rows = []
    for row in scores.itertuples():
        series = series_title(test, str(row.place), str(row.group)) + (f" of {row.parts}" if row.parts > 1 else "")
        names = [method_title(str(row.method)), test.titles.get(str(row.output), str(row.output)), series]
        errors = [_people(row.crps), _people(row.wis), MISSING if pd.isna(row.log_score) else f"{row.log_score:.2f}"]
        rows.append([*names, str(row.horizon_months), str(row.origins), *errors, *_held(row)])
    columns = {
        "method": False, "output": False, "series": False, "months ahead": True, "origins": True, "CRPS": True, "WIS": True,
        "log score": True, **HELD,
    }  # fmt: skip
    return Table("Every method, series and month ahead", columns, rows)


def log_score_note(scores: pd.DataFrame) -> str:
    """How often log scores rest on their floor, method by method; nothing where none does."""
    share = scores.groupby("method", sort=False)["floored"].mean()
    return ", ".join(f"{method_title(str(method))} {100 * part:.1f} %" for method, part in share.items() if part > 0)


def fits(test: Backtest) -> Table | None:
    """How good corredor's fit was at each origin."""
    rows = [
        [
            str(row.origin),
            f"{row.misfit:.2f}",
            str(row.rounds),
            "yes" if row.converged else "no",
            f"{row.not_reproduced} of {row.series}",
        ]
        for row in test.fits.itertuples()
    ]
    columns = {"origin": False, "misfit": True, "rounds": True, "settled": False, "series whose last figures it missed": True}
    note = "Misfit: mean squared distance of the figures from the fit, in standard errors; about 1 or less is well."
    return Table("corredor's fit at each origin", columns, rows, note) if rows else None


def _people(error: float) -> str:
    return MISSING if pd.isna(error) else f"{error:,.0f}"


def _held(row: Any) -> list[str]:
    return [share_text(share) for share in (row.cover50, row.cover80, row.cover95)]
