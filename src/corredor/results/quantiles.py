"""Exact quantiles over draws, some columns at a time: all draws of these columns are read or sorted, and never all columns of all draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

BLOCK_BYTES = 8_000_000
"""What is read of a store at once, some draws of all columns."""
COLUMNS_BYTES = 256_000_000
"""What is kept at once of all draws: as many columns of them as fit, since a store is read anew for each such part."""
PROBABILITIES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
"""Edges of the 95, 80 and 50 % bands, and the median."""
MEDIAN = 3


def draws_at_once(array: xr.Variable) -> int:
    """Draws of a variable that are read together: whole chunks of a store, about as many as BLOCK_BYTES hold."""
    n_draws, in_chunk = array.sizes["draw"], int(array.encoding.get("preferred_chunks", {}).get("draw", 1))
    most = BLOCK_BYTES // (8 * max(array.size // max(n_draws, 1), 1))
    return max(most - most % in_chunk, in_chunk)


def columns_at_once(n_draws: int) -> int:
    """Columns of which all draws are kept at once."""
    return max(1, COLUMNS_BYTES // (8 * max(n_draws, 1)))


def slices(length: int, size: int) -> Iterator[slice]:
    """Parts of so many, the last one perhaps of fewer."""
    for first in range(0, length, size):
        yield slice(first, min(first + size, length))


def column_blocks(array: xr.DataArray) -> Iterator[tuple[slice, np.ndarray]]:
    """Columns of a variable over draws, with their numbers: slices of columns, (n_columns of them, n_draws) float, a copy.

    array : dims draw and one other
    """
    (other,) = (str(dimension) for dimension in array.dims if dimension != "draw")
    variable, n_draws = array.variable.transpose("draw", other), array.sizes["draw"]
    for columns in slices(array.sizes[other], columns_at_once(n_draws)):
        values = np.empty((columns.stop - columns.start, n_draws))
        for draws in slices(n_draws, draws_at_once(variable)):
            values[:, draws] = variable[draws, columns].to_numpy().T
        yield columns, values


def quantiles_over_draws(array: xr.DataArray, probabilities: Sequence[float]) -> np.ndarray:
    """(n_probabilities, n_columns) float; array : as of `column_blocks`."""
    found = [np.quantile(values, probabilities, axis=1, overwrite_input=True) for _, values in column_blocks(array)]
    return np.concatenate(found, axis=1) if found else np.zeros((len(probabilities), 0))


def column_quantiles(draws: np.ndarray, probabilities: Sequence[float]) -> np.ndarray:
    """Quantiles of each column: (n_probabilities, n_columns) float; what is sorted is a copy, made of some columns at a time.

    draws : (n_draws, n_columns) float
    """
    columns = slices(max(draws.shape[1], 1), max(1, BLOCK_BYTES // (8 * max(len(draws), 1))))
    return np.concatenate([np.quantile(draws[:, part], probabilities, axis=0) for part in columns], axis=1)
