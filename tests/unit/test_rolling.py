"""Does a rolling forecast use what was published by its date, and nothing after it?"""

import numpy as np
import pytest
from flee_folder import CONFLICTS, FILES, LOCATIONS, write_flee_folder

from corredor.exchange.flee.write import import_flee
from corredor.learn.rolling import SCALE_NOT_COUNTED, RollingForecast, forecast_rolling
from corredor.study.catalogue import bundled_studies
from corredor.study.model import load_study

HORIZON_DAYS = 10
ORIGIN = 32
"""A day after the counts of 31 January (day 30) and 1 February (day 31), before those of 10 March (day 69)."""

NO_CORRECTION = {"input_csv__registration_corrections": None}


def forecasts(folder, as_published=False, **changed) -> RollingForecast:
    """Forecasts for a Flee folder with some files changed."""
    number = len(list(folder.iterdir()))
    _, model = import_flee(write_flee_folder(folder / f"case_{number}", **changed), folder / f"study_{number}")
    return forecast_rolling(model, "in_camps", HORIZON_DAYS, as_published=as_published)


def file(name: str) -> str:
    return str(FILES[name])


LATER = {
    "counts": {"source_data__one": file("source_data/one.csv").replace("2900", "29000")},
    "more people than live there": {"source_data__one": file("source_data/one.csv").replace("2900", "2900000")},
    "the total": {"source_data__refugees": file("source_data/refugees.csv").replace("6900", "96000")},
    "capacities": {"input_csv__locations": LOCATIONS.replace(",4000", ",400").replace(",9000", ",90000")},
    "conflict": {"input_csv__conflicts": CONFLICTS.replace("\n40,1,1,", "\n40,0,1,").replace("\n33,1,1,", "\n33,1,0,")},
    "closures": {"input_csv__closures": file("input_csv/closures.csv") + "camp,Camp Two,,33,50\n"},
}


@pytest.mark.parametrize("what", LATER)
def test_what_is_only_known_later_changes_nothing(tmp_path, what):
    before, after = forecasts(tmp_path, **NO_CORRECTION), forecasts(tmp_path, **NO_CORRECTION, **LATER[what])
    for name in ("forecast", "last_known", "scale_down", "scale_up"):
        # the kernel takes fewer than a billionth of a person for nobody, and populations of zones grow when more leave than live there
        np.testing.assert_allclose(getattr(before, name)[: ORIGIN + 1], getattr(after, name)[: ORIGIN + 1], rtol=1e-8)


def test_later_conflict_and_closures_matter_from_their_day_on(tmp_path):
    without_one = NO_CORRECTION | {"source_data__one": "2020-01-01,0\n2020-03-10,2900\n"}
    before = forecasts(tmp_path, **without_one)
    closed = forecasts(tmp_path, **without_one, input_csv__closures="a,b,c,d,e\ncamp,Camp One,,33,50\n")
    moved = forecasts(tmp_path, **without_one, **LATER["conflict"])
    assert (closed.forecast[33:, 0] < before.forecast[33:, 0]).all(), "nobody is expected to set out for a closed camp"
    assert not np.array_equal(moved.forecast[33:], before.forecast[33:])


def test_a_registration_changes_nothing_before_its_day_in_counts_as_they_were_published(tmp_path):
    recount = {"source_data__two": file("source_data/two.csv").replace("2020-02-01,1500", "2020-02-01,500")}
    before, after = forecasts(tmp_path, as_published=True), forecasts(tmp_path, as_published=True, **recount)
    np.testing.assert_array_equal(before.forecast[:31], after.forecast[:31])
    assert before.last_known[30, 1] == 2400 and after.last_known[30, 1] == 2400
    assert before.last_known[31, 1] == 1800 and after.last_known[31, 1] == 800
    today = forecasts(tmp_path)
    assert today.last_known[30, 1] == 1800, "as it is believed today"


def test_a_count_is_used_from_its_publication_on(tmp_path):
    more = {"source_data__one": file("source_data/one.csv").replace("2020-01-31,700", "2020-01-31,1400")}
    before, after = forecasts(tmp_path), forecasts(tmp_path, **more)
    np.testing.assert_array_equal(before.forecast[:30], after.forecast[:30])
    assert after.forecast[30, 0] > before.forecast[30, 0] + 300


def test_last_counts_and_targets(tmp_path):
    found = forecasts(tmp_path)
    assert found.last_known[[0, 29, 30], found.places.index("camp_one")].tolist() == [100, 100, 700]
    assert list(found.target_day[[0, -1]]) == [HORIZON_DAYS, 59]
    assert found.outcomes == ((20, 0, 700.0), (20, 1, 1800.0), (21, 1, 1800.0))


def test_bands_are_those_of_a_laplace_distribution_of_the_log():
    one = RollingForecast(("a",), 1, np.array([1]), np.array([[90.0]]), np.array([[90.0]]), np.array([[0.1]]), np.array([[0.2]]))
    assert one.quantile(0.5)[0, 0] == pytest.approx(90)
    assert one.quantile(0.1)[0, 0] == pytest.approx(100 * 5**-0.1 - 10)
    assert one.quantile(0.9)[0, 0] == pytest.approx(100 * 5**0.2 - 10)
    assert one.quantile(0.0001)[0, 0] > 0


def test_a_place_without_forecast_has_no_band():
    one = RollingForecast(("a",), 1, np.array([1]), np.zeros((1, 1)), np.zeros((1, 1)), np.ones((1, 1)), np.ones((1, 1)))
    assert one.quantile(0.99)[0, 0] == 0.0


def test_bands_grow_wider_after_errors_that_are_known(tmp_path):
    steady = "2020-01-01,100\n" + "".join(f"2020-01-{day:02},{1000 + day}\n" for day in range(5, 31))
    leaps = steady.replace("2020-01-30,1030", "2020-01-30,9000")
    before = forecasts(tmp_path, **NO_CORRECTION, source_data__one=steady)
    after = forecasts(tmp_path, **NO_CORRECTION, source_data__one=leaps)
    np.testing.assert_array_equal(before.scale_up[:29], after.scale_up[:29])
    assert (after.scale_up[29:, 0] > 1.02 * before.scale_up[29:, 0]).all()
    assert (after.scale_down[29:, 0] <= before.scale_down[29:, 0]).all()
    assert after.scale_up.max() <= SCALE_NOT_COUNTED


def test_no_band_of_a_counted_place_is_wider_than_that_of_one_that_is_not(tmp_path):
    rows = "".join(f"2020-01-{day:02},{10 * 3**day}\n" for day in range(1, 16))
    found = forecasts(tmp_path, **NO_CORRECTION, source_data__one=rows)
    assert found.scale_up[20, 0] == SCALE_NOT_COUNTED and found.scale_up[0, 0] < SCALE_NOT_COUNTED


def test_a_horizon_longer_than_the_study_is_refused(tmp_path):
    _, model = import_flee(write_flee_folder(tmp_path / "case"), tmp_path / "study")
    with pytest.raises(ValueError, match="60 days"):
        forecast_rolling(model, "in_camps", 60)


def test_a_study_without_such_a_stock_is_refused():
    with pytest.raises(ValueError, match="no daily stock by place"):
        forecast_rolling(load_study(bundled_studies()["mexico-2018"]), "us_apprehensions", 30)
