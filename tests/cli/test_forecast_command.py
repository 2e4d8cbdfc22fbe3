"""Does `corredor forecast` say on the terminal and in JSON what its page shows first: the coming months?"""

import json

import pytest
from backtesting import years_study
from builders import write_study

from corredor.learn import forecast as forecasting
from corredor.learn.coming_months import coming_table
from corredor.pages.forecast.tables import coming_cells
from corredor.results.netcdf import read_run as read_results
from corredor.results.view import read_run


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.setattr(forecasting, "FIT_DRAWS", 20)
    return write_study(tmp_path / "corridor", years_study(30))


ASKED = ("--as-of", "2020-01-12", "--months", 2, "--draws", 30, "--jobs", 1)


def test_terminal_json_and_page_have_the_same_coming_months(here, study, tmp_path):
    printed = here("forecast", "corridor", *ASKED, "--out", "out")
    assert printed.returncode == 0, printed.stderr
    assert printed.stderr.strip().endswith("forecast.html")
    told = json.loads(here("forecast", "corridor", *ASKED, "--json", "--out", "out").stdout)
    kept = read_results(tmp_path / "out" / "results.nc")
    assert [row["median"] for row in told["coming"]] == pytest.approx(coming_table(kept)["median"].tolist())
    (table,) = coming_cells(read_run(kept), coming_table(kept))
    page = (tmp_path / "out" / "forecast.html").read_text()
    for row in table.rows:
        assert all(cell in printed.stdout and cell in page for cell in row)
    for sentences in told["answer"].values():
        assert all(sentence in printed.stdout.replace("\n", " ") for sentence in sentences)
    assert "Feb 2020" in printed.stdout and "No backtest" in printed.stdout and told["track_record"] is None
    assert (tmp_path / "out" / "report.html").is_file()


def test_report_writes_both_pages_of_a_forecast_anew(here, study, tmp_path):
    here("forecast", "corridor", *ASKED, "--out", "out")
    pages = {name: (tmp_path / "out" / name).read_bytes() for name in ("report.html", "forecast.html")}
    for name in pages:
        (tmp_path / "out" / name).unlink()
    told = json.loads(here("report", "out", "--json").stdout)
    assert told == {"report": "out/report.html", "forecast": "out/forecast.html"}
    assert {name: (tmp_path / "out" / name).read_bytes() for name in pages} == pages
    assert here("report", "out", "--out", "other/whole.html").returncode == 0
    assert 'href="whole.html"' in (tmp_path / "other" / "forecast.html").read_text(encoding="utf-8")


def test_a_backtest_in_runs_is_the_track_record(here, study, tmp_path):
    small = ("--draws", 20, "--members", 10, "--rounds", 1, "--jobs", 1)
    done = here("backtest", "corridor", "--origins", "2020-01:2020-02", "--months", 1, *small)
    assert done.returncode in (0, 5), done.stderr
    told = json.loads(here("forecast", "corridor", *ASKED, "--json").stdout)
    assert told["track_record"]["origins"] == 2 and told["track_record"]["same_study"]
    assert "In 2 forecasts of past months of this study" in told["answer"]["sure"][0]
