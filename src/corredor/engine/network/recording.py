"""Outputs become cells: where in the kernel's array each flow, stock and wait is summed, and what every cell is called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from corredor.engine.network.calendar import FREQUENCIES, Calendar
from corredor.study.model import Model
from corredor.study.schema import Every, Output, Place, Route
from corredor.study.selectors import label, matches_group, matches_place

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


@dataclass(frozen=True)
class Records:
    """One row for each (countable, cell): what to add where, at which reporting frequency."""

    countable: list[int]
    cell: list[int]
    frequency: list[int]
    stride: list[int]


@dataclass(frozen=True)
class Recording:
    """All cells of a study and the records that fill them."""

    blocks: tuple[Block, ...]
    n_cells: int
    departures: Records
    arrivals: Records
    stocks: Records
    waits: Records
    waited: Records


def make_recording(model: Model, calendar: Calendar, countables: Countables) -> Recording:
    """Lay out the outputs of a study."""
    recording = Recording((), 0, *(Records([], [], [], []) for _ in range(5)))
    blocks, n_cells = [], 0
    for name, output in model.study.outputs.items():
        if output.sum_of is not None:
            continue
        sources: list[tuple[Records, Countable]] = []
        if output.flow is not None and output.counted == "setting_off":
            sources = _named(recording.departures, countables.moves, output.flow)
        elif output.flow is not None:
            sources = _named(recording.arrivals, countables.journeys, output.flow) + _named(
                recording.departures, countables.landings, output.flow
            )
        elif output.stock is not None:
            sources = _named(recording.stocks, countables.pools, output.stock)
        elif output.expected_wait is not None:
            sources = _named(recording.waits, countables.queues, output.expected_wait)
        elif output.days_waited is not None:
            sources = _named(recording.waited, countables.queues, output.days_waited)
        block = _fill(model, calendar, name, output, n_cells, sources)
        blocks.append(block)
        n_cells = block.end_cell
    return Recording(
        tuple(blocks), n_cells, recording.departures, recording.arrivals, recording.stocks, recording.waits, recording.waited
    )


def _named(records: Records, countables: Iterable[Countable], names: str | list[str]) -> list[tuple[Records, Countable]]:
    wanted = {names} if isinstance(names, str) else set(names)
    return [(records, countable) for countable in countables if countable.name in wanted]


def _fill(
    model: Model, calendar: Calendar, name: str, output: Output, first_cell: int, sources: list[tuple[Records, Countable]]
) -> Block:
    counted = [(records, countable) for records, countable in sources if _counts(model, output, countable)]
    dimensions = [*output.by, *(["wait_bin"] if output.days_waited is not None else [])]
    labels = [_labels(model, dimension, [_key(model, dimension, c) for _, c in counted]) for dimension in output.by]
    if output.days_waited is not None:
        labels.append(tuple(f"{edge:g}" for edge in WAIT_EDGES_DAYS))
    n_periods = len(calendar.period_starts[output.every])
    block = Block(name, output.every, tuple(dimensions), tuple(labels), first_cell, n_periods)
    strides = [int(np.prod(block.shape[i + 1 :])) for i in range(len(block.shape) - 1)]
    for records, countable in counted:
        keys = [_key(model, dimension, countable) for dimension in output.by]
        if any(key is None for key in keys):
            continue
        cell = first_cell + sum(
            stride * axis.index(key) for stride, axis, key in zip(strides, labels, keys, strict=False) if key is not None
        )
        records.countable.append(countable.number)
        records.cell.append(cell)
        records.frequency.append(FREQUENCIES.index(output.every))
        records.stride.append(n_periods)
    return block


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
