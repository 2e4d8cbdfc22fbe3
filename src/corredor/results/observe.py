"""What would be published in each draw, beside what was published (M14).

The one observation operator: means of figures come straight from the kernel's cells by one sparse matrix, for a run and for `fit`.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import sparse, special

from corredor.engine.draws import uniforms_of_draws
from corredor.engine.network import FlowNetwork
from corredor.engine.network.recording import Block
from corredor.engine.random_numbers import poisson_quantiles, tag
from corredor.study.model import Model
from corredor.study.schema import Observation

PUBLISHED = 103
"""Purpose of random numbers (M15), apart from those of draws.py and the kernel."""


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
    def counted(self) -> np.ndarray:
        """Whether a figure is a random count, because its output has a dispersion: (n_figures,) bool."""
        return np.asarray(self.dispersion_row >= 0)


def add_observations(
    dataset: xr.Dataset, network: FlowNetwork, cells: np.ndarray, values: np.ndarray, seed: int, first: int = 0
) -> xr.Dataset:
    """The Dataset with the study's published figures over `observation`, and what each draw would have had published.

    cells : (n_draws, n_cells) float        counts that the Dataset was made from
    values : (n_draws, n_rows) float        of the network's quantities, for reporting shares and dispersions
    first : number of the first of these draws
    """
    rows = network.model.observations
    figures = published_figures(network, rows)
    predicted, dispersion = figure_means(figures, cells, values), dispersions(figures, values)
    # expected flow (M16) draws no random numbers: its published figures are the means
    counted = np.flatnonzero(figures.counted) if not dataset.attrs.get("expected") else ()
    if len(counted):
        entities = np.array([figure_entity(network.model, rows[number]) for number in counted])
        predicted[:, counted] = published_counts(predicted[:, counted], dispersion[:, counted], seed, entities, first)
    text = {
        "output": [row.output for row in rows],
        "place": [row.place or "" for row in rows],
        "group": [row.group or "" for row in rows],
        "status": [row.status for row in rows],
        "source": [row.source for row in rows],
        "note": [row.note or "" for row in rows],
    }
    numbers = {"value": [row.value for row in rows], "low": [row.low for row in rows], "high": [row.high for row in rows]}
    dates = {"from": [row.from_ for row in rows], "to": [row.to for row in rows], "published": [row.published for row in rows]}
    new: dict[str, tuple[tuple[str, ...], np.ndarray]] = {"observation_predicted": (("draw", "observation"), predicted)}
    new |= {f"observation_{name}": (("observation",), np.array(column, dtype=str)) for name, column in text.items()}
    new |= {
        f"observation_{name}": (("observation",), np.array([np.nan if x is None else x for x in column], dtype=float))
        for name, column in numbers.items()
    }
    new |= {f"observation_{name}": (("observation",), np.array(column, dtype="datetime64[ns]")) for name, column in dates.items()}
    return dataset.assign(new).assign_coords(observation=np.arange(len(rows)))


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
        # most cells are in no figure, and are not copied
        used, column = np.unique(matrix.indices, return_inverse=True)
        of_used = sparse.csr_array((matrix.data, column, matrix.indptr), shape=(len(total.T), len(used)))
        part = np.asarray((of_used @ cells[:, used].T).T)
        total += part if row is None else part * values[:, row, None]
    share = _of_rows(values, figures.reported_row, 1.0)
    # expected flow can leave a rounding error below nobody
    return np.asarray(np.maximum(total * share, 0.0))


def dispersions(figures: PublishedFigures, values: np.ndarray) -> np.ndarray:
    """Dispersion of each figure in each draw; 0 where its output has none: (n_draws, n_figures) float."""
    return _of_rows(values, figures.dispersion_row, 0.0)


def published_count(mean: np.ndarray, dispersion: np.ndarray, seed: int, entity: int, first: int = 0) -> np.ndarray:
    """`published_counts` of one figure: (n_draws,) float whole numbers."""
    return published_counts(mean[:, None], dispersion[:, None], seed, np.array([entity]), first)[:, 0]


def published_counts(mean: np.ndarray, dispersion: np.ndarray, seed: int, entities: np.ndarray, first: int = 0) -> np.ndarray:
    """Negative binomial counts: variance = mean + dispersion × mean² (M14).

    mean, dispersion : (n_draws, n_figures) float ≥ 0
    entities : (n_figures,) 0 … 2**32 − 1   name the figures, so that each has random numbers of its own
    first : number of the first draw
    returns : (n_draws, n_figures) float whole numbers; the random numbers of a draw do not hang on the other draws
    """
    share_uniforms, count_uniforms = uniforms_of_draws(seed, len(mean), np.array([0]), entities, tag(PUBLISHED, 0, 0), first)
    shape = 1 / np.maximum(dispersion.T, 1e-9)
    factor = np.where(dispersion.T > 1e-9, special.gammaincinv(shape, share_uniforms) / shape, 1.0)
    # expected flow can leave a rounding error below nobody
    means = np.clip(mean.T, 0.0, 1e15) * factor
    return np.asarray(poisson_quantiles(count_uniforms.ravel(), means.ravel()).reshape(means.shape).T)


def figure_entity(model: Model, row: Observation) -> int:
    """What names a figure among random numbers: what it counts, not when or as what it was published; 0 … 2**32 − 1."""
    return zlib.crc32(f"{row.output}|{_place_number(model, row.place)}|{row.group}|{row.from_}|{row.to}".encode())


def period_shares(starts: np.ndarray, last: dt.date, first_day: dt.date, last_day: dt.date, mean: bool) -> np.ndarray:
    """Weights with which an output's periods make a number for some days, both ends included: (n_periods,) float.

    mean : a stock or wait, whose days are averaged; else a flow, whose days are summed
    """
    weights = overlap_days(starts, last, first_day, last_day)
    return np.asarray(weights / (weights.sum() if mean and weights.sum() > 0 else period_days(starts, last)))


def period_days(starts: np.ndarray, last: dt.date) -> np.ndarray:
    """Lengths of periods in days, given their starts and the last day of the study."""
    edges = np.append(starts, np.datetime64(last + dt.timedelta(days=1), "ns"))
    return np.asarray(np.diff(edges) / np.timedelta64(1, "D"))


def overlap_days(starts: np.ndarray, last: dt.date, first_day: dt.date, last_day: dt.date) -> np.ndarray:
    """Days that each period shares with the days from `first_day` to `last_day`, both included."""
    edges = np.append(starts, np.datetime64(last + dt.timedelta(days=1), "ns"))
    low = np.maximum(edges[:-1], np.datetime64(first_day, "ns"))
    high = np.minimum(edges[1:], np.datetime64(last_day + dt.timedelta(days=1), "ns"))
    return np.asarray(np.maximum((high - low) / np.timedelta64(1, "D"), 0.0))


def whom_counted(model: Model, row: Observation) -> list[dict[str, set[str]]]:
    """Labels that a figure counts, for its place and for its group: dimension → labels, the finest dimension first."""
    keys: list[dict[str, set[str]]] = []
    if row.place:
        inside = {p.id for p in model.places if row.place in (p.id, p.country, p.region)}
        keys.append({"place": inside, "country": {row.place}, "region": {row.place}})
    if row.group:
        groups = model.study.groups
        inside = {g for g, group in groups.items() if row.group in (g, group.citizenship, group.kind)}
        keys.append({"group": inside, "citizenship": {row.group}, "kind": {row.group}})
    return keys


def chosen_labels(labels: Mapping[str, Sequence[str]], keys: Mapping[str, set[str]]) -> tuple[str, list[int]] | None:
    """The dimension by which a figure's place or group is told apart, and the positions of its labels; none without such a one."""
    found: tuple[str, list[int]] | None = None
    for dimension, wanted in keys.items():
        if dimension in labels:
            positions = [number for number, label in enumerate(labels[dimension]) if label in wanted]
            if positions or found is None:
                found = (dimension, positions)
            if positions:
                break
    return found


def _cells(network: FlowNetwork, block: Block, row: Observation) -> list[tuple[int, float]]:
    """Cells of an output that a figure counts, with their weights."""
    model, output = network.model, network.model.study.outputs[block.output]
    starts = network.calendar.period_starts[block.every].astype("datetime64[ns]")
    share = period_shares(
        starts, model.study.to, row.from_, row.to, mean=output.stock is not None or output.expected_wait is not None
    )
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


def _place_number(model: Model, place: str | None) -> str:
    """A place by its position in the study, so that random numbers do not hang on its name; countries and regions by theirs."""
    return next((str(number) for number, other in enumerate(model.places) if other.id == place), place or "")
