"""The draws of a series, read so that memory holds some draws of all its periods or all draws of some periods, never all of both."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from corredor.results.quantiles import PROBABILITIES, columns_at_once, draws_at_once, slices


@dataclass(frozen=True)
class Drawn:
    """One series of a variable: numbers of some of its labels, summed or averaged over all dimensions but time and draws.

    array : dims perhaps scenario, then draw, `time` and others     in memory, or in a store from which it is read each time
    chosen : dimension → where its labels of the series stand; all others count
    by : a dimension that is told apart; none if empty
    averaged : whether it is the mean of its labels, as of waits, and not their sum
    """

    array: xr.Variable
    time: str
    chosen: Mapping[str, Sequence[int] | np.ndarray]
    by: str = ""
    averaged: bool = False

    @property
    def n_draws(self) -> int:
        return int(self.array.sizes["draw"])

    @property
    def kept(self) -> list[str]:
        """Dimensions of the numbers, in their order: perhaps scenario, draw, perhaps `by`, time."""
        return [dimension for dimension in ("scenario", "draw", self.by, self.time) if dimension in self.array.dims]

    def of(self, values: np.ndarray) -> np.ndarray:
        """The series from numbers of the variable, dims as of `array`."""
        for dimension, positions in self.chosen.items():
            if len(positions) < self.array.sizes[dimension]:
                values = values.take(positions, axis=self.array.dims.index(dimension))
        others = tuple(axis for axis, dimension in enumerate(self.array.dims) if dimension not in self.kept)
        if not others and (self.averaged or not np.isnan(values).any()):
            found = values
        elif self.averaged:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Mean of empty slice")
                found = np.nanmean(values, axis=others)
        else:
            found = values.sum(axis=others)
            if np.isnan(found).any():
                found = np.nansum(values, axis=others)
        left = [str(dimension) for dimension in self.array.dims if dimension in self.kept]
        return np.asarray(found.transpose([left.index(dimension) for dimension in self.kept]))

    def some(self, draws: slice) -> np.ndarray:
        """Some draws of the series: (n of them, n_periods) float, with the axes of `kept`."""
        return self.of(self.array.isel(draw=draws).to_numpy())

    def blocks(self) -> Iterator[tuple[slice, np.ndarray]]:
        """All draws, some at a time: which ones, and their numbers as of `some`."""
        for draws in slices(self.n_draws, draws_at_once(self.array)):
            yield draws, self.some(draws)

    def whole(self) -> np.ndarray:
        """All draws of the series: (n_draws, n_periods) float, with the axes of `kept`. Of many draws and days this is much."""
        return self._joined((draws, values) for draws, values in self.blocks())

    def totals(self) -> np.ndarray:
        """Summed over the periods: (n_draws,) float, with the axes of `kept` but the last."""
        return self._joined((draws, values.sum(axis=-1)) for draws, values in self.blocks())

    def weighed(self, weights: np.ndarray) -> np.ndarray:
        """Weighted sums of periods: (n_draws, n_sums) float, with the axes of `kept` but the last.

        weights : (n_periods, n_sums) float     periods without weight do not count, whatever they hold
        """
        spans = [(np.flatnonzero(weight), weight) for weight in weights.T]
        parts = [
            (slice(at[0], at[-1] + 1), weight[at[0] : at[-1] + 1]) if len(at) else (slice(0), weight[:0]) for at, weight in spans
        ]

        def sums(values: np.ndarray) -> np.ndarray:
            # each draw by itself, so that no number hangs on how many are read at once, as it does of a product of matrices
            found = [(np.ascontiguousarray(values[..., periods]) * weight).sum(axis=-1) for periods, weight in parts]
            return np.stack(found, axis=-1) if found else np.zeros((*values.shape[:-1], 0))

        return self._joined((draws, sums(values)) for draws, values in self.blocks())

    def _joined(self, blocks: Iterator[tuple[slice, np.ndarray]]) -> np.ndarray:
        """Filled block by block: blocks that are joined in the end would be there twice."""
        axis, found = self.kept.index("draw"), np.empty(0)
        for draws, block in blocks:
            if draws == slice(0, self.n_draws):
                return np.array(block)
            if draws.start == 0:
                found = np.empty((*block.shape[:axis], self.n_draws, *block.shape[axis + 1 :]))
            found[(slice(None),) * axis + (draws,)] = block
        return found


def quantiles_of(several: Sequence[Drawn]) -> Iterator[np.ndarray]:
    """Quantiles over draws of several series of one variable, for each: (7, n_periods) float, rows as in PROBABILITIES.

    All draws of some periods are held at a time, of as many series as fit: the variable is read once for all of these.
    """
    for group in slices(len(several), columns_at_once(several[0].n_draws)):
        yield from np.moveaxis(_quantiles(several[group]), 1, 0)


def _quantiles(several: Sequence[Drawn]) -> np.ndarray:
    """(7, n_series, n_periods) float"""
    array, time, n_draws = several[0].array, several[0].time, several[0].n_draws
    found = np.empty((len(PROBABILITIES), len(several), array.sizes[time]))
    for periods in slices(array.sizes[time], max(1, columns_at_once(n_draws) // len(several))):
        held = np.empty((len(several), periods.stop - periods.start, n_draws))
        for draws in slices(n_draws, draws_at_once(array)):
            values = array.isel({"draw": draws, time: periods}).to_numpy()
            for number, one in enumerate(several):
                held[number, :, draws] = one.of(values).T
        found[:, :, periods] = np.quantile(held, PROBABILITIES, axis=-1, overwrite_input=True)
    return found


def peaks_of(several: Sequence[Drawn]) -> list[np.ndarray]:
    """The highest period of each draw, of several series of one variable: (n_draws,) float each; one that is not known counts as none."""
    array, n_draws = several[0].array, several[0].n_draws
    found = [np.empty(n_draws) for _ in several]
    for draws in slices(n_draws, draws_at_once(array)):
        values = array.isel(draw=draws).to_numpy()
        for one, peaks in zip(several, found, strict=True):
            peaks[draws] = np.fmax.reduce(one.of(values), axis=-1, initial=0.0)
    return found


def mean_over_draws(array: xr.Variable) -> np.ndarray:
    """Mean of the draws in which a number is known: float, the shape of a draw; not a number where it is known in none.

    array : dims draw, then others
    """
    total, known = np.zeros(array.shape[1:]), np.zeros(array.shape[1:], dtype=int)
    for draws in slices(array.sizes["draw"], draws_at_once(array)):
        values = array.isel(draw=draws).to_numpy()
        total += np.nansum(values, axis=0)
        known += np.count_nonzero(~np.isnan(values), axis=0)
    return np.asarray(np.divide(total, known, out=np.full(total.shape, np.nan), where=known > 0))
