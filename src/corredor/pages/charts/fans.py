"""Fans: what many simulations say of one series, and the published figures beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from corredor.results.quantiles import MEDIAN, PROBABILITIES, column_quantiles

BANDS = ((0, 6, 95), (1, 5, 80), (2, 4, 50))
"""Rows of PROBABILITIES that bound a band, and its share of draws in %; widest first."""


@dataclass(frozen=True)
class Fan:
    """Quantiles over draws, period by period.

    starts : (n_periods,) datetime64    first moment of each period
    end : datetime64                    last moment of the last period
    quantiles : (7, n_periods) float    rows as in PROBABILITIES; not a number where they are hidden
    every : month, week, day or step
    """

    starts: np.ndarray
    end: np.datetime64
    quantiles: np.ndarray
    every: str

    @property
    def median(self) -> np.ndarray:
        return np.asarray(self.quantiles[MEDIAN])

    @property
    def ends(self) -> np.ndarray:
        return np.append(self.starts[1:], self.end)

    @property
    def middles(self) -> np.ndarray:
        return np.asarray(self.starts + (self.ends - self.starts) / 2)


@dataclass(frozen=True)
class PublishedFigure:
    """A published number at its place in a fan.

    first, last : datetime64            beginning and end of the time it is for
    value, low, high : float            number or range as the series counts it; NaN where not given; an open end is infinite
    provisional, later : bool           drawn hollow; later: published after the day from which a forecast looks ahead
    averaged : bool                     an average over several periods, drawn as a line
    expected_low, expected_high : float 80 % band of what the model says would be published; NaN where not drawn
    text : str                          what is said when pointed at
    """

    first: np.datetime64
    last: np.datetime64
    value: float
    low: float
    high: float
    provisional: bool = False
    averaged: bool = False
    expected_low: float = np.nan
    expected_high: float = np.nan
    text: str = ""
    later: bool = False

    @property
    def middle(self) -> np.datetime64:
        return self.first + (self.last - self.first) / 2

    @property
    def largest(self) -> float:
        finite = [x for x in (self.value, self.low, self.high) if np.isfinite(x)]
        return max(finite, default=0.0)


@dataclass(frozen=True)
class DateMark:
    """A dated act or event that a letter stands for in all fans of a report; without a letter, where what was known ends."""

    letter: str
    date: np.datetime64
    title: str


def fan_of(draws: np.ndarray, starts: np.ndarray, end: np.datetime64, every: str) -> Fan:
    """Quantiles of draws.

    draws : (n_draws, n_periods) float, unit of the series
    """
    return Fan(np.asarray(starts), end, column_quantiles(draws, PROBABILITIES), every)


def fan_top(fan: Fan, published: Sequence[PublishedFigure] = ()) -> float:
    """Upper end of the axis: all of the 95 % band, unless it dwarfs what matters; then it is cut, which the chart says.

    A band from priors alone can reach ten times the median; drawn whole it would flatten everything else.
    """
    inner = max([largest(fan.quantiles[5]), *(figure.largest for figure in published)])
    outer = largest(fan.quantiles[6])
    return max(inner, outer) if outer <= 2.5 * inner else 1.1 * inner


def largest(values: np.ndarray) -> float:
    """The largest of the numbers that are not hidden; 0 where there is none."""
    return float(np.nanmax(values, initial=0.0))


def known(fan: Fan) -> Fan:
    """The same without the periods whose numbers are hidden."""
    kept = ~np.isnan(fan.quantiles[MEDIAN])
    return fan if kept.all() else replace(fan, starts=fan.starts[kept], quantiles=fan.quantiles[:, kept])


def focused(fan: Fan, published: Sequence[PublishedFigure] = ()) -> Fan:
    """The part of a fan in which something happens, when that is short: a camp of ten weeks is lost in two years.

    Kept: all periods from the first to the last with more than 1 % of the highest value or with a published figure, and a margin.
    """
    n_periods = fan.quantiles.shape[1]
    highest = np.nan_to_num(fan.quantiles[6])
    alive = highest > 0.01 * highest.max(initial=0.0)
    for figure in published:
        alive |= (fan.starts <= figure.middle) & (figure.middle < fan.ends) & (figure.largest > 0)
    found = np.flatnonzero(alive)
    if len(found) == 0:
        return fan
    margin = max(3, (found[-1] - found[0]) // 12)
    first, last = max(found[0] - margin, 0), min(found[-1] + margin, n_periods - 1)
    if last - first + 1 > 0.6 * n_periods:
        return fan
    return between(fan, fan.starts[first], fan.ends[last])


def between(fan: Fan, first: np.datetime64, end: np.datetime64) -> Fan:
    """The periods that begin at `first` or later and end at `end` or before."""
    kept = (fan.starts >= first) & (fan.ends <= end)
    return replace(fan, starts=fan.starts[kept], end=fan.ends[kept][-1], quantiles=fan.quantiles[:, kept])


def thinned(fan: Fan, most_periods: int) -> Fan:
    """The same fan with at most so many points: several periods become one, as wide as the widest of them, with their middle median.

    Nothing that stood out of a band's edge is lost; only where within the few joined periods it stood.
    """
    n_periods = fan.quantiles.shape[1]
    joined = -(-n_periods // most_periods)
    if joined <= 1:
        return fan
    cuts = range(0, n_periods, joined)
    columns = []
    for first in cuts:
        part = fan.quantiles[:, first : first + joined]
        columns.append(np.concatenate([part[:MEDIAN].min(axis=1), [np.median(part[MEDIAN])], part[MEDIAN + 1 :].max(axis=1)]))
    return replace(fan, starts=fan.starts[list(cuts)], quantiles=np.stack(columns, axis=1))
