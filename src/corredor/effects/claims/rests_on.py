"""What an effect rests on: which numbers behind it were learned from data, and which are assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from corredor.effects.claims.finding import Assumed
from corredor.effects.claims.verdicts import LEARNED, SURE
from corredor.engine.fitted import Fitted
from corredor.study.describe import action_text
from corredor.study.model import Model
from corredor.study.priors import prior_quantile, prior_text
from corredor.study.schema import Action, By, Measure, Prior, Quantity

DEPENDS_AT = 4.0
"""Rank correlation from which an answer depends on a parameter, in standard errors 1/√draws: of 170 parameters that play no part, one
reaches it in a hundred studies."""

MOST_SHOWN = 12

PRIOR_POINTS = 2001
"""Quantiles from which standard deviations of priors are taken."""


def names_of(quantity: Quantity | None) -> list[str]:
    """Parameters that a quantity names."""
    if quantity is None or isinstance(quantity, float | int):
        return []
    if isinstance(quantity, str):
        return [quantity]
    if isinstance(quantity, By):
        values = [*quantity.values.values(), *([quantity.otherwise] if quantity.otherwise is not None else [])]
        return [value for value in values if isinstance(value, str)]
    return [name for factor in quantity for name in names_of(factor)]


def own_parameters(measures: Sequence[Measure]) -> list[str]:
    """Parameters by which measures act, in the order of the file."""
    found: dict[str, None] = {}
    for measure in measures:
        found |= dict.fromkeys(names_of(measure.dose) if measure.acts_on else [])
        for action in measure.acts_on:
            for quantity in (action.effect, action.set, action.multiply, action.lag_days):
                found |= dict.fromkeys(names_of(quantity))
    return list(found)


def direction_is_open(model: Model, measures: Sequence[Measure]) -> bool:
    """Whether the priors leave it open in which direction every action of the measures works.

    An action that opens, closes or sets something, or whose effect is a plain number or has a prior on one side of 0, has its
    direction written into the study: no data can then teach it.
    """
    actions = [(measure, action) for measure in measures for action in measure.acts_on]
    return bool(actions) and all(_is_open(model, action) for _, action in actions)


def _is_open(model: Model, action: Action) -> bool:
    if action.transition is None:
        return False
    names = names_of(action.effect)
    return any(1 - SURE < _share_above_zero(model, name) < SURE for name in names)


def _share_above_zero(model: Model, name: str) -> float:
    return float(np.mean(prior_quantile(model.parameters[name].prior, _points()) > 0))


def _points() -> np.ndarray:
    return (np.arange(PRIOR_POINTS) + 0.5) / PRIOR_POINTS


def contraction_of(model: Model, fitted: Fitted | None, name: str) -> float:
    """How much narrower the data made a parameter: 1 − standard deviation after / before; 0 without a fit.

    fitted : all its draws are asked, however few of them a run takes, so that more runs change no verdict
    """
    if fitted is None or name not in fitted.parameter_names:
        return 0.0
    return contraction(model.parameters[name].prior, fitted.parameters[:, fitted.parameter_names.index(name)])


def contraction(prior: Prior, draws: np.ndarray) -> float:
    """1 − standard deviation of draws that have seen data / that of the prior; 0 where the prior has none."""
    before = float(np.std(prior_quantile(prior, _points())))
    return max(0.0, 1 - float(np.std(draws)) / before) if before > 0 else 0.0


def depended_on(dataset: xr.Dataset, answer: np.ndarray) -> dict[str, float]:
    """Parameters that an answer goes with from draw to draw: name → rank correlation, the strongest first.

    answer : (n_draws,) float
    """
    from scipy.stats import rankdata  # late: slow to import, and only effects that were simulated need it

    known = np.isfinite(answer)
    n_draws = int(known.sum())
    if n_draws < 20 or np.ptp(answer[known]) == 0:
        return {}
    ranks = rankdata(answer[known])
    found: dict[str, float] = {}
    for name in dataset["parameter"].to_numpy():
        values = dataset["parameter_value"].sel(parameter=name).to_numpy()[known]
        if np.ptp(values) > 0:
            found[str(name)] = float(np.corrcoef(ranks, rankdata(values))[0, 1])
    strong = {name: value for name, value in found.items() if abs(value) >= DEPENDS_AT / np.sqrt(n_draws)}
    return dict(sorted(strong.items(), key=lambda item: -abs(item[1])))


def learned_by_fit(model: Model, fitted: Fitted | None, measures: Sequence[Measure]) -> bool:
    """Whether data narrowed every uncertain parameter by which the measures act, and could have turned its direction."""
    own = [name for name in own_parameters(measures) if model.parameters[name].prior.fixed is None]
    return (
        direction_is_open(model, measures) and bool(own) and all(contraction_of(model, fitted, name) >= LEARNED for name in own)
    )


def assumptions(
    model: Model, fitted: Fitted | None, dataset: xr.Dataset, measures: Sequence[Measure], answer: np.ndarray
) -> tuple[Assumed, ...]:
    """What the answer depends on and no data informed: the measures' own numbers first, then others by how much they matter.

    dataset, answer : simulations, and what each of them answers: (n_draws,) float
    """
    depends = depended_on(dataset, answer)
    found = list(_written_in(model, measures))
    for name in dict.fromkeys([*own_parameters(measures), *depends]):
        contraction = contraction_of(model, fitted, name)
        if contraction < LEARNED:
            found.append(assumed_parameter(model, name, contraction, depends.get(name)))
    return tuple(found[:MOST_SHOWN])


def assumed_parameter(model: Model, name: str, contraction: float = 0.0, correlation: float | None = None) -> Assumed:
    """A parameter that no data informed, in words."""
    parameter = model.parameters[name]
    title = parameter.title or name.replace("_", " ")
    basis = {"literature": "published estimates", "derived": "worked out from figures", "case": "reports on the case itself"}
    rests_on = basis.get(parameter.basis, "judgement")
    goes_with = f"; rank correlation with the answer {correlation:+.2f}" if correlation is not None else ""
    return Assumed(name, f"{title}: {prior_text(parameter.prior)} {parameter.unit}; rests on {rests_on}{goes_with}", contraction)


def _written_in(model: Model, measures: Sequence[Measure]) -> Iterator[Assumed]:
    for measure in measures:
        for action in measure.acts_on:
            if not _is_open(model, action):
                yield Assumed(measure.id, f"The direction in which it acts is written into the study: {action_text(action)}")


def described_fit(dataset: xr.Dataset) -> str:
    """Whether the draws have seen the figures, in words."""
    return (
        "draws fitted to the published figures"
        if dataset.attrs.get("fitted")
        else "draws from the priors alone, which have seen no figure"
    )
