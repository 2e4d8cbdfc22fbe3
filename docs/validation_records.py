"""Sections of docs/VALIDATION.md that tell what was chosen and fitted, from the records beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np


def mean(values: Iterable[float]) -> float:
    """Mean of some numbers."""
    return float(np.mean(list(values)))


def rolling_method_lines(rolling: dict[str, Any] | None) -> list[str]:
    """How forecasts are made, and what studies_src/check_rolling.py wrote down; nothing without a record."""
    if rolling is None:
        return []
    left_out, shipped = rolling["left_out"], rolling["shipped"]
    cases = list(left_out)
    columns = {f"{way}, numbers as shipped": [shipped[way][case] for case in cases] for way in shipped}
    columns |= {f"{way}, numbers chosen on the other cases": [left_out[case]["score"][way] for case in cases] for way in shipped}
    columns["shares last known kept"] = [rolling["last_known"][case] for case in cases]
    rows = [
        f"| {title} | " + " | ".join(f"{x:.3f}" for x in values) + f" | {mean(values):.3f} |" for title, values in columns.items()
    ]
    return [
        "### How the forecast is made",
        "",
        "Four lines, the same for every case (`learn/place_sizes.py`). n is the last count of a camp, counted on day s, r its",
        "growth per day",
        "over the 60 days before (at least 30); W what the model expects the camp to have drawn by the target day, from who",
        "lives where there",
        "is conflict, the ways and what is open; o the day since which it can be reached; U the people whom the published total has gained",
        "since o and the counted camps have not; t the day of the forecast and h the horizon.",
        "",
        "- A counted camp: m = n + r · 10 · (1 − exp(−(t + h − s)/10)). Who came lately says who comes next, and this fades in ten days.",
        "- A camp that has published nothing above 0 yet: m = ½ · exp(−(t − o)/100) · max(E, min(U · W/ΣW, 8 · E)), with E =",
        "  Σn · W/ΣW of the",
        "  counted camps; times the growth of the counted ones. Most of the gain over shares last known is here: a camp that",
        "  is not counted",
        "  yet is not empty.",
        "- Shares: p = (1 − ε) · m/Σm + ε · W/ΣW with ε = 0.1 · 90/(90 + t).",
        "- Bands: the log of a count lies around the forecast as in a Laplace distribution, wider above than below, wider in",
        "  the first weeks",
        "  and with the days since the last count; by how much, the case's own errors known by then say.",
        "",
        f"About {rolling['looks']} variants were looked at on these four cases before the method was frozen and this page written, so the",
        "first table flatters. The numbers were chosen on each case as it is, without its closures and without its published total, since",
        "other folders have fewer of both: closures say when a camp opens, and without them the forecast is little better than shares last",
        "known. Four of the numbers were then tried on a grid, and for each case those that are best on the other three scored on it.",
        f"Over the whole grid the mean lies between {rolling['grid_mean']['least']:.3f} and {rolling['grid_mean']['largest']:.3f}.",
        "",
        "| every second day | " + " | ".join(cases) + " | mean |",
        "|---|" + "---|" * (len(cases) + 1),
        *rows,
        "",
        "Tried and left out, since they made the mean no better by 0.002: growth of all camps by a power of time, growth that the last two",
        "weeks and the last two months agree on, weights of several such forecasts learned from their errors in the case",
        "itself, the model's",
        "present flow in place of what it expects in all, steeper effects of distance.",
        "",
    ]


def fit_lines(fit: dict[str, Any] | None) -> list[str]:
    """The common parameters, as studies_src/fit_displacement.py wrote them down; nothing without a record."""
    if fit is None:
        return []
    cases = list(fit["fitted"])
    rows = {
        "capacities as known on the day": "known_on_the_day",
        "the same, fitted without this case": "known_on_the_day_left_out",
        "capacities of the folder": "fitted",
        "the same, fitted without this case ": "left_out",
        "capacity does not attract, crowding stays": "without_attraction_of_capacity",
        "capacity not used at all": "without_capacity",
        "distance not used": "without_distance",
        "crowded from a quarter of the capacity on, not from half": "crowded_from_a_quarter",
        "crowded only when full": "crowded_when_full",
    }
    lines = [
        "## The common parameters",
        "",
        "`python studies_src/fit_displacement.py CASES --write` fits three numbers to all training cases together, never to one, and",
        "writes them into the bundled study `displacement`, which every import takes as it is. Least mean score in",
        "expected flow, with a penalty of",
        "0.002 for each unit of squared effect. How people answer to room in a camp is fitted with the capacities of the",
        "folders, which these",
        "past cases have in hindsight; with capacities as known on the day the same fit leaves the effect of capacity open.",
        "Chosen by the error on cases left out: more parameters (another weight of",
        "population, old conflicts that count for less, other speeds) changed the mean score of a first version by",
        "at most 0.003 and were left out. The share of its capacity from which a camp counts as crowded, 0.5, was chosen among 0.25, 0.5",
        "and 1 on the four cases together, and not again for each case left out. The headroom multiplies the same capacity;",
        "0.75, 1, 1.25 and",
        "1.5 times the largest count so far score "
        + ", ".join(f"{mean(one.values()):.3f}" for one in fit["headroom"].values())
        + " with capacities as known on the day.",
        "",
        "| parameter | value | standard deviation |",
        "|---|---|---|",
        *(f"| {name} | {value} | {fit['spread'][name]} |" for name, value in fit["parameters"].items()),
        "",
        "| score in expected flow | " + " | ".join(cases) + " | mean |",
        "|---|" + "---|" * (len(cases) + 1),
    ]
    for title, key in rows.items():
        values = [fit[key][case] for case in cases]
        lines.append(f"| {title} | " + " | ".join(f"{x:.3f}" for x in values) + f" | {np.mean(values):.3f} |")
    return [*lines, ""]
