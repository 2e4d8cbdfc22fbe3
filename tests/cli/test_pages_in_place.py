"""Is what a command writes put only where it belongs? A page over an earlier page of its kind, no table beside those of a study."""

import os
import re
import shutil

import pytest

from corredor import cli, simulate
from corredor.pages.artefacts.again import rewrite_pages
from corredor.results.store import open_store
from corredor.study.catalogue import bundled_studies
from corredor.study.problems import ArgumentError
from corredor.study.whole_file import replace_whole


@pytest.fixture
def run(here, tmp_path):
    done = here("run", "two-towns", "--draws", 2, "--out", "run")
    assert done.returncode == cli.WELL, done.stderr
    return tmp_path / "run"


def assert_left_alone(done, file, before):
    assert done.returncode == cli.USAGE, done.stderr
    assert f"found     {file}, which is there already and is something else" in done.stderr, done.stderr
    assert "an earlier page of this kind" in done.stderr and "try" in done.stderr
    assert file.read_bytes() == before


def test_a_report_is_written_over_a_report_and_over_nothing_else(run, here, tmp_path):
    study = shutil.copytree(bundled_studies()["two-towns"], tmp_path / "study")
    assert here("explore", "two-towns", "--no-claims", "--draws", 2, "--out", "explore.html").returncode == cli.WELL
    (tmp_path / "letter.html").write_text("<!DOCTYPE html><title>dear</title>")
    for file in (study / "places.csv", run / "summary.csv", tmp_path / "letter.html", tmp_path / "explore.html"):
        before = file.read_bytes()
        assert_left_alone(here("report", "run", "--out", file), file, before)
    for _ in range(2):
        assert here("report", "run").returncode == here("report", "run", "--out", "new/page.html").returncode == cli.WELL
    assert (tmp_path / "new" / "page.html").read_bytes() == (run / "report.html").read_bytes()


def test_the_folder_of_a_run_leads_to_its_store(here, tmp_path):
    assert here("run", "two-towns", "--draws", 4, "--store", "store", "--out", "out").returncode == cli.WELL
    page = tmp_path / "out" / "report.html"
    before = page.read_bytes()
    page.unlink()
    done = here("report", "out")
    assert done.returncode == cli.WELL, done.stderr
    assert page.read_bytes() == before
    assert here("export", "out", "--to", "netcdf", "--out", "file").returncode == cli.WELL
    assert here("verify", "file/results.nc", "--study", "two-towns").returncode == cli.WELL
    (tmp_path / "store").rename(tmp_path / "moved")
    done = here("report", "out")
    assert done.returncode == cli.INVALID and "the same command with the place of the store now" in done.stderr, done.stderr


def test_so_is_the_page_that_simulates(run, here, tmp_path):
    words = ("explore", "two-towns", "--no-claims", "--draws", 2, "--out")
    for file in (run / "report.html", run / "results.nc"):
        before = file.read_bytes()
        assert_left_alone(here(*words, file), file, before)
    assert here(*words, "page.html").returncode == here(*words, "page.html").returncode == cli.WELL


def test_the_report_of_a_forecast_does_not_take_the_name_of_the_page_of_the_coming_months(tmp_path):
    dataset = simulate("two-towns", draws=2).assign(coming_predicted=0)
    with pytest.raises(ArgumentError, match="another name for the report"):
        rewrite_pages(dataset, tmp_path, name="forecast.html")
    (tmp_path / "forecast.html").write_text("dear")
    with pytest.raises(ArgumentError, match="something else"):
        rewrite_pages(dataset, tmp_path, name="report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["forecast.html"]


def test_no_file_takes_the_place_of_a_pipe_or_device(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="pipe or a device"):
        replace_whole(tmp_path / "pipe", lambda passing: passing.write_text("whole"))
    assert (tmp_path / "pipe").is_fifo() and len(list(tmp_path.iterdir())) == 1


def test_results_of_an_earlier_run_do_not_stay_beside_the_page_of_a_store(run, here):
    """`corredor report` would take them for the run of that page."""
    assert (run / "results.nc").is_file()
    done = here("run", "two-towns", "--draws", 3, "--seed", 2, "--store", "store", "--out", "run")
    assert done.returncode == cli.WELL, done.stderr
    assert not (run / "results.nc").exists() and (run / "report.html").is_file()


@pytest.mark.parametrize(
    "words",
    [
        ("run", "study", "--draws", 2),
        ("compare", "study", "--without", "bridge_patrols", "--draws", 2),
        ("claims", "study", "--draws", 2),
        ("benchmark",),
        ("export", "run", "--to", "csv"),
    ],
)
def test_no_table_is_written_into_the_folder_of_a_study(words, here, tmp_path):
    """It would be taken for one of the study's, and the study be refused from then on."""
    study = shutil.copytree(bundled_studies()["two-towns"], tmp_path / "study")
    before = {path.name for path in study.iterdir()}
    done = here(*words, "--out", "study")
    assert done.returncode == cli.USAGE and "study holds a study" in done.stderr and "--out" in done.stderr, done.stderr
    assert {path.name for path in study.iterdir()} == before
    assert here("check", "study").returncode == cli.WELL


def test_what_an_earlier_run_passed_on_is_not_taken_for_that_of_this_one(here, tmp_path):
    words = ("run", "two-towns", "--draws", 2, "--out", "one")
    shared = tmp_path / "one" / "share"
    assert "earlier run" not in here(*words, "--share").stderr
    passed_on = (shared / "report.html").read_bytes()
    done = here(*words, "--seed", 2)
    assert done.returncode == cli.WELL and "one/share is of an earlier run" in done.stderr and "--share" in done.stderr
    assert (shared / "report.html").read_bytes() == passed_on


@pytest.mark.parametrize(
    ("given", "try_"), [("file:///data/draws", "/data/draws"), ("local://draws", "draws"), ("memory://draws", "store")]
)
def test_a_store_lasts_and_a_folder_is_given_by_its_path(given, try_, here, tmp_path):
    done = here("run", "two-towns", "--draws", 2, "--store", given, "--out", "one")
    found = re.search(r"store\n  found +(\S+)\n  expected  a folder by its path, .+\n  try +(\S+)\n", done.stderr)
    assert done.returncode == cli.USAGE and found is not None and found.groups() == (given, try_), done.stderr
    assert not list(tmp_path.iterdir())
    with pytest.raises(ArgumentError, match="a folder by its path"):
        open_store(given)


def test_a_folder_is_not_left_behind_empty(here, tmp_path):
    done = here("run", "two-towns", "--draws", 2, "--store", "foo://nowhere", "--out", "new/folder")
    assert done.returncode == cli.UNREACHABLE, done.stderr
    assert not list(tmp_path.iterdir())


def test_a_store_has_a_folder_of_its_own_and_a_chunk_has_a_store(here, tmp_path):
    done = here("run", "two-towns", "--draws", 2, "--store", "./one", "--out", "one")
    assert done.returncode == cli.USAGE and "--store and --out are both one" in done.stderr
    done = here("run", "two-towns", "--draws", 2, "--chunk", 1, "--out", "one")
    assert done.returncode == cli.USAGE and "--chunk cuts a store, and there is none" in done.stderr
    assert not list(tmp_path.iterdir())
