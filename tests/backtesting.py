"""A small study whose figures go on for years, so that past months can be forecast in seconds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from builders import make_model, move, population, stay, uncertain

from corredor.study.calendar import first_day, last_day, month_number
from corredor.study.model import Model

BEGINS = dt.date(2018, 1, 1)
FAST = {"draws": 24, "members": 12, "rounds": 1}


def monthly_figures(
    output: str, n_months: int, place: str | None, mean_people: float, seed: int, lag_days: int = 9
) -> list[dict[str, Any]]:
    """Figures that wander about a mean, each published some days after its month."""
    steps = 0.1 * np.random.default_rng(seed).standard_normal(n_months)
    people = np.round(mean_people * np.exp(np.cumsum(steps)))
    rows = []
    for number in range(n_months):
        month = month_number(BEGINS) + number
        row = {"output": output, "from": first_day(month), "to": last_day(month), "value": float(people[number])}
        row |= {"published": last_day(month) + dt.timedelta(days=lag_days)}
        rows.append(row | ({} if place is None else {"place": place}))
    return rows


def years_study(n_months: int = 36, observations: list[dict[str, Any]] | None = None, follows: str | None = None) -> Model:
    """Two towns that people leave, with a latent month for both, which may follow an output; figures by town."""
    end = last_day(month_number(BEGINS) + n_months - 1)
    figures = [
        row
        for seed, (place, mean) in enumerate({"upper": 400.0, "lower": 150.0}.items())
        for row in monthly_figures("left", n_months, place, mean, seed)
    ]
    return make_model(
        [population("home"), stay("gone")],
        [move("leave", "home", "gone", rate_per_day={"by": "place", "values": {"upper": "upper", "lower": "lower"}},
              changed_by=[{"latent": "months"}])],
        outputs={"left": {"title": "People who left", "flow": "leave", "every": "month", "by": ["place"], "dispersion": 0.002}},
        places={"upper": {"population": 1e7}, "lower": {"population": 1e7}},
        parameters={
            "upper": uncertain("per month", lognormal={"median": 4e-5, "sigma": 0.3}),
            "lower": uncertain("per month", lognormal={"median": 1.5e-5, "sigma": 0.3}),
        },
        latents={"months": {"by": "place", "persistence": 0.95, "monthly_sd": 0.1, **({"follows": follows} if follows else {})}},
        observations=figures if observations is None else observations,
        days=(end - BEGINS).days + 1,
        step_days=7.0,
        from_=BEGINS,
    )  # fmt: skip
