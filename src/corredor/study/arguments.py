"""What a person gives to a function of corredor, made into what it needs; a wrong value says what was found, expected, and to try."""

from __future__ import annotations

import datetime as dt
import operator
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np

from corredor.study.checks.check_header import LAST_YEAR
from corredor.study.model import Model, load_study
from corredor.study.problems import ArgumentError, Problem, StudyError, either, nearest

StudyLike = Model | str | os.PathLike[str]
"""A loaded study, its folder, or the name of a bundled one."""

FolderLike = str | os.PathLike[str]
"""A folder, as text or path."""

DateLike = dt.date | str
"""A date, text as 2018-11-30, or anything with a date of its own, such as pandas.Timestamp."""

LARGEST_SEED = 2**63 - 1

MOST = 1_000_000
"""Draws, rounds or threads: more would fill any memory long before they tell anything new."""


def study_of(study: StudyLike) -> Model:
    """A loaded study as it is; a folder or the name of a bundled study, read and checked.

    raises : StudyError with every problem of the study; ArgumentError for what is none of these
    """
    if isinstance(study, Model):
        return study
    if not isinstance(study, str | os.PathLike):
        raise ArgumentError(
            "study", repr(study), "a bundled name, a folder, or a Model", "corredor.bundled_studies() lists the names"
        )
    return load_study(study)


def check(study: StudyLike) -> tuple[Problem, ...]:
    """Every problem of a study at once; `corredor check` prints the same.

    Parameters
    ----------
    study
        A bundled name, a folder, or a loaded study.

    Returns
    -------
    tuple of Problem
        Each with file, line, column, what was found, what is expected and what to try; empty when nothing is wrong.

    Examples
    --------
    >>> check("two-towns")
    ()
    """
    try:
        study_of(study)
    except StudyError as error:
        return error.problems
    return ()


def date_of(value: DateLike, name: str, first: dt.date | None = None) -> dt.date:
    """A date without a time.

    first : the earliest day allowed
    """
    day: object = value
    if isinstance(value, str):
        with suppress(ValueError):
            day = dt.date.fromisoformat(value)
    elif isinstance(value, dt.datetime):
        day = value.date() if value == value else None  # pandas.NaT calls itself a date and is none
    if not isinstance(day, dt.date):
        raise ArgumentError(name, repr(value), "a date as 2018-11-30", f'{name}="2018-11-30"')
    if day.year > LAST_YEAR:
        raise ArgumentError(name, str(day), f"a day up to the year {LAST_YEAR}", "an earlier date")
    if first is not None and day < first:
        raise ArgumentError(name, f"{day}, before the study begins", f"a day from {first} on", "a later date")
    return day


def count_of(value: int, name: str, least: int = 1, most: int = MOST) -> int:
    """A whole number from `least` to `most`."""
    try:
        number = operator.index(value)
    except TypeError:
        number = least - 1
    if number < least or isinstance(value, bool):
        raise ArgumentError(name, repr(value), f"a whole number, {least} or more", f"{name}={max(least, 1)}")
    if number > most:
        raise ArgumentError(name, repr(value), f"a whole number from {least} to {most:,}", f"{name}={most}")
    return number


def seed_of(value: int) -> int:
    """A whole number from 0 to 2⁶³ − 1."""
    return count_of(value, "seed", least=0, most=LARGEST_SEED)


def jobs_of(value: int | None) -> int:
    """Threads; all processors unless given."""
    return os.cpu_count() or 1 if value is None else count_of(value, "jobs")


def folder_of(value: FolderLike | None, name: str) -> Path | None:
    """A folder; none where none is given."""
    if value is None:
        return None
    if not isinstance(value, str | os.PathLike) or "\0" in os.fspath(value):
        raise ArgumentError(name, repr(value), "a folder", f'{name}="runs/kept"')
    return Path(value)


def yes_of(value: bool, name: str) -> bool:
    """True or False, also of numpy; a word such as "no" would count as yes."""
    if not isinstance(value, bool | np.bool_):
        raise ArgumentError(name, repr(value), "True or False", f"{name}=True")
    return bool(value)


def names_of(value: str | Iterable[str] | None, name: str = "names") -> tuple[str, ...]:
    """Names, each once: one text, with commas between several, or a list of texts."""
    texts = (
        [value] if isinstance(value, str) else [] if value is None else list(value) if isinstance(value, Iterable) else [value]
    )
    if not all(isinstance(text, str) for text in texts):
        raise ArgumentError(name, repr(value), "a name, or a list of names", f'{name}="ONE, OTHER"')
    return tuple(dict.fromkeys(one.strip() for text in texts for one in text.split(",") if one.strip()))


def choice_of(value: str, name: str, choices: Iterable[str]) -> str:
    """One of some words."""
    known = list(choices)
    if not known:
        raise ArgumentError(name, repr(value), f"no {name}: there is none to choose from", f"{name}=None")
    if not isinstance(value, str) or value not in known:
        raise ArgumentError(name, repr(value), either(known), f'{name}="{nearest(str(value), known) or known[0]}"')
    return value
