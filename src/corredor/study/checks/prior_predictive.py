"""What the priors of a study say before any figure, where it is possible and yet hard to believe: warnings, no problems.

Shares leaving, days of travel and people beside the room for them are worked out from draws of the priors; nothing is simulated.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from math import exp, log

import numpy as np

from corredor.study.checks.facts import Facts
from corredor.study.priors import prior_quantile
from corredor.study.problems import Problem
from corredor.study.reading import Written
from corredor.study.schema import UNITS, Place, Quantity, Term, Transition
from corredor.study.selectors import matches_place, names_in, value_by
from corredor.study.topology import Compartment, admitted_by, moves_of, origins_of

N_DRAWS = 400
MONTH_DAYS = 365.25 / 12
MOST_LEAVING_SHARE = 0.5
"""Of a population in a month. Only wars empty places faster."""

LONGEST_JOURNEY_DAYS = 180.0
FASTEST_KM_PER_DAY = 2500.0
"""A day and a night at 100 km an hour; faster only by air."""

AIR = ("air", "fly", "flight", "plane")


def check_people_leaving(facts: Facts) -> Iterator[Problem]:
    """Transitions by which more than half of a population leaves in a month, at the middle of the priors."""
    for written in facts.raw.transitions:
        transition = written.entry
        if transition.rate_per_day is None or transition.only_when_opened:
            continue
        worst: tuple[float, float, str] | None = None
        for compartment in origins_of(facts, transition):
            if compartment.type != "population":
                continue
            for group_id in set(admitted_by(facts, transition)) & set(compartment.group_ids):
                per_day = _draws(facts, transition.rate_per_day, compartment.place, group_id)
                share = per_day * MONTH_DAYS * exp(_largest_log_factor(facts, transition, compartment, group_id))
                told = (float(np.median(share)), float(np.quantile(share, 0.9)), compartment.place.id)
                worst = told if worst is None or told > worst else worst
        if worst is not None and worst[0] > MOST_LEAVING_SHARE:
            middle, high, place = worst
            found = f"{_percent(middle)} of the people of {place} leave in a month by the middle of the priors"
            found += f" (1 draw in 10: {_percent(high)})"
            expected = f"at most {_percent(MOST_LEAVING_SHARE)} of a population in a month; more only where war empties a place"
            yield written.problem(
                ("rate_per_day",), found, expected, "a smaller rate, or another unit: was it per month or per year?"
            )


def check_days_of_travel(facts: Facts) -> Iterator[Problem]:
    """Routes that take half a year at the middle of the priors, or are gone faster than a vehicle goes: the worst of each."""
    slow: list[tuple[float, Written[Transition], str]] = []
    fast: list[tuple[float, Written[Transition], str]] = []
    for written in facts.raw.transitions:
        speed_there = written.entry.speed_km_per_day
        if written.entry.along is None or speed_there is None:
            continue
        for move in moves_of(facts, written.entry):
            if move.route is None or not move.group_ids:
                continue
            speed = float(np.median(_draws(facts, speed_there, move.origin.place, move.group_ids[0])))
            words = f"{move.route.km:,.0f} km from {move.route.from_} to {move.route.to} at {speed:,.4g} km a day"
            days = move.route.km / speed if speed > 0 else np.inf
            if days > LONGEST_JOURNEY_DAYS:
                slow.append((days, written, words))
            elif speed > FASTEST_KM_PER_DAY and not any(word in move.route.mode.lower() for word in AIR):
                fast.append((speed, written, words))
    for found, expected, try_ in (
        (
            slow,
            f"at most {LONGEST_JOURNEY_DAYS:g} days on one route",
            "a higher speed, or a stop on the way as a place of its own",
        ),
        (
            fast,
            f"at most {FASTEST_KM_PER_DAY:,.0f} km a day, unless the mode of the route is by air",
            "km per day, not per hour or in all",
        ),
    ):
        if found:
            worst = max(found, key=lambda one: one[0])
            before = f"{worst[0]:,.0f} days of travel for " if found is slow else ""
            more = f" (and {len(found) - 1} more routes like it)" if len(found) > 1 else ""
            yield worst[1].problem(("speed_km_per_day",), f"{before}{worst[2]}{more}", expected, try_)


def check_people_with_room(facts: Facts) -> Iterator[Problem]:
    """People at the start, or in published figures, for whom hardly any draw of the capacity has room."""
    for written in facts.raw.compartments:
        initial = written.entry.initial
        if initial is None or written.entry.capacity is None or written.entry.overfills:
            continue
        for compartment in facts.compartments_of(written.entry.status):
            if compartment.spec is written.entry:
                people, room = (
                    float(np.median(_draws(facts, initial.people, compartment.place, None))),
                    _most_room(facts, compartment),
                )
                if people > room:
                    found = f"{people:,.0f} people at the start in {compartment.place.id}, where there is room for {room:,.0f}"
                    yield written.problem(("initial", "people"), found, "no more people than there is room for", _ROOM_ADVICE)
                    break
    for row in facts.raw.observations:
        output = facts.outputs.get(row.entry.output)
        published = row.entry.value if row.entry.value is not None else row.entry.low
        if output is None or published is None or output.entry.stock is None or output.entry.reported_share is not None:
            continue
        counted = [
            compartment
            for status in names_in(output.entry.stock)
            for compartment in facts.compartments_of(status)
            if matches_place(output.entry.at, compartment.place)
            and row.entry.place in (None, compartment.place.id, compartment.place.country, compartment.place.region)
        ]
        if not counted or any(c.spec.capacity is None or c.spec.overfills for c in counted):
            continue
        room = sum(_most_room(facts, compartment) for compartment in counted)
        if published > room:
            found = f"{published:,.0f} people published, where there is never room for more than {room:,.0f}"
            column = "value" if row.entry.value is not None else "low"
            yield row.problem((column,), found, "figures that the model can reach", _ROOM_ADVICE)


_ROOM_ADVICE = "a larger capacity, or `overfills: true` when people stay although it is full"


def _most_room(facts: Facts, compartment: Compartment) -> float:
    """People with room in nearly every draw's best case: the largest of the capacity and of what measures set it to."""
    place = compartment.place
    base = _draws(facts, compartment.spec.capacity or 0.0, place, None)
    most = float(np.quantile(base, 0.975))
    for measure in facts.raw.measures:
        for action in measure.entry.acts_on:
            if action.capacity == compartment.status and matches_place(action.at, place):
                quantity = action.set if action.set is not None else action.multiply
                drawn = _draws(facts, quantity if quantity is not None else 1.0, place, None)
                most = max(most, float(np.quantile(drawn if action.set is not None else base * drawn, 0.975)))
    return most


def _draws(facts: Facts, quantity: Quantity, place: Place, group_id: str | None) -> np.ndarray:
    """Draws of a quantity from its priors, in people, days and km: (N_DRAWS,) float; NaN-free, since the study has no problems."""
    value = np.ones(N_DRAWS)
    for factor in quantity if isinstance(quantity, list) else [quantity]:
        told = value_by(factor, facts.groups, place, group_id)
        if isinstance(told, str):
            parameter = facts.parameters[told].entry
            value = value * UNITS[parameter.unit] * prior_quantile(parameter.prior, _uniforms(told))
        else:
            value = value * (0.0 if told is None else float(told))
    return value


def _uniforms(name: str) -> np.ndarray:
    """Evenly spread points in an order of the parameter's own, so that products of two are not of like quantiles."""
    order = np.random.default_rng(zlib.crc32(name.encode())).permutation(N_DRAWS)
    return np.asarray((order + 0.5) / N_DRAWS)


def _largest_log_factor(facts: Facts, transition: Transition, compartment: Compartment, group_id: str) -> float:
    """How far seasons and drivers raise the log rate at their highest, with effects at the middle of their priors."""
    return sum(max(_log_factors(facts, term, compartment, group_id), default=0.0) for term in transition.changed_by)


def _log_factors(facts: Facts, term: Term, compartment: Compartment, group_id: str) -> list[float]:
    effect = 1.0
    if term.effect is not None:
        effect = float(np.median(_draws(facts, term.effect, compartment.place, group_id)))
    if term.season is not None:
        season = next((written.entry for written in facts.raw.seasons if written.name == term.season), None)
        months = season.months.values() if season is not None else ()
        return [effect * float(np.median(_draws(facts, month, compartment.place, group_id))) for month in months]
    if term.driver is None or term.of == "destination":
        return []
    place = compartment.place
    of_driver = [row.entry for row in facts.raw.drivers if row.entry.driver == term.driver]
    own = ([row for row in of_driver if row.place == name] for name in (place.id, place.country, "*"))
    rows = sorted(next((found for found in own if found), []), key=lambda row: row.date)
    if not rows:
        return []
    header = facts.raw.header
    from_ = term.reference or (header.entry.from_ if header is not None else rows[0].date)
    known = [row.value for row in rows if row.date <= from_] or [rows[0].value]
    reference = term.reference_value if term.reference_value is not None else known[-1]
    if term.transform == "log":
        # a driver of 0 closes the transition while it lasts
        return [effect * log(row.value / reference) for row in rows if row.value > 0 and reference > 0]
    return [effect * (row.value - reference) for row in rows]


def _percent(share: float) -> str:
    return f"{100 * share:,.0f} %"
