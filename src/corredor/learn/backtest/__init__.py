"""How well would corredor have forecast? Made again and again as of past days, and held against what came and against simple methods.

sums           totals of such series over places and groups
own_forecast   what corredor says at an origin, and how good its fit is
regimes        what kind of time a forecast was about
thresholds     numbers of people whose passing is scored
at_origin      every method's forecasts at one origin, scored
rolling        origin after origin, kept as they finish
paired_tests   corredor beside each other method, with the interval that chance allows
calibration    whether forecasts claimed as much certainty as they had
shown          what of it may be passed on: no figure of few people, and none that would give one away
verdict        tables of scores, and what they say in words
"""

from __future__ import annotations

from corredor.learn.backtest.at_origin import METHODS
from corredor.learn.backtest.calibration import coverage_by, pit_histogram, threshold_table
from corredor.learn.backtest.own_forecast import Effort
from corredor.learn.backtest.paired_tests import paired_table
from corredor.learn.backtest.rolling import Backtest, LeftOut, NotPossible, Stopped, backtest, read_months
from corredor.learn.backtest.verdict import fit_words, headline, overall_table, score_table

__all__ = [
    "METHODS",
    "Backtest",
    "Effort",
    "LeftOut",
    "NotPossible",
    "Stopped",
    "backtest",
    "coverage_by",
    "fit_words",
    "headline",
    "overall_table",
    "paired_table",
    "pit_histogram",
    "read_months",
    "score_table",
    "threshold_table",
]
