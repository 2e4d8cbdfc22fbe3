"""Does a change leave alone what it cannot reach? The other half of the study, the days before it, everything but a name (M15)."""

import numpy as np
import pytest
import xarray as xr
from builders import day, measure
from everything import SIDES, everything, measures

from corredor._simulate import simulate

BY_PLACE = ["left", "came", "inside", "in_shelter", "in_camp", "everybody_there", "waited", "wait", "rushes", "caravan"]


def run(model, draws=3):
    return simulate(model, draws=draws, seed=1, jobs=1)


def half(dataset, side):
    """Numbers of one half, by output."""
    found = {}
    for name in BY_PLACE:
        array = dataset[name]
        found[name] = array.isel(
            place=[i for i, place in enumerate(array["place"].to_numpy()) if place.startswith(side)]
        ).to_numpy()
    found["by_road"] = (
        dataset["left_by_road"]
        .isel(route=[i for i, route in enumerate(dataset["route"].to_numpy()) if route.startswith(side)])
        .to_numpy()
    )
    return found


def assert_same(one, other):
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


def differing(one, other):
    return {name for name, values in one.items() if not np.array_equal(values, other[name], equal_nan=True)}


@pytest.mark.parametrize("left_out", [m["id"] for m in measures(SIDES[0]) if m["acts_on"]])
def test_a_measure_in_the_east_leaves_the_west_bit_identical(left_out):
    with_it, without = run(everything()), run(everything().without(left_out))
    assert_same(half(with_it, "west"), half(without, "west"))
    assert differing(half(with_it, "east"), half(without, "east"))


def test_an_event_in_the_east_leaves_the_west_bit_identical():
    with_it, without = run(everything()), run(everything(events=[]))
    assert_same(half(with_it, "west"), half(without, "west"))
    assert differing(half(with_it, "east"), half(without, "east")) >= {"came", "caravan"}


def test_a_measure_in_the_east_leaves_the_west_alone_while_a_measure_there_builds_up():
    """The dates of one measure must not decide on which days the effect of another is worked out."""
    building_up = measure("slowly", 2, 60, {"transition": "leave", "effect": 0.8, "lag_days": 20.0, "at": {"id": "west_village"}})
    short = measure("short", 31, 33, {"transition": "leave", "effect": 0.5, "at": {"id": "east_village"}})
    one, two = run(everything(measures=[building_up])), run(everything(measures=[building_up, short]))
    assert_same(half(one, "west"), half(two, "west"))
    assert differing(half(one, "east"), half(two, "east"))


@pytest.mark.parametrize("number", range(6))
def test_the_past_of_a_measure_does_not_know_of_it(number):
    chosen = measures(SIDES[0])[number]
    with_it = run(everything(measures=[chosen]))
    without = run(everything(measures=[]))
    begin = np.datetime64(chosen["from"], "ns")
    for name in ("left", "inside", "in_shelter", "in_camp", "caravan"):
        past = with_it[name]["day"].to_numpy() < begin
        assert past.sum() > 10
        np.testing.assert_array_equal(with_it[name].to_numpy()[:, past], without[name].to_numpy()[:, past], err_msg=name)
    assert differing(half(with_it, "east"), half(without, "east"))


def test_a_measure_on_record_or_without_effect_changes_nothing():
    nothing = measure(
        "nothing", 11, 44, {"transition": "leave", "effect": 0.0}, {"transition": "give up", "effect": 0.0, "lag_days": 5.0}
    )
    nothing["acts_on"].append({"served_per_day": "line", "multiply": 1.0})
    one, two = run(everything()), run(everything(measures=[*measures(SIDES[0]), nothing]))
    for name in set(one.data_vars) & set(two.data_vars):
        np.testing.assert_array_equal(one[name].to_numpy(), two[name].to_numpy(), err_msg=name)


def test_a_driver_row_that_says_what_held_anyway_changes_nothing():
    model = everything()
    again = model.drivers[1].model_copy(update={"date": day(17)})
    rows = [row.model_dump() for row in (*model.drivers, again)]
    one, two = run(model), run(everything(drivers=rows))
    xr.testing.assert_equal(one, two)


def test_a_renamed_place_changes_only_its_name():
    """Random numbers hang on the order of the places, not on their names."""
    one, two = run(everything()), run(everything(("orient", "west"), "orient"))
    for name in [*everything().study.outputs, *everything().study.accounts, "parameter_value", "observation_predicted"]:
        np.testing.assert_array_equal(one[name].to_numpy(), two[name].to_numpy(), err_msg=name)
    renamed = [place.replace("east_", "orient_") for place in one["place"].to_numpy()]
    assert two["place"].to_numpy().tolist() == renamed
