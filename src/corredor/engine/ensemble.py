"""Many draws side by side: each runs alone in the kernel, on as many threads as asked for, and gives the same counts on any."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np

from corredor.engine.counts import Counts
from corredor.engine.draws import Sample, initial_state, make_draw_inputs, make_scratch, people_by_group
from corredor.engine.kernel import run
from corredor.engine.network import FlowNetwork
from corredor.engine.network.arrays import Draw

Progress = Callable[[int, int], None]
"""Called with the number of draws finished and the number of all draws."""


def run_draw(network: FlowNetwork, sample: Sample, row: int, seed: int, expected: bool = False) -> tuple[np.ndarray, float, int]:
    """One draw from the warm-up to the end: its cells, the people it lost, the random counts it drew."""
    inputs = make_draw_inputs(network, sample, row, seed, row)
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
    """A run was stopped; `counts` holds the draws that had finished."""

    def __init__(self, counts: Counts) -> None:
        super().__init__("stopped")
        self.counts = counts


def run_ensemble(
    network: FlowNetwork,
    sample: Sample,
    seed: int,
    jobs: int,
    expected: bool = False,
    progress: Progress | None = None,
    finished: Counts | None = None,
    keep: Keep | None = None,
) -> Counts:
    """All draws of a sample.

    jobs : threads
    finished : counts of an earlier, stopped run of the same; its draws are not run again
    raises : Interrupted, when stopped from the keyboard, after the draws under way have ended
    """

    def one_draw(row: int) -> tuple[np.ndarray, float, int]:
        return run_draw(network, sample, row, seed, expected)

    return run_rows(len(sample.values), network.recording.n_cells, one_draw, jobs, progress, finished, keep)


def run_rows(
    n_draws: int,
    n_cells: int,
    one_draw: Callable[[int], tuple[np.ndarray, float, int]],
    jobs: int,
    progress: Progress | None = None,
    finished: Counts | None = None,
    keep: Keep | None = None,
) -> Counts:
    """Draws side by side on threads, whatever a draw is.

    one_draw : number of the draw → its (n_cells,) numbers, the people it lost, the random counts it drew; must not depend on other draws
    raises : Interrupted, when stopped from the keyboard, after the draws under way have ended
    """
    counts = Counts.empty(n_draws, n_cells)
    if finished is not None:
        counts = Counts(finished.cells.copy(), finished.people_lost.copy(), finished.decisions.copy(), finished.done.copy())

    def run_into(row: int) -> None:
        counts.cells[row], counts.people_lost[row], counts.decisions[row] = one_draw(row)
        counts.done[row] = True

    keeper = _Keeper(keep, counts)
    with ThreadPoolExecutor(max_workers=max(jobs, 1)) as pool:
        tasks = [pool.submit(run_into, row) for row in range(n_draws) if not counts.done[row]]
        try:
            for n_finished, task in enumerate(as_completed(tasks), start=n_draws - len(tasks) + 1):
                task.result()
                if progress is not None:
                    progress(n_finished, n_draws)
                keeper.now_and_then()
        except KeyboardInterrupt:
            pool.shutdown(wait=True, cancel_futures=True)
            keeper.now()
            raise Interrupted(counts) from None
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    if keeper.has_kept:
        keeper.now()
    return counts


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
