"""Are capacities those known on the day, unless the folder's are asked for?"""

from flee_folder import LOCATIONS, write_flee_folder

from corredor.engine.draws import central_parameters, make_draw_inputs, sample_draws
from corredor.engine.network import build_network
from corredor.exchange.flee.capacities import capacities_by_day
from corredor.exchange.flee.folder import read_folder
from corredor.exchange.flee.remarks import Remarks
from corredor.exchange.flee.ways import find_ways
from corredor.exchange.flee.write import import_flee


def capacities(folder, source="counts", **changed):
    read, remarks = read_folder(write_flee_folder(folder, **changed)), Remarks()
    return capacities_by_day(read, find_ways(read, remarks), source, remarks), remarks


def test_the_largest_count_published_so_far(tmp_path):
    found, _ = capacities(tmp_path, source_data__one="2020-01-01,100\n2020-01-31,700\n2020-02-10,300\n2020-02-20,900\n")
    assert found["Camp One"] == [(0, 100), (30, 700), (50, 900)]


def test_each_count_as_it_stood_before_a_later_registration(tmp_path):
    found, _ = capacities(tmp_path)
    # 80 + 20 at first; 2,400 on day 30; on day 31 a registration makes 1,800 of them; 4,000 on day 69, after the period
    assert found["Camp Two"] == [(0, 100), (30, 2400), (31, 1800)]


def test_a_camp_without_counts_has_half_the_usual_one_and_all_are_alike_before_any(tmp_path):
    found, _ = capacities(tmp_path, source_data__one="2020-01-01,0\n2020-02-10,600\n")
    assert found["Camp One"] == [(0, 50), (30, 1200), (31, 900), (40, 600)]
    later = "2020-01-11,80\n2020-01-31,2000\n"
    found, _ = capacities(tmp_path / "b", source_data__one="2020-01-21,60\n", source_data__two=later, source_data__two_more=later)
    assert found["Camp One"][:3] == [(0, 10_000), (10, 80), (20, 60)]
    assert found["Camp Two"][:2] == [(0, 10_000), (10, 160)]


def test_the_folders_own_number_when_it_is_asked_for(tmp_path):
    found, _ = capacities(tmp_path, "folder")
    assert found == {"Camp One": [(0, 4000)], "Camp Two": [(0, 9000)]}
    found, remarks = capacities(tmp_path / "b", "folder", input_csv__locations=LOCATIONS.replace("camp,,4000", "camp,,"))
    assert found["Camp One"] == [(0, 9000)]
    assert [r.done for r in remarks.made if r.number == 39] == ["9000 people are taken for each"]


def test_a_folder_without_counts_keeps_its_own_numbers(tmp_path):
    gone = {f"source_data__{name}": None for name in ("data_layout", "refugees", "one", "two", "two_more")}
    found, _ = capacities(tmp_path, **gone)
    assert found == {"Camp One": [(0, 4000)], "Camp Two": [(0, 9000)]}


def test_both_reach_the_model(tmp_path):
    def on_day(source: str) -> dict[int, list[float]]:
        _, model = import_flee(write_flee_folder(tmp_path / f"case_{source}"), tmp_path / source, capacities=source)
        network = build_network(model)
        inputs = make_draw_inputs(network, sample_draws(network, central_parameters(model), 0, expected=True), 0, 0, 0)
        return {day: inputs.capacity[:, network.topology.change_of_step[day]].tolist() for day in (0, 30, 31, 59)}

    half = 0.5  # the share of its capacity from which on a camp is crowded
    assert on_day("counts") == {0: [50, 50], 30: [350, 1200], 31: [350, 900], 59: [350, 900]}
    assert on_day("folder") == {day: [half * 4000, half * 9000] for day in (0, 30, 31, 59)}
