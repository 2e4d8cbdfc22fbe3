"""One small study in which every feature of the model occurs, twice: in the east and in the west, between which nobody moves.

Tests of repeatability use it, because a feature that is not in the study is not tested.
"""

from __future__ import annotations

from typing import Any

from builders import Words, day, fixed, flow, gate, make_model, measure, move, population, queue, stay, stock, uncertain

from corredor.study.model import Model

SIDES = ("east", "west")


def everything(sides: tuple[str, ...] = SIDES, measures_at: str = SIDES[0], days: int = 75, **changes: Any) -> Model:
    """The study; `changes` replace the arguments of make_model.

    sides : names of the two halves, from which the ids of their places are made
    measures_at : the half in which measures and the event happen
    """
    arguments: Words = {
        "places": {name: words for side in sides for name, words in _places(side).items()},
        "routes": [route for side in sides for route in _routes(side)],
        "groups": {
            "men": {"citizenship": "coast", "kind": "adult", "share_of_population": 0.55},
            "women": {"citizenship": "coast", "kind": "adult", "share_of_population": 0.25},
            "families": {"citizenship": "coast", "kind": "family", "share_of_population": 0.2},
        },
        "parameters": PARAMETERS,
        "measures": measures(measures_at),
        "events": [
            {
                "id": "caravan", "date": day(20), "days": 2, "at": f"{measures_at}_village", "from": "home", "to": "gathered",
                "people": "caravan_size", "groups": {"men": 1.0, "families": 2.0},
            }
        ],
        "drivers": [
            {"driver": "harvest", "date": day(n), "place": "coast", "value": value}
            for n, value in ((-30, 100.0), (0, 90.0), (33, 60.0))
        ]
        + [
            {"driver": "work", "date": day(n), "place": f"{side}_other_town", "value": value}
            for side in sides
            for n, value in ((-30, 1.0), (37, 2.5))
        ]
        + [{"driver": "rooms", "date": day(n), "place": "*", "value": value} for n, value in ((-30, 1.0), (28, 1.4))],
        "observations": observations(sides),
        "seasons": {"school": {"months": dict.fromkeys(MONTHS, 0.0) | {"jan": 0.2, "mar": "march"}}},
        "latents": {
            "mood": {"by": "place", "persistence": "persistence", "monthly_sd": 0.15},
            "moods_of_groups": {"by": "group", "persistence": 0.2, "monthly_sd": 0.1, "follows": "at_the_fence"},
        },
        "collective_attempts": [RUSH],
        "outputs": OUTPUTS,
        "accounts": {
            "fares": {"title": "f", "actor": "a", "of": "left", "usd_each": "fare", "source": "invented"},
            "beds": {"title": "b", "actor": "a", "of": "inside", "usd_each": 12.0, "source": "invented"},
        },
        "days": days,
        "warm_up_days": 10,
    } | changes  # fmt: skip
    return make_model(COMPARTMENTS, transitions(sides), **arguments)


RUSH = {
    "name": "rush",
    "at": {"country": "coast"},
    "from": ["camp", "line"],
    "to": "fence",
    "events_per_day": 0.05,
    "at_crowd": 100.0,
    "growth": 1.2,
    "share": {"alpha": 2.0, "beta": 5.0},
    "closes": "line",
    "closed_days": "closed_days",
}

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

COMPARTMENTS = [
    population("home", at={"kind": "village"}, noise=0.1),
    stay("gathered", at={"kind": "village"}),
    gate("bridge", at={"kind": "bridge"}),
    gate("second_check", at={"kind": "bridge"}),
    stay("camp", at={"kind": "town"}, noise="daily_noise", initial={"people": 60.0, "groups": {"men": 2.0, "families": 1.0}}),
    stay("shelter", at={"kind": "town"}, capacity="beds_there"),
    stay("hall", at={"kind": "town"}, capacity=15.0, capacity_driver="rooms", overfills=True, groups={"citizenship": "coast"}),
    queue("line", "served", at={"kind": "town"}, service_noise=0.3, initial={"people": 30.0, "groups": {"women": 1.0}}),
    gate("fence", at={"kind": "town"}),
    gate("sent_back", at={"kind": "village"}),
    stay("inside", at={"kind": ["city", "town"]}),
    stay("across", at={"kind": "city"}),
]


def transitions(sides: tuple[str, ...]) -> list[Words]:
    """Every kind of move."""
    leave = [
        {"driver": "harvest", "effect": "effect_of_harvest", "reference": day(-30)},
        {"season": "school"},
        {"latent": "mood"},
        {"latent": "moods_of_groups", "effect": 0.5},
        {"group": {"kind": "family"}, "effect": -0.3},
    ]
    wait = [{"waiting": "line", "effect": "effect_of_wait"}, {"overcrowding": "hall", "effect": 0.4}]
    wait += [{"place": {"region": sides[0]}, "of": "destination", "effect": 0.05}]
    home_again = {"by": "place", "values": {f"{side}_bridge": f"{side}_village" for side in sides}}
    return [
        move("leave", "home", "bridge", along="road", rate_per_day="leaving", speed_km_per_day="speed", changed_by=leave),
        move("walk together", "gathered", "bridge", along="road", rate_per_day=2.0, speed_km_per_day=40.0, spread=0.15),
        move("be checked again", "bridge", "second_check", share=0.4),
        move("pass the bridge", "bridge", "camp", along="road", share="rest", speed_km_per_day="speed", spread=0.8,
             choice=[
                 {"distance": "log", "effect": -1.0},
                 {"driver": "work", "transform": "linear", "reference_value": 1.5, "effect": 0.5},
             ]),
        move("be sent back", "second_check", "sent_back", to_place=home_again, share="stopped", handles_per_day="handled",
             takes={"distribution": "gamma", "mean_days": 2.0}),
        move("pass in the end", "second_check", "camp", along=["road", "path"], share="rest", speed_km_per_day=60.0),
        move("start again", "sent_back", "bridge", along="road", share=0.5, speed_km_per_day="speed"),
        move("wait at home", "sent_back", "gathered", share="rest",
             takes={"distribution": "lognormal", "median_days": 9.0, "spread": 0.86}),
        move("find a bed", "camp", "shelter", rate_per_day=0.4),
        move("find a corner", "camp", "hall", rate_per_day=0.1),
        move("leave the hall", "hall", "camp", rate_per_day=0.1, changed_by=wait),
        move("join the line", "camp", "line", rate_per_day={"by": "kind", "values": {"adult": 0.2}, "otherwise": 0.1}),
        move("join from the shelter", "shelter", "line", rate_per_day=0.15, changed_by=wait, groups={"kind": "adult"}),
        move("give up", "line", "camp", rate_per_day=0.02),
        move("be admitted", "line", "inside", share="admitted"),
        move("be refused", "line", "camp", share="rest"),
        move("go on", "inside", "inside", at={"kind": "town"}, into={"kind": "city"}, along="road", rate_per_day=0.2,
             speed_km_per_day=100.0),
        move("get across", "fence", "across", along="path", share=0.3, speed_km_per_day=30.0),
        move("turn back", "fence", "camp", share="rest"),
        move("use the new office", "camp", "inside", rate_per_day=0.05, only_when_opened=True),
        move("try alone", "camp", "fence", rate_per_day=0.03),
    ]  # fmt: skip


def measures(side: str) -> list[Words]:
    """Every kind of action, in one half."""
    town, bridge = {"id": f"{side}_town"}, {"id": f"{side}_bridge"}
    return [
        measure("patrols", 12, 50, {"transition": "be sent back", "effect": "patrols", "lag_days": 4.0, "at": bridge},
                dose=[2.0, "carried_out"]),
        measure("office", 15, 40, {"opens": "use the new office", "at": town}),
        measure("fence_shut", 30, 35, {"closes": "try alone", "at": town}),
        measure("more_beds", 22, None, {"capacity": "shelter", "multiply": 1.7, "at": town}),
        measure("slow_line", 18, 45, {"served_per_day": "line", "set": 2.5, "at": town}),
        measure("other_road", 25, 60, {"transition": "pass the bridge", "effect": 0.5, "at": bridge, "into": town,
                              "groups": {"id": "women"}}),
        measure("on_record", 3, 9, announced=day(1)),
    ]  # fmt: skip


PARAMETERS = {
    "leaving": uncertain("per month", lognormal={"median": 0.05, "sigma": 0.2}),
    "speed": uncertain("km per day", lognormal={"median": 90.0, "sigma": 0.2}),
    "effect_of_harvest": uncertain("log", normal={"mean": -0.8, "sd": 0.2}),
    "march": fixed(-0.1, "log"),
    "persistence": uncertain("ratio", uniform={"low": 0.3, "high": 0.8}),
    "daily_noise": fixed(0.2, "log"),
    "beds_there": uncertain("people", lognormal={"median": 50.0, "sigma": 0.3}),
    "served": uncertain("people per day", lognormal={"median": 6.0, "sigma": 0.2}),
    "effect_of_wait": uncertain("log", normal={"mean": -0.3, "sd": 0.1}),
    "stopped": uncertain("share", beta={"alpha": 12.0, "beta": 20.0}),
    "handled": uncertain("people per day", lognormal={"median": 20.0, "sigma": 0.2}),
    "admitted": uncertain("share", beta={"alpha": 10.0, "beta": 10.0}),
    "patrols": uncertain("log", normal={"mean": 0.4, "sd": 0.1}),
    "carried_out": uncertain("ratio", chance=0.9),
    "closed_days": fixed(1.5, "days"),
    "caravan_size": uncertain("people", uniform={"low": 80.0, "high": 120.0}),
    "fare": fixed(35.0, "USD per person"),
    "reported": fixed(0.9, "ratio"),
}

OUTPUTS = {
    "left": flow("leave", by=["place", "group"]),
    "left_by_road": flow("leave", "pass the bridge", by=["route"], every="month"),
    "came": flow("pass the bridge", "pass in the end", counted="arriving", by=["place"], every="week"),
    "inside": stock("inside", "across", by=["place"]),
    "in_shelter": stock("shelter", by=["place", "kind"]),
    "in_camp": stock("camp", by=["place"], at={"kind": "town"}, groups={"kind": "adult"}),
    "everybody_there": {"title": "e", "sum_of": {"in_camp": 1.0, "inside": "reported"}, "by": ["place"], "every": "day"},
    "waited": {"title": "w", "days_waited": "line", "by": ["place"], "every": "month", "side": "protection"},
    "wait": {"title": "w", "expected_wait": "line", "by": ["place"], "every": "week"},
    "rushes": flow("rush", by=["place"], every="step"),
    "caravan": flow("caravan", by=["place"]),
    "at_the_fence": flow("try alone", "get across", by=["region"], reported_share="reported", dispersion=0.05),
}


def observations(sides: tuple[str, ...]) -> list[Words]:
    """Published figures of all forms."""
    return [
        {"output": "at_the_fence", "from": day(0), "to": day(30), "value": 40.0, "published": day(40)},
        {"output": "left", "place": f"{sides[0]}_village", "group": "adult", "from": day(0), "to": day(30), "low": 50.0,
         "high": 90.0, "published": day(40), "status": "provisional", "note": "rounded"},
        {"output": "in_shelter", "place": "coast", "from": day(50), "to": day(50), "low": 20.0, "published": day(52)},
    ]  # fmt: skip


def _places(side: str) -> dict[str, Words]:
    names = {"village": 9000.0, "bridge": None, "town": None, "city": None}
    return {
        f"{side}_{kind}": {"kind": kind, "region": side, **({} if people is None else {"population": people})}
        for kind, people in names.items()
    } | {f"{side}_other_town": {"kind": "town", "region": side}}


def _routes(side: str) -> list[tuple[str, str, float] | tuple[str, str, float, str]]:
    return [
        (f"{side}_village", f"{side}_bridge", 150.0),
        (f"{side}_bridge", f"{side}_town", 220.0),
        (f"{side}_bridge", f"{side}_other_town", 400.0),
        (f"{side}_town", f"{side}_city", 120.0),
        (f"{side}_other_town", f"{side}_city", 150.0),
        (f"{side}_bridge", f"{side}_town", 260.0, "path"),
        (f"{side}_town", f"{side}_city", 130.0, "path"),
        (f"{side}_other_town", f"{side}_city", 170.0, "path"),
    ]
