"""What a reader of the page can change, and which of the module's numbers that moves: measures, their doses, drivers, parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from corredor.effects.claims.rests_on import contraction
from corredor.effects.claims.verdicts import LEARNED
from corredor.engine.arrays import Recipe
from corredor.engine.network import FlowNetwork
from corredor.engine.network.index_arrays import first_of
from corredor.pages.explore.measure_places import Bare, Movable, places_of
from corredor.study.describe import action_text, quantity_text
from corredor.study.priors import prior_text
from corredor.study.schema import Measure
from corredor.study.selectors import names_in

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
"""Parts of the draws that lie below a parameter's low, middle and high value."""


def with_dose_rows(movable: Movable) -> tuple[Recipe, dict[int, list[dict[str, Any]]]]:
    """The recipe with a row more for each effect of a measure without its dose, for the page to put another dose to.

    returns : the recipe, and number of a measure → its effects: numbers of the terms, row, its constant. With a dose written as one
        number x the row's constant is constant × x, as `Quantities.row` would have it
    """
    recipe, quantities = movable.network.recipe, movable.network.quantities
    n_rows = len(recipe.constant)
    constants, factors = list(recipe.constant), list(quantities.factors[:n_rows])
    terms: dict[tuple[int, Bare], list[int]] = {}
    for (number, _, _), of_spot in movable.terms.items():
        for term in of_spot:
            terms.setdefault((number, movable.bare[term]), []).append(term)
    found: dict[int, list[dict[str, Any]]] = {}
    for (number, bare), of_row in terms.items():
        found.setdefault(number, []).append({"terms": of_row, "row": len(constants), "constant": bare[0]})
        constants.append(bare[0])
        factors.append(bare[1])
    if len(constants) == n_rows:
        return recipe, found
    flat = np.array([number for row in factors for number in row], dtype=np.int64)
    first = first_of([len(row) for row in factors])
    return recipe._replace(constant=np.array(constants), first_factor=first, factor=flat), found


def measures_of(movable: Movable, recipe: Recipe, terms: dict[int, list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Every measure of the study: what is told of it, its number, its first step, and what a change of its dose or places moves.

    recipe : that of the page
    """
    network = movable.network
    for number, (measure, places) in enumerate(zip(network.model.measures, places_of(movable, recipe), strict=True)):
        yield {
            "id": measure.id,
            "number": number,
            "title": measure.title,
            "actor": measure.actor,
            "kind": measure.kind,
            "where": measure.where,
            "from": measure.from_.isoformat(),
            "to": measure.to.isoformat() if measure.to is not None else None,
            "acts": bool(measure.acts_on),
            "first_step": int(np.clip(network.recipe.measure_first_step[number], 0, network.calendar.n_steps)),
            "dose": _dose(measure),
            "dose_text": quantity_text(measure.dose),
            "dose_means": measure.dose_means or "",
            "builds_up": any(action.lag_days is not None for action in measure.acts_on),
            "terms": terms.get(number, []),
            "places": places,
            "acts_on": [action_text(action) for action in measure.acts_on],
            "source": names_in(measure.source),
        }


def _dose(measure: Measure) -> float | None:
    """The dose where it is one number; none where it hangs on parameters or places."""
    return float(measure.dose) if isinstance(measure.dose, int | float) else None


def drivers_of(network: FlowNetwork) -> Iterator[dict[str, Any]]:
    """Every driver that the model uses: its unit, and the series that are made of it, each with its base."""
    model, covariates = network.model, network.covariates
    for name, unit in {row.driver: row.unit for row in model.drivers}.items():
        series = [[one.series, one.transform, one.base] for one in covariates.of_drivers if one.driver == name]
        if series:
            yield {"name": name, "title": name.replace("_", " "), "unit": unit, "series": series}


def parameters_of(network: FlowNetwork, parameters: np.ndarray, fitted: bool) -> Iterator[dict[str, Any]]:
    """Every parameter: what is told of it, and its low, middle and high value over the draws; these are one where it is fixed.

    parameters : (n_draws, n_parameters) float;  fitted : whether these draws have seen published figures
    """
    of_journeys = {number for row in network.recipe.branch_row for number in network.quantities.factors[int(row)]}
    for number, (name, parameter) in enumerate(network.model.parameters.items()):
        low, middle, high = np.quantile(parameters[:, number], [LOW, MIDDLE, HIGH]).tolist()
        yield {
            "name": name,
            "number": number,
            "title": parameter.title or name.replace("_", " "),
            "unit": parameter.unit,
            "prior": prior_text(parameter.prior),
            "basis": parameter.basis,
            "note": parameter.note or "",
            "source": names_in(parameter.source),
            "learned": fitted and contraction(parameter.prior, parameters[:, number]) >= LEARNED,
            "low": low,
            "middle": middle,
            "high": high,
            # its middle decides into how many stages a journey is cut, and that the page takes from the study
            "can_change": number not in of_journeys,
        }
