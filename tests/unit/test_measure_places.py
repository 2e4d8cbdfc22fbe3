"""Do measures asleep at other places change nothing, and do they count what Python counts once the page wakes them there?"""

import numpy as np
import pytest
from everything import everything
from kernel_elsewhere import scenario_of

from corredor.effects.compare.drawn import draw_parameters
from corredor.engine.arrays import Draw
from corredor.engine.draws import initial_state, make_draw_inputs, make_scratch, sample_draws
from corredor.engine.fitted import study_and_fit
from corredor.engine.inputs import fill_open
from corredor.engine.kernel import run
from corredor.engine.network import build_network
from corredor.pages.explore.measure_places import places_of, with_movable_measures
from corredor.study.scenario import apply_scenario, check_scenario

SEED = 3


def model_of(name):
    return everything(warm_up_days=14) if name == "everything" else study_and_fit(name)[0]


@pytest.fixture(scope="module", params=["everything", "mexico-2018"])
def study(request):
    model = model_of(request.param)
    return model, with_movable_measures(model), draw_parameters(model, 2, SEED)


def test_a_measure_that_can_act_in_one_place_alone_stays_there():
    model = model_of("two-towns")
    movable, drawn = with_movable_measures(model), draw_parameters(model, 2, SEED)
    assert [(part.own, part.possible) for part in movable.parts[0]] == [(("old_bridge",), ("old_bridge",))]
    assert (cells(movable.network, drawn) != cells(build_network(model), drawn)).sum() == 0


def cells(network, drawn, row=1):
    sample = sample_draws(network, drawn.parameters, SEED, learned=drawn.learned)
    inputs, out = make_draw_inputs(network, sample, row, SEED, row), np.zeros(network.recording.n_cells)
    draw = Draw(network.topology, inputs, initial_state(network, sample, row), make_scratch(network), out, False)
    run(draw, 0, network.calendar.n_steps)
    return out


def moved(movable, at):
    """The network with measures awake where `at` (number of a measure → places of each part) says, as the page does it."""
    network, recipe = movable.network, movable.network.recipe
    series, settings, acts = recipe.term_series.copy(), recipe.setting_measure.copy(), recipe.act_measure.copy()
    for number, told in enumerate(places_of(movable, recipe)):
        for part, chosen in zip(told["parts"], at.get(number, ()), strict=number in at):
            for place, wakes in zip(part["possible"], part["wakes"], strict=True):
                is_awake = place in chosen
                for term, own in wakes["terms"]:
                    series[term] = own if is_awake else movable.no_series
                settings[wakes["settings"]] = number if is_awake else movable.no_measure
                acts[wakes["acts"]] = number if is_awake else movable.no_measure
    recipe = recipe._replace(term_series=series, setting_measure=settings, act_measure=acts)
    open_on_change = np.zeros_like(network.topology.open_on_change)
    fill_open(recipe, open_on_change)
    topology = network.topology._replace(open_on_change=open_on_change)
    return type(network)(**{**vars(network), "recipe": recipe, "topology": topology})


def test_asleep_they_change_no_bit(study):
    model, movable, drawn = study
    plain = build_network(model)
    assert len(movable.network.recipe.term_row) > len(plain.recipe.term_row)
    assert movable.network.covariates.latents and plain.covariates.latents
    names = [[latent.name for latent in network.covariates.latents] for network in (plain, movable.network)]
    assert names[0] == names[1]
    for row in (0, 1):
        assert (cells(movable.network, drawn, row) != cells(plain, drawn, row)).sum() == 0


def test_an_entry_that_did_not_sleep_would_be_seen(study):
    _, movable, drawn = study
    told = list(places_of(movable, movable.network.recipe))
    everywhere = {m: [part["possible"] for part in places["parts"]] for m, places in enumerate(told)}
    assert (cells(moved(movable, everywhere), drawn) != cells(movable.network, drawn)).sum() > 50


def moves(model, movable):
    """Of each measure that can be moved: all its actions at their last place, then at their first two."""
    for number, told in enumerate(places_of(movable, movable.network.recipe)):
        if any(len(part["possible"]) > 1 for part in told["parts"]):
            yield number, [part["possible"][-1:] for part in told["parts"]]
            yield number, [part["possible"][:2] for part in told["parts"]]


def test_each_measure_that_is_moved_counts_what_python_counts(study):
    model, movable, drawn = study
    places = list(places_of(movable, movable.network.recipe))
    tried = list(moves(model, movable))
    tried = tried if len(model.measures) < 10 else tried[::5]
    assert len(tried) >= 2
    different = 0
    before = cells(movable.network, drawn)
    for number, at in tried:
        measure = model.measures[number]
        scenario = scenario_of({"change": {measure.id: {"at": at}}}, {measure.id: places[number]})
        check_scenario(model, scenario)
        theirs = cells(build_network(apply_scenario(model, scenario)), drawn)
        assert (cells(moved(movable, {number: at}), drawn) != theirs).sum() == 0, (measure.id, at)
        different += bool((theirs != before).any())
    assert different >= len(tried) / 3


def test_measures_can_be_moved_to_every_place_where_they_can_act(study):
    """The scenario that says so is taken for every single place."""
    model, movable, _ = study
    places = list(places_of(movable, movable.network.recipe))
    n_tried = 0
    for measure, told in zip(model.measures[:12], places, strict=False):
        for number, part in enumerate(told["parts"]):
            assert set(part["own"]) <= set(part["possible"])
            for place in part["possible"][:: max(len(part["possible"]) // 2, 1)]:
                at = [[place] if number == other else [] for other in range(len(told["parts"]))]
                check_scenario(model, scenario_of({"change": {measure.id: {"at": at}}}, {measure.id: told}))
                n_tried += 1
    assert n_tried >= 1


def test_parts_are_actions_with_the_same_places():
    movable = with_movable_measures(model_of("mexico-2018"))
    ids = [measure.id for measure in movable.network.model.measures]
    parts = dict(zip(ids, movable.parts, strict=True))
    held = parts["bridge_held"]
    assert [part.actions for part in held] == [(0,), (1,)] and held[1].own == ("suchiate",)
    assert len(parts["metering_everywhere"]) == 1
    assert set(parts["metering_everywhere"][0].own) == {"mexicali", "ciudad_acuna", "nuevo_laredo", "reynosa"}
    assert {"tijuana", "nogales"} <= set(parts["metering_everywhere"][0].possible)
    assert [part.own for part in parts["metering_guidance"]] == [("tijuana",), ("nogales",)]


def test_a_place_without_a_value_of_the_effect_is_no_possible_one():
    model = everything()
    office = model.measures[0]
    by = {"by": "place", "values": {"east_bridge": 0.4}}
    acts_on = [office.acts_on[0].model_copy(update={"effect": type(office.acts_on[0]).model_validate({"effect": by}).effect})]
    changed = model.measures[0].model_copy(update={"acts_on": acts_on})
    movable = with_movable_measures(type(model)(**{**vars(model), "measures": (changed, *model.measures[1:])}))
    assert movable.parts[0][0].possible == ("east_bridge",)
    assert with_movable_measures(model).parts[0][0].possible == ("east_bridge", "west_bridge")
