"""What the months known so far tell of each series: a Kalman filter for every series and structure, side by side.

A series is usual level + distance from it + season + what a month has of its own. Distance and waves of the season change by chance from
month to month (structures.py). All variances are in units of the series' own monthly variance, which is learned as it changes: older months
count less (variance discounting, West & Harrison 1997), one wild month counts less (weights of the t distribution), and when all series
have become restless at once, each is taken to be (a common factor). Structures are weighed by how well they foresaw each month, older
months counting less here too (Raftery, Kárný & Ettler 2010), and a structure that foresaw the other series well has weight in this one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from corredor.learn.dynamics.structures import HARMONICS, TAILS, Structures, all_structures, waves
from corredor.learn.dynamics.width import FARTHEST, Foreseen, Width

SCALE_KEPT = 0.92
"""Weight of a month in the variance a month later."""

FIRST_SD, FIRST_MONTHS = 0.3, 6.0
"""Standard deviation (log) expected of a series of which nothing is known, and how many months that expectation is worth."""

SHARED = 0.5
"""How far each log variance is drawn to the mean of all series."""

COMMON_KEPT, COMMON_POWER = 0.7, 0.5
"""Weight of a month in the common restlessness a month later, and the power with which it enters the variance of each series."""

RECORD_KEPT = 0.98
"""Weight of a month in the record of a structure a month later."""

LEVEL_DRIFT = 0.02
"""Standard deviation by which the usual level moves in a month, in monthly standard deviations of the series."""

USUAL_LEVEL_SD, WALK_SD = 5.0, 3.0
"""Of the level in the first month, in monthly standard deviations of the series: where it has a usual level, and where it has none."""

LARGEST_SURPRISE = 4.0
"""Standard deviations at which surprises are cut where correlations are learned from them."""

CORRELATION_MONTHS = 24
"""Months for which it counts, beside those known, that all pairs of series are correlated alike."""

LOG_LARGEST = 14.0
"""Of a million people, above which the chance in a count is of no account."""


@dataclass
class Followed:
    """What is known at the end of a month. Mutable: `learn_month` carries it on.

    structures : n of them
    state : (n_series, n, 2 + 2 HARMONICS) float, log      usual level, distance from it, waves of the season
    covariance : (n_series, n, n_state, n_state) float     of the state, in units of the series' variance
    months, squares : (n_series, n) float                  discounted number of months, and sum of their squared surprises
    record : (n_series, n) float                           log of how well each structure foresaw the months
    common : how restless all series together were lately; 1 is as usual
    surprises : standardised surprise of each month so far, (n_series,) float each; nan where nothing was known
    month : of the calendar, counted from any January
    width : how much wider bands are than all this says, because of how they held
    """

    structures: Structures
    state: np.ndarray
    covariance: np.ndarray
    months: np.ndarray
    squares: np.ndarray
    record: np.ndarray
    common: float
    month: int
    surprises: list[np.ndarray] = field(default_factory=list)
    width: Width = field(default_factory=Width)

    @property
    def variance(self) -> np.ndarray:
        """Monthly variance of each series without the common factor, drawn to that of all: (n_series, n) float."""
        log_variance = np.log(self.squares / self.months)
        return np.asarray(np.exp((1 - SHARED) * log_variance + SHARED * log_variance.mean(axis=0)))

    @property
    def weight(self) -> np.ndarray:
        """Of each structure in each series: (n_series, n) float, sums of 1. The mean record of all series counts as one series more."""
        log_weight = self.record + self.record.mean(axis=0)
        weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
        return np.asarray(weight / weight.sum(axis=1, keepdims=True))

    @property
    def correlation(self) -> np.ndarray:
        """Of the surprises of the series: (n_series, n_series) float; few months draw it to the mean of all pairs."""
        n_series = len(self.state)
        if n_series == 1:
            return np.ones((1, 1))
        past = np.clip(np.nan_to_num(self.surprises), -LARGEST_SURPRISE, LARGEST_SURPRISE).reshape(-1, n_series)
        size = np.sqrt(np.maximum((past**2).sum(axis=0), 1e-12))
        seen = (past.T @ past) / np.outer(size, size)
        others = (seen.sum() - np.trace(seen)) / (n_series * (n_series - 1))
        alike = np.clip(others, 0.0, 1.0) * (1 - np.eye(n_series)) + np.eye(n_series)
        share = CORRELATION_MONTHS / (CORRELATION_MONTHS + len(past))
        return np.asarray((1 - share) * seen * (1 - np.eye(n_series)) + share * alike + (1 - share) * np.eye(n_series))


def follow(values: np.ndarray, first_month: int, known_error: np.ndarray | None = None) -> Followed:
    """Follow series from their first month to their last.

    values : (n_months, n_series) float, log       nan where nothing is known; every series needs one known month
    first_month : of the calendar, counted from any January
    known_error : (n_months, n_series) float       variance of the error of each value; none: values are log(1 + people)
    returns : what is known at the end of the last month
    """
    followed = nothing_known(first_known(values), first_month)
    for number, row in enumerate(values):
        learn_month(followed, row, None if known_error is None else known_error[number])
    return followed


def first_known(values: np.ndarray) -> np.ndarray:
    """The first known value of each series: (n_series,) float."""
    return np.asarray(values[np.argmax(~np.isnan(values), axis=0), np.arange(values.shape[1])])


def nothing_known(about: np.ndarray, first_month: int) -> Followed:
    """Before the first month; levels are expected about these values, (n_series,) float log."""
    structures = all_structures()
    n_series, n, n_state = len(about), len(structures.noise), 2 + 2 * HARMONICS
    walks = structures.persistence >= 1
    state = np.zeros((n_series, n, n_state))
    state[:, :, 0] = np.where(walks, 0.0, about[:, None])
    state[:, :, 1] = np.where(walks, about[:, None], 0.0)
    variance = np.zeros((n, n_state))
    variance[:, 0] = np.where(walks, 0.0, USUAL_LEVEL_SD**2)
    variance[:, 1] = np.where(walks, WALK_SD**2, 1 / np.maximum(1 - structures.persistence**2, 1e-9))
    variance[:, 2:] = np.outer(structures.season**2, 1 / np.repeat(np.arange(1, HARMONICS + 1), 2) ** 2)
    covariance = np.tile(variance[:, :, None] * np.eye(n_state), (n_series, 1, 1, 1))
    months = np.full((n_series, n), FIRST_MONTHS)
    return Followed(structures, state, covariance, months, months * FIRST_SD**2, np.zeros((n_series, n)), 1.0, first_month - 1)


def learn_month(followed: Followed, values: np.ndarray, known_error: np.ndarray | None = None) -> None:
    """Go on by a month and learn from it.

    values : (n_series,) float, log                nan where nothing is known
    known_error : (n_series,) float                variance of the error of each value; none: values are log(1 + people)
    """
    if followed.surprises:
        _go_on(followed)
    followed.month += 1
    looked_at = np.concatenate([[1.0, 1.0], waves(followed.month)])
    foreseen = followed.state @ looked_at
    scale = followed.variance * followed.common**COMMON_POWER
    error = chance_in_counts(foreseen) if known_error is None else known_error[:, None]
    to_state = followed.covariance @ looked_at
    spread = to_state @ looked_at + followed.structures.noise + error / scale
    known = ~np.isnan(values)
    surprise = np.where(known[:, None], np.nan_to_num(values)[:, None] - foreseen, 0.0)
    if followed.surprises:
        followed.surprises.append(_learn_sizes(followed, surprise, spread, scale, known))
    else:
        followed.surprises.append(np.full(len(values), np.nan))
    gain = np.where(known[:, None], 1 / spread, 0.0)[..., None] * to_state
    followed.state = followed.state + gain * surprise[..., None]
    followed.covariance = followed.covariance - gain[..., :, None] * to_state[..., None, :]
    followed.width.learn(followed.month, values)
    _foresee(followed, counts=known_error is None)


def _foresee(followed: Followed, counts: bool) -> None:
    """Note what is foreseen of the months ahead, to see later how it held."""
    correlation = followed.correlation
    for ahead in range(1, FARTHEST + 1):
        mean, variance = moments_ahead(followed, ahead, counts)
        share = share_of_people(mean) if counts else np.full(len(mean), 1 / len(mean))
        scale = np.sqrt(variance)
        with_total = scale * (correlation @ (share * scale))
        foreseen = Foreseen(mean, scale, share, float(np.sqrt(share @ with_total)), with_total)
        followed.width.foreseen.setdefault(followed.month + ahead, {})[ahead] = foreseen


def share_of_people(logs: np.ndarray) -> np.ndarray:
    """Of each series in all; logs : (n_series,) float, log(1 + people)."""
    people = np.exp(logs - logs.max())
    return np.asarray(people / people.sum())


def moments_ahead(followed: Followed, ahead: int, counts: bool) -> tuple[np.ndarray, np.ndarray]:
    """Mean and squared scale of each series so many months ahead, over all structures, without its width: (n_series,) float, log."""
    structures, variance = followed.structures, followed.variance * followed.common**COMMON_POWER
    kept = kept_share(structures) ** ahead
    looked_at = kept * np.concatenate([[1.0, 1.0], waves(followed.month + ahead)])
    mean = (followed.state * looked_at).sum(axis=-1)
    spread = ((followed.covariance @ looked_at[:, :, None])[..., 0] * looked_at).sum(axis=-1)
    grown = sum(kept_share(structures)[:, 1] ** (2 * month) for month in range(ahead))
    drift = drift_variance(structures)
    spread = spread + grown + ahead * (drift[:, 0] + HARMONICS * structures.season_drift**2) + structures.noise
    squared = spread * variance + (chance_in_counts(mean) if counts else 0.0)
    weight = followed.weight
    middle = (weight * mean).sum(axis=1)
    return middle, (weight * (squared + (mean - middle[:, None]) ** 2)).sum(axis=1)


def chance_in_counts(log_people: np.ndarray) -> np.ndarray:
    """Variance of log(1 + people) that is chance alone (Poisson)."""
    return np.asarray(1 / (1 + np.exp(np.clip(log_people, 0.0, LOG_LARGEST))))


def _go_on(followed: Followed) -> None:
    """The state a month later, before anything is known of it."""
    n_state = followed.state.shape[2]
    kept, drift = kept_share(followed.structures), drift_variance(followed.structures)
    followed.state = followed.state * kept
    followed.covariance = followed.covariance * kept[:, :, None] * kept[:, None, :] + drift[:, :, None] * np.eye(n_state)


def kept_share(structures: Structures) -> np.ndarray:
    """Share of each part of the state that is left after a month: (n, n_state) float."""
    share = np.ones((len(structures.noise), 2 + 2 * HARMONICS))
    share[:, 1] = structures.persistence
    return share


def drift_variance(structures: Structures) -> np.ndarray:
    """Variance that a month adds to each part of the state, in units of the series' variance: (n, n_state) float."""
    variance = np.ones((len(structures.noise), 2 + 2 * HARMONICS))
    variance[:, 0] = np.where(structures.persistence >= 1, 0.0, LEVEL_DRIFT**2)
    variance[:, 2:] = structures.season_drift[:, None] ** 2
    return variance


def _learn_sizes(
    followed: Followed, surprise: np.ndarray, spread: np.ndarray, scale: np.ndarray, known: np.ndarray
) -> np.ndarray:
    """Learn variances, records and the common factor from a month's surprises.

    surprise, spread, scale : (n_series, n) float      spread in units of scale
    returns : (n_series,) float, standardised surprises over all structures; nan where nothing was known
    """
    squared = surprise**2 / spread / scale
    density = -0.5 * np.log(spread * scale) - (TAILS + 1) / 2 * np.log1p(squared / TAILS)
    followed.record = RECORD_KEPT * followed.record + np.where(known[:, None], density, 0.0)
    weight = np.exp(followed.record - followed.record.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    tamed = (TAILS + 1) / (TAILS + squared) * squared
    if known.any():
        lately = float((weight * tamed).sum(axis=1)[known].mean()) * followed.common**COMMON_POWER
        before, followed.common = followed.common, COMMON_KEPT * followed.common + (1 - COMMON_KEPT) * lately
        without_common = scale / before**COMMON_POWER
        learns = known[:, None]
        followed.months = np.where(learns, SCALE_KEPT * followed.months + 1, followed.months)
        new = SCALE_KEPT * followed.squares + tamed * without_common
        followed.squares = np.where(learns, new, followed.squares)
    return np.where(known, (weight * surprise / np.sqrt(spread * scale)).sum(axis=1), np.nan)
