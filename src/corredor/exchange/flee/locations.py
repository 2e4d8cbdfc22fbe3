"""locations.csv: towns, conflict zones and camps, with what is odd about them put right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from corredor.exchange.flee.remarks import Remarks
from corredor.exchange.flee.rows import Table, cell_number, column_of, read_table
from corredor.exchange.readers.calendar import written_date

ZONE, TOWN, CAMP = "zone", "town", "camp"

_KINDS = {
    "conflict_zone": ZONE,
    "conflict": ZONE,
    "town": TOWN,
    "marker": TOWN,
    "forwarding_hub": TOWN,
    "forward": TOWN,
    "flood_zone": ZONE,
    "camp": CAMP,
    "idpcamp": CAMP,
    "idp_camp": CAMP,
}

_COLUMNS = (
    ("name", "location", "#name"),
    ("region",),
    ("country",),
    ("latitude", "lat", "gps_x"),
    ("longitude", "lon", "long", "lng", "gps_y"),
    ("location_type", "type", "location type"),
    ("conflict_date", "conflict date", "conflict"),
    ("population", "pop", "pop/cap", "pop_cap", "capacity", "cap"),
)


@dataclass(frozen=True)
class Location:
    """A place of the foreign folder.

    lat, lon : degrees; none where the cells are empty or make no sense
    kind : zone, town or camp;  written_kind : the word in the file, in lower case
    conflict_day : day from which a zone is one, when conflicts.csv does not say;  none for other places
    people : population of a zone or town, capacity of a camp; none where the cell is empty
    """

    name: str
    region: str
    country: str
    lat: float | None
    lon: float | None
    kind: str
    written_kind: str
    conflict_day: int | None
    people: float | None
    line: int


def read_locations(path: Path, remarks: Remarks) -> list[Location]:
    """Every place once, in the order of the file."""
    table = read_table(path, remarks, headers=("name", "location"))
    if table.rows and not table.header:
        remarks.add(4, table.file, 1, "the first line is a place", "columns taken in the usual order, latitude first")
    columns = [column_of(table, names, number) for number, names in enumerate(_COLUMNS)]
    if table.header and len(table.header) > len(_COLUMNS):
        extra = [name for number, name in enumerate(table.header) if number not in columns and name]
        if extra:
            remarks.add(33, table.file, table.header_line, ", ".join(extra), "not used")
    found: dict[str, Location] = {}
    for row in table.rows:
        location = _location(table, row.line, [row.cell(column) for column in columns], remarks)
        if location is None:
            continue
        known = next((name for name in found if name.lower() == location.name.lower()), None)
        if known is None:
            found[location.name] = location
            continue
        done = f"the first one, in line {found[known].line}, is kept; its empty cells are filled from this one"
        remarks.add(8, table.file, row.line, location.name, done)
        found[known] = _filled(found[known], location)
    return list(found.values())


def _location(table: Table, line: int, cells: list[str], remarks: Remarks) -> Location | None:
    name, region, country, lat_text, lon_text, kind_text, day_text, people_text = cells
    if not name:
        remarks.add(5, table.file, line, "a place without a name", "left out")
        return None
    written = kind_text.lower().replace(" ", "_").replace("-", "_")
    kind = _KINDS.get(written)
    if kind is None:
        kind = CAMP if "camp" in written else ZONE if "conflict" in written else TOWN
        remarks.add(11, table.file, line, f"{name}: {kind_text or 'empty'}", f"read as a {kind}")
    lat, lon = _position(table.file, line, name, lat_text, lon_text, remarks)
    people = cell_number(people_text, remarks, table.file, line) if people_text else None
    if people is not None and people < 0:
        remarks.add(25, table.file, line, f"{name}: {people:g} people", "taken as missing")
        people = None
    day: int | None = None
    if kind == ZONE:
        number = None if not day_text or written_date(day_text) else cell_number(day_text, remarks, table.file, line)
        day = int(max(number or 0, 0)) if number is None or number >= 0 else None
    return Location(name, region, country or "unknown", lat, lon, kind, written, day, people, line)


def _position(
    file: str, line: int, name: str, lat_text: str, lon_text: str, remarks: Remarks
) -> tuple[float | None, float | None]:
    lat, lon = cell_number(lat_text, remarks, file, line), cell_number(lon_text, remarks, file, line)
    if lat is None or lon is None:
        remarks.add(10, file, line, name, "put in the middle of its neighbours")
        return None, None
    if abs(lat) > 90 and abs(lon) <= 90 and abs(lat) <= 180:
        remarks.add(12, file, line, f"{name}: latitude {lat:g}", "latitude and longitude exchanged")
        return lon, lat
    if abs(lat) > 90 or abs(lon) > 180:
        remarks.add(37, file, line, f"{name}: {lat:g}, {lon:g}", "put in the middle of its neighbours")
        return None, None
    return lat, lon


def _filled(first: Location, second: Location) -> Location:
    lat, lon = (second.lat, second.lon) if first.lat is None else (first.lat, first.lon)
    people = second.people if first.people is None else first.people
    return replace(first, lat=lat, lon=lon, people=people)
