"""Optional files: demographics (groups), flood levels, food insecurity and other attributes by place or region (drivers)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corredor.exchange.flee.conflicts import Changes, read_by_day
from corredor.exchange.flee.locations import Location
from corredor.exchange.flee.remarks import Remarks
from corredor.exchange.flee.rows import cell_number, read_table

_DRIVERS = {
    "flood_level.csv": "flood_level",
    "flood_levels.csv": "flood_level",
    "ipc.csv": "food_insecurity",
    "food_insecurity.csv": "food_insecurity",
}

MOST_GROUPS = 12
"""With more groups than this a run costs too much for what it shows; further demographics are listed, not used."""


@dataclass(frozen=True)
class Attributes:
    """What the optional files say.

    drivers : name of the series → place → changes by day
    shares : attribute → value → share of people, from 0 to 1, in all places together
    files : files that were used
    """

    drivers: Mapping[str, Mapping[str, Changes]] = field(default_factory=dict)
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    files: frozenset[Path] = frozenset()


def read_attributes(folder: Path, locations: Mapping[str, Location], remarks: Remarks) -> Attributes:
    """Read every optional file of a folder."""
    drivers: dict[str, dict[str, Changes]] = {}
    shares: dict[str, dict[str, float]] = {}
    files: set[Path] = set()
    for path in sorted(folder.iterdir()):
        name = path.name.lower()
        series = _DRIVERS.get(name)
        by_attribute = re.fullmatch(r"(location|region)_attributes_(.+)\.csv", name)
        if series is None and by_attribute is not None:
            series = re.sub(r"[^a-z0-9_]+", "_", by_attribute.group(2)).strip("_") or "attribute"
            series = series if series[0].isalpha() else f"attribute_{series}"
        if series is not None and path.is_file():
            named: Mapping[str, Location] = locations
            if by_attribute is not None and by_attribute.group(1) == "region":
                named = {location.region: location for location in locations.values() if location.region}
            found = read_by_day(path, named, remarks, series)
            if named is not locations:
                found = {place.name: found[place.region] for place in locations.values() if place.region in found}
            if found:
                drivers[series] = found
                files.add(path)
        demographic = re.fullmatch(r"demographics_(.+)\.csv", name)
        if demographic is not None and path.is_file():
            attribute = re.sub(r"[^a-z0-9]+", "_", demographic.group(1)).strip("_") or "kind"
            values = _read_shares(path, attribute, locations, remarks)
            n_groups = max(len(values), 1)
            for other in shares.values():
                n_groups *= len(other)
            if values and n_groups <= MOST_GROUPS:
                shares[attribute] = values
                files.add(path)
            elif values:
                remarks.add(35, str(path), 0, f"{attribute}: {len(values)} values", "too many groups together; not used")
    return Attributes(drivers, shares, frozenset(files))


def _read_shares(path: Path, attribute: str, locations: Mapping[str, Location], remarks: Remarks) -> dict[str, float]:
    """Shares of one attribute; ages become children under 18, adults, and older people from 60 on."""
    table = read_table(path, remarks, headers=(attribute, attribute.replace("_", " "), "value", "attribute"))
    lower = [name.lower() for name in table.header]
    column = lower.index("default") if "default" in lower else 1
    own = [name for name in table.header[1:] if name and name.lower() != "default"]
    if own:
        done = "the default shares hold everywhere: groups of a study have one share"
        remarks.add(35, table.file, table.header_line, f"shares of their own for {', '.join(own[:6])}", done)
    weights: dict[str, float] = {}
    for row in table.rows:
        weight = cell_number(row.cell(column), remarks, table.file, row.line)
        if weight is None or weight < 0 or not row.cell(0):
            remarks.add(6, table.file, row.line, row.cell(column) or "empty", "the row is left out")
            continue
        weights[row.cell(0)] = weights.get(row.cell(0), 0.0) + weight
    if all(re.fullmatch(r"\d+(\.\d+)?", value) for value in weights) and weights:
        ages: dict[str, float] = {}
        for value, weight in weights.items():
            kind = "child" if float(value) < 18 else "adult" if float(value) < 60 else "older"
            ages[kind] = ages.get(kind, 0.0) + weight
        remarks.add(35, table.file, 0, f"{len(weights)} ages", "children under 18, adults, older people from 60 on")
        weights = ages
    total = sum(weights.values())
    return {value: weight / total for value, weight in weights.items() if weight > 0} if total > 0 else {}
