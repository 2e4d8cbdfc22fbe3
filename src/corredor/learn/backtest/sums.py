"""Totals of the published series of an output, as series of their own: over places, over groups, over both.

A total is known where every part is, so it is forecast from its own months by the simple methods, and by corredor from the same draws as
its parts. One that the study publishes itself is not made a second time, and waits in days do not add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corredor.learn.monthly_series import MonthlySeries, SeriesName
from corredor.study.model import Model
from corredor.study.schema import Observation


def sums_of(series: Sequence[MonthlySeries], model: Model) -> list[MonthlySeries]:
    """Totals of two or more series of an output, each with the names of its parts.

    Series count as parts of one total when their places are all places, all regions or all countries, and their groups all groups, all
    citizenships or all kinds, so that nobody is counted twice by how they are named. Who is counted at two places is in both.
    """
    made = []
    for output in dict.fromkeys(one.name.output for one in series):
        if not adds_up(model, output):
            continue
        known = {one.name: one for one in series if one.name.output == output and one.figures}
        for name, parts in _totals(known):
            if name in {one.name for one in series} or len(parts) < 2 or not _told_apart_alike(parts, model):
                continue
            figures = _summed(name, [known[part] for part in parts])
            if figures:
                made.append(MonthlySeries(name, figures, 0, tuple(parts)))
    return made


def adds_up(model: Model, name: str) -> bool:
    """Whether an output counts people, which add up, and not days of waiting."""
    outputs = model.study.outputs
    counted = [outputs[part] for part in outputs[name].sum_of or {name: 1}]
    return all(output.days_waited is None and output.expected_wait is None for output in counted)


def _totals(known: Iterable[SeriesName]) -> list[tuple[SeriesName, list[SeriesName]]]:
    """Every total that could be made of these series, with its parts: over places first."""
    names = list(known)
    found: dict[SeriesName, list[SeriesName]] = {}
    for name in names:
        if name.place:
            found.setdefault(SeriesName(name.output, "", name.group), []).append(name)
    for name in names:
        if name.group:
            total = SeriesName(name.output, name.place, "")
            parts = found.setdefault(total, [])
            if not any(not part.group for part in parts):
                parts.append(name)
    both = [name for name in names if name.place and name.group]
    if both:
        found.setdefault(SeriesName(both[0].output, "", ""), both)
    return list(found.items())


def _told_apart_alike(parts: Sequence[SeriesName], model: Model) -> bool:
    """Whether the places of the parts are labels of one kind, and their groups too."""
    places, groups = model.places, model.study.groups
    kinds_of_place: list[set[str | None]] = [
        {place.id for place in places},
        {place.region for place in places},
        {place.country for place in places},
    ]
    kinds_of_group: list[set[str | None]] = [
        set(groups),
        {group.citizenship for group in groups.values()},
        {group.kind for group in groups.values()},
    ]
    return all(
        not labels or any(labels <= kind for kind in kinds)
        for labels, kinds in (
            ({part.place for part in parts if part.place}, kinds_of_place),
            ({part.group for part in parts if part.group}, kinds_of_group),
        )
    )


def _summed(name: SeriesName, parts: Sequence[MonthlySeries]) -> dict[int, tuple[Observation, ...]]:
    """Figures of a total: months of which every part is published, from the day of the last part on, with every later revision."""
    months = set.intersection(*(set(part.figures) for part in parts))
    return {month: _versions(name, [part.figures[month] for part in parts]) for month in sorted(months)}


def _versions(name: SeriesName, parts: Sequence[tuple[Observation, ...]]) -> tuple[Observation, ...]:
    complete = max(rows[0].published for rows in parts)
    days = sorted({row.published for rows in parts for row in rows if row.published > complete} | {complete})
    counts = {"place": name.place or None, "group": name.group or None, "note": None}
    versions = []
    for day in days:
        people = sum(next(row.value or 0.0 for row in reversed(rows) if row.published <= day) for rows in parts)
        versions.append(parts[0][0].model_copy(update={**counts, "value": people, "published": day}))
    return tuple(versions)
