"""source_data: counts of people by camp and in all, corrections of registrations, linear between dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corredor.exchange.flee.locations import Location
from corredor.exchange.flee.remarks import Remarks
from corredor.exchange.flee.roads import place_named
from corredor.exchange.flee.rows import cell_number, read_table
from corredor.exchange.readers.calendar import written_date


@dataclass(frozen=True)
class AsPublished:
    """One count as it stood from a day on: the day counted, the day from which it was known, people."""

    counted: dt.date
    published: dt.date
    people: float


@dataclass(frozen=True)
class Series:
    """Published counts of one camp, or of all.

    dates, people : in order; corrected where a registration was
    files : where the counts stand
    revisions : what later registrations made of earlier counts, each from the date of its registration on, and what those counts were
        before, from their own date on; empty where nothing was rescaled
    """

    dates: tuple[dt.date, ...]
    people: tuple[float, ...]
    files: tuple[str, ...]
    revisions: tuple[AsPublished, ...] = ()

    @property
    def corrected(self) -> bool:
        """Whether earlier counts were rescaled."""
        return bool(self.revisions)

    def as_published(self) -> tuple[AsPublished, ...]:
        """Every count as it was first published, and every later revision of it."""
        own = (AsPublished(date, date, value) for date, value in zip(self.dates, self.people, strict=True))
        return self.revisions or tuple(own)

    def on(self, first: dt.date, n_days: int) -> np.ndarray:
        """People on each day from `first` on: linear between dates, the first and last count beyond them; (n_days,) float."""
        days = np.array([(date - first).days for date in self.dates], dtype=float)
        return np.asarray(np.interp(np.arange(n_days), days, np.array(self.people)))


def read_series(path: Path, remarks: Remarks) -> Series | None:
    """One file of dates and counts; none where it holds none."""
    table = read_table(path, remarks, headers=("date", "datetime", "#date", "day"))
    found: dict[dt.date, float] = {}
    previous: dt.date | None = None
    for row in table.rows:
        date = written_date(row.cell(0))
        if date is None:
            remarks.add(22, table.file, row.line, row.cell(0), "the row is left out")
            continue
        value = cell_number(row.cell(1), remarks, table.file, row.line)
        if value is None:
            continue
        if value < 0:
            remarks.add(25, table.file, row.line, f"{date}: {value:g}", "the row is left out")
            continue
        if any(row.cells[2:]):
            remarks.add(7, table.file, row.line, " ".join(row.cells[2:]), "the cells after the count are not used")
        if date in found:
            remarks.add(24, table.file, row.line, str(date), "the first of the two counts is used")
            continue
        if previous is not None and date < previous:
            remarks.add(23, table.file, row.line, f"{date} after {previous}", "put in order")
        found[date] = value
        previous = date
    if not found:
        return None
    dates = tuple(sorted(found))
    return Series(dates, tuple(found[date] for date in dates), (table.file,))


def read_source_data(
    folder: Path, locations: Mapping[str, Location], remarks: Remarks
) -> tuple[Series | None, dict[str, Series]]:
    """The total and every camp named in data_layout.csv.

    returns : (total, none where there is none; name of the camp → counts)
    """
    layout = folder / "data_layout.csv"
    table = read_table(layout, remarks, headers=("name", "location"))
    total: Series | None = None
    camps: dict[str, Series] = {}
    for row in table.rows:
        name = row.cell(0)
        is_total = name.lower() == "total"
        place = None if is_total else place_named(name, locations)
        if not is_total and place is None:
            remarks.add(26, table.file, row.line, name or "an empty name", "its series is not used")
            continue
        parts: list[Series] = []
        for written in row.cells[1:]:
            if not written:
                continue
            part = read_series(_found_file(folder, written), remarks)
            if part is None:
                remarks.add(27, table.file, row.line, written, "no counts in it; not used")
            else:
                parts.append(part)
        if not parts:
            continue
        series = parts[0] if len(parts) == 1 else _added(parts)
        if is_total:
            total = series
        elif place in camps:
            remarks.add(8, table.file, row.line, name, "the first of its series is used")
        else:
            camps[str(place)] = series
    return total, camps


def read_corrections(
    path: Path, camps: dict[str, Series], locations: Mapping[str, Location], remarks: Remarks
) -> dict[str, Series]:
    """Counts after corrections: earlier counts are rescaled so that the jump at the new registration vanishes."""
    if not path.is_file():
        return camps
    table = read_table(path, remarks, headers=("name", "location", "#name", "camp"))
    corrected = dict(camps)
    registrations: dict[str, dict[int, float]] = {}
    for row in table.rows:
        name, date = place_named(row.cell(0), locations), written_date(row.cell(1))
        if name is None or name not in corrected or date is None:
            remarks.add(28, table.file, row.line, ", ".join(row.cells[:2]), "not used")
            continue
        series = corrected[name]
        number = next((i for i, other in enumerate(series.dates) if other >= date), None)
        if number is None or number == 0 or series.people[number - 1] <= 0:
            found = f"{name} on {date}, with no count before and after it"
            remarks.add(28, table.file, row.line, found, "not used")
            continue
        if series.dates[number] != date:
            done = f"the first count after it, of {series.dates[number]}, is taken"
            remarks.add(28, table.file, row.line, f"{name} has no count of {date}", done)
        ratio = series.people[number] / series.people[number - 1]
        people = tuple(value * ratio if i < number else value for i, value in enumerate(series.people))
        registrations.setdefault(name, {})[number] = ratio * registrations.get(name, {}).get(number, 1.0)
        corrected[name] = Series(series.dates, people, series.files, _revisions(camps[name], registrations[name]))
    return corrected


def _revisions(first: Series, registrations: Mapping[int, float]) -> tuple[AsPublished, ...]:
    """Counts as first published, and each rescaling of those before a registration, from the date of its first count on.

    registrations : number of the first count after it → factor on the counts before
    """
    rows = [AsPublished(date, date, value) for date, value in zip(first.dates, first.people, strict=True)]
    people = list(first.people)
    for number, ratio in sorted(registrations.items()):
        for earlier in range(number):
            people[earlier] *= ratio
            rows.append(AsPublished(first.dates[earlier], first.dates[number], people[earlier]))
    return tuple(rows)


def _added(parts: list[Series]) -> Series:
    """Several files of one camp: on every date of any of them, the sum of all."""
    dates = tuple(sorted({date for part in parts for date in part.dates}))
    first, n_days = dates[0], (dates[-1] - dates[0]).days + 1
    total = np.sum([part.on(first, n_days) for part in parts], axis=0)
    people = tuple(float(total[(date - first).days]) for date in dates)
    return Series(dates, people, tuple(file for part in parts for file in part.files))


def _found_file(folder: Path, written: str) -> Path:
    """A file by its name, whatever the case of its letters; never outside the folder."""
    name = Path(written.replace("\\", "/")).name
    exact = folder / name
    if exact.is_file() or not folder.is_dir():
        return exact
    return next((other for other in sorted(folder.iterdir()) if other.name.lower() == name.lower()), exact)
