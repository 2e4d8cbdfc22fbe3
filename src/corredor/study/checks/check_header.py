"""The single fields of study.yaml: dates, step, and that there is something to simulate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from corredor.study.checks.facts import Facts
from corredor.study.problems import Problem
from corredor.study.reading import Entries

STEPS_DAYS = (0.25, 1.0, 7.0)

FIRST_YEAR, LAST_YEAR = 1800, 2200
"""A year outside is a slip of the pen, and would be simulated day by day."""


def study_dates(facts: Facts) -> tuple[dt.date, dt.date] | None:
    """First and last day of the study; none when they are not known or the wrong way round."""
    header = facts.raw.header
    if header is None or {"from", "to"} & facts.raw.unreadable_fields or header.entry.to < header.entry.from_:
        return None
    return header.entry.from_, header.entry.to


def check_header(facts: Facts) -> Iterator[Problem]:
    """Problems of the single fields of study.yaml."""
    header = facts.raw.header
    if header is None:
        return
    study, unreadable = header.entry, facts.raw.unreadable_fields
    if not {"from", "to"} & unreadable and study.to < study.from_:
        found, expected = f"to {study.to}, before from {study.from_}", "a last day on or after the first"
        yield header.problem(("to",), found, expected, "exchange the dates")
    if "step_days" not in unreadable and study.step_days not in STEPS_DAYS:
        close = min(STEPS_DAYS, key=lambda step: abs(step - study.step_days))
        expected = "one of 0.25, 1, 7 (six hours, a day, a week)"
        yield header.problem(("step_days",), f"{study.step_days:g}", expected, f"step_days: {close:g}")
    for key in ("from", "to"):
        date = study.from_ if key == "from" else study.to
        if key not in unreadable and not FIRST_YEAR <= date.year <= LAST_YEAR:
            expected = f"a date between the years {FIRST_YEAR} and {LAST_YEAR}"
            yield header.problem((key,), str(date), expected, "correct the year")
    raw = facts.raw
    filled: dict[str, Entries[Any]] = {
        "groups": raw.groups,
        "compartments": raw.compartments,
        "transitions": raw.transitions,
        "outputs": raw.outputs,
    }
    for key, entries in filled.items():
        if entries.readable and not entries.written and not entries.broken:
            yield header.problem((key,), f"no {key}", f"at least one entry in `{key}`", "add one", key=True)
