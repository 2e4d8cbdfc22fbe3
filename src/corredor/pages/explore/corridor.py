"""The corridor on the page's map: who sets off where and who is where, by month and by step, in cells behind the outputs'; the ground.

The kernel counts these as it counts outputs, so nothing that it decides changes, and the cells of the outputs stay where they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from corredor.engine.arrays import Topology
from corredor.engine.network import FlowNetwork
from corredor.engine.network.calendar import FREQUENCIES
from corredor.engine.network.index_arrays import first_of, ints
from corredor.pages.charts.labels import Label
from corredor.pages.charts.map_ground import (
    Ground,
    MapPlace,
    bend_between,
    country_names,
    curve_at,
    ground_of,
    land_paths,
    place_labels,
    short_names,
)
from corredor.pages.charts.svg import short
from corredor.study.schema import Every
from corredor.study.selectors import names_in
from corredor.study.topology import Compartment

EVERY: tuple[Every, ...] = ("month", "step")
WIDTHS_PX = {"wide": 960.0, "narrow": 350.0}
SAME_POINT_DEGREES = 0.01
"""Places nearer than this are one point of the map."""
SECOND_BEND = 1.8
"""How much farther a move without a route bends than the route between the same points."""


@dataclass(frozen=True)
class Link:
    """A way on the map: from one point to another, along a route or by a move without one, such as a transfer or a return."""

    from_site: int
    to_site: int
    is_route: bool


@dataclass(frozen=True)
class Corridor:
    """What the map shows, and the network that counts it.

    network : counts flows of the links, then people in the compartments, in cells from `first_cell` on: first each one's months, then
        each one's steps
    sites : points of the map, as numbers of places
    compartments : stays and queues; people at home, whom the study counts by the million, are no part of the corridor
    """

    network: FlowNetwork
    sites: tuple[tuple[int, ...], ...]
    links: tuple[Link, ...]
    compartments: tuple[Compartment, ...]
    first_cell: int

    @property
    def blocks(self) -> list[tuple[int, int, int]]:
        """Of months and of steps: the reporting frequency, the first cell, and how many periods a row has."""
        found, first, n_rows = [], self.first_cell, len(self.links) + len(self.compartments)
        for every in EVERY:
            n_periods = len(self.network.calendar.period_starts[every])
            found.append((FREQUENCIES.index(every), first, n_periods))
            first += n_rows * n_periods
        return found

    @property
    def n_cells(self) -> int:
        _, first, n_periods = self.blocks[-1]
        return first + (len(self.links) + len(self.compartments)) * n_periods


def with_corridor(network: FlowNetwork) -> Corridor:
    """A network that counts its corridor for the map, beside its outputs."""
    sites = _sites(network)
    site_of = {network.model.places[place].id: number for number, places in enumerate(sites) for place in places}
    numbers: dict[Link, int] = {}
    departures: list[tuple[int, int]] = []
    for number, move in enumerate(network.moves):
        link = Link(site_of[move.origin.place.id], site_of[move.target.place.id], move.route is not None)
        if link.from_site != link.to_site:
            departures.append((number, numbers.setdefault(link, len(numbers))))
    shown = tuple(one for one in network.layout.compartments if one.type in ("stay", "queue"))
    row = {compartment: len(numbers) + number for number, compartment in enumerate(shown)}
    stocks = [(pool, row[one]) for pool, (one, _) in enumerate(network.layout.pools) if one in row]
    plain = Corridor(network, sites, tuple(numbers), shown, network.recording.n_cells)
    return replace(plain, network=replace(network, topology=_recorded(plain, departures, stocks)))


def _recorded(corridor: Corridor, departures: Sequence[tuple[int, int]], stocks: Sequence[tuple[int, int]]) -> Topology:
    """The topology with further records: (move or pool, row of the map's cells)."""
    topology = corridor.network.topology
    owner = np.repeat(np.arange(len(topology.depart_first) - 1), np.diff(topology.depart_first))

    def more(before: np.ndarray, numbers: Iterable[int]) -> np.ndarray:
        return np.concatenate([before, ints(list(numbers))])

    def cells(before: np.ndarray, records: Sequence[tuple[int, int]]) -> np.ndarray:
        return more(before, (first + row * periods for _, first, periods in corridor.blocks for _, row in records))

    def frequencies(before: np.ndarray, records: Sequence[tuple[int, int]]) -> np.ndarray:
        return more(before, (frequency for frequency, _, _ in corridor.blocks for _ in records))

    def owners(before: np.ndarray, records: Sequence[tuple[int, int]]) -> np.ndarray:
        return more(before, (number for _ in corridor.blocks for number, _ in records))

    moves = owners(owner, departures)
    order = np.argsort(moves, kind="stable")
    return topology._replace(
        depart_first=first_of(np.bincount(moves, minlength=len(topology.depart_first) - 1)),
        depart_cell=cells(topology.depart_cell, departures)[order],
        depart_frequency=frequencies(topology.depart_frequency, departures)[order],
        stock_pool=owners(topology.stock_pool, stocks),
        stock_cell=cells(topology.stock_cell, stocks),
        stock_frequency=frequencies(topology.stock_frequency, stocks),
    )


def _sites(network: FlowNetwork) -> tuple[tuple[int, ...], ...]:
    places = network.model.places
    found: list[list[int]] = []
    for number, place in enumerate(places):
        for site in found:
            first = places[site[0]]
            if max(abs(first.lat - place.lat), abs(first.lon - place.lon)) < SAME_POINT_DEGREES:
                site.append(number)
                break
        else:
            found.append([number])
    return tuple(map(tuple, found))


def corridor_facts(corridor: Corridor) -> dict[str, Any]:
    """The corridor for web/explore/src/study.ts."""
    network = corridor.network
    model, layout = network.model, network.layout
    place_number = {place.id: number for number, place in enumerate(model.places)}
    site_of = {place: number for number, site in enumerate(corridor.sites) for place in site}
    can_leave = {move.origin for move in network.moves}
    capacity = {compartment: number for number, compartment in enumerate(layout.with_capacity)}
    statuses, shorts = list(model.study.statuses), short_names([place.name for place in model.places])
    outputs = [output for output in model.study.outputs.values() if output.side != "money"]
    told = {status for output in outputs for status in names_in(output.stock)}
    stocks = [
        {
            "status": compartment.status,
            "place": place_number[compartment.place.id],
            "site": site_of[place_number[compartment.place.id]],
            "final": compartment not in can_leave,
            "reported": compartment.status in told and compartment in can_leave,
            "capacity": capacity.get(compartment, -1),
        }
        for compartment in corridor.compartments
    ]
    months = network.calendar.period_starts["month"].astype("datetime64[D]").astype(str).tolist()
    return {
        "month_cell": corridor.blocks[0][1],
        "step_cell": corridor.blocks[1][1],
        "n_steps": corridor.blocks[1][2],
        "first_step": network.calendar.n_warm_up_steps,
        "months": months,
        "places": [{"id": place.id, "name": place.name, "short": shorts[place.name]} for place in model.places],
        "sites": [list(site) for site in corridor.sites],
        "links": [[link.from_site, link.to_site, int(link.is_route)] for link in corridor.links],
        "stocks": stocks,
        "groups": [group.title or name.replace("_", " ") for name, group in model.study.groups.items()],
        "pools": [
            [statuses.index(compartment.status), place_number[compartment.place.id], layout.group_ids.index(group_id)]
            for compartment, group_id in layout.pools
        ],
        "maps": {name: _drawn(corridor, width_px) for name, width_px in WIDTHS_PX.items()} if corridor.sites else {},
    }


def _drawn(corridor: Corridor, width_px: float) -> dict[str, Any]:
    """Everything of the map that stays: land, borders, points, bends of the links, names at their spots."""
    places = [corridor.network.model.places[site[0]] for site in corridor.sites]
    ground = ground_of([MapPlace(place.id, place.name, place.lat, place.lon) for place in places], width_px)
    points = [ground.points[place.id] for place in places]
    routes = {(link.from_site, link.to_site) for link in corridor.links if link.is_route}
    bends, lines, weight = [], [], dict.fromkeys(ground.points, 0.0)
    for link in corridor.links:
        start, end = points[link.from_site], points[link.to_site]
        again = not link.is_route and (link.from_site, link.to_site) in routes
        bend = bend_between(start, end, SECOND_BEND if again else 1.0)
        bends.append(bend)
        lines += [curve_at(start, bend, end, i / 14) for i in range(15)] if link.is_route else []
        for site in (link.from_site, link.to_site):
            weight[places[site].id] += 1.0 if link.is_route else 0.2
    land, borders = land_paths(ground)
    labels, key = place_labels(ground, weight, lines, [])
    countries = country_names(ground, [label.box for label in labels], [*points, *lines])
    return {
        "width": width_px,
        "height": round(ground.view.height_px, 1),
        "land": land,
        "borders": borders,
        "points": [_rounded(point) for point in points],
        "bends": [_rounded(bend) for bend in bends],
        "names": [_written(label, ground) for label in labels],
        "key": "; ".join(key),
        "name_px": ground.size_px,
        "countries": [[text, *_rounded(point)] for text, point in countries],
    }


def _written(label: Label, ground: Ground) -> dict[str, Any]:
    leader = label.leader and "M{} {}L{} {}".format(*(short(number) for point in label.leader for number in point))
    return {
        "lines": label.lines,
        "x": round(label.x, 1),
        "y": round(label.y, 1),
        "anchor": label.anchor,
        "leader": leader or "",
    }


def _rounded(point: tuple[float, float]) -> list[float]:
    return [round(number, 1) for number in point if math.isfinite(number)]
