"""conflicts.csv: intensity of conflict by place and day; without it, the conflict dates of locations.csv."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corredor.exchange.flee.locations import ZONE, Location
from corredor.exchange.flee.remarks import Remarks
from corredor.exchange.flee.roads import place_named
from corredor.exchange.flee.rows import Row, Table, cell_number, read_table

Changes = list[tuple[int, float]]
"""(day, value) whenever the value changes; it holds until the next day named."""


def read_conflicts(path: Path, locations: Mapping[str, Location], remarks: Remarks) -> dict[str, Changes]:
    """Intensity of conflict for every place that has any.

    returns : name → changes in order of days; intensity 0 is peace
    """
    found: dict[str, Changes] = {}
    if path.is_file():
        found = read_by_day(path, locations, remarks, "conflict")
        intensities = {value for changes in found.values() for _, value in changes}
        if intensities - {0.0, 1.0}:
            remarks.add(21, str(path), 0, ", ".join(f"{x:g}" for x in sorted(intensities)[:6]), "used as weights of leaving")
    in_table = set(found)
    for location in locations.values():
        if location.kind == ZONE and location.name not in in_table and location.written_kind != "flood_zone":
            day = location.conflict_day or 0
            found[location.name] = [(0, 0.0), (day, 1.0)] if day > 0 else [(0, 1.0)]
    return {name: changes for name, changes in found.items() if any(value > 0 for _, value in changes)}


def read_by_day(path: Path, locations: Mapping[str, Location], remarks: Remarks, what: str) -> dict[str, Changes]:
    """A table with a row for each day and a column for each place (conflict, flood level, another attribute)."""
    table = read_table(path, remarks, headers=("day", "#day", "date"))
    if not table.header:
        remarks.add(4, table.file, 1, f"a table of {what} without names of places", "not used")
        return {}
    columns: dict[int, str] = {}
    for number, written in enumerate(table.header[1:], start=1):
        if not written:
            continue
        name = place_named(written, locations)
        if name is None:
            remarks.add(20, table.file, table.header_line, written, "the column is not used")
        elif name in columns.values():
            remarks.add(8, table.file, table.header_line, written, "the first of its columns is used")
        else:
            columns[number] = name
    rows = _by_day(table, remarks)
    n_named = max(columns, default=0) + 1
    ragged = [row for row in rows.values() if len(row.cells) < n_named]
    if ragged:
        done = "missing cells keep the value of the day before"
        remarks.add(5, table.file, ragged[0].line, f"{len(ragged)} rows with {what} for some places only", done)
    found: dict[str, Changes] = {}
    for number, name in columns.items():
        changes: Changes = []
        for day, row in sorted(rows.items()):
            text = row.cell(number)
            if not text:
                continue
            value = cell_number(text, remarks, table.file, row.line)
            if value is None:
                continue
            if value < 0:
                remarks.add(25, table.file, row.line, f"{name}: {value:g}", "taken as 0")
                value = 0.0
            if not changes:
                changes.append((0, 0.0) if day > 0 and value > 0 else (0, value))
            if value != changes[-1][1]:
                changes.append((day, value))
        found[name] = changes or [(0, 0.0)]
    return found


def last_day_of(path: Path) -> int | None:
    """The last day that a table by day has a row for; none when it has none."""
    rows = _by_day(read_table(path, Remarks(), headers=("day", "#day", "date")), Remarks()) if path.is_file() else {}
    return max(rows, default=None)


def value_on(changes: Changes, day: int) -> float:
    """The value that holds on a day."""
    value = changes[0][1] if changes else 0.0
    for start, new in changes:
        if start <= day:
            value = new
    return value


def _by_day(table: Table, remarks: Remarks) -> dict[int, Row]:
    rows: dict[int, Row] = {}
    previous = -1
    for row in table.rows:
        number = cell_number(row.cell(0), remarks, table.file, row.line)
        day = previous + 1 if number is None or number < 0 or number > 100_000 else int(number)
        if day in rows:
            remarks.add(29, table.file, row.line, f"day {day} a second time", "the first row is used")
            continue
        if day != previous + 1:
            remarks.add(29, table.file, row.line, f"day {day} after day {previous}", "values hold until the next day named")
        rows[day] = row
        previous = day
    return rows
