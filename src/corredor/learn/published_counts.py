"""Counts of people in places as they were known on each day: by day of counting and day of publication, revisions included.

A study holds counts in observations.csv as they are believed today: after a new registration, earlier counts of a camp are rescaled.
What was published before stands in series.csv, in a series with the name of the output, whose parts are the places: a forecast that
knows nothing of later registrations reads that one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from corredor.study.model import Model

COUNTED_IN_ALL = "counted_in_all"
"""Series of series.csv with the published total of a case, which also counts people in places that publish nothing yet."""


@dataclass(frozen=True)
class PublishedCounts:
    """Published counts of one place, or of all, in order of publication.

    counted, published : (n,) int days from the study's first one, also below 0;  people : (n,) float
    """

    counted: np.ndarray
    published: np.ndarray
    people: np.ndarray

    def known_on(self, day: int) -> tuple[np.ndarray, np.ndarray]:
        """Days counted, in order, and people: for each day the last count of it that was published by `day`."""
        known = self.published <= day
        # the last of equal days wins, and rows stand in order of publication
        newest = dict(zip(self.counted[known].tolist(), self.people[known].tolist(), strict=True))
        days = sorted(newest)
        return np.array(days, dtype=float), np.array([newest[day] for day in days])


def counts_of_places(model: Model, output: str, places: tuple[str, ...], as_published: bool) -> list[PublishedCounts]:
    """Published counts of an output by place.

    as_published : as they were published before later registrations, from series.csv; where a study has none, and otherwise, from
        observations.csv
    """
    rows = {
        place: [(row.to, row.published, row.value) for row in model.series if (row.series, row.part) == (output, place)]
        for place in (places if as_published else ())
    }
    observed = [row for row in model.observations if row.output == output]
    return [
        _in_order(model, rows.get(place) or [(row.to, row.published, row.value) for row in observed if row.place == place])
        for place in places
    ]


def counts_in_all(model: Model) -> PublishedCounts:
    """The published total of the case; without rows where the study has none."""
    return _in_order(model, [(row.to, row.published, row.value) for row in model.series if row.series == COUNTED_IN_ALL])


def _in_order(model: Model, rows: Iterable[tuple[dt.date, dt.date, float | None]]) -> PublishedCounts:
    first = model.study.from_
    found = sorted(
        (max((published - first).days, (counted - first).days), (counted - first).days, value)
        for counted, published, value in rows
        if value is not None
    )
    published, counted, people = (list(column) for column in zip(*found, strict=True)) if found else ([], [], [])
    return PublishedCounts(np.array(counted, dtype=int), np.array(published, dtype=int), np.array(people, dtype=float))
