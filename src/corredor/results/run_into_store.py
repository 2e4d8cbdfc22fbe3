"""Draws go into a store chunk by chunk: memory holds a few chunks, however many draws there are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import xarray as xr

from corredor.engine.counts import Counts
from corredor.engine.draws import Sample
from corredor.engine.ensemble import Interrupted, Progress, run_ensemble
from corredor.engine.fitted import Fitted, sample_of
from corredor.engine.network import FlowNetwork
from corredor.engine.workers import Threads, Workers
from corredor.results.dataset import make_dataset
from corredor.results.observe import add_observations
from corredor.results.store import RunStore, open_store
from corredor.study.arguments import count_of

CHUNK_BYTES, MOST_IN_CHUNK = 64_000_000, 1000
"""A chunk has as many draws as so many bytes of counts hold, and no more than that."""

LEAST_PIECE, PIECE = 10, 50
"""Draws that one thread or worker is handed at once, as far as a chunk has them; fewer where they would not go round."""

PIECES_EACH = 8
"""Parts of a run that each thread or worker gets at least, as far as they are not smaller than LEAST_PIECE."""


@dataclass(frozen=True)
class Order:
    """A run as ordered: all that its draws hang on."""

    network: FlowNetwork
    seed: int
    n_draws: int
    expected: bool
    fitted: Fitted | None


@dataclass
class _Chunk:
    """Draws of a chunk that have come so far: numbers of draws → their parameters, values and counts."""

    draws: range
    pieces: dict[range, tuple[Sample, Counts]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return sum(map(len, self.pieces)) == len(self.draws)

    def joined(self) -> tuple[np.ndarray, np.ndarray, Counts]:
        """Parameters, values and counts of all draws, in their order."""
        parts = [self.pieces[piece] for piece in sorted(self.pieces, key=lambda piece: piece.start)]
        samples, counts = [sample for sample, _ in parts], [one for _, one in parts]
        names = ("cells", "people_lost", "decisions", "done")
        return (
            np.concatenate([sample.parameters for sample in samples]),
            np.concatenate([sample.values for sample in samples]),
            Counts(*(np.concatenate([getattr(one, name) for one in counts]) for name in names)),
        )


def run_into_store(
    where: str | os.PathLike[str],
    order: Order,
    key: str,
    attributes: dict[str, Any],
    workers: Workers,
    progress: Progress | None = None,
    chunk: int | None = None,
) -> xr.Dataset:
    """The Dataset of a run in a store, of which finished chunks are there already or are run now.

    key : names study, scenario, seed, fit and version; a store with another key is refused
    chunk : draws in a chunk of a new store
    returns : a Dataset that reads from the store what is asked for
    raises : Interrupted, when stopped from the keyboard; Unreachable; ArgumentError for a store of another run; OSError
    """
    n_cells = order.network.recording.n_cells
    size = max(1, min(MOST_IN_CHUNK, CHUNK_BYTES // (8 * n_cells))) if chunk is None else count_of(chunk, "chunk")
    one = sample_of(order.network, range(1), order.seed, order.expected, order.fitted)
    layout = named_draws(order, attributes, range(1), one.parameters, one.values, Counts.empty(1, n_cells))
    store = RunStore.opened(where, layout, key, order.n_draws, min(size, order.n_draws))
    missing = store.unfinished()
    chunks = {draws.start: _Chunk(draws) for draws in missing}
    n_finished = order.n_draws - sum(map(len, missing))
    n_kept = n_finished
    try:
        with workers.map(partial(drawn, order), _pieces(missing, workers.slots)) as ended:
            for piece, part in ended:
                own = chunks[piece.start - piece.start % store.chunk]
                own.pieces[piece] = part
                n_finished += len(piece)
                if own.is_whole:
                    store.write(own.draws, named_draws(order, attributes, own.draws, *own.joined()))
                    n_kept += len(own.draws)
                    del chunks[own.draws.start]
                if progress is not None:
                    progress(n_finished, order.n_draws)
    except KeyboardInterrupt:
        raise Interrupted(n_kept) from None
    store.finish()
    return open_store(where)


def drawn(order: Order, draws: range) -> tuple[Sample, Counts]:
    """Some draws of a run: a pure function of study, scenario, seed, fit and range. Latent months are left behind."""
    sample = sample_of(order.network, draws, order.seed, order.expected, order.fitted)
    counts = run_ensemble(order.network, sample, order.seed, Threads(1), order.expected)
    return Sample(sample.parameters, sample.values, np.empty((len(sample.values), 0, 0)), draws.start), counts


def named_draws(
    order: Order, attributes: dict[str, Any], draws: range, parameters: np.ndarray, values: np.ndarray, counts: Counts
) -> xr.Dataset:
    """Some draws of a run as a Dataset, with what would be published.

    parameters, values : (n_draws, …) of a Sample;  counts : of the same draws
    """
    dataset = make_dataset(order.network, counts, parameters, values, attributes)
    dataset = dataset.assign_coords(draw=np.arange(draws.start, draws.stop))
    return add_observations(dataset, order.network, counts.cells, values, order.seed, draws.start)


def _pieces(chunks: list[range], slots: int) -> Iterator[range]:
    """Parts of the chunks, several for each of those who work on them, so that none waits long for the last one."""
    size = min(PIECE, max(LEAST_PIECE, sum(map(len, chunks)) // (PIECES_EACH * slots)))
    for chunk in chunks:
        yield from cut(chunk, size)


def cut(draws: range, size: int) -> Iterator[range]:
    """Parts of so many draws each, the last one perhaps of fewer."""
    for start in range(draws.start, draws.stop, size):
        yield range(start, min(start + size, draws.stop))
