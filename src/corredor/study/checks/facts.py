"""What a study says, looked up once for all checks: which names there are, and which status exists at which place.

An entry that could not be read still has its name here, so that what refers to it is not reported a second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from corredor.study.problems import ALIKE_SHOWN, Problem, listed, nearest, quoted
from corredor.study.reading import Entries, RawStudy, Written
from corredor.study.reading.wording import Path, identifier_from
from corredor.study.schema import (
    CompartmentSpec,
    GroupSelector,
    Output,
    Parameter,
    Place,
    PlaceSelector,
    Route,
    Transition,
)
from corredor.study.selectors import matches_group, matches_place, names_in
from corredor.study.topology import Compartment, Corridor, make_corridor

MOST_LOOKED_UP = 3 * ALIKE_SHOWN
"""Wrong names of a kind for which a known one is suggested: each costs a look at all names, and no more are shown."""


@dataclass(frozen=True)
class Known:
    """Names of one kind. `complete` is false when there may be others, because a file could not be read."""

    what: str
    names: frozenset[str]
    complete: bool
    where: str

    def has(self, name: str) -> bool:
        return name in self.names or not self.complete

    @cached_property
    def listed(self) -> str:
        """The first of these names, as a message has them; worked out once for a whole column of wrong names."""
        return listed(sorted(self.names), 10)

    @cached_property
    def _looked_up(self) -> dict[str, str | None]:
        return {}

    def close(self, name: str) -> str | None:
        """The known name that looks most like one that is not known; none after many, of which only the first are shown."""
        if name not in self._looked_up and len(self._looked_up) < MOST_LOOKED_UP:
            self._looked_up[name] = nearest(name, self.names)
        return self._looked_up.get(name)

    def suggested(self, name: str, otherwise: str = "one of these") -> str:
        """What to try in place of a name that is not known: the nearest one, or the only one there is."""
        close = self.close(name) or (next(iter(self.names)) if len(self.names) == 1 else None)
        return f"`{close}`" if close else otherwise


@dataclass(frozen=True)
class Facts(Corridor):
    """Everything the checks look up: the corridor, and more. Dictionaries hold the entries that could be read, by name.

    unsure_statuses : statuses of which it is not known where they exist, because a compartment of them is wrong
    """

    raw: RawStudy
    routes: tuple[Written[Route], ...]
    parameters: dict[str, Written[Parameter]]
    outputs: dict[str, Written[Output]]
    transitions: dict[str, Written[Transition]]
    unsure_statuses: frozenset[str]
    known: dict[str, Known]

    @property
    def places_known(self) -> bool:
        """Whether every row of places.csv could be read."""
        return self.raw.places.whole

    @property
    def routes_known(self) -> bool:
        """Whether every row of routes.csv could be read and leads between places that exist."""
        ends = {name for row in self.routes for name in (row.entry.from_, row.entry.to)}
        return self.raw.routes.whole and self.places_known and ends <= set(self.places)

    def is_sure(self, status: str) -> bool:
        """Whether it is known where a status exists."""
        return self.places_known and self.raw.compartments.readable and status not in self.unsure_statuses

    def entry_of(self, compartment: Compartment) -> Written[CompartmentSpec]:
        """The entry that puts a compartment at its place."""
        return self.raw.compartments.written[compartment.entry]

    def types_of(self, status: str) -> set[str]:
        """Types of the compartments of a status."""
        return {compartment.spec.type for compartment in self.compartments_of(status)}

    def unknown(
        self, kind: str, name: str, written: Written[Any], inner: Path, *, key: bool = False
    ) -> Generator[Problem, None, bool]:
        """A Problem when nothing of a kind has this name; gives back whether there was one."""
        known = self.known[kind]
        if known.has(name):
            return False
        close = known.close(name)
        expected = f"{known.what} of {known.where}: {known.listed}"
        try_ = f"`{close}`" if close else f"one of these, or add `{quoted(name)}` to {known.where}"
        yield written.problem(inner, quoted(name) or "an empty name", expected, try_, key=key)
        return True

    def unknown_in(
        self, kind: str, names: str | list[str] | None, written: Written[Any], inner: Path
    ) -> Generator[Problem, None, bool]:
        """Problems for the names of a field that takes one or several; gives back whether there were any."""
        found = False
        for number, name in enumerate(names_in(names)):
            found |= yield from self.unknown(kind, name, written, inner if isinstance(names, str) else (*inner, number))
        return found

    def where(self, status: str, most: int = 6) -> str:
        """Places at which a status exists, for messages."""
        return listed((compartment.place.id for compartment in self.compartments_of(status)), most)

    def is_one_of(self, kinds: Iterable[str], name: str) -> bool:
        """Whether there is, or may be, something of one of these kinds with this name."""
        return any(self.known[kind].has(name) for kind in kinds)

    def names_of(self, kinds: Iterable[str]) -> list[str]:
        """All names of these kinds."""
        return sorted({name for kind in kinds for name in self.known[kind].names})

    @cached_property
    def _together(self) -> dict[tuple[str, ...], Known]:
        return {}

    def all_of(self, kinds: Iterable[str]) -> Known:
        """Names of several kinds together."""
        key = tuple(kinds)
        if key not in self._together:
            self._together[key] = Known("", frozenset(self.names_of(key)), True, "")
        return self._together[key]

    @cached_property
    def places_named(self) -> dict[str, set[str]]:
        """Name of a place, country or region → the places that it means."""
        meant: dict[str, set[str]] = defaultdict(set)
        for place in self.places.values():
            for name in (place.id, place.country, place.region):
                if name:
                    meant[name].add(place.id)
        return meant

    def place_selector(self, selector: PlaceSelector, written: Written[Any], inner: Path) -> Generator[Problem, None, bool]:
        """Problems of a selector of places: unknown names, or conditions that no place meets together."""
        if (yield from self._unknown_conditions(PLACE_NAMES, selector, written, inner)):
            return True
        if not self.places_known or self.selected_places(selector):
            return False
        found = f"conditions that no place meets: {_conditions(selector)}"
        yield written.problem(inner, found, "at least one place of places.csv", "leave out one of the conditions")
        return True

    def group_selector(self, selector: GroupSelector, written: Written[Any], inner: Path) -> Generator[Problem, None, bool]:
        """Problems of a selector of groups: unknown names, or conditions that no group meets together."""
        if (yield from self._unknown_conditions(GROUP_NAMES, selector, written, inner)):
            return True
        if not self.raw.groups.whole or self.selected_groups(selector):
            return False
        found = f"conditions that no group meets: {_conditions(selector)}"
        yield written.problem(inner, found, "at least one group of `groups`", "leave out one of the conditions")
        return True

    def _unknown_conditions(
        self, kinds: Mapping[str, str], selector: PlaceSelector | GroupSelector, written: Written[Any], inner: Path
    ) -> Generator[Problem, None, bool]:
        found = False
        for key, kind in kinds.items():
            if key in type(selector).model_fields:
                found |= yield from self.unknown_in(kind, getattr(selector, key), written, (*inner, key))
        return found

    def selected_places(self, selector: PlaceSelector) -> list[Place]:
        """Places that a selector means."""
        return [place for place in self.places.values() if matches_place(selector, place)]

    def selected_groups(self, selector: GroupSelector) -> list[str]:
        """Ids of the groups that a selector means."""
        return [group_id for group_id, group in self.groups.items() if matches_group(selector, group_id, group)]

    def sources(self, names: str | list[str] | None, written: Written[Any], inner: Path = ("source",)) -> Iterator[Problem]:
        """Problems for source ids that are not in sources.csv; in tables they are separated by ;."""
        if isinstance(names, str) and written.file.endswith(".csv"):
            for name in names.split(";"):
                yield from self.unknown("source", name.strip(), written, inner)
        else:
            yield from self.unknown_in("source", names, written, inner)


PLACE_NAMES = {"id": "place", "kind": "kind of place", "country": "country", "region": "region"}
GROUP_NAMES = {"id": "group", "citizenship": "citizenship", "kind": "kind of group"}
"""Key of a selector → kind of name that it takes."""

PLACES_TOLD = {"place": "place", "country": "country", "region": "region"}
GROUPS_TOLD = {"group": "group", "citizenship": "citizenship", "kind": "kind of group"}
"""Dimension of an output → kind of name of its labels."""


def _conditions(selector: PlaceSelector | GroupSelector) -> str:
    set_keys = {key: value for key, value in selector.model_dump().items() if value is not None}
    return ", ".join(f"{key} {' or '.join(names_in(value)) or '(empty list)'}" for key, value in set_keys.items())


def make_facts(raw: RawStudy) -> Facts:
    """Look up everything the checks need."""
    places = {row.entry.id: row.entry for row in reversed(raw.places.written)}
    places = {row.entry.id: places[row.entry.id] for row in raw.places}
    unsure = set(raw.compartments.broken_names("status"))
    known = _known_names(raw)
    for written in raw.compartments:
        selector = written.entry.at
        if any(not known[kind].has(n) for key, kind in PLACE_NAMES.items() for n in names_in(getattr(selector, key))):
            unsure.add(written.entry.status)
    # A compartment without a readable status may be of any status.
    if len(raw.compartments.broken_names("status")) < len({str(entry.get("status")) for entry in raw.compartments.broken}):
        unsure |= set(known["status"].names)
    groups = {written.name: written.entry for written in raw.groups}
    corridor = make_corridor(places, groups, (w.entry for w in raw.compartments), (row.entry for row in raw.routes))
    return Facts(
        **vars(corridor),
        raw=raw,
        routes=raw.routes.written,
        parameters={written.name: written for written in raw.parameters},
        outputs={written.name: written for written in raw.outputs},
        transitions={written.entry.name: written for written in reversed(raw.transitions.written)},
        unsure_statuses=frozenset(unsure),
        known=known,
    )


def _known_names(raw: RawStudy) -> dict[str, Known]:
    def names(entries: Entries[Any], key: str) -> list[str | None]:
        """What entries have at a key; of those that could not be read, as written and as it was probably meant."""
        broken = sorted(entries.broken_names(key))
        own = [w.name if key == "name" and not hasattr(w.entry, "name") else getattr(w.entry, key) for w in entries]
        return [*own, *broken, *map(identifier_from, broken)]

    def known(what: str, where: str, *parts: tuple[Entries[Any], str], complete: bool | None = None) -> Known:
        found = frozenset(name for entries, key in parts for name in names(entries, key) if name)
        return Known(what, found, all(entries.readable for entries, _ in parts) if complete is None else complete, where)

    moves: list[tuple[Entries[Any], str]] = [(raw.transitions, "name"), (raw.collective_attempts, "name"), (raw.events, "id")]
    statuses: list[tuple[Entries[Any], str]] = [(raw.statuses, "name"), (raw.compartments, "status")]
    acts: list[tuple[Entries[Any], str]] = [(raw.measures, "id"), (raw.events, "id")]
    return {
        "place": known("a place", "places.csv", (raw.places, "id")),
        "kind of place": known("a kind of place", "places.csv", (raw.places, "kind")),
        "country": known("a country", "places.csv", (raw.places, "country")),
        "region": known("a region", "places.csv", (raw.places, "region")),
        "group": known("a group", "`groups`", (raw.groups, "name")),
        "citizenship": known("a citizenship", "`groups`", (raw.groups, "citizenship")),
        "kind of group": known("a kind of group", "`groups`", (raw.groups, "kind")),
        "status": known("a status", "`statuses`", *statuses, complete=raw.statuses.readable),
        "transition": known("a transition", "`transitions`", (raw.transitions, "name")),
        "flow": known("a transition", "`transitions`", *moves),
        "mode": known("a mode of travel", "routes.csv", (raw.routes, "mode")),
        "driver": known("a driver", "drivers.csv", (raw.drivers, "driver")),
        "season": known("a season", "`seasons`", (raw.seasons, "name")),
        "latent": known("a latent term", "`latents`", (raw.latents, "name")),
        "parameter": known("a parameter", "parameters.yaml", (raw.parameters, "name")),
        "source": known("a source", "sources.csv", (raw.sources, "id")),
        "measure": known("a measure", "measures.yaml", (raw.measures, "id")),
        "series": known("a series", "series.csv", (raw.series, "series")),
        "part": known("a part", "series.csv", (raw.series, "part"), complete=raw.series.whole),
        "act": known("a measure or event", "measures.yaml and events.yaml", *acts),
        "output": known("an output", "`outputs`", (raw.outputs, "name")),
    }
