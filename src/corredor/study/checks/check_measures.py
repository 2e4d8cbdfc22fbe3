"""Measures: dates, costs, and actions that meet something they can change."""

from __future__ import annotations

from collections.abc import Iterator

from corredor.study.checks.check_header import study_dates
from corredor.study.checks.check_places import repeated
from corredor.study.checks.facts import Facts
from corredor.study.checks.quantities import Field, Where, check_quantity, not_exactly_one
from corredor.study.checks.terms import queue_statuses
from corredor.study.problems import Problem, listed, quoted, suggested
from corredor.study.reading import Written
from corredor.study.reading.wording import Path
from corredor.study.schema import Action, Measure
from corredor.study.selectors import matches_place
from corredor.study.topology import admitted_by, moves_of

TARGETS = ("transition", "opens", "closes", "capacity", "served_per_day")

EFFECT = Field("log")
LAG = Field("days", 0.0, varies="nothing")
PEOPLE = Field("people", 0.0, varies="places")
SET = {"capacity": PEOPLE, "served_per_day": Field("people per day", 0.0, varies="places")}
MULTIPLY = Field("ratio", 0.0, varies="places")


def check_measures(facts: Facts) -> Iterator[Problem]:
    """Problems of measures.yaml."""
    yield from repeated((written, written.entry.id, ("id",)) for written in facts.raw.measures)
    kinds = {written.entry.id: written.entry.kind for written in facts.raw.measures}
    for written in facts.raw.measures:
        measure = written.entry
        yield from facts.sources(measure.source, written)
        yield from _measure_dates(facts, written)
        yield from check_quantity(facts, measure.dose, Field(None), written, ("dose",))
        if measure.agreement is not None:
            yield from _agreement_problems(facts, written, kinds)
        if measure.cost is not None:
            yield from _cost_problems(facts, written)
        for number, action in enumerate(measure.acts_on):
            yield from _action_problems(facts, action, written, ("acts_on", number))


def _measure_dates(facts: Facts, written: Written[Measure]) -> Iterator[Problem]:
    measure, dates = written.entry, study_dates(facts)
    if measure.announced is not None and measure.announced > measure.from_:
        found, expected = f"announced {measure.announced}, after from {measure.from_}", "a day on or before the first in force"
        yield written.problem(("announced",), found, expected, "exchange the dates, or delete `announced`")
    if measure.to is not None and measure.to < measure.from_:
        found, expected = f"to {measure.to}, before from {measure.from_}", "a last day on or after the first"
        yield written.problem(("to",), found, expected, "exchange the dates, or delete `to` when it did not end")
    elif dates is not None and measure.from_ > dates[1]:
        found, expected = (
            f"from {measure.from_}, after the study's last day",
            f"a measure in force between {dates[0]} and {dates[1]}",
        )
        yield written.problem(("from",), found, expected, "delete the measure, or extend `to` in study.yaml")
    elif dates is not None and measure.to is not None and measure.to < dates[0]:
        found, expected = (
            f"to {measure.to}, before the study's first day",
            f"a measure in force between {dates[0]} and {dates[1]}",
        )
        yield written.problem(("to",), found, expected, "delete the measure, or begin the study earlier in study.yaml")


def _agreement_problems(facts: Facts, written: Written[Measure], kinds: dict[str, str]) -> Iterator[Problem]:
    agreement = written.entry.agreement
    assert agreement is not None
    yield from facts.unknown("measure", agreement, written, ("agreement",))
    if agreement == written.entry.id:
        expected = "the id of another measure"
        yield written.problem(
            ("agreement",), f"{agreement} itself", expected, "the measure of kind agreement, or delete the line"
        )
    elif agreement in kinds and kinds[agreement] != "agreement":
        agreements = [name for name, kind in kinds.items() if kind == "agreement"]
        found = f"{agreement}, a measure of kind {quoted(kinds[agreement])}"
        expected = f"a measure of kind agreement: {listed(agreements)}"
        yield written.problem(("agreement",), found, expected, f"write kind: agreement for {agreement}, or name another")


def _cost_problems(facts: Facts, written: Written[Measure]) -> Iterator[Problem]:
    cost = written.entry.cost
    assert cost is not None
    yield from facts.sources(cost.source, written, ("cost", "source"))
    if (cost.usd is None) == (cost.usd_per_day is None):
        found = "a cost without an amount" if cost.usd is None else "both `usd` and `usd_per_day`"
        yield written.problem(("cost",), found, "`usd` in all, or `usd_per_day`", "keep or add one of the two")
    yield from check_quantity(facts, cost.usd, Field("USD", 0.0, varies="nothing"), written, ("cost", "usd"))
    per_day = Field("USD per day", 0.0, varies="nothing")
    yield from check_quantity(facts, cost.usd_per_day, per_day, written, ("cost", "usd_per_day"))


def _action_problems(facts: Facts, action: Action, written: Written[Measure], path: Path) -> Iterator[Problem]:
    targets = [name for name in TARGETS if getattr(action, name) is not None]
    if (yield from not_exactly_one(targets, TARGETS, written, path, "an action", "name one, such as `transition: …`")):
        return
    target = targets[0]
    fine = True
    for key, check in (("at", facts.place_selector), ("into", facts.place_selector), ("groups", facts.group_selector)):
        fine &= not (yield from check(getattr(action, key), written, (*path, key)))
    yield from _action_keys(action, target, written, path)
    yield from check_quantity(facts, action.effect, EFFECT, written, (*path, "effect"))
    yield from check_quantity(facts, action.lag_days, LAG, written, (*path, "lag_days"))
    yield from check_quantity(facts, action.set, SET.get(target, PEOPLE), written, (*path, "set"))
    yield from check_quantity(facts, action.multiply, MULTIPLY, written, (*path, "multiply"))
    if target in ("transition", "opens", "closes"):
        yield from _on_transition(facts, action, target, written, path, check_places=fine)
    else:
        yield from _on_compartment(facts, action, target, written, path, check_places=fine)


def _action_keys(action: Action, target: str, written: Written[Measure], path: Path) -> Iterator[Problem]:
    """Which of effect, set, multiply and lag_days an action may have depends on what it acts on."""
    allowed = {"transition": ("effect", "lag_days"), "capacity": ("set", "multiply"), "served_per_day": ("set", "multiply")}.get(
        target, ()
    )
    for key in ("effect", "set", "multiply", "lag_days"):
        if getattr(action, key) is not None and key not in allowed:
            what = {"opens": "opens", "closes": "closes"}.get(target, f"acts on {target}")
            expected = (
                f"only {' or '.join(f'`{name}`' for name in allowed)} beside `{target}`" if allowed else f"`{target}` alone"
            )
            yield written.problem((*path, key), f"`{key}` in an action that {what}", expected, f"delete `{key}`", key=True)
    if target == "transition" and action.effect is None:
        expected = "the effect of one unit of dose, of unit log"
        yield written.problem((*path, "transition"), "an action on a transition without `effect`", expected, "add `effect: …`")
    elif target in SET and (action.set is None) == (action.multiply is None):
        found = f"`{target}` without `set` or `multiply`" if action.set is None else "both `set` and `multiply`"
        yield written.problem(
            (*path, target), found, "a new value (`set`) or a factor (`multiply`)", "keep or add one of the two"
        )


def _on_transition(
    facts: Facts, action: Action, target: str, written: Written[Measure], path: Path, *, check_places: bool
) -> Iterator[Problem]:
    name = getattr(action, target)
    if (yield from facts.unknown("transition", name, written, (*path, target))) or name not in facts.transitions:
        return
    transition = facts.transitions[name]
    if target == "opens" and not transition.entry.only_when_opened:
        found = f"{quoted(name)}, which is open all the time"
        expected = "a transition with `only_when_opened: true`"
        yield written.problem((*path, "opens"), found, expected, f"add `only_when_opened: true` in study.yaml:{transition.line}")
    if (
        not check_places
        or not facts.is_sure(transition.entry.from_)
        or not facts.is_sure(transition.entry.to)
        or not facts.routes_known
    ):
        return
    moves = list(moves_of(facts, transition.entry))
    met = [
        move for move in moves if matches_place(action.at, move.origin.place) and matches_place(action.into, move.target.place)
    ]
    admitted = admitted_by(facts, transition.entry)
    if moves and not met:
        where = "at" if not any(matches_place(action.at, move.origin.place) for move in moves) else "into"
        side = [move.origin if where == "at" else move.target for move in moves]
        found = f"places that {quoted(name)} never {'leaves' if where == 'at' else 'enters'}"
        expected = f"at least one of {listed(dict.fromkeys(compartment.place.id for compartment in side), 6)}"
        yield written.problem((*path, where), found, expected, f"another `{where}`, or leave it out", key=True)
    elif moves and not set(admitted) & set(facts.selected_groups(action.groups)) and facts.raw.groups.whole:
        found, expected = f"groups that {quoted(name)} does not admit", f"at least one of {listed(admitted, 6)}"
        yield written.problem((*path, "groups"), found, expected, "another `groups`, or leave it out", key=True)


def _on_compartment(
    facts: Facts, action: Action, target: str, written: Written[Measure], path: Path, *, check_places: bool
) -> Iterator[Problem]:
    status = getattr(action, target)
    if (yield from facts.unknown("status", status, written, (*path, target))):
        return
    if not facts.is_sure(status) or not facts.compartments_of(status):
        return
    fitting = [compartment for compartment in facts.compartments_of(status) if getattr(compartment.spec, target) is not None]
    if not fitting:
        if target == "served_per_day":
            found, expected = f"{status}, which is no queue", f"the status of a queue: {listed(queue_statuses(facts))}"
            yield written.problem((*path, target), found, expected, suggested(status, queue_statuses(facts)))
        else:
            having = dict.fromkeys(
                compartment.status for compartment in facts.compartments.values() if compartment.spec.capacity is not None
            )
            found, expected = f"{status}, which has no capacity to change", f"a status with capacity: {listed(having)}"
            yield written.problem((*path, target), found, expected, "add `capacity` to its compartment, or name another")
    elif check_places and not any(matches_place(action.at, compartment.place) for compartment in fitting):
        found = f"places without {status}"
        expected = f"at least one of {listed((compartment.place.id for compartment in fitting), 6)}"
        yield written.problem((*path, "at"), found, expected, "another `at`, or leave it out", key=True)
    where = Where([compartment.place for compartment in fitting if matches_place(action.at, compartment.place)], None)
    for key in ("set", "multiply"):
        value = getattr(action, key)
        if not list(check_quantity(facts, value, Field(None, varies="places"), written, (*path, key))):
            yield from check_quantity(facts, value, Field(None, varies="places"), written, (*path, key), where)
