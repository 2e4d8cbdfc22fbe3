"""Pictures of a backtest: corredor beside the last value, how often its bands held, where what came lay in its forecasts."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from corredor.learn.backtest.at_origin import OWN
from corredor.learn.backtest.calibration import KINDS, coverage_by, pit_histogram
from corredor.learn.backtest.paired_tests import MEAN, SERIES
from corredor.learn.backtest.rolling import Backtest
from corredor.learn.backtest.verdict import NAIVE, method_title, series_title
from corredor.pages.charts.coverage_chart import CoverageRow, coverage_chart
from corredor.pages.charts.pit_chart import pit_chart
from corredor.pages.charts.skill_chart import SkillRow, skill_chart
from corredor.pages.report.figure import FULL_PX, HALF_PX, NARROW_PX, Picture

PIT_HEIGHT_PX = 210.0
HALVES = (HALF_PX * 0.9, NARROW_PX)


@dataclass(frozen=True)
class Calibration:
    """Two pictures of one output: by year and kind of time, and by place in the forecasts."""

    title: str
    coverage: Picture
    places: Picture


def skill_pictures(test: Backtest, scores: pd.DataFrame, paired: pd.DataFrame) -> list[tuple[str, Picture]]:
    """One picture for each output: the error of each series against that of the last value."""
    made = []
    for output, part in scores.groupby("output", sort=False):
        crps = part.set_index(["method", "place", "group", "horizon_months"])["crps"]
        if not {OWN, NAIVE} <= set(part["method"]):
            continue
        change = (crps[OWN] / crps[NAIVE] - 1).unstack("horizon_months")
        change = change.dropna().sort_values(change.columns[-1])
        if change.empty:
            continue
        of_output = paired[(paired["output"] == output) & (paired["method"] == NAIVE) & (paired["scope"] != MEAN)]
        farthest = of_output[of_output["horizon_months"] == change.columns[-1]].dropna(subset=["low"])
        intervals = {(row.place, row.group): (row.low - 1, row.high - 1) for row in farthest.itertuples()}
        rows = [SkillRow(series_title(test, *name), list(row), intervals.get(name)) for name, row in change.iterrows()]
        widths = (FULL_PX * 0.75, NARROW_PX)
        wide, narrow = (skill_chart(rows, list(change.columns), method_title(NAIVE), width) for width in widths)
        made.append((test.titles.get(str(output), str(output)), Picture(wide, narrow)))
    return made


def calibration_pictures(test: Backtest) -> list[Calibration]:
    """For each output of which corredor forecast series: coverage by year and kind of time, and places in the forecasts."""
    if OWN not in test.methods:
        return []
    coverage, places = coverage_by(test), pit_histogram(test)
    coverage = coverage[(coverage["method"] == OWN) & (coverage["scope"] == SERIES)]
    places = places[(places["method"] == OWN) & (places["scope"] == SERIES)]
    made = []
    for output, part in coverage.groupby("output", sort=False):
        title = test.titles.get(str(output), str(output))
        kinds = part.groupby("by")["value"].transform("nunique")
        told = part[(part["by"] == "year") | (kinds > 1)]
        told = told.sort_values("by", key=lambda by: by.map(list(KINDS).index), kind="stable")
        rows = [
            CoverageRow(
                ("counts " if one.by == "direction" else "") + str(one.value),
                (one.cover50, one.cover80, one.cover95),
                int(one.outcomes),
            )
            for one in told.itertuples()
        ]
        shares = places[places["output"] == output]["share"].tolist()
        what = f"corredor's forecasts of {title}"
        by_time = Picture(*(coverage_chart(rows, what, width) for width in HALVES))
        made.append(Calibration(title, by_time, Picture(*(pit_chart(shares, what, width, PIT_HEIGHT_PX) for width in HALVES))))
    return made
