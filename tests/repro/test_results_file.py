"""Do results come back from the disk unchanged? And does a Dataset say when people were lost?"""

import numpy as np
import pytest
import xarray as xr
from everything import everything

from corredor._simulate import simulate
from corredor.engine import ensemble
from corredor.engine.draws import sample_draws, sample_parameters
from corredor.engine.kernel import run
from corredor.engine.network import build_network
from corredor.engine.workers import Threads
from corredor.results.dataset import lost_people, make_dataset
from corredor.results.netcdf import read_run, write_dataset


def of_the_same_kind(one, other):
    """Text is text, whatever the library keeps it in; numbers keep their type."""
    return one == other or (one.kind in "OTU" and other.kind in "OTU")


def assert_comes_back(dataset, folder):
    write_dataset(dataset, folder / "results.nc")
    back = read_run(folder / "results.nc")
    xr.testing.assert_identical(dataset, back)
    assert list(dataset.variables) != []
    for name, variable in dataset.variables.items():
        assert of_the_same_kind(variable.dtype, back[name].dtype), name
        assert variable.dims == back[name].dims, name
    for name, value in dataset.attrs.items():
        assert type(value)(back.attrs[name]) == value, name


@pytest.mark.parametrize("draws", [1, 4])
def test_results_come_back_from_netcdf_unchanged(draws, tmp_path):
    assert_comes_back(simulate(everything(), draws=draws, seed=1, jobs=1), tmp_path)


def test_an_expected_run_comes_back_unchanged(tmp_path):
    assert_comes_back(simulate(everything(), expected=True, jobs=1), tmp_path)


def test_a_study_without_published_figures_or_parameters_comes_back_unchanged(tmp_path):
    from builders import here, make_model, move, stay

    model = make_model([stay("a", initial=here(10)), stay("b")], [move("go", "a", "b", rate_per_day=0.1)])
    assert_comes_back(simulate(model, draws=2, jobs=1), tmp_path)


@pytest.mark.parametrize("step_days", [0.25, 7.0])
def test_results_in_other_steps_come_back_unchanged(step_days, tmp_path):
    outputs = {
        name: {**output.model_dump(exclude_unset=True), "every": "week"} for name, output in everything().study.outputs.items()
    }
    assert_comes_back(simulate(everything(step_days=step_days, outputs=outputs), draws=2, jobs=1), tmp_path)


def test_one_draw_has_the_same_dims_as_many():
    one, many, mean = (simulate(everything(), jobs=1, **words) for words in ({"draws": 1}, {"draws": 3}, {"expected": True}))
    for name in many.data_vars:
        assert one[name].dims == many[name].dims == mean[name].dims, name
        assert one[name].attrs == many[name].attrs, name
    assert (one.sizes["draw"], many.sizes["draw"], mean.sizes["draw"]) == (1, 3, 1)


# --- people who are lost ---


def counted(monkeypatch, change):
    """A run whose kernel is followed by a change of the state, as a bug would."""

    def run_and_change(draw, first, last):
        run(draw, first, last)
        change(draw.state)

    monkeypatch.setattr(ensemble, "run", run_and_change)
    model = everything()
    network, parameters = build_network(model), sample_parameters(model, 1, 2)
    sample = sample_draws(network, parameters, 1)
    counts = ensemble.run_ensemble(network, sample, 1, Threads(1))
    return make_dataset(network, counts, parameters, sample.values, {"seed": 1})


def test_nobody_is_lost(monkeypatch):
    assert lost_people(counted(monkeypatch, lambda state: None)) == 0


def lose_one(state):
    state.people[np.argmax(state.people)] -= 1


def make_one(state):
    state.people[0] += 1


def exchange(state):
    """One person changes the group: everybody together stays the same."""
    state.people[0] -= 1
    state.people[1] += 1


def lose_one_on_the_way(state):
    state.stages[np.argmax(state.stages)] -= 1


@pytest.mark.parametrize("change", [lose_one, make_one, exchange, lose_one_on_the_way])
def test_a_person_who_vanishes_appears_or_changes_group_is_noticed(monkeypatch, change):
    assert lost_people(counted(monkeypatch, change)) == 1
