"""What every reader returns: the figures of one published file, with the line each stands in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a file.

    series : which of the file's series
    parts : what is counted, in the file's words: area, citizenship, demographic …
    from_, to : first and last day counted;  line, column : where it stands, from 1
    """

    series: str
    parts: Mapping[str, str]
    from_: dt.date
    to: dt.date
    value: float
    line: int
    column: int


@dataclass(frozen=True)
class Reading:
    """A file that was read.

    shown : its name for messages;  units : series → unit
    published : day of publication, where the file tells it
    remarks : what was left out and why; one sentence each
    """

    shown: str
    figures: tuple[Figure, ...]
    units: Mapping[str, str]
    published: dt.date | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Format:
    """A published format.

    read : bytes and name for messages → Reading; raises StudyError with every problem at once
    place_by, group_by : part of a figure that tells its place or its group, unless the user says otherwise
    usual_series : the series taken when a file has several and none is chosen; empty: the user chooses
    adds_up : whether figures of different parts may be summed
    overlapping : parts whose values contain each other (a total beside its parts), so that they are never summed over
    zero_when_absent : whether a place without figures in a month had none, so that a driver is 0 there and not what it was before
    complete_only : whether a period that had not ended on the day of publication is left out
    """

    name: str
    title: str
    publisher: str
    licence: str
    where: str
    read: Callable[[bytes, str], Reading]
    place_by: str = ""
    group_by: str = ""
    usual_series: str = ""
    adds_up: bool = True
    overlapping: frozenset[str] = field(default_factory=frozenset)
    zero_when_absent: bool = False
    complete_only: bool = True
