"""Names in a published file → places and groups of a study: as a table of the user says, or the same but for case and accents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from corredor.exchange.readers.text import Trouble, bytes_of_file, table_of
from corredor.study.model import Model
from corredor.study.problems import Problem, listed, nearest, quoted, suggested
from corredor.study.reading.wording import plain_word


@dataclass(frozen=True)
class Known:
    """Names of a study that a name in a file may mean.

    ids : what may stand in the study's table;  by_name : plain form → ids that it may mean, the best kind of name only
    """

    ids: frozenset[str]
    by_name: Mapping[str, tuple[str, ...]]


def known_places(model: Model, *, regions: bool) -> Known:
    """Places, countries and, unless for a driver, regions."""
    kinds: list[list[tuple[str, str]]] = [
        [(place.id, place.id) for place in model.places],
        [(place.name, place.id) for place in model.places],
        [(place.region, place.region) for place in model.places if place.region and regions],
        [(place.country, place.country) for place in model.places],
    ]
    return _known(kinds)


def known_groups(model: Model) -> Known:
    """Groups, citizenships and kinds of group."""
    groups = model.study.groups
    kinds: list[list[tuple[str, str]]] = [
        [(name, name) for name in groups],
        [(group.title, name) for name, group in groups.items() if group.title],
        [(group.citizenship, group.citizenship) for group in groups.values() if group.citizenship],
        [(group.kind, group.kind) for group in groups.values() if group.kind],
    ]
    return _known(kinds)


def _known(kinds: Iterable[Iterable[tuple[str, str]]]) -> Known:
    found: dict[str, tuple[str, ...]] = {}
    ids: set[str] = set()
    for kind in kinds:
        own: dict[str, set[str]] = {}
        for name, id_ in kind:
            own.setdefault(plain_word(name), set()).add(id_)
            ids.add(id_)
        for name, meant in own.items():
            found.setdefault(name, tuple(sorted(meant)))
    return Known(frozenset(ids), found)


def read_map(path: Path | None) -> dict[str, tuple[str, int]]:
    """The user's table: plain name in the file → id of the study (empty: leave out) and its line.

    raises : StudyError
    """
    if path is None:
        return {}
    wanted = "a CSV table with the columns name (as in the published file) and id (of the study)"
    lines = table_of(bytes_of_file(path, wanted, "the path of the table"), str(path), wanted, ["name", "id"])
    trouble = Trouble(str(path))
    found: dict[str, tuple[str, int]] = {}
    for line in lines:
        name = plain_word(line.cells["name"])
        if name in found and found[name][0] != line.cells["id"]:
            trouble.add(
                line.number, 1, f"{quoted(line.cells['name'])} a second time", "every name once", "delete one of the rows"
            )
        found[name] = (line.cells["id"], line.number)
    trouble.stop()
    return found


class Matcher:
    """Matches the names of one kind, and keeps what it could not match.

    known : of the study;  mapped : the user's table
    """

    def __init__(self, known: Known, mapped: Mapping[str, tuple[str, int]]) -> None:
        self.known = known
        self.mapped = mapped
        self.unmatched: dict[str, str] = {}
        self.left_out: set[str] = set()

    def match(self, name: str) -> str | None:
        """Id for a name; none when it is left out or nothing matches, which `unmatched` then tells."""
        key = plain_word(name)
        if key in self.mapped:
            id_ = self.mapped[key][0]
            if not id_:
                self.left_out.add(name)
            return id_ or None
        meant = self.known.by_name.get(key, ())
        if len(meant) == 1:
            return meant[0]
        near = nearest(key, self.known.by_name)
        self.unmatched[name] = " or ".join(meant) if meant else listed(self.known.by_name[near]) if near else ""
        return None

    def bad_ids(self, path: Path | None, other: Matcher) -> list[Problem]:
        """Ids of the user's table that neither this matcher nor the other knows."""
        ids = self.known.ids | other.known.ids
        return [
            Problem(str(path), line, 2, quoted(id_), "a name of the study: a place, country, region, group, citizenship or kind",
                    suggested(id_, ids, "look it up in places.csv and study.yaml"))
            for id_, line in self.mapped.values()
            if id_ and id_ not in ids
        ]  # fmt: skip
