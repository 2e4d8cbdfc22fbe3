"""Is a run that was stopped and goes on the same as one that was not? Inside a draw, and between draws."""

import numpy as np
import pytest
import xarray as xr
from everything import everything
from walking import Walk, start

from corredor._simulate import simulate
from corredor.engine.checkpoint import drop_checkpoint
from corredor.engine.draws import make_scratch
from corredor.engine.ensemble import Interrupted
from corredor.engine.network.arrays import State

# --- inside a draw ---


def copied(walk):
    """A walk that goes on from a copy of where another has come to, with nothing else in common."""
    return Walk(
        walk.network,
        walk.inputs,
        State(*(array.copy() for array in walk.state)),
        walk.expected,
        make_scratch(walk.network),
        walk.cells.copy(),
        walk.step,
    )


@pytest.mark.parametrize("expected", [False, True])
@pytest.mark.parametrize("stop_after", [0, 1, 10, 31, 52, 84])
def test_a_draw_that_goes_on_from_a_kept_state_is_the_same_to_the_bit(stop_after, expected):
    whole = start(everything(), expected=expected).to_the_end()
    first = start(everything(), expected=expected).on(stop_after)
    second = copied(first)
    first.to_the_end()  # what happens to the first does not touch the copy
    second.to_the_end()
    for one, other in zip(whole.state, second.state, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(whole.cells, second.cells)


def test_a_draw_walked_step_by_step_is_the_same_to_the_bit():
    whole, steps = start(everything()).to_the_end(), start(everything())
    for _ in range(whole.step):
        steps.on()
    np.testing.assert_array_equal(whole.cells, steps.cells)
    np.testing.assert_array_equal(whole.state.people, steps.state.people)


# --- between draws ---


def stop_at(n_done):
    def progress(done, of):
        assert of == 12
        if done >= n_done:
            raise KeyboardInterrupt

    return progress


def run(folder, progress=None, draws=12, seed=1, model=None):
    return simulate(model or everything(), draws=draws, seed=seed, jobs=2, progress=progress, keep_in=folder)


def kept_files(folder):
    return list(folder.glob("unfinished-*.npz"))


def stopped_run(folder, n_done=4, **more):
    with pytest.raises(Interrupted) as stopped:
        run(folder, stop_at(n_done), **more)
    return int(stopped.value.counts.done.sum())


def test_a_stopped_run_goes_on_to_the_same_results(tmp_path):
    done = stopped_run(tmp_path)
    assert 4 <= done < 12
    assert kept_files(tmp_path)
    seen = []
    results = run(tmp_path, lambda done, of: seen.append(done))
    assert len(seen) == 12 - done
    assert seen[0] == done + 1
    xr.testing.assert_identical(results, simulate(everything(), draws=12, seed=1, jobs=1))
    drop_checkpoint(tmp_path)
    assert not kept_files(tmp_path)


def test_a_run_may_be_stopped_twice(tmp_path):
    first = stopped_run(tmp_path, 3)
    second = stopped_run(tmp_path, first + 2)
    assert second > first
    xr.testing.assert_identical(run(tmp_path), simulate(everything(), draws=12, seed=1, jobs=1))


def test_finished_draws_serve_a_run_with_more_or_fewer_draws(tmp_path):
    done = stopped_run(tmp_path)
    seen = []
    results = run(tmp_path, lambda done, of: seen.append(done), draws=15)
    assert len(seen) == 15 - done
    xr.testing.assert_identical(results, simulate(everything(), draws=15, seed=1, jobs=1))
    stopped_run(tmp_path)
    xr.testing.assert_identical(run(tmp_path, draws=2), simulate(everything(), draws=2, seed=1, jobs=1))


@pytest.mark.parametrize("more", [{"seed": 2}, {"model": everything(hash_="1" * 64)}])
def test_another_seed_or_study_does_not_go_on_from_it(tmp_path, more):
    stopped_run(tmp_path)
    seen = []
    run(tmp_path, lambda done, of: seen.append(done), **more)
    assert len(seen) == 12


def test_a_broken_file_of_finished_draws_is_not_used(tmp_path):
    stopped_run(tmp_path)
    (file,) = kept_files(tmp_path)
    kept = file.read_bytes()
    file.write_bytes(kept[: len(kept) // 2])
    xr.testing.assert_identical(run(tmp_path), simulate(everything(), draws=12, seed=1, jobs=1))


def test_a_run_that_fails_otherwise_does_not_hide_its_reason():
    def broken(done, of):
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="the disk is full"):
        simulate(everything(), draws=4, jobs=2, progress=broken)
