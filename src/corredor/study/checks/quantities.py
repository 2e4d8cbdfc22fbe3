"""Numbers of a study: is the unit right, can the value be, and is there one for every place and group that needs it?"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from math import inf, prod
from typing import Any, Literal

import numpy as np

from corredor.study.checks.facts import Facts
from corredor.study.checks.prior_distributions import prior_is_possible
from corredor.study.priors import prior_quantile, prior_text
from corredor.study.problems import Problem, either, listed, nearest, quoted
from corredor.study.reading import Written
from corredor.study.reading.plain_values import looks_like_number, number_advice
from corredor.study.reading.wording import Path, bound_text
from corredor.study.schema import UNITS, By, Factor, Parameter, Place, Quantity
from corredor.study.selectors import label, value_by

RARE = 1e-6
"""Share of draws in which a prior may leave the range of its field; there it is cut, and nobody sees it."""

SAME_AS: dict[str, tuple[str, ...]] = {
    "per day": ("per day", "per week", "per month", "per year"),
    "people per day": ("people per day", "people per month", "people per year"),
    "days": ("days", "weeks", "months", "years"),
    "ratio": ("ratio", "share"),
    "USD per person per day": ("USD per person per day", "USD per person per month"),
}
"""Units that are converted into the unit of a field. A unit that is not here is only the same as itself."""

FACTORS = ("ratio", "share")
"""Units of the other factors of a product."""

Varies = Literal["places and groups", "places", "nothing"]


@dataclass(frozen=True)
class Field:
    """What a field may hold: its unit, its range (`open_low`: above the low end) and what it may differ by."""

    unit: str | None
    low: float = -inf
    high: float = inf
    open_low: bool = False
    varies: Varies = "places and groups"

    @property
    def range_text(self) -> str:
        if self.low == -inf:
            return "a number"
        if self.high < inf:
            return f"a number between {self.low:g} and {bound_text(self.high)}"
        return f"a number more than {self.low:g}" if self.open_low else f"a number, {self.low:g} or more"

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high and not (self.open_low and value == self.low)


@dataclass(frozen=True)
class Where:
    """Places and groups for which a quantity is needed; none: not known, because something else is wrong."""

    places: Sequence[Place] | None = None
    groups: Sequence[str] | None = None


EVERYWHERE = Where()


def check_quantity(
    facts: Facts, quantity: Quantity | None, field: Field, written: Written[Any], inner: Path, where: Where = EVERYWHERE
) -> Iterator[Problem]:
    """Problems of a number, a parameter, a value `by` place or group, or a product of these.

    quantity : what is written; nothing is wrong with none
    field : unit and range that are needed
    written, inner : where it stands
    where : places and groups that need a value
    """
    if quantity is None:
        return
    factors = quantity if isinstance(quantity, list) else [quantity]
    if not factors:
        yield written.problem(inner, "an empty list", "at least one factor", "a number, or the name of a parameter")
        return
    problems: list[Problem] = []
    for number, factor in enumerate(factors):
        path = (*inner, number) if isinstance(quantity, list) else inner
        problems += _factor_problems(facts, factor, field, written, path, where)
    yield from problems
    if problems:
        return
    yield from _unit_problems(facts, factors, field, written, inner, is_product=isinstance(quantity, list))


def quantity_centre(facts: Facts, quantity: Quantity, place: Place, group_id: str) -> float | None:
    """Value of a quantity with every parameter at its prior's median, in inner units; none when it cannot be worked out."""
    values: list[float] = []
    for factor in quantity if isinstance(quantity, list) else [quantity]:
        value = value_by(factor, facts.groups, place, group_id)
        if isinstance(value, str):
            parameter = facts.parameters.get(value)
            if parameter is None or parameter.entry.unit not in UNITS or not prior_is_possible(parameter.entry.prior):
                return None
            value = _range_of(parameter.entry)[1]
        if value is None:
            return None
        values.append(value)
    return prod(values)


def check_by(facts: Facts, factor: By, written: Written[Any], path: Path, where: Where, varies: Varies) -> Iterator[Problem]:
    """Problems of the names in a value `by` place or group, and of those that are left out."""
    of_places = factor.by in ("place", "country", "region")
    if varies == "nothing" or (varies == "places" and not of_places):
        allowed = "one value for all" if varies == "nothing" else "a value `by` place, country or region, or one value for all"
        yield written.problem((*path, "by"), f"a value by {factor.by}", allowed, "write one number or parameter")
        return
    kind = "kind of group" if factor.by == "kind" else factor.by
    unknown = False
    for name in factor.values:
        unknown |= yield from facts.unknown(kind, name, written, (*path, "values", name), key=True)
    if unknown or factor.otherwise is not None:
        return
    if of_places:
        needed = [(place.id, label(factor.by, facts.groups, place)) for place in where.places or ()]
    else:
        needed = [(name, label(factor.by, facts.groups, group_id=name)) for name in where.groups or ()]
    without = [member for member, key in needed if key is None]
    missing = dict.fromkeys(key for _, key in needed if key is not None and key not in factor.values)
    if without:
        found, expected = f"no {factor.by} for {listed(without, 5)}", f"a value for each: `otherwise`, or a {factor.by} for each"
        yield written.problem((*path, "values"), found, expected, "add `otherwise: …` for all that are not named")
    elif missing:
        found = f"no value for {listed(missing, 5)}"
        expected = f"a value for every {factor.by} that this is used for"
        yield written.problem((*path, "values"), found, expected, "name them, or add `otherwise: …` for all that are not named")


def not_exactly_one(
    given: Sequence[str], choices: Sequence[str], written: Written[Any], path: Path, what: str, example: str
) -> Generator[Problem, None, bool]:
    """A Problem when not exactly one of several keys is given; gives back whether there was one."""
    if len(given) == 1:
        return False
    found = f"{' and '.join(given)} in one {what.split()[-1]}" if given else f"{what} without any of these"
    try_ = f"{what} of its own for {given[1]}" if given else example
    yield written.problem(path, found, f"exactly one of {', '.join(choices)}", try_)
    return True


def _factor_problems(
    facts: Facts, factor: Factor, field: Field, written: Written[Any], path: Path, where: Where
) -> Iterator[Problem]:
    if isinstance(factor, By):
        yield from check_by(facts, factor, written, path, where, field.varies)
        for name, value in factor.values.items():
            yield from _name_problems(facts, value, written, (*path, "values", name))
        if factor.otherwise is not None:
            yield from _name_problems(facts, factor.otherwise, written, (*path, "otherwise"))
    else:
        yield from _name_problems(facts, factor, written, path)


def _name_problems(facts: Facts, value: float | str, written: Written[Any], path: Path) -> Iterator[Problem]:
    if isinstance(value, str) and looks_like_number(value):
        yield written.problem(path, quoted(value), "a number or the name of a parameter", number_advice(value))
    elif isinstance(value, str) and value == "rest":
        expected = "a number or the name of a parameter"
        yield written.problem(
            path, "rest", expected, "`rest` stands alone, as the `share` of one transition out of a gate or queue"
        )
    elif isinstance(value, str):
        yield from facts.unknown("parameter", value, written, path)


def _values(factor: Factor, path: Path) -> list[tuple[float | str, Path]]:
    if not isinstance(factor, By):
        return [(factor, path)]
    found: list[tuple[float | str, Path]] = [(value, (*path, "values", name)) for name, value in factor.values.items()]
    return found + ([(factor.otherwise, (*path, "otherwise"))] if factor.otherwise is not None else [])


def _unit_problems(
    facts: Facts, factors: list[Factor], field: Field, written: Written[Any], inner: Path, *, is_product: bool
) -> Iterator[Problem]:
    """One factor carries the unit of the field, the others are ratios or shares; and no value can leave the field's range."""
    if field.unit is None:
        return
    right = SAME_AS.get(field.unit, (field.unit,))
    carriers: list[Path] = []
    free_numbers = 0
    problems: list[Problem] = []
    for number, factor in enumerate(factors):
        path = (*inner, number) if is_product else inner
        values = _values(factor, path)
        units = [(facts.parameters[v].entry.unit, p, v) for v, p in values if isinstance(v, str) and v in facts.parameters]
        carries = any(unit in right for unit, _, _ in units)
        carriers += [path] if carries else []
        free_numbers += not units and all(not isinstance(value, str) for value, _ in values)
        for unit, value_path, name in units:
            may_multiply = is_product and unit in FACTORS and not carries
            if unit in UNITS and unit not in right and not may_multiply:
                problems.append(_wrong_unit(facts, name, unit, right, written, value_path, is_product))
        if not problems:
            carries_range = carries or (not units and not is_product) or field.unit in FACTORS
            problems += _range_problems(facts, values, field if carries_range else Field("ratio", min(field.low, 0.0)), written)
    if problems:
        yield from problems
    elif is_product and not carriers and not free_numbers and all(_is_known(facts, factor) for factor in factors):
        found, expected = "a product of ratios and shares", f"one factor of unit {either(right)}"
        yield written.problem(inner, found, expected, f"add a factor of unit {right[0]}, or a plain number")
    elif len(carriers) > 1 and field.unit not in (*FACTORS, "share"):
        found = f"{len(carriers)} factors of unit {either(right)}"
        yield written.problem(
            inner, found, "one such factor; the others ratios or shares", "give the other factors the unit ratio"
        )


def _is_known(facts: Facts, factor: Factor) -> bool:
    return all(not isinstance(value, str) or value in facts.parameters for value, _ in _values(factor, ()))


def _wrong_unit(
    facts: Facts, name: str, unit: str, right: Sequence[str], written: Written[Any], path: Path, is_product: bool
) -> Problem:
    declared = facts.parameters[name]
    found = f"{name}, whose unit is {unit} ({_declared_at(declared)})"
    expected = f"a parameter of unit {either(right)}" + (", or a ratio or share among the factors" if is_product else "")
    fitting = [other for other, parameter in facts.parameters.items() if parameter.entry.unit in right]
    close = nearest(name, fitting)
    if close:
        return written.problem(path, found, expected, f"`{close}`, or give {name} the unit {right[0]}")
    return written.problem(path, found, expected, f"give {name} the unit {right[0]} and a prior in it, or use another parameter")


def _range_problems(
    facts: Facts, values: list[tuple[float | str, Path]], field: Field, written: Written[Any]
) -> Iterator[Problem]:
    for value, path in values:
        if not isinstance(value, str):
            if not field.holds(value):
                yield written.problem(
                    path, f"{value:g}", field.range_text + _in(field.unit), f"{field.range_text}, or a parameter"
                )
        elif value in facts.parameters:
            parameter = facts.parameters[value].entry
            if parameter.unit not in UNITS or not prior_is_possible(parameter.prior) or unit_range_problem(parameter):
                continue
            low, _, high = _range_of(parameter)
            if not (field.low <= low and high <= field.high) or (field.open_low and low <= field.low):
                declared = facts.parameters[value]
                found = f"{value}: {prior_text(parameter.prior)}, which can lie outside ({_declared_at(declared)})"
                expected = f"a parameter that stays in the range: {field.range_text}{_in(field.unit)}"
                yield written.problem(path, found, expected, _distribution_advice(field))


def _declared_at(parameter: Written[Parameter]) -> str:
    return f"parameters.yaml:{parameter.line}"


def _in(unit: str | None) -> str:
    return f" (unit {unit})" if unit else ""


def _distribution_advice(field: Field) -> str:
    if field.high <= 1:
        return "a beta prior, or a uniform one within the range"
    return "a lognormal prior, or a uniform one within the range"


def _range_of(parameter: Parameter) -> tuple[float, float, float]:
    """Low end, median and high end of a parameter in inner units."""
    factor = UNITS[parameter.unit]
    low, middle, high = prior_quantile(parameter.prior, np.array([RARE, 0.5, 1 - RARE]))
    return float(low) * factor, float(middle) * factor, float(high) * factor


def unit_range_problem(parameter: Parameter) -> Field | None:
    """The range that a parameter's unit sets, when its prior can leave it."""
    if parameter.unit in ("log", "ratio"):
        return None
    field = Field(parameter.unit, 0.0, 1.0 if parameter.unit == "share" else inf)
    low, _, high = _range_of(parameter)
    return None if field.low <= low and high <= field.high else field
