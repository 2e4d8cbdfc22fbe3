"""What the report shows of a study: which outputs as totals, by place, by group and by day, and which dates get a letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from corredor.pages.charts.fans import DateMark
from corredor.pages.charts.scales import TimeScale
from corredor.results.quantiles import MEDIAN
from corredor.results.view import GROUP_DIMENSIONS, PLACE_DIMENSIONS, Run, Series

MOST_PANELS = 12
MOST_MARKS = 6
SOME_DRAWS = 50
"""Two outputs are compared in so many draws first; hardly any differ only later."""
LETTERS = "ABCDEFGHIJ"
SMALLEST_GAP = 0.05
"""Marks closer than this share of the study would print their letters on top of each other."""


@dataclass(frozen=True)
class Parts:
    """Series of one output that get a panel each.

    words : how the output is divided, for the title; left_out : what has no panel, for the caption
    """

    words: str
    series: tuple[Series, ...]
    left_out: str = ""


def total_outputs(run: Run) -> list[str]:
    """Outputs with a total that is worth a picture: not the routes of the map, not waits that do not add up, none twice."""
    chosen: list[str] = []
    first: dict[str, np.ndarray] = {}
    for name in run.outputs:
        if run.has(name, "route") or run.is_waited(name) or (not run.adds_up(name) and run.arrays[name].ndim > 2):
            continue
        first[name] = run.drawn(Series(name)).some(slice(SOME_DRAWS))
        alike = [other for other in chosen if run.side(name) == run.side(other) and _may_be_the_same(first[name], first[other])]
        if not any(_count_the_same(run, name, other) for other in alike):
            chosen.append(name)
    return chosen


def _count_the_same(run: Run, name: str, other: str) -> bool:
    """`says_the_same` of the totals of two outputs, a block of draws at a time."""
    anybody = False
    larger, smaller = sorted((run.drawn(Series(one)) for one in (name, other)), key=lambda one: -one.array.size)
    for draws, total in larger.blocks():
        if not _may_be_the_same(total, smaller.some(draws)):
            return False
        anybody = anybody or bool(total.any())
    return anybody


def says_the_same(total: np.ndarray, other: np.ndarray) -> bool:
    """Whether two outputs count the same people, cut in another way; two series of nothing are no such case."""
    return bool(total.any()) and _may_be_the_same(total, other)


def _may_be_the_same(total: np.ndarray, other: np.ndarray) -> bool:
    return total.shape == other.shape and np.allclose(total, other, rtol=1e-9, atol=1e-6)


def parts_by_place(run: Run, table: pd.DataFrame, name: str) -> Parts | None:
    """Panels of an output by place: regions when figures are published for regions, else its own places; the largest when many.

    Places with published figures come before all others.
    """
    dimension = run.dimension_in(name, PLACE_DIMENSIONS)
    if dimension is None or run.is_waited(name):
        return None
    labels = run.labels(name, dimension)
    with_figures = set(table[(table["output"] == name) & (table["group"] == "")]["place"]) - {""}
    if dimension == "place" and not with_figures & set(labels):
        regions = list(dict.fromkeys(run.places.get(label, {}).get("region") or "" for label in labels))
        if with_figures & set(regions):
            labels = [region for region in regions if region]
    return _largest(run, "place by place", [Series(name, place=label) for label in labels], with_figures)


def parts_by_group(run: Run, name: str) -> list[Parts]:
    """Panels of an output by citizenship and by kind of group, or by group where the study has neither."""
    dimension = run.dimension_in(name, GROUP_DIMENSIONS)
    if dimension is None or not run.adds_up(name):
        return []
    labels = run.labels(name, dimension)
    fields = ("citizenship", "kind") if dimension == "group" else ()
    keys_by_field = {
        field: list(dict.fromkeys(run.model["groups"].get(label, {}).get(field) or "" for label in labels)) for field in fields
    }
    found = {field: [key for key in keys if key] for field, keys in keys_by_field.items()}
    found = {field: keys for field, keys in found.items() if len(keys) > 1} or {dimension: labels}
    made = [_largest(run, f"by {field}", [Series(name, group=key) for key in keys], set()) for field, keys in found.items()]
    return [parts for parts in made if len(parts.series) > 1]


def marked_dates(run: Run) -> list[DateMark]:
    """A few dates for the fans: departures together first, then the beginnings of the programmes that act on most; well apart."""
    along = TimeScale(np.datetime64(run.model["from"], "ns"), run.end, 0.0, 1.0)
    acting = sorted(programmes(run.model["measures"]), key=lambda programme: -sum(len(m["acts_on"]) for m in programme))
    wanted = [(event["date"], event["title"]) for event in run.model["events"]][: MOST_MARKS // 2]
    wanted += [(programme[0]["from"], programme[0]["title"]) for programme in acting]
    chosen: list[tuple[float, np.datetime64, str]] = []
    for date, title in wanted:
        at = np.datetime64(date, "ns")
        share = along(at)
        apart = all(abs(share - other) >= SMALLEST_GAP for other, _, _ in chosen)
        if 0.01 < share < 0.99 and apart and len(chosen) < MOST_MARKS:
            chosen.append((share, at, title))
    return [DateMark(letter, at, title) for letter, (_, at, title) in zip(LETTERS, sorted(chosen), strict=False)]


def programmes(measures: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Measures that act on something, those of one programme together, its beginning first: an extension does what the beginning did.

    measures : as the Dataset describes them; two are of one programme when an action of both reads the same, or they are parts of
        one agreement
    """
    found: list[list[dict[str, Any]]] = []
    for measure in sorted((m for m in measures if m["acts_on"]), key=lambda m: m["from"]):
        own = _what_it_does(measure)
        programme = next((other for other in found if any(own & _what_it_does(part) for part in other)), None)
        if programme is None:
            found.append([measure])
        else:
            programme.append(measure)
    return found


def _what_it_does(measure: dict[str, Any]) -> set[str]:
    agreement = measure.get("agreement")
    return {*measure["acts_on"], *([f"agreement {agreement}"] if agreement else [])}


def _largest(run: Run, words: str, series: list[Series], with_figures: set[str]) -> Parts:
    """The largest that are not empty, those with published figures first."""

    def key(one: Series) -> str:
        return one.place or one.group

    heights = {key(one): float(of[MEDIAN].max()) for one, of in zip(series, run.quantiles_of(series), strict=True)}
    alive = [one for one in series if heights[key(one)] > 0 or key(one) in with_figures]
    kept = sorted(alive, key=lambda one: (key(one) not in with_figures, -heights[key(one)]))[:MOST_PANELS]
    missing = len(series) - len(kept)
    return Parts(words, tuple(kept), f"Not drawn: {missing} more, smaller or empty." if missing else "")
