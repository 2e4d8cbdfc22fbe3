"""Compartments, moves and reached pools, from plain entries; and what a value `by` place or group is."""

import pytest
from builders import day, make_model, move, population, stay

from corredor.engine.network.build import build_network
from corredor.study.schema import By, CompartmentSpec, Event, Group, Place, PlaceSelector, Route, Transition
from corredor.study.selectors import label, value_by
from corredor.study.topology import admitted_by, make_corridor, moves_of, reached_pools

GROUPS = {
    "men": Group(citizenship="north", kind="adult"),
    "women": Group(citizenship="south", kind="adult"),
    "children": Group(kind="child"),
}


def place(name, country="north", **more):
    return Place(id=name, name=name, kind="town", lat=10.0, lon=10.0, country=country, **more)


def status(name, kind="stay", **more):
    return CompartmentSpec(status=name, type=kind, **more)


def way(from_, to, **more):
    return Transition(**{"name": f"{from_} to {to}", "from": from_, "to": to, "rate_per_day": 0.1} | more)


def route(from_, to, both_ways=False, mode="road"):
    return Route(**{"from": from_, "to": to, "km": 50.0, "mode": mode, "both_ways": both_ways})


PLACES = {"a": place("a", region="hills"), "b": place("b"), "c": place("c", "south")}


def corridor(*specs, routes=(), groups=GROUPS):
    return make_corridor(PLACES, groups, specs, routes)


def ends(found):
    return [(m.origin.place.id, m.target.place.id, *m.group_ids) for m in found]


def test_in_a_population_are_only_those_who_live_there_and_elsewhere_those_the_entry_admits():
    made = corridor(status("home", "population"), status("here", groups={"kind": "adult"}))
    assert made.compartments["home", "a"].group_ids == ("men", "children")
    assert made.compartments["home", "c"].group_ids == ("women", "children")
    assert made.compartments["here", "c"].group_ids == ("men", "women")


def test_compartments_are_numbered_in_the_order_of_the_study_and_a_second_entry_for_one_changes_nothing():
    made = corridor(status("x", at={"id": ["b"]}), status("x"), status("y", at={"id": ["a"]}))
    assert [(c.entity, c.entry, c.status, c.place.id) for c in made.compartments.values()] == [
        (0, 0, "x", "b"), (1, 1, "x", "a"), (2, 1, "x", "c"), (3, 2, "y", "a"),
    ]  # fmt: skip


def test_a_route_open_both_ways_is_two_moves_and_one_whose_end_is_not_there_is_none():
    made = corridor(status("x"), routes=[route("a", "b", both_ways=True), route("a", "nowhere"), route("b", "c", mode="sea")])
    by_road = way("x", "x", along="road", speed_km_per_day=10.0)
    assert ends(moves_of(made, by_road)) == [("a", "b", *GROUPS), ("b", "a", *GROUPS)]
    assert ends(moves_of(made, by_road.model_copy(update={"into": PlaceSelector(id="a")}))) == [("b", "a", *GROUPS)]
    assert ends(moves_of(made, by_road.model_copy(update={"along": ["road", "sea"]}))) == [
        ("a", "b", *GROUPS), ("b", "a", *GROUPS), ("b", "c", *GROUPS),
    ]  # fmt: skip


def test_a_fixed_place_by_citizenship_is_a_move_for_each_group_that_has_one():
    made = corridor(status("x", at={"id": "b"}), status("back", at={"id": ["a", "c"]}))
    sent = way("x", "back", to_place=By(by="citizenship", values={"north": "a", "south": "c"}))
    assert ends(moves_of(made, sent)) == [("b", "a", "men"), ("b", "c", "women")]


def test_a_move_that_no_group_can_take_is_still_one():
    made = corridor(status("x", groups={"id": "men"}), status("y", groups={"id": "women"}))
    assert ends(moves_of(made, way("x", "y", at={"id": "a"}))) == [("a", "a")]
    assert admitted_by(made, way("x", "y", groups={"kind": "adult"})) == ["men", "women"]


def test_people_reach_what_transitions_and_events_lead_to_and_nothing_else():
    made = corridor(status("home", "population", at={"id": "a"}), status("x"), status("y"), status("z"))
    moves = list(moves_of(made, way("x", "y")))
    groups = {"men": 1.0, "children": 0.0, "women": 2.0}
    words = {"id": "e", "title": "t", "date": day(0), "at": "a", "from": "home", "to": "x", "people": 5.0, "source": "s"}
    reached = reached_pools(made, moves, [Event(**words, groups=groups)], [])
    assert {(c.status, c.place.id, g) for c, g in reached} == {
        ("home", "a", "men"), ("home", "a", "children"), ("x", "a", "men"), ("y", "a", "men"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dimension", "expected"),
    [("place", "a"), ("country", "north"), ("region", "hills"), ("group", "men"), ("citizenship", "north"), ("kind", "adult"),
     ("route", "a>b")],
)  # fmt: skip
def test_everything_has_a_label_in_every_dimension(dimension, expected):
    assert label(dimension, GROUPS, PLACES["a"], "men", route("a", "b")) == expected
    assert label(dimension, GROUPS) is None


def test_a_value_by_region_is_the_named_one_else_the_other_else_none():
    by = By(by="region", values={"hills": 2.0}, otherwise="rate")
    assert value_by(by, GROUPS, PLACES["a"], None) == 2.0
    assert value_by(by, GROUPS, PLACES["b"], None) == "rate"
    assert value_by(by.model_copy(update={"otherwise": None}), GROUPS, PLACES["b"], "men") is None
    assert value_by(0.5, GROUPS, None, None) == 0.5


def test_the_network_has_only_what_people_can_reach_in_the_order_of_the_kernel():
    model = make_model(
        compartments=[stay("unreached"), stay("out"), population("home")],
        transitions=[move("leaving", "home", "out", rate_per_day=0.1)],
    )
    layout = build_network(model).layout
    assert [compartment.status for compartment in layout.compartments] == ["home", "out"]
    assert [(m.origin.status, m.target.status) for m in layout.moves] == [("home", "out")]
