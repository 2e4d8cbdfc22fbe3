"""How likely published figures are, given what a draw counts (M14): the likelihood that `fit` and its checks use.

Means come straight from the kernel's cells by one sparse matrix, not through a Dataset; a test holds them against `observe.py`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from scipy import sparse, special, stats

from corredor.engine.network import FlowNetwork
from corredor.engine.network.recording import Block
from corredor.results.observe import chosen_labels, period_shares, whom_counted
from corredor.study.model import Model
from corredor.study.schema import Observation

ROUNDING_VARIANCE = 1 / 12
"""People²: a whole number stands for anything within half a person of it."""


@dataclass(frozen=True)
class PublishedFigures:
    """Published figures in numbers, and the sums of cells that make their means.

    rows : the figures
    parts : (rows of the network's quantities that are multiplied, or none; sparse (n_figures, n_cells)); the mean is their sum
    reported_row, dispersion_row : (n_figures,) int     rows of reporting share and dispersion; −1: none
    low, high : (n_figures,) float                      what the figure allows; the same twice for an exact number; high may be ∞
    """

    rows: tuple[Observation, ...]
    parts: tuple[tuple[int | None, sparse.csr_array], ...]
    reported_row: np.ndarray
    dispersion_row: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def exact(self) -> np.ndarray:
        """Whether a figure is one number: (n_figures,) bool."""
        return np.asarray(self.low == self.high)

    @property
    def lucky(self) -> np.ndarray:
        """Whether a figure has luck of its own (a dispersion): (n_figures,) bool."""
        return np.asarray(self.dispersion_row >= 0)


def known_by(model: Model, as_of: dt.date, until: dt.date | None = None) -> tuple[Observation, ...]:
    """Figures that were published by a date and count nothing after another; of revisions the last one known then.

    as_of : last day of publication
    until : last day counted; `as_of` unless given
    """
    last_day = as_of if until is None else until
    known: dict[tuple[object, ...], Observation] = {}
    for row in model.observations:
        if row.published <= as_of and row.to <= last_day:
            key = (row.output, row.place, row.group, row.from_, row.to)
            if key not in known or known[key].published < row.published:
                known[key] = row
    return tuple(known.values())


def published_figures(network: FlowNetwork, rows: tuple[Observation, ...]) -> PublishedFigures:
    """Lay out figures over the cells of a network.

    raises : KeyError when a figure belongs to an output that the study does not have
    """
    outputs, quantities = network.model.study.outputs, network.quantities
    blocks = {block.output: block for block in network.recording.blocks}
    entries: dict[int | None, list[tuple[int, int, float]]] = {None: []}
    reported, dispersion = np.full(len(rows), -1), np.full(len(rows), -1)
    for number, row in enumerate(rows):
        output = outputs[row.output]
        if output.reported_share is not None:
            reported[number] = quantities.row(output.reported_share)
        if output.dispersion is not None:
            dispersion[number] = quantities.row(output.dispersion)
        for name, factor in ({row.output: None} if output.sum_of is None else output.sum_of).items():
            part = None if factor is None else quantities.row(factor)
            entries.setdefault(part, []).extend((number, *entry) for entry in _cells(network, blocks[name], row))
    shape = (len(rows), network.recording.n_cells)
    parts = tuple((part, _matrix(found, shape)) for part, found in entries.items() if found)
    low = np.array([row.value if row.value is not None else row.low or 0.0 for row in rows], dtype=float)
    high = np.array([_first_given(row.value, row.high) for row in rows], dtype=float)
    return PublishedFigures(rows, parts, reported, dispersion, low, high)


def figure_means(figures: PublishedFigures, cells: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Means of published figures, reporting share included.

    cells : (n_draws, n_cells) float
    values : (n_draws, n_rows) float        of the network's quantities
    returns : (n_draws, n_figures) float people, or days for a wait
    """
    total = np.zeros((len(cells), len(figures.rows)))
    for row, matrix in figures.parts:
        part = np.asarray((matrix @ cells.T).T)
        total += part if row is None else part * values[:, row, None]
    share = _of_rows(values, figures.reported_row, 1.0)
    # expected flow can leave a rounding error below nobody
    return np.asarray(np.maximum(total * share, 0.0))


def dispersions(figures: PublishedFigures, values: np.ndarray) -> np.ndarray:
    """Dispersion of each figure in each draw; 0 where it has no luck of its own: (n_draws, n_figures) float."""
    return _of_rows(values, figures.dispersion_row, 0.0)


def log_likelihood(
    figures: PublishedFigures, means: np.ndarray, dispersion: np.ndarray, process: np.ndarray | float = 0.0
) -> np.ndarray:
    """Log likelihood of each figure (M14): negative binomial, over all values that it allows.

    means, dispersion : (n_draws, n_figures) float
    process : (n_figures,) float    variance of the stochastic model around its mean-field run, as a part of mean² + mean + 1
        (see `process_variance`); it widens the law. Figures without luck have a normal law with this variance and that of rounding
    returns : (n_draws, n_figures) float
    """
    mean = np.maximum(means, 1e-6)
    wider = process_variance(process, mean)
    shape = 1 / np.maximum(dispersion + wider / mean**2, 1e-9)
    exact, lucky = figures.exact, figures.lucky
    answer = np.zeros(means.shape)
    one = lucky & exact
    answer[:, one] = _negative_binomial(figures.low[one], mean[:, one], shape[:, one])
    some = lucky & ~exact
    if some.any():
        chance = shape[:, some] / (shape[:, some] + mean[:, some])
        below = stats.nbinom.cdf(np.ceil(figures.low[some]) - 1, shape[:, some], chance)
        up_to = np.where(
            np.isinf(figures.high[some]), 1.0, stats.nbinom.cdf(np.floor(figures.high[some]), shape[:, some], chance)
        )
        answer[:, some] = np.log(np.maximum(up_to - below, 1e-300))
    plain = ~lucky
    if plain.any():
        sd = np.sqrt(wider[:, plain] + ROUNDING_VARIANCE)
        low, high = (figures.low[plain] - mean[:, plain]) / sd, (figures.high[plain] - mean[:, plain]) / sd
        whole = np.log(np.maximum(stats.norm.cdf(high) - stats.norm.cdf(low), 1e-300))
        answer[:, plain] = np.where(exact[plain], stats.norm.logpdf(low) - np.log(sd), whole)
    return answer


def process_variance(process: np.ndarray | float, mean: np.ndarray) -> np.ndarray:
    """Variance of a stochastic draw around the mean-field run of the same world (M16): process × (mean² + mean + 1)."""
    return np.asarray(process * (mean**2 + mean + 1))


def _negative_binomial(count: np.ndarray, mean: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Log chance of a count; not only whole numbers, since a figure may be a mean over days.

    variance = mean + mean² / shape
    """
    ways = special.gammaln(count + shape) - special.gammaln(shape) - special.gammaln(count + 1)
    return np.asarray(ways - shape * np.log1p(mean / shape) + count * (np.log(mean) - np.log(mean + shape)))


def _cells(network: FlowNetwork, block: Block, row: Observation) -> list[tuple[int, float]]:
    """Cells of an output that a figure counts, with their weights: the sparse counterpart of `observe.modelled_value`."""
    model, output = network.model, network.model.study.outputs[block.output]
    starts = network.calendar.period_starts[block.every].astype("datetime64[ns]")
    share = period_shares(starts, model.study.to, row, mean=output.stock is not None or output.expected_wait is not None)
    labels = dict(zip(block.dimensions, block.labels, strict=True))
    series = np.arange(int(np.prod(block.shape[:-1]))).reshape(block.shape[:-1])
    for keys in whom_counted(model, row):
        chosen = chosen_labels(labels, keys)
        if chosen is not None:
            series = np.take(series, chosen[1], axis=block.dimensions.index(chosen[0]))
    periods = np.flatnonzero(share)
    return [
        (block.first_cell + int(number) * block.n_periods + int(period), float(share[period]))
        for number in series.ravel()
        for period in periods
    ]


def _of_rows(values: np.ndarray, rows: np.ndarray, otherwise: float) -> np.ndarray:
    """Values of a quantity's rows, one for each figure; row −1 is the value for figures that have none."""
    return np.concatenate([values, np.full((len(values), 1), otherwise)], axis=1)[:, rows]


def _matrix(entries: list[tuple[int, int, float]], shape: tuple[int, int]) -> sparse.csr_array:
    figure, cell, weight = zip(*entries, strict=True)
    return sparse.csr_array((np.array(weight), (np.array(figure), np.array(cell))), shape=shape)


def _first_given(*numbers: float | None) -> float:
    return next((number for number in numbers if number is not None), np.inf)
