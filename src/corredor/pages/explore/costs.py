"""What measures cost, for the page: the amount as a row of the recipe's quantities, so that a draw and a fixed parameter decide it."""

from __future__ import annotations

from typing import Any

import numpy as np

from corredor.engine.arrays import Recipe
from corredor.engine.network import FlowNetwork


def with_cost_rows(network: FlowNetwork, recipe: Recipe) -> tuple[Recipe, list[dict[str, Any]]]:
    """The recipe with a row more for the amount of each measure with a cost.

    returns : the recipe, and of each of these measures its id, the row of its amount in US dollars, and whether that is a day's or all
    """
    quantities = network.quantities
    costs: list[dict[str, Any]] = []
    constants: list[float] = []
    factors: list[int] = []
    first = [int(recipe.first_factor[-1])]
    for measure in network.model.measures:
        if measure.cost is None:
            continue
        a_day = measure.cost.usd is None
        amount = measure.cost.usd_per_day if a_day else measure.cost.usd
        row = quantities.row(amount if amount is not None else 0.0)
        costs.append({"measure": measure.id, "row": len(recipe.constant) + len(constants), "a_day": a_day})
        constants.append(quantities.constants[row])
        factors += quantities.factors[row]
        first.append(first[-1] + len(quantities.factors[row]))
    return (
        recipe._replace(
            constant=np.append(recipe.constant, constants),
            factor=np.append(recipe.factor, np.array(factors, dtype=np.int64)),
            first_factor=np.append(recipe.first_factor, np.array(first[1:], dtype=np.int64)),
        ),
        costs,
    )
