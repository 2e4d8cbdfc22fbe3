"""Number the moves, one after another: their rates, times, open days, efforts and terms."""

from __future__ import annotations

from collections.abc import Iterable

from corredor.engine.arrays import OVERCROWDING, REST, WAITING
from corredor.engine.network.draft import Draft, Journey, MoveNumbers, Set
from corredor.engine.network.journeys import gamma_branches, in_steps, lognormal_branches
from corredor.engine.network.recording import Countable
from corredor.engine.network.terms import Effect, StateEffect, choice_terms, open_window, rate_terms
from corredor.study.topology import Move


def number_moves(draft: Draft) -> None:
    """Put every move of the layout into numbers."""
    for number, move in enumerate(draft.layout.moves):
        set_number, journey = _set(draft, move), _journey(draft, move)
        window, handles = _window(draft, move), _handles(draft, move)
        effects = list(rate_terms(draft.model, draft.covariates, move))
        terms = _changing(draft, number, effects, draft.fixed_terms)
        choices = _changing(draft, number, choice_terms(draft.model, draft.covariates, move), draft.fixed_choice)
        draft.moves.append(
            MoveNumbers(
                to=draft.pool_number[move.target, move.group_ids[0]],
                set=set_number,
                is_share=move.transition.share is not None,
                journey=journey,
                open=window,
                capacity=-1 if move.target.spec.overfills else draft.capacity_number.get(move.target, -1),
                handles=handles,
                terms=terms,
                choices=choices,
                states=_states(draft, effects),
            )
        )
        counted = draft.countables
        counted.moves.append(Countable(number, move.transition.name, move.origin.place, move.group_ids[0], move.route))
        if journey < 0:
            counted.landings.append(Countable(number, move.transition.name, move.target.place, move.group_ids[0], move.route))


def _set(draft: Draft, move: Move) -> int:
    """Number of the set of a move: its transition's moves out of one pool have a rate or share together."""
    transition, pool = move.transition, draft.pool_number[move.origin, move.group_ids[0]]
    quantity = transition.rate_per_day if transition.share is None else transition.share
    key = (pool, transition.name)
    if key not in draft.sets:
        rest = quantity is None or quantity == "rest"
        row = REST if rest or quantity is None else draft.quantities.row(quantity, move.origin.place, move.group_ids[0])
        draft.sets[key] = Set(len(draft.sets), row, transition.share is not None, pool)
    return draft.sets[key].number


def _journey(draft: Draft, move: Move) -> int:
    """Number of the journey that a move sets off on; moves that take the same time to the same pool share one. −1: in place."""
    transition, takes, place = move.transition, move.transition.takes, move.origin.place
    (group_id,), quantities = move.group_ids, draft.quantities
    if move.route is not None and transition.speed_km_per_day is not None:
        km, row = move.route.km, quantities.row(transition.speed_km_per_day, place, group_id)
    elif takes is not None:
        time = takes.median_days if takes.distribution == "lognormal" else takes.mean_days
        km, row = None, quantities.row(time if time is not None else 1.0, place, group_id)
    else:
        return -1
    to_pool = draft.pool_number[move.target, group_id]
    route = (move.route.from_, move.route.to, move.route.mode) if move.route is not None else None
    key = (transition.name, to_pool, route, row)
    if key not in draft.journeys:
        value, step_days = quantities.central_value(row), draft.calendar.step_days
        if takes is not None and takes.distribution == "lognormal":
            branches = in_steps(lognormal_branches(takes.spread), value, step_days)
        else:
            spread = takes.spread if takes is not None else transition.spread
            branches = gamma_branches(value if km is None else km / value, spread, step_days)
        number = len(draft.journeys)
        draft.countables.journeys.append(Countable(number, transition.name, move.target.place, group_id, move.route))
        draft.journeys[key] = Journey(number, to_pool, km, row, branches)
    return draft.journeys[key].number


def _window(draft: Draft, move: Move) -> int:
    window = open_window(draft.model, draft.covariates, move)
    return -1 if window is None else draft.windows.setdefault(window, len(draft.windows))


def _handles(draft: Draft, move: Move) -> int:
    quantity = move.transition.handles_per_day
    if quantity is None:
        return -1
    return draft.handles.setdefault(draft.quantities.row(quantity, move.origin.place, move.group_ids[0]), len(draft.handles))


def _changing(
    draft: Draft, number: int, effects: Iterable[Effect | StateEffect], fixed: list[tuple[int, int, float]]
) -> tuple[int, ...]:
    """Numbers of the terms of a move that change with time; the fixed ones go to `fixed`."""
    terms = []
    for effect in effects:
        if isinstance(effect, Effect) and effect.series is None:
            fixed.append((number, effect.row, effect.coefficient))
        elif isinstance(effect, Effect):
            terms.append(draft.terms.setdefault((effect.row, effect.coefficient, effect.series or 0), len(draft.terms)))
    return tuple(terms)


def _states(draft: Draft, effects: Iterable[Effect | StateEffect]) -> tuple[tuple[int, int, int], ...]:
    """State terms whose queue or capacity exists where they look."""
    found = []
    for effect in effects:
        if isinstance(effect, StateEffect):
            compartment = draft.compartment_at.get((effect.status, effect.place_id))
            number = (draft.queue_number if effect.waiting else draft.capacity_number).get(compartment) if compartment else None
            if number is not None:
                found.append((WAITING if effect.waiting else OVERCROWDING, number, effect.row))
    return tuple(found)
