"""Are the pictures right: scales, fans, labels, maps, numbers as text?"""

import hashlib
import itertools
import json
import math
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scripts import loaded

from corredor.pages.charts.distribution_chart import class_labels, waiting_chart, waiting_times
from corredor.pages.charts.fan_chart import FanPlot, fan_chart
from corredor.pages.charts.fans import DateMark, Fan, PublishedFigure, fan_of, fan_top, focused, thinned
from corredor.pages.charts.flow_map import Flow, FlowMap, flow_map
from corredor.pages.charts.labels import Box, calmest_corner, placed_labels
from corredor.pages.charts.map_ground import MapPlace, short_name, short_names
from corredor.pages.charts.outline import outline_for, read_outline, shapes_in, side_by_side, view_of
from corredor.pages.charts.scales import LinearScale, TimeScale, date_ticks, nice_ticks
from corredor.pages.charts.small_multiples import tiers
from corredor.pages.charts.svg import element, line_path, short
from corredor.results.wording import Wording, date_text, round_to_figures, share_text, short_number

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "corredor" / "pages" / "outlines"
HOSTILE = '<script>alert("1")</script>&\'"'


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "ns")


def days_from(text: str, count: int) -> np.ndarray:
    return day(text) + np.arange(count) * np.timedelta64(1, "D")


def points_of(path: str) -> list[tuple[float, float]]:
    """Corners of a path as `line_path` writes it."""
    numbers = [float(x) for x in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", path)]
    steps = np.array(numbers).reshape(-1, 2)
    return [(round(float(x), 1), round(float(y), 1)) for x, y in np.cumsum(steps, axis=0)]


def paths_of(svg: str, class_: str) -> list[str]:
    return re.findall(rf'<path class="{class_}" d="([^"]*)"', svg)


def even_fan(count: int = 2) -> Fan:
    """101 draws 0, 1 … 100 in each of some days: the quantiles are 2.5, 10, 25, 50, 75, 90, 97.5."""
    draws = np.repeat(np.arange(101.0)[:, None], count, axis=1)
    return fan_of(draws, days_from("2019-01-01", count), day("2019-01-01") + np.timedelta64(count, "D"), "day")


class TestScales:
    def test_a_value_lies_at_its_share_of_the_way(self):
        scale = LinearScale(0, 200, 142, 12)
        assert [scale(0), scale(50), scale(200)] == [142, 109.5, 12]

    def test_a_value_outside_is_drawn_at_the_end(self):
        assert LinearScale(0, 10, 100, 0)(99) == 0

    def test_a_date_lies_at_its_share_of_the_way(self):
        scale = TimeScale(day("2019-01-01"), day("2019-01-05"), 100, 200)
        assert scale(day("2019-01-02")) == 125

    @pytest.mark.parametrize(
        ("top", "wanted", "ticks"),
        [
            (87_000, 4, [0, 25_000, 50_000, 75_000, 100_000]),
            (97.5, 3, [0, 25, 50, 75, 100]),
            (3.2, 4, [0, 1, 2, 3, 4]),
            (0, 4, [0, 1]),
            (math.nan, 4, [0, 1]),
        ],
    )
    def test_ticks_are_round_and_reach_the_top(self, top, wanted, ticks):
        assert nice_ticks(top, wanted) == ticks

    def test_people_come_in_whole_ticks(self):
        assert nice_ticks(2.2, 4, whole=True) == [0, 1, 2, 3]
        assert nice_ticks(9, 4, whole=True) == [0, 2, 4, 6, 8, 10]

    def test_the_year_stands_under_the_first_tick_and_each_january(self):
        ticks = date_ticks(day("2017-10-01"), day("2019-06-30"), 7)
        assert [tick.label for tick in ticks] == ["Oct", "Jan", "Apr", "Jul", "Oct", "Jan", "Apr"]
        assert [tick.year for tick in ticks] == ["2017", "2018", "", "", "", "2019", ""]

    def test_short_spans_are_marked_by_days(self):
        ticks = date_ticks(day("2018-11-01"), day("2018-11-30"), 5)
        assert [tick.label for tick in ticks] == ["1 Nov", "8 Nov", "15 Nov", "22 Nov", "29 Nov"]


class TestMarkup:
    def test_coordinates_are_short(self):
        assert [short(x) for x in (12.0, 0.26, -0.04, -0.5, 1234.56)] == ["12", ".3", "0", "-.5", "1234.6"]

    def test_a_path_comes_back_to_its_points_without_drifting(self):
        points = [(0.34 * i, 50 + 0.37 * i * (-1) ** i) for i in range(500)]
        assert points_of(line_path(points)) == [(round(x, 1), round(y, 1)) for x, y in points]

    def test_text_and_attributes_are_escaped_and_markup_is_not(self):
        made = element("g", element("title", HOSTILE), aria_label=HOSTILE)
        assert "<script" not in made
        assert made.count("<") == 4
        assert 'aria-label="&lt;script&gt;alert(&quot;1&quot;)' in made


class TestFan:
    def test_the_median_is_at_its_height_and_in_the_middle_of_its_days(self):
        svg = fan_chart(FanPlot("t", even_fan()), 300, 176)
        # Plot: 0 at 176 − 34 = 142 px, 100 at 12 px; the text "100" takes 3 × 0.63 × 12 + 8 = 30.68 px; the right end is 292 px.
        left, width = 30.68, 292 - 30.68
        assert points_of(paths_of(svg, "median")[0]) == [
            (round(left + width / 4, 1), 77.0),
            (round(left + 3 * width / 4, 1), 77.0),
        ]

    def test_no_height_tells_a_count_of_fewer_than_five(self):
        """Draws of 1 to 4 give one picture, whatever they are; its axis goes up to 5 at least, and a band says what is not told apart."""
        made = [
            fan_chart(FanPlot("t", replace(even_fan(), quantiles=np.full((7, 2), few))), 300, 176) for few in (0.3, 1, 2, 4.9)
        ]
        assert len(set(made)) == 1
        assert 'class="few"' in made[0] and "fewer than 5 people" in made[0] and ">6<" in made[0]
        assert made[0] != fan_chart(FanPlot("t", replace(even_fan(), quantiles=np.zeros((7, 2)))), 300, 176)

    def test_no_tick_among_them_is_drawn_on_the_tick_of_their_upper_edge(self):
        for most in (0, 5, 10):
            made = fan_chart(FanPlot("t", replace(even_fan(), quantiles=np.full((7, 2), most))), 300, 176)
            heights = re.findall(r'y="([\d.]+)" class="end">', made)
            assert len(heights) >= 2 and len(heights) == len(set(heights)), most

    def test_a_published_count_of_fewer_than_five_has_no_height_either(self):
        fan = even_fan()
        made = {
            fan_chart(FanPlot("t", fan, [PublishedFigure(fan.starts[0], fan.starts[1], few, np.nan, np.nan)]), 300, 176)
            for few in (1.0, 3.0)
        }
        assert len(made) == 1

    def test_bands_lie_between_their_quantiles_widest_first(self):
        svg = fan_chart(FanPlot("t", even_fan(), wording=Wording("people", suppress_small=False)), 300, 176)
        heights = {name: {y for _, y in points_of(paths_of(svg, f"band {name}")[0])} for name in ("b95", "b80", "b50")}
        expected = {"b95": (2.5, 97.5), "b80": (10, 90), "b50": (25, 75)}
        assert heights == {name: {round(142 - 1.3 * value, 1) for value in ends} for name, ends in expected.items()}
        assert svg.index("band b95") < svg.index("band b80") < svg.index("band b50") < svg.index('class="median"')

    def test_a_single_period_is_drawn_over_its_whole_length(self):
        (median,) = paths_of(fan_chart(FanPlot("t", even_fan(1)), 300, 176), "median")
        assert points_of(median) == [(30.7, 77.0), (292.0, 77.0)]

    def test_published_dots_are_drawn_last_and_hollow_when_provisional(self):
        figures = [
            PublishedFigure(day("2019-01-01"), day("2019-01-02"), 50, np.nan, np.nan),
            PublishedFigure(day("2019-01-02"), day("2019-01-03"), 100, np.nan, np.nan, provisional=True),
        ]
        svg = fan_chart(FanPlot("t", even_fan(), figures), 300, 176)
        dots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="2.6" class="([a-z ]+)"', svg)
        assert dots == [("96", "77", "published"), ("226.7", "12", "published hollow")]
        assert svg.rindex('class="median"') < svg.index("<circle")

    def test_a_range_is_a_bar_from_its_low_to_its_high_end(self):
        figure = PublishedFigure(day("2019-01-01"), day("2019-01-02"), np.nan, 20, 60)
        (bar,) = paths_of(fan_chart(FanPlot("t", even_fan(), [figure]), 300, 176), "range")
        assert bar == "M93 116h6m-3 0V64m-3 0h6"

    def test_a_range_of_mere_rounding_is_a_dot_in_its_middle(self):
        figure = PublishedFigure(day("2019-01-01"), day("2019-01-02"), np.nan, 49.5, 50.5)
        svg = fan_chart(FanPlot("t", even_fan(), [figure]), 300, 176)
        assert re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', svg) == [("96", "77")]
        assert paths_of(svg, "range") == []

    @pytest.mark.parametrize(
        ("low", "high", "bar"),
        [(20.0, np.nan, "M92 116h8m-4 0v-13m-3 4l3 -4 3 4"), (np.nan, 20.0, "M92 116h8m-4 0v13m-3 -4l3 4 3 -4")],
    )
    def test_an_open_end_is_a_short_arrow_and_no_line_across_the_picture(self, low, high, bar):
        figure = PublishedFigure(day("2019-01-01"), day("2019-01-02"), np.nan, low, high)
        (path,) = paths_of(fan_chart(FanPlot("t", even_fan(), [figure]), 300, 176), "range")
        assert path == bar

    def test_figures_and_marks_outside_the_fan_are_left_out(self):
        late = PublishedFigure(day("2020-01-01"), day("2020-01-02"), 50, np.nan, np.nan)
        svg = fan_chart(FanPlot("t", even_fan(), [late], [DateMark("A", day("2020-01-01"), "later")]), 300, 176)
        assert "<circle" not in svg
        assert 'class="rule"' not in svg

    def test_the_axis_holds_the_band_unless_it_dwarfs_the_rest_and_then_says_so(self):
        fan = even_fan()
        assert fan_top(fan) == 97.5
        wild = Fan(fan.starts, fan.end, fan.quantiles * np.array([[1, 1, 1, 1, 1, 1, 10]]).T, "day")
        assert fan_top(wild) == pytest.approx(99)
        assert "95 % band goes up to 980" in fan_chart(FanPlot("t", wild), 300, 176)
        assert "band goes up" not in fan_chart(FanPlot("t", fan), 300, 176)

    def test_the_axis_holds_published_figures_and_begins_at_zero(self):
        figure = PublishedFigure(day("2019-01-01"), day("2019-01-02"), 390, np.nan, np.nan)
        svg = fan_chart(FanPlot("t", even_fan(), [figure]), 300, 176)
        assert re.findall(r'class="end">([\d,]+)</text>', svg)[0] == "0"
        assert ">400</text>" in svg

    def test_wide_charts_name_their_bands_without_overlap(self):
        svg = fan_chart(FanPlot("t", even_fan()), 500, 240)
        labels = re.findall(r'y="([\d.]+)" class="start (?:median|band)-label">([^<]+)<', svg)
        assert {words for _, words in labels} == {"median", "95 %", "80 %", "50 %"}
        heights = sorted(float(y) for y, _ in labels)
        assert min(np.diff(heights)) >= 12

    def test_thinning_keeps_the_peak_of_every_band(self):
        quantiles = np.ones((7, 100)) * np.arange(7)[:, None]
        quantiles[6, 57], quantiles[0, 31] = 99, -5
        thin = thinned(Fan(days_from("2019-01-01", 100), day("2019-04-11"), quantiles, "day"), 25)
        assert thin.quantiles.shape == (7, 25)
        assert thin.quantiles[6].max() == 99
        assert thin.quantiles[0].min() == -5

    def test_a_short_camp_fills_the_picture_and_a_steady_series_stays_whole(self):
        quantiles = np.zeros((7, 600))
        quantiles[:, 400:470] = 100
        fan = Fan(days_from("2017-10-01", 600), day("2017-10-01") + np.timedelta64(600, "D"), quantiles, "day")
        short_fan = focused(fan)
        assert (short_fan.starts[0], short_fan.end) == (fan.starts[395], fan.starts[475])
        assert focused(Fan(fan.starts, fan.end, np.ones((7, 600)), "day")).starts.size == 600

    def test_what_others_read_aloud_is_escaped(self):
        svg = fan_chart(FanPlot(HOSTILE, even_fan(), marks=[DateMark("A", day("2019-01-02"), HOSTILE)]), 300, 176)
        assert "<script" not in svg
        assert 'role="img" aria-label="&lt;script&gt;' in svg


class TestSmallMultiples:
    def test_fans_of_like_size_share_a_scale_and_others_do_not(self):
        def plot(name: str, factor: float) -> FanPlot:
            fan = even_fan()
            return FanPlot(name, Fan(fan.starts, fan.end, fan.quantiles * factor, "day"))

        made = tiers([plot("small", 1), plot("large", 100), plot("middle", 40), plot("little", 0.5)])
        assert [[p.title for p in tier.plots] for tier in made] == [["large", "middle"], ["small", "little"]]
        assert [tier.top for tier in made] == [10_000, 100]
        assert all(p.top == tier.top for tier in made for p in tier.plots)


class TestWaiting:
    def test_shares_are_of_those_served_in_each_world(self):
        served = np.array([[10.0, 30.0], [0.0, 0.0], [5.0, 5.0]])
        times = waiting_times("t", served, [0, 7], "protection")
        assert times is not None
        assert times.quantiles[3] == pytest.approx([0.375, 0.625])

    def test_nobody_served_is_no_distribution(self):
        assert waiting_times("t", np.zeros((3, 2)), [0, 7], "protection") is None

    def test_classes_are_named_by_whole_days(self):
        assert class_labels([0, 1, 2, 7, 14]) == ["under 1 day", "1 day", "2–6 days", "7–13 days", "14 days or more"]

    def test_the_longest_bar_fills_the_room(self):
        times = waiting_times("t", np.array([[10.0, 30.0]]), [0, 7], "protection")
        assert times is not None
        widths = [float(w) for w in re.findall(r'class="bar" x="[\d.]+" y="[\d.]+" width="([\d.]+)"', waiting_chart(times, 350))]
        assert widths[1] / widths[0] == pytest.approx(3, rel=0.01)


class TestWording:
    @pytest.mark.parametrize(("value", "text"), [(0, "0"), (1, "<5"), (0.3, "<5"), (4.99, "<5"), (5, "5"), (12345.4, "12,345")])
    def test_people_below_five_are_not_shown(self, value, text):
        assert Wording("people").exact(value) == text

    def test_small_cells_are_shown_when_asked_for(self):
        assert Wording("people", suppress_small=False).exact(3) == "3"

    def test_days_and_dollars_are_never_suppressed(self):
        assert Wording("days").exact(3) == "3"
        assert Wording("days").exact(1.22e-05) == "<0.01"
        assert Wording("days").rounded(1.83) == "1.8"
        assert Wording("USD").exact(3) == "$3"

    def test_hardly_any_days_are_said_without_figures(self):
        assert [Wording("days").exact(x) for x in (0, 3.74e-05, 0.0099, 0.01)] == ["0", "<0.01", "<0.01", "0.01"]
        assert [Wording("days").said(x) for x in (0, 3.74e-05, 2.5)] == ["0", "<0.01", "2.5"]

    def test_an_interval_of_small_cells_is_one_word(self):
        assert Wording("people").interval(1, 3) == "<5"
        assert Wording("people").interval(1, 30) == "<5 – 30"

    def test_sentences_say_no_more_than_is_believed(self):
        assert [Wording("people").rounded(x) for x in (12_345, 2_345, 87, 1_234_567)] == ["12,300", "2,300", "87", "1.23 million"]

    def test_large_numbers_are_spoken(self):
        assert [short_number(x) for x in (950, 25_000, 150_000, 1.25e6, 3e10)] == [
            "950",
            "25,000",
            "150 thousand",
            "1.25 million",
            "30 billion",
        ]

    def test_missing_numbers_are_a_dash(self):
        assert Wording("people").exact(math.nan) == "–"
        assert share_text(math.nan) == "–"

    def test_rounding_and_dates(self):
        assert round_to_figures(12_345, 2) == 12_000
        assert date_text("2018-11-05") == "5 Nov 2018"
        assert date_text("winter") == "winter"


class TestLabels:
    frame = Box(0, 0, 200, 100)

    def test_a_name_stands_to_the_right_of_its_point_when_nothing_is_in_the_way(self):
        (label,) = placed_labels([("Ab", (50.0, 50.0))], [], [], [], 10, self.frame)
        assert (label.x, label.y, label.anchor) == (56.0, 53.5, "start")

    def test_names_do_not_overlap_and_the_first_is_never_dropped(self):
        names = [(f"Place {i}", (90.0 + 4 * i, 50.0)) for i in range(12)]
        labels = placed_labels(names, [], [], [], 10, self.frame)
        assert labels[0].text == "Place 0"
        assert 1 < len(labels) < 12
        assert not any(a.box.overlaps(b.box) for i, a in enumerate(labels) for b in labels[i + 1 :])

    def test_names_stay_in_the_frame_and_off_the_dots(self):
        dots = [Box(150, 45, 156, 51)]
        labels = placed_labels([("A longer name", (195.0, 48.0)), ("Other", (140.0, 48.0))], dots, [], [], 10, self.frame)
        assert labels[0].anchor == "end" or labels[0].y != 51.5
        assert all(label.box.inside(self.frame) and not label.box.overlaps(dots[0]) for label in labels)

    def test_a_name_avoids_lines_where_it_can(self):
        lines = [(60.0, 50.0), (65.0, 50.0)]
        (label,) = placed_labels([("Ab", (50.0, 50.0))], [], [], lines, 10, self.frame)
        assert not any(label.box.holds(point) for point in lines)

    def test_the_legend_takes_the_emptiest_corner(self):
        busy = [(10.0, 90.0), (190.0, 10.0), (10.0, 10.0)]
        assert calmest_corner(self.frame, 50, 30, busy) == Box(150, 70, 200, 100)


class TestMap:
    places = (MapPlace("a", "Alpha", 15.0, -90.0), MapPlace("b", "Beta", 25.0, -100.0), MapPlace("c", HOSTILE, 20.0, -92.0))
    chart = FlowMap(places, [Flow("a", "b", 1000, "a to b"), Flow("b", "a", 250), Flow("b", "c", 0)], [("b", "c")])

    def lines(self, svg: str) -> list[tuple[str, float]]:
        return [(d, float(w)) for d, w in re.findall(r'class="flow" d="(M[^"]*Q[^"]*)" stroke-width="([\d.]+)"', svg)]

    @pytest.mark.parametrize("width_px", [350, 980])
    def test_a_line_is_as_wide_as_its_flow(self, width_px):
        (_, wide), (_, narrow) = self.lines(flow_map(self.chart, width_px))
        assert wide / narrow == pytest.approx(4, rel=0.05)

    def test_both_directions_can_be_seen(self):
        (there, _), (back, _) = self.lines(flow_map(self.chart, 980))
        bends = [tuple(float(x) for x in re.findall(r"Q(\S+) (\S+) ", d)[0]) for d in (there, back)]
        assert math.dist(*bends) > 40

    def test_a_route_without_flow_is_a_thin_line(self):
        assert len(paths_of(flow_map(self.chart, 980), "route")) == 1

    def test_names_are_escaped_and_boundaries_not_endorsed(self):
        svg = flow_map(self.chart, 980)
        assert "<script" not in svg
        assert "Boundaries do not imply endorsement." in svg

    def test_at_most_five_hundred_flows_are_drawn(self):
        places = [MapPlace(f"p{i}", f"P{i}", 10 + i % 8, -110 + i / 2) for i in range(30)]
        flows = [Flow(a.id, b.id, 10.0 + i) for i, a in enumerate(places) for b in places if a is not b]
        assert len(self.lines(flow_map(FlowMap(places, flows), 980))) == 500

    @pytest.mark.parametrize(
        ("name", "label"),
        [
            ("Nogales", "Nogales"),
            ("Mexican states of origin (at Guanajuato, one of five)", "Mexican states of origin"),
            ("Tijuana, with the sports complex beside the port", "Tijuana"),
            ("Gulf way: Coatzacoalcos and the whole of Veracruz", "Gulf way"),
            ("Countries further south and overseas", "Countries further south and overseas"),
        ],
    )
    def test_long_names_are_short_on_the_map(self, name, label):
        assert short_name(name) == label

    def test_places_that_would_share_a_short_name_keep_more_of_it(self):
        names = [
            "Centre, east and south of Honduras (at Tegucigalpa)",
            "Centre, north of Guatemala (at its capital)",
            "Nogales (Sonora)",
        ]
        assert short_names(names) == {
            names[0]: "Centre, east and south of Honduras",
            names[1]: "Centre, north of Guatemala",
            names[2]: "Nogales",
        }
        same = ["Port (east)", "Port (west)"]
        assert short_names(same) == {name: name for name in same}

    def test_no_name_is_cut_and_a_long_one_takes_two_lines(self):
        places = [MapPlace("a", "Countries further south and overseas", 13.3, -87.2), MapPlace("b", "Beta", 25.0, -100.0)]
        svg = flow_map(FlowMap(places, []), 350)
        assert "Countries further</tspan>" in svg and "south and overseas</tspan>" in svg and "…" not in svg

    def test_a_crowd_at_the_edge_keeps_its_names_on_a_phone(self):
        """Three towns within 20 px of each other in a corner, as Tijuana, Mexicali and San Luis are: each has a name."""
        near = [
            ("Tijuana", 32.5, -117.0),
            ("Mexicali", 32.6, -115.5),
            ("San Luis", 32.4, -114.8),
            ("Nogales", 31.3, -110.9),
            ("Far", 14.6, -88.0),
        ]
        places = [MapPlace(name, name, lat, lon) for name, lat, lon in near]
        flows = [Flow("Far", name, 1000.0) for name, _, _ in near[:4]]
        svg = flow_map(FlowMap(places, flows), 350)
        assert all(f">{name}</tspan>" in svg for name, _, _ in near)

    def test_a_map_without_places_is_refused(self):
        with pytest.raises(ValueError, match="at least one place"):
            flow_map(FlowMap([], []), 980)


class TestOutline:
    def test_the_region_has_the_fine_outline_and_the_rest_of_the_world_the_coarse_one(self):
        assert outline_for([15.5, 32.5], [-88.0, -117.0]).west == -127
        assert outline_for([12.6, 14.5], [-8.0, -4.0]).west == -180

    def test_places_on_both_sides_of_the_antimeridian_become_neighbours(self):
        assert side_by_side([178.0, -172.0]) == [178.0, 188.0]
        assert side_by_side([-117.0, -88.0]) == [-117.0, -88.0]
        assert side_by_side([-8.0, 12.0]) == [-8.0, 12.0]

    def test_no_place_is_sent_around_the_world_by_a_rounded_remainder(self):
        """-80.45 % 360 - 360 is just above -80.45: Venezuela and Peru were once drawn with the whole world between them."""
        assert side_by_side([-80.45, -66.9]) == [-80.45, -66.9]

    def test_land_is_drawn_on_both_sides_of_the_antimeridian(self):
        world = read_outline("outline_world.json")
        view = view_of([64.0, 66.0], side_by_side([172.0, -166.0]), 800, 0.8, 0.5)
        xs = [x for ring in shapes_in(view, world.land) for x, y in ring if 0 <= x <= 800 and 0 <= y <= view.height_px]
        seam, _ = view(180.0, 65.0)
        assert min(xs) < seam - 50
        assert max(xs) > seam + 50

    def test_no_ring_runs_around_the_world(self):
        for ring in read_outline("outline_world.json").land:
            steps = np.diff([lon for lon, lat in ring if lat > -88])
            assert np.abs(steps).max() < 180 or min(lat for _, lat in ring) < -80

    def test_a_view_holds_its_points_and_keeps_its_shape(self):
        view = view_of([14.0, 32.0], [-117.0, -86.0], 900, tallest=0.85, flattest=0.5)
        for lat, lon in ((14.0, -117.0), (32.0, -86.0)):
            x, y = view(lon, lat)
            assert 0 < x < 900
            assert 0 < y < view.height_px
        assert view.px_per_degree_east / view.px_per_degree_north == pytest.approx(math.cos(math.radians(23)))

    @pytest.mark.parametrize(("name", "most_bytes"), [("outline.json", 120_000), ("outline_world.json", 150_000)])
    def test_the_package_data_are_what_the_script_wrote(self, name, most_bytes):
        text = (DATA / name).read_text(encoding="utf-8")
        outline = json.loads(text)
        kept = {part: outline[part] for part in ("land", "borders", "labels")}
        compact = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(compact.encode()).hexdigest() == outline["sha256"]
        assert len(text.encode()) <= most_bytes
        assert "BSD-3-Clause" in outline["note"]
        assert "Michael Bostock" in (DATA / "LICENSE").read_text(encoding="utf-8")

    def test_the_script_cuts_the_same_outlines_again(self):
        folder = os.environ.get("CORREDOR_WORLD_ATLAS")
        if folder is None:
            pytest.skip("CORREDOR_WORLD_ATLAS does not name the unpacked npm package's world folder; see web/outline/README.md")
        script = loaded("web/outline/build_outline.py")
        for name, outline in script.outlines(Path(folder)).items():
            assert outline == json.loads((DATA / name).read_text(encoding="utf-8"))


class TestBuildScript:
    script = loaded("web/outline/build_outline.py")

    def test_a_ring_is_cut_at_the_box(self):
        box = self.script.Box(west=0, south=0, east=10, north=10)
        square = [(5, 5), (15, 5), (15, 15), (5, 15), (5, 5)]
        (piece,) = self.script.pieces_inside(square, box)
        assert set(piece) == {(5, 5), (10, 5), (10, 10), (5, 10)}
        assert abs(self.script.area_degrees2(piece)) == 25

    def test_a_ring_across_the_antimeridian_becomes_two(self):
        ring = [(170, 0), (-170, 0), (-170, 10), (170, 10), (170, 0)]
        pieces = list(self.script.pieces_inside(ring, self.script.WORLD))
        assert sorted(abs(self.script.area_degrees2(piece)) for piece in pieces) == [100, 100]

    def test_a_ring_around_the_pole_is_closed_along_it(self):
        ring = [(lon, -70.0) for lon in range(-180, 181, 20)]
        pieces = list(self.script.pieces_inside(ring, self.script.WORLD))
        assert sum(abs(self.script.area_degrees2(piece)) for piece in pieces) == 360 * 20

    def test_simplifying_moves_no_point_farther_than_the_tolerance(self):
        line = [(x / 10, math.sin(x / 10)) for x in range(100)]
        simple = self.script.simplified(line, 0.05)
        assert len(simple) < 40
        for point in line:
            assert min(self.script.distance_degrees(point, a, b) for a, b in itertools.pairwise(simple)) <= 0.05

    def test_what_is_encoded_is_read_back(self):
        line = [(-90.126, 14.5), (-90.12, 14.51), (-89.0, 13.0)]
        assert self.script.encoded(line) == [-9013, 1450, 1, 1, 112, -151]
