"""Does a rolling forecast use what was known by its date, and nothing after it?"""

import csv
from pathlib import Path

import numpy as np
import pytest
from flee_folder import write_flee_folder

from corredor.exchange.flee.write import import_flee
from corredor.learn.rolling import forecast_rolling
from corredor.study.catalogue import bundled_studies
from corredor.study.model import load_study

HORIZON_DAYS = 10
ORIGIN = 32
"""A day after the counts of 31 January (day 30) and 1 February (day 31), before those of 10 March."""


@pytest.fixture
def study(tmp_path) -> Path:
    import_flee(write_flee_folder(tmp_path / "case"), tmp_path / "study")
    return tmp_path / "study"


def changed_after(study: Path, file: str, column: str, first_date: str) -> None:
    """Double every number of a table from a date on."""
    path = study / file
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    date = "published" if "published" in rows[0] else "date"
    for row in rows:
        if row[date] >= first_date and row.get("driver", "departures") == "departures":
            row[column] = f"{2 * float(row[column]):.6f}"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(("file", "column"), [("observations.csv", "value"), ("drivers.csv", "value")])
def test_what_is_published_after_the_origin_changes_nothing(study, file, column):
    before = forecast_rolling(load_study(study), "in_camps", HORIZON_DAYS).forecast
    changed_after(study, file, column, "2020-02-03")  # the day after ORIGIN
    after = forecast_rolling(load_study(study), "in_camps", HORIZON_DAYS).forecast
    np.testing.assert_array_equal(before[: ORIGIN + 1], after[: ORIGIN + 1])
    later = before[ORIGIN + 1 :] != after[ORIGIN + 1 :]
    assert later.any() or file == "observations.csv", "later departures must matter to later origins"


def test_a_count_is_used_from_its_publication_on(study):
    before = forecast_rolling(load_study(study), "in_camps", HORIZON_DAYS)
    changed_after(study, "observations.csv", "value", "2020-01-31")
    after = forecast_rolling(load_study(study), "in_camps", HORIZON_DAYS)
    np.testing.assert_array_equal(before.forecast[:30], after.forecast[:30])
    assert (after.forecast[30] > before.forecast[30]).all()


def test_the_last_known_counts_are_where_the_forecast_begins(study):
    found = forecast_rolling(load_study(study), "in_camps", HORIZON_DAYS)
    one = found.places.index("camp_one")
    assert found.last_known[0, one] == 100 and found.last_known[29, one] == 100 and found.last_known[30, one] == 700
    assert (found.forecast >= found.last_known - 1e-9).all(), "nobody leaves a camp in this template"
    assert list(found.target_day[[0, -1]]) == [HORIZON_DAYS, 59]


def test_a_horizon_longer_than_the_study_is_refused(study):
    with pytest.raises(ValueError, match="60 days"):
        forecast_rolling(load_study(study), "in_camps", 60)


def test_a_study_without_such_a_stock_is_refused():
    with pytest.raises(ValueError, match="no daily stock by place"):
        forecast_rolling(load_study(bundled_studies()["mexico-2018"]), "us_apprehensions", 30)
