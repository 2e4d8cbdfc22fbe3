"""Do `forecast --export hubverse` and `score --hub` keep their word: files, numbers, streams, exit status, words for what is wrong?"""

import json
from pathlib import Path

import pytest

from corredor import cli

SAMPLES = Path(__file__).resolve().parents[1] / "hub_samples"
FILES = sorted((SAMPLES / "model-output").rglob("*.csv"))
TARGET = SAMPLES / "target-data" / "time-series.csv"


def test_a_forecast_is_exported_and_scored_beside_another_models(here, tmp_path):
    done = here(
        *("forecast", "two-towns", "--as-of", "2021-03-15", "--months", 2, "--draws", 20),
        *("--export", "hubverse", "--out", "kept", "--json"),
    )
    assert done.returncode == 0, done.stderr
    csv, parquet, observed = json.loads(done.stdout)["hubverse"]
    assert Path(csv).name == "2021-03-15-corredor-two_towns.csv" and Path(parquet).is_file() and Path(observed).is_file()
    assert f"for forecast hubs: {csv}" in done.stderr
    other = tmp_path / "2021-03-15-other-flat.csv"
    header = "reference_date,target,target_end_date,location,group,output_type,output_type_id,value\n"
    other.write_text(header + "2021-03-15,arrivals,2021-03-31,north_gate,total,quantile,0.5,250\n", encoding="utf-8")
    scored = here("score", "two-towns", "--hub", csv, other, "--json")
    assert scored.returncode == 0, scored.stderr
    told = json.loads(scored.stdout)
    assert told["beside"] == "corredor-two_towns" and told["levels"] == [0.5]
    rows = {row["model"]: row for row in told["scores"]}
    assert rows["other-flat"]["figures"] == 1 and rows["other-flat"]["crps"] is None and rows["corredor-two_towns"]["crps"] > 0
    assert told["paired"][0]["verdict"] == "too few origins"
    assert "corredor-two_towns: " in scored.stderr and "were not scored" in scored.stderr


def test_files_of_a_hub_are_scored_on_its_own_target_data_without_a_study(here):
    done = here("score", "--hub", *FILES, "--target-data", TARGET)
    assert done.returncode == 0, done.stderr
    assert "north-walk" in done.stdout and "south-trend" in done.stdout and "too few origins (2 of" in done.stdout
    assert "1 rows that are no quantiles or samples were not scored" in done.stderr


def test_a_study_without_monthly_figures_has_nothing_to_export_and_says_so_before_the_fit(here, tmp_path):
    done = here("forecast", "displacement", "--as-of", "2021-02-15", "--export", "hubverse")
    assert done.returncode == cli.USAGE
    assert "no series for a forecast hub" in done.stderr and not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("score",), cli.USAGE, "no study"),
        (("score", "--hub", FILES[0]), cli.USAGE, "no figures to score against"),
        (("score", "two-towns", "--target-data", TARGET), cli.USAGE, "--target-data or --horizon-unit without --hub"),
        (("score", "two-towns", "--hub", *FILES), cli.USAGE, "no figure of any forecast"),
        (("score", "--hub", "2020-01-31-a-b.csv", "--target-data", TARGET), cli.INVALID, "2020-01-31-a-b.csv"),
        (("score", "--hub", TARGET, "--target-data", TARGET), cli.INVALID, "a model-output file of a forecast hub"),
    ],
)
def test_what_cannot_be_scored_is_refused(here, arguments, status, words):
    done = here(*arguments)
    assert done.returncode == status and done.stdout == ""
    assert words in done.stderr.replace("\n", " ")
