"""Groups, statuses and compartments: who lives where, and what each type of compartment needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corredor.study.checks.check_places import confusable
from corredor.study.checks.facts import Facts
from corredor.study.checks.quantities import Field, Where, check_quantity
from corredor.study.problems import Problem, listed, nearest
from corredor.study.reading import Written
from corredor.study.schema import MOST_PEOPLE, CompartmentSpec
from corredor.study.topology import Compartment

ONLY_FOR = {"capacity": "stay", "served_per_day": "queue", "service_noise": "queue"}

FIELDS = {
    "capacity": Field("people", 0.0, MOST_PEOPLE, varies="places"),
    "served_per_day": Field("people per day", 0.0, varies="places"),
    "service_noise": Field("log", 0.0, varies="places"),
    "noise": Field("log", 0.0, varies="places"),
}

SUM_TOLERANCE = 1e-9


def check_groups_and_statuses(facts: Facts) -> Iterator[Problem]:
    """Problems of `groups` and `statuses`: names that confuse, shares that do not sum to 1, statuses that nobody can be in."""
    named = [
        (
            group,
            (
                ("group", group.name, (), True),
                ("citizenship", group.entry.citizenship, ("citizenship",), False),
                ("kind", group.entry.kind, ("kind",), False),
            ),
        )
        for group in facts.raw.groups
    ]
    yield from confusable(named, "groups", "another name for the {kind}")
    used = {written.entry.status for written in facts.raw.compartments}
    for status in facts.raw.statuses:
        if status.name not in used and facts.raw.compartments.readable and status.name not in facts.unsure_statuses:
            expected = "a compartment of every status"
            yield status.problem(
                (), f"{status.name}, which no compartment has", expected, "add a compartment, or delete the status", key=True
            )
    yield from _shares_of_population(facts)


def check_compartments(facts: Facts) -> Iterator[Problem]:
    """Problems of `compartments`."""
    declared = [status.name for status in facts.raw.statuses]
    taken: dict[tuple[str, str], Written[CompartmentSpec]] = {}
    for written in facts.raw.compartments:
        compartment = written.entry
        if compartment.status not in declared and facts.raw.statuses.whole:
            expected = f"a status of `statuses`: {listed(declared)}"
            close = nearest(compartment.status, declared)
            try_ = f"`{close}`" if close else f"add `{compartment.status}: what it means` to `statuses`"
            yield written.problem(("status",), compartment.status, expected, try_)
        yield from facts.place_selector(compartment.at, written, ("at",))
        yield from facts.group_selector(compartment.groups, written, ("groups",))
        places = facts.selected_places(compartment.at)
        twice = [place.id for place in places if (compartment.status, place.id) in taken]
        if twice:
            other = taken[compartment.status, twice[0]]
            found = f"{compartment.status} at {listed(twice, 4)} a second time; line {other.line} has it already"
            yield written.problem((), found, "one compartment for a status at a place", "narrow `at` of one of the two")
        for place in places:
            taken.setdefault((compartment.status, place.id), written)
        yield from _type_problems(facts, written)
    yield from _populations(facts)


def _type_problems(facts: Facts, written: Written[CompartmentSpec]) -> Iterator[Problem]:
    compartment = written.entry
    where = Where(facts.selected_places(compartment.at) if facts.places_known else None, None)
    for key, needed in ONLY_FOR.items():
        if getattr(compartment, key) is not None and compartment.type != needed:
            found = f"`{key}` of a {compartment.type}"
            yield written.problem((key,), found, f"`{key}` only of a {needed}", f"delete it, or write type: {needed}", key=True)
        else:
            yield from check_quantity(facts, getattr(compartment, key), FIELDS[key], written, (key,), where)
    yield from check_quantity(facts, compartment.noise, FIELDS["noise"], written, ("noise",), where)
    if compartment.overfills and compartment.capacity is None:
        found, expected = "`overfills` without `capacity`", "`overfills` only beside `capacity`"
        yield written.problem(("overfills",), found, expected, "add `capacity: …`, or delete `overfills`", key=True)
    yield from _capacity_driver_problems(facts, written)
    if compartment.type == "queue" and compartment.served_per_day is None:
        found, expected = "a queue without `served_per_day`", "how many people are served per day"
        yield written.problem((), found, expected, "add `served_per_day: …`, or write type: stay")
    if compartment.initial is None:
        return
    if compartment.type in ("population", "gate"):
        why = "its people are the population of places.csv" if compartment.type == "population" else "nobody stays in a gate"
        yield written.problem(("initial",), f"`initial` of a {compartment.type}", f"none: {why}", "delete `initial`", key=True)
        return
    initial = compartment.initial
    yield from facts.sources(initial.source, written, ("initial", "source"))
    yield from check_quantity(
        facts, initial.people, Field("people", 0.0, MOST_PEOPLE, varies="places"), written, ("initial", "people"), where
    )
    yield from check_weights(facts, initial.groups, written, ("initial", "groups"))
    for name in initial.groups:
        if name in facts.groups and name not in facts.selected_groups(compartment.groups):
            found, expected = f"{name}, which cannot be in this compartment", "groups that its `groups` admits"
            yield written.problem(("initial", "groups", name), found, expected, "delete it, or widen `groups`", key=True)


def _capacity_driver_problems(facts: Facts, written: Written[CompartmentSpec]) -> Iterator[Problem]:
    """A series that multiplies a capacity has values at every place, none below 0."""
    compartment, inner = written.entry, ("capacity_driver",)
    driver = compartment.capacity_driver
    if driver is None:
        return
    if compartment.capacity is None:
        found, expected = "`capacity_driver` without `capacity`", "`capacity_driver` only beside `capacity`"
        yield written.problem(inner, found, expected, "add `capacity: 1`, or delete `capacity_driver`", key=True)
        return
    rows = [row for row in facts.raw.drivers if row.entry.driver == driver]
    if (yield from facts.unknown("driver", driver, written, inner)) or not rows or not facts.raw.drivers.whole:
        return
    covered = {row.entry.place for row in rows}
    places = facts.selected_places(compartment.at) if facts.places_known else []
    bare = [place.id for place in places if not {place.id, place.country, "*"} & covered]
    if bare:
        found, expected = f"{driver}, which has no value for {listed(bare, 5)}", "values for every place of the compartment"
        yield written.problem(inner, found, expected, "add rows to drivers.csv, or * as their place")
    bad = next((row for row in rows if row.entry.value < 0), None)
    if bad is not None:
        found = f"{driver}, whose value is {bad.entry.value:g} in drivers.csv:{bad.line}"
        yield written.problem(inner, found, "values of 0 or more", "correct the value")


def check_weights(
    facts: Facts, weights: dict[str, float], written: Written[Any], inner: tuple[str | int, ...]
) -> Iterator[Problem]:
    """Problems of group → weight: groups that do not exist, negative weights, nobody at all."""
    for name, weight in weights.items():
        yield from facts.unknown("group", name, written, (*inner, name), key=True)
        if weight < 0:
            yield written.problem((*inner, name), f"{weight:g}", "a weight, 0 or more", "the share of the group")
    if not any(weight > 0 for weight in weights.values()) and all(weight >= 0 for weight in weights.values()):
        yield written.problem(inner, "no group with a weight above 0", "at least one group", "name a group: {adults: 1}")


def _populations(facts: Facts) -> Iterator[Problem]:
    """Places with a population compartment need a population; only one compartment may hold it."""
    rows = {row.entry.id: row for row in facts.raw.places}
    by_place: dict[str, list[Compartment]] = {}
    for compartment in facts.compartments.values():
        if compartment.spec.type == "population":
            by_place.setdefault(compartment.place.id, []).append(compartment)
    for place_id, compartments in by_place.items():
        if compartments[0].place.population is None:
            found = f"no population for {place_id}"
            expected = (
                f"the number of people who live there, since it has the compartment {compartments[0].status} of type population"
            )
            yield rows[place_id].problem(("population",), found, expected, "the number, or another `kind` for this place")
    doubled = {
        (compartments[1].entry, compartments[0].entry): place_id
        for place_id, compartments in reversed(by_place.items())
        if len(compartments) > 1
    }
    for place_id in doubled.values():
        first, second = by_place[place_id][:2]
        found = f"a second population at {place_id}; {first.status} in line {facts.entry_of(first).line} holds it already"
        yield facts.entry_of(second).problem(
            (), found, "one compartment of type population at a place", "write type: stay, with `initial` if needed"
        )


def _shares_of_population(facts: Facts) -> Iterator[Problem]:
    """The groups that live at a place share its population among them."""
    if not facts.raw.groups.whole:
        return
    entries = {written.name: written for written in facts.raw.groups}
    reported: set[tuple[str, ...]] = set()
    for compartment in facts.compartments.values():
        if compartment.spec.type != "population":
            continue
        groups = compartment.group_ids
        if groups in reported:
            continue
        reported.add(groups)
        if not groups:
            found = f"{compartment.status} at {compartment.place.id}, where no group lives"
            expected = f"a group with citizenship {compartment.place.country}, or one without citizenship"
            yield facts.entry_of(compartment).problem((), found, expected, "add such a group, or narrow `at`")
            continue
        total = sum(facts.groups[group_id].share_of_population for group_id in groups)
        if abs(total - 1) > SUM_TOLERANCE:
            shares = " + ".join(f"{facts.groups[group_id].share_of_population:g}" for group_id in groups)
            total_text = f" = {total:g}" if len(groups) > 1 else ""
            found = f"{shares}{total_text} as shares of {listed(groups, 5)}, who live at {compartment.place.id}"
            last = entries[groups[-1]]
            inner = ("share_of_population",) if "share_of_population" in last.entry.model_fields_set else ()
            left = 1 - total + facts.groups[groups[-1]].share_of_population
            try_ = f"{left:g} for {groups[-1]}" if 0 <= left <= 1 else "write the shares so that they sum to 1"
            yield last.problem(inner, found, "shares of the groups of a place that sum to 1", try_, key=not inner)
