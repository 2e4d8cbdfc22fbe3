"""Are the scores of learned dynamics in the docs those of the method as it is, on counts as they were published?"""

from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from scripts import ROOT, loaded

from corredor.learn.simple_methods import SIMPLE_METHODS

SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return loaded("docs/make_dynamics.py")


def test_the_method_is_the_one_that_was_frozen_before_it_was_scored(script):
    assert (script.FOLDER / "hash.txt").read_text(encoding="utf-8").strip() == script.frozen_hash()


def test_the_page_holds_the_tables_of_the_scores(script):
    page = script.PAGE.read_text(encoding="utf-8")
    assert script.written_page(page, pd.read_csv(script.FOLDER / "scores.csv")) == page


def test_every_month_of_every_set_was_scored_with_every_method(script):
    scores = pd.read_csv(script.FOLDER / "scores.csv")
    assert set(scores["method"]) == {script.LEARNED, script.ANNOUNCED, *SIMPLE_METHODS}
    for name, one in script.SETS.items():
        months = script.number_of(one.end) - script.number_of(one.begin) + 1
        for ahead in script.HORIZONS:
            for method in (script.LEARNED, "sarima"):
                mine = scores[(scores["set"] == name) & (scores["ahead"] == ahead) & (scores["method"] == method)]
                assert mine[mine["of"] == "total"]["n"].sum() == months
                assert mine[mine["of"] == "parts"]["n"].sum() == 9 * months


def test_an_origin_scored_again_gives_the_same_numbers_and_sees_nothing_later(script):
    counts = script.counts_of("mediterranean")
    last = script.number_of("2013-06")
    known = counts.people[: last - counts.first_month + 1]
    made = script._learned("mediterranean-2012", counts, known, last, 3)
    changed = script.Counts(counts.series, counts.first_month, counts.people.copy(), counts.measures)
    changed.people[last - counts.first_month + 1 :] *= 7
    again = script._learned("mediterranean-2012", changed, changed.people[: last - counts.first_month + 1], last, 3)
    for method in (script.LEARNED, script.ANNOUNCED):
        np.testing.assert_array_equal(made[method], again[method])
    later = [one for one in counts.measures if one.start > last + 1 + script.SETS["mediterranean-2012"].lag]
    without = script.Counts(counts.series, counts.first_month, counts.people, tuple(set(counts.measures) - set(later)))
    np.testing.assert_array_equal(
        made[script.ANNOUNCED], script._learned("mediterranean-2012", without, known, last, 3)[script.ANNOUNCED]
    )


@pytest.mark.skipif(not SHARED.exists(), reason="the tables of cited facts are not beside the repository")
def test_counts_and_measures_are_those_of_the_cited_facts(script, tmp_path, monkeypatch):
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    script.write_counts(SHARED)
    for name in ("counts.csv", "measures.csv"):
        assert (tmp_path / name).read_text() == (Path(ROOT) / "docs" / "dynamics" / name).read_text()
