"""Is a run in a store the run in memory, to the bit, whatever the chunks, and is nothing of it run twice?"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings

import numpy as np
import pytest
import xarray as xr
from everything import everything
from forked import Server

from corredor._simulate import simulate
from corredor.engine.ensemble import Interrupted
from corredor.pages.report.page import render_report
from corredor.results import drawn as reading
from corredor.results import quantiles
from corredor.results.coverage import summary_table
from corredor.results.run_into_store import drawn
from corredor.results.store import open_store
from corredor.study.problems import ArgumentError, Unreachable

DRAWS = 12


@pytest.fixture(scope="module")
def in_memory():
    return simulate(everything(), draws=DRAWS)


def counted(draws=DRAWS, study=None, **more):
    """The Dataset of a run, and how many draws were run for it."""
    run = []

    def counting(order, draws):
        run.extend(draws)
        return drawn(order, draws)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("corredor.results.run_into_store.drawn", counting)
        dataset = simulate(study or everything(), draws=draws, **more)
    return dataset, len(run)


@pytest.mark.parametrize("chunk", [1, 5, 12, 100])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_in_a_store_is_the_run_in_memory(chunk, jobs, in_memory, tmp_path, monkeypatch):
    monkeypatch.setattr("corredor.results.run_into_store.PIECE", 3)
    found = simulate(everything(), draws=DRAWS, store=tmp_path / "store", chunk=chunk, jobs=jobs)
    xr.testing.assert_identical(found.load(), in_memory)


@pytest.mark.parametrize("more", [{"expected": True}, {"seed": 5}])
def test_so_is_one_of_means_and_one_of_another_seed(more, tmp_path):
    found = simulate(everything(), draws=7, store=tmp_path / "store", chunk=2, **more)
    xr.testing.assert_identical(found.load(), simulate(everything(), draws=7, **more))


def test_xarray_reads_it_without_us_with_names_and_units(in_memory, tmp_path):
    simulate(everything(), draws=DRAWS, store=tmp_path / "store", chunk=5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read = xr.open_zarr(tmp_path / "store")
    for name, array in in_memory.data_vars.items():
        assert (read[name].dims, read[name].attrs) == (array.dims, array.attrs), name
    np.testing.assert_array_equal(read["left"].to_numpy(), in_memory["left"].to_numpy())
    assert read["group"].to_numpy().tolist() == in_memory["group"].to_numpy().tolist()
    assert read.attrs["study_hash"] == in_memory.attrs["study_hash"]


def test_finished_chunks_are_not_run_again_and_more_draws_go_on_from_them(tmp_path):
    store = tmp_path / "store"
    assert counted(store=store, chunk=5)[1] == DRAWS
    assert counted(store=store)[1] == 0
    # the last chunk had 2 of its 5 draws; another chunk size is not taken up
    found, n_run = counted(21, store=store, chunk=7)
    assert n_run == 11
    xr.testing.assert_identical(found.load(), simulate(everything(), draws=21))


def test_what_is_said_of_all_arrays_in_one_place_grows_with_the_draws(tmp_path, monkeypatch):
    """Also when the longer run is stopped: nobody is told of fewer draws than the store has room for."""
    monkeypatch.setattr("corredor.results.run_into_store.PIECE", 5)
    store = tmp_path / "store"
    simulate(everything(), draws=DRAWS, store=store, chunk=5)

    def stop(done, of):
        raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        simulate(everything(), draws=21, store=store, jobs=1, progress=stop)
    assert json.loads((store / "zarr.json").read_text())["attributes"]["draws"] == 21
    with pytest.raises(ArgumentError, match="3 of 5 chunks of draws are finished"):
        open_store(store)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert xr.open_zarr(store).sizes["draw"] == 21
    simulate(everything(), draws=21, store=store)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert xr.open_zarr(store).sizes["draw"] == 21


def test_a_damaged_chunk_and_a_lost_one_are_run_again(in_memory, tmp_path):
    store = tmp_path / "store"
    simulate(everything(), draws=DRAWS, store=store, chunk=4)
    chunks = sorted(path for path in (store / "left" / "c").rglob("*") if path.is_file())
    chunks[0].write_bytes(chunks[0].read_bytes()[:-3])
    chunks[2].unlink()
    found, n_run = counted(store=store)
    assert n_run == 8
    xr.testing.assert_identical(found.load(), in_memory)


def test_a_stopped_run_goes_on_from_its_finished_chunks(in_memory, tmp_path, monkeypatch):
    monkeypatch.setattr("corredor.results.run_into_store.PIECE", 2)

    def stop(done, of):
        if done >= 8:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        simulate(everything(), draws=DRAWS, store=tmp_path / "store", chunk=4, jobs=1, progress=stop)
    assert stopped.value.n_finished == 8
    with pytest.raises(ArgumentError, match="2 of 3 chunks of draws are finished"):
        open_store(tmp_path / "store")
    found, n_run = counted(store=tmp_path / "store")
    assert n_run == 4
    xr.testing.assert_identical(found.load(), in_memory)


@pytest.mark.parametrize("more", [{"seed": 2}, {"study": everything(hash_="1" * 64)}, {"expected": True}])
def test_the_store_of_another_run_is_refused_and_left_as_it_is(more, in_memory, tmp_path):
    simulate(everything(), draws=DRAWS, store=tmp_path / "store", chunk=5)
    with pytest.raises(ArgumentError, match="draws of another run"):
        simulate(**{"study": everything(), "draws": DRAWS, "store": tmp_path / "store"} | more)
    xr.testing.assert_identical(open_store(tmp_path / "store").load(), in_memory)


def test_fewer_draws_than_a_store_holds_are_refused(tmp_path):
    simulate(everything(), draws=DRAWS, store=tmp_path / "store")
    with pytest.raises(ArgumentError, match="holds 12"):
        simulate(everything(), draws=3, store=tmp_path / "store")


def test_a_folder_of_somebody_elses_is_refused_and_left_alone(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("dear")
    with pytest.raises(ArgumentError, match="something else than a store"):
        simulate(everything(), draws=2, store=tmp_path / "letters")
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["one.txt"]
    with pytest.raises(ArgumentError, match="no such store"):
        open_store(tmp_path / "nowhere")


def test_a_store_whose_laying_out_was_stopped_is_laid_out_anew(in_memory, tmp_path):
    store = tmp_path / "store"
    simulate(everything(), draws=DRAWS, store=store)
    facts = json.loads((store / "zarr.json").read_text())
    del facts["attributes"]["chunk_key"], facts["consolidated_metadata"]
    (store / "zarr.json").write_text(json.dumps(facts))
    shutil.rmtree(store / "left")
    xr.testing.assert_identical(simulate(everything(), draws=DRAWS, store=store).load(), in_memory)


def test_the_page_and_the_summary_of_a_store_are_those_of_the_run_in_memory(tmp_path, monkeypatch):
    """However little is read at once."""
    whole = simulate("two-towns", draws=40)
    stored = simulate("two-towns", draws=40, store=tmp_path / "store", chunk=7)
    page, summary = render_report(whole), summary_table(whole)
    monkeypatch.setattr(quantiles, "BLOCK_BYTES", 8 * 181 * 10)
    monkeypatch.setattr(quantiles, "COLUMNS_BYTES", 8 * 40 * 3)
    read, slices = [], reading.slices
    monkeypatch.setattr(reading, "slices", lambda length, size: read.append((length, size)) or slices(length, size))
    assert render_report(stored) == page
    assert summary_table(stored).equals(summary)
    assert (40, 7) in read and (181, 3) in read


# --- addresses ---


@pytest.fixture(scope="module")
def bucket():
    """An S3-compatible server on loopback, and the address of a bucket in it."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {**keys, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
            environment.setenv(name, value)
        boto3.client("s3").create_bucket(Bucket="runs")
        yield "s3://runs"
    server.stop()


def test_a_store_in_s3_holds_the_same_and_goes_on_with_more_draws(bucket):
    simulate("two-towns", draws=9, store=f"{bucket}/one", chunk=5)
    found, n_run = counted(study="two-towns", store=f"{bucket}/one")
    assert n_run == 7
    xr.testing.assert_identical(found.load(), simulate("two-towns", draws=DRAWS))


def test_an_address_is_asked_little(bucket, monkeypatch):
    """Each question takes its time there: what is said of arrays is written once each, and read in one object."""
    from s3fs import S3FileSystem

    asked, call = [], S3FileSystem._call_s3

    async def listening(self, method, *words, **more):
        asked.append((method, str(more.get("Key", ""))))
        return await call(self, method, *words, **more)

    monkeypatch.setattr(S3FileSystem, "_call_s3", listening)

    def facts(method):
        return [key for one, key in asked if one == method and key.endswith("/zarr.json")]

    simulate("two-towns", draws=9, store=f"{bucket}/little", chunk=5, jobs=1)
    arrays = facts("put_object")
    assert len(set(arrays)) > 30 and len(arrays) == len(set(arrays)) + 2, "the whole is signed with its key, and at the end"
    assert set(facts("get_object")) == {"little/zarr.json"}
    asked.clear()
    open_store(f"{bucket}/little")
    assert set(facts("get_object")) == {"little/zarr.json"}


def test_a_bucket_that_is_not_there_is_told(bucket):
    with pytest.raises(Unreachable, match="s3://nowhere/one cannot be read or written"):
        simulate(everything(), draws=2, store="s3://nowhere/one")


# --- commands ---

WORDS = ["run", "two-towns", "--draws", "600", "--jobs", "1", "--chunk", "40"]


@pytest.fixture(scope="module")
def server():
    """Starts commands."""
    server = Server()
    yield server
    server.close()


def finished_chunks(store):
    return sum(path.is_file() for path in (store / "finished" / "sha256" / "c").rglob("*"))


@pytest.fixture(scope="module")
def whole():
    return simulate("two-towns", draws=600)


@pytest.mark.parametrize(
    ("how", "later"),
    [
        (signal.SIGKILL, 0.0),
        (signal.SIGTERM, 0.1),
        *(pytest.param(signal.SIGKILL, 0.05 * number, marks=pytest.mark.full) for number in range(1, 21)),
    ],
)
def test_a_killed_run_into_a_store_goes_on_to_the_same_bits(how, later, whole, server, tmp_path):
    store, out = tmp_path / "store", tmp_path / "out"
    process = server.start(*WORDS, "--store", store, "--out", out)
    while process.poll() is None and not finished_chunks(store):
        time.sleep(0.02)
    time.sleep(later)
    process.send_signal(how)
    _, err = process.communicate(timeout=120)
    kept = finished_chunks(store)
    assert kept
    if process.returncode:
        assert process.returncode == (-signal.SIGKILL if how == signal.SIGKILL else 130), err
    status, _, err = server.run(*WORDS, "--store", store, "--out", out)
    assert status == 0, err
    if kept < 15:
        # the first line of progress tells that finished chunks were not run again
        first = int(err.split("simulating: ")[1].split(" of")[0])
        assert 40 * kept < first <= 40 * kept + 40
    xr.testing.assert_identical(without_command(open_store(store).load()), whole)
    assert {path.name for path in out.iterdir()} == {"summary.csv", "report.html", "manifest.json", "ro-crate-metadata.json"}
    assert not list(store.rglob("*.partial"))


def without_command(dataset):
    kept = {name: value for name, value in dataset.attrs.items() if name not in ("command", "created", "explore", "manifest")}
    return dataset.drop_attrs(deep=False).assign_attrs(kept)


def test_a_full_disk_is_told_and_finished_chunks_serve_when_there_is_room(whole, server, tmp_path):
    words = ("run", "two-towns", "--draws", 200, "--jobs", 1, "--chunk", 50, "--store", tmp_path / "s", "--out", tmp_path / "o")
    status, _, err = server.run(*words, largest_file=18_000)
    assert status == 2 and "cannot be read or written" in err and "Traceback" not in err, err
    assert not (tmp_path / "o" / "report.html").exists() and not list((tmp_path / "s").rglob("*.partial"))
    status, _, err = server.run(*words)
    assert status == 0, err
    np.testing.assert_array_equal(open_store(tmp_path / "s")["arrivals"].to_numpy(), whole["arrivals"][:200].to_numpy())


def test_the_report_and_netcdf_are_made_from_a_store(server, tmp_path):
    simulate("two-towns", draws=30, store=tmp_path / "store")
    status, _, err = server.run("report", tmp_path / "store", "--out", tmp_path / "page.html")
    assert status == 0 and (tmp_path / "page.html").is_file(), err
    status, _, err = server.run("export", tmp_path / "store", "--to", "netcdf", "--out", tmp_path)
    assert status == 0, err
    with xr.open_dataset(tmp_path / "results.nc", engine="h5netcdf") as read:
        np.testing.assert_array_equal(read["arrivals"].to_numpy(), simulate("two-towns", draws=30)["arrivals"].to_numpy())
    status, _, err = server.run("report", tmp_path / "nowhere")
    assert status == 3 and "no such file" in err


def test_a_second_command_on_the_same_store_is_refused(server, tmp_path):
    store = tmp_path / "store"
    first = server.start(*WORDS, "--store", store, "--out", tmp_path / "one")
    while first.poll() is None and not finished_chunks(store):
        time.sleep(0.02)
    status, _, err = server.run(*WORDS, "--store", store, "--out", tmp_path / "two")
    first.communicate()
    assert first.returncode == 0
    assert status == 2 and f"another command is writing into {store}" in err and "another --store" in err


def test_without_the_extra_a_sentence_says_which(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "zarr", None)
    with pytest.raises(ImportError, match=r"corredor\[store\]"):
        simulate(everything(), draws=2, store=tmp_path / "store")


PEAK = """
import resource, sys
from corredor import simulate, summary_table, write_report
runs = simulate("two-towns", draws=int(sys.argv[1]), store=sys.argv[2], jobs=2)
write_report(runs, sys.argv[2] + ".html"), summary_table(runs)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.full
def test_ten_times_the_draws_take_hardly_more_memory(tmp_path):
    """16,000 draws more hold 69 MB of counts; what grows is a few numbers for each draw of the series that a page shows at once."""
    peaks = []
    for draws in (4000, 20_000):
        command = [sys.executable, "-c", PEAK, str(draws), str(tmp_path / str(draws))]
        peaks.append(int(subprocess.run(command, capture_output=True, text=True, check=True, env=dict(os.environ)).stdout) / 1024)
    assert peaks[1] - peaks[0] < 60, peaks
