"""The network while it is built: what it is made from, and the numbers that names have so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from corredor.engine.network.calendar import Calendar, make_calendar
from corredor.engine.network.covariates import Covariates
from corredor.engine.network.journeys import Branch
from corredor.engine.network.layout import Layout, make_layout
from corredor.engine.network.quantities import Quantities
from corredor.engine.network.recording import Countable, Countables
from corredor.engine.network.terms import Window
from corredor.study.model import Model
from corredor.study.schema import Place
from corredor.study.topology import Compartment, Pool


@dataclass(frozen=True)
class MoveNumbers:
    """A move in numbers; −1 is none. With `to` alone: one that no pool leaves by of itself, for events and collective attempts.

    terms, choices : its terms that change with time
    states : kind of a state term, queue or capacity it looks at, row of its effect
    """

    to: int
    set: int = -1
    is_share: bool = False
    journey: int = -1
    open: int = -1
    capacity: int = -1
    handles: int = -1
    terms: tuple[int, ...] = ()
    choices: tuple[int, ...] = ()
    states: tuple[tuple[int, int, int], ...] = ()

    @property
    def has_state(self) -> bool:
        return self.capacity >= 0 or self.handles >= 0 or bool(self.states)

    @property
    def has_date(self) -> bool:
        return bool(self.terms or self.choices) or self.open >= 0


@dataclass(frozen=True)
class Set:
    """A transition out of a pool: row of its rate or share, and the pool."""

    number: int
    row: int
    is_share: bool
    pool: int


@dataclass(frozen=True)
class Journey:
    """People of a group on their way by one transition to one pool; `row` is of the speed if km is given, else of the time."""

    number: int
    to_pool: int
    km: float | None
    row: int
    branches: tuple[Branch, ...]


@dataclass
class Draft:
    """What a network is made from, and what is numbered on the way.

    sets : (pool, transition) → set
    windows : when a move is open → number of the window
    handles : row of a quantity → number of the effort
    terms : (row, coefficient, series) → number of the term
    fixed_terms, fixed_choice : (move, row, coefficient) of terms that do not change with time
    """

    model: Model
    calendar: Calendar
    quantities: Quantities
    covariates: Covariates
    layout: Layout
    pool_number: dict[Pool, int]
    queue_number: dict[Compartment, int]
    capacity_number: dict[Compartment, int]
    compartment_at: dict[tuple[str, str], Compartment]
    countables: Countables
    moves: list[MoveNumbers] = field(default_factory=list)
    sets: dict[tuple[int, str], Set] = field(default_factory=dict)
    journeys: dict[tuple[object, ...], Journey] = field(default_factory=dict)
    windows: dict[Window, int] = field(default_factory=dict)
    handles: dict[int, int] = field(default_factory=dict)
    terms: dict[tuple[int, float, int], int] = field(default_factory=dict)
    fixed_terms: list[tuple[int, int, float]] = field(default_factory=list)
    fixed_choice: list[tuple[int, int, float]] = field(default_factory=list)

    def add_source(self, name: str, place: Place, statuses: tuple[str, str], group_id: str) -> tuple[int, int] | None:
        """Number a move of an event or attempt between two statuses of a place.

        returns : (pool left, move); none when nobody of the group can be in one of the two
        """
        ends = [self.compartment_at.get((status, place.id)) for status in statuses]
        pool, to_pool = (self.pool_number.get((end, group_id)) if end is not None else None for end in ends)
        if pool is None or to_pool is None:
            return None
        countable = Countable(len(self.moves), name, place, group_id)
        self.moves.append(MoveNumbers(to_pool))
        self.countables.moves.append(countable)
        self.countables.landings.append(countable)
        return pool, countable.number


def make_draft(model: Model) -> Draft:
    """Number compartments and pools."""
    calendar, quantities, layout = make_calendar(model.study), Quantities(model), make_layout(model)
    countables = Countables(
        pools=[Countable(n, c.status, c.place, group_id) for n, (c, group_id) in enumerate(layout.pools)],
        queues=[Countable(n, c.status, c.place, None) for n, c in enumerate(layout.queues)],
    )
    return Draft(
        model,
        calendar,
        quantities,
        Covariates(model, calendar, quantities),
        layout,
        pool_number={pool: number for number, pool in enumerate(layout.pools)},
        queue_number={compartment: number for number, compartment in enumerate(layout.queues)},
        capacity_number={compartment: number for number, compartment in enumerate(layout.with_capacity)},
        compartment_at={(compartment.status, compartment.place.id): compartment for compartment in layout.compartments},
        countables=countables,
    )
