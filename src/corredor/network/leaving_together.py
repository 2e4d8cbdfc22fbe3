"""Who leaves together: collective attempts (M9) and scheduled departures (M2), with links of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corredor.model import Model, matches_place
from corredor.network.calendar import Calendar
from corredor.network.index_arrays import ints
from corredor.network.layout import Layout, Spot, position
from corredor.network.links import Links
from corredor.network.quantities import Quantities
from corredor.network.recording import Carrier


@dataclass(frozen=True)
class Sources:
    """Arrays of attempts or events for the topology, and the rows of their quantities."""

    arrays: dict[str, np.ndarray]
    rows: np.ndarray


def collective_attempts(
    model: Model,
    layout: Layout,
    spots: Sequence[Spot],
    pair_number: dict[tuple[int, int], int],
    queue_spots: list[Spot],
    quantities: Quantities,
    links: Links,
    link_carriers: list[Carrier],
    landing_carriers: list[Carrier],
) -> Sources:
    """Collective attempts (M9), one for each place where a crowd can be; each source pair gets a link of its own."""
    found: dict[str, list[float]] = {
        name: [] for name in ("entity", "first", "pair", "link", "growth", "alpha", "beta", "closes")
    }
    found["first"].append(0)
    rows = []
    spot_at = {(spot.status, spot.place.id): spot for spot in spots}
    for number, attempt in enumerate(model.study.collective_attempts):
        for place in model.places:
            target = spot_at.get((attempt.to, place.id))
            if target is None or not matches_place(attempt.at, place):
                continue
            for status in attempt.from_:
                origin = spot_at.get((status, place.id))
                for group in range(len(layout.group_ids)):
                    pair = pair_number.get((origin.entity, group)) if origin is not None else None
                    to_pair = pair_number.get((target.entity, group))
                    if pair is not None and to_pair is not None:
                        found["pair"].append(pair)
                        found["link"].append(links.add_extra(to_pair))
                        carrier = Carrier(len(links.to) - 1, attempt.name, place, layout.group_ids[group])
                        link_carriers.append(carrier)
                        landing_carriers.append(carrier)
            found["first"].append(len(found["pair"]))
            found["entity"].append(number * len(model.places) + model.places.index(place))
            found["growth"].append(attempt.growth)
            found["alpha"].append(attempt.share.alpha)
            found["beta"].append(attempt.share.beta)
            closes = spot_at.get((attempt.closes, place.id)) if attempt.closes is not None else None
            found["closes"].append(position(queue_spots, closes) if closes is not None else -1)
            quantities_of_attempt = (attempt.events_per_day, attempt.at_crowd, attempt.closed_days or 0.0)
            rows.append([quantities.row(quantity, place) for quantity in quantities_of_attempt])
    arrays = {
        "attempt_entity": ints(found["entity"]),
        "attempt_first_source": ints(found["first"]),
        "attempt_pair": ints(found["pair"]),
        "attempt_link": ints(found["link"]),
        "attempt_growth": np.array(found["growth"], dtype=float),
        "attempt_alpha": np.array(found["alpha"], dtype=float),
        "attempt_beta": np.array(found["beta"], dtype=float),
        "attempt_closes": ints(found["closes"]),
    }
    return Sources(arrays, ints(rows).reshape(-1, 3))


def scheduled_departures(
    model: Model,
    layout: Layout,
    spots: Sequence[Spot],
    pair_number: dict[tuple[int, int], int],
    calendar: Calendar,
    quantities: Quantities,
    links: Links,
    link_carriers: list[Carrier],
    landing_carriers: list[Carrier],
) -> Sources:
    """Scheduled departures (M2); groups take their parts one after another, each of what the groups before left."""
    entity, first_step, last_step, first, pairs, event_links, share, rows = [], [], [], [0], [], [], [], []
    spot_at = {(spot.status, spot.place.id): spot for spot in spots}
    place_of = {place.id: place for place in model.places}
    for number, event in enumerate(model.events):
        origin, target = spot_at.get((event.from_, event.at)), spot_at.get((event.to, event.at))
        left = sum(event.groups.values())
        for group, group_id in enumerate(layout.group_ids):
            weight = event.groups.get(group_id, 0.0)
            pair = pair_number.get((origin.entity, group)) if origin is not None else None
            to_pair = pair_number.get((target.entity, group)) if target is not None else None
            if weight > 0 and pair is not None and to_pair is not None:
                pairs.append(pair)
                event_links.append(links.add_extra(to_pair))
                carrier = Carrier(len(links.to) - 1, event.id, place_of[event.at], group_id)
                link_carriers.append(carrier)
                landing_carriers.append(carrier)
                share.append(min(weight / left, 1.0) if left > weight * (1 + 1e-12) else 1.0)
                left -= weight
        first.append(len(pairs))
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
        "event_pair": ints(pairs),
        "event_link": ints(event_links),
        "event_share": np.array(share, dtype=float),
    }
    return Sources(arrays, ints(rows))
