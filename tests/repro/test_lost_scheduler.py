"""Does a run whose scheduler is lost end with a sentence, and go on from its finished chunks?"""

import subprocess
import sys

import pytest
import xarray as xr
from dask_workers import worker_of

from corredor._simulate import simulate
from corredor.engine.workers import client_of
from corredor.results.store import open_store
from corredor.study.problems import ArgumentError, Unreachable


def test_a_run_whose_scheduler_is_killed_is_told_and_goes_on(tmp_path):
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    file = tmp_path / "scheduler.json"
    scheduler = subprocess.Popen(
        [*command, "--scheduler-file", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    address = next(line.split("Scheduler at:")[1].strip() for line in scheduler.stderr if "Scheduler at:" in line)

    def kill(done, of):
        if done >= 400:
            scheduler.kill()

    store = tmp_path / "store"
    with (
        worker_of(address),
        client_of(address) as client,
        pytest.raises(Unreachable, match=r"the scheduler of the cluster .* is gone"),
    ):
        simulate("two-towns", draws=3000, cluster=client, progress=kill, store=store, chunk=100)
    scheduler.wait()
    with pytest.raises(ArgumentError, match="of 30 chunks of draws are finished"):
        open_store(store)
    xr.testing.assert_identical(simulate("two-towns", draws=3000, store=store).load(), simulate("two-towns", draws=3000))
