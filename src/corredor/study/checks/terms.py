"""The terms of M1: exactly one covariate each, which exists where the term looks at it; seasons and latent terms themselves."""

from __future__ import annotations

from collections.abc import Iterator

from corredor.study.checks.facts import Facts
from corredor.study.checks.quantities import Field, Where, check_quantity, not_exactly_one
from corredor.study.problems import Problem, listed, quoted
from corredor.study.reading import Written
from corredor.study.reading.wording import Path
from corredor.study.schema import Place, Term, Transition
from corredor.study.topology import admitted_by, moves_of, origins_of

COVARIATES = ("driver", "season", "latent", "distance", "waiting", "overcrowding", "place", "group")

EFFECT_IS_ONE = ("season", "latent")
"""Covariates whose effect is 1 unless given."""

SEEN_FROM_A_SIDE = ("season", "latent")
"""Covariates whose effect by place is that of the place looked at: the one left, or with `of: destination` the one entered."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

LOG = Field("log")


def check_term(
    facts: Facts,
    term: Term,
    written: Written[Transition],
    path: Path,
    where: Where,
    seen_from: dict[str, list[Place] | None],
) -> Iterator[Problem]:
    """Problems of one term of a transition.

    where : places and groups that need a value of the effect
    seen_from : origin, destination → places that the term may look at; none when they are not known
    """
    covariates = [name for name in COVARIATES if getattr(term, name) is not None]
    if (yield from not_exactly_one(covariates, COVARIATES, written, path, "a term", "name one, such as `driver: …`")):
        return
    covariate = covariates[0]
    if term.effect is None and covariate not in EFFECT_IS_ONE:
        yield written.problem(path, f"a term `{covariate}` without `effect`", "its effect, of unit log", "add `effect: …`")
    side = term.of or ("origin" if path[0] == "changed_by" else "destination")
    looked_at = Where(seen_from[side], where.groups) if covariate in SEEN_FROM_A_SIDE else where
    yield from check_quantity(facts, term.effect, LOG, written, (*path, "effect"), looked_at)
    if covariate != "driver":
        for key in ("transform", "reference", "reference_value"):
            if key in term.model_fields_set and getattr(term, key) is not None:
                found = f"`{key}` in a term `{covariate}`"
                yield written.problem((*path, key), found, f"`{key}` only beside `driver`", f"delete `{key}`", key=True)
    yield from _covariate_problems(facts, term, covariate, written, path, seen_from[side])


def _covariate_problems(
    facts: Facts, term: Term, covariate: str, written: Written[Transition], path: Path, places: list[Place] | None
) -> Iterator[Problem]:
    inner = (*path, covariate)
    name = getattr(term, covariate)
    if covariate in ("season", "latent"):
        yield from facts.unknown(covariate, name, written, inner)
    elif covariate == "driver":
        yield from _driver_problems(facts, term, written, path, places)
    elif covariate == "distance" and written.entry.along is None and written.entry.to_place is None:
        found = "a distance in a transition that stays at its place"
        yield written.problem(inner, found, "a transition with `along` or `to_place`", "delete the term, or add `along`")
    elif covariate in ("waiting", "overcrowding"):
        yield from _state_problems(facts, name, covariate, written, inner, places)
    elif covariate == "place":
        yield from facts.place_selector(name, written, inner)
    elif covariate == "group":
        yield from facts.group_selector(name, written, inner)


def _driver_problems(
    facts: Facts, term: Term, written: Written[Transition], path: Path, places: list[Place] | None
) -> Iterator[Problem]:
    assert term.driver is not None
    unknown = yield from facts.unknown("driver", term.driver, written, (*path, "driver"))
    rows = [row.entry for row in facts.raw.drivers if row.entry.driver == term.driver]
    if unknown or not rows or not facts.raw.drivers.whole:
        return
    covered = {row.place for row in rows}
    if places and "*" not in covered and not any({place.id, place.country} & covered for place in places):
        found = f"{term.driver}, which has values for {listed(sorted(covered), 5)} only"
        expected = f"values for a place or country that the term looks at: {listed((place.id for place in places), 5)}"
        yield written.problem((*path, "driver"), found, expected, "add rows to drivers.csv, or * as their place, or change `of`")
    if term.reference is not None and term.reference < min(row.date for row in rows):
        found = f"reference {term.reference}, before the first value of {term.driver}"
        expected = f"a date from {min(row.date for row in rows)} on"
        yield written.problem((*path, "reference"), found, expected, "a later date, or add earlier values to drivers.csv")
    if term.reference is not None and term.reference_value is not None:
        expected = "either the date of the reference value or the value itself"
        found = "both `reference` and `reference_value`"
        yield written.problem((*path, "reference_value"), found, expected, "delete one of the two", key=True)
    if term.transform == "log":
        if term.reference_value is not None and term.reference_value <= 0:
            found = f"reference_value {term.reference_value:g}, which has no logarithm"
            yield written.problem((*path, "reference_value"), found, "a value more than 0", "1, or `transform: linear`")
        zero_closes = term.reference_value is not None and isinstance(term.effect, (int, float)) and term.effect > 0
        lowest = 0.0 if zero_closes else None
        bad = next(
            (
                row
                for row in facts.raw.drivers
                if row.entry.driver == term.driver and row.entry.value <= 0 and row.entry.value != lowest
            ),
            None,
        )
        if bad is not None:
            found = f"{term.driver}, whose value is {bad.entry.value:g} in drivers.csv:{bad.line}; it has no logarithm"
            expected = "a driver whose values are all more than 0, or `transform: linear`"
            try_ = "add `transform: linear`"
            if bad.entry.value == 0:
                expected = (
                    "a driver whose values are all more than 0, or `reference_value` and an effect that is a number above 0"
                )
                try_ = "add `transform: linear`, or `reference_value: 1` if nobody moves while it is 0"
            yield written.problem((*path, "driver"), found, expected, try_)


def _state_problems(
    facts: Facts, status: str, covariate: str, written: Written[Transition], inner: Path, places: list[Place] | None
) -> Iterator[Problem]:
    if (yield from facts.unknown("status", status, written, inner)) or not facts.is_sure(status):
        return
    if covariate == "waiting":
        fitting = [compartment for compartment in facts.compartments_of(status) if compartment.spec.type == "queue"]
        what, try_ = "the status of a queue", f"a queue: {listed(queue_statuses(facts))}"
    else:
        fitting = [compartment for compartment in facts.compartments_of(status) if compartment.spec.capacity is not None]
        what, try_ = "a status with capacity", "add `capacity` to its compartment"
    if not fitting:
        if facts.compartments_of(status):
            yield written.problem(inner, f"{status}, which is none", what, try_)
    elif places and not any(compartment.place.id in {place.id for place in places} for compartment in fitting):
        found = f"{status}, which exists at {listed((compartment.place.id for compartment in fitting), 5)}"
        expected = f"{what} at a place that the term looks at: {listed((place.id for place in places), 5)}"
        yield written.problem(inner, found, expected, "`of: destination` or `of: origin`, or another status")


def queue_statuses(facts: Facts) -> list[str]:
    """Statuses of queues, in the order of the study."""
    return list(
        dict.fromkeys(compartment.status for compartment in facts.compartments.values() if compartment.spec.type == "queue")
    )


def check_seasons_and_latents(facts: Facts) -> Iterator[Problem]:
    """Problems of `seasons` and `latents`."""
    for season in facts.raw.seasons:
        yield from facts.sources(season.entry.source, season)
        months = season.entry.months
        for month in months:
            if month not in MONTHS:
                close = next((known for known in MONTHS if month.lower().startswith(known)), None)
                try_ = f"`{close}`" if close else "the first three letters of the English name"
                yield season.problem(("months", month), quoted(month), "one of " + ", ".join(MONTHS), try_, key=True)
        missing = [month for month in MONTHS if month not in months]
        if missing and all(month in MONTHS for month in months):
            found = f"no value for {', '.join(missing)}"
            yield season.problem(("months",), found, "a value for each of the twelve months", "add them; 0 means no difference")
        for month, value in months.items():
            yield from check_quantity(facts, value, LOG, season, ("months", month))
    for latent in facts.raw.latents:
        everywhere = _where_latent_is_used(facts, latent.name)
        persistence = Field("ratio", -1, 1)
        yield from check_quantity(facts, latent.entry.persistence, persistence, latent, ("persistence",), everywhere)
        persistence_written = latent.entry.persistence
        if isinstance(persistence_written, (int, float)) and abs(persistence_written) == 1:
            expected = "a number between -1 and 1, both left out: at 1 the term would wander off"
            yield latent.problem(("persistence",), f"{persistence_written:g}", expected, "0.9")
        yield from check_quantity(facts, latent.entry.monthly_sd, Field("log", 0.0), latent, ("monthly_sd",), everywhere)


def _where_latent_is_used(facts: Facts, name: str) -> Where:
    """Places and groups that need a standard deviation and a persistence of a latent term: each where its terms look."""
    places: dict[str, Place] = {}
    users: list[Transition] = []
    for written in facts.raw.transitions:
        transition = written.entry
        for key in ("changed_by", "choice"):
            for term in getattr(transition, key):
                if term.latent == name:
                    users.append(transition)
                    at_origin = (term.of or ("origin" if key == "changed_by" else "destination")) == "origin"
                    ends = origins_of(facts, transition) if at_origin else [move.target for move in moves_of(facts, transition)]
                    places |= {compartment.place.id: compartment.place for compartment in ends}
    able = {group_id for user in users for group_id in admitted_by(facts, user)}
    return Where(list(places.values()), [group_id for group_id in facts.groups if group_id in able])
