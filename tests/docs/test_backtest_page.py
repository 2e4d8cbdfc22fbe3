"""Is the track record in the docs the one that was measured, on the study as it is?"""

from __future__ import annotations

import io
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from backtesting import FAST, years_study
from scripts import loaded

from corredor.learn.backtest import METHODS, backtest, read_months
from corredor.learn.track_record import find_track_record
from corredor.pages.artefacts.backtest import backtest_tables
from corredor.study.catalogue import bundled_studies
from corredor.study.model import load_study

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return loaded("docs/make_backtest.py")


@pytest.fixture(scope="module")
def scores(script) -> pd.DataFrame:
    return pd.read_csv(script.SCORES, keep_default_na=False)


def test_the_tables_are_those_of_the_scores(script, scores):
    page = script.PAGE.read_text(encoding="utf-8")
    fits, kept = script.known_fits(), script.kept_tables()
    assert script.written_page(page, scores, fits, kept) == page, "python docs/make_backtest.py writes them"
    changed = scores.assign(crps=scores["crps"] * 1.1)
    assert script.written_page(page, changed, fits, kept) != page


def test_the_scores_hold_every_method_sector_and_month_at_every_origin(script, scores):
    first, last = read_months(script.ORIGINS)
    model = load_study(bundled_studies()["mexico-border-2011"])
    sectors = [place.id for place in model.places if place.kind == "sector"]
    expected = {(method, place, ahead) for method in METHODS for place in sectors for ahead in range(1, script.MONTHS + 1)}
    published = scores[scores["parts"] == 1]
    found = {(row.method, row.place, row.horizon_months) for row in published.itertuples()}
    assert found == expected and len(published) == len(expected)
    assert (published["origins"] == last - first + 1).all()


def test_the_scores_are_of_the_study_as_it_is(script):
    measured = (DOCS / "backtest" / "study_hash.txt").read_text(encoding="utf-8").strip()
    assert load_study(bundled_studies()["mexico-border-2011"]).hash == measured, "python docs/make_backtest.py --run"


def test_the_track_record_beside_the_study_is_that_of_the_scores(script, scores):
    assert script.TRACK_RECORD.read_text(encoding="utf-8") == script.track_record(*script.kept_scores()), (
        "python docs/make_backtest.py writes it"
    )
    model = load_study(bundled_studies()["mexico-border-2011"])
    track = find_track_record(model, [bundled_studies()["mexico-border-2011"]])
    first, last = read_months(script.ORIGINS)
    assert track is not None and track["same_study"] and track["origins"] == last - first + 1
    sectors = scores[(scores["parts"] == 1) & (scores["horizon_months"] == script.MONTHS)].groupby("method")
    told = next(row for row in track["scores"] if row["horizon_months"] == script.MONTHS)
    assert told["cover80"] == pytest.approx(sectors["cover80"].mean()["corredor"]), "totals are no series of their own"
    errors = sectors["crps"].mean()
    assert told["crps"] == pytest.approx(errors["corredor"]) and told["best_method"] == errors.drop("corredor").idxmin()


def test_tables_of_a_backtest_become_those_of_the_page(script):
    """A small backtest of made-up figures, in the layout of the page."""
    test = backtest(years_study(), origins="2020-03:2020-06", months=3, methods=("corredor", "last_value"), **FAST)
    tables = backtest_tables(test)
    kept = {name: pd.read_csv(io.StringIO(tables[name].to_csv(index=False)), keep_default_na=False) for name in script.KEPT}
    page = script.written_page(f"before\n{script.BEGIN}\nold\n{script.END}\nafter", tables["scores"], test.fits, kept)
    assert page.startswith("before\n") and page.endswith("\nafter") and "\nold\n" not in page
    ratio = tables["paired"][(tables["paired"]["scope"] == "total") & (tables["paired"]["horizon_months"] == 3)]["ratio"].iloc[0]
    assert f"| all nine together | {ratio:.2f} | too few origins |" in page
    assert "| 2020 |" in page and "| sectors: highest of the 12 months known | corredor |" in page
    assert "Fits of the 4 origins" in page
