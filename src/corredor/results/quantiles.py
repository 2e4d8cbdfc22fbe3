"""Exact quantiles over draws, some columns at a time: all draws of these columns are read or sorted, and never all columns of all draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

BLOCK_BYTES = 64_000_000
"""What is read of a store at once."""


def column_blocks(array: xr.DataArray) -> Iterator[tuple[slice, np.ndarray]]:
    """Columns of a variable over draws, with their numbers: slices of columns, (n_draws, n_columns of them) float.

    array : dims draw and one other
    """
    (other,) = (dimension for dimension in array.dims if dimension != "draw")
    width = max(1, BLOCK_BYTES // (8 * max(array.sizes["draw"], 1)))
    for first in range(0, array.sizes[other], width):
        columns = slice(first, first + width)
        yield columns, array.isel({other: columns}).transpose("draw", other).to_numpy()


def quantiles_over_draws(array: xr.DataArray, probabilities: Sequence[float]) -> np.ndarray:
    """(n_probabilities, n_columns) float; array : as of `column_blocks`."""
    found = [np.quantile(values, probabilities, axis=0) for _, values in column_blocks(array)]
    return np.concatenate(found, axis=1) if found else np.zeros((len(probabilities), 0))


def column_quantiles(draws: np.ndarray, probabilities: Sequence[float]) -> np.ndarray:
    """Quantiles of each column: (n_probabilities, n_columns) float; what is sorted is a copy, made of some columns at a time.

    draws : (n_draws, n_columns) float
    """
    return np.concatenate([np.quantile(part, probabilities, axis=0) for part in _parts(draws)], axis=1)


def column_medians(draws: np.ndarray) -> np.ndarray:
    """Median of each column: (n_columns,) float; draws : as of `column_quantiles`."""
    return np.concatenate([np.median(part, axis=0) for part in _parts(draws)])


def _parts(draws: np.ndarray) -> list[np.ndarray]:
    width = max(1, BLOCK_BYTES // (8 * max(len(draws), 1)))
    return [draws[:, first : first + width] for first in range(0, max(draws.shape[1], 1), width)]
