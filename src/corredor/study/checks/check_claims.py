"""Claims and the published series they are held against: names that exist, dates in order, a check that fits the kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from corredor.study.checks.check_header import FIRST_YEAR, LAST_YEAR, study_dates
from corredor.study.checks.check_places import repeated
from corredor.study.checks.facts import GROUPS_TOLD, PLACES_TOLD, Facts
from corredor.study.problems import Problem, either, listed, quoted, suggested
from corredor.study.reading import Written
from corredor.study.reading.wording import Path
from corredor.study.schema import MOST_PEOPLE, Claim, ClaimKind, EffectCheck, Measure, SeriesValue, Sum
from corredor.study.selectors import elsewhere_of, names_in, parts_in

CHECKS_OF: dict[ClaimKind, tuple[str, ...]] = {
    "level": ("level",),
    "magnitude": ("distance", "amount", "dollars"),
    "event": ("documented", "no_act_of"),
    "effect": ("effect",),
    "comparison": ("comparison",),
    "opinion": ("not_testable_because",),
}
"""Which checks a kind of claim may have."""

EVERY_CHECK = tuple(name for names in CHECKS_OF.values() for name in names)

LATEST_YEAR = 50


def check_series_values(facts: Facts) -> Iterator[Problem]:
    """Problems of series.csv."""
    units: dict[str, Written[SeriesValue]] = {}
    for row in facts.raw.series:
        value = row.entry
        yield from facts.sources(value.source, row)
        yield from _in_order(value.from_, value.to, row, ())
        if value.published < value.to:
            found, expected = f"published {value.published}, before the last day counted", f"a day from {value.to} on"
            yield row.problem(("published",), found, expected, "the day on which the number came out")
        if value.value is None and value.low is None and value.high is None:
            yield row.problem(("value",), "neither value nor range", "a value, or low and high", "fill one in, or delete the row")
        if value.low is not None and value.high is not None and value.high < value.low:
            found = f"high {value.high:g}, less than low {value.low:g}"
            yield row.problem(("high",), found, "low and high in order", "exchange the two")
        if value.unit == "people":
            for key in ("value", "low", "high"):
                if (getattr(value, key) or 0) > MOST_PEOPLE:
                    found, expected = (
                        f"{getattr(value, key):g} people",
                        f"at most {MOST_PEOPLE:,.0f}, more than there are on earth",
                    )
                    yield row.problem((key,), found, expected, "the number as it was published, or the unit that is meant")
        first = units.setdefault(value.series, row)
        if value.unit != first.entry.unit:
            found, expected = f"unit {quoted(value.unit)}", f"{first.entry.unit}, as in line {first.line}: one unit for a series"
            yield row.problem(("unit",), found, expected, "convert the value, or give the series another name")


def check_claims(facts: Facts) -> Iterator[Problem]:
    """Problems of claims.yaml."""
    yield from repeated((written, written.entry.id, ("id",)) for written in facts.raw.claims)
    for written in facts.raw.claims:
        claim = written.entry
        yield from facts.sources(claim.source, written)
        yield from facts.sources(claim.comes_from, written, ("comes_from",))
        yield from facts.sources(claim.looked_through, written, ("looked_through",))
        yield from _kind_problems(written)
        yield from _alone_problems(written)
        if claim.level is not None:
            yield from _series_problems(facts, claim.level.series, claim.level.part, written, ("level",))
            yield from _in_order(claim.level.from_, claim.level.to, written, ("level",))
        if claim.distance is not None:
            yield from facts.unknown("place", claim.distance.from_, written, ("distance", "from"))
            yield from facts.unknown("place", claim.distance.to, written, ("distance", "to"))
            for key, point in (("from_point", claim.distance.from_point), ("to_point", claim.distance.to_point)):
                yield from facts.sources(None if point is None else point.source, written, ("distance", key, "source"))
        if claim.amount is not None:
            yield from _amount_problems(facts, written)
        if claim.dollars is not None:
            yield from _dollars_problems(facts, written)
        if claim.documented is not None:
            yield from _in_order(claim.documented.from_, claim.documented.to, written, ("documented",))
            yield from facts.unknown_in("act", claim.documented.register_, written, ("documented", "register"))
            if not claim.documented.register_:
                yield written.problem(("documented", "register"), "an empty list", "at least one id", "name the measure or event")
        if claim.effect is not None:
            yield from _effect_problems(facts, claim.effect, written, ("effect",))
        if claim.comparison is not None:
            yield from _comparison_problems(facts, written)


def _kind_problems(written: Written[Claim]) -> Iterator[Problem]:
    claim = written.entry
    given = [name for name in EVERY_CHECK if getattr(claim, name) is not None]
    fitting = CHECKS_OF[claim.kind]
    for name in given:
        if name not in fitting:
            kind = next(kind for kind, names in CHECKS_OF.items() if name in names)
            found = f"`{name}` in a claim of kind {claim.kind}"
            yield written.problem((name,), found, f"of kind {claim.kind}: {either(fitting)}", f"kind: {kind}", key=True)
            return
    if len(given) > 1:
        yield written.problem((given[1],), f"`{given[0]}` and `{given[1]}` in one claim", "one check", "two claims", key=True)
    elif not given and (claim.would_need is None or claim.kind == "opinion"):
        only = "" if claim.kind == "opinion" else ", or `would_need: …` when there are no figures to test it with"
        yield written.problem(
            (), "a claim without a check", f"of kind {claim.kind}: {either(fitting)}", f"add `{fitting[0]}: …`{only}"
        )


def _alone_problems(written: Written[Claim]) -> Iterator[Problem]:
    """Keys that mean nothing without another one."""
    claim = written.entry
    for key, beside in (("needed_figures", "would_need"), ("looked_through", "no_act_of")):
        if getattr(claim, key) is not None and getattr(claim, beside) is None:
            found, try_ = f"`{key}` without `{beside}`", f"add `{beside}: …`, or delete `{key}`"
            yield written.problem((key,), found, f"`{beside}` beside it", try_, key=True)


def _in_order(first: dt.date, last: dt.date, written: Written[Any], inner: Path) -> Iterator[Problem]:
    if last < first:
        found, expected = f"to {last}, before from {first}", "a last day on or after the first"
        yield written.problem((*inner, "to"), found, expected, "exchange the dates")
        return
    for key, day in (("from", first), ("to", last)):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            expected = f"a date between the years {FIRST_YEAR} and {LAST_YEAR}"
            yield written.problem((*inner, key), str(day), expected, "correct the year")
            return


def _series_problems(
    facts: Facts,
    series: str | None,
    part: str | list[str] | None,
    written: Written[Claim],
    inner: Path,
    part_key: str | int = "part",
) -> Iterator[Problem]:
    """Problems of a name of a series and of its parts."""
    if series is None:
        return
    if (yield from facts.unknown("series", series, written, (*inner, "series"))) or not facts.raw.series.whole:
        return
    parts = {row.entry.part for row in facts.raw.series if row.entry.series == series}
    named = sorted(name for name in parts if name)
    if part is None and None not in parts and part_key == "part":
        found = f"{series} without a part, which has rows for parts only"
        yield written.problem((*inner, "series"), found, f"a part: {listed(named)}", f"`part: [{', '.join(named[:3])}]`")
    for number, name in enumerate(names_in(part)):
        if name not in parts:
            at = (*inner, part_key) if isinstance(part, str) else (*inner, part_key, number)
            yield written.problem(at, quoted(name), f"a part of {series}: {listed(named)}", suggested(name, named))


def _amount_problems(facts: Facts, written: Written[Claim]) -> Iterator[Problem]:
    amount, inner = written.entry.amount, ("amount",)
    assert amount is not None
    unknown = yield from facts.unknown("output", amount.output, written, (*inner, "output"))
    yield from _in_order(amount.from_, amount.to, written, inner)
    if amount.at_least is None and amount.at_most is None:
        yield written.problem(inner, "no bound", "`at_least`, `at_most` or both", "add `at_least: …`")
    elif amount.at_least is not None and amount.at_most is not None and amount.at_most < amount.at_least:
        found = f"at_most {amount.at_most:g}, less than at_least {amount.at_least:g}"
        yield written.problem((*inner, "at_most"), found, "bounds in order", "exchange the two")
    rows = [row.entry for row in facts.raw.observations if row.entry.output == amount.output]
    fitting = [row for row in rows if row.place == amount.place and row.group == amount.group]
    if not unknown and facts.raw.observations.whole and not fitting:
        seen = listed(sorted({f"place {row.place or 'empty'}, group {row.group or 'empty'}" for row in rows}), 5)
        found = f"{amount.output} with this place and group, of which observations.csv has no row"
        yield written.problem((*inner, "output"), found, f"one of: {seen}", "another output, place or group, or add rows")


def _dollars_problems(facts: Facts, written: Written[Claim]) -> Iterator[Problem]:
    dollars, inner = written.entry.dollars, ("dollars",)
    assert dollars is not None
    yield from facts.unknown("output", dollars.output, written, (*inner, "output"))
    yield from facts.unknown("measure", dollars.measure, written, (*inner, "measure"))
    for number, year in enumerate(dollars.years):
        if not 1 <= year <= LATEST_YEAR:
            yield written.problem((*inner, "years", number), f"{year}", f"years from 1 to {LATEST_YEAR}", "[1, 3, 10]")
    if not dollars.years:
        yield written.problem((*inner, "years"), "an empty list", f"years from 1 to {LATEST_YEAR}", "[1, 3, 10]")
    measure = next((m.entry for m in facts.raw.measures if m.entry.id == dollars.measure), None)
    yield from _without_cost(measure, written, (*inner, "measure"))
    output = facts.outputs.get(dollars.output)
    if measure is not None and output is not None:
        moved = {action.transition for action in measure.acts_on if action.transition is not None}
        if not moved & set(names_in(output.entry.flow)):
            found = f"{dollars.measure}, which acts on {listed(sorted(moved))}"
            expected = f"a measure that acts on what {dollars.output} counts: {listed(names_in(output.entry.flow), 5)}"
            yield written.problem((*inner, "measure"), found, expected, "another measure or output")


def _effect_problems(facts: Facts, effect: EffectCheck, written: Written[Claim], inner: Path) -> Iterator[Problem]:
    yield from facts.unknown_in("measure", effect.measures, written, (*inner, "measures"))
    if not effect.measures:
        yield written.problem((*inner, "measures"), "an empty list", "at least one measure", "name what is taken away")
    yield from _in_order(effect.from_, effect.to, written, inner)
    yield from _modelled_problems(facts, effect, effect.output, written, inner)
    if effect.donors and effect.series is None:
        yield written.problem((*inner, "donors"), "donors without a series", "`series` beside them", "add `series: …`", key=True)
    yield from _series_problems(facts, effect.series, effect.part, written, inner)
    yield from _series_problems(facts, effect.series, list(effect.donors), written, inner, "donors")
    both = sorted(set(names_in(effect.part)) & set(effect.donors))
    if both:
        found = f"{listed(both)} among `part` and `donors`"
        yield written.problem(
            (*inner, "donors"), found, "donors that the measures did not touch", "leave it out of one of the two"
        )
    yield from _elsewhere_problems(facts, effect, written, inner)


def _elsewhere_problems(facts: Facts, effect: EffectCheck, written: Written[Claim], inner: Path) -> Iterator[Problem]:
    """Problems of series that people may have turned to."""
    at = (*inner, "elsewhere")
    if effect.elsewhere and effect.series is None:
        yield written.problem(at, "elsewhere without a series", "`series` beside it", "add `series: …`", key=True)
    if effect.elsewhere and effect.direction == "higher":
        found = "`elsewhere` beside `direction: higher`"
        yield written.problem(at, found, "`direction: lower`: it asks where those went who are missing", "delete it", key=True)
    if effect.series is None or not facts.known["series"].has(effect.series):
        return
    unit = _unit_of(facts, effect.series)
    taken = {(effect.series, part) for part in [*parts_in(effect.part), *effect.donors]}
    for number, (one, place) in enumerate(zip(effect.elsewhere, elsewhere_of(effect), strict=True)):
        here = (*at, number)
        if isinstance(one, str):
            yield from _series_problems(facts, place.series, one, written, at, number)
        else:
            yield from _series_problems(facts, place.series, place.part, written, here)
        other = _unit_of(facts, place.series)
        if None not in (unit, other) and unit != other:
            yield written.problem((*here, "series"), f"{place.series} in {other}", f"a series in {unit}", "leave it out")
        parts = {(place.series, part) for part in parts_in(place.part)}
        whole = (place.series, None) in parts and any(name == place.series for name, _ in taken)
        if parts & taken or whole:
            found = f"{listed(part or name for name, part in sorted(parts, key=str))}, counted already"
            yield written.problem(here, found, "nobody counted twice by `part`, `donors` and `elsewhere`", "leave one out")
        taken |= parts


def _modelled_problems(
    facts: Facts, effect: EffectCheck, name: str | None, written: Written[Claim], inner: Path
) -> Iterator[Problem]:
    """What the model is asked of an effect: an output of days of the study, or nothing, and then there is a series."""
    if name is None:
        if effect.series is None:
            yield written.problem(
                inner, "neither `output` nor `series`", "one of them, or both", "add `output: …` or `series: …`"
            )
        for key in ("place", "group"):
            if getattr(effect, key) is not None:
                try_ = f"`part` for a part of the series, or delete `{key}`"
                yield written.problem((*inner, key), f"`{key}` without an output", "`output` beside it", try_, key=True)
        return
    yield from facts.unknown("output", name, written, (*inner, "output"))
    dates = study_dates(facts)
    if dates is not None and not dates[0] <= effect.from_ <= effect.to <= dates[1] and effect.from_ <= effect.to:
        found = f"{effect.from_} to {effect.to}"
        expected = f"days of the study, {dates[0]} to {dates[1]}: the model counts nobody outside them"
        try_ = "other dates, or extend the study; without `output` the published series alone answers"
        yield written.problem((*inner, "from"), found, expected, try_)
    output = facts.outputs.get(name)
    if output is not None and output.entry.days_waited is not None:
        found = f"{name}, a distribution of days"
        yield written.problem((*inner, "output"), found, "an output that is one number for each period", "expected_wait")
    if output is not None:
        yield from _told_apart(facts, effect, output.entry.by, written, inner)


def _told_apart(facts: Facts, effect: EffectCheck, by: list[Any], written: Written[Claim], inner: Path) -> Iterator[Problem]:
    """A place or group that the output tells apart."""
    for key, kinds in (("place", PLACES_TOLD), ("group", GROUPS_TOLD)):
        name = getattr(effect, key)
        if name is None:
            continue
        known = facts.names_of(kinds.values())
        if not facts.is_one_of(kinds.values(), name):
            yield written.problem((*inner, key), quoted(name), f"one of {listed(known, 10)}", suggested(name, known))
        elif key not in by and not any(dimension in by and facts.known[kind].has(name) for dimension, kind in kinds.items()):
            found = f"{name}, while {effect.output} does not tell such a {key} apart"
            expected = f"an output by {name}'s kind; this one is by {listed(by)}"
            yield written.problem((*inner, key), found, expected, f"delete `{key}`, or another output")


def _comparison_problems(facts: Facts, written: Written[Claim]) -> Iterator[Problem]:
    comparison = written.entry.comparison
    assert comparison is not None
    units = [_unit(facts, side) for side in (comparison.left, comparison.right)]
    for name, side in (("left", comparison.left), ("right", comparison.right)):
        inner: Path = ("comparison", name)
        if (side.series is None) == (side.measure is None):
            found = "both `series` and `measure`" if side.series else "neither `series` nor `measure`"
            yield written.problem(inner, found, "exactly one of the two", "keep or add one of the two")
        if side.series is not None and (side.from_ is None or side.to is None):
            yield written.problem(inner, "a series without dates", "`from` and `to`", "add `from: …` and `to: …`")
        if side.from_ is not None and side.to is not None:
            yield from _in_order(side.from_, side.to, written, inner)
        yield from _series_problems(facts, side.series, side.part, written, inner)
        if side.measure is not None:
            yield from facts.unknown("measure", side.measure, written, (*inner, "measure"))
            measure = next((m.entry for m in facts.raw.measures if m.entry.id == side.measure), None)
            yield from _without_cost(measure, written, (*inner, "measure"))
    if None not in units and units[0] != units[1]:
        found = f"{units[0]} on the left, {units[1]} on the right"
        yield written.problem(("comparison",), found, "one unit on both sides", "two series in the same unit")


def _without_cost(measure: Measure | None, written: Written[Claim], inner: Path) -> Iterator[Problem]:
    if measure is not None and measure.cost is None:
        yield written.problem(inner, f"{measure.id}, which has no cost", "a measure with `cost`", "add its cost in measures.yaml")


def _unit(facts: Facts, side: Sum) -> str | None:
    return "USD" if side.measure is not None else _unit_of(facts, side.series)


def _unit_of(facts: Facts, series: str | None) -> str | None:
    """Unit of a series; none where it has no rows."""
    return next((row.entry.unit for row in facts.raw.series if row.entry.series == series), None)
