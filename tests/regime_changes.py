"""Made-up corridors in which counts change as nobody expected, while people who are sent back try again."""

from __future__ import annotations

import datetime as dt

import numpy as np
from builders import FIRST_DAY, fixed, flow, gate, make_model, move, population, stay, uncertain

from corredor.study.calendar import first_day, last_day, month_number
from corredor.study.model import Model


def looping_border(counts: np.ndarray, dispersion: float) -> Model:
    """People leave a village for the gates of a border; those who are caught are sent back, and try again or give up.

    counts : (n_months, n_gates) float      people caught, as published
    dispersion : of these counts (M14)
    """
    n_months, n_gates = counts.shape
    gates = [f"gate{number}" for number in range(n_gates)]
    month = month_number(FIRST_DAY)
    end = last_day(month + n_months - 1)
    figures = [
        {"output": "caught", "place": name, "from": first_day(month + k), "to": last_day(month + k), "value": float(counts[k, number]),
         "published": last_day(month + k) + dt.timedelta(days=5)}
        for k in range(n_months)
        for number, name in enumerate(gates)
    ]  # fmt: skip
    return make_model(
        [population("home", at={"id": "village"}), gate("at_line", at={"kind": "gate"}), gate("caught", at={"kind": "gate"}),
         stay("sent_back", at={"kind": "gate"}), stay("through", at={"id": "town"}), stay("gave_up", at={"id": "town"})],
        [
            move("leave", "home", "at_line", along="road", rate_per_day="leaving", speed_km_per_day=100.0,
                 changed_by=[{"latent": "mood"}, {"of": "destination", "latent": "draw"}]),
            move("be caught", "at_line", "caught", share="catching"),
            move("get through", "at_line", "through", to_place="town", share="rest"),
            move("be sent back", "caught", "sent_back", share="sending"),
            move("let go", "caught", "through", to_place="town", share="rest"),
            move("try again", "sent_back", "at_line", rate_per_day="trying"),
            move("give up", "sent_back", "gave_up", to_place="town", rate_per_day="giving_up"),
        ],
        places={"village": {"population": 1e9}, "town": {}, **{name: {"kind": "gate"} for name in gates}},
        routes=[("village", name, 100.0) for name in gates],
        parameters={
            "leaving": uncertain("per month", lognormal={"median": 3e-5, "sigma": 0.3}),
            "catching": fixed(0.657, "ratio"),
            "sending": uncertain("ratio", beta={"alpha": 6.0, "beta": 2.0}),
            "trying": uncertain("per day", lognormal={"median": 0.01, "sigma": 0.7}),
            "giving_up": uncertain("per day", lognormal={"median": 0.02, "sigma": 0.7}),
            "counting": fixed(dispersion, "ratio"),
            "persistence": fixed(0.985, "ratio"),
            "change": uncertain("log", lognormal={"median": 0.113, "sigma": 0.22}),
        },
        latents={
            "mood": {"persistence": "persistence", "monthly_sd": "change"},
            "draw": {"by": "place", "persistence": "persistence", "monthly_sd": "change"},
        },
        outputs={"caught": flow("be caught", by=["place"], side="control", every="month", dispersion="counting")},
        observations=figures,
        days=(end - FIRST_DAY).days + 1,
        warm_up_days=35,
        step_days=7.0,
    )  # fmt: skip


def rise_and_fall(n_gates: int, times: float, n_months: int = 36) -> np.ndarray:
    """Counts that rise by a factor over the first half and fall by 60 % six months before the end: (n_months, n_gates) float."""
    month = np.arange(n_months)
    level = times ** np.minimum(month / (0.45 * n_months), 1.0) * np.where(month >= n_months - 6, 0.4, 1.0)
    return np.repeat(np.round(20000 * level)[:, None], n_gates, axis=1)


def random_change(number: int, n_gates: int = 9, n_months: int = 36) -> tuple[np.ndarray, float]:
    """Counts that rise tenfold within a year and fall by 80 % within another, at any time: (n_months, n_gates) float, and their dispersion.

    Gates of different size; dispersion 0.001 to 0.1; either change may come first, and may be under way at the end.
    """
    rng = np.random.default_rng([number, 77])
    dispersion = float(10 ** rng.uniform(-3, -1))
    begins, lasts = rng.integers(3, n_months - 1, size=2), rng.integers(1, 13, size=2)
    months = np.arange(n_months)
    share = np.clip((months[:, None] - begins) / lasts, 0.0, 1.0)
    level = 10.0 ** share[:, 0] * 0.2 ** share[:, 1]
    sizes = 20000 * rng.lognormal(0.0, 0.5, n_gates)
    mean = level[:, None] * sizes
    return rng.poisson(mean * rng.gamma(1 / dispersion, dispersion, mean.shape)).astype(float), dispersion
