"""What a study says, looked up once for all checks: which names there are, and which status exists at which place.

An entry that could not be read still has its name here, so that what refers to it is not reported a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from corredor.study.problems import Problem, listed, nearest, quoted
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


@dataclass(frozen=True)
class Known:
    """Names of one kind. `complete` is false when there may be others, because a file could not be read."""

    what: str
    names: frozenset[str]
    complete: bool
    where: str

    def has(self, name: str) -> bool:
        return name in self.names or not self.complete


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

    def unknown(self, kind: str, name: str, written: Written[Any], inner: Path) -> Iterator[Problem]:
        """A Problem when nothing of a kind has this name."""
        known = self.known[kind]
        if known.has(name):
            return
        close = nearest(name, known.names)
        expected = f"{known.what} of {known.where}: {listed(sorted(known.names), 10)}"
        try_ = f"`{close}`" if close else f"one of these, or add `{quoted(name)}` to {known.where}"
        yield written.problem(inner, quoted(name) or "an empty name", expected, try_)

    def unknown_in(self, kind: str, names: str | list[str] | None, written: Written[Any], inner: Path) -> Iterator[Problem]:
        """Problems for the names of a field that takes one or several."""
        for number, name in enumerate(names_in(names)):
            yield from self.unknown(kind, name, written, inner if isinstance(names, str) else (*inner, number))

    def place_selector(self, selector: PlaceSelector, written: Written[Any], inner: Path) -> Iterator[Problem]:
        """Problems of a selector of places: unknown names, or conditions that no place meets together."""
        problems = [
            problem
            for key in ("id", "kind", "country", "region")
            for problem in self.unknown_in(_PLACE_NAMES[key], getattr(selector, key), written, (*inner, key))
        ]
        yield from problems
        if not problems and self.places_known and not self.selected_places(selector):
            found = f"conditions that no place meets: {_conditions(selector)}"
            yield written.problem(inner, found, "at least one place of places.csv", "leave out one of the conditions")

    def group_selector(self, selector: GroupSelector, written: Written[Any], inner: Path) -> Iterator[Problem]:
        """Problems of a selector of groups: unknown names, or conditions that no group meets together."""
        problems = [
            problem
            for key in ("id", "citizenship", "kind")
            for problem in self.unknown_in(_GROUP_NAMES[key], getattr(selector, key), written, (*inner, key))
        ]
        yield from problems
        if not problems and self.raw.groups.whole and not self.selected_groups(selector):
            found = f"conditions that no group meets: {_conditions(selector)}"
            yield written.problem(inner, found, "at least one group of `groups`", "leave out one of the conditions")

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


_PLACE_NAMES = {"id": "place", "kind": "kind of place", "country": "country", "region": "region"}
_GROUP_NAMES = {"id": "group", "citizenship": "citizenship", "kind": "kind of group"}


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
        if any(not known[_PLACE_NAMES[key]].has(n) for key in _PLACE_NAMES for n in names_in(getattr(selector, key))):
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
    def known(what: str, where: str, names: Iterable[str | None], complete: bool) -> Known:
        return Known(what, frozenset(name for name in names if name), complete, where)

    def column(name: str) -> list[str]:
        return [getattr(row.entry, name) for row in raw.places] + _broken_names(raw.places, name)

    def of_groups(name: str) -> list[str]:
        return [getattr(group.entry, name) for group in raw.groups] + _broken_names(raw.groups, name)

    def named(entries: Entries[Any]) -> list[str]:
        return [written.name for written in entries] + _broken_names(entries, "name")

    transitions = [written.entry.name for written in raw.transitions] + _broken_names(raw.transitions, "name")
    attempts = [written.entry.name for written in raw.collective_attempts] + _broken_names(raw.collective_attempts, "name")
    events = [written.entry.id for written in raw.events] + _broken_names(raw.events, "id")
    measures = [written.entry.id for written in raw.measures] + _broken_names(raw.measures, "id")
    statuses = named(raw.statuses) + [written.entry.status for written in raw.compartments]
    modes = [row.entry.mode for row in raw.routes] + _broken_names(raw.routes, "mode")
    drivers = [row.entry.driver for row in raw.drivers] + _broken_names(raw.drivers, "driver")
    sources = [row.entry.id for row in raw.sources] + _broken_names(raw.sources, "id")
    flows_complete = raw.transitions.readable and raw.collective_attempts.readable and raw.events.readable
    in_places, in_groups = raw.places.readable, raw.groups.readable
    return {
        "place": known("a place", "places.csv", column("id"), in_places),
        "kind of place": known("a kind of place", "places.csv", column("kind"), in_places),
        "country": known("a country", "places.csv", column("country"), in_places),
        "region": known("a region", "places.csv", column("region"), in_places),
        "group": known("a group", "`groups`", named(raw.groups), in_groups),
        "citizenship": known("a citizenship", "`groups`", of_groups("citizenship"), in_groups),
        "kind of group": known("a kind of group", "`groups`", of_groups("kind"), in_groups),
        "status": known("a status", "`statuses`", statuses, raw.statuses.readable),
        "transition": known("a transition", "`transitions`", transitions, raw.transitions.readable),
        "flow": known("a transition", "`transitions`", transitions + attempts + events, flows_complete),
        "mode": known("a mode of travel", "routes.csv", modes, raw.routes.readable),
        "driver": known("a driver", "drivers.csv", drivers, raw.drivers.readable),
        "season": known("a season", "`seasons`", named(raw.seasons), raw.seasons.readable),
        "latent": known("a latent term", "`latents`", named(raw.latents), raw.latents.readable),
        "parameter": known("a parameter", "parameters.yaml", named(raw.parameters), raw.parameters.readable),
        "source": known("a source", "sources.csv", sources, raw.sources.readable),
        "measure": known("a measure", "measures.yaml", measures, raw.measures.readable),
        "series": known(
            "a series",
            "series.csv",
            [row.entry.series for row in raw.series] + _broken_names(raw.series, "series"),
            raw.series.readable,
        ),
        "part": known("a part", "series.csv", [row.entry.part for row in raw.series], raw.series.whole),
        "act": known(
            "a measure or event",
            "measures.yaml and events.yaml",
            measures + events,
            raw.measures.readable and raw.events.readable,
        ),
        "output": known("an output", "`outputs`", named(raw.outputs), raw.outputs.readable),
    }


def _broken_names(entries: Entries[Any], key: str) -> list[str]:
    """Names in entries that could not be read, as written and as they were probably meant."""
    written = sorted(entries.broken_names(key))
    return written + [identifier_from(name) for name in written]
