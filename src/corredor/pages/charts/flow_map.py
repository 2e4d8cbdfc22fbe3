"""Draw the route map: land, places by name or number, and curved lines as wide as the flow along them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from corredor.pages.charts.labels import Box, Label, calmest_corner, placed_labels
from corredor.pages.charts.outline import Outline, View, outline_for, shapes_in, side_by_side, view_of
from corredor.pages.charts.svg import Point, Svg, element, line_path, picture, ring_path, short, text_width_px
from corredor.results.wording import Wording, round_to_figures

MOST_FLOWS = 500
SMALLEST_LINE_PX = 0.7
BEND_SHARE = 0.11
"""How far a line bends to the right of the way it goes, as a share of its length, so that both directions can be seen."""
LONGEST_BEND_PX = 30.0
WIDE_PX = 640.0
ENDORSEMENT = "Boundaries do not imply endorsement."
NOTE_PX = 20.0
KEY_PX, KEY_LINE_PX = 11.0, 14.0
SAME_POINT_PX = 4.0
"""Places as near to each other share one name or number."""
LONGEST_NAME = 34


@dataclass(frozen=True)
class MapPlace:
    """A place of the study; lat and lon in degrees."""

    id: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Flow:
    """People along a route, in the order of travel."""

    from_place: str
    to_place: str
    people: float
    text: str = ""


@dataclass(frozen=True)
class FlowMap:
    """What a route map shows. Without flows it shows the routes as thin lines.

    legend : what the width of a line means
    """

    places: Sequence[MapPlace]
    flows: Sequence[Flow]
    routes: Sequence[tuple[str, str]] = ()
    legend: str = "People along the route"
    wording: Wording = field(default_factory=Wording)


@dataclass(frozen=True)
class _Curve:
    start: Point
    bend: Point
    end: Point
    width_px: float
    flow: Flow

    def at(self, share: float) -> Point:
        a, b, c = (1 - share) ** 2, 2 * share * (1 - share), share**2
        x, y = (a * s + b * m + c * e for s, m, e in zip(self.start, self.bend, self.end, strict=True))
        return x, y

    @property
    def length_px(self) -> float:
        return math.dist(self.start, self.end)


def flow_map(chart: FlowMap, width_px: float) -> Svg:
    """The map at the width at which it will be seen; its height follows from the places."""
    if not chart.places:
        raise ValueError("a map needs at least one place")
    lats = [place.lat for place in chart.places]
    lons = side_by_side([place.lon for place in chart.places])
    outline = outline_for(lats, [place.lon for place in chart.places])
    wide = width_px >= WIDE_PX
    view = view_of(lats, lons, width_px, tallest=0.85 if wide else 1.25, flattest=0.5 if wide else 0.8)
    points = {place.id: view(lon, place.lat) for place, lon in zip(chart.places, lons, strict=True)}
    curves = _curves(chart, points, 16.0 if wide else 9.0)
    line_points = [curve.at(i / 14) for curve in curves for i in range(15)]
    frame = Box(4, 4, view.width_px - 4, view.height_px - 4)
    legend_box, legend = _legend(chart, curves, frame, [*points.values(), *line_points])
    size_px = 12.0 if wide else 10.5
    labels, key = _place_labels(chart, points, line_points, legend_box, size_px, frame)
    map_parts = element(
        "svg",
        element("rect", class_="sea", width=view.width_px, height=view.height_px),
        *_land(outline, view),
        *_country_names(outline, view, [label.box for label in labels] + legend_box, [*points.values(), *line_points], frame),
        *_thin_routes(chart, points),
        *(_line(curve) for curve in curves),
        *(_arrow(curve, 1.0 if wide else 0.72) for curve in curves if curve.length_px > (34 if wide else 20)),
        *_dots(chart, points, 3.4 if wide else 2.4),
        *(part for label in labels for part in _written(label, size_px)),
        *legend,
        width=view.width_px,
        height=view.height_px,
    )
    notes = [*_key_lines(key, width_px), f"{ENDORSEMENT} Outline: Natural Earth."]
    below = [
        element("text", line, x=0, y=view.height_px + 15 + KEY_LINE_PX * number, class_="start note")
        for number, line in enumerate(notes)
    ]
    height_px = view.height_px + NOTE_PX + KEY_LINE_PX * (len(notes) - 1)
    return picture(width_px, height_px, _description(chart), map_parts, *below, class_="map" if wide else "map small")


def _description(chart: FlowMap) -> str:
    largest = sorted(chart.flows, key=lambda flow: -flow.people)[:3]
    names = {place.id: place.name for place in chart.places}
    words = [f"{names[f.from_place]} to {names[f.to_place]} ({chart.wording.rounded(f.people)} people)" for f in largest]
    return f"Map of {len(chart.places)} places and the routes between them." + (
        f" Largest flows: {'; '.join(words)}." if words else ""
    )


def _curves(chart: FlowMap, points: dict[str, Point], widest_px: float) -> list[_Curve]:
    """Lines of the largest flows, widest first, so that thin lines stay visible on top."""
    shown = [f for f in chart.flows if f.people > 0 and f.from_place != f.to_place]
    shown = sorted(shown, key=lambda f: -f.people)[:MOST_FLOWS]
    most = shown[0].people if shown else 1.0
    curves = []
    for flow in shown:
        start, end = points[flow.from_place], points[flow.to_place]
        length = math.dist(start, end)
        if length < 1:
            continue
        bend = min(BEND_SHARE * length, LONGEST_BEND_PX) * 2
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        right = (-(end[1] - start[1]) / length, (end[0] - start[0]) / length)
        control = (middle[0] + bend * right[0], middle[1] + bend * right[1])
        curves.append(_Curve(start, control, end, max(SMALLEST_LINE_PX, widest_px * flow.people / most), flow))
    return curves


def _line(curve: _Curve) -> Svg:
    (x, y), (bend_x, bend_y), (end_x, end_y) = curve.start, curve.bend, curve.end
    path = f"M{short(x)} {short(y)}Q{short(bend_x)} {short(bend_y)} {short(end_x)} {short(end_y)}"
    title = element("title", curve.flow.text) if curve.flow.text else Svg("")
    return element("path", title, class_="flow", d=path, stroke_width=curve.width_px)


def _arrow(curve: _Curve, scale: float) -> Svg:
    """A slim, notched head on the line, a little past its middle, where it is free of places."""
    tip, before = curve.at(0.62), curve.at(0.58)
    length_px = math.dist(tip, before) or 1.0
    along = ((tip[0] - before[0]) / length_px, (tip[1] - before[1]) / length_px)
    size = scale * (4.2 + 0.42 * curve.width_px)

    def corner(behind: float, aside: float) -> Point:
        return (
            tip[0] - size * (behind * along[0] + aside * along[1]),
            tip[1] - size * (behind * along[1] - aside * along[0]),
        )

    return element("path", class_="arrow", d=ring_path([tip, corner(2.2, 0.8), corner(1.55, 0.0), corner(2.2, -0.8)]))


def _land(outline: Outline, view: View) -> list[Svg]:
    land = "".join(ring_path(_without_repeats(ring)) for ring in shapes_in(view, outline.land))
    borders = "".join(line_path(_without_repeats(line)) for line in shapes_in(view, outline.borders))
    return [element("path", class_="land", d=land), element("path", class_="border", d=borders)]


def _without_repeats(points: Sequence[Point]) -> list[Point]:
    """Points closer than half a pixel to the one before are not worth their bytes."""
    kept = [points[0]]
    for point in points[1:]:
        if math.dist(point, kept[-1]) >= 0.5:
            kept.append(point)
    return kept


def _thin_routes(chart: FlowMap, points: dict[str, Point]) -> list[Svg]:
    carried = {(flow.from_place, flow.to_place) for flow in chart.flows if flow.people > 0}
    ways = dict.fromkeys(
        tuple(sorted(way)) for way in chart.routes if way not in carried and way[::-1] not in carried and set(way) <= set(points)
    )
    path = "".join(line_path([points[way[0]], points[way[1]]]) for way in ways)
    return [element("path", class_="route", d=path)] if path else []


def _dots(chart: FlowMap, points: dict[str, Point], radius_px: float) -> list[Svg]:
    return [
        element(
            "circle", element("title", place.name), cx=points[place.id][0], cy=points[place.id][1], r=radius_px, class_="spot"
        )
        for place in chart.places
    ]


def _place_labels(
    chart: FlowMap, points: dict[str, Point], lines: Sequence[Point], taken: Sequence[Box], size_px: float, frame: Box
) -> tuple[list[Label], list[str]]:
    """Names of places, the busiest first; numbers for those without room for a name, and what the key below the map says of them."""
    weight = dict.fromkeys(points, 0.0)
    for flow in chart.flows:
        weight[flow.from_place] += flow.people
        weight[flow.to_place] += flow.people
    ordered = sorted(chart.places, key=lambda place: -weight[place.id])
    shorts = short_names([place.name for place in chart.places])
    names: dict[str, Point] = {}
    with_it: dict[str, list[str]] = {}
    for place in ordered:
        point, text = points[place.id], shorts[place.name]
        host = next((name for name, other in names.items() if math.dist(point, other) <= SAME_POINT_PX), None)
        if host is None:
            names[text] = point
        else:
            with_it.setdefault(host, []).append(text)
    dots = [Box(x - 3, y - 3, x + 3, y + 3) for x, y in points.values()]
    labels = placed_labels(list(names.items()), dots, taken, lines, size_px, frame)
    named = {label.text for label in labels}
    numbers = {text: str(number) for number, text in enumerate((text for text in names if text not in named), 1)}
    used = [*taken, *(label.box for label in labels)]
    labels += placed_labels([(number, names[text]) for text, number in numbers.items()], dots, used, lines, size_px, frame)
    told = {label.text for label in labels}
    labels += [_on_its_dot(number, names[text], size_px) for text, number in numbers.items() if number not in told]
    key = [f"{number}\u00a0{', '.join([text, *with_it.get(text, [])])}" for text, number in numbers.items()]
    return labels, [*key, *(f"at {host}: {', '.join(others)}" for host, others in with_it.items() if host in named)]


def _on_its_dot(number: str, point: Point, size_px: float) -> Label:
    """A number for which no spot is free beside its place: it covers the dot."""
    x, y = point
    half = text_width_px(number, size_px) / 2
    return Label(number, x, y + 0.35 * size_px, "middle", Box(x - half, y - size_px / 2, x + half, y + size_px / 2), (number,))


def _key_lines(entries: Sequence[str], width_px: float) -> list[str]:
    """The key below the map, in lines as wide as it."""
    lines: list[str] = []
    for entry in entries:
        for word in f"{entry}{'.' if entry is entries[-1] else ';'}".split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and text_width_px(longer, KEY_PX) <= width_px:
                lines[-1] = longer
            else:
                lines.append(word)
    return lines


def _written(label: Label, size_px: float) -> list[Svg]:
    """A name, and the line that leads to it."""
    lines = [
        element("tspan", line, x=label.x, dy=0.0 if number == 0 else 1.1 * size_px) for number, line in enumerate(label.lines)
    ]
    text = element("text", *lines, x=label.x, y=label.y, class_=f"{label.anchor} place")
    if label.leader is None:
        return [text]
    (from_x, from_y), (to_x, to_y) = label.leader
    return [element("path", class_="leader", d=f"M{short(from_x)} {short(from_y)}L{short(to_x)} {short(to_y)}"), text]


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Names for the map, by their whole names: short, and as much longer as it takes to tell them apart."""
    found: dict[str, str] = {}
    for shorten in (short_name, _without_brackets, str):
        texts = {name: shorten(name) for name in names if name not in found}
        counts = Counter(texts.values())
        found |= {name: text for name, text in texts.items() if counts[text] == 1 and text not in found.values()}
    return found | {name: name for name in names if name not in found}


def short_name(name: str) -> str:
    """A name without remarks in brackets, after a comma or, where it is still long, after a colon; the whole name is in the tables."""
    words = _without_brackets(name).split(", ")[0]
    return words.split(": ")[0] if len(words) > LONGEST_NAME else words


def _without_brackets(name: str) -> str:
    return name.split(" (")[0].strip()


def _country_names(outline: Outline, view: View, taken: Sequence[Box], busy: Sequence[Point], frame: Box) -> list[Svg]:
    """Names of countries with room for them; places and flows come first."""
    size_px, used, parts = 10.5, list(taken), []
    for country in outline.countries:
        text = country.name.upper()
        width = text_width_px(text, size_px) * 1.25
        room = math.sqrt(country.size_degrees2) * view.px_per_degree_east
        for turn in (-360.0, 0.0, 360.0):
            x, y = view(country.lon + turn, country.lat)
            box = Box(x - width / 2, y - size_px, x + width / 2, y + size_px / 2)
            free = box.inside(frame) and not any(box.overlaps(other) for other in used) and not any(box.holds(p) for p in busy)
            if free and width < room * 1.6:
                used.append(box)
                parts.append(element("text", text, x=x, y=y, class_="middle country"))
    return parts


def _legend(chart: FlowMap, curves: Sequence[_Curve], frame: Box, busy: Sequence[Point]) -> tuple[list[Box], list[Svg]]:
    """Three widths with their numbers, in the emptiest corner."""
    if not curves:
        return [], []
    most = curves[0].flow.people
    shown = list(dict.fromkeys(round_to_figures(most * share, 1) for share in (1, 0.3, 0.05)))
    texts = [chart.wording.short(value) if value >= 1 else "1" for value in shown]
    size_px = 11.0
    wide = max([text_width_px(chart.legend, size_px), *(64 + text_width_px(text, size_px) for text in texts)]) + 12
    box = calmest_corner(frame, wide, 24 + 20 * len(shown), busy)
    parts = [
        element("rect", class_="legend", x=box.left, y=box.top, width=box.right - box.left, height=box.bottom - box.top),
        element("text", chart.legend, x=box.left + 6, y=box.top + 15, class_="start key"),
    ]
    for row, (value, text) in enumerate(zip(shown, texts, strict=True)):
        y = box.top + 33 + 20 * row
        width = max(SMALLEST_LINE_PX, curves[0].width_px * value / most)
        path = f"M{short(box.left + 14)} {short(y)}h32"
        parts.append(element("path", class_="flow", d=path, stroke_width=width))
        parts.append(element("path", class_="arrow", d=f"M{short(box.left + 27)} {short(y - 4)}l9 4-9 4 2.5-4z"))
        parts.append(element("text", text, x=box.left + 62, y=y + 4, class_="start key"))
    return [box], parts
