"""Numbers of the study that are worked out from counts of 2010 to 2017: the time before it begins.

Nothing here reads a month of 2018 or later. `python studies_src/build_americas_2018.py --numbers` prints the result.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from americas_2018.facts import BEGINS, GROUPS, darien_by_year, honduras, united_states

LAST_YEAR = "2017"
FROM_UNITED_STATES = tuple(group for group in GROUPS if group != "cuba")
"""Groups whose counts of the Border Patrol say how they moved before 2018. Of Cubans it met about ten a month: most went to ports."""

MONTHS_OF_A_YEAR = 12


def derived_numbers(facts: Path) -> dict[str, dict[str, float]]:
    """Name → key → number, all from before the study.

    per_month : people a month in 2017: apprehended by the Border Patrol (of Cuba: through Darién), and registered in Honduras
    monthly_sd : root mean square of the monthly steps of log counts from October 2011 on; of Cuba from the yearly steps in Darién
    of_two_years : how far that differs between stretches of two years, as a standard deviation of its log
    through_darien : people counted in Darién in 2017, by group
    """
    counts = united_states(facts.parent / "mexico-2018")
    before = {group: _before(counts[group]) for group in FROM_UNITED_STATES}
    steps = {group: np.diff(np.log1p([before[group][month] for month in sorted(before[group])])) for group in before}
    years = {group: _before(of_year) for group, of_year in darien_by_year(facts).items()}
    yearly = np.diff(np.log1p([years["cuba"][year] for year in sorted(years["cuba"])]))
    entries = [people for month, people in _before(honduras(facts)).items() if month.startswith(LAST_YEAR)]
    per_month = {group: _mean_of_last_year(before[group]) for group in FROM_UNITED_STATES}
    return {
        "per_month": {
            **per_month, "cuba": years["cuba"][LAST_YEAR] / MONTHS_OF_A_YEAR, "registered_in_honduras": sum(entries) / len(entries),
        },
        "monthly_sd": {group: _root_mean_square(steps[group]) for group in steps} | {"cuba": _monthly_of_yearly(yearly)},
        "of_two_years": {"all": _between_stretches(list(steps.values()))},
        "through_darien": {group: float(years[group][LAST_YEAR]) for group in years},
    }  # fmt: skip


def _before(counts: dict[str, int]) -> dict[str, int]:
    return {period: people for period, people in counts.items() if period < BEGINS[: len(period)]}


def _mean_of_last_year(counts: dict[str, int]) -> float:
    return float(np.mean([people for month, people in counts.items() if month.startswith(LAST_YEAR)]))


def _root_mean_square(steps: np.ndarray) -> float:
    return float(np.sqrt(np.mean(steps**2)))


def _monthly_of_yearly(steps: np.ndarray) -> float:
    """Standard deviation of a month's step of a random walk whose means of twelve months make these yearly steps.

    Means of n months, one after the other, differ by a variance of (2n² + 1) / 3n monthly ones.
    """
    n = MONTHS_OF_A_YEAR
    return _root_mean_square(steps) / float(np.sqrt((2 * n**2 + 1) / (3 * n)))


def _between_stretches(steps: list[np.ndarray]) -> float:
    """Standard deviation of the logs of the spreads of stretches of two years, each against the group's own of all years."""
    logs = []
    for of_group in steps:
        stretches = np.log([_root_mean_square(of_group[i : i + 24]) for i in range(0, len(of_group) - 23, 24)])
        logs.append(stretches - stretches.mean())
    return float(np.concatenate(logs).std())
