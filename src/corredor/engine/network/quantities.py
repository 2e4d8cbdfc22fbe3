"""Numbers a person may write (a value, a parameter, `by` place or group, or a product) become rows of one table."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from corredor.engine.inputs import fill_values
from corredor.engine.network.index_arrays import first_of, ints
from corredor.study.model import Model
from corredor.study.priors import prior_centre
from corredor.study.schema import UNITS, Factor, Place, Quantity
from corredor.study.selectors import value_by


@dataclass
class Quantities:
    """Every distinct product of constants and parameters that the study uses; its row number stands for it everywhere else.

    Constants hold the conversion of units, so that values are in people, days, km and US dollars.
    """

    model: Model
    constants: list[float] = field(default_factory=list)
    factors: list[tuple[int, ...]] = field(default_factory=list)
    parameter_index: dict[str, int] = field(init=False)
    _row_of: dict[tuple[float, tuple[int, ...]], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.parameter_index = {name: number for number, name in enumerate(self.model.parameters)}

    def row(self, quantity: Quantity, place: Place | None = None, group_id: str | None = None) -> int:
        """Row of a quantity as it holds at a place for a group; the same product always has the same row."""
        constant, parameters = 1.0, []
        for factor in quantity if isinstance(quantity, list) else [quantity]:
            value = self._resolve(factor, place, group_id)
            if isinstance(value, str):
                constant *= UNITS[self.model.parameters[value].unit]
                parameters.append(self.parameter_index[value])
            else:
                constant *= value
        key = (constant, tuple(sorted(parameters)))
        if key not in self._row_of:
            self._row_of[key] = len(self.constants)
            self.constants.append(constant)
            self.factors.append(key[1])
        return self._row_of[key]

    def evaluate(self, parameters: np.ndarray) -> np.ndarray:
        """Values of all rows.

        parameters : (n_draws, n_parameters) float
        returns : (n_draws, n_rows) float
        """
        values, arrays = np.zeros((len(parameters), len(self.constants))), self.arrays()
        for of_draw, into in zip(np.ascontiguousarray(parameters, dtype=float), values, strict=True):
            fill_values(arrays["constant"], arrays["first_factor"], arrays["factor"], of_draw, into)
        return values

    def arrays(self) -> dict[str, np.ndarray]:
        """Constants and factors of all rows, as `fill_values` wants them."""
        return {
            "constant": np.array(self.constants, dtype=float),
            "first_factor": first_of([len(row) for row in self.factors]),
            "factor": ints([number for row in self.factors for number in row]),
        }

    def central_value(self, row: int) -> float:
        """Value of a row at the medians of the priors."""
        value = self.constants[row]
        names = list(self.parameter_index)
        for number in self.factors[row]:
            value *= prior_centre(self.model.parameters[names[number]].prior)
        return value

    def _resolve(self, factor: Factor, place: Place | None, group_id: str | None) -> float | str:
        value = value_by(factor, self.model.study.groups, place, group_id)
        if value is None:
            raise KeyError(f"no value of {factor} for place {place.id if place else None}, group {group_id}")
        return value
