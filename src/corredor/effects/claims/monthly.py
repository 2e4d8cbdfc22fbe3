"""Months of a published series, without holes, as design-based estimates need them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corredor.effects.claims.independence import listed_sources
from corredor.effects.claims.published_bounds import known_rows, value_range
from corredor.study.calendar import is_whole_month
from corredor.study.schema import SeriesValue
from corredor.study.selectors import parts_in


@dataclass(frozen=True)
class Months:
    """months : (n,) datetime64[M], one after the other; values : (n,) float, in the unit of the series"""

    months: np.ndarray
    values: np.ndarray
    unit: str
    sources: tuple[str, ...]


def monthly_series(series: Sequence[SeriesValue], name: str, part: str | list[str] | None, as_of: dt.date) -> Months | None:
    """The longest unbroken run of months up to the last one that all parts have; none when there is no month.

    Of several figures for the same month the one published last counts.
    """
    of_parts: list[dict[np.datetime64, float]] = []
    sources: dict[str, None] = {}
    unit = ""
    for one in parts_in(part):
        found: dict[np.datetime64, float] = {}
        for row in sorted(known_rows(series, name, one, as_of), key=lambda row: row.published):
            if is_whole_month(row.from_, row.to):
                found[np.datetime64(row.from_, "M")] = _middle(row)
                sources |= dict.fromkeys(listed_sources(row.source))
                unit = row.unit
        of_parts.append(found)
    common = sorted(set.intersection(*(set(found) for found in of_parts)))
    if not common:
        return None
    run = [common[-1]]
    while run[-1] - 1 in set(common):
        run.append(run[-1] - 1)
    months = np.array(run[::-1])
    values = np.array([sum(found[month] for found in of_parts) for month in months])
    return Months(months, values, unit, tuple(sources))


def _middle(row: SeriesValue) -> float:
    low, high = value_range(row)
    return row.value if row.value is not None else (low + high) / 2 if np.isfinite(high) else low
