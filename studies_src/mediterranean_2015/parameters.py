"""parameters.yaml: priors worked out from the counts of 2009 to 2013, then those written by hand in parameters_by_hand.yaml."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import median

from mediterranean_2015.derived import LEVELS, Numbers
from mediterranean_2015.places import NOMINAL_POOL

ARRIVING = 0.8
"""Part of those who set out that is detected in the end, at the medians of the priors: the others give up, are stopped for good or die.
A rounded judgement; the width of the levels covers it."""

FEWEST = 10.0
"""Detections a month below which a level is not told apart: ten is taken, and a wider prior."""

PERSISTENCE = 0.9
"""Correlation of a month with the month before, less the season, on the routes with most people in 2009 to 2013: 0.80 to 0.90."""

COASTS = {
    "turkey": "the Turkish coast", "libya": "the Libyan coast", "tunisia": "the Tunisian coast",
    "algeria": "the Algerian coast towards Spain", "morocco": "the Moroccan coast", "atlantic": "the Atlantic coast", "serbia": "Serbia",
}  # fmt: skip
PARTS = {"turkey": "turkey", "libya": "libya", "west": "morocco", "atlantic": "atlantic", "serbia": "serbia", "land": "land"}

HEAD = """\
# Written by studies_src/build_mediterranean_2015.py. Numbers called derived in the first part come from detections of 2009 to 2013, before
# the study begins (--numbers prints them); the other parts stand in studies_src/mediterranean_2015/parameters_by_hand.yaml.

# Worked out from counts before the study ------------------------------------------------------------------------------------------------
"""


def parameters_text(numbers: Numbers) -> str:
    """The whole file."""
    by_hand = (Path(__file__).parent / "parameters_by_hand.yaml").read_text(encoding="utf-8")
    return HEAD + "\n".join([*_levels(numbers), *_spreads(numbers)]) + "\n" + by_hand


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
    new_part = math.sqrt(1 - PERSISTENCE**2)
    found = ", ".join(f"{value:.2f}" for value in sorted(numbers["persistence"].values(), reverse=True))
    entries = [
        _entry(
            "persistence",
            "What is left of a latent term after a month",
            "ratio",
            f"fixed: {PERSISTENCE}",
            f"correlation of log detections less the season with the month before, 2009 to 2013 ({found} by route); the lowest are routes with "
            "few people, where chance rules",
        )
    ]
    for part, key in PARTS.items():
        sd = numbers["spread"][key] * new_part
        what = "land against all detections in the east" if part == "land" else f"detections on the way by {COASTS[key]}"
        entries.append(
            _entry(
                f"spread_{part}",
                f"New part of a month of the latent term, {part}",
                "log",
                f"lognormal: {{median: {sd:.3f}, sigma: 0.3}}",
                f"standard deviation of log {what} less the season, 2009 to 2013 ({numbers['spread'][key]:.2f}), times the root of 1 - "
                f"{PERSISTENCE}²; the width is a judgement",
            )
        )
    own = median(numbers["own_spread"].values())
    entries.append(
        _entry(
            "spread_by_citizenship",
            "New part of a month of the latent terms of single citizenships",
            "log",
            f"lognormal: {{median: {own * new_part:.3f}, sigma: 0.3}}",
            f"median over citizenships and routes of the standard deviation of log counts against their route, less the season, 2009 to 2013 "
            f"({own:.2f}), times the root of 1 - {PERSISTENCE}²; the width is a judgement",
        )
    )
    return entries
