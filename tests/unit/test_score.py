"""Is the averaged relative difference what the field means by it? Worked by hand."""

import json

import numpy as np
import pytest
import xarray as xr

from corredor.learn.rolling import RollingForecast
from corredor.learn.score import (
    averaged_relative_difference,
    counts_of,
    data_by_day,
    relative_differences,
    score_rolling,
    score_run,
    shares_kept,
)

DAYS = np.array(["2021-01-01", "2021-01-02", "2021-01-03"], dtype="datetime64[ns]")


def run_with(model: list[list[float]], counts: list[tuple[str, int, float]]) -> xr.Dataset:
    """A run of one draw: people in camps a and b on three days, and published counts (place, day, people)."""
    people = np.array(model, dtype=float)[None]
    n = len(counts)
    dataset = xr.Dataset({"in_camps": (("draw", "day", "place"), people, {"cell_methods": "day: mean"})})
    dataset = dataset.assign_coords(day=DAYS, place=["a", "b"])
    dataset["observation_output"] = ("observation", np.array(["in_camps"] * n))
    dataset["observation_place"] = ("observation", np.array([place for place, _, _ in counts]))
    dataset["observation_to"] = ("observation", DAYS[[day for _, day, _ in counts]])
    dataset["observation_value"] = ("observation", np.array([value for _, _, value in counts]))
    dataset["observation_predicted"] = (("draw", "observation"), np.array([[value for _, _, value in counts]]))
    return dataset


def test_the_difference_of_a_day_worked_by_hand():
    # model 30 and 10, rescaled to 200 people: 150 and 50; data 100 and 100
    assert averaged_relative_difference(np.array([[30.0, 10.0]]), np.array([[100.0, 100.0]])) == pytest.approx((50 + 50) / 200)
    assert averaged_relative_difference(np.array([[30.0, 10.0]]), np.array([[100.0, 100.0]]), rescaled=False) == pytest.approx(
        (70 + 90) / 200
    )


def test_a_perfect_model_scores_0_and_a_model_elsewhere_2():
    data = np.array([[5.0, 0.0], [7.0, 0.0]])
    assert averaged_relative_difference(3 * data, data) == 0.0
    assert averaged_relative_difference(data[:, ::-1], data) == 2.0


def test_days_without_people_do_not_count():
    data = np.array([[0.0, 0.0], [10.0, 10.0]])
    model = np.array([[9.0, 1.0], [15.0, 5.0]])
    assert np.isnan(relative_differences(model, data)[0]).all()
    assert averaged_relative_difference(model, data) == pytest.approx(0.5)


def test_a_day_on_which_the_model_has_nobody_counts_in_full():
    assert averaged_relative_difference(np.zeros((1, 2)), np.array([[4.0, 6.0]])) == pytest.approx(1.0)


def test_data_are_linear_between_counts_and_level_beyond_them():
    dataset = run_with([[0, 0]] * 3, [("b", 2, 30.0), ("b", 0, 10.0), ("a", 1, 4.0)])
    data, places = data_by_day(dataset, "in_camps", DAYS)
    assert places == ("a", "b")
    np.testing.assert_array_equal(data, [[4, 10], [4, 20], [4, 30]])


def test_shares_kept_hold_shares_and_follow_the_total():
    data = np.array([[1.0, 3.0], [10.0, 10.0]])
    np.testing.assert_array_equal(shares_kept(data, 0), [[1, 3], [5, 15]])


def test_parts_of_the_camps_sum_to_the_score():
    scores = score_run(run_with([[1, 1], [3, 1], [9, 1]], [("a", 0, 2.0), ("b", 0, 2.0), ("a", 2, 8.0), ("b", 2, 2.0)]))
    assert sum(part["ard_rescaled"] for part in scores["by_camp"].values()) == pytest.approx(scores["ard_rescaled"])
    assert np.mean(list(scores["by_day"].values())) == pytest.approx(scores["ard_rescaled"], abs=1e-6)
    assert scores["crps"] == {"people": 0.0, "relative": 0.0, "counts": 4}


def test_camps_without_counts_are_not_scored():
    dataset = run_with([[1, 99]] * 3, [("a", 0, 1.0), ("a", 2, 5.0)])
    assert counts_of(dataset).places == ("a",)
    assert score_run(dataset)["ard_rescaled"] == 0.0


def test_a_run_without_counts_cannot_be_scored():
    dataset = run_with([[1, 1]] * 3, [("a", 0, 1.0)])
    dataset["observation_output"] = ("observation", np.array(["something_else"]))
    with pytest.raises(ValueError, match="one daily stock by place"):
        score_run(dataset)


def test_counts_of_nobody_have_no_score_and_none_that_looks_like_one():
    scores = score_run(run_with([[1, 1], [3, 1], [9, 1]], [("a", 0, 0.0), ("b", 0, 0.0), ("a", 2, 0.0), ("b", 2, 0.0)]))
    assert scores["ard_rescaled"] is None and scores["ard"] is None and scores["crps"]["relative"] is None
    assert scores["by_camp"]["a"]["ard_rescaled"] is None and scores["naive"]["ard_rescaled"] is None
    json.dumps(scores, allow_nan=False)


def test_a_run_in_which_only_bounds_were_published_cannot_be_scored():
    with pytest.raises(ValueError, match="one daily stock by place with published counts"):
        score_run(run_with([[1, 1]] * 3, [("a", 0, np.nan)]))


def test_rolling_scores_stand_beside_both_naive_forecasts():
    dataset = run_with([[1, 1]] * 3, [("a", 0, 1.0), ("b", 0, 1.0), ("a", 2, 3.0), ("b", 2, 1.0)])
    forecast = RollingForecast(
        ("a", "b"),
        1,
        np.array([1, 2]),
        np.array([[2.0, 1.0], [3.0, 1.0]]),
        np.array([[1.0, 1.0], [1.0, 1.0]]),
        np.full((2, 2), 0.1),
        np.full((2, 2), 0.1),
        ((0, 0, 2.0), (1, 1, 300.0)),
    )
    scores = score_rolling(dataset, "in_camps", forecast)
    assert scores["ard_rescaled"] == 0.0
    # day 1: 2 and 1 of 3, kept 1.5 each; day 2: 3 and 1 of 4, kept 2 each
    assert scores["naive"]["shares last known kept"]["ard_rescaled"] == pytest.approx((1 / 3 + 2 / 4) / 2)
    assert scores["naive"]["shares of day 30 kept"]["ard_rescaled"] == pytest.approx((0.5 / 3) / 2)
    assert scores["band_80"] == {"counts": 2, "inside": 0.5}
