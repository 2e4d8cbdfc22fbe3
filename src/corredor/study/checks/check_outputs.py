"""What is counted: outputs, accounts, observations, drivers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from corredor.study.checks.facts import GROUPS_TOLD, PLACES_TOLD, Facts
from corredor.study.checks.quantities import Field, check_quantity, not_exactly_one
from corredor.study.checks.terms import queue_statuses
from corredor.study.problems import Problem, listed, quoted, suggested
from corredor.study.reading import Written
from corredor.study.schema import Account, Dimension, Every, Output, Place
from corredor.study.selectors import matches_place, names_in
from corredor.study.topology import moves_of

KINDS = ("flow", "stock", "days_waited", "expected_wait", "sum_of")

_DIMENSIONS = {
    *get_args(Dimension),
    *get_args(Every),
    "draw",
    "observation",
    "parameter",
    "scenario",
    "measure",
    "time",
    "wait_bin",
}
_VARIABLES = {
    "decisions",
    "people_lost",
    "people_at_end",
    "parameter_value",
    "measure_actor",
    "measure_cost",
    "measure_title",
    "room",
}
_PARTS = {
    "observation": (
        "from",
        "group",
        "high",
        "low",
        "note",
        "output",
        "place",
        "predicted",
        "published",
        "source",
        "status",
        "to",
        "value",
    ),
    "whereabouts": ("", "group", "place", "status", "under_way"),
    "coming": ("from", "group", "output", "place", "predicted"),
    "room": ("place", "status"),
}
RESERVED = frozenset({*_DIMENSIONS, *_VARIABLES, *(f"{of}_{part}".strip("_") for of, parts in _PARTS.items() for part in parts)})
"""Names that the results of runs, comparisons and forecasts give to something else."""

FACTOR = Field("ratio")


def check_outputs(facts: Facts) -> Iterator[Problem]:
    """Problems of `outputs`."""
    for written in facts.raw.outputs:
        output = written.entry
        if written.name in RESERVED:
            expected = "a name that the results do not use for something else"
            yield written.problem((), written.name, expected, f"`{written.name}_count`", key=True)
        bad_places = yield from facts.place_selector(output.at, written, ("at",))
        fine = not (yield from facts.group_selector(output.groups, written, ("groups",))) and not bad_places
        for key in ("reported_share", "dispersion"):
            yield from check_quantity(facts, getattr(output, key), Field("ratio", 0.0, varies="nothing"), written, (key,))
        yield from _period_problems(facts, written)
        yield from _threshold_problems(facts, written)
        kinds = [kind for kind in KINDS if getattr(output, kind) is not None]
        if (yield from not_exactly_one(kinds, KINDS, written, (), "an output", "add `flow: …` or `stock: …`")):
            continue
        yield from _dimension_problems(facts, written, kinds[0], selectors_fine=fine)
        if kinds[0] == "sum_of":
            yield from _sum_problems(facts, written)
        else:
            yield from _counted_problems(facts, written, kinds[0], selectors_fine=fine)


def _period_problems(facts: Facts, written: Written[Output]) -> Iterator[Problem]:
    header = facts.raw.header
    if header is None or "step_days" in facts.raw.unreadable_fields:
        return
    if written.entry.every == "day" and header.entry.step_days == 7:
        found, expected = "every: day in a study with steps of 7 days", "a period no shorter than the step"
        yield written.problem(("every",), found, expected, "every: week, or step_days: 1")


def _threshold_problems(facts: Facts, written: Written[Output]) -> Iterator[Problem]:
    """Thresholds are people, of places and groups that there are."""
    output = written.entry
    if output.thresholds and output_kind(facts, output) in ("days_waited", "expected_wait"):
        yield written.problem(
            ("thresholds",), "`thresholds` of an output that counts days", "a flow or a stock", "delete it", key=True
        )
    for number, threshold in enumerate(output.thresholds):
        for key, kinds, what in (
            ("place", PLACES_TOLD, "a place, country or region of places.csv"),
            ("group", GROUPS_TOLD, "a group, citizenship or kind of `groups`"),
        ):
            name = getattr(threshold, key)
            if name is not None and not facts.is_one_of(kinds.values(), name):
                known = facts.names_of(kinds.values())
                try_ = suggested(name, known, f"one of {listed(known, 10)}")
                yield written.problem(
                    ("thresholds", number, key), quoted(name), f"{what}, or leave it out for all together", try_
                )


def _counted_problems(facts: Facts, written: Written[Output], kind: str, *, selectors_fine: bool) -> Iterator[Problem]:
    output = written.entry
    if kind != "flow" and "counted" in output.model_fields_set:
        found, expected = f"`counted` of an output of kind {kind}", "`counted` only beside `flow`"
        yield written.problem(("counted",), found, expected, "delete it", key=True)
    if kind in ("days_waited", "expected_wait") and "groups" in output.model_fields_set:
        found, expected = f"`groups` of an output of kind {kind}", "all groups together: a queue serves them in one order"
        yield written.problem(("groups",), found, expected, "delete it", key=True)
    names = names_in(getattr(output, kind))
    if not names:
        yield written.problem((kind,), "an empty list", "at least one name", "name what is counted")
        return
    if (yield from facts.unknown_in("flow" if kind == "flow" else "status", getattr(output, kind), written, (kind,))):
        return
    if kind != "flow" and not all(facts.is_sure(name) for name in names):
        return
    for number, name in enumerate(names):
        inner: tuple[str | int, ...] = (kind,) if isinstance(getattr(output, kind), str) else (kind, number)
        types = facts.types_of(name)
        if kind == "stock" and types == {"gate"}:
            found, expected = f"{name}, a gate, in which nobody stays", "statuses in which people stay"
            yield written.problem(inner, found, expected, "`flow` of the transitions that lead into it")
        elif kind in ("days_waited", "expected_wait") and types and "queue" not in types:
            queues = queue_statuses(facts)
            expected = f"the status of a queue: {listed(queues)}"
            yield written.problem(inner, f"{name}, which is no queue", expected, suggested(name, queues))
    places = counted_places(facts, output)
    if selectors_fine and places and not any(matches_place(output.at, place) for place in places):
        found = f"places where nothing of this is counted: {listed((p.id for p in facts.selected_places(output.at)), 5)}"
        expected = f"at least one of {listed((place.id for place in places), 6)}"
        yield written.problem(("at",), found, expected, "another `at`, or leave it out", key=True)
    counted = [place.id for place in places if matches_place(output.at, place)]
    if kind == "expected_wait" and selectors_fine and len(counted) > 1 and "place" not in output.by:
        found = f"the waits of {listed(counted, 5)} in one sum"
        yield written.problem(
            (kind,), found, "one wait for each place: waits do not add up", "by: [place], or an `at` that names one"
        )


def counted_places(facts: Facts, output: Output) -> list[Place]:
    """Places whose people an output can count, before its `at`; empty when they cannot be known."""
    places: dict[str, Place] = {}
    if output.sum_of is not None:
        for name in output.sum_of:
            part = facts.outputs.get(name)
            if part is None or part.entry.sum_of is not None:
                return []
            inside = [place for place in counted_places(facts, part.entry) if matches_place(part.entry.at, place)]
            places |= {place.id: place for place in inside}
        return list(places.values())
    if output.flow is None:
        statuses = names_in(output.stock) + names_in(output.days_waited) + names_in(output.expected_wait)
        compartments = [compartment for status in statuses for compartment in facts.compartments_of(status)]
        return list({compartment.place.id: compartment.place for compartment in compartments}.values())
    attempts = {written.entry.name: written.entry for written in facts.raw.collective_attempts}
    events = {written.entry.id: written.entry for written in facts.raw.events}
    for name in names_in(output.flow):
        if name in facts.transitions:
            moves = list(moves_of(facts, facts.transitions[name].entry))
            if not moves:
                return []
            ends = [move.target if output.counted == "arriving" else move.origin for move in moves]
            places |= {compartment.place.id: compartment.place for compartment in ends}
        elif name in attempts:
            places |= {
                place.id: place
                for place in facts.selected_places(attempts[name].at)
                if (attempts[name].to, place.id) in facts.compartments
            }
        elif name in events and events[name].at in facts.places:
            places[events[name].at] = facts.places[events[name].at]
        else:
            return []
    return list(places.values())


def _dimension_problems(facts: Facts, written: Written[Output], kind: str, *, selectors_fine: bool) -> Iterator[Problem]:
    """Every person counted must have a label in each dimension: who has none would be left out without a word."""
    output = written.entry
    for number, dimension in enumerate(output.by):
        inner = ("by", number)
        if dimension in output.by[:number]:
            yield written.problem(inner, f"{dimension} a second time", "every dimension once", "delete it")
        elif dimension == "route":
            yield from _route_problems(facts, written, kind, inner)
        elif kind in ("days_waited", "expected_wait") and dimension in ("group", "citizenship", "kind"):
            found, expected = f"{kind} by {dimension}", "place, country or region: a queue serves all groups in one order"
            yield written.problem(inner, found, expected, "delete it")
        elif dimension in ("citizenship", "kind") and selectors_fine and facts.raw.groups.whole:
            groups = facts.selected_groups(output.groups)
            without = [group_id for group_id in groups if getattr(facts.groups[group_id], dimension) is None]
            if without:
                found = f"{dimension}, which is not given for {listed(without, 5)}"
                expected = f"a {dimension} for every group that is counted"
                yield written.problem(inner, found, expected, f"add `{dimension}` to the groups, or leave them out with `groups`")
        elif dimension == "region" and selectors_fine and facts.places_known:
            without = [p.id for p in counted_places(facts, output) if p.region is None and matches_place(output.at, p)]
            if without:
                found, expected = f"region, which is empty for {listed(without, 5)}", "a region for every place that is counted"
                yield written.problem(
                    inner, found, expected, "fill in `region` in places.csv, or leave these places out with `at`"
                )


def _route_problems(facts: Facts, written: Written[Output], kind: str, inner: tuple[str | int, ...]) -> Iterator[Problem]:
    if kind not in ("flow", "sum_of"):
        found, expected = (
            f"route, of an output of kind {kind}",
            "route only beside `flow`: people are counted on routes as they move",
        )
        yield written.problem(inner, found, expected, "place")
        return
    for name in names_in(written.entry.flow):
        transition = facts.transitions.get(name)
        known_elsewhere = transition is None and facts.known["flow"].complete and name in facts.known["flow"].names
        if (transition is not None and transition.entry.along is None) or (
            known_elsewhere and name not in facts.raw.transitions.broken_names("name")
        ):
            found, expected = f"route, while {quoted(name)} takes no route", "transitions with `along`"
            yield written.problem(inner, found, expected, "place, or leave out this transition")


def _sum_problems(facts: Facts, written: Written[Output]) -> Iterator[Problem]:
    output = written.entry
    assert output.sum_of is not None
    for key in ("at", "groups", "counted"):
        if key in output.model_fields_set:
            expected = "`at`, `groups` and `counted` in the outputs that are summed"
            yield written.problem((key,), f"`{key}` beside `sum_of`", expected, f"delete `{key}` here", key=True)
    if not output.sum_of:
        yield written.problem(("sum_of",), "an empty block", "output: factor, for at least one output", "{" + "arrivals: 1}")
    measures: dict[str, str] = {}
    for name, factor in output.sum_of.items():
        inner = ("sum_of", name)
        yield from facts.unknown("output", name, written, inner, key=True)
        yield from check_quantity(facts, factor, FACTOR, written, inner)
        part = facts.outputs.get(name)
        if part is None:
            continue
        if part.entry.sum_of is not None:
            found = f"{name}, which is itself a sum" if name != written.name else f"{name} itself"
            yield written.problem(inner, found, "outputs that are counted, not summed", "name the outputs that it sums", key=True)
            continue
        for key, mine, other in (("by", sorted(output.by), sorted(part.entry.by)), ("every", output.every, part.entry.every)):
            if mine != other:
                shown = listed(other) if isinstance(other, list) else other
                own = listed(mine) if isinstance(mine, list) else mine
                found, expected = f"{name}, whose `{key}` is {shown}", f"outputs with the `{key}` of this one: {own}"
                yield written.problem(inner, found, expected, f"the same `{key}` in both", key=True)
        measures[name] = output_kind(facts, part.entry) or ""
    if len(set(measures.values()) - {""}) > 1:
        found = ", ".join(f"{name} is a {kind}" for name, kind in measures.items() if kind)
        yield written.problem(("sum_of",), found, "outputs of one kind: people who move, or people who are there", "two sums")


def output_kind(facts: Facts, output: Output) -> str | None:
    """flow, stock, days_waited or expected_wait, also of a sum; none when it cannot be known."""
    if output.sum_of is None:
        return next((kind for kind in KINDS if getattr(output, kind) is not None), None)
    parts = [facts.outputs[name].entry for name in output.sum_of if name in facts.outputs]
    kinds = {output_kind(facts, part) for part in parts if part.sum_of is None}
    return kinds.pop() if len(kinds) == 1 else None


def check_followed(facts: Facts) -> Iterator[Problem]:
    """Latent terms follow outputs that count people in one number a month."""
    for latent in facts.raw.latents:
        name = latent.entry.follows
        if name is None or (yield from facts.unknown("output", name, latent, ("follows",))):
            continue
        output = facts.outputs.get(name)
        if output is not None and output_kind(facts, output.entry) in ("days_waited", "expected_wait"):
            yield latent.problem(("follows",), f"{name}, which counts days", "an output that counts people", "a flow or a stock")


def check_accounts(facts: Facts) -> Iterator[Problem]:
    """Problems of `accounts`."""
    outputs = {written.name: written for written in facts.raw.outputs}
    for written in facts.raw.accounts:
        account: Account = written.entry
        yield from facts.sources(account.source, written)
        if written.name in outputs or written.name in RESERVED:
            line = f" in line {outputs[written.name].line}" if written.name in outputs else ""
            found = f"{written.name}, which is already the name of an output{line}" if line else written.name
            yield written.problem((), found, "a name of its own", f"`{written.name}_usd`", key=True)
        yield from facts.unknown("output", account.of, written, ("of",))
        kind = output_kind(facts, outputs[account.of].entry) if account.of in outputs else None
        if kind in ("days_waited", "expected_wait"):
            found, expected = f"{account.of}, which counts days", "an output that counts people: a flow or a stock"
            yield written.problem(("of",), found, expected, "another output")
        elif kind is not None:
            unit = "USD per person" if kind == "flow" else "USD per person per day"
            yield from check_quantity(facts, account.usd_each, Field(unit, varies="nothing"), written, ("usd_each",))
