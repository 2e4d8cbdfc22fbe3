"""Who leaves together: collective attempts (M9) and scheduled departures (M2), with moves of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.engine.network.draft import Draft
from corredor.engine.network.index_arrays import first_of, ints
from corredor.study.schema import CollectiveAttempt, Event, Place
from corredor.study.selectors import matches_place


@dataclass(frozen=True)
class Sources:
    """Arrays of attempts or events for the topology, and the rows of their quantities."""

    arrays: dict[str, np.ndarray]
    rows: np.ndarray


def collective_attempts(draft: Draft) -> Sources:
    """Collective attempts (M9), one for each place where a crowd can be; each source pool gets a move of its own."""
    places = draft.model.places
    found = [
        (number * len(places) + place_number, attempt, place)
        for number, attempt in enumerate(draft.model.study.collective_attempts)
        for place_number, place in enumerate(places)
        if (attempt.to, place.id) in draft.compartment_at and matches_place(attempt.at, place)
    ]
    sources = [_crowd(draft, attempt, place) for _, attempt, place in found]
    rows = [
        [draft.quantities.row(quantity, place) for quantity in (a.events_per_day, a.at_crowd, a.closed_days or 0.0)]
        for _, a, place in found
    ]
    closed = [draft.compartment_at.get((attempt.closes or "", place.id)) for _, attempt, place in found]
    arrays = {
        "attempt_entity": ints([entity for entity, _, _ in found]),
        "attempt_first_source": first_of([len(crowd) for crowd in sources]),
        "attempt_pool": ints([pool for crowd in sources for pool, _ in crowd]),
        "attempt_move": ints([move for crowd in sources for _, move in crowd]),
        "attempt_growth": np.array([attempt.growth for _, attempt, _ in found], dtype=float),
        "attempt_alpha": np.array([attempt.share.alpha for _, attempt, _ in found], dtype=float),
        "attempt_beta": np.array([attempt.share.beta for _, attempt, _ in found], dtype=float),
        "attempt_closes": ints([draft.queue_number.get(queue, -1) if queue is not None else -1 for queue in closed]),
    }
    return Sources(arrays, ints(rows).reshape(-1, 3))


def _crowd(draft: Draft, attempt: CollectiveAttempt, place: Place) -> list[tuple[int, int]]:
    """(Pool left, move) of everybody who can take part in an attempt at a place."""
    ways = [(status, group_id) for status in attempt.from_ for group_id in draft.layout.group_ids]
    added = [draft.add_source(attempt.name, place, (status, attempt.to), group_id) for status, group_id in ways]
    return [source for source in added if source is not None]


def scheduled_departures(draft: Draft) -> Sources:
    """Scheduled departures (M2); groups take their parts one after another, each of what the groups before left."""
    events, calendar = draft.model.events, draft.calendar
    place_of = {place.id: place for place in draft.model.places}
    sources = [_leavers(draft, event, place_of[event.at]) for event in events]
    begin = np.array([(event.date - calendar.first_step_date).days for event in events], dtype=float)
    days = np.array([event.days for event in events], dtype=float)
    first_step = ints(begin // calendar.step_days)
    last_step = ints((begin + days - calendar.step_days / 2) // calendar.step_days)
    arrays = {
        "event_entity": np.arange(len(events)),
        "event_first_step": first_step,
        "event_last_step": np.maximum(last_step, first_step),
        "event_first_source": first_of([len(leavers) for leavers in sources]),
        "event_pool": ints([pool for leavers in sources for pool, _, _ in leavers]),
        "event_move": ints([move for leavers in sources for _, move, _ in leavers]),
        "event_share": np.array([share for leavers in sources for _, _, share in leavers], dtype=float),
    }
    return Sources(arrays, ints([draft.quantities.row(event.people, place_of[event.at]) for event in events]))


def _leavers(draft: Draft, event: Event, place: Place) -> list[tuple[int, int, float]]:
    """(Pool left, move, share of those whom the groups before left) of each group of an event."""
    leavers, left = [], sum(event.groups.values())
    for group_id in draft.layout.group_ids:
        weight = event.groups.get(group_id, 0.0)
        source = draft.add_source(event.id, place, (event.from_, event.to), group_id) if weight > 0 else None
        if source is not None:
            leavers.append((*source, min(weight / left, 1.0) if left > weight * (1 + 1e-12) else 1.0))
            left -= weight
    return leavers
