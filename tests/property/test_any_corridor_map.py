"""What holds for the map of any corridor: on every continent, across the antimeridian, near the poles?"""

import itertools
import math
import re

from hypothesis import example, given
from hypothesis import strategies as st

from corredor.pages.charts.flow_map import Flow, FlowMap, flow_map
from corredor.pages.charts.map_ground import MapPlace
from corredor.pages.charts.outline import side_by_side, view_of

CENTRES = st.tuples(st.floats(-82, 82), st.floats(-180, 180))
STEPS = st.lists(st.tuples(st.floats(-12, 12), st.floats(-25, 25)), min_size=1, max_size=12)


def east_of_180(lon: float) -> float:
    """The same longitude as people write it, from -180 to 180, with two decimals as in a table of places."""
    return round((lon + 180) % 360 - 180, 2)


def corridor(centre: tuple[float, float], steps: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    lat, lon = centre
    lats = [round(min(max(lat + north, -89), 89), 2) for north, _ in [(0.0, 0.0), *steps]]
    return lats, [east_of_180(lon + east) for _, east in [(0.0, 0.0), *steps]]


@given(CENTRES, STEPS)
@example((-3.0, -80.45), [(11.0, 13.55)])
@example((65.0, 179.9), [(1.0, 5.0)])
@example((10.0, 0.0), [(1.0, -5.0)])
def test_places_stay_where_they_are_and_next_to_each_other(centre, steps):
    _, lons = corridor(centre, steps)
    moved = side_by_side(lons)
    for before, after in zip(lons, moved, strict=True):
        turns = (after - before) / 360
        assert abs(turns - round(turns)) < 1e-9
    assert max(moved) - min(moved) <= 50.05, "a corridor of at most 50 degrees is drawn no wider"


@given(st.lists(st.floats(-180, 180).map(lambda lon: round(lon, 2)), min_size=1, max_size=15))
def test_no_other_way_around_the_world_is_shorter(lons):
    moved = side_by_side(lons)
    ordered = sorted({lon % 360 for lon in lons})
    widest_gap = max([after - before for before, after in itertools.pairwise(ordered)] + [ordered[0] + 360 - ordered[-1]])
    assert math.isclose(max(moved) - min(moved), 360 - widest_gap, abs_tol=1e-6)


@given(CENTRES, STEPS, st.sampled_from([350.0, 960.0]))
@example((-3.0, -80.45), [(11.0, 13.55)], 350.0)
def test_every_place_is_on_the_map_and_the_map_is_no_larger_than_the_corridor(centre, steps, width_px):
    lats, lons = corridor(centre, steps)
    moved = side_by_side(lons)
    view = view_of(lats, moved, width_px, tallest=0.85, flattest=0.5)
    for lat, lon in zip(lats, moved, strict=True):
        x, y = view(lon, lat)
        assert 0 <= x <= width_px and 0 <= y <= view.height_px
    assert view.height_px <= 0.86 * width_px
    span = max(max(lats) - min(lats), (max(moved) - min(moved)) * view.px_per_degree_east / view.px_per_degree_north, 2.0)
    assert width_px / view.px_per_degree_north <= 2.4 * span


@given(CENTRES, STEPS)
def test_any_corridor_becomes_a_picture(centre, steps):
    lats, lons = corridor(centre, steps)
    places = [MapPlace(f"p{i}", f"Place {i}", lat, lon) for i, (lat, lon) in enumerate(zip(lats, lons, strict=True))]
    flows = [Flow("p0", place.id, 100.0) for place in places[1:]]
    svg = flow_map(FlowMap(places, flows), 350.0)
    assert svg.count('class="spot"') == len(places)
    assert "nan" not in svg and "inf" not in svg


@given(
    CENTRES, st.lists(st.tuples(st.floats(-3, 3), st.floats(-5, 5)), min_size=10, max_size=40), st.sampled_from([350.0, 960.0])
)
def test_every_place_has_its_name_on_the_map_or_below_it_under_its_number(centre, steps, width_px):
    lats, lons = corridor(centre, steps)
    names = [f"A place with quite a long name, number {i}" for i in range(len(lats))]
    places = [MapPlace(f"p{i}", name, lat, lon) for i, (name, lat, lon) in enumerate(zip(names, lats, lons, strict=True))]
    svg = re.sub(r"<title>.*?</title>", "", flow_map(FlowMap(places, [Flow("p0", "p1", 100.0)]), width_px))
    texts = re.findall(r'<text[^>]*class="([^"]*)"[^>]*>(.*?)</text>', svg)
    told = [(hue, re.sub(r"<[^>]*>", " ", words).replace("\u00a0", "#")) for hue, words in texts]
    marks = [words.strip() for hue, words in told if hue.endswith(" place")]
    key = " ".join(words for hue, words in told if hue.endswith(" note"))
    for name in names:
        assert name in (" ".join(mark.split()) for mark in marks) or name in key, name
    assert sorted(mark for mark in marks if mark.isdigit()) == sorted(re.findall(r"(\d+)#A place", key))
