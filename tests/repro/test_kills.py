"""Does a command that was ended in any way go on to the same results, with nothing lost, half-written or left behind?"""

import os
import re
import resource
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import xarray as xr

SOON = "import sys, corredor.engine.ensemble as e; e.KEEP_SECONDS = 0.05; sys.argv[0] = 'corredor'; from corredor.cli import main; main()"
"""The command line, but finished draws are kept twenty times a second."""

COMMANDS = {
    "run": (["run", "two-towns", "--draws", "4000", "--jobs", "1"], "results.nc"),
    "compare": (["compare", "two-towns", "--without", "bridge_patrols", "--draws", "2000", "--jobs", "1"], "compare.nc"),
}


def started(words, folder, **more):
    arguments = [sys.executable, "-c", SOON, *words, "--out", str(folder)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def ended(words, folder, **more):
    process = started(words, folder, **more)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def wait_for_kept(folder, process):
    """Until some finished draws are kept, or the command has ended."""
    for _ in range(3000):
        if process.poll() is not None or list(folder.glob("unfinished-*.npz")):
            return
        time.sleep(0.02)
    raise AssertionError("nothing was kept in a minute")


def result(folder, name):
    """What was computed, without when and by what words."""
    with xr.open_dataset(folder / name, engine="h5netcdf") as opened:
        dataset = opened.load()
    for attribute in ("created", "command", "checksum"):
        dataset.attrs.pop(attribute)
    return dataset


@pytest.fixture(scope="module", params=COMMANDS)
def whole(request, tmp_path_factory):
    """A command, its result's name, and what it gives when nothing stops it."""
    words, name = COMMANDS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    status, _, err = ended(words, folder)
    assert status == 0, err
    assert not list(folder.glob("unfinished*"))
    return words, name, result(folder, name), {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("how", "later"),
    [
        (signal.SIGKILL, 0.0),
        (signal.SIGTERM, 0.1),
        (signal.SIGINT, 0.2),
        *(pytest.param(signal.SIGKILL, 0.07 * number, marks=pytest.mark.full) for number in range(1, 20)),
    ],
)
def test_a_killed_command_goes_on_to_the_same_result(whole, how, later, tmp_path):
    words, name, expected, files = whole
    process = started(words, tmp_path)
    wait_for_kept(tmp_path, process)
    time.sleep(later)
    process.send_signal(how)
    _, err = process.communicate(timeout=120)
    if process.returncode != 0:
        assert process.returncode == (-signal.SIGKILL if how == signal.SIGKILL else 130), err
        assert list(tmp_path.glob("unfinished-*.npz"))
    kept = sum(len(np.load(path)["draw"]) for path in tmp_path.glob("unfinished-*.npz"))
    status, _, err = ended(words, tmp_path)
    assert status == 0, err
    xr.testing.assert_identical(result(tmp_path, name), expected)
    assert {path.name for path in tmp_path.iterdir()} == files
    if kept:
        # the first line of progress tells that not all draws were run again
        assert f": {kept + 1} of " in err or kept == int(words[words.index("--draws") + 1])


def test_what_a_killed_program_left_of_a_file_is_removed(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", "pass"])
    dead.wait()
    (tmp_path / f".summary.csv.{dead.pid}").write_text("half")
    (tmp_path / f".summary.csv.{os.getpid()}").write_text("another command at work")
    status, _, err = ended(["run", "two-towns", "--draws", "2"], tmp_path)
    assert status == 0, err
    assert not (tmp_path / f".summary.csv.{dead.pid}").exists()
    assert (tmp_path / f".summary.csv.{os.getpid()}").exists()


def test_a_second_command_on_the_same_folder_is_refused_and_the_first_is_not_disturbed(whole, tmp_path):
    words, name, expected, _ = whole
    first = started(words, tmp_path)
    wait_for_kept(tmp_path, first)
    status, _, err = ended(words, tmp_path)
    _, first_err = first.communicate(timeout=300)
    assert first.returncode == 0, first_err
    assert status == 2 and f"another command is writing into {tmp_path}" in err and "--out" in err
    xr.testing.assert_identical(result(tmp_path, name), expected)


def test_a_full_disk_is_told_leaves_no_half_file_and_loses_no_draw(tmp_path):
    """Files may not become larger than 200 kB, as on a disk that is full: results.nc does not fit, finished draws do."""

    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    words = ["run", "two-towns", "--draws", "400", "--jobs", "1"]
    status, _, err = ended(words, tmp_path, preexec_fn=small_files)
    assert status == 2 and "results.nc cannot be read or written" in err and "Traceback" not in err, err
    assert not (tmp_path / "results.nc").exists() and not list(tmp_path.glob(".results.nc*"))
    kept = sum(len(np.load(path)["draw"]) for path in tmp_path.glob("unfinished-*.npz"))
    status, _, err = ended(words, tmp_path)
    assert status == 0 and (tmp_path / "results.nc").is_file() and not list(tmp_path.glob("unfinished*")), err
    # the first line of progress tells that what was kept was not run again
    assert kept == 400 or int(re.search(r"simulating: (\d+) of 400", err)[1]) > kept
