"""Outputs become cells: where in the kernel's array each flow, stock and wait is summed, and what every cell is called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from corredor.engine.network.calendar import FREQUENCIES, Calendar
from corredor.study.model import Model
from corredor.study.schema import Every, Output, Place, Route
from corredor.study.selectors import label, matches_group, matches_place, names_in

WAIT_EDGES_DAYS = np.array([0, 1, 3, 7, 14, 21, 28, 42, 56, 84, 112, 168, 252, 365], dtype=float)
"""Lower edges of the classes of days waited; the last one is open."""


@dataclass(frozen=True)
class Countable:
    """Something whose people an output can count: a move, a journey, a pool or a queue, with the place and group it stands for."""

    number: int
    name: str
    place: Place
    group_id: str | None
    route: Route | None = None


@dataclass(frozen=True)
class Countables:
    """All countables of a network.

    moves : flows counted when people set off, at the place they leave
    journeys, landings : flows counted on arrival, by journey and, for moves in place, by move
    pools, queues : stocks and waits, named by status; a wait is that of all groups together
    """

    moves: list[Countable] = field(default_factory=list)
    journeys: list[Countable] = field(default_factory=list)
    landings: list[Countable] = field(default_factory=list)
    pools: list[Countable] = field(default_factory=list)
    queues: list[Countable] = field(default_factory=list)


@dataclass(frozen=True)
class Block:
    """Cells of one output: its own dimensions with their labels, then the periods, last index fastest."""

    output: str
    every: Every
    dimensions: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    first_cell: int
    n_periods: int

    @property
    def shape(self) -> tuple[int, ...]:
        return (*(len(labels) for labels in self.labels), self.n_periods)

    @property
    def end_cell(self) -> int:
        return self.first_cell + int(np.prod(self.shape))


class Record(NamedTuple):
    """What to add where: a countable, the first of its cells, the reporting frequency, and how far apart cells of one period are."""

    countable: int
    cell: int
    frequency: int
    stride: int


@dataclass(frozen=True)
class Recording:
    """All cells of a study and the records that fill them."""

    blocks: list[Block] = field(default_factory=list)
    departures: list[Record] = field(default_factory=list)
    arrivals: list[Record] = field(default_factory=list)
    stocks: list[Record] = field(default_factory=list)
    waits: list[Record] = field(default_factory=list)
    waited: list[Record] = field(default_factory=list)

    @property
    def n_cells(self) -> int:
        return self.blocks[-1].end_cell if self.blocks else 0


def make_recording(model: Model, calendar: Calendar, countables: Countables) -> Recording:
    """Lay out the outputs of a study."""
    recording = Recording()
    for name, output in model.study.outputs.items():
        if output.sum_of is None:
            wanted = set(names_in(output.flow or output.stock or output.expected_wait or output.days_waited))
            counted = [
                (records, countable)
                for records, of_kind in _kinds(recording, countables, output)
                for countable in of_kind
                if countable.name in wanted and _counts(model, output, countable)
            ]
            block = _block(model, calendar, name, recording.n_cells, [countable for _, countable in counted])
            recording.blocks.append(block)
            for records, countable in counted:
                labels = [_key(model, dimension, countable) for dimension in output.by]
                if None not in labels:
                    records.append(_record(block, countable, labels))
    return recording


def _kinds(recording: Recording, countables: Countables, output: Output) -> list[tuple[list[Record], list[Countable]]]:
    """What an output of this kind can count, and where it is recorded."""
    if output.flow is not None and output.counted == "setting_off":
        return [(recording.departures, countables.moves)]
    if output.flow is not None:
        return [(recording.arrivals, countables.journeys), (recording.departures, countables.landings)]
    if output.stock is not None:
        return [(recording.stocks, countables.pools)]
    return [(recording.waits if output.expected_wait is not None else recording.waited, countables.queues)]


def _block(model: Model, calendar: Calendar, name: str, first_cell: int, counted: list[Countable]) -> Block:
    output = model.study.outputs[name]
    dimensions: list[str] = list(output.by)
    labels = [_labels(model, dimension, [_key(model, dimension, countable) for countable in counted]) for dimension in output.by]
    if output.days_waited is not None:
        dimensions.append("wait_bin")
        labels.append(tuple(f"{edge:g}" for edge in WAIT_EDGES_DAYS))
    return Block(name, output.every, tuple(dimensions), tuple(labels), first_cell, len(calendar.period_starts[output.every]))


def _record(block: Block, countable: Countable, labels: list[str | None]) -> Record:
    axes = zip(block.labels, labels, strict=False)  # days waited are an axis that the kernel goes along itself
    at = [axis.index(name) for axis, name in axes if name is not None]
    at += [0] * (len(block.shape) - len(at))
    offset = int(np.ravel_multi_index(at, block.shape))
    return Record(countable.number, block.first_cell + offset, FREQUENCIES.index(block.every), block.n_periods)


def _counts(model: Model, output: Output, countable: Countable) -> bool:
    group_ok = countable.group_id is None or matches_group(
        output.groups, countable.group_id, model.study.groups[countable.group_id]
    )
    return group_ok and matches_place(output.at, countable.place)


def _key(model: Model, dimension: str, countable: Countable) -> str | None:
    return label(dimension, model.study.groups, countable.place, countable.group_id, countable.route)


def _labels(model: Model, dimension: str, keys: Iterable[str | None]) -> tuple[str, ...]:
    """Labels that occur, in the order of the study's files."""
    seen, groups = set(keys), model.study.groups
    order = [label(dimension, groups, place=place) for place in model.places]
    order += [label(dimension, groups, group_id=group_id) for group_id in groups]
    order += [label(dimension, groups, route=route) for route in model.routes]
    return tuple(dict.fromkeys(key for key in order if key is not None and key in seen))
