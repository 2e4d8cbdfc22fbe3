"""Numbers of the study that are worked out from detections of 2009 to 2013: the time before it begins.

Nothing here reads a month from January 2014 on. `python studies_src/build_mediterranean_2015.py --numbers` prints the result.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mediterranean_2015.facts import CITIZENSHIPS, FIRST_MONTH, detections

LAST_YEAR = "2013"

EAST = ("eastern_mediterranean_sea",)
LAND = ("eastern_mediterranean_land",)
CENTRAL = ("central_mediterranean",)
WEST = ("western_mediterranean_sea",)
BY_TURKEY = (
    *("syria", "afghanistan", "iraq", "iran", "south_asia"),
    *("horn_of_africa", "west_africa", "morocco", "algeria_tunisia", "other"),
)
LEVELS = {
    "turkey": (EAST, BY_TURKEY),
    "land": (LAND, BY_TURKEY),
    "libya": (CENTRAL, ("horn_of_africa", "west_africa", "south_asia", "syria", "morocco", "other")),
    "tunisia": (CENTRAL, ("algeria_tunisia",)),
    "algeria": (WEST, ("algeria_tunisia",)),
    "morocco": (WEST, ("morocco", "west_africa")),
    "atlantic": (("western_african",), ("morocco", "west_africa")),
    "serbia": (("western_balkan_route",), ("western_balkans",)),
}  # fmt: skip
"""Where people set out for → regions in which they are detected, and the groups that go there in the model."""

AFRICANS = ("horn_of_africa", "west_africa", "morocco", "algeria_tunisia")
"""Groups that set out for the Turkish coast from Africa; they have one monthly term."""

FEWEST = 500
"""Detections in the five years from which on the steps of a group are more than chance."""

YACHTS = ("afghanistan", "iraq", "iran")
"""Groups that reach Italy by boat from Turkey in the model."""

SEASONS = {"east": EAST, "land": LAND, "central": CENTRAL, "west": WEST}
SHIFT = 5
"""Detections added before a logarithm is taken, so that months with nobody do not rule."""

HALF_A_YEAR = 6

Numbers = dict[str, dict[str, float]]


def derived_numbers(facts: Path) -> Numbers:
    """All numbers worked out here: name → {key: number}.

    level_… : detections a month in 2013, by group
    season_… : log factors of the twelve months, mean 0
    spread : how far the log of a region's months less its season moves for good in a month (see `_lasting_step`)
    persistence : correlation of that log with the month before
    own_spread : the same of a group's count against its region's, by where it sets out for and group; groups with fewer
        than a hundred detections a year are left out, since chance rules there
    yachts : detections a month in the central Mediterranean in 2013 of groups that come from Turkey
    """
    counts = {
        key: {month: people for month, people in months.items() if month < FIRST_MONTH}
        for key, months in detections(facts).items()
    }
    months = sorted(next(iter(counts.values())))
    groups = (*CITIZENSHIPS, "other", "unspecified")

    def series(regions: tuple[str, ...], of: tuple[str, ...]) -> np.ndarray:
        return np.array([sum(counts.get((r, g), {}).get(month, 0) for r in regions for g in of) for month in months], dtype=float)

    last = np.array([month[:4] == LAST_YEAR for month in months])
    numbers: Numbers = {
        f"level_{name}": {group: float(series(regions, (group,))[last].mean()) for group in of}
        for name, (regions, of) in LEVELS.items()
    }
    for name, regions in SEASONS.items():
        season = _season(np.log(series(regions, groups) + SHIFT))
        numbers[f"season_{name}"] = {str(month + 1): float(season[month]) for month in range(12)}
    numbers["spread"], numbers["persistence"] = {}, {}
    for name, (regions, _) in LEVELS.items():
        rest = _less_season(np.log(series(regions, groups) + SHIFT))
        numbers["spread"][name] = _lasting_step(rest)
        numbers["persistence"][name] = float(np.corrcoef(rest[1:], rest[:-1])[0, 1])
    numbers["spread"]["fences"] = _lasting_step(_less_season(np.log(series(("western_mediterranean_land",), groups) + SHIFT)))

    numbers["yachts"] = {group: float(series(CENTRAL, (group,))[last].mean()) for group in YACHTS}
    parts = [(f"{name}_{group}", regions, (group,)) for name, (regions, of) in LEVELS.items() for group in of if len(of) > 2]
    numbers["own_spread"] = {
        name: _lasting_step(_less_season(np.log(series(regions, part) + SHIFT) - np.log(series(regions, groups) + SHIFT)))
        for name, regions, part in [*parts, ("turkey_africans", EAST, AFRICANS)]
        if series(regions, part).sum() > FEWEST
    }
    return numbers


def _season(logs: np.ndarray) -> np.ndarray:
    """Mean log deviation of each calendar month from the centred mean of twelve: (12,) float, mean 0. Months begin with January."""
    inner = np.arange(6, len(logs) - 6)
    centred = np.array([(logs[i - 6 : i + 6].mean() + logs[i - 5 : i + 7].mean()) / 2 for i in inner])
    deviation = logs[inner] - centred
    factors = np.array([deviation[inner % 12 == month].mean() for month in range(12)])
    return np.asarray(factors - factors.mean())


def _less_season(logs: np.ndarray) -> np.ndarray:
    """What is left when each calendar month's mean is taken out: (n_months,) float."""
    means = np.array([logs[month::12].mean() for month in range(12)])
    return np.asarray(logs - means[np.arange(len(logs)) % 12])


def _lasting_step(logs: np.ndarray) -> float:
    """Standard deviation of the part of a month's step that lasts, not counting the noise that is gone the month after.

    If a series is a random walk with steps of variance s² and noise of variance v on top, its change over k months has variance
    k·s² + 2v; so a month's and half a year's changes give s².
    """
    month, half_year = (float(np.mean((logs[k:] - logs[:-k]) ** 2)) for k in (1, HALF_A_YEAR))
    return float(np.sqrt(max(half_year - month, 0.0) / (HALF_A_YEAR - 1)))
