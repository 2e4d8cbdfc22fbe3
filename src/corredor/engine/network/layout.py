"""Numbers for compartments and pools: the part of the corridor that people can reach, in the order in which the kernel visits it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace

from corredor.study.model import Model
from corredor.study.topology import Compartment, Move, Pool, make_corridor, moves_of, reached_pools

RANK = {"gate": 0, "population": 1, "stay": 2, "queue": 3}


@dataclass(frozen=True)
class Layout:
    """What people can reach, in the kernel's order: gates in flow order, populations, stays, queues.

    pools : by compartment, in it by group
    moves : by the pool they leave; each as one group takes it, so that `group_ids` holds one name
    with_capacity, queues : compartments with a capacity, and those of type queue
    """

    compartments: tuple[Compartment, ...]
    group_ids: tuple[str, ...]
    pools: tuple[Pool, ...]
    moves: tuple[Move, ...]

    @property
    def with_capacity(self) -> list[Compartment]:
        return [compartment for compartment in self.compartments if compartment.spec.capacity is not None]

    @property
    def queues(self) -> list[Compartment]:
        return [compartment for compartment in self.compartments if compartment.type == "queue"]


def make_layout(model: Model) -> Layout:
    """Compartments, the pools that can be reached from where people start, and the moves between these."""
    study = model.study
    corridor = make_corridor({place.id: place for place in model.places}, study.groups, study.compartments, model.routes)
    moves = [move for transition in study.transitions for move in moves_of(corridor, transition)]
    reached = reached_pools(corridor, moves, model.events, study.collective_attempts)
    moves_from: dict[Pool, list[Move]] = defaultdict(list)
    for move in moves:
        for group_id in move.group_ids:
            if (move.origin, group_id) in reached:
                moves_from[move.origin, group_id].append(replace(move, group_ids=(group_id,)))
    ordered = _visiting_order({compartment for compartment, _ in reached}, [m for out in moves_from.values() for m in out])
    pools = tuple((compartment, g) for compartment in ordered for g in study.groups if (compartment, g) in reached)
    return Layout(ordered, tuple(study.groups), pools, tuple(move for pool in pools for move in moves_from[pool]))


def _visiting_order(compartments: Collection[Compartment], moves: list[Move]) -> tuple[Compartment, ...]:
    """Gates so that each comes before the gates it feeds in place, then populations, stays and queues in the study's order."""
    feeds = {(m.origin, m.target) for m in moves if m.origin.type == m.target.type == "gate" and m.route is None}
    depth = dict.fromkeys(compartments, 0)
    for _ in compartments:
        for origin, target in feeds:
            depth[target] = max(depth[target], depth[origin] + 1)
    return tuple(sorted(compartments, key=lambda compartment: (RANK[compartment.type], depth[compartment], compartment.entity)))
