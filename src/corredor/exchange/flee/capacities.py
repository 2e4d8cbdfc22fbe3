"""Capacities of camps: as known on the day, from the counts published so far, or as locations.csv has them.

The number in locations.csv is by the format's own manual the largest count ever published for the camp, so it is known only when all is
over. As known on the day is the largest count published so far, each count as it stood then, before later registrations.
"""

from __future__ import annotations

import datetime as dt
from statistics import median
from typing import Literal

from corredor.exchange.flee.folder import FleeFolder
from corredor.exchange.flee.remarks import Remarks
from corredor.exchange.flee.series import Series
from corredor.exchange.flee.ways import Ways

Capacities = Literal["counts", "folder"]
"""Where capacities come from: counts published so far, or the number in locations.csv."""

GUESSED = 10_000.0
"""Capacity of every camp before any count, or where the folder gives none at all: then only distance tells camps apart."""

SHARE_NOT_COUNTED = 0.5
"""Capacity of a camp that has published nothing above 0, over the median of those that have; the share of `place_sizes`."""

ByDay = list[tuple[int, float]]
"""(day, people) whenever the capacity changes."""


def capacities_by_day(folder: FleeFolder, ways: Ways, source: Capacities, remarks: Remarks) -> dict[str, ByDay]:
    """Camp → its capacity from each day on; where no camp has counts, always that of the folder."""
    of_folder, missing = _of_folder(folder, ways)
    if not any(camp in folder.camps for camp in ways.camps):
        source = "folder"
    if missing:
        file, line = str(folder.input_dir / "locations.csv"), folder.locations[missing[0]].line
        done = (
            f"{of_folder[missing[0]]:g} people are taken for each"
            if source == "folder"
            else "not used: counts say it, as they come"
        )
        remarks.add(39, file, line, ", ".join(missing), done)
    if source == "folder":
        return {camp: [(0, people)] for camp, people in of_folder.items()}
    events = {
        (row.published - folder.first_date).days
        for camp in ways.camps
        if camp in folder.camps
        for row in folder.camps[camp].as_published()
    }
    found: dict[str, ByDay] = {camp: [] for camp in ways.camps}
    for day in sorted({0, *(day for day in events if 0 < day < folder.n_days)}):
        date = folder.first_date + dt.timedelta(days=day)
        largest = {camp: _largest(folder.camps[camp], date) if camp in folder.camps else 0.0 for camp in ways.camps}
        counted = [people for people in largest.values() if people > 0]
        usual = SHARE_NOT_COUNTED * median(counted) if counted else GUESSED
        for camp, people in largest.items():
            capacity = float(round(people)) if people >= 1 else max(usual, 1.0)
            if not found[camp] or found[camp][-1][1] != capacity:
                found[camp].append((day, capacity))
    return found


def _largest(series: Series, date: dt.date) -> float:
    """The largest count as they stood on a date: of each day counted the last value published by then."""
    newest = {
        row.counted: row.people for row in sorted(series.as_published(), key=lambda row: row.published) if row.published <= date
    }
    return max(newest.values(), default=0.0)


def _of_folder(folder: FleeFolder, ways: Ways) -> tuple[dict[str, float], list[str]]:
    """Capacities of locations.csv, for camps without one the middle of the others; and the camps without one."""
    known = sorted(people for camp in ways.camps if (people := folder.locations[camp].people))
    usual = known[len(known) // 2] if known else GUESSED
    missing = [camp for camp in ways.camps if not folder.locations[camp].people]
    return {camp: float(folder.locations[camp].people or usual) for camp in ways.camps}, missing
