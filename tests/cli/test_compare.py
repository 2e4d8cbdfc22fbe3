"""Do `compare` and `sensitivity` do what their help says, with the exit status and on the stream that they should?"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders import write_study
from everything import everything

from corredor import cli
from corredor.effects.compare import compare
from corredor.study.model import load_study

FILES = ["compare.csv", "compare.html", "compare.nc", "manifest.json", "ro-crate-metadata.json"]


def test_compare_leaves_its_files_and_prints_the_effects(here, tmp_path):
    done = here("compare", "two-towns", "--without", "bridge_patrols", "--draws", 8, "--out", "found")
    assert done.returncode == cli.WELL, done.stderr
    assert sorted(path.name for path in (tmp_path / "found").iterdir()) == FILES
    assert "With less without: Extra patrols at the bridge" in done.stdout
    assert "control" in done.stdout and "protection" in done.stdout
    assert "page: found/compare.html" in done.stderr
    manifest = json.loads((tmp_path / "found" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["comparison"]["changes"] == ["without bridge_patrols"]
    assert manifest["people_lost"] == 0 and manifest["draws"] == 8


def test_the_dataset_that_is_written_is_the_one_that_was_compared(here, tmp_path):
    here("compare", "two-towns", "--without", "bridge_patrols", "--draws", 4, "--seed", 5, "--out", "found")
    model = load_study(Path(cli.__file__).parents[1] / "studies" / "two-towns")
    with xr.open_dataset(tmp_path / "found" / "compare.nc", engine="h5netcdf") as read:
        again = compare(model, without=["bridge_patrols"], draws=4, seed=5)
        assert set(read.data_vars) == set(again.data_vars)
        for name in again.data_vars:
            np.testing.assert_array_equal(read[name].to_numpy(), again[name].to_numpy(), err_msg=name)
        assert read.attrs["comparison"] == again.attrs["comparison"]


def test_json_holds_every_row_of_the_table_and_nothing_else_is_on_standard_output(here, tmp_path):
    done = here("compare", "two-towns", "--without", "bridge_patrols", "--draws", 4, "--json")
    told = json.loads(done.stdout)
    table = pd.read_csv(tmp_path / "runs" / "two-towns-compare" / "compare.csv")
    assert len(told["effects"]) == len(table) > 40
    assert {row["by"] for row in told["effects"]} >= {"total", "month", "status"}
    at_end = [row["mean"] for row in told["effects"] if row["output"] == "people_at_end"]
    assert sum(at_end) == pytest.approx(0, abs=1e-9)


def test_a_scenario_from_a_file(here, tmp_path):
    (tmp_path / "more.yaml").write_text("title: Twice the patrols\nchange:\n  bridge_patrols: {dose: 2}\n", encoding="utf-8")
    done = here("compare", "two-towns", "--scenario", "more.yaml", "--draws", 8)
    assert done.returncode == cli.WELL, done.stderr
    assert "With less without: Twice the patrols" in done.stdout
    page = (tmp_path / "runs" / "two-towns-compare" / "compare.html").read_text(encoding="utf-8")
    assert "What would it change? Twice the patrols" in page
    assert "bridge_patrols with dose 2" in page


def test_a_bad_scenario_is_told_with_its_place_and_writes_nothing(here, tmp_path):
    (tmp_path / "bad.yaml").write_text("title: x\noff: [bridge_patrol]\n", encoding="utf-8")
    done = here("compare", "two-towns", "--scenario", "bad.yaml", "--draws", 4)
    assert done.returncode == cli.INVALID
    assert "bad.yaml:2:7" in done.stderr and "`bridge_patrols`" in done.stderr
    assert not (tmp_path / "runs").exists()
    as_json = here("compare", "two-towns", "--scenario", "bad.yaml", "--json")
    assert json.loads(as_json.stdout)["problems"][0]["line"] == 2


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((), cli.USAGE, "either --without MEASURE"),
        (("--without", "bridge_patrols", "--scenario", "x.yaml"), cli.USAGE, "either --without MEASURE"),
        (("--without", "bridge_patrols", "--shares"), cli.USAGE, "two or more measures"),
        (("--without", "bridge_patrols", "--output", "stoped"), cli.USAGE, "no output that counts people who move"),
        (("--without", "bridge_patrols", "--draws", 2, "--place", "nowhere"), cli.USAGE, "stopped is not told by place"),
        (("--without", "bridge_patrol"), cli.INVALID, "bridge_patrols"),
        (("--without", "bridge_patrols", "--draws", 0), cli.USAGE, "1 or more"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_right_status(here, words, status, said):
    done = here("compare", "two-towns", *words)
    assert done.returncode == status
    assert said in done.stderr
    assert done.stdout == ""


def test_measures_may_be_separated_by_commas_or_blanks_and_shares_have_a_file(here, tmp_path):
    write_study(tmp_path / "small", everything())
    words = ("patrols,office", "more_beds")
    done = here("compare", "small", "--without", *words, "--draws", 2, "--shares", "--share-draws", 2, "--out", "found")
    assert done.returncode == cli.WELL, done.stderr
    with xr.open_dataset(tmp_path / "found" / "shares.nc", engine="h5netcdf") as shared:
        assert list(shared["measure"].to_numpy()) == ["patrols", "office", "more_beds"]
        np.testing.assert_allclose(shared["share"].sum("measure"), shared["joint"], atol=1e-6)
    page = (tmp_path / "found" / "compare.html").read_text(encoding="utf-8")
    assert "What did these 3 measures change together?" in page and "Shares of the measures" in page


def test_report_writes_the_page_of_a_comparison_anew_with_its_shares_and_its_flow(here, tmp_path):
    write_study(tmp_path / "small", everything())
    shared = ("--without", "patrols", "office", "--draws", 2, "--shares", "--share-draws", 2, "--output", "came")
    done = here("compare", "small", *shared, "--out", "found")
    assert done.returncode == cli.WELL, done.stderr
    page = (tmp_path / "found" / "compare.html").read_bytes()
    (tmp_path / "found" / "compare.html").unlink()
    assert json.loads(here("report", "found", "--json").stdout) == {"compare": "found/compare.html"}
    assert (tmp_path / "found" / "compare.html").read_bytes() == page
    here("compare", "small", "--without", "patrols", "--draws", 2, "--seed", 3, "--out", "found")
    alone = (tmp_path / "found" / "compare.html").read_bytes()
    assert here("report", "found/compare.nc").returncode == cli.WELL
    assert (tmp_path / "found" / "compare.html").read_bytes() == alone, "shares of another comparison are left aside"


def test_sensitivity_leaves_its_files_and_names_what_moves_the_answer(here, tmp_path):
    words = ("--output", "stopped", "--without", "bridge_patrols", "--size", 16, "--most", 3)
    done = here("sensitivity", "two-towns", *words, "--out", "found")
    assert done.returncode == cli.WELL, done.stderr
    assert sorted(path.name for path in (tmp_path / "found").iterdir()) == [
        "sensitivity.csv",
        "sensitivity.html",
        "sensitivity.nc",
    ]
    assert "moves it most" in done.stdout
    told = json.loads(here("sensitivity", "two-towns", "--output", "stopped", "--method", "morris", "--json").stdout)
    assert {row["parameter"] for row in told["parameters"]} == set(
        pd.read_csv(tmp_path / "found" / "sensitivity.csv")["parameter"]
    ) - {"all_others"}
    assert told["answer"] == "level" and told["runs"] > 100


def test_sensitivity_says_what_it_cannot_do(here, monkeypatch):
    done = here("sensitivity", "two-towns", "--output", "stoped")
    assert done.returncode == cli.USAGE and "stoped has no total; there are: " in done.stderr
    both = here("sensitivity", "two-towns", "--output", "stopped", "--without", "bridge_patrols", "--scenario", "x.yaml")
    assert both.returncode == cli.USAGE and "not both" in both.stderr
    monkeypatch.setitem(sys.modules, "SALib.analyze.morris", None)
    monkeypatch.setitem(sys.modules, "SALib", None)
    done = here("sensitivity", "two-towns", "--output", "stopped")
    assert done.returncode == cli.USAGE and "pip install 'corredor[sensitivity]'" in done.stderr


def test_a_study_without_measures_says_so(here, tmp_path):
    here("new", "mine")
    for name in ("measures.yaml", "claims.yaml"):
        (tmp_path / "mine" / name).unlink()
    parameters = tmp_path / "mine" / "parameters.yaml"
    text = parameters.read_text(encoding="utf-8")
    begin, end = text.index("extra_patrols:"), text.index("served_at_port:")
    parameters.write_text(text[:begin] + text[end:], encoding="utf-8")
    done = here("compare", "mine")
    assert done.returncode == cli.USAGE
    assert "mine has no measures\ntry: corredor compare mine --scenario FILE" in done.stderr
