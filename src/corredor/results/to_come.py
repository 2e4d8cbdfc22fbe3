"""What would be published of periods of which no figure is known yet, in each draw (M14)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from corredor.engine.network.quantities import Quantities
from corredor.results.observe import figure_entity, published_count
from corredor.results.view import Run, Series
from corredor.study.model import Model
from corredor.study.schema import Observation, Quantity


def would_be_published(dataset: xr.Dataset, model: Model, rows: Sequence[Observation]) -> np.ndarray:
    """Figures as they would be published, also of rows that are none of the study's observations.

    dataset : of `simulate` or `forecast`, of this study
    rows : only output, place, group and days are used; days inside those simulated
    returns : (n_draws, n_rows) float people; of rows that are observations the same as `observation_predicted`
    """
    run, seed = Run(dataset), int(dataset.attrs["seed"])
    parameters = np.asarray(dataset["parameter_value"].sel(parameter=list(model.parameters)).to_numpy(), dtype=float)
    made = np.empty((len(parameters), len(rows)))
    for number, row in enumerate(rows):
        output = model.study.outputs[row.output]
        mean = run.window_total(Series(row.output, row.place or "", row.group or ""), row.from_, row.to)
        if output.reported_share is not None:
            mean = mean * _of_draws(model, output.reported_share, parameters)
        if output.dispersion is not None:
            dispersion = _of_draws(model, output.dispersion, parameters)
            mean = published_count(mean, dispersion, seed, figure_entity(model, row))
        made[:, number] = mean
    return made


def _of_draws(model: Model, quantity: Quantity, parameters: np.ndarray) -> np.ndarray:
    """A quantity in each draw: (n_draws,) float."""
    quantities = Quantities(model)
    row = quantities.row(quantity)
    return np.asarray(quantities.evaluate(parameters)[:, row])
