"""Small made-up studies whose truth is known: their figures are drawn from the model itself, noise included."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from builders import day, fixed, flow, here, make_model, move, population, stay, stock, uncertain

from corredor._simulate import simulate
from corredor.learn.fit import fit
from corredor.study.model import Model

MONTH_ENDS = (30, 58, 89, 119)
"""Last days of January to April 2021, as days of a study."""


def corridor() -> Model:
    """A village whose people leave for a town, are stopped on the way or go on: five unknown numbers and four latent months."""
    figures = []
    first = 0
    for last in MONTH_ENDS:
        for output in ("left", "stopped", "arrived"):
            figures.append({"output": output, "from": day(first), "to": day(last), "value": 1.0, "published": day(last + 5)})
        first = last + 1
    return make_model(
        [population("home", at={"id": "village"}, noise=0.2), stay("on_way", at={"id": "village"}), stay("back", at={"id": "village"}),
         stay("in_town", at={"id": "town"})],
        [
            move("leave", "home", "on_way", rate_per_day="leaving",
                 changed_by=[{"latent": "mood"}, {"driver": "harvest", "effect": "effect"}]),
            move("be stopped", "on_way", "back", rate_per_day="stopping"),
            move("arrive", "on_way", "in_town", rate_per_day="arriving", along="road", speed_km_per_day=50.0),
        ],
        places={"village": {"population": 100000.0}, "town": {}},
        routes=[("village", "town", 100.0)],
        parameters={
            "leaving": uncertain("per month", lognormal={"median": 0.02, "sigma": 0.4}),
            "effect": uncertain("log", normal={"mean": -0.5, "sd": 0.4}),
            "stopping": uncertain("per day", lognormal={"median": 0.1, "sigma": 0.4}),
            "arriving": uncertain("per day", lognormal={"median": 0.2, "sigma": 0.3}),
            "seen": uncertain("ratio", beta={"alpha": 40.0, "beta": 10.0}),
        },
        drivers=[
            {"driver": "harvest", "date": day(n), "place": "coast", "value": v}
            for n, v in ((-30, 1.0), (31, 2.0), (59, 1.5), (90, 0.6))
        ],
        latents={"mood": {"persistence": 0.5, "monthly_sd": 0.15}},
        outputs={
            "left": flow("leave", every="month", reported_share="seen", dispersion=0.01),
            "stopped": flow("be stopped", every="month", dispersion=0.01),
            "arrived": flow("arrive", every="month", counted="arriving", dispersion=0.01),
        },
        observations=figures,
        days=120,
    )  # fmt: skip


def camps() -> Model:
    """People who flee from a town divide over three camps; each camp is counted on a few days, none of them the same."""
    days = {"near": (12, 47, 80), "far": (20, 66), "hill": (33, 58, 85)}
    figures = [
        {"output": "in_camp", "place": place, "from": day(n), "to": day(n), "value": 1.0, "published": day(n + 2)}
        for place, numbers in days.items()
        for n in numbers
    ]
    return make_model(
        [stay("in_town", at={"id": "town"}, initial=here(30000.0)), stay("in_camp", at={"kind": "camp"})],
        [
            move("flee", "in_town", "in_camp", along="road", rate_per_day="fleeing", speed_km_per_day=40.0,
                 choice=[{"place": {"id": name}, "effect": f"pull_{name}"} for name in days]),
            move("leave the camp", "in_camp", "in_town", to_place="town",
                 rate_per_day={"by": "place", "values": {name: f"leaving_{name}" for name in days}}),
        ],
        places={"town": {"kind": "town"}, **{name: {"kind": "camp"} for name in days}},
        routes=[("town", "near", 60.0), ("town", "far", 200.0), ("town", "hill", 90.0)],
        parameters={
            "fleeing": uncertain("per day", lognormal={"median": 0.01, "sigma": 0.5}),
            **{f"pull_{name}": uncertain("log", normal={"mean": 0.0, "sd": 0.7}) for name in days},
            **{f"leaving_{name}": uncertain("per day", lognormal={"median": 0.01, "sigma": 0.5}) for name in days},
            "nothing": fixed(0.0, "log"),
        },
        outputs={"in_camp": stock("in_camp", by=["place"], dispersion=0.01)},
        observations=figures,
        days=90,
    )  # fmt: skip


def data_sets(model: Model, n: int, seed: int) -> list[tuple[Model, dict[str, float]]]:
    """The study with figures that one of its own worlds would have had published, and that world's parameters; n times."""
    drawn = simulate(model, draws=n, seed=seed)
    published, truth = drawn["observation_predicted"].to_numpy(), drawn["parameter_value"]
    names = [str(name) for name in truth["parameter"].to_numpy()]
    return [
        (
            replace(
                model,
                observations=tuple(
                    row.model_copy(update={"value": float(value)}) for row, value in zip(model.observations, figures, strict=True)
                ),
            ),
            dict(zip(names, map(float, values), strict=True)),
        )
        for figures, values in zip(published, truth.to_numpy(), strict=True)
    ]


def ranks(model: Model, n: int, seed: int, draws: int, **options) -> dict[str, np.ndarray]:
    """Share of the fitted draws that lie below the truth, for each uncertain parameter and data set: parameter → (n,) float 0–1."""
    found: dict[str, list[float]] = {}
    for number, (with_figures, truth) in enumerate(data_sets(model, n, seed)):
        fitted = fit(with_figures, draws=draws, seed=1000 + number, jobs=1, **options)
        for name, column in zip(fitted.parameter_names, fitted.parameters.T, strict=True):
            found.setdefault(name, []).append(float(np.mean(column < truth[name])))
    return {name: np.array(values) for name, values in found.items()}
