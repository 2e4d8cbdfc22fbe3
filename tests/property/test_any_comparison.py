"""What holds for a comparison of any network, any seed and any measures: nobody lost, nothing changed where a measure cannot reach."""

import numpy as np
from everything import SIDES, everything, measures
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from corredor.effects.compare import compare
from corredor.effects.compare.diversion import people_at_end
from corredor.effects.compare.effects import Comparison
from corredor.effects.compare.shares import shares

ACTING = [words["id"] for words in measures(SIDES[0]) if words["acts_on"]]
FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
left_out = some.lists(some.sampled_from(ACTING), min_size=1, max_size=4, unique=True)
seeds = some.integers(0, 2**63 - 1)


@FEW
@given(left_out, seeds, some.sampled_from([1.0, 7.0]))
def test_whatever_is_left_out_the_differences_at_the_end_add_up_to_nobody(names, seed, step_days):
    data = compare(everything(step_days=step_days), without=names, draws=2, seed=seed, jobs=1)
    assert float(data["people_lost"].max()) == 0.0
    at_end = people_at_end(data)
    np.testing.assert_array_equal(sum(at_end.values()), np.zeros(2))
    people = data["people_at_end"].sum("whereabouts").to_numpy()
    assert (people == people[0, 0]).all() and people[0, 0] > 10_000


@FEW
@given(left_out, seeds)
def test_a_measure_in_the_east_has_no_effect_in_the_west(names, seed):
    data = compare(everything(), without=names, draws=2, seed=seed, jobs=1)
    found = Comparison(data)
    for name in ("left", "came", "inside", "in_shelter", "in_camp", "wait", "rushes", "caravan"):
        for place in found.labels(name, "place"):
            if place.startswith("west"):
                assert (found.effect(name, place=place).difference == 0).all(), (name, place)
    west = np.char.startswith(data["whereabouts_place"].to_numpy().astype(str), "west")
    at_end = data["people_at_end"].to_numpy()[:, :, west]
    np.testing.assert_array_equal(at_end[0], at_end[1])


@FEW
@given(some.lists(some.sampled_from(ACTING), min_size=2, max_size=4, unique=True), seeds)
def test_shares_add_up_to_the_joint_effect_in_every_draw(names, seed):
    found = shares(everything(), without=names, draws=2, seed=seed, jobs=1)
    np.testing.assert_allclose(found["share"].sum("measure"), found["joint"], atol=1e-7)
    joint = Comparison(compare(everything(), without=names, draws=2, seed=seed, jobs=1))
    for name in ("inside", "left", "came", "everybody_there"):
        np.testing.assert_allclose(found["joint"].sel(output=name), joint.effect(name).difference, atol=1e-7, err_msg=name)
