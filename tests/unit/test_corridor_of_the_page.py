"""Does counting the corridor for the page's map leave everything else as it was, and count who sets off and who is where?"""

import numpy as np
import pytest

from corredor.effects.compare.one_dataset import measure_cost_usd
from corredor.engine.arrays import Draw
from corredor.engine.draws import initial_state, make_draw_inputs, make_scratch, sample_draws, sample_parameters
from corredor.engine.fitted import study_and_fit
from corredor.engine.kernel import run
from corredor.engine.network import build_network
from corredor.pages.explore.corridor import corridor_facts, with_corridor
from corredor.pages.explore.costs import with_cost_rows


def one_draw(network, n_cells):
    sample = sample_draws(network, sample_parameters(network.model, 1, 1), 1)
    state, cells = initial_state(network, sample, 0), np.zeros(n_cells)
    inputs = make_draw_inputs(network, sample, 0, 1, 0)
    run(Draw(network.topology, inputs, state, make_scratch(network), cells, False), 0, network.calendar.n_steps)
    return cells, state


@pytest.mark.parametrize("name", ["two-towns", "mediterranean-2015"])
def test_counting_for_the_map_changes_no_cell_and_nobody(name):
    network = build_network(study_and_fit(name)[0])
    corridor = with_corridor(network)
    cells, state = one_draw(network, network.recording.n_cells)
    more, same = one_draw(corridor.network, corridor.n_cells)
    assert np.array_equal(more[: len(cells)], cells)
    assert all(np.array_equal(one, other) for one, other in zip(state, same, strict=True))
    assert more[len(cells) :].sum() > 1000


def test_rows_are_the_flows_and_stocks_of_the_studys_own_outputs():
    model = study_and_fit("two-towns")[0]
    corridor = with_corridor(build_network(model))
    cells, _ = one_draw(corridor.network, corridor.n_cells)
    blocks = {block.output: block for block in corridor.network.recording.blocks}

    def output(name):
        return cells[blocks[name].first_cell : blocks[name].end_cell].reshape(blocks[name].shape)

    (_, first, months), (_, first_step, steps) = corridor.blocks
    by_month, by_step = (cells[first:first_step].reshape(-1, months), cells[first_step:].reshape(-1, steps))
    places = {place.id: number for number, place in enumerate(model.places)}
    ways = {(link.from_site, link.to_site, link.is_route): row for row, link in enumerate(corridor.links)}
    site = {place: number for number, of in enumerate(corridor.sites) for place in of}
    row = ways[site[places["north_gate"]], site[places["harbour_city"]], True]
    assert np.array_equal(by_month[row], output("admissions").sum(axis=0))
    assert np.array_equal(by_month[: len(corridor.links)].sum(axis=1), by_step[: len(corridor.links)].sum(axis=1))
    sheltered = len(corridor.links) + [one.status for one in corridor.compartments].index("sheltered")
    assert np.array_equal(by_step[sheltered], output("in_shelter")[0])


def test_places_at_one_point_are_one_point_of_the_map():
    model = study_and_fit("mexico-2018")[0]
    facts = corridor_facts(with_corridor(build_network(model)))
    together = [{model.places[number].id for number in site} for site in facts["sites"] if len(site) > 1]
    assert together == [{"tapachula", "inm_stations"}, {"tijuana", "tijuana_shelters", "el_barretal"}]
    assert all(len(one["points"]) == len(facts["sites"]) for one in facts["maps"].values())
    assert all(len(one["bends"]) == len(facts["links"]) for one in facts["maps"].values())
    finals = {stock["status"] for stock in facts["stocks"] if stock["final"]}
    assert {"died", "granted"} <= finals and not {"port_list", "sheltered"} & finals


def test_a_study_across_the_antimeridian_lies_on_one_map():
    model = study_and_fit("two-towns")[0]
    east = [place.model_copy(update={"lon": 179.5 - 0.5 * number}) for number, place in enumerate(model.places[:2])]
    west = [place.model_copy(update={"lon": -179.5 + 0.5 * number}) for number, place in enumerate(model.places[2:])]
    moved = model.__class__(**{**vars(model), "places": (*east, *west)})
    facts = corridor_facts(with_corridor(build_network(moved)))
    for ground in facts["maps"].values():
        assert all(0 <= x <= ground["width"] for x, _ in ground["points"])
        assert ground["points"][0][0] < ground["points"][2][0]


def test_the_row_of_a_cost_gives_the_amount_of_the_comparison():
    model = study_and_fit("mexico-2018")[0]
    network = build_network(model)
    recipe, costs = with_cost_rows(network, network.recipe)
    assert costs
    parameters = sample_parameters(model, 1, 3)
    for cost in costs:
        measure = next(measure for measure in model.measures if measure.id == cost["measure"])
        first, end = recipe.first_factor[cost["row"] : cost["row"] + 2]
        amount = recipe.constant[cost["row"]] * parameters[:, recipe.factor[first:end]].prod(axis=1)
        days = (min(measure.to, model.study.to) - max(measure.from_, model.study.from_)).days + 1
        whole = days if cost["a_day"] else days / ((measure.to - measure.from_).days + 1)
        assert np.allclose(amount * whole, measure_cost_usd(model, measure, parameters))
