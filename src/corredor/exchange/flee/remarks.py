"""What a reader noticed in a foreign folder: numbered remarks, each with its place and what was done about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from corredor.study.problems import quoted

KINDS: dict[int, tuple[str, str]] = {
    1: ("not UTF-8", "save the file as UTF-8"),
    2: ("byte order mark", "save the file as UTF-8 without a byte order mark"),
    3: ("separated by tabs or semicolons", "separate cells by commas"),
    4: ("no header", "add the header line of the format"),
    5: ("cells missing or too many", "give every row as many cells as the header"),
    6: ("not a number", "write a plain number"),
    7: ("comment after a number", "move the comment to a line of its own that begins with #"),
    8: ("name twice", "give every place a name of its own"),
    9: ("no population", "fill in the population of the conflict zone"),
    10: ("no coordinates", "fill in latitude and longitude"),
    11: ("unknown kind of place", "one of conflict_zone, town, camp, idpcamp, marker, flood_zone, forwarding_hub"),
    12: ("coordinates exchanged", "latitude first, then longitude"),
    13: ("unknown place", "write the name as in locations.csv"),
    14: ("road twice", "delete one of the rows"),
    15: ("road from a place to itself", "delete the row"),
    16: ("road shorter than the great circle", "check the distance or the coordinates"),
    17: ("place without a road", "connect it in routes.csv, or delete it"),
    18: ("unknown kind of closure", "one of country, location, link, camp, idpcamp, remove_forced_redirection"),
    19: ("closure without effect", "check its names and dates"),
    20: ("column that is no place", "name the column as in locations.csv, or delete it"),
    21: ("intensity other than 0 or 1", "nothing: intensities are used as they are"),
    22: ("date not understood", "write YYYY-MM-DD"),
    23: ("dates out of order", "sort the rows by date"),
    24: ("date twice", "keep one value for each date"),
    25: ("value below 0", "correct the value"),
    26: ("series of a place that is not there", "add the place to locations.csv, or delete the row of data_layout.csv"),
    27: ("file missing", "add the file, or delete the row that names it"),
    28: ("correction that fits no record", "use the date of the first corrected record"),
    29: ("days missing or out of order", "one row for each day, from 0 on"),
    30: ("conflict after the table ends", "add rows up to the last day"),
    31: ("total falls", "nothing: fewer people are counted as leaving later, until the old total is reached"),
    32: ("total differs from the sum of the camps", "nothing: the settings decide which of the two is used"),
    33: ("extra column", "nothing: it is not used"),
    34: ("forced redirection", "nothing: see what was done"),
    35: ("no equivalent", "nothing: it is listed, and not used"),
    36: ("period not given", "add sim_period.csv"),
    37: ("value outside its range", "correct the value"),
    38: ("camp that nobody can reach", "connect it in routes.csv"),
    39: ("several camps without capacity", "fill in the capacity of every camp"),
    41: ("closure of a place that names a second one", "closure_type link for the road between the two"),
    42: ("people who leave are more than live in the zones", "check the populations in locations.csv"),
    43: ("departures while there is no conflict", "check the dates of conflicts.csv"),
    44: ("towns on the way", "nothing: nobody stops there"),
    45: ("detour", "nothing: see what was done"),
    46: ("no counts", "give the folder with data_layout.csv as --source-data"),
    40: ("people there on day 0", "nothing: they begin in the camp"),
}
"""Number → (what it is, safe fix). Numbers are never given a new meaning, so that a remark can be looked up."""


@dataclass(frozen=True)
class Remark:
    """One thing in a foreign folder that is odd, or has no equivalent in a study, and what was done about it.

    number : as in KINDS
    line : from 1; 0 stands for the file as a whole
    """

    number: int
    file: str
    line: int
    found: str
    done: str

    @property
    def code(self) -> str:
        return f"F{self.number:02d}"

    @property
    def kind(self) -> str:
        return KINDS[self.number][0]

    @property
    def fix(self) -> str:
        return KINDS[self.number][1]

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{self.code} {where}  {self.kind}: {self.found}; {self.done}"


@dataclass
class Remarks:
    """Remarks in the order in which they were made."""

    made: list[Remark] = field(default_factory=list)

    def add(self, number: int, file: str, line: int, found: object, done: str) -> None:
        """Note one thing; the author's own words are shortened to one line."""
        self.made.append(Remark(number, file, line, quoted(found), done))


def gathered_remarks(remarks: Iterable[Remark], most: int = 8) -> list[Remark]:
    """Each remark once; of many of one kind in one file the first ones, the last of which says how many more there are."""
    kept: list[Remark] = []
    seen: dict[tuple[int, str], int] = {}
    last_kept: dict[tuple[int, str], int] = {}
    for remark in dict.fromkeys(remarks):
        key = (remark.number, remark.file)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= most:
            last_kept[key] = len(kept)
            kept.append(remark)
    for key, number in seen.items():
        if number > most:
            old = kept[last_kept[key]]
            more = f"{old.found} (and {number - most} more like it in this file)"
            kept[last_kept[key]] = Remark(old.number, old.file, old.line, more, old.done)
    return kept
