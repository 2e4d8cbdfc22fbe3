"""closures.csv: borders, places, roads and camps that are closed for some days, and redirections that end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corredor.exchange.flee.locations import Location
from corredor.exchange.flee.remarks import Remarks
from corredor.exchange.flee.roads import Road, place_named
from corredor.exchange.flee.rows import cell_number, read_table

NAME_AS = {"country": "country", "location": "location", "link": "link", "links": "link", "camp": "camp", "idpcamp": "camp"}
REDIRECTION_ENDS = "redirection_ends"


@dataclass(frozen=True)
class Closure:
    """Something closed from `first_day` until before `end_day`; none: to the end.

    kind : country (the border between two countries), location or camp (nobody enters; those inside can leave), link, or
        redirection_ends
    """

    kind: str
    first: str
    second: str
    first_day: int
    end_day: int | None
    line: int

    @property
    def title(self) -> str:
        """What is closed, for the reader."""
        if self.kind == "country":
            return f"Border between {self.first} and {self.second} closed"
        if self.kind == "link":
            return f"Road between {self.first} and {self.second} closed"
        return f"{self.first} closed to newcomers"

    def closes(self, road: Road, locations: Mapping[str, Location], day: int) -> bool:
        """Whether a road cannot be taken on a day because of this."""
        if day < self.first_day or (self.end_day is not None and day >= self.end_day):
            return False
        if self.kind == "country":
            countries = (locations[road.start].country, locations[road.end].country)
            return {c.lower() for c in countries} == {self.first.lower(), self.second.lower()}
        if self.kind in ("location", "camp"):
            return self.first == road.end
        return self.kind == "link" and {self.first, self.second} == {road.start, road.end}

    def ends_redirection(self, road: Road, day: int) -> bool:
        """Whether the redirection of a road is taken away on a day; from `end_day` on it is back, as in Flee's code."""
        within = self.first_day <= day and (self.end_day is None or day < self.end_day)
        return self.kind == REDIRECTION_ENDS and within and {self.first, self.second} == {road.start, road.end}


def read_closures(path: Path, locations: Mapping[str, Location], roads: list[Road], remarks: Remarks) -> list[Closure]:
    """Every closure that closes something."""
    if not path.is_file():
        return []
    table = read_table(path, remarks, headers=("closure_type", "type", "#closure_type"))
    countries = {location.country.lower(): location.country for location in locations.values()}
    linked = {frozenset((road.start, road.end)) for road in roads}
    found: list[Closure] = []
    for row in table.rows:
        word = row.cell(0).lower()
        kind = REDIRECTION_ENDS if word.startswith("remove_forced") else NAME_AS.get(word)
        if kind is None:
            remarks.add(18, table.file, row.line, row.cell(0), "not used")
            continue
        days = [cell_number(row.cell(number), remarks, table.file, row.line) for number in (3, 4)]
        first_day = int(days[0] or 0)
        end_day = None if days[1] is None or days[1] < 0 else int(days[1])
        if first_day < 0:
            first_day = 0
        if kind == REDIRECTION_ENDS:
            end_day = None if end_day is None or end_day <= first_day else end_day
        elif end_day is not None and end_day <= first_day:
            remarks.add(19, table.file, row.line, f"from day {first_day} to day {end_day}", "not used")
            continue
        names = [row.cell(1), row.cell(2)]
        if kind == "country":
            ends = [countries.get(name.lower()) for name in names]
            wanted = 2
        else:
            ends = [place_named(name, locations) for name in names]
            wanted = 2 if kind in ("link", REDIRECTION_ENDS) else 1
        unknown = next((names[number] for number in range(wanted) if ends[number] is None), None)
        if unknown is not None:
            remarks.add(19, table.file, row.line, f"{unknown or 'an empty name'}, which is not in locations.csv", "not used")
            continue
        if kind == "location" and ends[1] is not None and frozenset((str(ends[0]), str(ends[1]))) in linked:
            remarks.add(
                41, table.file, row.line, f"{names[0]}, {names[1]}", "the road between the two is closed, not the whole place"
            )
            kind = "link"
        closure = Closure(kind, str(ends[0]), str(ends[1] or ""), first_day, end_day, row.line)
        if kind in ("link", REDIRECTION_ENDS) and frozenset((closure.first, closure.second)) not in linked:
            remarks.add(19, table.file, row.line, f"no road from {closure.first} to {closure.second}", "not used")
            continue
        if kind in ("country", "location", "camp") and not any(closure.closes(road, locations, first_day) for road in roads):
            remarks.add(19, table.file, row.line, f"no road is closed by {row.cell(0)} {' '.join(names).strip()}", "not used")
            continue
        found.append(closure)
    return found
