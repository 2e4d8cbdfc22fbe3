"""Many people at once: scheduled departures and collective attempts."""

from __future__ import annotations

from collections.abc import Iterator

from corredor.study.checks.check_compartments import check_weights
from corredor.study.checks.check_header import study_dates
from corredor.study.checks.check_places import repeated
from corredor.study.checks.facts import Facts
from corredor.study.checks.quantities import Field, Where, check_quantity
from corredor.study.checks.terms import queue_statuses
from corredor.study.problems import Problem, listed, quoted, suggested
from corredor.study.reading import Written
from corredor.study.schema import MOST_PEOPLE, CollectiveAttempt, Event
from corredor.study.selectors import matches_place

PEOPLE = Field("people", 0.0, MOST_PEOPLE, varies="places")


def check_events(facts: Facts) -> Iterator[Problem]:
    """Problems of events.yaml."""
    yield from repeated((written, written.entry.id, ("id",)) for written in facts.raw.events)
    dates = study_dates(facts)
    flows = set(facts.transitions) | {attempt.entry.name for attempt in facts.raw.collective_attempts}
    for written in facts.raw.events:
        event = written.entry
        yield from facts.sources(event.source, written)
        yield from event_end_problems(facts, written)
        if event.id in flows:
            found = f"{event.id}, which is also the name of a transition or collective attempt"
            yield written.problem(("id",), found, "a name of its own, so that outputs can tell them apart", "another id")
        where = Where([facts.places[event.at]] if event.at in facts.places else None)
        yield from check_quantity(facts, event.people, PEOPLE, written, ("people",), where)
        if dates is None:
            continue
        if event.date > dates[1] or (dates[0] - event.date).days >= event.days:
            found, expected = f"{event.date}, outside the study", f"a date between {dates[0]} and {dates[1]}"
            yield written.problem(("date",), found, expected, "correct the date, or delete the event")


def event_end_problems(facts: Facts, written: Written[Event]) -> Iterator[Problem]:
    """Problems of an event's place, statuses and groups."""
    event = written.entry
    unknown = yield from facts.unknown("place", event.at, written, ("at",))
    for key, status in (("from", event.from_), ("to", event.to)):
        unknown |= yield from facts.unknown("status", status, written, (key,))
    yield from check_weights(facts, event.groups, written, ("groups",))
    if not unknown:
        yield from _event_status_problems(facts, written)


def _event_status_problems(facts: Facts, written: Written[Event]) -> Iterator[Problem]:
    event = written.entry
    for key, status in (("from", event.from_), ("to", event.to)):
        if facts.is_sure(status) and facts.compartments_of(status) and (status, event.at) not in facts.compartments:
            here = [name for name, place_id in facts.compartments if place_id == event.at]
            found, expected = f"{status}, which does not exist at {event.at}", f"a status that exists there: {listed(here)}"
            yield written.problem((key,), found, expected, suggested(status, here, "one of these, or another place"))
    origin, target = facts.compartments.get((event.from_, event.at)), facts.compartments.get((event.to, event.at))
    if origin is not None and origin.spec.type == "gate":
        found, expected = f"{event.from_}, a gate, in which nobody stays", "a population, stay or queue, where people are"
        yield written.problem(("from",), found, expected, "another status")
    for compartment, key in ((origin, "from"), (target, "to")):
        for group_id, weight in event.groups.items():
            if compartment is not None and weight > 0 and group_id in facts.groups and group_id not in compartment.group_ids:
                found = f"{group_id}, who cannot be {compartment.status} at {event.at}"
                expected = f"groups that can be there (`{key}`): {listed(compartment.group_ids)}"
                yield written.problem(
                    ("groups", group_id), found, expected, "delete the group, or correct place and status", key=True
                )


def check_attempts(facts: Facts) -> Iterator[Problem]:
    """Problems of `collective_attempts`."""
    transitions = set(facts.transitions)
    yield from repeated((written, written.entry.name, ("name",)) for written in facts.raw.collective_attempts)
    for written in facts.raw.collective_attempts:
        attempt = written.entry
        yield from facts.sources(attempt.source, written)
        if attempt.name in transitions:
            found = f"{quoted(attempt.name)}, which is also the name of a transition"
            yield written.problem(("name",), found, "a name of its own, so that outputs can tell them apart", "another name")
        yield from attempt_end_problems(facts, written)
        where = Where([place for place in facts.selected_places(attempt.at) if (attempt.to, place.id) in facts.compartments])
        yield from check_quantity(
            facts, attempt.events_per_day, Field("per day", 0.0, varies="places"), written, ("events_per_day",), where
        )
        crowd = Field("people", 0.0, MOST_PEOPLE, open_low=True, varies="places")
        yield from check_quantity(facts, attempt.at_crowd, crowd, written, ("at_crowd",), where)
        yield from _closing_problems(facts, written, where)


def attempt_end_problems(facts: Facts, written: Written[CollectiveAttempt]) -> Iterator[Problem]:
    """Problems of the statuses and places of a collective attempt."""
    attempt = written.entry
    unknown = yield from facts.unknown_in("status", attempt.from_, written, ("from",))
    unknown |= yield from facts.unknown("status", attempt.to, written, ("to",))
    unknown |= yield from facts.place_selector(attempt.at, written, ("at",))
    if not attempt.from_:
        yield written.problem(("from",), "an empty list", "the statuses of the crowd", "name one: [waiting]")
    if unknown or not attempt.from_:
        return
    if not all(facts.is_sure(status) and facts.compartments_of(status) for status in [*attempt.from_, attempt.to]):
        return
    for number, status in enumerate(attempt.from_):
        types = facts.types_of(status)
        if types <= {"gate", "population"}:
            found = f"{status}, a {sorted(types)[0]}"
            yield written.problem(("from", number), found, "a stay or queue, where a crowd can gather", "another status")
    crowd_at = {
        compartment.place.id
        for status in attempt.from_
        for compartment in facts.compartments_of(status)
        if matches_place(attempt.at, compartment.place)
    }
    having = listed(dict.fromkeys(c.place.id for status in attempt.from_ for c in facts.compartments_of(status)), 6)
    if not crowd_at:
        found, expected = f"places without {listed(attempt.from_)}", f"at least one of {having}"
        yield written.problem(("at",), found, expected, "another `at`, or other statuses in `from`", key=True)
    elif not any((attempt.to, place_id) in facts.compartments for place_id in crowd_at):
        found = f"{attempt.to}, which does not exist where the crowd is: {listed(sorted(crowd_at), 6)}"
        here = dict.fromkeys(status for status, place_id in facts.compartments if place_id in crowd_at)
        yield written.problem(("to",), found, f"a status that exists there: {listed(here)}", suggested(attempt.to, here))


def _closing_problems(facts: Facts, written: Written[CollectiveAttempt], where: Where) -> Iterator[Problem]:
    attempt = written.entry
    yield from check_quantity(facts, attempt.closed_days, Field("days", 0.0, varies="places"), written, ("closed_days",), where)
    if (attempt.closes is None) != (attempt.closed_days is None):
        found, missing = ("`closes`", "closed_days") if attempt.closed_days is None else ("`closed_days`", "closes")
        expected = "both `closes` (which queue) and `closed_days` (how long), or neither"
        yield written.problem((found.strip("`"),), f"{found} without `{missing}`", expected, f"add `{missing}: …`", key=True)
    if attempt.closes is None:
        return
    unknown = yield from facts.unknown("status", attempt.closes, written, ("closes",))
    is_known = not unknown and facts.is_sure(attempt.closes) and facts.compartments_of(attempt.closes)
    if is_known and "queue" not in facts.types_of(attempt.closes):
        found, expected = f"{attempt.closes}, which is no queue", f"the status of a queue: {listed(queue_statuses(facts))}"
        yield written.problem(("closes",), found, expected, suggested(attempt.closes, queue_statuses(facts)))
