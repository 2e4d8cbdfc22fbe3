"""Rolling forecasts of a stock by place: on every day, from what was published by then, so many days ahead, with bands.

Nothing later than the origin is used: no count, no total, no conflict, no closure, no capacity. How many people a place will hold is said
by `place_sizes`; here it is asked on every day, and the width of the bands is learned from how far off earlier forecasts of this
same case were, as far as that was known by then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.learn.expected_arrivals import ExpectedArrivals, expected_arrivals
from corredor.learn.place_sizes import Known, Sizes, forecast_sizes
from corredor.learn.published_counts import PublishedCounts, counts_in_all, counts_of_places
from corredor.study.model import Model

FEW_PEOPLE = 10.0
"""Added to forecast and count before their logs are compared, so that a handful of people more or fewer is no great error."""

SCALE_DOWN, SCALE_UP, SCALE_UP_EARLY, EARLY_FADES = 0.05, 0.07, 1.0, 50.0
"""Mean distance of log counts below and above the forecast, 30 days after the last count; above, more in a case's first weeks (days)."""

SCALE_NOT_COUNTED = 1.2
"""The same, on both sides, for a place that publishes nothing yet: its 80 % band goes from a seventh of the forecast to seven times it. No
band is wider."""

PRIOR_ERRORS, ERRORS_FADE_DAYS = 10.0, 60.0
"""How many errors of the case itself the scales above are worth, and after how many days an error counts half."""


@dataclass(frozen=True)
class RollingForecast:
    """Forecasts for every day that is far enough from the first one.

    target_day : (n,) int, from the study's first day;  the origin is `horizon_days` earlier
    forecast, last_known : (n, n_places) float people; medians, and the counts known on the origin
    scale_down, scale_up : (n, n_places) float    mean distance of the log of a count below and above the median (Laplace)
    outcomes : (target, place, people) of every count that was published on its own day, as it was then; numbers of rows and columns
    """

    places: tuple[str, ...]
    horizon_days: int
    target_day: np.ndarray
    forecast: np.ndarray
    last_known: np.ndarray
    scale_down: np.ndarray
    scale_up: np.ndarray
    outcomes: tuple[tuple[int, int, float], ...] = ()

    def share_inside(self, band: float = 0.8) -> float:
        """Share of the outcomes inside the central band, ends included; nan where there are none."""
        low, high = self.quantile((1 - band) / 2), self.quantile((1 + band) / 2)
        held = [low[target, place] <= people <= high[target, place] for target, place, people in self.outcomes]
        return float(np.mean(held)) if held else float("nan")

    def quantile(self, level: float) -> np.ndarray:
        """People that are not exceeded with a chance of `level`, 0–1, place by place: (n, n_places) float."""
        if level < 0.5:
            shift = self.scale_down * np.log(2 * level)
        else:
            shift = -self.scale_up * np.log(2 * (1 - level))
        moved = (self.forecast + FEW_PEOPLE) * np.exp(shift) - FEW_PEOPLE
        return np.asarray(np.where(self.forecast > 0, np.maximum(moved, 0.0), 0.0))


def forecast_rolling(model: Model, output: str, horizon_days: int, *, as_published: bool = False) -> RollingForecast:
    """Forecasts from every day of a study, with what was published by then.

    output : a daily stock by place, of one status, with published counts
    horizon_days : from origin to target
    as_published : counts as they were before later registrations; otherwise as they are believed today, each from the day on which it was
        first published
    raises : ValueError, when the study has no such output or is shorter than the horizon
    """
    expected = expected_arrivals(model, output, horizon_days)
    counts = counts_of_places(model, output, expected.places, as_published)
    return forecast_from_counts(expected, counts, counts_in_all(model), horizon_days)


def forecast_from_counts(
    expected: ExpectedArrivals, counts: list[PublishedCounts], total: PublishedCounts, horizon_days: int
) -> RollingForecast:
    """Forecasts from every day; `expected` and `counts` are in the same order of places."""
    origins = np.arange(len(expected.ahead))
    sizes, last_known = [], []
    for day in origins:
        known = known_on(expected, counts, total, int(day))
        sizes.append(forecast_sizes(known, horizon_days))
        last_known.append([people[-1] if len(people) else 0.0 for _, people in known.counts])
    forecast = np.array([one.people for one in sizes])
    scale_down, scale_up = _scales(sizes, horizon_days)
    factor_down, factor_up = _learned_factors(sizes, counts, horizon_days, scale_down, scale_up)
    counted = np.array([one.counted for one in sizes])
    return RollingForecast(
        expected.places,
        horizon_days,
        origins + horizon_days,
        forecast,
        np.array(last_known),
        np.where(counted, np.minimum(scale_down * factor_down[:, None], SCALE_NOT_COUNTED), SCALE_NOT_COUNTED),
        np.where(counted, np.minimum(scale_up * factor_up[:, None], SCALE_NOT_COUNTED), SCALE_NOT_COUNTED),
        _outcomes(counts, horizon_days, len(origins)),
    )


def known_on(expected: ExpectedArrivals, counts: list[PublishedCounts], total: PublishedCounts, day: int) -> Known:
    """What is known on an origin; `expected` and `counts` are in the same order of places."""
    known = [one.known_on(day) for one in counts]
    since = expected.reachable_since(day)
    arrived = np.zeros(len(known))
    for place, (days, people) in enumerate(known):
        if len(days) and not people.any() and days[-1] > since[place]:
            since[place] = int(days[-1])
            arrived[place] = expected.before[since[place], place]
    return Known(day, known, total.known_on(day), expected.ahead[day] - arrived, since)


def _outcomes(counts: list[PublishedCounts], horizon_days: int, n_targets: int) -> tuple[tuple[int, int, float], ...]:
    found = []
    for place, one in enumerate(counts):
        for counted, published, people in zip(one.counted.tolist(), one.published.tolist(), one.people.tolist(), strict=True):
            if counted == published and 0 <= counted - horizon_days < n_targets:
                found.append((counted - horizon_days, place, people))
    return tuple(found)


def _scales(sizes: list[Sizes], horizon_days: int) -> tuple[np.ndarray, np.ndarray]:
    """Scales before this case's errors are looked at: (n_origins, n_places) each; they grow with the root of the days since a count."""
    day = np.arange(len(sizes))[:, None]
    since_count = day + horizon_days - np.array([one.last_count_day for one in sizes])
    root = np.sqrt(np.nan_to_num(since_count, nan=30.0) / 30.0)
    return root * SCALE_DOWN, root * (SCALE_UP + SCALE_UP_EARLY * np.exp(-day / EARLY_FADES))


def _learned_factors(
    sizes: list[Sizes], counts: list[PublishedCounts], horizon_days: int, scale_down: np.ndarray, scale_up: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What errors known by each origin make of the scales: (n_origins,) each.

    With prior weight ν and errors e in units of their scale (0 on the other side, so a mean of ½ is right), fading with weights w:
    (ν + Σ w · 2e)/(ν + Σ w).
    """
    seen: list[tuple[int, float, float]] = []
    for place, one in enumerate(counts):
        for counted, published, people in zip(one.counted.tolist(), one.published.tolist(), one.people.tolist(), strict=True):
            origin = counted - horizon_days
            if 0 <= origin < len(sizes) and sizes[origin].counted[place]:
                error = float(np.log((people + FEW_PEOPLE) / (sizes[origin].people[place] + FEW_PEOPLE)))
                down, up = scale_down[origin, place], scale_up[origin, place]
                seen.append((published, 2 * max(-error, 0.0) / down, 2 * max(error, 0.0) / up))
    published, down_errors, up_errors = np.array(seen).reshape(-1, 3).T
    factors = np.ones((2, len(sizes)))
    for day in range(len(sizes)):
        known = published <= day
        weight = 0.5 ** ((day - published[known]) / ERRORS_FADE_DAYS)
        for side, errors in enumerate((down_errors[known], up_errors[known])):
            factors[side, day] = (PRIOR_ERRORS + weight @ errors) / (PRIOR_ERRORS + weight.sum())
    return factors[0], factors[1]
