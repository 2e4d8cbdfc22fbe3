"""How well would corredor have forecast? Made again and again as of past days, and held against what came and against simple methods.

published      the study's figures as monthly series: known on a day, and what came
own_forecast   what corredor says at an origin, and how good its fit is
at_origin      every method's forecasts at one origin, scored
rolling        origin after origin, kept as they finish
verdict        tables of scores, and what they say in words
"""

from __future__ import annotations

from corredor.learn.backtest.at_origin import METHODS
from corredor.learn.backtest.own_forecast import Effort
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
    "fit_words",
    "headline",
    "overall_table",
    "read_months",
    "score_table",
]
