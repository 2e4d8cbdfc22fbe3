"""Do series and claims become the panel and the questions that were written?"""

import numpy as np
import pytest

from corredor.effects.benchmark.bundled import bundled_evidence
from corredor.effects.benchmark.evidence import first_month
from corredor.effects.benchmark.read_evidence import read_evidence
from corredor.effects.design.panel import Window

CLAIMS = """
- {id: one, says: It fell., unit: north|x, date: 2018-02-15, direction: lower, agreement: agreed, size_percent: [-50, -20]}
- {id: two, says: It rose., unit: [north|x, south], date: 2018-02-16, direction: higher, agreement: contested,
   window_months: 2, donors: [west]}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.csv").write_text(
        "month,unit,people\n2018-01,north|x,10\n2018-03-01,north|x,30\n2018-04,north|x,\n", encoding="utf-8"
    )
    (tmp_path / "b.csv").write_text(
        "month,unit,people,family\n2017-12,south,1,\n2018-01,south,2,\n2018-03,west,7,east\n", encoding="utf-8"
    )
    (tmp_path / "c.yaml").write_text(CLAIMS, encoding="utf-8")
    (tmp_path / "d.csv").write_text("date,family,what\n2018-04-30,east,a storm\n", encoding="utf-8")
    return tmp_path


def test_a_missing_month_is_missing(folder):
    panel = read_evidence([folder / "a.csv", folder / "b.csv"], folder / "c.yaml").panel
    assert [str(month) for month in panel.months] == ["2017-12", "2018-01", "2018-02", "2018-03", "2018-04"]
    assert panel.units == ("north|x", "south", "west", "north|x + south")
    nan = np.nan
    np.testing.assert_array_equal(panel.people[:, 0], [nan, 10, nan, 30, nan])
    np.testing.assert_array_equal(panel.people[:, 1], [1, 2, nan, nan, nan])
    np.testing.assert_array_equal(panel.people[:, 3], [nan, 12, nan, nan, nan])


def test_a_missing_month_is_zero_where_the_reader_says_so_but_an_empty_cell_stays_missing(folder):
    panel = read_evidence([folder / "a.csv", folder / "b.csv"], folder / "c.yaml", absent_is_zero=True).panel
    np.testing.assert_array_equal(panel.people[:, 0], [0, 10, 0, 30, np.nan])
    np.testing.assert_array_equal(panel.people[:, 3], [1, 12, 0, 30, np.nan])


def test_families_are_named_or_read_from_the_unit_and_a_sum_joins_those_of_its_parts(folder):
    evidence = read_evidence([folder / "a.csv", folder / "b.csv"], folder / "c.yaml", folder / "d.csv")
    assert evidence.panel.families == ("north", "north", "east", "north")
    assert evidence.units == 3
    months = {(family, str(month)) for family, month in evidence.listed}
    assert months == {("north", "2018-02"), ("north", "2018-03"), ("east", "2018-05")}


def test_a_claim_becomes_a_window(folder):
    evidence = read_evidence([folder / "a.csv", folder / "b.csv"], folder / "c.yaml")
    one, two = evidence.claims
    assert evidence.window(one) == Window(0, 2, 3, ())
    assert evidence.window(two) == Window(3, 3, 2, (2,), skipped=1)
    assert one.size_percent == [-50, -20]


@pytest.mark.parametrize(
    ("date", "month"), [("2016-03", "2016-03"), ("2016-03-15", "2016-03"), ("2016-03-16", "2016-04"), ("2016-12-31", "2017-01")]
)
def test_a_date_after_the_fifteenth_counts_from_the_next_month(date, month):
    assert str(first_month(date)) == month


def test_the_bundled_evidence_covers_the_agreed_rows():
    evidence = bundled_evidence()
    agreed = {claim.id for claim in evidence.claims if claim.agreement == "agreed"}
    assert agreed == {"E01", "E03", "E09", "E14", "E15", "E16a", "E16b", "E19a", "E31", "E33a", "E33b"}
    assert str(evidence.panel.months[-1]) == "2019-12"
    for claim in evidence.claims:
        window = evidence.window(claim)
        assert np.isfinite(evidence.panel.people[window.rows, window.unit]).all(), claim.id
        assert claim.source, claim.id
