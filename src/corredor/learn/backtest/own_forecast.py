"""corredor's own forecast at an origin: fitted to what was published by then, simulated forward with all noise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from corredor._simulate import simulate
from corredor.engine.fitted import Fitted
from corredor.learn.fit import fit
from corredor.learn.monthly_series import SeriesName
from corredor.study.calendar import first_day, month_number
from corredor.study.model import Model
from corredor.study.schema import Observation


@dataclass(frozen=True)
class Effort:
    """How much work goes into each forecast.

    draws : draws simulated, and samples of the other methods
    members : draws carried through the fit
    rounds : most rounds of the fit
    window_months : months before the origin from which the model starts and is fitted; none: from the study's first day
    """

    draws: int = 500
    members: int = 100
    rounds: int = 12
    window_months: int | None = None


@dataclass(frozen=True)
class OwnForecast:
    """What corredor says at an origin, and what its fit says against itself.

    samples : (n_draws, n_targets) float people, as they would be published (M14); NaN where the fit is of no use
    misfit : mean squared distance of the figures from the fit, in standard errors
    rounds, converged : how many rounds the fit took, and whether its cost had stalled then
    missed : series whose last known figures the fit does not reproduce; none of its forecasts should stand
    """

    samples: np.ndarray
    misfit: float
    rounds: int
    converged: bool
    missed: frozenset[SeriesName]


def own_forecast(
    model: Model, as_of: dt.date, targets: Sequence[Observation], effort: Effort, seed: int, jobs: int | None
) -> OwnForecast:
    """What corredor says on a day of figures that are published later.

    targets : figures to forecast; only their output, place, group and days are used, never their values
    raises : NothingToLearn when no figure was published by the day; StudyError
    """
    known = model.as_known_on(as_of)
    if effort.window_months is not None:
        known = known.since(window_start(model, as_of, effort.window_months))
    fitted = fit(known, until=as_of, as_of=as_of, draws=effort.members, iterations=effort.rounds, seed=seed, jobs=jobs)
    if fitted.troubles:
        samples = np.full((effort.draws, len(targets)), np.nan)
        return _told(fitted, samples, [SeriesName(row.output, row.place or "", row.group or "") for row in targets])
    ahead = replace(known.until(max(row.to for row in targets)), observations=tuple(targets))
    dataset = simulate(ahead, draws=effort.draws, seed=seed, jobs=jobs, fitted=fitted)
    missed = [SeriesName(*name) for one in fitted.diagnostics["missed"] for name in one["series"]]
    return _told(fitted, np.asarray(dataset["observation_predicted"].to_numpy(), dtype=float), missed)


def window_start(model: Model, as_of: dt.date, months: int) -> dt.date:
    """First day of the month so many months before the one after a day, or the study's own first day when that is later."""
    return max(model.study.from_, first_day(month_number(as_of) + 1 - months))


def _told(fitted: Fitted, samples: np.ndarray, missed: Sequence[SeriesName]) -> OwnForecast:
    misfits = fitted.diagnostics["misfits"]
    return OwnForecast(samples, misfits[-1], len(misfits) - 1, fitted.diagnostics["converged"], frozenset(missed))
