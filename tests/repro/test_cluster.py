"""Has a result from the workers of a Dask cluster the bits of one thread here, whatever happens to them on the way?"""

import subprocess
import sys

import numpy as np
import pytest
import xarray as xr
from dask_workers import cluster_of, wait_until, worker_of
from distributed import default_client
from everything import everything

from corredor._simulate import simulate
from corredor.effects.compare import compare
from corredor.effects.compare.shares import shares
from corredor.engine.fitted import read_fitted
from corredor.engine.workers import client_of, workers_of
from corredor.learn.fit import fit
from corredor.results.netcdf import read_run
from corredor.study.problems import ArgumentError, Unreachable


@pytest.fixture(scope="module")
def client():
    """Two workers, one of them elsewhere in the world."""
    with cluster_of() as client:
        address = client.scheduler.address
        with worker_of(address), worker_of(address, LC_ALL="tr_TR.UTF-8", LANG="tr_TR.UTF-8", TZ="Pacific/Chatham"):
            client.wait_for_workers(2, timeout=120)
            yield client


def test_a_run_and_a_comparison_have_the_bits_of_one_thread(client):
    xr.testing.assert_identical(simulate("two-towns", draws=40, cluster=client), simulate("two-towns", draws=40, jobs=1))
    given = {"without": "bridge_patrols", "draws": 20}
    xr.testing.assert_identical(compare("two-towns", **given, cluster=client), compare("two-towns", **given, jobs=1))


def test_so_have_shares_and_a_fit(client):
    given = {"without": ["patrols", "office"], "draws": 6}
    xr.testing.assert_identical(shares(everything(), **given, cluster=client), shares(everything(), **given, jobs=1))
    one, other = (fit("two-towns", draws=10, iterations=1, **how) for how in ({"cluster": client}, {"jobs": 1}))
    assert one.parameters.tobytes() == other.parameters.tobytes() and one.new_parts.tobytes() == other.new_parts.tobytes()


@pytest.mark.parametrize("chunk", [30, 100])
def test_so_has_a_run_into_a_store(chunk, client, tmp_path):
    found = simulate("two-towns", draws=100, cluster=client, store=tmp_path / "store", chunk=chunk)
    xr.testing.assert_identical(found.load(), simulate("two-towns", draws=100, jobs=1))


def test_a_fit_is_saved_while_a_client_is_the_default(client, tmp_path):
    assert default_client() is client
    fitted = fit("two-towns", draws=10, iterations=1, jobs=1)
    path = fitted.save(tmp_path / "fitted.nc")
    assert np.array_equal(read_fitted(path).parameters, fitted.parameters)


def test_a_third_worker_that_comes_and_is_killed_in_mid_run_changes_nothing(client, tmp_path):
    with worker_of(client.scheduler.address) as third:
        client.wait_for_workers(3, timeout=120)

        def kill(done, of):
            if third.poll() is None:
                third.kill()

        found = simulate("two-towns", draws=1500, cluster=client, progress=kill, store=tmp_path / "store", chunk=200)
        assert third.wait() < 0
    xr.testing.assert_identical(found.load(), simulate("two-towns", draws=1500))


def test_a_worker_with_another_version_is_refused(client, tmp_path):
    metadata = tmp_path / "corredor-9.9.9.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: corredor\nVersion: 9.9.9\n")
    with worker_of(client.scheduler.address, PYTHONPATH=f"{tmp_path}:{':'.join(sys.path)}"):
        client.wait_for_workers(3, timeout=120)
        with pytest.raises(Unreachable, match=r"the worker at tcp://\S+ has corredor 9\.9\.9; here it is corredor"):
            simulate(everything(), draws=4, cluster=client)
    wait_until(lambda: len(client.nthreads()) == 2)


@pytest.mark.parametrize("wrong", ["foo", "local:0", "local:x", 7])
def test_what_is_no_cluster_is_told(wrong):
    with pytest.raises(ArgumentError, match="the address of a scheduler"), workers_of(None, wrong):
        pass


def test_a_scheduler_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr("corredor.engine.workers.SCHEDULER_SECONDS", 1)
    with pytest.raises(Unreachable, match="no scheduler of a Dask cluster answers at"), client_of("tcp://127.0.0.1:9"):
        pass


def test_without_the_extra_a_sentence_says_which(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ImportError, match=r"corredor\[cluster\]"):
        simulate(everything(), draws=2, cluster="local:2")


def test_the_script_for_slurm_is_as_the_page_shows_it():
    from dask_jobqueue import SLURMCluster

    cluster = SLURMCluster(
        cores=8,
        processes=8,
        memory="16GB",
        walltime="02:00:00",
        job_script_prologue=["source corredor/bin/activate"],
        interface="lo",
    )
    script = cluster.job_script()
    cluster.close()
    for words in ("#SBATCH --cpus-per-task=8", "#SBATCH -t 02:00:00", "source corredor/bin/activate", "--nworkers 8"):
        assert words in script, script


def test_a_command_writes_its_results_with_processes_of_a_cluster_as_without(tmp_path):
    """From the command line to the files: no lock of the cluster is in the way of writing them."""
    written = []
    for name, more in (("alone", ["--jobs", "1"]), ("cluster", ["--cluster", "local:1"])):
        command = [sys.executable, "-m", "corredor", "run", "two-towns", "--draws", "6", *more, "--out", str(tmp_path / name)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        written.append(read_run(tmp_path / name / "results.nc").drop_attrs(deep=False))
    assert written[0].identical(written[1])
