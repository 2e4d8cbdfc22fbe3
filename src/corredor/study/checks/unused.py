"""What a study holds and nothing uses, and what its report cannot show: warnings, no problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from corredor.study.checks.facts import Facts
from corredor.study.problems import Problem
from corredor.study.reading import Entries, Written

DELETE_OR_USE = "delete it, or name it where it should count"


def check_unused(facts: Facts) -> Iterator[Problem]:
    """Parameters, seasons, latent terms and drivers that no other entry names: often a wrong name where they were meant."""
    raw = facts.raw
    users: list[Entries[Any]] = [
        raw.compartments, raw.transitions, raw.seasons, raw.latents, raw.collective_attempts, raw.outputs, raw.accounts,
        raw.measures, raw.events, raw.claims,
    ]  # fmt: skip
    if not all(entries.whole for entries in users):
        return
    named = {text for entries in users for written in entries for text in _texts(written.entry)}
    for parameter in raw.parameters:
        if parameter.name not in named:
            yield _unused(parameter, "parameter", "parameters that a rate, share, effect or other quantity names")
    terms = [term for written in raw.transitions for term in (*written.entry.changed_by, *written.entry.choice)]
    kinds: tuple[tuple[str, Entries[Any], set[str | None]], ...] = (
        ("season", raw.seasons, {term.season for term in terms}),
        ("latent term", raw.latents, {term.latent for term in terms}),
    )
    for what, entries, used in kinds:
        for entry in entries:
            if entry.name not in used:
                yield _unused(entry, what, f"a {what} that a term of `changed_by` or `choice` names")
    drivers = {term.driver for term in terms}
    seen: set[str] = set()
    for row in raw.drivers:
        name = row.entry.driver
        if name not in drivers and name not in seen:
            seen.add(name)
            yield row.problem(("driver",), f"driver `{name}`, which nothing uses", "drivers that a term names", DELETE_OR_USE)


def check_map(facts: Facts) -> Iterator[Problem]:
    """A study whose people go along routes, and whose map shows none of them for want of an output by route."""
    along = [written.entry.name for written in facts.raw.transitions if written.entry.along is not None]
    header = facts.raw.header
    if not along or header is None or not facts.raw.outputs.whole or any("route" in o.entry.by for o in facts.raw.outputs):
        return
    names = ", ".join(along)
    line = f"people_on_routes: {{title: People along each route, flow: [{names}], by: [route]}}"
    found = "no output with `by: [route]`, so the map of the report stays empty"
    yield header.problem(("outputs",), found, "an output that counts people by route", f"under `outputs`: {line}", key=True)


def _unused(written: Written[Any], what: str, expected: str) -> Problem:
    return written.problem((), f"{what} `{written.name}`, which nothing uses", expected, DELETE_OR_USE, key=True)


def _texts(value: Any) -> Iterator[str]:
    """Every text in an entry, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, Iterable):
        for one in value:
            yield from _texts(one)
