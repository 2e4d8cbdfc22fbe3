"""Is a bad fit told wherever it would be used? On the stream, by the exit status, on the page, in what machines read."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from backtesting import years_study
from builders import write_study

from corredor import cli
from corredor.learn.forecast import UnusableFit, forecast
from corredor.study.catalogue import bundled_studies
from corredor.study.model import load_study

SAYS = "This fit should not be used as it is"
FIT = ("--draws", 20, "--iterations", 2)


@pytest.fixture(scope="module")
def wild(tmp_path_factory):
    """two-towns with every second figure a thousand times as large, and a fit to that."""
    folder = Path(shutil.copytree(bundled_studies()["two-towns"], tmp_path_factory.mktemp("studies") / "wild"))
    with (folder / "observations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for number, row in enumerate(rows):
            writer.writerow(row | ({"value": float(row["value"]) * 1000} if number % 2 and row["value"] else {}))
    return folder


@pytest.fixture
def fitted(here, wild, tmp_path):
    done = here("fit", wild, *FIT, "--out", "fit")
    assert done.returncode == cli.DIAGNOSTIC and "contradict each other or the model" in done.stderr
    assert SAYS in (tmp_path / "fit" / "fit.html").read_text()
    assert json.loads((tmp_path / "fit" / "fit.json").read_text())["troubles"]
    study = Path(shutil.copytree(wild, tmp_path / "wild"))
    shutil.copy(tmp_path / "fit" / "fitted.nc", study / "fitted.nc")
    return study


@pytest.mark.parametrize(
    ("arguments", "page"),
    [
        (("run", "--draws", 4), "report.html"),
        (("claims", "--draws", 4), "claims.html"),
        (("compare", "--without", "bridge_patrols", "--draws", 4), "compare.html"),
    ],
)
def test_what_uses_a_bad_fit_says_so_on_every_way(here, fitted, tmp_path, arguments, page):
    done = here(arguments[0], fitted, *arguments[1:], "--out", "out")
    assert done.returncode == cli.DIAGNOSTIC
    assert SAYS in done.stderr and "contradict each other or the model" in done.stderr
    assert SAYS in (tmp_path / "out" / page).read_text()
    assert "contradict" in json.loads((tmp_path / "out" / "manifest.json").read_text())["troubles"][0]
    without = here(arguments[0], fitted, *arguments[1:], "--out", "priors", "--priors-only")
    assert without.returncode == cli.WELL and SAYS not in without.stderr
    assert SAYS not in (tmp_path / "priors" / page).read_text()
    assert json.loads((tmp_path / "priors" / "manifest.json").read_text())["troubles"] == []


def test_a_forecast_is_not_made_from_a_bad_fit(here, wild, tmp_path):
    last = load_study(wild).study.to
    done = here("forecast", wild, "--as-of", last, "--draws", 4, "--out", "out", "--json")
    assert done.returncode == cli.DIAGNOSTIC
    assert "contradict each other" in done.stderr and f"corredor fit {wild} --as-of {last}" in done.stderr
    assert "contradict each other" in json.loads(done.stdout)["troubles"][0]
    assert not (tmp_path / "out").exists()
    with pytest.raises(UnusableFit, match="contradict each other"):
        forecast(str(wild), as_of=last, draws=4)


def test_a_backtest_answers_a_bad_fit_with_the_widened_last_value_and_says_where(here, tmp_path):
    model = years_study()
    far = tuple(
        row.model_copy(update={"value": 300 * row.value}) if row.place == "upper" and row.from_.month % 2 else row
        for row in model.observations
    )
    study = write_study(tmp_path / "far", replace(model, observations=far))
    options = ("--origins", "2020-06", "--months", 2, "--draws", 24, "--members", 12, "--rounds", 2)
    done = here("backtest", study, *options, "--methods", "corredor,last_value", "--json", "--out", "out")
    assert done.returncode == cli.WELL, done.stderr
    told = json.loads(done.stdout)
    (fit,) = told["fits"]
    assert fit["origin"] == "2020-06" and fit["misfit"] > 4 and (fit["not_reproduced"], fit["series"]) == (2, 2)
    assert "At 1 of 1 origins its fit did not reproduce" in " ".join(told["fit_words"])
    assert "did not reproduce" in done.stderr
    page = (tmp_path / "out" / "backtest.html").read_text()
    assert told["fit_words"][0] in page.replace("&#39;", "'") and "corredor's fit at each origin" in page.replace("&#39;", "'")
    with (tmp_path / "out" / "forecasts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {(row["method"], row["fell_back"]) for row in rows} == {("corredor", "True"), ("last_value", "False")}
    middle = {(row["method"], row["place"], row["month"]): float(row["median"]) for row in rows if row["parts"] == "1"}
    for (method, place, month), median in middle.items():
        assert method == "last_value" or median < 30 * middle["last_value", place, month]
