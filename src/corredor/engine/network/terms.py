"""The terms of M1: for every move, what adds to its log rate or to the log weight of its destination."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

from corredor.engine.network.covariates import MONTHS, Covariates
from corredor.study.model import Model
from corredor.study.schema import Action, Measure, Quantity, Term
from corredor.study.selectors import great_circle_km, matches_group, matches_place
from corredor.study.topology import Move


@dataclass(frozen=True)
class Effect:
    """coefficient × value of a quantity × series (none: does not change with time)."""

    row: int
    coefficient: float
    series: int | None


@dataclass(frozen=True)
class Window:
    """When a move is open: always or only when opened, and the numbers of the measures that open and close it while in force."""

    only_opened: bool
    opens: tuple[int, ...]
    closes: tuple[int, ...]


@dataclass(frozen=True)
class StateEffect:
    """An effect of a queue's wait or of crowding: what it looks at, by status and place, and the row of its size."""

    waiting: bool
    status: str
    place_id: str
    row: int


def rate_terms(model: Model, covariates: Covariates, move: Move) -> Iterator[Effect | StateEffect]:
    """Terms of a move's log rate: those its transition declares, then those of the measures that act on it."""
    for term in move.transition.changed_by:
        yield from _terms(model, covariates, move, term, default="origin")
    for measure, action in actions_on(model, move, "transition"):
        quantity = _product(action.effect if action.effect is not None else 1.0, measure.dose)
        row = covariates.quantities.row(quantity, move.origin.place, move.group_ids[0])
        yield Effect(row, 1.0, covariates.measure(measure, action.lag_days))


def choice_terms(model: Model, covariates: Covariates, move: Move) -> Iterator[Effect]:
    """Terms of the log weight by which a transition divides over its destinations (McFadden 1974)."""
    for term in move.transition.choice:
        for effect in _terms(model, covariates, move, term, default="destination"):
            if isinstance(effect, Effect):
                yield effect


def actions_on(model: Model, move: Move, kind: str) -> Iterator[tuple[Measure, Action]]:
    """Measures whose action of a kind (transition, opens, closes) meets people of this move."""
    (group_id,) = move.group_ids
    for measure in model.measures:
        for action in measure.acts_on:
            if getattr(action, kind) != move.transition.name:
                continue
            places_meet = matches_place(action.at, move.origin.place) and matches_place(action.into, move.target.place)
            if places_meet and matches_group(action.groups, group_id, model.study.groups[group_id]):
                yield measure, action


def open_window(model: Model, covariates: Covariates, move: Move) -> Window | None:
    """When a move is open; none when it always is."""
    opens, closes = (
        tuple(covariates.number_of(measure) for measure, _ in actions_on(model, move, kind)) for kind in ("opens", "closes")
    )
    window = Window(move.transition.only_when_opened, opens, closes)
    return window if window.only_opened or closes else None


def move_km(model: Model, move: Move) -> float:
    """Length of a move: its route's; without a route, that of any route between the two places, else the great circle."""
    if move.route is not None:
        return move.route.km
    ends = {(move.origin.place.id, move.target.place.id), (move.target.place.id, move.origin.place.id)}
    lengths = [route.km for route in model.routes if (route.from_, route.to) in ends]
    return min(lengths) if lengths else great_circle_km(move.origin.place, move.target.place)


def _terms(model: Model, covariates: Covariates, move: Move, term: Term, default: str) -> Iterator[Effect | StateEffect]:
    quantities, (group_id,) = covariates.quantities, move.group_ids
    origin, group = move.origin.place, model.study.groups[group_id]
    place = move.target.place if (term.of or default) == "destination" else origin
    effect: Quantity = term.effect if term.effect is not None else 1.0
    row = quantities.row(effect, place if term.season is not None or term.latent is not None else origin, group_id)
    if term.driver is not None:
        series = covariates.driver(term.driver, place, term.transform, term.reference, term.reference_value)
        if series is not None:
            yield Effect(row, 1.0, series)
    elif term.season is not None:
        for number, month in enumerate(MONTHS):
            factor = quantities.row(_product(model.study.seasons[term.season].months[month], effect), place, group_id)
            yield Effect(factor, 1.0, covariates.season(number))
    elif term.latent is not None:
        yield Effect(row, 1.0, covariates.latent(term.latent, place, group_id))
    elif term.distance is not None:
        ratio = max(move_km(model, move), 1.0) / 100
        yield Effect(row, log(ratio) if term.distance == "log" else ratio, None)
    elif term.waiting is not None:
        yield StateEffect(True, term.waiting, place.id, row)
    elif term.overcrowding is not None:
        yield StateEffect(False, term.overcrowding, place.id, row)
    elif term.place is not None:
        if matches_place(term.place, place):
            yield Effect(row, 1.0, None)
    elif term.group is not None and matches_group(term.group, group_id, group):
        yield Effect(row, 1.0, None)


def _product(*quantities: Quantity) -> Quantity:
    return [factor for quantity in quantities for factor in (quantity if isinstance(quantity, list) else [quantity])]
