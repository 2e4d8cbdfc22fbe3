"""Does each command do what its help says, with the exit status and on the stream that it should?"""

import errno
import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from heed import heed_a_terminal

from corredor import cli
from corredor.cli.saying import Progress
from corredor.engine.checkpoint import KeptDraws
from corredor.engine.counts import Counts
from corredor.engine.ensemble import run_draw
from corredor.pages.report.first_screen.told import first_screen
from corredor.results import view
from corredor.results.coverage import coverage_table
from corredor.results.netcdf import read_run
from corredor.study.catalogue import bundled_studies
from corredor.study.whole_file import replace_all_whole, replace_whole

FILES = ("results.nc", "summary.csv", "report.html", "manifest.json", "ro-crate-metadata.json")
MANY_DRAWS = 100
SLOW_DRAWS = """
import time
import corredor.engine.ensemble as ensemble
run_draw = ensemble.run_draw
def slow(*arguments):
    time.sleep(0.1)
    return run_draw(*arguments)
ensemble.run_draw = slow
"""
"""So slow that a run of many draws can be stopped on its way."""


def corredor(*arguments: object, cwd: Path, code: str | None = None, **options) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder; `code` is what to change in it before."""
    return subprocess.run(
        command(*arguments, code=code), cwd=cwd, capture_output=True, text=True, timeout=300, check=False, **options
    )


def command(*arguments: object, code: str | None = None) -> list[str]:
    words = [str(argument) for argument in arguments]
    if code is None:
        return [sys.executable, "-m", "corredor", *words]
    return [sys.executable, "-c", f"{code}\nfrom corredor.cli import main\nmain()", *words]


def same_numbers(first: Path, second: Path) -> bool:
    """Whether two runs have the same data, whatever their commands and times of day."""
    one, other = (read_run(folder / "results.nc") for folder in (first, second))
    one.attrs = {key: value for key, value in one.attrs.items() if key not in ("command", "created")}
    other.attrs = {key: value for key, value in other.attrs.items() if key not in ("command", "created")}
    return one.identical(other)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Folder and outcome of `corredor run two-towns --draws 12 --json`."""
    folder = tmp_path_factory.mktemp("finished")
    done = corredor("run", "two-towns", "--draws", 12, "--out", "runs/first", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "runs" / "first", done


@pytest.fixture
def study(tmp_path):
    """A copy of the smallest study."""
    return Path(shutil.copytree(bundled_studies()["two-towns"], tmp_path / "my_study"))


# run ------------------------------------------------------------------------------------------------------------------------


def test_run_leaves_four_files_and_nothing_else(finished):
    folder, _ = finished
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    assert all(path.stat().st_size > 500 for path in folder.iterdir())


def test_run_with_json_prints_one_json_value_and_nothing_else(finished):
    folder, done = finished
    printed = json.loads(done.stdout)
    assert printed["people_lost"] == 0
    assert len(printed["summary"]) == len((folder / "summary.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert {"output", "value", "q50", "inside_95"} <= set(printed["summary"][0])
    assert "12 of 12 draws" in done.stderr
    assert "decisions a draw" in done.stderr


def test_json_and_report_tell_the_same_coverage_as_python(finished):
    folder, done = finished
    table = coverage_table(read_run(folder / "results.nc"))
    assert json.loads(done.stdout)["coverage"] == json.loads(table.to_json(orient="records"))
    page = (folder / "report.html").read_text(encoding="utf-8")
    for row in table.itertuples():
        shares = [f"{100 * share:.0f} %" for share in (row.inside_50, row.inside_80, row.inside_95)]
        numbers = [str(row.figures), *shares, f"{row.ratio:.2f}" if row.output else "–"]
        assert f"{row.title}</td>" + "".join(f'<td class="num">{number}</td>' for number in numbers) in page


def test_page_terminal_json_and_python_say_the_same_five_sentences(finished, here):
    folder, done = finished
    sentences = [sentence.as_json() for sentence in first_screen(view.read_run(read_run(folder / "results.nc"))).sentences]
    assert json.loads(done.stdout)["in_short"] == sentences
    assert [sentence["about"] for sentence in sentences] == ["peak", "change", "failure", "unknown", "planning"]
    page = html.unescape((folder / "report.html").read_text(encoding="utf-8")).replace("\u00a0", " ")
    printed = here("run", "two-towns", "--draws", 12).stdout
    for sentence in sentences:
        assert f"<dt>{sentence['label']}</dt><dd><span>{sentence['words']}</span> </dd>" in page
        assert f"{sentence['label']}: {sentence['words']}\n" in printed


def test_run_says_where_the_report_is_and_prints_the_table(here, tmp_path):
    done = here("run", "two-towns", "--draws", 3)
    assert done.returncode == 0
    assert "ublished figures" in done.stdout and "People in" in done.stdout
    assert f"report: {Path('runs/two-towns/report.html')}" in done.stderr
    assert (tmp_path / "runs" / "two-towns" / "report.html").is_file()


def test_the_manifest_tells_how_to_do_it_again(finished):
    folder, _ = finished
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == "corredor run two-towns --draws 12 --out runs/first --json"
    assert (manifest["seed"], manifest["draws"], manifest["study"]) == (1, 12, "two-towns")
    assert set(manifest["inputs"]) == {path.name for path in bundled_studies()["two-towns"].iterdir()}
    assert "numba" in manifest["versions"]
    assert manifest["files"] == list(FILES[:-1])  # the description of them all comes after it


def test_results_are_netcdf_that_any_program_reads(finished):
    folder, _ = finished
    with xr.open_dataset(folder / "results.nc", engine="h5netcdf") as dataset:
        assert dataset.sizes["draw"] == 12
        assert dataset.attrs["Conventions"].startswith("CF-")
        assert all("units" in dataset[name].attrs for name in json.loads(dataset.attrs["model"])["outputs"])


def test_the_same_seed_gives_the_same_results_in_another_process_on_any_number_of_threads(finished, here, tmp_path):
    folder, _ = finished
    assert here("run", "two-towns", "--draws", 12, "--jobs", 3, "--out", "again").returncode == 0
    assert same_numbers(folder, tmp_path / "again")


def test_another_seed_gives_other_results(finished, here, tmp_path):
    folder, _ = finished
    assert here("run", "two-towns", "--draws", 12, "--seed", 2, "--out", "other").returncode == 0
    one, other = read_run(folder / "results.nc"), read_run(tmp_path / "other" / "results.nc")
    for name in ("parameter_value", "decisions", "observation_predicted"):
        assert not one[name].equals(other[name])


def test_expected_flow_is_one_draw_without_luck(here, tmp_path):
    for seed in (1, 2):
        assert here("run", "two-towns", "--expected", "--seed", seed, "--out", seed).returncode == 0
    one, other = (read_run(tmp_path / str(seed) / "results.nc") for seed in (1, 2))
    assert one.sizes["draw"] == 1
    # What would be published of it is drawn at random still (M14).
    assert one.drop_vars("observation_predicted").equals(other.drop_vars("observation_predicted"))


# exit status ----------------------------------------------------------------------------------------------------------------


def test_a_study_that_does_not_exist(here, tmp_path):
    done = here("run", "two-tows", "--out", "here")
    assert done.returncode == cli.INVALID
    assert "did you mean two-towns?" in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "two-towns", "--drws", "3"], "--drws"),
        (["run", "two-towns", "--draws", "0"], "must be 1 or more"),
        (["run", "two-towns", "--draws", "many"], "many"),
        (["run", "two-towns", "--jobs", "0"], "must be 1 or more"),
        (["run", "two-towns", "--seed", "-1"], "0 or more"),
        (["run"], "study"),
        (["rum", "two-towns"], "rum"),
    ],
)
def test_a_command_that_is_not_understood(arguments, said, here, tmp_path):
    done = here(*arguments)
    assert done.returncode == cli.USAGE
    assert said in done.stderr
    assert "try: corredor --help" in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_results_cannot_go_where_a_file_is(here, tmp_path):
    (tmp_path / "taken").write_text("mine")
    done = here("run", "two-towns", "--draws", 2, "--out", "taken")
    assert done.returncode == cli.USAGE
    assert "try: another folder with --out" in done.stderr
    assert (tmp_path / "taken").read_text() == "mine"


def break_in_two_places(study: Path) -> None:
    text = (study / "study.yaml").read_text(encoding="utf-8")
    (study / "study.yaml").write_text(text.replace("warm_up_days: 60", "warm_up_dayz: 60"), encoding="utf-8")
    with (study / "routes.csv").open("a", encoding="utf-8") as file:
        file.write("mill_town,nowhere,-3,road,no,invented\n")


@pytest.mark.parametrize("arguments", [["run", "my_study", "--out", "here"], ["check", "my_study"]])
def test_a_broken_study_is_told_all_at_once_and_nothing_is_written(arguments, study, here):
    break_in_two_places(study)
    before = sorted(path.name for path in study.parent.rglob("*"))
    done = here(*arguments)
    assert done.returncode == cli.INVALID
    assert "warm_up_dayz" in done.stderr and "`warm_up_days`" in done.stderr
    assert "my_study/routes.csv:" in done.stderr and "-3" in done.stderr
    assert done.stderr.count("  found     ") == done.stderr.count("  try       ") >= 2
    assert "problems; nothing was written" in done.stderr
    assert done.stdout == ""
    assert sorted(path.name for path in study.parent.rglob("*")) == before


def test_problems_as_json(study, here):
    break_in_two_places(study)
    done = here("check", "my_study", "--json")
    problems = json.loads(done.stdout)["problems"]
    assert done.returncode == cli.INVALID
    assert len(problems) >= 2
    assert all(set(problem) == {"file", "line", "column", "found", "expected", "try"} for problem in problems)
    assert all(problem["line"] >= 1 and problem["found"] and problem["expected"] and problem["try"] for problem in problems)


def test_lost_people_are_a_failed_diagnostic(monkeypatch, here):
    monkeypatch.setattr("corredor.results.dataset.lost_people", lambda dataset: 3.0)
    done = here("run", "two-towns", "--draws", 2)
    assert done.returncode == cli.DIAGNOSTIC
    assert "people were not conserved: 3 lost" in done.stderr


def test_a_rounding_error_is_forgiven_to_expected_flow_only(monkeypatch, here):
    monkeypatch.setattr("corredor.results.dataset.lost_people", lambda dataset: 1e-12)
    assert here("run", "two-towns", "--expected").returncode == cli.WELL
    assert here("run", "two-towns", "--draws", 2).returncode == cli.DIAGNOSTIC


def test_a_bug_keeps_its_own_traceback(tmp_path):
    code = "import sys, corredor._simulate\ndef simulate(*_, **__): raise ZeroDivisionError('planted')\n"
    code += "sys.modules['corredor._simulate'].simulate = simulate"
    done = corredor("run", "two-towns", "--draws", 2, cwd=tmp_path, code=code)
    assert done.returncode == cli.BUG
    assert "Traceback" in done.stderr and "ZeroDivisionError: planted" in done.stderr


# stopped and killed ---------------------------------------------------------------------------------------------------------


def start_and_signal(folder: Path, number: signal.Signals) -> tuple[int, str]:
    """Start a long run and send it a signal when a tenth of the draws are done; its exit status and messages."""
    words = command("run", "two-towns", "--draws", MANY_DRAWS, "--jobs", 1, "--out", "out", code=SLOW_DRAWS)
    heed: dict[str, Any] = {"preexec_fn": heed_a_terminal}
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **heed) as process:
        said = []
        for line in process.stderr:
            said.append(line)
            progress = re.match(r"simulating: (\d+) of", line)
            if progress and int(progress[1]) * 10 >= MANY_DRAWS:
                process.send_signal(number)
                break
        said += list(process.stderr)
    return process.returncode, "".join(said)


def test_a_stopped_run_goes_on_and_ends_as_if_it_had_never_stopped(monkeypatch, here, tmp_path):
    status, said = start_and_signal(tmp_path, signal.SIGINT)
    assert status == cli.STOPPED, said
    assert "the same command goes on" in said
    files = list((tmp_path / "out").iterdir())
    assert files and all(re.fullmatch(r"unfinished-\d+\.npz", path.name) for path in files)
    n_kept = sum(len(np.load(path)["draw"]) for path in files)
    assert MANY_DRAWS // 10 <= n_kept < MANY_DRAWS
    assert f"{n_kept} finished draws are kept in out" in said

    run_rows: list[int] = []

    def counted(network, sample, row, *rest):
        run_rows.append(row)
        return run_draw(network, sample, row, *rest)

    monkeypatch.setattr("corredor.engine.ensemble.run_draw", counted)
    assert here("run", "two-towns", "--draws", MANY_DRAWS, "--out", "out").returncode == 0
    assert len(run_rows) == MANY_DRAWS - n_kept
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)

    assert here("run", "two-towns", "--draws", MANY_DRAWS, "--out", "whole").returncode == 0
    assert len(run_rows) == 2 * MANY_DRAWS - n_kept
    assert same_numbers(tmp_path / "out", tmp_path / "whole")


@pytest.mark.parametrize("change", ["seed", "study"])
def test_draws_of_another_run_are_not_taken_for_ones_own(change, study):
    counts = Counts(np.ones((4, 3)), np.zeros(4), np.full(4, 7), np.array([True, False, True, False]))
    KeptDraws(study, "study a seed 1").keep(counts, np.array([0]))
    KeptDraws(study, "study a seed 1").keep(counts, np.array([2]))
    kept = KeptDraws(study, "study a seed 1").read(n_draws=6, n_cells=3)
    assert kept.done.tolist() == [True, False, True, False, False, False]
    assert kept.cells[kept.done].tolist() == [[1, 1, 1], [1, 1, 1]]
    other = "study a seed 2" if change == "seed" else "study b seed 1"
    assert KeptDraws(study, other).read(n_draws=6, n_cells=3) is None
    # what cannot be used any more does not stay
    assert KeptDraws(study, "study a seed 1").read(n_draws=6, n_cells=3) is None


def test_a_checkpoint_that_cannot_be_read_is_passed_by(tmp_path):
    for content in (b"", b"not a checkpoint", b"PK\x03\x04 cut off"):
        (tmp_path / "unfinished-1.npz").write_bytes(content)
        assert KeptDraws(tmp_path, "any").read(n_draws=2, n_cells=1) is None


def test_a_run_killed_on_its_way_leaves_no_result(tmp_path):
    status, _ = start_and_signal(tmp_path, signal.SIGKILL)
    assert status == -signal.SIGKILL
    assert [path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")] == []


KILLED_WHILE_WRITING = """
import os, signal
import corredor.pages.artefacts.whole_files as artefacts
whole = artefacts.replace_all_whole
def replace_all_whole(writes):
    def half_of(write):
        def write_half(passing):
            write(passing)
            os.truncate(passing, passing.stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        return write_half
    whole({path: half_of(write) if path.name == "NAME" else write for path, write in writes.items()})
artefacts.replace_all_whole = replace_all_whole
"""


@pytest.mark.parametrize("name", ["results.nc", "report.html"])
def test_a_run_killed_while_writing_leaves_the_files_of_before(name, tmp_path, finished):
    earlier, _ = finished
    folder = Path(shutil.copytree(earlier, tmp_path / "out"))
    code = KILLED_WHILE_WRITING.replace("NAME", name)
    done = corredor("run", "two-towns", "--draws", 5, "--out", folder, cwd=tmp_path, code=code)
    assert done.returncode == -signal.SIGKILL
    for file in FILES:
        assert (folder / file).read_bytes() == (earlier / file).read_bytes()
    done = corredor("run", "two-towns", "--draws", 5, "--out", folder, cwd=tmp_path)
    assert done.returncode == cli.WELL and read_run(folder / "results.nc").sizes["draw"] == 5
    assert not [path for path in folder.iterdir() if path.name.startswith(f".{name}")]


def test_what_fails_while_writing_leaves_nothing_behind(tmp_path):
    target = tmp_path / "file"
    target.write_text("as it was")

    def write(passing):
        passing.write_text("half of")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        replace_whole(target, write)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file", "as it was")]


def test_files_that_belong_together_are_put_in_place_together(tmp_path):
    (tmp_path / "results").write_text("of before")

    def fail(passing):
        raise OSError(errno.ENOSPC, "No space left on device")

    new = {tmp_path / "results": lambda passing: passing.write_text("new"), tmp_path / "page": fail}
    with pytest.raises(OSError, match=r"No space left on device: .*page"):
        replace_all_whole(new)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("results", "of before")]
    replace_all_whole({path: lambda passing: passing.write_text("new") for path in new})
    assert sorted((path.name, path.read_text()) for path in tmp_path.iterdir()) == [("page", "new"), ("results", "new")]


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    # Output is kept back until the end, as it is for every user; only then is it a reader's going away that fails.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    words = command("studies")
    done = subprocess.run(words, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, env=environment, timeout=60, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


# check, studies, new, report, doctor ----------------------------------------------------------------------------------------


def test_check_of_every_bundled_study(here, tmp_path):
    for name in bundled_studies():
        done = here("check", name, "--json")
        facts = json.loads(done.stdout)
        assert (done.returncode, facts["problems"], facts["study"]) == (0, [], name)
        assert facts["places"] > 1 and len(facts["hash"]) == 64
    assert "no problems" in here("check", "two-towns").stdout
    assert list(tmp_path.iterdir()) == []


def test_studies_lists_what_is_bundled(here):
    done = here("studies")
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(bundled_studies())
    rows = json.loads(here("studies", "--json").stdout)
    assert [row["name"] for row in rows] == list(bundled_studies())
    assert {"mexico-2018", "two-towns"} <= {row["name"] for row in rows}


@pytest.mark.parametrize("name", ["my-corridor", 'a: "b" \\1 # c', "корридор"])
def test_new_begins_a_study_that_check_accepts(name, here, tmp_path):
    done = here("new", name, "--json")
    assert done.returncode == 0, done.stderr
    assert all((tmp_path / file).is_file() for file in json.loads(done.stdout)["files"])
    checked = here("check", name, "--json")
    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout)["title"].startswith(name.replace("-", " "))


def test_new_keeps_what_is_there(study, here):
    before = {path: path.read_bytes() for path in study.iterdir()}
    done = here("new", "my_study")
    assert done.returncode == cli.USAGE
    assert "is not empty" in done.stderr
    assert {path: path.read_bytes() for path in study.iterdir()} == before
    (study.parent / "empty").mkdir()
    assert here("new", "empty").returncode == 0


def test_report_is_written_again_from_the_results_alone(finished, here, tmp_path):
    folder, _ = finished
    shutil.copy(folder / "results.nc", tmp_path / "results.nc")
    for given in ("results.nc", "."):
        done = here("report", given, "--json")
        assert done.returncode == 0, done.stderr
        assert Path(json.loads(done.stdout)["report"]) == Path("report.html")
        assert (tmp_path / "report.html").read_bytes() == (folder / "report.html").read_bytes()
        (tmp_path / "report.html").unlink()
    assert here("report", "results.nc", "--out", "deep/er/page.html").returncode == 0
    assert (tmp_path / "deep" / "er" / "page.html").read_bytes() == (folder / "report.html").read_bytes()


def test_report_of_something_else(finished, here, tmp_path):
    folder, _ = finished
    xr.Dataset({"a": ("x", [1.0])}).to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    for given, found in (
        ("none.nc", "no such file"),
        (folder / "summary.csv", "summary.csv"),
        ("other.nc", "without the attributes"),
    ):
        done = here("report", given)
        assert done.returncode == cli.INVALID
        assert found in done.stderr and "expected  the results.nc of a run" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["other.nc"]


def test_doctor_looks_at_every_dependency_and_runs_a_study(here):
    done = here("doctor", "--json")
    lines = {line["name"]: line for line in json.loads(done.stdout)}
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {line.split(">")[0].split("=")[0] for line in project["dependencies"]}
    assert names - set(lines) == set()
    assert lines["a small run"]["seen"].startswith("two-towns, 4 draws")
    assert "known answer found" in lines["random numbers (Philox 4x32-10)"]["seen"]
    assert done.returncode == (0 if all(line["well"] for line in lines.values()) else cli.DIAGNOSTIC)
    assert [name for name, line in lines.items() if not line["well"] and name != "room on disk"] == []


def test_doctor_says_what_is_not_well(monkeypatch, here):
    line = {"name": "room on disk", "well": False, "seen": "0.1 GB free", "try": "free at least 1 GB"}
    monkeypatch.setattr("corredor.cli.machine.examine", lambda folder: [line])
    done = here("doctor")
    assert done.returncode == cli.DIAGNOSTIC
    assert done.stdout.splitlines() == ["NOT   room on disk             0.1 GB free", "      try: free at least 1 GB"]


# quick ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["import corredor", "import sys; sys.argv = ['corredor', '--help']; from corredor.cli import main; main()"]
)
def test_help_and_import_load_nothing_heavy(code):
    heavy = ("numba", "xarray", "pandas", "scipy", "numpy", "pydantic", "jinja2")
    show = f"import atexit, sys; atexit.register(lambda: print([n for n in {heavy!r} if n in sys.modules], file=sys.stderr)); "
    done = subprocess.run([sys.executable, "-c", show + code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "[]\n")


def test_help_of_every_command_names_its_options(here):
    for name in (word for word in cli.app if not word.startswith("-")):
        done = here(name, "--help")
        assert done.returncode == 0
        assert "--json" in done.stdout
    assert here("--version").stdout.strip() == metadata.version("corredor")


def test_progress_is_told_a_tenth_at_a_time(capsys):
    with Progress("simulating") as progress:
        for finished in range(1, 101):
            progress.show(finished, 100)
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 11
    assert told[-1] == "simulating: 100 of 100 draws"
