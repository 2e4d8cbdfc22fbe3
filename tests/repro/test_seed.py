"""Is the seed the whole story (M15)? Same seed same bits, whatever the threads, the draws beside it, or parameters added."""

import numpy as np
import pytest
import xarray as xr
from builders import fixed, flow, here, make_model, move, stay, uncertain
from everything import PARAMETERS, everything

from corredor._simulate import simulate
from corredor.engine.draws import sample_draws, sample_parameters
from corredor.engine.network import build_network

RESULTS = [
    *(name for name in everything().study.outputs),
    *everything().study.accounts,
    "parameter_value",
    "observation_predicted",
]


def run(draws=4, seed=1, jobs=1, model=None, **more):
    return simulate(model or everything(), draws=draws, seed=seed, jobs=jobs, **more)


def test_the_same_seed_gives_the_same_bits():
    xr.testing.assert_identical(run(), run())


@pytest.mark.parametrize("other", [2, 1 + 2**32, 2**63 - 1])
def test_another_seed_gives_other_results(other):
    one, two = run(draws=3), run(draws=3, seed=other)
    for name in RESULTS:
        assert not np.array_equal(one[name].to_numpy(), two[name].to_numpy(), equal_nan=True), name


def test_no_two_draws_are_the_same():
    dataset = run(draws=6)
    for name in ("left", "came", "in_shelter", "waited", "parameter_value", "observation_predicted"):
        flat = dataset[name].fillna(-1).to_numpy().reshape(6, -1)
        assert len(np.unique(flat, axis=0)) == 6, name


def test_draws_of_a_study_that_knows_every_number_differ_by_the_luck_of_the_days():
    model = make_model(
        [stay("camp", initial=here(1000)), stay("gone")],
        [move("go", "camp", "gone", rate_per_day=0.1)],
        outputs={"went": flow("go")},
    )
    went = run(draws=5, model=model)["went"].to_numpy()
    assert len(np.unique(went, axis=0)) == 5


@pytest.mark.parametrize("jobs", [2, 3, 7])
def test_results_do_not_depend_on_threads(jobs):
    xr.testing.assert_identical(run(draws=7), run(draws=7, jobs=jobs))


def test_more_draws_keep_the_first():
    few, many = run(draws=2), run(draws=5)
    for name in RESULTS:
        np.testing.assert_array_equal(few[name].to_numpy(), many[name].to_numpy()[:2], err_msg=name)


def test_a_parameter_that_is_added_changes_no_other():
    """Its random numbers hang on its name: neither its place in the file nor the others decide it."""
    added = {"a_first": uncertain("log", normal={"mean": 0.0, "sd": 1.0}), **PARAMETERS, "z_last": fixed(1.0, "ratio")}
    plain, more = run(), run(model=everything(parameters=added))
    for name in RESULTS:
        if name != "parameter_value":
            np.testing.assert_array_equal(plain[name].to_numpy(), more[name].to_numpy(), err_msg=name)
    shared = more["parameter_value"].sel(parameter=list(PARAMETERS))
    np.testing.assert_array_equal(plain["parameter_value"].to_numpy(), shared.to_numpy())


def test_two_parameters_of_the_same_prior_have_luck_of_their_own():
    prior = uncertain("log", normal={"mean": 0.0, "sd": 1.0})
    sample = sample_parameters(everything(parameters={**PARAMETERS, "one": prior, "two": prior}), 1, 50)
    assert (sample[:, -1] != sample[:, -2]).all()


def test_latent_months_of_a_longer_study_begin_as_those_of_a_shorter_one():
    months = [
        sample_draws(network := build_network(everything(days=days)), sample_parameters(network.model, 1, 3), 1).latent_months
        for days in (40, 120)
    ]
    first = months[0].shape[2]
    assert months[1].shape[2] > first
    np.testing.assert_array_equal(months[0], months[1][:, :, :first])


def test_expected_flow_knows_no_luck():
    one, two = run(expected=True, seed=1), run(expected=True, seed=2)
    for name in RESULTS:
        np.testing.assert_array_equal(one[name].to_numpy(), two[name].to_numpy(), err_msg=name)


@pytest.mark.parametrize("seed", [-1, 2**63, 2**64 + 1])
def test_a_seed_that_cannot_be_kept_with_the_results_is_refused_before_anything_runs(seed):
    def never(done, of):
        raise AssertionError("it ran")

    with pytest.raises(ValueError, match=r"whole number"):
        run(seed=seed, progress=never)
