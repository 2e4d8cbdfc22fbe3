"""Other measures of the register that a published monthly series cannot tell apart from those of a claim.

They begin with less than two whole months between, and can act on the same numbers: on a move that the claim's measures act on too or that
the claim's output counts, in the same place by the register's own words, or as part of the same agreement. What acts elsewhere on the way
is not looked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corredor.effects.claims.finding import Evidence
from corredor.effects.design.nearby import DatedMeasure, inseparable
from corredor.results.wording import joined
from corredor.study.model import Model
from corredor.study.schema import Action, EffectCheck, Measure
from corredor.study.selectors import matches_group, matches_place, names_in


def nearby_measures(model: Model, effect: EffectCheck) -> list[Measure]:
    """Measures that began before the end of a claim's window and cannot be told apart from its own, in the order of their days."""
    own = [measure for measure in model.measures if measure.id in effect.measures]
    counted = set() if effect.output is None else _counted(model, effect.output)
    others = [measure for measure in model.measures if measure.id not in effect.measures and measure.from_ <= effect.to]
    near = [
        other
        for other in others
        if any(inseparable([_dated(one), _dated(other)]) for one in own) and _can_act(model, other, own, counted)
    ]
    return sorted(near, key=lambda measure: measure.from_)


def nearby_evidence(near: Sequence[Measure]) -> list[Evidence]:
    """The row that tells of them; none without any."""
    if not near:
        return []
    sources = dict.fromkeys(source for measure in near for source in names_in(measure.source))
    text = (
        f"No monthly series can tell apart from this: {measures_named(near)}. Less than two whole months lie between, and they act on the "
        "same moves, in the same place or by the same agreement. What the published series shows is the effect of all together."
    )
    return [Evidence(text, tuple(sources))]


def measures_named(measures: Sequence[Measure]) -> str:
    """Titles and days, as a sentence has them."""
    return joined([f"“{measure.title}” ({measure.from_})" for measure in measures])


def _can_act(model: Model, other: Measure, own: Sequence[Measure], counted: set[str]) -> bool:
    if any(other.where == one.where for one in own):
        return True
    if other.agreement is not None and any(other.agreement == one.agreement for one in own):
        return True
    if any(_acted_on(action) in counted for action in other.acts_on):
        return True
    return any(_meet(model, action, theirs) for action in other.acts_on for one in own for theirs in one.acts_on)


def _dated(measure: Measure) -> DatedMeasure:
    return DatedMeasure(measure.id, "the output of the claim", np.datetime64(measure.from_))


def _acted_on(action: Action) -> str | None:
    """The move or status that an action changes."""
    return action.transition or action.opens or action.closes or action.capacity or action.served_per_day


def _meet(model: Model, one: Action, other: Action) -> bool:
    """Whether two actions change the same move or status for some people in common."""
    return (
        _acted_on(one) == _acted_on(other)
        and any(matches_place(one.at, place) and matches_place(other.at, place) for place in model.places)
        and any(matches_place(one.into, place) and matches_place(other.into, place) for place in model.places)
        and any(
            matches_group(one.groups, name, group) and matches_group(other.groups, name, group)
            for name, group in model.study.groups.items()
        )
    )


def _counted(model: Model, name: str) -> set[str]:
    """Moves and statuses that an output counts."""
    output = model.study.outputs[name]
    found = {*names_in(output.flow), *names_in(output.stock), *names_in(output.expected_wait)}
    return found.union(*(_counted(model, part) for part in output.sum_of or ()))
