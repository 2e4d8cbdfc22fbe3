"""Where the flow went: of 1,000 fewer here, so many there, so many waiting, so many who did not leave; conserved to the person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from corredor.effects.compare.effects import QUANTILES, Comparison, Effect
from corredor.results.view import GROUP_DIMENSIONS, PLACE_DIMENSIONS
from corredor.study.problems import likeliest

UNDER_WAY = "under_way"
"""Stands for a status in the tables: people on a journey on the last day."""

FEWEST_ERRORS = 2.0
"""A mean effect smaller than so many of its standard errors is too small to divide by."""


@dataclass(frozen=True)
class Diversion:
    """What became of the difference in one output.

    output, place, group : what was chosen; `effect` is its effect over the whole study
    at_end : a row for each status in which people are on the last day, and `under_way`; differences add up to 0 in every draw
    elsewhere : a row for each place of the same output; differences add up to that of the output in all
    flows : a row for each other output that counts people who move; one person can be in several
    """

    output: str
    place: str
    group: str
    effect: Effect
    at_end: pd.DataFrame
    elsewhere: pd.DataFrame
    flows: pd.DataFrame

    @property
    def scale(self) -> float:
        """People that the differences are divided by and multiplied with 1,000: the mean effect; NaN when it cannot be told from 0."""
        return _scale(self.effect)

    @property
    def fewer(self) -> bool:
        return float(np.mean(self.effect.difference)) < 0


def diversion(dataset: xr.Dataset, output: str | None = None, place: str = "", group: str = "") -> Diversion:
    """Where people are instead, in the Dataset of a comparison.

    output : a flow; the first of control unless given
    place, group : which part of it; all unless given
    returns : tables with columns of, mean, median, low80, high80, low95, high95, per_1000 (mean difference for 1,000 people fewer or more
        in the chosen output; a ratio of means, as draws without an effect have no ratio of their own)
    raises : KeyError when there is no such output, place or group; ValueError when it does not count people who move
    """
    found = Comparison(dataset)
    name = output if output is not None else found.main_output()
    if name not in found.outputs:
        raise KeyError(f"there is no output {name}; there are: {likeliest(name, found.outputs)}")
    if name not in found.moving:
        raise ValueError(f"{name} does not count people who move, so nothing of it can go elsewhere")
    effect = found.effect(name, place, group)
    scale = _scale(effect)
    differences = people_at_end(dataset)
    at_end = pd.DataFrame([_row(status, difference, scale) for status, difference in differences.items()])
    dimension = found.dimension_in(name, PLACE_DIMENSIONS) or found.dimension_in(name, GROUP_DIMENSIONS)
    elsewhere = [
        _row(label, _of_label(found, name, dimension, label).difference, scale)
        for label in (found.labels(name, dimension) if dimension is not None else ())
    ]
    flows = [_row(other, found.effect(other).difference, scale) for other in found.moving if other != name]
    columns = ["of", "mean", *QUANTILES, "per_1000"]
    return Diversion(
        name, place, group, effect, at_end, pd.DataFrame(elsewhere, columns=columns), pd.DataFrame(flows, columns=columns)
    )


def people_at_end(dataset: xr.Dataset) -> dict[str, np.ndarray]:
    """Difference in people on the last day by status, in the order of the study, then `under_way`: status → (n_draws,) float people.

    Nobody is lost or made in either scenario, so the differences of a draw add up to 0, unless a scenario fixes how many there are at all
    """
    array = dataset["people_at_end"]
    difference = (array.sel(scenario="with") - array.sel(scenario="without")).transpose("draw", "whereabouts").to_numpy()
    status, under_way = array["whereabouts_status"].to_numpy(), array["whereabouts_under_way"].to_numpy() > 0
    order = [name for name in Comparison(dataset).model["statuses"] if np.any((status == name) & ~under_way)]
    found = {name: difference[:, (status == name) & ~under_way].sum(axis=1) for name in order}
    return found | {UNDER_WAY: difference[:, under_way].sum(axis=1)}


def _of_label(found: Comparison, name: str, dimension: str | None, label: str) -> Effect:
    return found.effect(name, place=label) if dimension in PLACE_DIMENSIONS else found.effect(name, group=label)


def _scale(effect: Effect) -> float:
    difference = effect.difference
    mean = float(np.mean(difference))
    error = float(np.std(difference, ddof=1) / np.sqrt(len(difference))) if len(difference) > 1 else 0.0
    return abs(mean) if mean and abs(mean) >= FEWEST_ERRORS * error else np.nan


def _row(of: str, difference: np.ndarray, scale: float) -> dict[str, object]:
    mean = float(np.mean(difference))
    row: dict[str, object] = {"of": of, "mean": mean}
    row |= {key: float(np.quantile(difference, q)) for key, q in QUANTILES.items()}
    return row | {"per_1000": 1000 * mean / scale}
