"""What is collected move by move while the network is built."""

from __future__ import annotations

from dataclasses import dataclass, field

from corredor.engine.network.terms import StateEffect


@dataclass
class Moves:
    """Columns of one entry for each move, in the order of the moves."""

    to: list[int] = field(default_factory=list)
    journey: list[int] = field(default_factory=list)
    set: list[int] = field(default_factory=list)
    is_share: list[bool] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    capacity: list[int] = field(default_factory=list)
    handles: list[int] = field(default_factory=list)
    terms: list[list[int]] = field(default_factory=list)
    choices: list[list[int]] = field(default_factory=list)
    states: list[list[StateEffect]] = field(default_factory=list)
    fixed_terms: list[tuple[int, int, float]] = field(default_factory=list)
    fixed_choice: list[tuple[int, int, float]] = field(default_factory=list)

    def add_extra(self, to_pool: int) -> int:
        """A move that no pool leaves by of itself: for events and collective attempts; returns its number."""
        self.to.append(to_pool)
        self.journey.append(-1)
        self.set.append(-1)
        self.is_share.append(False)
        self.open.append(-1)
        self.capacity.append(-1)
        self.handles.append(-1)
        self.terms.append([])
        self.choices.append([])
        self.states.append([])
        return len(self.to) - 1
