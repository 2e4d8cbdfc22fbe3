"""Is each part of a foreign folder read as its format means it? Small cases worked by hand."""

import datetime as dt

import numpy as np
import pytest
from flee_folder import CONFLICTS, LOCATIONS, write_flee_folder

from corredor._simulate import simulate
from corredor.exchange.flee.attributes import read_attributes
from corredor.exchange.flee.departures import find_departures, hazards_for, new_people_by_day, total_by_day
from corredor.exchange.flee.folder import read_folder
from corredor.exchange.flee.names import identifiers
from corredor.exchange.flee.remarks import Remarks, gathered_remarks
from corredor.exchange.flee.rows import cell_number, read_table
from corredor.exchange.flee.study import make_study
from corredor.exchange.flee.ways import find_ways
from corredor.exchange.flee.write import import_flee
from corredor.exchange.readers.calendar import written_date

CLOSURES = "#closure_type,name1,name2,closure_start,closure_end\n"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12),
        (" 1,234 ", 1234),
        ("-3", -3),
        ("1.5e3", 1500),
        ("7 # counted twice", 7),
        ("x", None),
        ("", None),
        ("1e400", None),
    ],
)
def test_a_cell_is_the_number_that_it_begins_with(cell, value):
    assert cell_number(cell, Remarks(), "file", 1) == value


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("2020-02-29", dt.date(2020, 2, 29)),
        ("2020-02-29T00:00:00", dt.date(2020, 2, 29)),
        ("29/02/2020", dt.date(2020, 2, 29)),
        ("2020-02-30", None),
        ("0001-01-01", None),
        ("12", None),
    ],
)
def test_a_date_is_one_that_exists(cell, date):
    assert written_date(cell) == date


def test_an_open_quotation_mark_spoils_one_line_only(tmp_path):
    (tmp_path / "table.csv").write_text('#a,b\n"x,1\ny,2\n')
    table = read_table(tmp_path / "table.csv", Remarks(), ())
    assert [row.line for row in table.rows] == [2, 3] and table.rows[1].cells == ("y", "2")


def test_names_become_identifiers_that_differ():
    assert identifiers(["Kaga Bandoro", "kaga-bandoro", "Ñandú", "3 Camps"]) == {
        "Kaga Bandoro": "kaga_bandoro",
        "kaga-bandoro": "kaga_bandoro_2",
        "Ñandú": "nandu",
        "3 Camps": "place_3_camps",
    }


def test_a_correction_makes_the_jump_vanish_and_keeps_later_counts(tmp_path):
    folder = read_folder(write_flee_folder(tmp_path))
    series = folder.camps["Camp Two"]
    # two files: 80 + 20 and 2000 + 400 before, 1500 + 300 on the day of the new registration
    assert series.people == pytest.approx((100 * 1800 / 2400, 1800, 1800, 4000))
    assert series.corrected and not folder.camps["Camp One"].corrected


def test_counts_are_linear_between_dates(tmp_path):
    series = read_folder(write_flee_folder(tmp_path)).camps["Camp One"]
    assert series.on(dt.date(2020, 1, 1), 60)[[0, 15, 30]] == pytest.approx([100, 400, 700])
    assert series.on(dt.date(2019, 12, 30), 2) == pytest.approx([100, 100])


def test_people_who_return_are_owed_before_others_leave():
    assert list(new_people_by_day(np.array([10.0, 14, 9, 12, 16]))) == [0, 4, 0, 0, 2]


def test_the_hazard_makes_as_many_leave_as_were_published():
    new = np.array([0.0, 300, 300, 0, 0, 500, 20, 20, 20, 20])
    people, intensity = np.array([4000.0, 9000.0]), np.tile([1.0, 0.5], (10, 1))
    changes, left_over = hazards_for(new, people, intensity)
    left, hazards = np.zeros(10), dict(changes)
    hazard = 0.0
    for day in range(10):
        hazard = hazards.get(day, hazard)
        leaving = people * -np.expm1(-hazard * intensity[day])
        people, left[day] = people - leaving, leaving.sum()
    assert left.sum() == pytest.approx(new.sum(), rel=0.002) and abs(left_over) < 2
    assert left[[1, 2, 5]] == pytest.approx([300, 300, 500], rel=0.02)
    assert left[0] == 0


def test_people_wait_for_a_day_with_conflict():
    new, intensity = np.array([0.0, 100, 0, 0]), np.array([[1.0], [0.0], [0.0], [1.0]])
    changes, left_over = hazards_for(new, np.array([1000.0]), intensity)
    assert [day for day, hazard in changes if hazard > 0] == [3] and left_over == pytest.approx(0, abs=0.1)


def moves_of(tmp_path, **changed):
    remarks = Remarks()
    return find_ways(read_folder(write_flee_folder(tmp_path, **changed)), remarks), remarks


def test_a_way_is_the_shortest_by_road(tmp_path):
    ways, _ = moves_of(tmp_path)
    assert ways.km == {
        ("Alpha", "Camp One"): 230,  # by Beta; by Gamma 250
        ("Alpha", "Camp Two"): 130,
        ("Beta", "Camp One"): 140,
        ("Beta", "Camp Two"): 220,
    }
    assert ways.passed == frozenset()


def test_a_closed_border_cuts_every_way_over_it_for_its_days(tmp_path):
    ways, _ = moves_of(tmp_path)
    (cut,) = ways.cuts
    assert (cut.first_day, cut.end_day) == (10, 25)
    assert cut.pairs == {("Alpha", "Camp One"), ("Beta", "Camp One")}


def test_minus_1_closes_to_the_end(tmp_path):
    ways, _ = moves_of(tmp_path, input_csv__closures=CLOSURES + "camp, Camp One ,,5,-1\n")
    assert [(cut.first_day, cut.end_day) for cut in ways.cuts] == [(5, None)]


def test_who_is_in_a_closed_town_can_leave_it(tmp_path):
    ways, _ = moves_of(tmp_path, input_csv__closures=CLOSURES + "location,Beta,,0,9\n")
    assert all(zone != "Beta" for cut in ways.cuts for zone, _ in cut.pairs)


def test_a_detour_up_to_twice_as_long_keeps_a_way_open(tmp_path):
    ways, remarks = moves_of(tmp_path, input_csv__closures=CLOSURES + "link,Beta,Camp One,0,9\n")
    assert not ways.cuts  # Alpha: 250 for 230 km; Beta: 270 for 140 km
    assert [remark.number for remark in remarks.made].count(45) == 1


def test_closures_that_cut_only_together_are_one_cut(tmp_path):
    rows = "link,Beta,Camp One,0,30\nlink,Gamma,Camp One,20,40\n"
    ways, _ = moves_of(tmp_path, input_csv__closures=CLOSURES + rows)
    together = [cut for cut in ways.cuts if cut.title == "Ways cut by several closures together"]
    assert [(cut.first_day, cut.end_day) for cut in together] == [(20, 30)]
    assert together[0].pairs == {("Alpha", "Camp One"), ("Beta", "Camp One")}


def test_more_departures_than_people_enlarge_every_zone_alike(tmp_path):
    few = LOCATIONS.replace("50000", "50").replace("80000", "80")
    folder = read_folder(write_flee_folder(tmp_path, input_csv__locations=few))
    ways = find_ways(folder, Remarks())
    departures, total = find_departures(folder, ways, Remarks()), total_by_day(folder, ways.camps)
    alpha, beta = departures.population["Alpha"], departures.population["Beta"]
    assert beta / alpha == pytest.approx(8 / 5, rel=1e-3)
    assert total is not None
    needed = 2 * (total[-1] - total[0]) / (50 + 80)  # not more than half of them may leave
    assert alpha / 50 == 2 ** np.ceil(np.log2(needed)) and beta / 80 == alpha / 50


def test_demographics_become_groups_whose_shares_are_products(tmp_path):
    folder = write_flee_folder(
        tmp_path,
        input_csv__demographics_gender="gender,Default,Alpha\nf,0.5,0.7\nm,0.5,0.3\n",
        input_csv__demographics_age="age,Default\n5,1\n30,2\n70,1\n",
    )
    text = make_study(read_folder(folder)).files["study.yaml"]
    assert text.count("share_of_population") == 6
    assert "share_of_population: 0.125" in text and "share_of_population: 0.25" in text


def test_floods_and_food_become_drivers_by_place_and_region(tmp_path):
    folder = write_flee_folder(
        tmp_path,
        input_csv__flood_level="#Day,Alpha\n0,0\n5,2\n",
        input_csv__region_attributes_ipc="#Day,North\n0,1\n9,3\n",
    )
    read = read_folder(folder)
    assert read.attributes.drivers["flood_level"] == {"Alpha": [(0, 0.0), (5, 2.0)]}
    assert set(read.attributes.drivers["ipc"]) == {"Alpha", "Beta"}
    drivers = make_study(read).files["drivers.csv"]
    assert "2020-01-06,alpha,flood_level,2," in drivers and "2020-01-10,beta,ipc,3," in drivers


def test_other_files_of_the_folder_are_named(tmp_path):
    folder = write_flee_folder(tmp_path, input_csv__vehicles="a,b\n")
    assert [r.file.rpartition("/")[2] for r in read_folder(folder).remarks if r.number == 35] == ["vehicles.csv"]
    assert read_attributes(folder / "input_csv", {}, Remarks()).files == frozenset()


def test_many_remarks_of_a_kind_are_counted():
    remarks = Remarks()
    for line in range(30):
        remarks.add(6, "file", line + 1, f"cell {line}", "taken as missing")
    shown = gathered_remarks(remarks.made)
    assert len(shown) == 8 and "22 more" in shown[-1].found


def test_a_closed_link_is_closed_both_ways(tmp_path):
    folder = read_folder(write_flee_folder(tmp_path, input_csv__closures=CLOSURES + "link,Camp Two,Alpha,0,9\n"))
    (closure,) = folder.closures
    ends = {(road.start, road.end) for road in folder.roads if closure.closes(road, folder.locations, 5)}
    assert ends == {("Alpha", "Camp Two"), ("Camp Two", "Alpha")}


def test_a_closed_camp_takes_nobody_in_and_keeps_its_people(tmp_path):
    closed = CLOSURES + "camp,Camp One,,40,50\n"
    _, model = import_flee(write_flee_folder(tmp_path / "case", input_csv__closures=closed), tmp_path / "study")
    people = simulate(model, expected=True)["in_camps"].sel(place="camp_one").to_numpy()[0]
    assert people[49] == pytest.approx(people[46], abs=1) and people[46] > 800
    assert people[59] > people[49] + 100, "it opens again on the end day"


def test_two_corrections_hold_from_their_own_days_on(tmp_path):
    rows = "Camp One,2020-01-31,normalize\nCamp One,2020-03-10,normalize\n"
    series = read_folder(write_flee_folder(tmp_path, input_csv__registration_corrections=rows)).camps["Camp One"]
    # 100, 700, 2900: the first makes 700 of the 100, the second 2900 of both
    assert series.people == pytest.approx((2900, 2900, 2900))
    first, second = dt.date(2020, 1, 31), dt.date(2020, 3, 10)
    revised = [
        (row.counted.isoformat(), row.published, row.people) for row in series.as_published() if row.counted != row.published
    ]
    assert revised == [
        ("2020-01-01", first, pytest.approx(700)),
        ("2020-01-01", second, pytest.approx(2900)),
        ("2020-01-31", second, pytest.approx(2900)),
    ]


def test_towns_on_the_way_are_no_places_of_the_study(tmp_path):
    study = make_study(read_folder(write_flee_folder(tmp_path)))
    assert "gamma" not in study.files["places.csv"] and "gamma" not in study.files["routes.csv"]
    assert [remark.found for remark in study.remarks if remark.number == 44] == ["1 places: Gamma"]


def test_a_town_that_conflict_reaches_is_left_from_that_day_on(tmp_path):
    header, *rows = CONFLICTS.strip().split("\n")
    reached = [row.replace("0,0,0", f"{int(day >= 30)},0,0") for day, row in enumerate(rows)]
    folder = read_folder(write_flee_folder(tmp_path, input_csv__conflicts="\n".join([header, *reached]) + "\n"))
    ways = find_ways(folder, Remarks())
    assert folder.conflicts["Gamma"] == [(0, 0.0), (30, 1.0)] and "Gamma" in ways.zones
    assert find_departures(folder, ways, Remarks()).population["Gamma"] == 9000


@pytest.mark.parametrize("kind", ["marker", "forwarding_hub"])
def test_markers_and_hubs_are_passed(tmp_path, kind):
    plain, _ = moves_of(tmp_path / "town")
    other, _ = moves_of(tmp_path / kind, input_csv__locations=LOCATIONS.replace("10.6,town", f"10.6,{kind}"))
    assert other.km == plain.km and other.zones == plain.zones
