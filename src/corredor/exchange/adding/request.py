"""What the user asks to be added, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corredor.exchange.readers.figure import Format
from corredor.exchange.readers.text import LARGEST_BYTES, bytes_of_file

NO_PART = "none"
"""Given as the part that tells the place or group: the figures are for all of them together."""


@dataclass(frozen=True)
class Published:
    """A published file.

    published : day from which its figures were known; none: the file must tell it, or only drivers are added
    """

    shown: str
    content: bytes
    published: dt.date | None


def read_published(path: Path, published: dt.date | None) -> Published:
    """A file from disk.

    raises : StudyError, when it cannot be read or is too large
    """
    wanted = f"a published file of at most {LARGEST_BYTES / 2**20:.0f} MB"
    content = bytes_of_file(path, wanted, "check the path; of a large file, download fewer years or places")
    return Published(str(path), content, published)


@dataclass(frozen=True)
class SourceFacts:
    """A row for sources.csv; empty fields are filled from the format, `id` from its name and the day of publication."""

    accessed: dt.date
    id: str = ""
    publisher: str = ""
    title: str = ""
    licence: str = ""
    url: str = ""


@dataclass(frozen=True)
class Request:
    """Figures for one output or one driver of a study.

    output, driver : exactly one of them
    series : of the file, where it has several
    place_by, group_by : part of a figure that tells its place or group; `none` for all together; unset: as the format says
    place, group : one place or group of the study for every figure
    only : part → value that figures must have
    map_file : table with the columns name and id; an empty id leaves the name out
    skip_unmatched : names that nothing matches are left out, and listed, in place of stopping
    unit : of the driver, where the study has no row of it yet
    """

    study: Path
    format: Format
    files: tuple[Published, ...]
    source: SourceFacts
    output: str | None = None
    driver: str | None = None
    series: str | None = None
    place_by: str | None = None
    group_by: str | None = None
    place: str | None = None
    group: str | None = None
    only: Mapping[str, str] = field(default_factory=dict)
    map_file: Path | None = None
    skip_unmatched: bool = False
    unit: str | None = None


@dataclass(frozen=True)
class Added:
    """What was done, or would be.

    rows : new rows as text;  revised : rows that hold no longer;  known : figures that were there already
    remarks : what was left out and why;  unmatched : name in the file → nearest name of the study, or nothing
    files : files of the study that change
    """

    rows: tuple[Mapping[str, str], ...]
    revised: tuple[str, ...]
    known: int
    remarks: tuple[str, ...]
    unmatched: Mapping[str, str]
    files: tuple[str, ...]
