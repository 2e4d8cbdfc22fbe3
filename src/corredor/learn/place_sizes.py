"""How many people each place will hold some days ahead, from the counts known by a day: a filter in four lines.

With n the last count of a place, counted on day s, r its growth per day before that, W what the model expects it to have drawn by the
target day (`expected_arrivals`, ratios only), o the day since which it can be reached or of its last zero, U people whom the published
total has gained since o and the counted places have not, t the origin and h the horizon (docs/VALIDATION.md says how the numbers were
chosen):

counted      m = n + r · τ · (1 − exp(−(t + h − s)/τ)), not below 0: growth goes on and fades within some ten days
not counted  m = ½ · exp(−(t − o)/100) · max(E, min(U · W / Σ W of the not counted, 8 · E)), times the growth of the others, where
             E = Σ n · W / Σ W of the counted is what the model expects beside them
shares       p = (1 − ε) · m/Σm + ε · W/ΣW, with ε = 0.1 · 90/(90 + t)
forecast     p · Σm

A place counts as counted from its first count above 0 on: zeros before that are mostly placeholders of places that do not report yet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEAST_COUNTED = 1 / 3
"""Share of the expected arrivals that the counted places are taken to stand for at least, before the others are worked out from them."""


@dataclass(frozen=True)
class Numbers:
    """What was chosen on the four training cases together; days unless said otherwise.

    growth_fades, growth_window, growth_span : τ; growth is taken over the window before the last count, and over at least the span
    share_not_counted, not_counted_fades, most_unexplained : the ½, the 100 and the 8 of a place that is not counted
    prior_weight, prior_fades : the 0.1 and the 90 of the model's share
    """

    growth_fades: float = 10.0
    growth_window: float = 60.0
    growth_span: float = 30.0
    share_not_counted: float = 0.5
    not_counted_fades: float = 100.0
    most_unexplained: float = 8.0
    prior_weight: float = 0.1
    prior_fades: float = 90.0


@dataclass(frozen=True)
class Known:
    """What is known on an origin.

    counts : for each place days counted and people, in order, zeros included;  total : the same of the published total
    expected : (n_places,) float      expected arrivals by the target day, in proportion; of a place that published nothing but zeros only
        those since the last zero
    since : (n_places,) int           first day on which the model expected anybody to come, or that of the last zero if it is later
    """

    day: int
    counts: list[tuple[np.ndarray, np.ndarray]]
    total: tuple[np.ndarray, np.ndarray]
    expected: np.ndarray
    since: np.ndarray


@dataclass(frozen=True)
class Sizes:
    """People in each place on the target day.

    people : (n_places,) float;  counted : (n_places,) bool;  last_count_day : (n_places,) float, nan where not counted
    """

    people: np.ndarray
    counted: np.ndarray
    last_count_day: np.ndarray


def forecast_sizes(known: Known, horizon_days: int, numbers: Numbers = Numbers()) -> Sizes:
    """People in each place `horizon_days` after the day on which this is known."""
    expected = known.expected / max(known.expected.sum(), 1e-300)
    begun = [_from_first_count(days, people) for days, people in known.counts]
    counted = np.array([len(days) > 0 for days, _ in begun])
    last_day = np.array([days[-1] if len(days) else np.nan for days, _ in begun])
    last = np.array([people[-1] if len(people) else 0.0 for _, people in begun])
    if not last.sum() > 0:
        even = expected if expected.sum() > 0 else np.full(len(last), 1 / len(last))
        return Sizes(even * max(_gained(known.total, -np.inf, known.day), 1.0), counted, last_day)
    days_ahead = known.day + horizon_days - np.where(counted, last_day, known.day)
    growth = np.array([_growth_per_day(days, people, numbers) for days, people in begun])
    gain = growth * numbers.growth_fades * (1 - np.exp(-days_ahead / numbers.growth_fades))
    people = np.where(counted, np.maximum(last + gain, 0.0), 0.0)
    common = max(gain[counted].sum() / last.sum(), 0.0)
    people += _not_counted(known, expected, counted, last.sum(), numbers) * (1 + common)
    prior = numbers.prior_weight * numbers.prior_fades / (numbers.prior_fades + max(known.day, 0)) if expected.sum() > 0 else 0.0
    shares = (1 - prior) * people / max(people.sum(), 1e-300) + prior * expected
    return Sizes(shares * people.sum(), counted, last_day)


def _from_first_count(days: np.ndarray, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    kept = np.cumsum(people > 0) > 0
    return days[kept], people[kept]


def _growth_per_day(days: np.ndarray, people: np.ndarray, numbers: Numbers) -> float:
    """Growth of a place over the days before its last count; 0 after a single count."""
    if len(days) < 2:
        return 0.0
    begin = max(days[-1] - numbers.growth_window, days[0])
    return float((people[-1] - np.interp(begin, days, people)) / max(days[-1] - begin, numbers.growth_span))


def _not_counted(known: Known, expected: np.ndarray, counted: np.ndarray, last: float, numbers: Numbers) -> np.ndarray:
    """People in places that have published nothing above 0 but can be reached; 0 elsewhere. (n_places,) float."""
    missing = np.flatnonzero(~counted & (expected > 0))
    people = np.zeros(len(expected))
    if not len(missing):
        return people
    per_expected = last / max(expected[counted].sum(), LEAST_COUNTED)
    for place in missing:
        since = int(known.since[place])
        then = sum(float(np.interp(since, days, n)) for days, n in known.counts if len(days))
        unexplained = max(_gained(known.total, since, known.day) - (last - then), 0.0)
        beside = per_expected * expected[place]
        of_total = min(unexplained * expected[place] / expected[missing].sum(), numbers.most_unexplained * beside)
        fades = np.exp(-max(known.day - since, 0) / numbers.not_counted_fades)
        people[place] = numbers.share_not_counted * fades * max(beside, of_total)
    return people


def _gained(total: tuple[np.ndarray, np.ndarray], begin: float, end: float) -> float:
    """By how much the published total rose between two days; from its first value where `begin` is before it."""
    days, people = total
    inside = days <= end
    if not inside.any():
        return 0.0
    before = days <= max(begin, days[0])
    return float(max(people[inside][-1] - people[before][-1], 0.0))
