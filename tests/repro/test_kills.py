"""Does a command that was ended in any way go on to the same results, with nothing lost, half-written or left behind?"""

import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from backtesting import years_study
from builders import write_study
from dask_workers import wait_until
from forked import Server
from left_behind import assert_same, left_behind
from made_up_evidence import written_evidence

SOON_SECONDS = 0.05
"""Finished draws are kept twenty times a second, so that few draws are enough for a test."""

NAMES = ("run", "compare", "backtest", "benchmark")
DRAWS = {"run": 1600, "compare": 800}


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    """Commands that go on from what they had finished, each long enough to be ended on its way."""
    folder = tmp_path_factory.mktemp("studies")
    (folder / "evidence").mkdir()
    years, evidence = write_study(folder / "years", years_study()), written_evidence(folder / "evidence")
    origins = ("--origins", "2019-06:2020-05", "--months", 1, "--draws", 24, "--members", 12, "--rounds", 1)
    series = ("--series", evidence / "one.csv", evidence / "two.csv", "--claims", evidence / "claims.yaml")
    methods = "panel,mean before and after,interrupted series,difference in differences"
    return {
        "run": ("run", "two-towns", "--draws", DRAWS["run"], "--jobs", 1),
        "compare": ("compare", "two-towns", "--without", "bridge_patrols", "--draws", DRAWS["compare"], "--jobs", 1),
        "backtest": ("backtest", years, *origins, "--methods", "corredor,last_value", "--jobs", 1),
        "benchmark": ("benchmark", *series, "--placebos", 10, "--methods", methods),
    }


@pytest.fixture(scope="module")
def server():
    """Starts commands."""
    server = Server()
    yield server
    server.close()


def wait_for_kept(folder, command):
    """Until something finished is kept, or the command has ended."""
    wait_until(lambda: command.poll() is not None or list(folder.glob("unfinished*")))


def n_kept(folder):
    """Draws, origins or methods that are kept as finished."""
    n_draws = 0
    for path in folder.glob("unfinished*.npz"):
        with np.load(path) as kept:
            n_draws += len(kept["draw"]) if "draw" in kept else len(kept.files) - 1
    return n_draws


@pytest.fixture(scope="module", params=NAMES)
def whole(request, commands, server, tmp_path_factory):
    """A command, and what it leaves when nothing stops it."""
    folder = tmp_path_factory.mktemp(request.param)
    status, _, err = server.run(*commands[request.param], "--out", folder)
    assert status == 0, err
    assert not list(folder.glob("unfinished*"))
    return commands[request.param], left_behind(folder)


@pytest.mark.parametrize(
    ("how", "later"),
    [
        (signal.SIGKILL, 0.0),
        (signal.SIGTERM, 0.1),
        (signal.SIGINT, 0.2),
        *(pytest.param(signal.SIGKILL, 0.07 * number, marks=pytest.mark.full) for number in range(1, 20)),
    ],
)
def test_a_killed_command_goes_on_to_the_same_result(whole, server, how, later, tmp_path):
    words, expected = whole
    command = server.start(*words, "--out", tmp_path, keep_seconds=SOON_SECONDS)
    wait_for_kept(tmp_path, command)
    time.sleep(later)
    command.send_signal(how)
    _, err = command.communicate()
    if command.returncode != 0:
        assert command.returncode == (-signal.SIGKILL if how == signal.SIGKILL else 130), err
    kept = n_kept(tmp_path)
    assert bool(kept) == (command.returncode != 0), "what is finished is dropped only when the results stand"
    status, _, err = server.run(*words, "--out", tmp_path)
    assert status == 0, err
    assert_same(left_behind(tmp_path), expected)
    if kept:
        # the first line of progress tells that not all were done again
        first = re.search(r": (\d+) of (\d+) ", err)
        assert first is None or int(first[1]) == kept + 1 or kept == int(first[2]), err


@pytest.mark.parametrize("signals", [[signal.SIGHUP], [signal.SIGINT] * 4])
def test_a_closed_terminal_or_an_impatient_second_ctrl_c_loses_no_finished_draw(signals, server, tmp_path):
    command = server.start("run", "two-towns", "--draws", 4000, "--jobs", 1, "--out", tmp_path)
    said = command.files.with_suffix(".err")
    wait_until(lambda: said.is_file() and "simulating: 400 " in said.read_text(encoding="utf-8"))
    for number in signals:
        command.send_signal(number)
        time.sleep(0.002)
    _, err = command.communicate()
    assert command.returncode == 130 and "finished draws are kept" in err, err
    assert n_kept(tmp_path) >= 400 and [path.name for path in tmp_path.iterdir()] == ["unfinished-1.npz"]


def test_what_a_killed_program_left_of_a_file_is_removed(server, tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", "pass"])
    dead.wait()
    for name in ("summary.csv", "unfinished-21.npz"):
        (tmp_path / f".{name}.{dead.pid}").write_text("half")
    (tmp_path / f".summary.csv.{os.getpid()}").write_text("another command at work")
    status, _, err = server.run("run", "two-towns", "--draws", 2, "--out", tmp_path)
    assert status == 0, err
    assert not list(tmp_path.glob(f".*.{dead.pid}"))
    assert (tmp_path / f".summary.csv.{os.getpid()}").exists()


def test_a_second_command_on_the_same_folder_is_refused_and_the_first_is_not_disturbed(whole, server, tmp_path):
    words, expected = whole
    first = server.start(*words, "--out", tmp_path, keep_seconds=SOON_SECONDS)
    wait_for_kept(tmp_path, first)
    status, _, err = server.run(*words, "--out", tmp_path)
    _, first_err = first.communicate()
    assert first.returncode == 0, first_err
    assert status == 2 and f"another command is writing into {tmp_path}" in err and "--out" in err
    assert_same(left_behind(tmp_path), expected)


def test_a_full_disk_is_told_leaves_no_half_file_and_loses_no_draw(server, tmp_path):
    """Files may not become larger than 200 kB, as on a disk that is full: results.nc does not fit, finished draws do."""
    words = ("run", "two-towns", "--draws", 400, "--jobs", 1, "--out", tmp_path)
    status, _, err = server.run(*words, keep_seconds=SOON_SECONDS, largest_file=200_000)
    assert status == 2 and "results.nc cannot be read or written" in err and "Traceback" not in err, err
    assert not (tmp_path / "results.nc").exists() and not list(tmp_path.glob(".results.nc*"))
    kept = n_kept(tmp_path)
    status, _, err = server.run(*words)
    assert status == 0 and (tmp_path / "results.nc").is_file() and not list(tmp_path.glob("unfinished*")), err
    # the first line of progress tells that what was kept was not run again
    assert kept == 400 or int(re.search(r"simulating: (\d+) of 400", err)[1]) > kept
