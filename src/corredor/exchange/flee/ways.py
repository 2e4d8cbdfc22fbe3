"""Ways from every conflict zone to every camp: the shortest by the roads that are open, and when closures cut them."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corredor.exchange.flee.closures import Closure
from corredor.exchange.flee.folder import FleeFolder
from corredor.exchange.flee.locations import CAMP
from corredor.exchange.flee.remarks import Remarks
from corredor.exchange.flee.roads import Road, great_circle_km

DETOUR_FACTOR = 1.3
"""Length of a road that is not in the folder, over the great circle: circuity factors of countries are 1.1 to 2.1 (Ballou, Rahardja and
Sakai 2002, Transportation Research A 36)."""

LONGEST_DETOUR = 2.0
"""A way counts as cut by a closure when the shortest detour is more than so many times as long; an assumption."""


@dataclass(frozen=True)
class Cut:
    """Ways that are closed from `first_day` until before `end_day` (none: to the end), and what does it, for the reader.

    pairs : (zone, camp)
    """

    first_day: int
    end_day: int | None
    pairs: frozenset[tuple[str, str]]
    title: str


@dataclass(frozen=True)
class Ways:
    """What is left of the map: zones from which a camp can be reached, camps that can be reached, and the ways between them.

    km : (zone, camp) → length;  passed : towns that lie on one of the ways
    """

    zones: tuple[str, ...]
    camps: tuple[str, ...]
    km: Mapping[tuple[str, str], float]
    cuts: tuple[Cut, ...]
    passed: frozenset[str]


def find_ways(folder: FleeFolder, remarks: Remarks) -> Ways:
    """Shortest ways between all zones and camps, and the closures that cut them."""
    locations = folder.locations
    zones = [name for name in folder.conflicts if locations[name].kind != CAMP]
    file = str(folder.input_dir / "locations.csv")
    for name in folder.conflicts:
        if locations[name].kind == CAMP:
            remarks.add(35, file, locations[name].line, f"conflict in the camp {name}", "not used")
    camps = [name for name, location in locations.items() if location.kind == CAMP]
    roads = _with_missing_roads(folder, zones, camps, remarks)
    usual = _lengths(roads, zones)
    wanted = [(zone, camp) for zone in zones for camp in camps if camp in usual[zone][0]]
    km: dict[tuple[str, str], float] = {}
    passed: set[str] = set()
    for zone, camp in wanted:
        shortest = great_circle_km(locations[zone], locations[camp]) or 0.0
        km[zone, camp] = max(usual[zone][0][camp], shortest, 1.0)
        passed |= _between(usual[zone][1], camp) - {zone}
    reached = tuple(camp for camp in camps if any((zone, camp) in km for zone in zones))
    leaving = tuple(zone for zone in zones if any((zone, camp) in km for camp in camps))
    for name in [*camps, *zones]:
        if name not in reached and name not in leaving:
            remarks.add(38, file, locations[name].line, name, "left out")
    cuts = _cuts(folder, roads, usual, list(km), remarks)
    towns = frozenset(passed - set(reached) - set(leaving))
    return Ways(leaving, reached, km, tuple(cuts), towns)


def _with_missing_roads(folder: FleeFolder, zones: list[str], camps: list[str], remarks: Remarks) -> list[Road]:
    """Roads, and one more for every camp with counts, or zone with people, that no road connects to the others."""
    roads = list(folder.roads)
    file = str(folder.input_dir / "locations.csv")
    counted = [camp for camp in camps if camp in folder.camps] or camps
    peopled = [zone for zone in zones if folder.locations[zone].people] or zones
    for name in [*counted, *peopled]:
        others = camps if name in zones else zones
        lengths = lengths_from(name, roads)
        if any(other in lengths for other in others):
            continue
        known = [other for other in folder.locations if other not in lengths and _connects(roads, other, others)]
        near = min(known, key=lambda other: great_circle_km(folder.locations[name], folder.locations[other]) or 0.0, default=None)
        if near is None:
            continue
        km = max((great_circle_km(folder.locations[name], folder.locations[near]) or 0.0) * DETOUR_FACTOR, 1.0)
        done = f"connected to {near}, the nearest place, by {km:.0f} km ({DETOUR_FACTOR:g} times the great circle)"
        remarks.add(38, file, folder.locations[name].line, name, done)
        roads += [Road(name, near, km, False, 0), Road(near, name, km, False, 0)]
    return roads


def _connects(roads: list[Road], name: str, others: Iterable[str]) -> bool:
    lengths = lengths_from(name, roads)
    return any(other in lengths for other in others)


def _lengths(roads: Iterable[Road], starts: Iterable[str]) -> dict[str, tuple[dict[str, float], dict[str, str]]]:
    """For every start: place → km of the shortest way, and place → the place before it (Dijkstra 1959)."""
    out_of: dict[str, list[Road]] = defaultdict(list)
    for road in roads:
        out_of[road.start].append(road)
    found: dict[str, tuple[dict[str, float], dict[str, str]]] = {}
    for start in starts:
        km, before, waiting = {start: 0.0}, {}, [(0.0, start)]
        done: set[str] = set()
        while waiting:
            so_far, here = heapq.heappop(waiting)
            if here in done:
                continue
            done.add(here)
            for road in out_of[here]:
                if so_far + road.km < km.get(road.end, float("inf")):
                    km[road.end], before[road.end] = so_far + road.km, here
                    heapq.heappush(waiting, (so_far + road.km, road.end))
        found[start] = (km, before)
    return found


def lengths_from(start: str, roads: Iterable[Road]) -> dict[str, float]:
    """Place → km of the shortest way to it."""
    return _lengths(roads, [start])[start][0]


def _between(before: Mapping[str, str], end: str) -> set[str]:
    passed: set[str] = set()
    while end in before:
        end = before[end]
        passed.add(end)
    return passed


def _cuts(
    folder: FleeFolder,
    roads: list[Road],
    usual: Mapping[str, tuple[dict[str, float], dict[str, str]]],
    pairs: list[tuple[str, str]],
    remarks: Remarks,
) -> list[Cut]:
    """What each closure cuts by itself, and what several closures cut only together."""
    zones = list(dict.fromkeys(zone for zone, _ in pairs))

    def longer(closures: list[Closure], day: int) -> dict[tuple[str, str], float]:
        """How many times as long each way becomes."""
        open_roads = [road for road in roads if not any(c.closes(road, folder.locations, day) for c in closures)]
        lengths = _lengths(open_roads, zones)
        never = float("inf")
        return {(zone, camp): lengths[zone][0].get(camp, never) / max(usual[zone][0][camp], 1.0) for zone, camp in pairs}

    def cut_by(closures: list[Closure], day: int) -> frozenset[tuple[str, str]]:
        return frozenset(pair for pair, times in longer(closures, day).items() if times > LONGEST_DETOUR)

    cuts: list[Cut] = []
    cut_alone: dict[Closure, frozenset[tuple[str, str]]] = {}
    closures = [
        closure for closure in folder.closures if closure.kind != "redirection_ends" and closure.first_day < folder.n_days
    ]
    for closure in closures:
        by_itself = longer([closure], closure.first_day)
        detours = [f"{zone} to {camp}" for (zone, camp), times in by_itself.items() if 1.0 < times <= LONGEST_DETOUR]
        if detours:
            done = f"the way stays open, at its usual length, since a detour is at most {LONGEST_DETOUR:g} times as long"
            found = f"{len(detours)} ways, such as {detours[0]}"
            remarks.add(45, str(folder.input_dir / "closures.csv"), closure.line, found, done)
        pairs_cut = frozenset(pair for pair, times in by_itself.items() if times > LONGEST_DETOUR)
        cut_alone[closure] = pairs_cut
        cuts.append(Cut(closure.first_day, closure.end_day, pairs_cut, closure.title))
    edges = sorted({0, *(c.first_day for c in closures), *(c.end_day for c in closures if c.end_day is not None)})
    edges = [edge for edge in edges if edge < folder.n_days]
    for day, end in zip(edges, [*edges[1:], folder.n_days], strict=True):
        active = [c for c in closures if c.first_day <= day and (c.end_day is None or day < c.end_day)]
        if len(active) < 2:
            continue
        alone = frozenset().union(*(cut_alone[closure] for closure in active))
        together = cut_by(active, day) - alone
        if together:
            cuts.append(Cut(day, end if end < folder.n_days else None, together, "Ways cut by several closures together"))
    return [cut for cut in cuts if cut.pairs]
