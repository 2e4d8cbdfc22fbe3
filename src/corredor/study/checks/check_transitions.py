"""Transitions: between statuses that exist where they lead, with the rate or share that the compartment they leave needs."""

from __future__ import annotations

from collections.abc import Iterator

from corredor.study.checks.check_places import repeated
from corredor.study.checks.facts import Facts
from corredor.study.checks.quantities import Field, Where, check_by, check_quantity
from corredor.study.checks.terms import check_term
from corredor.study.problems import Problem, listed, quoted
from corredor.study.reading import Written
from corredor.study.reading.wording import Path
from corredor.study.schema import By, Duration, Place, Transition
from corredor.study.selectors import names_in
from corredor.study.topology import Compartment, admitted_by, moves_of, origins_of, routes_of

RATE = Field("per day", 0.0)
SHARE = Field("share", 0.0, 1.0)
SPEED = Field("km per day", 0.0, open_low=True)
HANDLES = Field("people per day", 0.0, open_low=True)
DAYS = Field("days", 0.0, open_low=True)


def check_transitions(facts: Facts) -> Iterator[Problem]:
    """Problems of `transitions`, each by itself."""
    yield from repeated((written, written.entry.name, ("name",)) for written in facts.raw.transitions)
    opened = {action.opens for measure in facts.raw.measures for action in measure.entry.acts_on}
    for written in facts.raw.transitions:
        ends = list(end_problems(facts, written))
        yield from ends
        yield from _form_problems(written)
        if not ends:
            yield from place_problems(facts, written)
            yield from _rate_or_share(facts, written)
        yield from _number_problems(facts, written, ends_known=not ends)
        if written.entry.only_when_opened and written.entry.name not in opened and facts.raw.measures.whole:
            expected = "a measure that opens it"
            try_ = f"`opens: {written.entry.name}` in a measure, or delete `only_when_opened`"
            yield written.problem(("only_when_opened",), "a transition that no measure opens", expected, try_)


def end_problems(facts: Facts, written: Written[Transition]) -> Iterator[Problem]:
    """Names in a transition that do not exist, so that its ends cannot be known."""
    transition = written.entry
    yield from facts.unknown("status", transition.from_, written, ("from",))
    yield from facts.unknown("status", transition.to, written, ("to",))
    yield from facts.place_selector(transition.at, written, ("at",))
    yield from facts.place_selector(transition.into, written, ("into",))
    yield from facts.group_selector(transition.groups, written, ("groups",))
    yield from facts.unknown_in("mode", transition.along, written, ("along",))
    if isinstance(transition.to_place, str):
        yield from facts.unknown("place", transition.to_place, written, ("to_place",))
    elif isinstance(transition.to_place, By):
        where = _where(facts, transition)
        yield from check_by(facts, transition.to_place, written, ("to_place",), where, "places and groups")
        for inner, place_id in _fixed_places(transition):
            yield from facts.unknown("place", place_id, written, inner)


def _fixed_places(transition: Transition) -> list[tuple[Path, str]]:
    """The places that `to_place` names, and where each is written."""
    to_place = transition.to_place
    if not isinstance(to_place, By):
        return [] if to_place is None else [(("to_place",), to_place)]
    named: list[tuple[Path, str]] = [(("to_place", "values", key), str(value)) for key, value in to_place.values.items()]
    return named if to_place.otherwise is None else [*named, (("to_place", "otherwise"), str(to_place.otherwise))]


def _where(facts: Facts, transition: Transition) -> Where:
    """Places and groups that need a value of the transition's numbers."""
    if not facts.is_sure(transition.from_):
        return Where()
    compartments = origins_of(facts, transition)
    groups = [g for g in admitted_by(facts, transition) if any(g in compartment.group_ids for compartment in compartments)]
    return Where([compartment.place for compartment in compartments], groups)


def _form_problems(written: Written[Transition]) -> Iterator[Problem]:
    """Keys that contradict or need each other."""
    transition = written.entry
    given = transition.model_fields_set
    if transition.along is not None:
        if transition.to_place is not None:
            expected = "either a route (`along`) or a fixed place (`to_place`)"
            yield written.problem(("to_place",), "both `along` and `to_place`", expected, "delete one of the two", key=True)
        if transition.takes is not None:
            expected = "`speed_km_per_day` and `spread` for a journey along a route"
            yield written.problem(("takes",), "both `along` and `takes`", expected, "delete `takes`", key=True)
        if transition.speed_km_per_day is None:
            found, expected = "`along` without `speed_km_per_day`", "the speed along the route, in km per day"
            yield written.problem(("along",), found, expected, "add `speed_km_per_day: …`", key=True)
        return
    for key in ("speed_km_per_day", "spread"):
        if key in given and getattr(transition, key) is not None:
            try_ = (
                "delete it, or add `along: road`" if transition.takes is None else "delete it; `takes` has a `spread` of its own"
            )
            yield written.problem((key,), f"`{key}` without `along`", f"`{key}` only of a move along a route", try_, key=True)
    if "into" in given and transition.into.model_fields_set:
        expected = "`into` only of a move along a route"
        yield written.problem(("into",), "`into` without `along`", expected, "delete it, or add `along: road`", key=True)
    if transition.choice:
        found, expected = "`choice` without `along`", "`choice` only where there are several destinations"
        yield written.problem(("choice",), found, expected, "move its terms to `changed_by`, or add `along: road`", key=True)


def place_problems(facts: Facts, written: Written[Transition]) -> Iterator[Problem]:
    """A transition must leave from places that have its first status, and lead to places that have its second.

    For a transition without `end_problems`.
    """
    transition = written.entry
    if not facts.is_sure(transition.from_) or not facts.compartments_of(transition.from_):
        return
    origins = origins_of(facts, transition)
    having = facts.where(transition.from_)
    if not origins:
        chosen = listed((place.id for place in facts.selected_places(transition.at)), 6)
        found = f"places without {transition.from_}: {chosen}"
        expected = f"at least one place where people can be {transition.from_}: {having}"
        yield written.problem(("at",), found, expected, "another `at`, or another status in `from`", key=True)
        return
    yield from _nobody_there(facts, written, "at", transition.from_, "")
    if not facts.is_sure(transition.to) or not facts.compartments_of(transition.to):
        return
    if transition.along is not None:
        yield from _along_problems(facts, written, origins)
    elif transition.to_place is None:
        missing = [
            compartment.place.id for compartment in origins if (transition.to, compartment.place.id) not in facts.compartments
        ]
        if missing:
            found = (
                f"{transition.to}, which does not exist at {listed(missing, 6)}, where this transition leaves {transition.from_}"
            )
            expected = f"a status that exists there too, or `at` with places that have both; {transition.to} exists at "
            expected += facts.where(transition.to)
            both = {compartment.place.kind for compartment in origins} - {facts.places[place_id].kind for place_id in missing}
            try_ = f"`at: {{kind: {sorted(both)[0]}}}`" if len(both) == 1 else "narrow `at`, or add `along` or `to_place`"
            yield written.problem(("to",), found, expected, try_)
    else:
        yield from _fixed_place_problems(facts, written)


def _fixed_place_problems(facts: Facts, written: Written[Transition]) -> Iterator[Problem]:
    transition = written.entry
    for inner, place_id in _fixed_places(transition):
        if (transition.to, place_id) not in facts.compartments:
            found, expected = f"{place_id}, where nobody can be {transition.to}", f"a place that has {transition.to}: "
            try_ = "another place, or another status in `to`"
            yield written.problem(inner, found, expected + facts.where(transition.to), try_)


def _nobody_there(facts: Facts, written: Written[Transition], key: str, status: str, otherwise: str) -> Iterator[Problem]:
    """Places named in `at` or `into` at which a status does not exist."""
    ids = getattr(written.entry, key).id
    for number, place_id in enumerate(names_in(ids)):
        if (status, place_id) not in facts.compartments:
            inner: Path = (key, "id") if isinstance(ids, str) else (key, "id", number)
            found, expected = f"{place_id}, where nobody can be {status}", f"places where people can be {status}: "
            yield written.problem(inner, found, expected + facts.where(status), f"delete {place_id}{otherwise}")


def _along_problems(facts: Facts, written: Written[Transition], origins: list[Compartment]) -> Iterator[Problem]:
    transition = written.entry
    modes = " or ".join(names_in(transition.along))
    if not facts.routes_known:
        return
    ends = [route.to for compartment in origins for route in routes_of(facts, transition, compartment.place)]
    if not ends:
        found = f"no route by {modes} from {listed((compartment.place.id for compartment in origins), 6)}"
        into = facts.selected_places(transition.into)
        expected = "a row of routes.csv from one of these places"
        if "into" in transition.model_fields_set:
            expected += f" to {listed((place.id for place in into), 6)}"
        yield written.problem(
            ("along",), found, expected, "add the route, or write `both_ways: yes` where only the way back is there"
        )
    elif not any((transition.to, place_id) in facts.compartments for place_id in ends):
        found = f"{transition.to}, which does not exist where the routes by {modes} lead: {listed(dict.fromkeys(ends), 6)}"
        expected = f"a status that exists at the destination; {transition.to} exists at {facts.where(transition.to)}"
        yield written.problem(("to",), found, expected, "another status, or a route to a place that has it")
    yield from _nobody_there(facts, written, "into", transition.to, ", or another status in `to`")


def _rate_or_share(facts: Facts, written: Written[Transition]) -> Iterator[Problem]:
    """Stays and populations are left at a rate, gates by shares, queues by either: served, or giving up."""
    transition = written.entry
    has_rate, has_share = transition.rate_per_day is not None, transition.share is not None
    types = {compartment.spec.type for compartment in origins_of(facts, transition)}
    if has_rate and has_share:
        expected = "a rate (of leaving) or a share (of those who pass or are served)"
        yield written.problem(("share",), "both `rate_per_day` and `share`", expected, "delete one of the two", key=True)
    elif not has_rate and not has_share:
        expected = {
            frozenset({"gate"}): "the `share` of those in the gate who go this way",
            frozenset({"queue"}): "the `share` of those served who go this way, or the `rate_per_day` of giving up",
        }.get(frozenset(types), "`rate_per_day`, the hazard of leaving")
        try_ = "add `share: …` or `share: rest`" if types & {"gate", "queue"} else "add `rate_per_day: …`"
        yield written.problem((), f"{quoted(transition.name)} without rate or share", expected, try_)
    elif has_rate and "gate" in types:
        found, expected = "`rate_per_day` out of a gate", "`share`: in a gate nobody stays, all divide at once"
        yield written.problem(("rate_per_day",), found, expected, "`share`, or type: stay for the compartment", key=True)
    elif has_share and types & {"population", "stay"}:
        kind = sorted(types & {"population", "stay"})[0]
        found, expected = f"`share` out of a {kind}", "`rate_per_day`: people leave it a few at a time"
        yield written.problem(("share",), found, expected, "`rate_per_day`, or type: gate for the compartment", key=True)


def _number_problems(facts: Facts, written: Written[Transition], *, ends_known: bool) -> Iterator[Problem]:
    transition = written.entry
    where = _where(facts, transition) if ends_known else Where()
    yield from check_quantity(facts, transition.rate_per_day, RATE, written, ("rate_per_day",), where)
    if transition.share != "rest":
        yield from check_quantity(facts, transition.share, SHARE, written, ("share",), where)
    yield from check_quantity(facts, transition.handles_per_day, HANDLES, written, ("handles_per_day",), where)
    yield from check_quantity(facts, transition.speed_km_per_day, SPEED, written, ("speed_km_per_day",), where)
    if transition.takes is not None:
        yield from _duration_problems(facts, transition.takes, written, where)
    moves = list(moves_of(facts, transition)) if ends_known and facts.is_sure(transition.to) else []
    seen_from: dict[str, list[Place] | None] = {
        "origin": None if where.places is None else list(where.places),
        "destination": [move.target.place for move in moves] or None,
    }
    for key in ("changed_by", "choice"):
        for number, term in enumerate(getattr(transition, key)):
            yield from check_term(facts, term, written, (key, number), where, seen_from)


def _duration_problems(facts: Facts, takes: Duration, written: Written[Transition], where: Where) -> Iterator[Problem]:
    needed, other = ("median_days", "mean_days") if takes.distribution == "lognormal" else ("mean_days", "median_days")
    if getattr(takes, other) is not None:
        found, expected = f"`{other}` of a {takes.distribution} time", f"`{needed}`"
        yield written.problem(("takes", other), found, expected, f"`{needed}`, or another `distribution`", key=True)
    elif getattr(takes, needed) is None:
        yield written.problem(("takes",), f"a {takes.distribution} time without `{needed}`", f"`{needed}`", f"add `{needed}: …`")
    yield from check_quantity(facts, takes.mean_days, DAYS, written, ("takes", "mean_days"), where)
    yield from check_quantity(facts, takes.median_days, DAYS, written, ("takes", "median_days"), where)
