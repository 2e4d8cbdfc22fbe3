"""places.csv: the corridor's places, each a lump of places of the fact tables that no published figure tells apart."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from mexico_2018.facts import read_rows
from mexico_2018.sources import Sources

NOMINAL_POOL = 10_000_000
"""Population of the pools for which the facts give none. Only rate × pool counts, and that is derived from cited counts."""


@dataclass(frozen=True)
class Lump:
    """A place of the study: the place of the fact tables whose point stands for it, and the departments whose people it holds."""

    id: str
    point: str
    name: str
    country: str
    kind: str
    region: str
    departments: str


def _lumps() -> tuple[Lump, ...]:
    with (Path(__file__).parent / "lumped_places.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Lump(**row) for row in csv.DictReader(file))


LUMPS = _lumps()

PREFIX = {"honduras": "hn_", "guatemala": "gt_", "el_salvador": "sv_"}


def place_rows(facts: Path, sources: Sources) -> list[dict[str, object]]:
    """Rows of places.csv. Populations are rounded to 1,000: their years differ, see the fact tables' README."""
    known = {row["id"]: row for row in read_rows(facts, "places.csv")}
    rows: list[dict[str, object]] = []
    for lump in LUMPS:
        point, population, used = known[lump.point], None, {known[lump.point]["source"]}
        if lump.departments:
            departments = [known[PREFIX[lump.country] + name] for name in lump.departments.split()]
            population = round(sum(int(row["population"]) for row in departments), -3)
            used |= {row["source"] for row in departments}
        elif lump.kind == "origin":
            population = NOMINAL_POOL
        rows.append(
            {
                "id": lump.id,
                "name": lump.name,
                "country": lump.country,
                "lat": point["lat"],
                "lon": point["lon"],
                "kind": lump.kind,
                "region": lump.region,
                "population": "" if population is None else population,
                "source": ";".join(sorted(sources.id_of(text) for text in used)),
            }
        )
    _check_departments(known)
    return rows


def _check_departments(known: dict[str, dict[str, str]]) -> None:
    """Every department of the three countries belongs to exactly one origin."""
    used = [PREFIX[origin.country] + name for origin in LUMPS for name in origin.departments.split()]
    all_departments = [name for name, row in known.items() if row["kind"] == "origin" and row["population"]]
    if sorted(used) != sorted(all_departments):
        raise ValueError(f"departments left out or used twice: {sorted(set(used) ^ set(all_departments))}")
