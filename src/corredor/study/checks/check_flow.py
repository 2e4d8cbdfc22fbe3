"""The network as a whole: gates that let everybody on, shares that sum to 1, doors that crowding can close, places that can be reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any

from corredor.study.checks.check_compartments import SUM_TOLERANCE
from corredor.study.checks.check_events import attempt_end_problems, event_end_problems
from corredor.study.checks.check_transitions import end_problems, place_problems
from corredor.study.checks.facts import Facts
from corredor.study.checks.quantities import quantity_centre
from corredor.study.problems import Problem, listed, quoted
from corredor.study.reading import Written
from corredor.study.reading.wording import Path
from corredor.study.schema import By, Quantity, Transition
from corredor.study.selectors import matches_place
from corredor.study.topology import Compartment, Move, Pool, admitted_by, moves_of, reached_pools

ABOUT_ONE = 0.01
"""How far from 1 the medians of uncertain shares may sum when no `rest` takes up the difference; each draw is made to sum to 1."""

SPREADING = ("gate", "queue")
"""Types of compartment whose people divide by shares."""


WrittenMove = tuple[Written[Transition], Move]
"""A move, and where its transition is written."""


def check_flow(facts: Facts) -> Iterator[Problem]:
    """Problems that several transitions, events and attempts make together."""
    sound = [written for written in facts.raw.transitions if not list(end_problems(facts, written))]
    moves = [(written, move) for written in sound for move in moves_of(facts, written.entry)]
    yield from _into_capacity(facts, moves)
    yield from _gate_cycles(moves)
    raw = facts.raw
    all_sound = len(sound) == len(raw.transitions) and raw.transitions.whole and raw.compartments.whole and raw.groups.whole
    if not all_sound or not facts.places_known or facts.unsure_statuses:
        return
    yield from _shares(facts)
    if _ends_are_known(facts):
        plain = [move for _, move in moves]
        events, attempts = [written.entry for written in raw.events], [written.entry for written in raw.collective_attempts]
        reached = reached_pools(facts, plain, events, attempts)
        yield from _dead_ends(facts, plain, reached)
        yield from _unreached(facts, reached)


def _ends_are_known(facts: Facts) -> bool:
    """Whether nothing is wrong with where people come from and go to. Otherwise who can be reached would only repeat that."""
    raw = facts.raw
    if not (facts.routes_known and raw.events.whole and raw.collective_attempts.whole):
        return False
    problems = chain(
        *(place_problems(facts, written) for written in raw.transitions),
        *(event_end_problems(facts, written) for written in raw.events),
        *(attempt_end_problems(facts, written) for written in raw.collective_attempts),
    )
    return next(problems, None) is None


def _into_capacity(facts: Facts, moves: list[WrittenMove]) -> Iterator[Problem]:
    """Who passes a gate, arrives from a journey or leaves by an event cannot be held back by a full house: they must be somewhere."""
    reported: set[Path] = set()
    for written, move in moves:
        if not _can_be_full(move.target) or written.path in reported:
            continue
        if move.origin.type == "gate" or _is_journey(move):
            reported.add(written.path)
            yield _capacity_problem(facts, written, move.target, "a gate" if move.origin.type == "gate" else "a journey")
    for event in facts.raw.events:
        target = facts.compartments.get((event.entry.to, event.entry.at))
        if target is not None and _can_be_full(target):
            yield _capacity_problem(facts, event, target, "an event")
    for attempt in facts.raw.collective_attempts:
        target = next((compartment for compartment in facts.compartments_of(attempt.entry.to) if _can_be_full(compartment)), None)
        if target is not None:
            yield _capacity_problem(facts, attempt, target, "a collective attempt")


def _is_journey(move: Move) -> bool:
    return move.transition.along is not None or move.transition.takes is not None


def _can_be_full(compartment: Compartment) -> bool:
    return compartment.spec.capacity is not None and not compartment.spec.overfills


def _capacity_problem(facts: Facts, written: Written[Any], target: Compartment, how: str) -> Problem:
    found = f"{how} straight into {target.status}, which has a capacity ({target.place.id})"
    expected = "arrival in a status without capacity first, from which people enter as room allows"
    here = [compartment for (_, place_id), compartment in facts.compartments.items() if place_id == target.place.id]
    open_stays = [compartment.status for compartment in here if compartment.spec.type == "stay" and not _can_be_full(compartment)]
    try_ = f"lead to {open_stays[0] if open_stays else 'a new status, such as `arrived`'} and add a transition from there, "
    return written.problem(("to",), found, expected, try_ + f"or write `overfills: true` for {target.status}")


def _gate_cycles(moves: list[WrittenMove]) -> Iterator[Problem]:
    """All who enter a gate leave it at once; gates that feed each other would turn people round for ever."""
    feeds: dict[Compartment, list[WrittenMove]] = defaultdict(list)
    for written, move in moves:
        if move.origin.type == move.target.type == "gate" and not _is_journey(move):
            feeds[move.origin].append((written, move))
    finished: set[Compartment] = set()
    reported: set[frozenset[str]] = set()
    for start in list(feeds):
        trail: list[tuple[Compartment, Iterator[WrittenMove]]] = [(start, iter(feeds[start]))]
        if start in finished:
            continue
        while trail:
            node, pending = trail[-1]
            following = next(pending, None)
            if following is None:
                finished.add(node)
                trail.pop()
                continue
            written, move = following
            after = move.target
            on_trail = [seen for seen, _ in trail]
            if after in on_trail:
                loop = [gate.status for gate in on_trail[on_trail.index(after) :]] + [after.status]
                if frozenset(loop) not in reported:
                    reported.add(frozenset(loop))
                    found = f"gates in a circle: {' → '.join(loop)} ({after.place.id})"
                    expected = "gates that lead on, since nobody stays in one"
                    yield written.problem(("to",), found, expected, "lead this one to a stay, or give it a time: `takes`")
            elif after not in finished and after in feeds:
                trail.append((after, iter(feeds[after])))


def _shares(facts: Facts) -> Iterator[Problem]:
    """Shares out of a gate, or of those that a queue serves, must leave nobody over."""
    by_status: dict[str, list[Written[Transition]]] = defaultdict(list)
    for written in facts.raw.transitions:
        if written.entry.share is not None:
            by_status[written.entry.from_].append(written)
    for status, outcomes in by_status.items():
        checked: set[tuple[object, ...]] = set()
        for compartment in facts.compartments_of(status):
            if compartment.spec.type not in SPREADING:
                continue
            here = [written for written in outcomes if matches_place(written.entry.at, compartment.place)]
            admitted = [(written, admitted_by(facts, written.entry)) for written in here]
            varies_by_place = any(_depends_on_place(written.entry.share) for written in here)
            problem = None
            for group_id in compartment.group_ids:
                open_to = [written for written, groups in admitted if group_id in groups]
                key = (tuple(written.path for written in open_to), group_id, compartment.place.id if varies_by_place else "")
                if key in checked or not open_to:
                    continue
                checked.add(key)
                problem = problem or _sum_problem(facts, compartment, group_id, open_to)
            if problem is not None:
                yield problem
                break  # one Problem for a status: its other places and groups mostly share the cause


def _depends_on_place(share: Quantity | None) -> bool:
    factors = share if isinstance(share, list) else [share]
    return any(isinstance(factor, By) and factor.by in ("place", "country", "region") for factor in factors)


def _sum_problem(facts: Facts, compartment: Compartment, group_id: str, outcomes: list[Written[Transition]]) -> Problem | None:
    rests = [written for written in outcomes if written.entry.share == "rest"]
    what = f"{compartment.status} ({compartment.place.id}, {group_id})"
    if len(rests) > 1:
        first = quoted(rests[0].entry.name)
        found = f"a second `rest` out of {what}; {first} in line {rests[0].line} has it already"
        return rests[1].problem(("share",), found, "one `rest`", "a number or parameter for one of the two")
    shared = [written for written in outcomes if written.entry.share != "rest"]
    values: list[float] = []
    exact = True
    for written in shared:
        share = written.entry.share
        assert share is not None
        value = quantity_centre(facts, share, compartment.place, group_id)
        if value is None or not 0 <= value <= 1:
            return None  # told where it stands
        values.append(value)
        exact = exact and _is_number(share)
    total = sum(values)
    sums = " + ".join(f"{value:.4g}" for value in values) + (f" = {total:.6g}" if len(values) > 1 else "")
    names = listed((quoted(written.entry.name) for written in shared), 5)
    if rests and total > 1 + SUM_TOLERANCE:
        found = f"{sums} out of {what}: {names}"
        return shared[-1].problem(
            ("share",), found, "shares that leave something for `rest`: a sum of at most 1", "smaller shares"
        )
    if not rests and abs(total - 1) > (SUM_TOLERANCE if exact else ABOUT_ONE):
        medians = "" if exact else " at the medians of the priors"
        found = f"{sums}{medians} out of {what}: {names}"
        try_ = "write `share: rest` for one of them"
        if len(shared) == 1:
            try_ = "add a transition with `share: rest` for the others, or write share: 1"
        return shared[-1].problem(("share",), found, "shares that sum to 1, or one of them `rest`", try_)
    return None


def _is_number(share: Quantity) -> bool:
    if isinstance(share, By):
        return all(not isinstance(value, str) for value in [*share.values.values(), share.otherwise])
    if isinstance(share, list):
        return all(_is_number(factor) for factor in share)
    return not isinstance(share, str)


def _dead_ends(facts: Facts, moves: list[Move], reached: set[Pool]) -> Iterator[Problem]:
    """A gate that somebody can enter and not leave; a queue whose served people have nowhere to go."""
    reported: set[str] = set()
    leaving: dict[Compartment, set[str]] = defaultdict(set)
    for move in moves:
        if move.transition.share is not None or move.transition.rate_per_day is None:
            leaving[move.origin].update(move.group_ids)
    for compartment in facts.compartments.values():
        if compartment.spec.type not in SPREADING or compartment.status in reported:
            continue
        stuck = [g for g in compartment.group_ids if (compartment, g) in reached and g not in leaving[compartment]]
        if stuck:
            reported.add(compartment.status)
            found = f"{compartment.status} at {compartment.place.id}, a {compartment.spec.type} with no way out for {listed(stuck, 5)}"
            expected = f"a transition with a `share` from {compartment.status} for everybody who can be there"
            yield facts.entry_of(compartment).problem(
                (), found, expected, "add one with `share: rest`, or widen `at` or `groups` of one that exists"
            )


def _unreached(facts: Facts, reached: set[Pool]) -> Iterator[Problem]:
    """Places and statuses where nobody can ever be: mostly a road, a transition or a row that was forgotten."""
    rows = {row.entry.id: row for row in facts.raw.places}
    places_reached = {compartment.place.id for compartment, _ in reached}
    statuses_at: dict[str, list[str]] = defaultdict(list)
    for name, at in facts.compartments:
        statuses_at[at].append(name)
    for place_id in facts.places:
        if place_id in places_reached:
            continue
        statuses = statuses_at[place_id]
        found = f"{place_id}, which nobody can reach and from which nobody starts"
        if statuses:
            expected = f"a way into {listed(statuses, 4)} there, by a route and a transition, or people who begin there"
            try_ = f"add a route to {place_id} in routes.csv (or `both_ways: yes`), or delete the place"
        else:
            expected = "a compartment at every place"
            try_ = f"let the `at` of a compartment include {place_id} (kind {facts.places[place_id].kind}), or delete the place"
        yield rows[place_id].problem(("id",), found, expected, try_)
    if len(places_reached) < len(facts.places):
        return  # statuses that exist only there would be told twice
    statuses_reached = {compartment.status for compartment, _ in reached}
    for status in facts.raw.statuses:
        compartments = facts.compartments_of(status.name)
        if compartments and status.name not in statuses_reached:
            found = f"{status.name}, which nobody can ever be"
            expected = "a transition or event that leads into it, or people there from the beginning (`initial`)"
            yield facts.entry_of(compartments[0]).problem(
                (), found, expected, "add one, or check the `groups` of the transitions that lead there"
            )
