"""How well would corredor have forecast? Made again and again as of past days, and held against what came and against simple methods.

published      the study's figures as monthly series: known on a day, and what came
own_forecast   what corredor says at an origin
rolling        origin after origin: forecast, score, keep
verdict        tables of scores, and what they say in words
"""

from __future__ import annotations

from corredor.learn.backtest.own_forecast import Effort
from corredor.learn.backtest.rolling import METHODS, Backtest, LeftOut, NotPossible, Stopped, backtest, read_months
from corredor.learn.backtest.verdict import headline, overall_table, score_table

__all__ = [
    "METHODS",
    "Backtest",
    "Effort",
    "LeftOut",
    "NotPossible",
    "Stopped",
    "backtest",
    "headline",
    "overall_table",
    "read_months",
    "score_table",
]
