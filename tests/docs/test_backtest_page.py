"""Is the track record in the docs the one that was measured, on the study as it is?"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from scripts import loaded

from corredor.learn.backtest import METHODS, read_months
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
    fits = script.known_fits()
    assert script.written_page(page, scores, fits) == page, "python docs/make_backtest.py writes them"
    changed = scores.assign(crps=scores["crps"] * 1.1)
    assert script.written_page(page, changed, fits) != page


def test_the_scores_hold_every_method_sector_and_month_at_every_origin(script, scores):
    first, last = read_months(script.ORIGINS)
    model = load_study(bundled_studies()["mexico-border-2011"])
    sectors = [place.id for place in model.places if place.kind == "sector"]
    expected = {(method, place, ahead) for method in METHODS for place in sectors for ahead in range(1, script.MONTHS + 1)}
    found = {(row.method, row.place, row.horizon_months) for row in scores.itertuples()}
    assert found == expected and len(scores) == len(expected)
    assert (scores["origins"] == last - first + 1).all()


def test_the_scores_are_of_the_study_as_it_is(script):
    measured = (DOCS / "backtest" / "study_hash.txt").read_text(encoding="utf-8").strip()
    assert load_study(bundled_studies()["mexico-border-2011"]).hash == measured, "python docs/make_backtest.py --run"
