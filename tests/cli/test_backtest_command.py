"""Does `corredor backtest` keep its word: files, streams, exit status, words for what is wrong?"""

import csv
import json

import pytest
from backtesting import years_study
from builders import write_study

from corredor.learn.backtest import METHODS

FAST = ("--draws", 24, "--members", 12, "--rounds", 1)
KEYS = {
    "method",
    "output",
    "place",
    "horizon_months",
    "parts",
    "origins",
    "crps",
    "wis",
    "log_score",
    "cover50",
    "cover80",
    "cover95",
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("studies") / "two_places", years_study())


def test_it_writes_page_scores_and_forecasts_and_prints_the_scores(here, study, tmp_path):
    done = here("backtest", study, "--origins", "2020-06:2020-07", "--months", 2, *FAST, "--json", "--out", "kept")
    assert done.returncode == 0, done.stderr
    kept = tmp_path / "kept"
    tables = ["coverage.csv", "forecasts.csv", "paired.csv", "places.csv", "scores.csv", "thresholds.csv"]
    assert sorted(path.name for path in kept.glob("[a-z]*")) == ["backtest.html", "backtest.json", *tables]
    printed = json.loads(done.stdout)
    assert set(printed["scores"][0]) >= KEYS
    methods = METHODS
    assert {(row["method"], row["place"], row["horizon_months"]) for row in printed["scores"]} == {
        (method, place, ahead) for method in methods for place in ("upper", "lower", "") for ahead in (1, 2)
    }
    assert {row["verdict"] for row in printed["paired"]} == {"too few origins"}
    assert {row["scope"] for row in printed["places"]} == {"series", "total"} and printed["coverage"] and printed["thresholds"]
    assert all(row["origins"] == 2 and row["crps"] >= 0 for row in printed["scores"])
    with (kept / "scores.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(printed["scores"])
    assert float(rows[0]["crps"]) == pytest.approx(printed["scores"][0]["crps"], rel=1e-5)
    page = (kept / "backtest.html").read_text(encoding="utf-8")
    assert printed["headline"][0] in page
    assert "The figures of this study are made up" in page
    assert "forecasting: 2 of 2 origins" in done.stderr


def test_without_json_it_prints_first_what_can_be_said(here, study):
    done = here("backtest", study, "--origins", "2020-06", "--months", 1, *FAST, "--methods", "corredor,last_value")
    assert done.returncode == 0, done.stderr
    assert "1 origin is too few to say which method is better; 36 are needed" in done.stdout.splitlines()[0]
    assert "last_value" in done.stdout and "sarima" not in done.stdout and "too few origins" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--origins", "2020"), "expected FROM:TO as months"),
        (("--origins", "2020-08:2020-06"), "comes after"),
        (("--origins", "2015-01:2020-06"), "expected months from 2018-01 to 2020-11"),
        (
            ("--origins", "2020-06", "--methods", "corredor,prophecy"),
            "prophecy: expected some of corredor, dynamic_model_averaging",
        ),
        (("--origins", "2020-06", "--withhold", "prophecies"), "withhold prophecies: expected outputs of"),
        (("--origins", "2018-10", "--known-months", 6), "known months 6: expected 24 or more"),
        (("--origins", "2020-06", "--months", 0), "must be 1 or more"),
        (("--origins", "2020-06", "--every", 0), "must be 1 or more"),
        ((), "origins"),
    ],
)
def test_what_cannot_be_ordered_is_said_and_ends_with_2(here, study, arguments, words):
    done = here("backtest", study, *arguments)
    assert done.returncode == 2
    assert words in done.stderr.replace("\n", " ")
    assert done.stdout == ""


def test_a_window_needs_a_study_that_can_begin_later(here):
    done = here("backtest", "two-towns", "--origins", "2021-04", "--window-months", 2)
    assert done.returncode == 2
    assert "begins with people in in_town" in done.stderr


def test_a_study_without_long_series_ends_with_3_and_says_what_is_missing(here):
    done = here("backtest", "two-towns", "--origins", "2021-03:2021-04", "--json")
    assert done.returncode == 3
    problem = json.loads(done.stdout)["problems"][0]
    assert "24 months on end" in problem["found"]
    assert "mexico-border-2011" in problem["try"]


def test_a_study_that_is_not_there_ends_with_3(here):
    assert here("backtest", "nowhere", "--origins", "2020-06").returncode == 3
