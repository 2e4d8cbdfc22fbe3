"""corredor's own forecast at an origin: fitted to what was published by then, simulated forward with all noise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from corredor._simulate import simulate
from corredor.learn.fit import fit
from corredor.study.calendar import first_day, month_number
from corredor.study.model import Model
from corredor.study.schema import Observation


@dataclass(frozen=True)
class Effort:
    """How much work goes into each forecast.

    draws : draws simulated, and samples of the simple methods
    members : draws carried through the fit
    rounds : rounds of the fit
    window_months : months before the origin from which the model starts and is fitted; none: from the study's first day
    """

    draws: int = 500
    members: int = 100
    rounds: int = 4
    window_months: int | None = None


def own_forecast(
    model: Model, as_of: dt.date, targets: Sequence[Observation], effort: Effort, seed: int, jobs: int | None
) -> np.ndarray:
    """What corredor says on a day of figures that are published later.

    targets : figures to forecast; only their output, place, group and days are used, never their values
    returns : (n_draws, n_targets) float people, as they would be published (M14)
    raises : NothingToLearn when no figure was published by the day; StudyError
    """
    known = model.as_known_on(as_of)
    if effort.window_months is not None:
        known = known.since(window_start(model, as_of, effort.window_months))
    fitted = fit(known, until=as_of, as_of=as_of, draws=effort.members, iterations=effort.rounds, seed=seed, jobs=jobs)
    ahead = replace(known.until(max(row.to for row in targets)), observations=tuple(targets))
    dataset = simulate(ahead, draws=effort.draws, seed=seed, jobs=jobs, fitted=fitted)
    return np.asarray(dataset["observation_predicted"].to_numpy(), dtype=float)


def window_start(model: Model, as_of: dt.date, months: int) -> dt.date:
    """First day of the month so many months before the one after a day, or the study's own first day when that is later."""
    return max(model.study.from_, first_day(month_number(as_of) + 1 - months))
