"""Every series that a study holds, one row each: what it counts, from when to when, its gaps, when it was published, and by whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from corredor.effects.claims.independence import listed_sources
from corredor.study.model import Model

MOST_GAPS_NAMED = 3

Row = TypeVar("Row")

Span = tuple[dt.date, dt.date]


def data_of(model: Model) -> Iterator[dict[str, Any]]:
    """Published figures of outputs, then drivers, then series that claims are held against."""
    yield from _observations(model)
    yield from _drivers(model)
    yield from _series(model)


def _observations(model: Model) -> Iterator[dict[str, Any]]:
    for (output, place, group), rows in _grouped(model.observations, "output", "place", "group"):
        yield {
            "kind": "figure",
            "name": model.study.outputs[output].title,
            "of": ", ".join(_name(model, part) for part in (place, group) if part),
            "unit": "days" if model.study.outputs[output].expected_wait is not None else "people",
            **_told([(row.from_, row.to) for row in rows], [row.published for row in rows], [row.source for row in rows]),
            "provisional": sum(row.status == "provisional" for row in rows),
        }


def _drivers(model: Model) -> Iterator[dict[str, Any]]:
    for (driver, place), rows in _grouped(model.drivers, "driver", "place"):
        dates = sorted(row.date for row in rows)
        # a value holds until the next one, so a driver has no gaps; the study does not say when it was published
        yield {
            "kind": "driver",
            "name": driver.replace("_", " "),
            "of": "" if place == "*" else _name(model, place),
            "unit": rows[0].unit,
            "figures": len(rows),
            "from": dates[0].isoformat(),
            "to": dates[-1].isoformat(),
            "gaps": [],
            "n_gaps": 0,
            "published": None,
            "revised": 0,
            "source": _sources(row.source for row in rows),
            "provisional": 0,
        }


def _series(model: Model) -> Iterator[dict[str, Any]]:
    for (name, part), rows in _grouped(model.series, "series", "part"):
        yield {
            "kind": "series",
            "name": name.replace("_", " "),
            "of": _name(model, part) if part else "",
            "unit": rows[0].unit,
            **_told([(row.from_, row.to) for row in rows], [row.published for row in rows], [row.source for row in rows]),
            "provisional": 0,
        }


def _told(spans: Sequence[Span], published: Sequence[dt.date], sources: Iterable[str]) -> dict[str, Any]:
    gaps = gaps_between(spans)
    return {
        "figures": len(set(spans)),
        "from": min(first for first, _ in spans).isoformat(),
        "to": max(last for _, last in spans).isoformat(),
        "gaps": [[first.isoformat(), last.isoformat()] for first, last in gaps[:MOST_GAPS_NAMED]],
        "n_gaps": len(gaps),
        "published": [min(published).isoformat(), max(published).isoformat()],
        "revised": len(spans) - len(set(spans)),
        "source": _sources(sources),
    }


def gaps_between(spans: Iterable[Span]) -> list[Span]:
    """First and last day of every stretch between the first and last figure that no figure covers. Figures of single days have none."""
    ordered = sorted(set(spans))
    if all(first == last for first, last in ordered):
        return []
    gaps, covered = [], ordered[0][1]
    for first, last in ordered[1:]:
        if (first - covered).days > 1:
            gaps.append((covered + dt.timedelta(days=1), first - dt.timedelta(days=1)))
        covered = max(covered, last)
    return gaps


def _grouped(rows: Iterable[Row], *names: str) -> Iterator[tuple[list[str], list[Row]]]:
    """Rows that have the same in all these fields, and what they have there; empty for nothing."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(getattr(row, name) or "" for name in names), []).append(row)
    for key, some in found.items():
        yield list(key), some


def _sources(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for text in texts for name in listed_sources(text)))


def _name(model: Model, key: str) -> str:
    place = next((place.name for place in model.places if place.id == key), None)
    group = model.study.groups.get(key)
    return place or (group.title if group is not None and group.title else key.replace("_", " "))
