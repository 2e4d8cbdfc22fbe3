"""Measures that are announced and have not begun: expected, with doubt about whether and when they are carried out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from corredor.study.schema import Measure, Parameter, Prior

CARRIED_OUT, ON_TIME = 0.8, 0.7
"""Chance that an announced measure is carried out, and that it is on the day and not a month later. Assumptions."""

LATE_DAYS = 30


def is_expected(measure: Measure, date: dt.date) -> bool:
    """Whether a measure was announced by a day and begins after it."""
    return measure.announced is not None and measure.announced <= date < measure.from_


def with_doubt(measures: Iterable[Measure]) -> tuple[list[Measure], dict[str, Parameter]]:
    """Announced measures as they may come to be: on the day, a month later, or not at all, by draws of chances of their own.

    returns : measures in place of these, and the parameters that they need. A measure that opens, closes or sets something has no
        dose there and is taken to begin on the day
    """
    made: list[Measure] = []
    parameters: dict[str, Parameter] = {}
    for measure in measures:
        if not all(action.transition is not None for action in measure.acts_on):
            made.append(measure)
            continue
        carried, on_time = f"{measure.id}_carried_out", f"{measure.id}_on_time"
        parameters |= {
            carried: _chance(CARRIED_OUT, measure, "is carried out"),
            on_time: _chance(ON_TIME, measure, "begins on the day"),
        }
        dose = measure.dose if isinstance(measure.dose, list) else [measure.dose]
        later = measure.from_ + dt.timedelta(days=LATE_DAYS)
        ends_before = measure.to is not None and measure.to < later
        first = {"to": measure.to if ends_before else later - dt.timedelta(days=1), "dose": [*dose, carried, on_time]}
        made.append(measure.model_copy(update=first))
        if not ends_before:
            # a cost is that of the whole measure, so it is counted once
            made[-1] = made[-1].model_copy(update={"cost": None})
            made.append(measure.model_copy(update={"id": f"{measure.id}_later", "from_": later, "dose": [*dose, carried]}))
    return made, parameters


def _chance(chance: float, measure: Measure, what: str) -> Parameter:
    title = f"{measure.title}: whether it {what}"
    return Parameter(title=title, unit="ratio", prior=Prior(chance=chance), basis="assumption", note="announced, not yet begun")
