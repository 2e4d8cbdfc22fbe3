"""Until when two scenarios are one: the past that they share is computed once, and each goes on from its saved state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from corredor.engine.network.calendar import Calendar, make_calendar
from corredor.study.model import Model
from corredor.study.schema import Measure


@dataclass(frozen=True)
class Branch:
    """Scenarios that are one and the same from `from_step` to `to_step`, and what they divide into there; nothing at the end.

    scenarios : numbers of the scenarios; the first one's network runs the steps
    """

    scenarios: tuple[int, ...]
    from_step: int
    to_step: int
    branches: tuple[Branch, ...] = ()

    @property
    def steps(self) -> int:
        """Steps that are run for all scenarios together."""
        return self.to_step - self.from_step + sum(branch.steps for branch in self.branches)


def first_difference(one: Model, other: Model, calendar: Calendar) -> int:
    """First step in which two scenarios of a study can differ, given the same draws and common random numbers; n_steps when in none.

    A measure acts from its first day on and never before (M1), and so does a factor on a driver; scenarios that differ in these alone
    differ from the earliest first day of those. Everything else, a parameter too, may matter from the start
    """
    same = (
        one.study == other.study
        and one.places == other.places
        and one.routes == other.routes
        and one.drivers == other.drivers
        and one.events == other.events
        and one.parameters == other.parameters
    )
    mine, theirs = _acting(one), _acting(other)
    if not same or _common_order(mine, theirs) != _common_order(theirs, mine):
        return 0
    days = [
        measure.from_
        for name in mine.keys() | theirs.keys()
        if not _acts_alike(mine.get(name), theirs.get(name))
        for measure in (mine.get(name), theirs.get(name))
        if measure is not None
    ]
    days += _days_of_drivers(one, other)
    step = min((calendar.step_of_date(day) for day in days), default=calendar.n_steps)
    return min(max(step, 0), calendar.n_steps)


def plan_branches(models: Sequence[Model]) -> Branch:
    """How several scenarios of one study divide in time: a tree whose leaves are the scenarios."""
    calendar = make_calendar(models[0].study)

    def branch(scenarios: tuple[int, ...], from_step: int) -> Branch:
        first = scenarios[0]
        differ = {scenario: first_difference(models[first], models[scenario], calendar) for scenario in scenarios[1:]}
        to_step = max(min(differ.values(), default=calendar.n_steps), from_step)
        if to_step >= calendar.n_steps:
            return Branch(scenarios, from_step, calendar.n_steps)
        classes: list[list[int]] = []
        for scenario in scenarios:
            for members in classes:
                if first_difference(models[members[0]], models[scenario], calendar) > to_step:
                    members.append(scenario)
                    break
            else:
                classes.append([scenario])
        return Branch(scenarios, from_step, to_step, tuple(branch(tuple(members), to_step) for members in classes))

    return branch(tuple(range(len(models))), 0)


def _days_of_drivers(one: Model, other: Model) -> list[dt.date]:
    """First days of the factors on drivers that only one of two scenarios has."""
    mine, theirs = one.driver_changes, other.driver_changes
    differ = [
        changes[name]
        for name in mine.keys() | theirs.keys()
        if mine.get(name) != theirs.get(name)
        for changes in (mine, theirs)
        if name in changes
    ]
    return [change.from_ if change.from_ is not None else one.study.from_ for change in differ]


def _acting(model: Model) -> dict[str, Measure]:
    return {measure.id: measure for measure in model.measures if measure.acts_on}


def _common_order(one: dict[str, Measure], other: dict[str, Measure]) -> list[str]:
    return [name for name in one if name in other]


def _acts_alike(one: Measure | None, other: Measure | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(getattr(one, field) == getattr(other, field) for field in ("from_", "to", "dose", "acts_on"))
