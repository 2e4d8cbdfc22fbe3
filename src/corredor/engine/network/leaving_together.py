"""Who leaves together: collective attempts (M9) and scheduled departures (M2), with moves of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corredor.engine.network.calendar import Calendar
from corredor.engine.network.index_arrays import ints
from corredor.engine.network.layout import Compartment, Layout, position
from corredor.engine.network.moves import Moves
from corredor.engine.network.quantities import Quantities
from corredor.engine.network.recording import Countable
from corredor.study.model import Model
from corredor.study.selectors import matches_place


@dataclass(frozen=True)
class Sources:
    """Arrays of attempts or events for the topology, and the rows of their quantities."""

    arrays: dict[str, np.ndarray]
    rows: np.ndarray


def collective_attempts(
    model: Model,
    layout: Layout,
    compartments: Sequence[Compartment],
    pool_number: dict[tuple[int, int], int],
    queue_compartments: list[Compartment],
    quantities: Quantities,
    moves: Moves,
    move_countables: list[Countable],
    landing_countables: list[Countable],
) -> Sources:
    """Collective attempts (M9), one for each place where a crowd can be; each source pool gets a move of its own."""
    found: dict[str, list[float]] = {
        name: [] for name in ("entity", "first", "pool", "move", "growth", "alpha", "beta", "closes")
    }
    found["first"].append(0)
    rows = []
    compartment_at = {(compartment.status, compartment.place.id): compartment for compartment in compartments}
    for number, attempt in enumerate(model.study.collective_attempts):
        for place in model.places:
            target = compartment_at.get((attempt.to, place.id))
            if target is None or not matches_place(attempt.at, place):
                continue
            for status in attempt.from_:
                origin = compartment_at.get((status, place.id))
                for group in range(len(layout.group_ids)):
                    pool = pool_number.get((origin.entity, group)) if origin is not None else None
                    to_pool = pool_number.get((target.entity, group))
                    if pool is not None and to_pool is not None:
                        found["pool"].append(pool)
                        found["move"].append(moves.add_extra(to_pool))
                        countable = Countable(len(moves.to) - 1, attempt.name, place, layout.group_ids[group])
                        move_countables.append(countable)
                        landing_countables.append(countable)
            found["first"].append(len(found["pool"]))
            found["entity"].append(number * len(model.places) + model.places.index(place))
            found["growth"].append(attempt.growth)
            found["alpha"].append(attempt.share.alpha)
            found["beta"].append(attempt.share.beta)
            closes = compartment_at.get((attempt.closes, place.id)) if attempt.closes is not None else None
            found["closes"].append(position(queue_compartments, closes) if closes is not None else -1)
            quantities_of_attempt = (attempt.events_per_day, attempt.at_crowd, attempt.closed_days or 0.0)
            rows.append([quantities.row(quantity, place) for quantity in quantities_of_attempt])
    arrays = {
        "attempt_entity": ints(found["entity"]),
        "attempt_first_source": ints(found["first"]),
        "attempt_pool": ints(found["pool"]),
        "attempt_move": ints(found["move"]),
        "attempt_growth": np.array(found["growth"], dtype=float),
        "attempt_alpha": np.array(found["alpha"], dtype=float),
        "attempt_beta": np.array(found["beta"], dtype=float),
        "attempt_closes": ints(found["closes"]),
    }
    return Sources(arrays, ints(rows).reshape(-1, 3))


def scheduled_departures(
    model: Model,
    layout: Layout,
    compartments: Sequence[Compartment],
    pool_number: dict[tuple[int, int], int],
    calendar: Calendar,
    quantities: Quantities,
    moves: Moves,
    move_countables: list[Countable],
    landing_countables: list[Countable],
) -> Sources:
    """Scheduled departures (M2); groups take their parts one after another, each of what the groups before left."""
    entity, first_step, last_step, first, pools, event_moves, share, rows = [], [], [], [0], [], [], [], []
    compartment_at = {(compartment.status, compartment.place.id): compartment for compartment in compartments}
    place_of = {place.id: place for place in model.places}
    for number, event in enumerate(model.events):
        origin, target = compartment_at.get((event.from_, event.at)), compartment_at.get((event.to, event.at))
        left = sum(event.groups.values())
        for group, group_id in enumerate(layout.group_ids):
            weight = event.groups.get(group_id, 0.0)
            pool = pool_number.get((origin.entity, group)) if origin is not None else None
            to_pool = pool_number.get((target.entity, group)) if target is not None else None
            if weight > 0 and pool is not None and to_pool is not None:
                pools.append(pool)
                event_moves.append(moves.add_extra(to_pool))
                countable = Countable(len(moves.to) - 1, event.id, place_of[event.at], group_id)
                move_countables.append(countable)
                landing_countables.append(countable)
                share.append(min(weight / left, 1.0) if left > weight * (1 + 1e-12) else 1.0)
                left -= weight
        first.append(len(pools))
        entity.append(number)
        begin = (event.date - calendar.first_step_date).days
        first_step.append(int(begin // calendar.step_days))
        last_step.append(int((begin + event.days - calendar.step_days / 2) // calendar.step_days))
        rows.append(quantities.row(event.people, place_of[event.at]))
    arrays = {
        "event_entity": ints(entity),
        "event_first_step": ints(first_step),
        "event_last_step": np.maximum(ints(last_step), ints(first_step)),
        "event_first_source": ints(first),
        "event_pool": ints(pools),
        "event_move": ints(event_moves),
        "event_share": np.array(share, dtype=float),
    }
    return Sources(arrays, ints(rows))
