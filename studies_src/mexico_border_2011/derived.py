"""Numbers of the study that are worked out from Border Patrol counts by sector, October 1999 to September 2011: the time before it begins.

Nothing here reads a month from October 2011 on. `python studies_src/build_mexico_border_2011.py --numbers` prints the result.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from mexico_2018.facts import SECTORS, by_sector

BEGINS = "2011-10"
HALVES_MEET = "2006-01"
"""What was seen before this month is held against what came after: so much of a season lasts."""

LAST_YEAR = ("2010-10", "2011-09")

YEARS_BETWEEN_HALVES, YEARS_TO_STUDY = 6.0, 10.5
"""From the middle of the years before HALVES_MEET to that of those after; and from the middle of all of them to that of the study."""

COUNTED_AGAINST = "tucson"
"""Sector with most people in 2011; the draw of the others is against it."""

WHOLE_SHARE_OF_OWN = 0.5
"""A sector's own season is taken halfway to the common one: twelve years hold twelve Januaries. A judgement."""


def derived_numbers(facts: Path) -> dict[str, dict[str, float]]:
    """All numbers worked out here: name → {key: number}."""
    months, people = _table(facts)
    return _level(months, people) | _seasons(months, people) | _spreads(months, people)


def _table(facts: Path) -> tuple[list[str], np.ndarray]:
    """Months, and people by month and sector: (n_months, n_sectors) float."""
    counts = by_sector(facts)
    months = sorted(month for month in counts if month < BEGINS)
    return months, np.array([[counts[month][sector] for sector in SECTORS] for month in months], dtype=float)


def _level(months: list[str], people: np.ndarray) -> dict[str, dict[str, float]]:
    """People a month in the last year before the study, and each sector's draw: log of its count over that of Tucson."""
    last = people[[LAST_YEAR[0] <= month <= LAST_YEAR[1] for month in months]]
    by_place = last.mean(axis=0)
    draw = np.log(by_place / by_place[SECTORS.index(COUNTED_AGAINST)])
    return {"people_per_month": {"all": float(by_place.sum())}, "draw": dict(zip(SECTORS, draw.tolist(), strict=True))}


def _seasons(months: list[str], people: np.ndarray) -> dict[str, dict[str, float]]:
    """Log factors of the calendar months, as far as they last, and how far they may be off.

    seen_lasting : slope of the common season of the years after HALVES_MEET on that of the years before
    lasting : the same for the longer time to the study, each year taking an equal share: by so much the season is shrunk
    change, own_change : standard deviation of the difference between the two, of the common season and of what sectors have of their
        own, carried on to the longer time as a random walk would
    common : common season × lasting; own_…: each sector's own season, as two waves a year, × lasting × WHOLE_SHARE_OF_OWN
    """
    middle = months.index(HALVES_MEET)
    all_years, before, after = (_month_factors(months[a:b], people[a:b]) for a, b in ((0, None), (0, middle), (middle, None)))
    common, common_before, common_after = (factors.mean(axis=1) for factors in (all_years, before, after))
    seen_lasting = float(common_before @ common_after / (common_before @ common_before))
    longer = YEARS_TO_STUDY / YEARS_BETWEEN_HALVES
    lasting = seen_lasting**longer
    own_before, own_after = before - common_before[:, None], after - common_after[:, None]
    numbers = {
        "season": {
            "seen_lasting": seen_lasting,
            "lasting": lasting,
            "change": float(np.std(common_after - common_before) * longer**0.5),
            "own_change": float(np.std(own_after - own_before) * longer**0.5),
        },
        "common_season": {str(month + 1): float(lasting * factor) for month, factor in enumerate(common)},
    }
    own = lasting * WHOLE_SHARE_OF_OWN * (all_years - common[:, None])
    for name, wave in waves().items():
        numbers[f"own_{name}"] = dict(zip(SECTORS, (wave @ own / (wave @ wave)).tolist(), strict=True))
    return numbers


def waves() -> dict[str, np.ndarray]:
    """One and two waves a year, as values for the twelve months: cosine is 1 in the middle of January."""
    angle = 2 * np.pi * np.arange(12) / 12
    return {
        "year_cosine": np.cos(angle),
        "year_sine": np.sin(angle),
        "half_year_cosine": np.cos(2 * angle),
        "half_year_sine": np.sin(2 * angle),
    }


def _month_factors(months: list[str], people: np.ndarray) -> np.ndarray:
    """Mean log deviation of each calendar month from the centred mean of twelve: (12, n_sectors) float, mean 0."""
    logs, calendar = np.log1p(people), np.array([int(month[5:]) - 1 for month in months])
    inner = np.arange(6, len(logs) - 6)
    centred = np.array([(logs[i - 6 : i + 6].mean(axis=0) + logs[i - 5 : i + 7].mean(axis=0)) / 2 for i in inner])
    deviation = logs[inner] - centred
    factors = np.array([deviation[calendar[inner] == month].mean(axis=0) for month in range(12)])
    return np.asarray(factors - factors.mean(axis=0))


def _spreads(months: list[str], people: np.ndarray) -> dict[str, dict[str, float]]:
    """How far log counts move from month to month beyond the season: root mean square of the total, and of each sector against it.

    lasting : correlation over the sectors between the logs of their spreads before and after HALVES_MEET. It is so high that a
        sector's own spread is taken
    of_two_years : standard deviation of the log of the total's and the sectors' spreads between stretches of two years, each against
        its own of all years: how uncertain the spread of the next years is
    """
    total = np.log(people.sum(axis=1, keepdims=True))
    own = np.log1p(people) - total
    calendar = np.array([int(month[5:]) for month in months[1:]])
    steps = _beyond_season(calendar, np.concatenate([own, total], axis=1))
    middle = months.index(HALVES_MEET) - 1
    all_years, before, after = (_root_mean_square(part) for part in (steps, steps[:middle], steps[middle:]))
    stretches = np.array([_root_mean_square(steps[i : i + 24]) for i in range(0, len(steps) - 23, 24)])
    return {
        "spread": {
            "together": float(all_years[-1]),
            "lasting": float(np.corrcoef(np.log(before[:-1]), np.log(after[:-1]))[0, 1]),
            "of_two_years": float((np.log(stretches) - np.log(stretches).mean(axis=0)).std()),
        },
        "sector_spread": dict(zip(SECTORS, all_years[:-1].tolist(), strict=True)),
    }


def _beyond_season(calendar: np.ndarray, logs: np.ndarray) -> np.ndarray:
    """Monthly steps of each column less the mean step of each calendar month, made up for the twelve means taken out."""
    steps = np.diff(logs, axis=0)
    for month in range(1, 13):
        steps[calendar == month] -= steps[calendar == month].mean(axis=0)
    return np.asarray(steps * np.sqrt(len(steps) / (len(steps) - 12)))


def _root_mean_square(steps: np.ndarray) -> np.ndarray:
    return np.asarray(np.sqrt((steps**2).mean(axis=0)))
