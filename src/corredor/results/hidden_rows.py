"""Which rows of a table of published figures must not be shown: small counts, and what would give them away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from corredor.results.small_cells import ALL, Axis, Cells, Level
from corredor.results.wording import too_few
from corredor.study.model import Model

OWN_PARTS = {
    "place": ("region", "country"), "group": ("citizenship", "kind"), "step": ("day", "week", "month"), "day": ("week", "month")
}  # fmt: skip
"""Dimension → what its labels are summed to elsewhere."""


@dataclass(frozen=True)
class Labels:
    """What places and groups are part of: id → region and country of a place; citizenship and kind of a group."""

    place: Mapping[str, Mapping[str, object]]
    group: Mapping[str, Mapping[str, object]]

    @staticmethod
    def of(model: Model) -> Labels:
        """Those of a study."""
        return Labels(
            {place.id: {"region": place.region, "country": place.country} for place in model.places},
            {name: {"citizenship": group.citizenship, "kind": group.kind} for name, group in model.study.groups.items()},
        )


def hidden_rows(table: pd.DataFrame, people: np.ndarray, labels: Labels) -> np.ndarray:
    """Rows of counts that must not be shown: (n_rows,) bool. Small ones, and of the same output and days what would give them away.

    table : columns output, place, group (empty: all together), value and perhaps low and high; from and to, or first and last
    people : (n_rows,) bool     which rows count people
    """
    days = ["from", "to"] if "from" in table else ["first", "last"]
    counts = table.assign(number=np.arange(len(table)), count=table["value"].where(people))
    for column in ("low", "high"):
        if column in table:
            # a range that ends among the small counts may hold one
            end = table[column].where(people & table["value"].isna().to_numpy())
            counts["count"] = counts["count"].where(~np.asarray(too_few(end.fillna(0).to_numpy())), end)
    hidden = np.asarray(too_few(counts["count"].fillna(0).to_numpy()))
    for column in ("low", "high"):
        if column in table:
            hidden |= np.asarray(too_few(table[column].where(people).fillna(0).to_numpy()))
    for _, rows in counts.groupby(["output", *days], sort=False):
        if len(rows) > 1 and np.any(too_few(rows["count"].fillna(0).to_numpy())):
            for by in (("place", "group"), ("place",), ("group",)):
                hidden[_hidden_rows(labels, rows, by)] = True
    hidden |= _totals_with_a_small_rest(labels, counts, days)
    series = counts.groupby(["output", "place", "group"], sort=False).ngroup().to_numpy()
    first, last = (np.array(counts[name].astype(str), dtype="datetime64[D]") for name in days)
    for rows in np.split(np.argsort(series, kind="stable"), np.cumsum(np.bincount(series))[:-1]) if len(series) else []:
        hidden[rows] |= _longer(first[rows], last[rows], counts["count"].to_numpy()[rows], hidden[rows])
    return hidden


def _longer(first: np.ndarray, last: np.ndarray, people: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Figures of a series that must not be shown beside those of fewer days: (n_rows,) bool.

    Those that count the days of a hidden one among more: less the other days they are it. And those that count fewer than five people
    more than another one for days of theirs.
    first, last : (n_rows,) dates;  people : (n_rows,) float;  hidden : (n_rows,) bool     figures that are not shown anyway
    """
    found = np.zeros(len(first), dtype=bool)
    spans = np.unique(np.array([first, last]), axis=1)
    if (spans[0, 1:] > spans[1, :-1]).all():
        return found  # none counts days of another one
    for at in range(len(first)):
        holds = (first <= first[at]) & (last >= last[at]) & ((first < first[at]) | (last > last[at]))
        found |= holds & (bool(hidden[at]) | np.asarray(too_few(np.nan_to_num(people - people[at]))))
    return found


def _totals_with_a_small_rest(known: Labels, counts: pd.DataFrame, days: list[str]) -> np.ndarray:
    """Totals that count fewer than five people more than all their parts, those of a place or group left out: (n_rows,) bool."""
    found = np.zeros(len(counts), dtype=bool)
    last = counts.drop_duplicates(["output", "place", "group", *days], keep="last")
    for name, other in (("place", "group"), ("group", "place")):
        same, parts = ["output", other, *days], last[last[name].isin(list(getattr(known, name)))]
        sums = parts.groupby(same, sort=False, as_index=False)["count"].sum(min_count=1).rename(columns={"count": "parts"})
        totals = last[last[name] == ""].merge(sums, on=same)
        few = totals[np.asarray(too_few(np.nan_to_num((totals["count"] - totals["parts"]).to_numpy())))]
        if len(few):
            found |= (counts[name] == "").to_numpy() & pd.MultiIndex.from_frame(counts[same]).isin(
                pd.MultiIndex.from_frame(few[same])
            )
    return found


def _hidden_rows(known: Labels, rows: pd.DataFrame, by: tuple[str, ...]) -> list[int]:
    """Numbers of the rows that must not be shown, seen as a table by place, group or both with its sums.

    Of revisions the last one counts, but where one was small that one: what stands beside it would give it away.
    """
    for name in ("place", "group"):
        rows = rows if name in by else rows[rows[name] == ""]
    labels, axes = [], []
    for name in by:
        parts_of = getattr(known, name)
        given = [label for label in dict.fromkeys(rows[name]) if label]
        own = [label for label in given if label in parts_of] or given
        labels.append(own)
        parts = {key: [parts_of.get(label, {}).get(key) or label for label in own] for key in OWN_PARTS[name]}
        axes.append((Axis.of(len(own), parts), parts))
    if not all(labels):
        return []

    def place_of(row: Mapping[str, Any]) -> tuple[Level, tuple[int, ...]] | None:
        found = [_level_and_code(row[name], own, *axis) for name, own, axis in zip(by, labels, axes, strict=True)]
        known_ = [one for one in found if one is not None]
        return (tuple(level for level, _ in known_), tuple(code for _, code in known_)) if len(known_) == len(by) else None

    people = np.full([len(own) for own in labels], np.nan)
    places = [place_of(row) for row in rows.to_dict("records")]
    for place, count in zip(places, rows["count"], strict=True):
        if place is not None and not any(place[0]) and not too_few(people[place[1]]):
            people[place[1]] = count
    cells = Cells(people, tuple(axis for axis, _ in axes))
    return [
        int(n) for place, n in zip(places, rows["number"], strict=True) if place is not None and cells.hidden[place[0]][place[1]]
    ]


def _level_and_code(label: str, own: list[str], axis: Axis, parts: Mapping[str, list[object]]) -> tuple[int, int] | None:
    """Where a label stands on an axis: as one of its own, as a country of them, as all of them; none if it is not there."""
    if not label:
        return axis.levels[ALL], 0
    if label in own:
        return 0, own.index(label)
    key = next((key for key in parts if label in parts[key]), None)
    return None if key is None else (axis.levels[key], int(axis.codes[axis.levels[key]][parts[key].index(label)]))
