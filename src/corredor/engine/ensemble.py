"""Many draws side by side: each runs alone in the kernel, on any thread or worker, and gives the same counts on all."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from corredor.engine.arrays import Draw
from corredor.engine.counts import Counts
from corredor.engine.draws import Sample, initial_state, make_draw_inputs, make_scratch, people_by_group
from corredor.engine.kernel import run
from corredor.engine.network import FlowNetwork
from corredor.engine.workers import Workers
from corredor.study.problems import Unreachable

Progress = Callable[[int, int], None]
"""Called with the number of draws finished and the number of all draws."""


def run_draw(network: FlowNetwork, sample: Sample, row: int, seed: int, expected: bool = False) -> tuple[np.ndarray, float, int]:
    """One draw from the warm-up to the end: its cells, the people it lost, the random counts it drew."""
    inputs = make_draw_inputs(network, sample, row, seed, sample.first + row)
    state = initial_state(network, sample, row, expected)
    cells = np.zeros(network.recording.n_cells)
    before = people_by_group(network, state)
    run(Draw(network.topology, inputs, state, make_scratch(network), cells, expected), 0, network.calendar.n_steps)
    after = people_by_group(network, state)
    lost = np.abs(after - before)
    return cells, float(np.max(lost if not expected else lost / np.maximum(before, 1.0), initial=0.0)), int(state.decisions[0])


Keep = Callable[[Counts, np.ndarray], None]
"""Called now and then with the counts so far and the numbers of the draws that have finished since the last call."""

KEEP_SECONDS = 5.0
"""Seconds between two calls of `Keep`: what a kill can cost."""


class Interrupted(KeyboardInterrupt):
    """A run was stopped.

    n_finished : draws that had finished
    counts : what they counted; none where they are in a store
    """

    def __init__(self, n_finished: int, counts: Counts | None = None) -> None:
        super().__init__("stopped")
        self.n_finished, self.counts = n_finished, counts


OneDraw = Callable[[int], tuple[np.ndarray, float, int]]
"""Number of a draw → its (n_cells,) numbers, the people it lost, the random counts it drew; does not hang on other draws."""


def run_ensemble(
    network: FlowNetwork,
    sample: Sample,
    seed: int,
    workers: Workers,
    expected: bool = False,
    progress: Progress | None = None,
    finished: Counts | None = None,
    keep: Keep | None = None,
) -> Counts:
    """All draws of a sample.

    finished : counts of an earlier, stopped run of the same; its draws are not run again
    raises : Interrupted, when stopped from the keyboard, after the draws under way have ended
    """
    one_draw = partial(_draw_of_a_sample, network, sample, seed, expected)
    return run_rows(len(sample.values), network.recording.n_cells, one_draw, workers, progress, finished, keep)


def run_rows(
    n_draws: int,
    n_cells: int,
    one_draw: OneDraw,
    workers: Workers,
    progress: Progress | None = None,
    finished: Counts | None = None,
    keep: Keep | None = None,
) -> Counts:
    """Draws side by side, whatever a draw is.

    raises : Interrupted, when stopped from the keyboard; Unreachable, when a cluster is lost. What has ended by then is kept
    """
    counts = Counts.empty(n_draws, n_cells)
    if finished is not None:
        counts = Counts(finished.cells.copy(), finished.people_lost.copy(), finished.decisions.copy(), finished.done.copy())
    missing = [int(row) for row in np.flatnonzero(~counts.done)]
    size, n_finished = workers.batch(len(missing)), n_draws - len(missing)
    batches = (tuple(missing[at : at + size]) for at in range(0, len(missing), size))
    keeper = _Keeper(keep, counts)
    try:
        with workers.map(partial(_draws, one_draw), batches) as ended:
            for rows, draws in ended:
                for row, draw in zip(rows, draws, strict=True):
                    counts.cells[row], counts.people_lost[row], counts.decisions[row] = draw
                    counts.done[row] = True
                    n_finished += 1
                    if progress is not None:
                        progress(n_finished, n_draws)
                keeper.now_and_then()
    except KeyboardInterrupt:
        keeper.now()
        raise Interrupted(int(counts.done.sum()), counts) from None
    except Unreachable:
        keeper.now()
        raise
    if keeper.has_kept:
        keeper.now()
    return counts


def _draw_of_a_sample(network: FlowNetwork, sample: Sample, seed: int, expected: bool, row: int) -> tuple[np.ndarray, float, int]:
    return run_draw(network, sample, row, seed, expected)


def _draws(one_draw: OneDraw, rows: Sequence[int]) -> list[tuple[np.ndarray, float, int]]:
    return [one_draw(row) for row in rows]


class _Keeper:
    """Hands over finished draws, each once."""

    def __init__(self, keep: Keep | None, counts: Counts) -> None:
        self.keep, self.counts = keep, counts
        self.kept, self.at, self.has_kept = counts.done.copy(), time.monotonic(), False

    def now_and_then(self) -> None:
        if time.monotonic() - self.at > KEEP_SECONDS:
            self.now()

    def now(self) -> None:
        done = self.counts.done.copy()
        if self.keep is not None:
            self.keep(self.counts, np.flatnonzero(done & ~self.kept))
        self.kept, self.at, self.has_kept = done, time.monotonic(), True
