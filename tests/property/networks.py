"""Random small corridors for Hypothesis: a few places and statuses of any type, moves between them, and what else a study may have.

A corridor is always one that the reader of studies would accept as far as the kernel is concerned: gates let everybody on, no gates
in a circle, nobody enters a full house from a gate, a journey or an event.
"""

from __future__ import annotations

from dataclasses import dataclass

from builders import Words, day, make_model, measure, move
from hypothesis import strategies as st

from corredor.study.model import Model

GROUPS = ("ones", "others", "third")


@dataclass(frozen=True)
class Allowed:
    """What may occur. Without queues, crowding and attempts a corridor has nothing whose capacity binds."""

    queues: bool = True
    giving_up: bool = True
    crowding: bool = True
    attempts: bool = True
    events: bool = True
    step_days: tuple[float, ...] = (0.25, 1.0, 7.0)


@st.composite
def corridors(draw: st.DrawFn, allowed: Allowed = Allowed()) -> Model:
    """A random study of up to four places, six statuses and three groups.

    Its outputs count every transition by itself (`flow_` and its name), and everybody who comes into a status or goes out of it
    (`into_` and `out_of_`), step by step.
    """
    places = [f"p{n}" for n in range(draw(st.integers(1, 4)))]
    groups = GROUPS[: draw(st.integers(1, 3))]
    kinds = ["stay", "gate", *(["queue"] if allowed.queues else [])]
    types = ["population", "stay", *draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4))]
    statuses = [f"s{n}" for n in range(len(types))]
    routes = [(a, b, draw(st.sampled_from([20.0, 150.0, 900.0]))) for a in places for b in places if a != b]
    compartments = [_compartment(draw, status, kind, groups, allowed) for status, kind in zip(statuses, types, strict=True)]
    transitions = _transitions(draw, compartments, places, allowed)
    events = _events(draw, compartments, places, groups) if allowed.events else []
    people = float(draw(st.integers(0, 3000)))
    return make_model(
        compartments,
        transitions,
        places={name: {"population": people} for name in places},
        routes=routes,
        groups={name: {"kind": name, "share_of_population": 1 / len(groups)} for name in groups},
        days=draw(st.sampled_from([14, 21, 28])),
        step_days=draw(st.sampled_from(allowed.step_days)),
        warm_up_days=draw(st.sampled_from([0, 5])),
        measures=_measures(draw, transitions, compartments),
        events=events,
        collective_attempts=_attempts(draw, compartments) if allowed.attempts else [],
        outputs=_outputs(statuses, transitions, events),
    )


def _outputs(statuses: list[str], transitions: list[Words], events: list[Words]) -> dict[str, Words]:
    moves = [(words["name"], words["from"], words["to"]) for words in transitions]
    moves += [(words["id"], words["from"], words["to"]) for words in events]
    outputs = {f"flow_{name}": [name] for name, _, _ in moves}
    outputs |= {f"out_of_{status}": [name for name, origin, _ in moves if origin == status] for status in statuses}
    words: dict[str, Words] = {name: {"title": name, "flow": names, "every": "step"} for name, names in outputs.items() if names}
    for status in statuses:
        names = [name for name, _, target in moves if target == status]
        if names:
            words[f"into_{status}"] = {"title": status, "flow": names, "counted": "arriving", "every": "step"}
    return words


def _compartment(draw: st.DrawFn, status: str, kind: str, groups: tuple[str, ...], allowed: Allowed) -> Words:
    words: Words = {"status": status, "type": kind}
    if kind in ("stay", "queue") and draw(st.booleans()):
        words["initial"] = {"people": float(draw(st.integers(0, 400))), "groups": dict.fromkeys(groups, 1.0)}
    if kind == "stay" and allowed.crowding and draw(st.integers(0, 2)) == 0:
        words["capacity"] = draw(st.sampled_from([0.0, 3.5, 40.0, 250.25]))
    if kind == "queue":
        words |= {
            "served_per_day": draw(st.sampled_from([0.0, 0.7, 12.0, 300.0])),
            "service_noise": draw(st.sampled_from([0.0, 0.5])),
        }
    if kind != "gate" and draw(st.booleans()):
        words["noise"] = draw(st.sampled_from([0.2, 1.0]))
    return words


def _transitions(draw: st.DrawFn, compartments: list[Words], places: list[str], allowed: Allowed) -> list[Words]:
    """One to three moves out of every status; out of a gate, and of those served, one of them takes the rest."""
    moves: list[Words] = []
    for number, origin in enumerate(compartments):
        n_moves = draw(st.integers(1, 3)) if origin["type"] != "queue" or allowed.giving_up else 1
        for nth in range(n_moves):
            by_share = origin["type"] == "gate" or (origin["type"] == "queue" and nth == 0)
            targets = [
                target
                for later, target in enumerate(compartments)
                # gates lead on: to a later gate, or to something else
                if (target["type"] != "gate" or origin["type"] != "gate" or later > number)
                and (origin["type"] != "gate" or "capacity" not in target)
            ]
            target = draw(st.sampled_from(targets))
            words = move(f"m{len(moves)}", origin["status"], target["status"], **_way(draw, target, places))
            if by_share:
                words["share"] = "rest" if nth == 0 else draw(st.sampled_from([0.0, 0.1, 0.33]))
            else:
                words["rate_per_day"] = draw(st.sampled_from([0.0, 0.001, 0.05, 0.6, 9.0]))
            if allowed.crowding and draw(st.integers(0, 3)) == 0:
                words["handles_per_day"] = draw(st.sampled_from([0.5, 30.0]))
            if draw(st.integers(0, 4)) == 0:
                words["changed_by"] = [{"group": {"id": GROUPS[0]}, "effect": draw(st.sampled_from([-2.0, 1.0]))}]
            queues = [other["status"] for other in compartments if other["type"] == "queue"]
            if queues and allowed.crowding and draw(st.integers(0, 3)) == 0:
                words.setdefault("changed_by", []).append({"waiting": queues[0], "effect": draw(st.sampled_from([-1.0, 0.5]))})
            moves.append(words)
    return moves


def _way(draw: st.DrawFn, target: Words, places: list[str]) -> Words:
    """In place, along a road, or to a fixed place; only in place into a house with limited room."""
    kinds = (
        ["in place"]
        if "capacity" in target
        else ["in place", "delay", "wait", "transfer", *(["road"] if len(places) > 1 else [])]
    )
    kind = draw(st.sampled_from(kinds))
    if kind == "road":
        choice = [{"distance": "log", "effect": -1.0}] if draw(st.booleans()) else []
        speed, spread = draw(st.sampled_from([40.0, 500.0])), draw(st.sampled_from([0.1, 0.5, 1.2]))
        return {"along": "road", "speed_km_per_day": speed, "spread": spread, "choice": choice}
    if kind == "transfer":
        return {"to_place": places[-1], "takes": {"mean_days": 1.5}}
    if kind == "delay":
        return {"takes": {"distribution": "gamma", "mean_days": draw(st.sampled_from([0.2, 6.0])), "spread": 0.4}}
    if kind == "wait":
        return {"takes": {"distribution": "lognormal", "median_days": draw(st.sampled_from([2.0, 12.0])), "spread": 0.86}}
    return {}


def _measures(draw: st.DrawFn, transitions: list[Words], compartments: list[Words]) -> list[Words]:
    """Up to three measures of any kind."""
    found = []
    for number in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from(transitions))["name"]
        actions: list[Words] = [{"transition": name, "effect": draw(st.sampled_from([-1.5, 2.0]))}]
        actions.append({**actions[0], "lag_days": 4.0})
        actions += [{"closes": words["name"]} for words in transitions if words.get("share") != "rest"]
        for compartment in compartments:
            if "capacity" in compartment:
                actions.append({"capacity": compartment["status"], "set": 7.5})
            if compartment["type"] == "queue":
                actions.append({"served_per_day": compartment["status"], "multiply": 0.3})
        first, length = draw(st.integers(-3, 12)), draw(st.integers(0, 9))
        found.append(measure(f"measure_{number}", first, first + length, draw(st.sampled_from(actions))))
    return found


def _events(draw: st.DrawFn, compartments: list[Words], places: list[str], groups: tuple[str, ...]) -> list[Words]:
    if draw(st.booleans()):
        return []
    origins = [words["status"] for words in compartments if words["type"] != "gate"]
    targets = [words["status"] for words in compartments if "capacity" not in words]
    event: Words = {"id": "event", "date": day(draw(st.integers(0, 6))), "days": draw(st.integers(1, 3))}
    event |= {"at": draw(st.sampled_from(places)), "from": draw(st.sampled_from(origins)), "to": draw(st.sampled_from(targets))}
    return [event | {"people": float(draw(st.integers(0, 500))), "groups": dict.fromkeys(groups, 1.0)}]


def _attempts(draw: st.DrawFn, compartments: list[Words]) -> list[Words]:
    crowds = [words["status"] for words in compartments if words["type"] in ("stay", "queue")]
    targets = [words["status"] for words in compartments if "capacity" not in words]
    if not draw(st.booleans()):
        return []
    rush: Words = {"name": "rush", "from": draw(st.lists(st.sampled_from(crowds), min_size=1, max_size=2, unique=True))}
    share = {"alpha": 1.0, "beta": 2.0}
    rush |= {"to": draw(st.sampled_from(targets)), "events_per_day": 0.3, "at_crowd": 50.0, "share": share}
    queues = [words["status"] for words in compartments if words["type"] == "queue"]
    return [rush | ({"closes": queues[0], "closed_days": 0.7} if queues else {})]
