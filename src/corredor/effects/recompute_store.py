"""A run in a store, computed again a chunk at a time: memory holds one chunk, however many draws there are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import xarray as xr

from corredor._simulate import provenance
from corredor.effects.first_difference import first_difference
from corredor.engine.ensemble import Progress
from corredor.engine.fitted import Fitted
from corredor.engine.network import build_network
from corredor.engine.workers import workers_of
from corredor.results.run_into_store import PIECE, Order, cut, drawn, named_draws
from corredor.results.store import chunk_as_written, chunk_size
from corredor.study.model import Model


def store_again(
    where: str,
    old: xr.Dataset,
    model: Model,
    asked: Mapping[str, Any],
    fitted: Fitted | None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[str, int]:
    """Where the numbers of a store first differ from those computed now, in words, and how many were compared until then.

    old : of `open_store`
    asked : what was asked for, from the manifest: draws, seed, expected
    """
    n_draws, size = old.sizes["draw"], chunk_size(where)
    order = Order(build_network(model), asked["seed"], n_draws, asked["expected"], fitted)
    wanted = 1 if asked["expected"] else asked["draws"]
    if n_draws != wanted:
        return f"{n_draws} draws then, {wanted} now", 0
    attributes = provenance(asked["seed"], asked["expected"], fitted)
    count = 0
    with workers_of(jobs) as workers:
        for draws in cut(range(n_draws), size):
            try:
                then = old.isel(draw=slice(draws.start, draws.stop)).load()
            except (ValueError, RuntimeError) as error:  # what its decoder says of a damaged chunk
                return f"{_draws_words(draws)} cannot be read: {error}", count
            differing: dict[int, str] = {}
            with workers.map(partial(drawn, order), cut(draws, PIECE)) as ended:
                for piece, (sample, counts) in ended:
                    now = named_draws(order, attributes, piece, sample.parameters, sample.values, counts)
                    here = slice(piece.start - draws.start, piece.stop - draws.start)
                    differs, compared = first_difference(then.isel(draw=here), now)
                    count += compared
                    if differs:
                        differing[piece.start] = differs
                    if progress is not None:
                        progress(min(piece.stop, n_draws), n_draws)
            if differing:
                damaged = (
                    "" if chunk_as_written(where, draws) else f"; {_draws_words(draws)} in the store are not as they were written"
                )
                return f"{differing[min(differing)]}{damaged}", count
    return "", count


def _draws_words(draws: range) -> str:
    return f"draws {draws.start} to {draws.stop - 1}" if len(draws) > 1 else f"draw {draws.start}"
