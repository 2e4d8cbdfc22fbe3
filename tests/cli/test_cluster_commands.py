"""Does every command that takes --cluster leave the same files with workers as with one thread, and say what is wrong with a cluster?"""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
import xarray as xr
from backtesting import years_study
from builders import write_study
from dask_workers import cluster_of, scheduler_at, wait_until, worker_of
from everything import everything
from heed import heed_a_terminal
from left_behind import assert_same, left_behind
from made_up_evidence import written_evidence

from corredor._simulate import simulate
from corredor.results.store import open_store


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    """A small job for every command that takes --cluster."""
    folder = tmp_path_factory.mktemp("studies")
    years = write_study(folder / "years", years_study())
    many_measures = write_study(folder / "everything", everything())
    (folder / "evidence").mkdir()
    evidence = written_evidence(folder / "evidence")
    series = ("--series", evidence / "one.csv", evidence / "two.csv", "--claims", evidence / "claims.yaml")
    return {
        "run": ("run", "two-towns", "--draws", 12),
        "compare": ("compare", "two-towns", "--without", "bridge_patrols", "--draws", 8),
        "shares": ("compare", many_measures, "--without", "patrols,office", "--draws", 4, "--shares", "--share-draws", 4),
        "fit": ("fit", "two-towns", "--draws", 12, "--iterations", 1),
        "forecast": ("forecast", "two-towns", "--as-of", "2021-05-10", "--draws", 8),
        "sensitivity": ("sensitivity", "two-towns", "--output", "stopped", "--method", "morris", "--size", 2),
        "backtest": (*("backtest", years, "--origins", "2020-06:2020-07", "--months", 1), "--draws", 24, "--members", 12, "--rounds", 1),
        "benchmark": ("benchmark", *series, "--placebos", 10, "--methods", "panel,mean before and after"),
    }  # fmt: skip


@pytest.fixture(scope="module")
def address():
    """A cluster with one worker, elsewhere in the world."""
    with cluster_of() as client, worker_of(client.scheduler.address, LC_ALL="tr_TR.UTF-8", TZ="Pacific/Chatham"):
        client.wait_for_workers(1, timeout=120)
        yield client.scheduler.address


def left_by(here, tmp_path, words, name, *more):
    seed_of_all = () if "--seed" in words else ("--seed", 3)
    done = here(*words, *seed_of_all, *more, "--out", name)
    assert done.returncode == 0, done.stderr
    return left_behind(tmp_path / name)


NAMES = ("run", "compare", "shares", "fit", "forecast", "sensitivity", "backtest", "benchmark")
ALONE = dict.fromkeys(NAMES, ("--jobs", 1)) | {"benchmark": ()}


@pytest.mark.parametrize("name", NAMES)
def test_a_command_leaves_the_same_with_a_worker_as_with_a_thread(name, here, commands, address, tmp_path):
    words = commands[name]
    alone = left_by(here, tmp_path, words, "alone", *ALONE[name])
    assert_same(left_by(here, tmp_path, words, "cluster", "--cluster", address), alone)


@pytest.mark.full
@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("name", NAMES)
def test_so_it_does_with_processes_here(name, workers, here, commands, tmp_path):
    words = commands[name]
    alone = left_by(here, tmp_path, words, "alone", *ALONE[name])
    assert_same(left_by(here, tmp_path, words, "cluster", "--cluster", f"local:{workers}"), alone)


@pytest.mark.full
@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("chunk", [7, 40, 1000])
def test_a_store_is_the_same_with_any_chunks_and_processes(chunk, workers, here, tmp_path):
    words = ("run", "two-towns", "--draws", 60, "--store", "store", "--chunk", chunk, "--out", "out")
    done = here(*words, "--cluster", f"local:{workers}")
    assert done.returncode == 0, done.stderr
    stored = open_store(tmp_path / "store").load()
    xr.testing.assert_identical(stored.drop_attrs(deep=False), simulate("two-towns", draws=60, jobs=1).drop_attrs(deep=False))


# --- what goes wrong ---


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_address_is_told_by_every_command(name, here, commands, monkeypatch, tmp_path):
    monkeypatch.setattr("corredor.engine.workers.SCHEDULER_SECONDS", 0.3)
    done = here(*commands[name], "--cluster", "tcp://127.0.0.1:9", "--out", "out")
    assert done.returncode == 4 and done.stdout == "", done.stderr
    assert "no scheduler of a Dask cluster answers at tcp://127.0.0.1:9" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("says", [None, b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0" * 4000, b"SSH-2.0-server\r\n"])
def test_another_program_at_the_address_is_told_whatever_it_says(says, here, monkeypatch, tmp_path):
    """Also one that says nothing, and holds the line."""
    monkeypatch.setattr("corredor.engine.workers.SCHEDULER_SECONDS", 0.5)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as program:

        def answer():
            held = []
            while not ended.is_set():
                line, _ = program.accept()
                held.append(line)
                if says is not None:
                    line.sendall(says)
                    line.close()
            for line in held:
                line.close()

        answering = threading.Thread(target=answer)
        answering.start()
        port = program.getsockname()[1]
        done = here("run", "two-towns", "--draws", 2, "--cluster", f"tcp://127.0.0.1:{port}", "--out", "out")
        ended.set()
        socket.create_connection(("127.0.0.1", port)).close()
        answering.join()
    assert done.returncode == 4 and "no scheduler of a Dask cluster answers at tcp://127.0.0.1:" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and not list(tmp_path.iterdir())


@pytest.mark.parametrize("protocol", ["tls", "ucx"])
def test_a_protocol_that_is_not_set_up_here_is_told(protocol, here):
    done = here("run", "two-towns", "--draws", 2, "--cluster", f"{protocol}://127.0.0.1:9", "--out", "out")
    assert done.returncode == 4 and f"no scheduler of a Dask cluster answers at {protocol}://" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_of_another_version_is_told(here, address, tmp_path):
    metadata = tmp_path / "other" / "corredor-9.9.9.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("Metadata-Version: 2.1\nName: corredor\nVersion: 9.9.9\n")
    with scheduler_at() as (_, own), worker_of(own, PYTHONPATH=f"{metadata.parent.parent}:{':'.join(sys.path)}"):
        done = here("run", "two-towns", "--draws", 4, "--cluster", own, "--out", "out")
    assert done.returncode == 4, done.stderr
    assert "has corredor 9.9.9; here it is corredor" in done.stderr and "install the same versions" in done.stderr


def test_a_stopped_worker_is_waited_for(here, commands, tmp_path):
    """A worker that does nothing for a while, as on a machine with other things to do."""
    with scheduler_at() as (_, own), worker_of(own) as one, worker_of(own) as other:

        def stop_for_a_while():
            time.sleep(1.0)
            other.send_signal(signal.SIGSTOP)
            time.sleep(3.0)
            other.send_signal(signal.SIGCONT)

        slow = threading.Thread(target=stop_for_a_while)
        slow.start()
        words = ("run", "two-towns", "--draws", 1200, "--chunk", 100)
        done = here(*words, "--store", "store", "--cluster", own, "--out", "out")
        slow.join()
        assert one.poll() is None and other.poll() is None
    assert done.returncode == 0, done.stderr
    stored = open_store(tmp_path / "store").load()
    xr.testing.assert_identical(stored.drop_attrs(deep=False), simulate("two-towns", draws=1200).drop_attrs(deep=False))


def test_a_command_whose_scheduler_is_restarted_goes_on_from_its_finished_chunks(here, tmp_path, monkeypatch):
    """The same words, the same address, another scheduler behind it."""
    store = tmp_path / "store"
    chunks = store / "finished" / "sha256" / "c"

    def finished():
        return sum(path.is_file() for path in chunks.rglob("*"))

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ("run", "two-towns", "--draws", 1500, "--chunk", 100, "--store", store, "--cluster", f"tcp://127.0.0.1:{port}")
    with scheduler_at(port) as (scheduler, own), worker_of(own):

        def kill():
            wait_until(lambda: finished() >= 2)
            scheduler.kill()

        killing = threading.Thread(target=kill)
        killing.start()
        done = here(*words, "--out", "out")
        killing.join()
    assert done.returncode == 4 and "is gone" in done.stderr and "the same command goes on" in done.stderr, done.stderr
    kept = finished()
    assert 2 <= kept < 15
    with scheduler_at(port) as (_, own), worker_of(own):
        done = here(*words, "--out", "out")
    assert done.returncode == 0 and "Warning" not in done.stderr, done.stderr
    first = int(re.search(r"simulating: (\d+) of 1500", done.stderr)[1])
    assert 100 * kept < first <= 100 * kept + 50
    stored = open_store(store).load()
    xr.testing.assert_identical(stored.drop_attrs(deep=False), simulate("two-towns", draws=1500).drop_attrs(deep=False))


def test_a_full_disk_is_told_with_a_cluster_too(address, tmp_path):
    """Files may not become larger than 18 kB: chunks do not fit. Nothing half-written is left, and later it goes on."""
    words = [sys.executable, "-m", "corredor", "run", "two-towns", "--draws", "200", "--chunk", "50", "--store", "store"]
    words += ["--cluster", address, "--out", "out"]
    limit = "import resource, os, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (18_000, 18_000)); os.execv(sys.argv[1], sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", limit, *words], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 2 and "cannot be read or written" in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert not (tmp_path / "out" / "report.html").exists() and not list((tmp_path / "store").rglob("*.partial"))
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    stored = open_store(tmp_path / "store").load()
    xr.testing.assert_identical(stored.drop_attrs(deep=False), simulate("two-towns", draws=200).drop_attrs(deep=False))


@pytest.mark.parametrize("how", [signal.SIGINT, pytest.param(signal.SIGHUP, marks=pytest.mark.full)])
def test_a_terminal_stops_a_command_with_processes_here_in_one_sentence(how, tmp_path):
    """It sends Ctrl-C to workers too, which are not to answer."""
    words = ("run", "two-towns", "--draws", "100000", "--chunk", "50", "--store", "store", "--cluster", "local:1", "--out", "out")
    command = subprocess.Popen(
        [sys.executable, "-m", "corredor", *words],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heed_a_terminal,
    )
    marks = tmp_path / "store" / "finished" / "sha256" / "c"
    try:
        wait_until(lambda: command.poll() is not None or (marks.is_dir() and len(list(marks.iterdir())) > 1))
        os.killpg(command.pid, how)
        _, err = command.communicate(timeout=120)
    finally:
        command.kill()
    assert command.returncode == 130 and "finished draws are kept in store" in err, err
    assert "Traceback" not in err and "Error" not in err, err
    assert not (tmp_path / "out").exists()


def test_the_page_of_local_workers_is_open_to_this_machine_alone():
    from corredor.engine.workers import client_of

    with client_of("local:1") as client:
        server = client.cluster.scheduler.http_server
        assert server.address == "127.0.0.1" and server.port != 8787
        settings = client.run(lambda: __import__("dask").config.get("distributed.worker.profile.enabled"))
        assert list(settings.values()) == [False]
        assert len(client.nthreads()) == 1 and os.getpid() != next(iter(client.run(os.getpid).values()))
