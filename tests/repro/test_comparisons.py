"""Is a comparison two whole runs, bit for bit, though it computes their common past once? On any threads, stopped or not?"""

import numpy as np
import pytest
import xarray as xr
from builders import measure
from everything import SIDES, everything, measures

from corredor._simulate import simulate
from corredor.effects.compare import compare
from corredor.effects.compare.drawn import Drawn
from corredor.effects.compare.scenarios_together import make_scenarios, run_draw_in_all
from corredor.effects.compare.shared_past import first_difference, plan_branches
from corredor.engine.checkpoint import drop_checkpoint
from corredor.engine.draws import sample_parameters
from corredor.engine.ensemble import Interrupted, run_draw
from corredor.engine.fitted import Fitted, ties, uncertain_parameters
from corredor.engine.network import build_network
from corredor.engine.network.calendar import make_calendar
from corredor.study.scenario import apply_scenario
from corredor.study.schema import Scenario

ACTING = [words["id"] for words in measures(SIDES[0]) if words["acts_on"]]

SCENARIOS = {
    "a measure later": {"change": {"patrols": {"from": "2021-02-10"}}},
    "a measure in the other half": {"change": {"slow_line": {"at": {"id": "west_town"}}}},
    "a measure longer and stronger": {"change": {"patrols": {"dose": 3.0, "to": "2021-03-10"}, "office": {"to": "2021-03-01"}}},
    "one on record gets an effect": {"change": {"on_record": {"acts_on": [{"transition": "try alone", "effect": 0.7}]}}},
    "a new one": {"add": [measure("again", 33, 60, {"closes": "try alone", "at": {"id": "east_town"}})]},
    "drivers up and down": {
        "drivers": {"harvest": {"times": 0.5, "from": "2021-01-20"}, "rooms": {"times": 1.5, "to": "2021-02-09"}}
    },
    "a driver that is compared with its value of a day": {
        "drivers": {"work": {"times": 3.0, "from": "2021-02-01", "to": "2021-03-05"}}
    },
    "a parameter fixed": {"fix": {"leaving": 0.08, "speed": 40.0, "caravan_size": 90.0}},
    "much at once": {"off": ["office"], "change": {"more_beds": {"from": "2021-01-05"}}, "fix": {"admitted": 0.9}},
}


def scenario(words):
    def dated(value):
        if isinstance(value, dict):
            return {key: dated(inner) for key, inner in value.items()}
        return np.datetime64(value).astype(object) if isinstance(value, str) and value.startswith("2021-") else value

    return Scenario.model_validate({"title": "another scenario", **dated(words)})


def same_world(dataset, scenario, whole):
    for name in whole.data_vars:
        if name.startswith("observation_") or name == "parameter_value":
            continue
        mine = dataset[name].sel(scenario=scenario).transpose(*whole[name].dims)
        np.testing.assert_array_equal(mine.to_numpy(), whole[name].to_numpy(), err_msg=name)


@pytest.mark.parametrize("step_days", [1.0, 7.0])
@pytest.mark.parametrize("left_out", [*([name] for name in ACTING), ["office", "more_beds"], ["on_record"], ACTING])
def test_two_worlds_that_share_their_past_are_two_whole_runs(left_out, step_days):
    model = everything(step_days=step_days)
    both = compare(model, without=left_out, draws=2, jobs=1)
    same_world(both, "with", simulate(model, draws=2, jobs=1))
    same_world(both, "without", simulate(model.without(*left_out), draws=2, jobs=1))


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_a_whole_run_of_the_study_so_changed(name):
    model, words = everything(), scenario(SCENARIOS[name])
    both = compare(model, scenario=words, draws=2, jobs=1)
    changed = simulate(apply_scenario(model, words), draws=2, jobs=1)
    same_world(both, "with", changed)
    same_world(both, "without", simulate(model, draws=2, jobs=1))
    assert not np.array_equal(both["inside"].sel(scenario="with"), both["inside"].sel(scenario="without"))


def test_expected_flow_shares_its_past_too():
    both = compare(everything(), without=["more_beds"], expected=True, jobs=1)
    same_world(both, "without", simulate(everything().without("more_beds"), expected=True, jobs=1))


def test_every_subset_of_measures_is_a_whole_run():
    names = ACTING[:4]
    model = everything()
    models = [model.without(*(n for i, n in enumerate(names) if not subset >> i & 1)) for subset in range(16)]
    parameters = sample_parameters(model, 1, 1)
    scenarios = make_scenarios(models, Drawn(parameters), seed=1)
    assert scenarios.plan.steps < 0.8 * 16 * scenarios.networks[0].calendar.n_steps
    for outcome, network, sample in zip(run_draw_in_all(scenarios, 0), scenarios.networks, scenarios.samples, strict=True):
        cells, lost, decisions = run_draw(network, sample, 0, 1)
        np.testing.assert_array_equal(outcome.cells, cells)
        assert (outcome.people_lost, outcome.decisions) == (lost, decisions)


def test_the_past_is_shared_up_to_the_first_day_of_what_differs_and_no_further():
    model = everything()
    calendar = make_calendar(model.study)
    assert first_difference(model, model.without("patrols"), calendar) == 10 + 12
    assert first_difference(model.without("patrols"), model.without("office"), calendar) == 10 + 12
    assert first_difference(model, model.without("on_record"), calendar) == calendar.n_steps
    assert first_difference(model, everything(days=76), calendar) == 0
    later = apply_scenario(model, scenario(SCENARIOS["a measure later"]))
    assert first_difference(model, later, calendar) == 10 + 12
    assert plan_branches([model, later]).steps == 22 + 2 * (85 - 22)
    driven = apply_scenario(model, scenario({"drivers": {"harvest": {"times": 0.5, "from": "2021-01-20"}}}))
    assert first_difference(model, driven, calendar) == 10 + 19
    assert first_difference(driven, driven.without("patrols"), calendar) == 10 + 12
    whole = apply_scenario(model, scenario({"drivers": {"harvest": {"times": 0.5}}}))
    assert first_difference(model, whole, calendar) == 10
    fixed = apply_scenario(model, scenario(SCENARIOS["a parameter fixed"]))
    assert plan_branches([model, fixed]).steps == 2 * 85


def test_measures_in_another_order_share_no_past():
    """Of two measures that set the same thing, the later one in the file wins."""
    words = measures(SIDES[0])
    assert first_difference(everything(), everything(measures=words[::-1]), make_calendar(everything().study)) == 0


def test_the_draws_of_a_fit_are_the_same_in_both_worlds_and_in_a_run():
    model = everything()
    network = build_network(model)
    names = uncertain_parameters(model)
    drawn = sample_parameters(model, 7, 2)[:, [list(model.parameters).index(name) for name in names]]
    latents = tuple(latent.name for latent in network.covariates.latents)
    new_parts = np.linspace(-1.0, 1.0, 2 * len(latents) * 3).reshape(2, len(latents), 3)
    day = model.study.from_
    fitted = Fitted(
        model.name, model.hash, day, day, "by hand", 7, names, drawn, latents, new_parts, ties(network), {"parameters": []}
    )
    both = compare(model, without=["patrols"], draws=3, jobs=1, fitted=fitted)
    same_world(both, "with", simulate(model, draws=3, jobs=1, fitted=fitted))
    same_world(both, "without", simulate(model.without("patrols"), draws=3, jobs=1, fitted=fitted))
    assert not np.array_equal(both["left"], compare(model, without=["patrols"], draws=3, jobs=1)["left"])
    words = scenario(SCENARIOS["a parameter fixed"])
    fixed = compare(model, scenario=words, draws=3, jobs=1, fitted=fitted)
    same_world(fixed, "without", simulate(model, draws=3, jobs=1, fitted=fitted))


@pytest.mark.parametrize("jobs", [2, 5])
def test_threads_change_nothing(jobs):
    one, other = (compare(everything(), without=["patrols"], draws=7, jobs=n) for n in (1, jobs))
    xr.testing.assert_identical(one, other)


def test_more_draws_keep_the_first():
    few, many = (compare(everything(), without=["patrols"], draws=n) for n in (3, 5))
    np.testing.assert_array_equal(few["left"].to_numpy(), many["left"].isel(draw=slice(3)).to_numpy())


def test_a_stopped_comparison_goes_on(tmp_path):
    def stop(done, of):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        compare(everything(), without=["patrols"], draws=9, jobs=1, progress=stop, keep_in=tmp_path)
    assert 3 <= stopped.value.counts.done.sum() < 9
    counted = []
    resumed = compare(
        everything(), without=["patrols"], draws=9, jobs=1, progress=lambda done, of: counted.append(done), keep_in=tmp_path
    )
    assert len(counted) == 9 - stopped.value.counts.done.sum()
    xr.testing.assert_identical(resumed, compare(everything(), without=["patrols"], draws=9, jobs=1))
    drop_checkpoint(tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_was_kept_of_another_comparison_is_not_used(tmp_path):
    def stop(done, of):
        raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        compare(everything(), without=["patrols"], draws=4, jobs=1, progress=stop, keep_in=tmp_path)
    other = compare(everything(), without=["office"], draws=4, jobs=1, keep_in=tmp_path)
    xr.testing.assert_identical(other, compare(everything(), without=["office"], draws=4, jobs=1))
