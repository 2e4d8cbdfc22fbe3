"""Does a command keep its temper where machine or file are against it? Damaged results, closed folders, full devices, old terminals."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corredor import cli
from corredor.cli.compiled_code import find_a_place
from corredor.cli.saying import drop, print_table
from corredor.study.catalogue import bundled_studies

CALM = (cli.WELL, cli.USAGE, cli.INVALID)


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    done = corredor("run", "two-towns", "--draws", 4, "--out", folder, cwd=folder)
    assert done.returncode == cli.WELL, done.stderr
    return folder / "results.nc"


def corredor(*arguments: object, cwd: Path, shell: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a terminal starts it."""
    words = [sys.executable, "-m", "corredor", *map(str, arguments)]
    command = ["sh", "-c", f'"$@" {shell}', "sh", *words] if shell else words
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


@pytest.mark.parametrize("seed", range(24))
def test_damaged_results_are_refused_or_read_and_never_a_bug(here, results, tmp_path, seed):
    generator = np.random.default_rng(seed)
    content = bytearray(results.read_bytes())
    if seed % 4 == 0:
        content = content[: generator.integers(len(content))]
    for place in generator.integers(len(content), size=(0, 1, 50, 500)[seed % 4]):
        content[place] ^= int(generator.integers(1, 256))
    (tmp_path / "results.nc").write_bytes(content)
    for arguments in (("report", "."), ("export", ".", "--to", "csv", "--out", "tables")):
        done = here(*arguments)
        assert done.returncode in CALM, done.stderr
        assert "Traceback" not in done.stderr
        if done.returncode == cli.INVALID:
            assert "results.nc" in done.stderr and "try" in done.stderr


@pytest.mark.parametrize("arguments", [("run", "two-towns", "--draws", 2), ("claims", "two-towns", "--draws", 2)])
def test_a_file_that_cannot_be_put_where_it_belongs_is_told(here, tmp_path, arguments):
    name = "results.nc" if arguments[0] == "run" else "claims.json"
    (tmp_path / "out" / name / "in the way").mkdir(parents=True)  # a folder stands where the file should go
    done = here(*arguments, "--out", "out")
    assert done.returncode == cli.USAGE
    assert "Traceback" not in done.stderr and "try: another folder with --out" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no /dev/full")
@pytest.mark.parametrize("arguments", [("check", "two-towns", "--json"), ("studies",)])
def test_a_device_that_takes_nothing_is_told(tmp_path, arguments):
    done = corredor(*arguments, cwd=tmp_path, shell="> /dev/full")
    assert done.returncode == cli.USAGE
    assert "standard output cannot be written" in done.stderr
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no /dev/full")
@pytest.mark.parametrize("shell", ["2> /dev/full", "<&- 2>&-"])
def test_messages_that_nobody_can_read_go_nowhere_and_change_no_answer(tmp_path, shell):
    """Least of all into the answer, or into a file that happens to have their number."""
    done = corredor("check", "nowhere", cwd=tmp_path, shell=shell)
    assert (done.returncode, done.stdout, done.stderr) == (cli.INVALID, "", "")
    done = corredor("run", "two-towns", "--draws", 2, "--out", "out", "--json", cwd=tmp_path, shell=shell)
    assert done.returncode == cli.WELL and json.loads(done.stdout)["asked"]["draws"] == 2
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_a_run_whose_output_is_closed_or_read_by_nobody_ends_well(tmp_path):
    done = corredor("run", "two-towns", "--draws", 2, "--out", "out", cwd=tmp_path, shell=">&-")
    assert done.returncode == cli.WELL and "Traceback" not in done.stderr, done.stderr
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_a_table_that_nobody_reads_to_the_end_is_no_bug(monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as closed, monkeypatch.context() as patched:
        patched.setattr("sys.stdout", closed)
        with pytest.raises(BrokenPipeError):
            print_table("title", ["a"], [["b"]], left=("a",))
        drop(closed)


@pytest.mark.parametrize(
    "words",
    [
        ("run", "two-towns", "--out", b"b\xff"),
        ("run", "two-towns", "--show-small-cells", b"why \xff"),
        ("new", b"my-\xff"),
        ("fetch", b"http://127.0.0.1:1/\xff", "--out", "x"),
    ],
)
def test_words_that_are_no_letters_are_refused(here, tmp_path, words):
    done = here(*map(os.fsdecode, words))
    assert done.returncode == cli.USAGE and "no letters of UTF-8\ntry: " in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_study_in_a_folder_whose_name_is_no_letters_can_be_run(here, tmp_path, monkeypatch):
    study = shutil.copytree(bundled_studies()["two-towns"], tmp_path / os.fsdecode(b"b\xff"))
    monkeypatch.chdir(study)
    done = here("run", ".", "--draws", 2, "--out", "../out")
    assert done.returncode == cli.WELL, done.stderr
    assert json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["study"] == "b\ufffd"


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "once there is room\ntry: room there"),
        (errno.EMFILE, "ulimit -n"),
        (errno.EACCES, "another folder with --out"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_what_helps(here, monkeypatch, number, advice):
    def simulate(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "some/file")

    monkeypatch.setattr("corredor._simulate.simulate", simulate)
    done = here("run", "two-towns", "--draws", 2)
    assert done.returncode == cli.USAGE and f"some/file cannot be read or written: {os.strerror(number)}" in done.stderr
    assert advice in done.stderr and ("kept" in done.stderr) == (number == errno.ENOSPC)


def test_where_nothing_compiled_can_be_kept_a_passing_folder_will_do(monkeypatch, tmp_path):
    """As in a container whose disk is read-only: Numba by itself refuses to work there."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    find_a_place()
    assert "NUMBA_CACHE_DIR" not in os.environ
    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    find_a_place()
    (passing,) = tmp_path.iterdir()
    assert os.environ["NUMBA_CACHE_DIR"] == str(passing) and passing.is_dir()
    passing.rmdir()


def test_where_nothing_at_all_can_be_written_a_sentence_says_so(here, monkeypatch):
    def refuse(**_: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    done = here("studies")
    assert done.returncode == cli.USAGE and done.stdout == ""
    assert "nothing can be written anywhere: No usable temporary directory found\ntry: NUMBA_CACHE_DIR=FOLDER" in done.stderr


def test_a_terminal_that_knows_ascii_only_gets_numbers_for_other_letters(tmp_path):
    done = corredor("studies", cwd=tmp_path, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == cli.WELL, done.stderr
    assert "\\u2013" in done.stdout  # the dash of Central America – Mexico


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("command", ["explore", "report"])
def test_a_pipe_or_device_is_no_file_to_be_replaced(here, tmp_path, results, command):
    """Whoever may write into /dev would have a file in place of /dev/null."""
    os.mkfifo(tmp_path / "pipe")
    words = ("explore", "two-towns", "--draws", 2, "--no-open", "--no-claims") if command == "explore" else ("report", results)
    done = here(*words, "--out", "pipe")
    assert done.returncode == cli.USAGE
    assert "pipe, which is there already and is something else" in done.stderr
    assert (tmp_path / "pipe").is_fifo()


def test_more_draws_than_any_memory_holds_are_not_tried(here):
    done = here("run", "two-towns", "--draws", "99999999999")
    assert done.returncode == cli.USAGE
    assert "must be 1,000,000 or less" in done.stderr


def test_too_little_memory_is_told(here, monkeypatch):
    def simulate(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("corredor._simulate.simulate", simulate)
    done = here("run", "two-towns", "--draws", 2)
    assert done.returncode == cli.USAGE
    assert "not enough memory" in done.stderr and "try: fewer --draws" in done.stderr


def test_a_bug_says_that_it_is_one_what_was_being_done_and_where_to_report_it(here, monkeypatch):
    def simulate(*_: object, **__: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("corredor._simulate.simulate", simulate)
    done = here("run", "two-towns", "--draws", 2)
    assert done.returncode == cli.BUG
    assert "ZeroDivisionError: planted" in done.stderr
    for words in ("This is a bug in corredor", "It was doing: corredor run two-towns --draws 2", "try: report it"):
        assert words in done.stderr


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("places.csv", ",80000,", f",1{'0' * 30},"), ("events.yaml", "people: group_size", f"people: 1{'0' * 30}")],
)
def test_more_people_than_there_are_on_earth_are_refused_by_check(here, tmp_path, file, old, new):
    study = Path(shutil.copytree(bundled_studies()["two-towns"], tmp_path / "study"))
    text = (study / file).read_text(encoding="utf-8")
    assert old in text
    (study / file).write_text(text.replace(old, new), encoding="utf-8")
    for command in ("check", "run"):
        done = here(command, study)
        assert done.returncode == cli.INVALID
        assert file in done.stderr and "10,000,000,000" in done.stderr
