"""A whole foreign folder: every file read, every remark made, nothing written yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corredor.exchange.flee.attributes import Attributes, read_attributes
from corredor.exchange.flee.closures import Closure, read_closures
from corredor.exchange.flee.conflicts import Changes, last_day_of, read_conflicts
from corredor.exchange.flee.locations import CAMP, Location, read_locations
from corredor.exchange.flee.remarks import Remark, Remarks
from corredor.exchange.flee.roads import Road, read_roads, with_positions
from corredor.exchange.flee.rows import cell_number, read_table
from corredor.exchange.flee.series import Series, read_corrections, read_source_data
from corredor.exchange.flee.settings import Settings, read_settings
from corredor.exchange.readers.calendar import written_date
from corredor.study.problems import Problem, StudyError

LONGEST_DAYS = 20_000
"""A longer period is taken for a mistake."""

FALLBACK_DAYS = 365
"""Length of the period where no file says it."""

_READ = {"locations.csv", "routes.csv", "conflicts.csv", "closures.csv", "registration_corrections.csv", "sim_period.csv"}


@dataclass(frozen=True)
class FleeFolder:
    """A Flee folder as far as it could be understood.

    first_date, n_days : the period;  locations : name → place;  conflicts : name → intensity of conflict by day
    total, camps : published counts;  camps are those with counts
    """

    name: str
    input_dir: Path
    source_dir: Path | None
    first_date: dt.date
    n_days: int
    locations: Mapping[str, Location]
    roads: tuple[Road, ...]
    conflicts: Mapping[str, Changes]
    closures: tuple[Closure, ...]
    total: Series | None
    camps: Mapping[str, Series]
    attributes: Attributes
    settings: Settings
    remarks: tuple[Remark, ...] = field(default=())

    @property
    def last_date(self) -> dt.date:
        return self.first_date + dt.timedelta(days=self.n_days - 1)


def read_folder(input_dir: Path, source_dir: Path | None = None, settings_file: Path | None = None) -> FleeFolder:
    """Read a folder of Flee 3, as tolerantly as can be.

    input_dir : the folder with locations.csv, or the one above it, which also holds source_data
    source_dir : the folder with data_layout.csv; source_data beside the input unless given
    settings_file : simsetting.yml; the one beside the input, if there is one, unless given
    raises : StudyError, when there is nothing to make a study of
    """
    inner = input_dir / "input_csv"
    if not (input_dir / "locations.csv").is_file() and inner.is_dir():
        input_dir = inner
    remarks = Remarks()
    if not (input_dir / "locations.csv").is_file():
        expected = "a folder with locations.csv and routes.csv, or one with input_csv"
        raise StudyError([Problem(str(input_dir), 0, 0, "no locations.csv", expected, "the folder input_csv of the case")])
    beside = input_dir.parent
    if source_dir is None and (beside / "source_data").is_dir():
        source_dir = beside / "source_data"
    if settings_file is None:
        settings_file = next((path for path in (beside / "simsetting.yml", input_dir / "simsetting.yml") if path.is_file()), None)
    locations = {location.name: location for location in read_locations(input_dir / "locations.csv", remarks)}
    roads = read_roads(input_dir / "routes.csv", locations, remarks)
    locations = {location.name: location for location in with_positions(list(locations.values()), roads)}
    conflicts = read_conflicts(input_dir / "conflicts.csv", locations, remarks)
    closures = read_closures(input_dir / "closures.csv", locations, roads, remarks)
    total, camps = read_source_data(source_dir, locations, remarks) if source_dir is not None else (None, {})
    camps = read_corrections(input_dir / "registration_corrections.csv", camps, locations, remarks)
    first_date, n_days = _period(input_dir, total, camps, remarks)
    attributes = read_attributes(input_dir, locations, remarks)
    if not conflicts and "flood_level" in attributes.drivers:
        floods = attributes.drivers["flood_level"]
        conflicts = {name: changes for name, changes in floods.items() if any(value > 0 for _, value in changes)}
        remarks.add(
            21, str(input_dir / "flood_level.csv"), 0, "floods and no conflict", "people leave where and while water stands"
        )
    for path in sorted(input_dir.iterdir()):
        if path.is_file() and path.name not in _READ and path not in attributes.files and not path.name.startswith("."):
            remarks.add(35, str(path), 0, path.name, "not used")
    folder = FleeFolder(
        name=beside.name if input_dir.name == "input_csv" else input_dir.name,
        input_dir=input_dir,
        source_dir=source_dir,
        first_date=first_date,
        n_days=n_days,
        locations=locations,
        roads=tuple(roads),
        conflicts=conflicts,
        closures=tuple(closures),
        total=total,
        camps=camps,
        attributes=attributes,
        settings=read_settings(settings_file, remarks),
    )
    _look_at_the_whole(folder, remarks)
    _refuse_the_impossible(folder)
    return FleeFolder(**{**folder.__dict__, "remarks": tuple(remarks.made)})


def _period(input_dir: Path, total: Series | None, camps: Mapping[str, Series], remarks: Remarks) -> tuple[dt.date, int]:
    path = input_dir / "sim_period.csv"
    first: dt.date | None = None
    length: int | None = None
    if path.is_file():
        table = read_table(path, remarks, headers=())
        for row in table.rows:
            word = row.cell(0).lower().replace("_", "").replace(" ", "")
            if word.startswith("startdate"):
                first = written_date(row.cell(1))
                if first is None:
                    remarks.add(22, table.file, row.line, row.cell(1), "the first date of the counts is taken")
            elif word.startswith("length"):
                number = cell_number(row.cell(1), remarks, table.file, row.line)
                if number is None or not 1 <= number <= LONGEST_DAYS:
                    remarks.add(37, table.file, row.line, f"length {row.cell(1)}", "the length of the tables is taken")
                else:
                    length = int(number)
    dates = [date for series in (total, *camps.values()) if series is not None for date in series.dates]
    if first is None:
        first = min(dates, default=dt.date(2000, 1, 1))
        remarks.add(36, str(path), 0, "no first day", f"{first} is taken" + ("" if dates else ", for want of any date"))
    if length is None:
        last_row = last_day_of(input_dir / "conflicts.csv")
        length = last_row + 1 if last_row else (max(dates) - first).days + 1 if dates and max(dates) > first else FALLBACK_DAYS
        length = min(max(length, 2), LONGEST_DAYS)
        remarks.add(36, str(path), 0, "no length", f"{length} days are taken")
    return first, max(length, 2)


def _look_at_the_whole(folder: FleeFolder, remarks: Remarks) -> None:
    """Remarks that need more than one file."""
    linked = {road.start for road in folder.roads} | {road.end for road in folder.roads}
    file = str(folder.input_dir / "locations.csv")
    for location in folder.locations.values():
        if location.name not in linked:
            remarks.add(17, file, location.line, location.name, "left out")
        if location.name in folder.conflicts and not location.people and location.kind != CAMP:
            done = "nobody leaves from here while there is conflict elsewhere, as in Flee"
            remarks.add(9, file, location.line, location.name, done)
    last = last_day_of(folder.input_dir / "conflicts.csv")
    if last is not None and last + 1 < folder.n_days:
        found = f"rows up to day {last}, period of {folder.n_days} days"
        remarks.add(30, str(folder.input_dir / "conflicts.csv"), 0, found, "the last row holds to the end")


def _refuse_the_impossible(folder: FleeFolder) -> None:
    """Without places, conflict or somewhere to go there is nothing to simulate."""
    file = str(folder.input_dir / "locations.csv")
    problems: list[Problem] = []
    if not folder.locations:
        problems.append(Problem(file, 1, 1, "no place in it", "a row for each place", "the format's own locations.csv"))
    else:
        if not folder.conflicts:
            found, expected = "no place with conflict", "a conflict_zone in locations.csv or a 1 in conflicts.csv"
            problems.append(Problem(file, 1, 1, found, expected, "conflict_zone as location_type, and its population"))
        if not any(location.kind == CAMP for location in folder.locations.values()):
            problems.append(Problem(file, 1, 1, "no camp", "a place with location_type camp", "add the camps and their capacity"))
        if not folder.roads:
            roads = str(folder.input_dir / "routes.csv")
            expected = "a row name1,name2,distance for each road"
            problems.append(Problem(roads, 1, 1, "no road between places that exist", expected, "the format's own routes.csv"))
    if problems:
        raise StudyError(problems)
