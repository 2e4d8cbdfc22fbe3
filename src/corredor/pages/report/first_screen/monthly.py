"""An output month by month: what was published, what the draws say, and what they say would be published."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from corredor.pages.report.published import rows_of, sums_of_parts
from corredor.results.quantiles import draws_at_once, slices
from corredor.results.view import PLACE_DIMENSIONS, Run, Series
from corredor.results.wording import period_text

FEWEST_MONTHS = 3
"""With fewer whole months than this a series is looked at by its own days or weeks."""
ROUNDING = 0.05
"""A range narrower than this share of its upper end is a rounded number, and stands for its middle."""
MOST_PEOPLE = 0.9
"""Parts that were published stand for an output when the draws have at least this share of its people in them."""
PLURALS = {"place": "places", "region": "regions", "country": "countries"}
Days = tuple[dt.date, dt.date]
CUT_BY = re.compile(r",? by (sector|region|route|place|country|citizenship|group|kind|road|way)\b[^,]*$")


@dataclass(frozen=True)
class Monthly:
    """One output by whole calendar months, or by its own periods in a study of a few weeks.

    starts : (n_periods,) datetime64
    published : (n_periods,) float          not-a-number where no figure is for just these days
    values : (n_periods,) float             what happened, as far as is known: published figures where there is one for every period, else
        medians over draws
    totals : (n_draws,) float               of all periods: sum of a flow, mean of a stock or wait
    sums : (n_draws,) float                 of the whole output over the whole study, its first and last days too
    parts : which parts alone are counted, where the others were never published: “6 of 7 regions”
    series, weights : what is counted, summed over its own periods by weights (n_of_them, n_periods)
    figures : period → numbers of the figures that make up what was published for it
    """

    name: str
    every: str
    starts: np.ndarray
    published: np.ndarray
    values: np.ndarray
    totals: np.ndarray
    sums: np.ndarray
    parts: str
    run: Run = field(repr=False)
    series: tuple[Series, ...]
    weights: np.ndarray
    figures: Mapping[int, np.ndarray]

    @property
    def draws(self) -> np.ndarray:
        """(n_draws, n_periods) float: sum of a flow, mean of a stock or wait; read anew each time, since a page tells of many outputs."""
        return _draws(self.run, self.series, self.weights)

    @property
    def expected(self) -> np.ndarray:
        """(n_draws, n_periods) float: what each draw says would be published; not-a-number where nothing was. Read anew each time."""
        predicted = self.run.arrays["observation_predicted"].variable
        found = np.full((self.run.n_draws, len(self.starts)), np.nan)
        for draws in slices(self.run.n_draws, draws_at_once(predicted)):
            values = predicted.isel(draw=draws).to_numpy()
            for at, own in self.figures.items():
                found[draws, at] = values[:, own].sum(axis=1)
        return found

    @property
    def is_published(self) -> bool:
        """Whether figures were published for every period."""
        return bool(np.isfinite(self.published).all())

    def period(self, at: int) -> str:
        return period_text(self.starts[at], self.every)


def monthly(run: Run, once: pd.DataFrame, name: str) -> Monthly:
    """once : rows of `published.observations`, of each number its last revision"""
    every, spans = _spans(run, name)
    found = _rows_of_days(run, once, name)
    series, parts = [Series(name)], ""
    if not set(spans) <= set(found):
        published_parts = _parts_published_throughout(run, once, name, spans)
        if published_parts is not None:
            series, found, parts = published_parts
    weights = np.stack([run.window(name, first, last) for first, last in spans], axis=1)
    starts, published = np.array([first for first, _ in spans], dtype="datetime64[ns]"), np.full(len(spans), np.nan)
    figures = {at: found[days].index.to_numpy() for at, days in enumerate(spans) if days in found}
    for at in figures:
        published[at] = _allowed(found[spans[at]]).sum()
    # in one reading with the months, unless these are of some parts alone
    draws = _draws(run, series, np.column_stack([weights, np.ones(len(weights))]))
    sums = draws[:, -1].copy() if not parts else run.drawn(Series(name)).totals()
    draws = draws[:, :-1]
    totals = draws.mean(axis=1) if run.is_mean(name) else draws.sum(axis=1)
    values = published if np.isfinite(published).all() else np.median(draws, axis=0, overwrite_input=True)
    return Monthly(name, every, starts, published, values, totals, sums, parts, run, tuple(series), weights, figures)


def _draws(run: Run, series: Sequence[Series], weights: np.ndarray) -> np.ndarray:
    return np.asarray(sum(run.drawn(one).weighed(weights) for one in series))


def plain_title(run: Run, name: str) -> str:
    """The title of an output without how its pictures divide it: “, by sector”."""
    return CUT_BY.sub("", run.title(name))


def place_name(run: Run, key: str) -> str:
    """A place, region or group as a sentence names it: without remarks in brackets or after a comma."""
    return run.name_of(key).split(" (")[0].split(", ")[0]


def counted(run: Run, name: str, value: float, every: str = "month") -> str:
    """A number with what it counts: 12,300 a month; 450 people; 12 days."""
    text = run.wording(name).rounded(value)
    if run.is_mean(name):
        return f"{text} {'people' if run.unit(name) == 'people' else run.unit(name)}"
    return f"{text} a {every}"


def _spans(run: Run, name: str) -> tuple[str, list[Days]]:
    """First and last days of the whole months of a study; of its own periods where it has too few months."""
    months = pd.period_range(run.first_day, run.last_day, freq="M")
    days = [(month.start_time.date(), month.end_time.date()) for month in months]
    whole = [(first, last) for first, last in days if first >= run.first_day and last <= run.last_day]
    if len(whole) >= FEWEST_MONTHS:
        return "month", whole
    starts = [pd.Timestamp(start).date() for start in run.starts(name)]
    ends = [*(start - dt.timedelta(days=1) for start in starts[1:]), run.last_day]
    return run.time_of(name), list(zip(starts, ends, strict=True))


def _rows_of_days(run: Run, once: pd.DataFrame, name: str) -> dict[Days, pd.DataFrame]:
    """Days → figures that make up the whole output over these days: one for all of it, else one for each of its parts."""
    if once.empty:
        return {}
    found = sums_of_parts(run, once, Series(name))
    for label, row in rows_of(once, Series(name)).iterrows():
        found[str(row["first"]), str(row["last"])] = once.loc[[label]]
    dated = {(dt.date.fromisoformat(first), dt.date.fromisoformat(last)): rows for (first, last), rows in found.items()}
    return {days: rows for days, rows in dated.items() if np.isfinite(_allowed(rows)).all()}


def _parts_published_throughout(
    run: Run, once: pd.DataFrame, name: str, spans: list[Days]
) -> tuple[list[Series], dict[Days, pd.DataFrame], str] | None:
    """The parts of an output that were published for every period, if most people are in them: series, figures, words."""
    dimension = run.dimension_in(name, PLACE_DIMENSIONS)
    if once.empty or dimension is None or not run.adds_up(name):
        return None
    labels = run.labels(name, dimension)
    rows = once[(once["output"] == name) & (once["group"] == "") & once["place"].isin(labels)]
    rows = rows[np.isfinite(_allowed(rows))]
    wanted = {(str(first), str(last)) for first, last in spans}
    covered = {label: {*zip(own["first"], own["last"], strict=True)} for label, own in rows.groupby("place")}
    kept = [label for label in labels if wanted <= covered.get(label, set())]
    if not kept:
        return None
    series = [Series(name, place=label) for label in kept]
    people, everybody = (sum(run.drawn(one).totals().sum() for one in several) for several in (series, [Series(name)]))
    share = people / max(everybody, 1e-9)
    if share < MOST_PEOPLE:
        return None
    own = rows[rows["place"].isin(kept)]
    found = {days: own[(own["first"] == str(days[0])) & (own["last"] == str(days[1]))] for days in spans}
    return series, found, f"{len(kept)} of {len(labels)} {PLURALS[dimension]}"


def _allowed(rows: pd.DataFrame) -> np.ndarray:
    """The number of each figure; of a rounded one its middle; not-a-number for a wide or open range."""
    value, low, high = (rows[column].to_numpy(dtype=float) for column in ("value", "low", "high"))
    rounded = np.where(high - low <= ROUNDING * high, (low + high) / 2, np.nan)
    return np.where(np.isfinite(value), value, rounded)
