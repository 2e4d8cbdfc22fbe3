"""Scenarios in which it is known what a measure did: a small study, and published months with seasons, memory, and an effect put in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import xarray as xr
from builders import flow, here, make_model, measure, move, stay, uncertain

from corredor.effects.claims.effects import check_effect
from corredor.effects.claims.finding import Finding
from corredor.effects.compare import compare
from corredor.engine.fitted import Fitted, ties
from corredor.engine.network import FlowNetwork, build_network
from corredor.study.model import Model
from corredor.study.schema import Claim, SeriesValue

FIT_ERROR, FITTED_DRAWS = 0.1, 200

N_BEFORE, N_WINDOW = 72, 6
FIRST_MONTH = np.datetime64("2015-07", "M")
"""So that the window is July to December 2021, the second half of the study."""


@dataclass(frozen=True)
class Months:
    """How a published series moves by itself.

    memory : of one month for the next, 0–1;  monthly_sd : of what is new in a month, log;  season : height of the yearly wave, log
    """

    memory: float
    monthly_sd: float
    season: float = 0.3
    mean_people: float = 4000.0


QUIET = Months(memory=0.5, monthly_sd=0.05)
RESTLESS = Months(memory=0.85, monthly_sd=0.18)
"""About as restless as monthly apprehensions by sector."""


def published_months(
    months: Months, effect_percent: float, seed: int, n_before: int = N_BEFORE, n_window: int = N_WINDOW
) -> np.ndarray:
    """Counts by month: a yearly wave, an autoregression, Poisson counts, and an effect in the last months."""
    generator = np.random.default_rng(seed)
    n = n_before + n_window
    level = np.zeros(n)
    level[0] = generator.normal(0, months.monthly_sd / np.sqrt(1 - months.memory**2))
    for month in range(1, n):
        level[month] = months.memory * level[month - 1] + generator.normal(0, months.monthly_sd)
    wave = months.season * np.sin(2 * np.pi * np.arange(n) / 12 + generator.uniform(0, 2 * np.pi))
    effect = np.where(np.arange(n) >= n_before, np.log1p(effect_percent / 100), 0.0)
    return generator.poisson(months.mean_people * np.exp(level + wave + effect)).astype(float)


def rows_of(values: np.ndarray, first_month: np.datetime64 = FIRST_MONTH, part: str | None = None) -> tuple[SeriesValue, ...]:
    """Rows of series.csv, each known ten days after its month."""
    rows = []
    for number, value in enumerate(values):
        month = first_month + number
        begin = month.astype("datetime64[D]").item()
        end = ((month + 1).astype("datetime64[D]") - 1).item()
        words = {"series": "arrivals_published", "unit": "people", "source": "invented", "value": float(value), "part": part}
        rows.append(SeriesValue.model_validate({**words, "from": begin, "to": end, "published": end + dt.timedelta(days=10)}))
    return tuple(rows)


CLAIM = Claim.model_validate(
    {
        "id": "fewer",
        "says": "The patrols reduced arrivals.",
        "said_by": "nobody",
        "kind": "effect",
        "effect": {
            "measures": ["patrols"],
            "output": "arrivals",
            "from": dt.date(2021, 7, 1),
            "to": dt.date(2021, 12, 31),
            "direction": "lower",
            "series": "arrivals_published",
        },
    }
)


@lru_cache(maxsize=4)
def small_study(prior_mean: float = 0.0, prior_sd: float = 0.4, draws: int = 200) -> tuple[Model, FlowNetwork, xr.Dataset]:
    """A study in which patrols may make people leave less or more, and its scenarios with and without them; by default its prior
    leaves the direction open."""
    model = make_model(
        [stay("home", initial=here(1_000_000.0)), stay("away")],
        [move("leave", "home", "away", rate_per_day=0.0001)],
        outputs={"arrivals": flow("leave", every="month")},
        parameters={"patrol_effect": uncertain("log", normal={"mean": prior_mean, "sd": prior_sd})},
        measures=[measure("patrols", 181, None, {"transition": "leave", "effect": "patrol_effect"})],
        days=365,
    )
    scenarios = compare(model, without=["patrols"], draws=draws, seed=1, jobs=1)
    return model, build_network(model), scenarios


def finding_after_a_fit(effect_percent: float, seed: int, claim: Claim = CLAIM) -> Finding:
    """What is found in one scenario when the draws were fitted: an estimate with a standard error of 0.1, joined with the prior by
    Bayes' rule. No series was published, so that the fit alone decides."""
    model, network, _ = small_study()
    generator = np.random.default_rng(seed)
    estimate = np.log1p(effect_percent / 100) + generator.normal(0, FIT_ERROR)
    precision = 1 / FIT_ERROR**2 + 1 / 0.4**2
    draws = generator.normal(estimate / FIT_ERROR**2 / precision, precision**-0.5, size=(FITTED_DRAWS, 1))
    day = model.study.from_
    fitted = Fitted(
        study=model.name,
        study_hash=model.hash,
        until=day,
        as_of=day,
        method="a normal law",
        seed=seed,
        parameter_names=("patrol_effect",),
        parameters=draws,
        latent_names=(),
        new_parts=np.zeros((FITTED_DRAWS, 0, 1)),
        belongs_to=ties(network),
        diagnostics={},
    )
    scenarios = compare(model, without=["patrols"], draws=FITTED_DRAWS, seed=1, jobs=1, fitted=fitted)
    return check_effect(model, claim, scenarios, dt.date(2022, 2, 1), fitted=fitted)


def finding_in_a_world(
    months: Months, effect_percent: float, seed: int, claim: Claim = CLAIM, prior_mean: float = 0.0, prior_sd: float = 0.4
) -> Finding:
    """What is found about a claim in one scenario."""
    model, _, scenarios = small_study(prior_mean, prior_sd)
    told = replace(model, series=rows_of(published_months(months, effect_percent, seed)))
    return check_effect(told, claim, scenarios, dt.date(2022, 2, 1))
