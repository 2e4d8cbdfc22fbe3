"""parameters.yaml: priors worked out from the counts of 2009 to 2013, then those written by hand in parameters_by_hand.yaml."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import median

from mediterranean_2015.derived import LEVELS, Numbers
from mediterranean_2015.places import NOMINAL_POOL

ARRIVING = 0.6
"""Part of those who set out that is detected in the end, at the medians of the priors: the others give up, are stopped for good or die.
A rounded judgement; the width of the levels covers it."""

FEWEST = 10.0
"""Detections a month below which a level is not told apart: ten is taken, and a wider prior."""

PERSISTENCE = 0.97
"""Above the correlation of a month with the month before, less the season, in 2009 to 2013 (0.80 to 0.93 on the routes with most people):
five years are short, and noise that is gone the month after lowers it."""

COASTS = {
    "turkey": "the Turkish coast", "land": "the land borders of Greece and Bulgaria",
    "libya": "the Libyan coast", "tunisia": "the Tunisian coast",
    "algeria": "the Algerian coast towards Spain", "morocco": "the Moroccan coast", "atlantic": "the Atlantic coast", "serbia": "Serbia",
}  # fmt: skip
PARTS = {
    "turkey": "turkey",
    "libya": "libya",
    "west": "morocco",
    "atlantic": "atlantic",
    "serbia": "serbia",
    "land": "land",
    "fences": "fences",
}

WITHOUT_COAST = {"fences": "detections on land in the western Mediterranean"}

OWN_TERMS = {
    "turkey": ("afghanistan", "iraq", "iran", "south_asia", "other", "africans"),
    "land": ("south_asia", "other"),
    "libya": ("syria", "horn_of_africa"),
}
"""Citizenships that have a monthly term against that of their coast."""

HEAD = """\
# Written by studies_src/build_mediterranean_2015.py. Numbers called derived in the first part come from detections of 2009 to 2013, before
# the study begins (--numbers prints them); the other parts stand in studies_src/mediterranean_2015/parameters_by_hand.yaml.

# Worked out from counts before the study ------------------------------------------------------------------------------------------------
"""


def parameters_text(numbers: Numbers) -> str:
    """The whole file."""
    by_hand = (Path(__file__).parent / "parameters_by_hand.yaml").read_text(encoding="utf-8")
    return HEAD + "\n".join([*_levels(numbers), *_yachts(numbers), *_spreads(numbers)]) + "\n" + by_hand


def _entry(name: str, title: str, unit: str, prior: str, note: str) -> str:
    lines = [f"{name}:", f"  title: {title}", f"  unit: {unit}", f"  prior: {{{prior}}}", "  basis: derived"]
    return "\n".join([*lines, "  source: frontex_detections", f"  note: {note}"])


def _levels(numbers: Numbers) -> list[str]:
    entries = []
    for coast, (_, groups) in LEVELS.items():
        for group in groups:
            people = numbers[f"level_{coast}"][group]
            few = people < FEWEST
            per_month = max(people, FEWEST) / ARRIVING / NOMINAL_POOL
            taken = f", {FEWEST:g} taken" if few else ""
            entries.append(
                _entry(
                    f"leaving_{coast}_{group}",
                    f"People who set out for {COASTS[coast]}, {group.replace('_', ' ')}, of a nominal pool of ten million",
                    "per month",
                    f"lognormal: {{median: {per_month:.3g}, sigma: {1.0 if few else 0.5}}}",
                    f"{people:,.1f} detected a month in 2013{taken}, {ARRIVING:g} of those who set out taken as detected in the end; the "
                    "width is a judgement",
                )
            )
    return entries


def _spreads(numbers: Numbers) -> list[str]:
    found = ", ".join(f"{value:.2f}" for value in sorted(numbers["persistence"].values(), reverse=True))
    entries = [
        _entry(
            "persistence",
            "What is left of a latent term after a month",
            "ratio",
            f"fixed: {PERSISTENCE}",
            f"more than the correlation of log detections less the season with the month before, 2009 to 2013 ({found} by route), "
            "since noise and the shortness of five years lower it",
        )
    ]
    routes = [value for name, value in numbers["spread"].items() if name in LEVELS]
    of_routes = math.sqrt(sum(value**2 for value in routes) / len(routes))
    for part, key in PARTS.items():
        own = numbers["spread"][key]
        sd = max(own, of_routes) if key in LEVELS else own
        what = WITHOUT_COAST.get(part) or f"detections on the way by {COASTS[key]}"
        raised = f"; raised to the root mean square of all routes ({of_routes:.2f})" if sd > own else ""
        entries.append(_spread(part, part, sd, f"monthly steps that last of log {what} less the season, 2009 to 2013 ({own:.2f})"
                               f"{raised}"))  # fmt: skip
    middle = median(numbers["own_spread"].values())
    for coast, groups in OWN_TERMS.items():
        for group in groups:
            seen = numbers["own_spread"].get(f"{coast}_{group}")
            sd = max(seen or 0.0, middle)
            of = f"{seen:.2f}" if seen is not None else "too few people to tell"
            raised = f"; raised to the median of all citizenships ({middle:.2f})" if sd == middle else ""
            note = f"monthly steps that last of the log of its count against its route's, less the season, 2009 to 2013 ({of}){raised}"
            title = f"{group.replace('_', ' ')} by {COASTS[coast]}"
            entries.append(_spread(f"{coast}_{group}", title, sd, note))
    return entries


def _spread(name: str, title: str, sd: float, note: str) -> str:
    return _entry(
        f"spread_{name}",
        f"New part of a month of the latent term, {title}",
        "log",
        f"lognormal: {{median: {sd:.3f}, sigma: 0.3}}",
        f"{note}; the width is a judgement",
    )


def _yachts(numbers: Numbers) -> list[str]:
    entries = []
    for group, people in numbers["yachts"].items():
        entries.append(
            _entry(
                f"leaving_yachts_{group}",
                f"People who set out for a boat from Turkey to Italy, {group}, of a nominal pool of ten million",
                "per month",
                f"lognormal: {{median: {max(people, FEWEST) / ARRIVING / NOMINAL_POOL:.3g}, sigma: 1.0}}",
                f"{people:,.1f} detected a month in the central Mediterranean in 2013; the coast they left is not in the figures",
            )
        )
    return entries
