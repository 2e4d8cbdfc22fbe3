"""Published totals become departures: how many leave each day, as a hazard of those who live where there is conflict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.exchange.flee.conflicts import value_on
from corredor.exchange.flee.folder import FleeFolder
from corredor.exchange.flee.remarks import Remarks
from corredor.exchange.flee.ways import Ways

UNKNOWN_SHARE = 0.01
"""Weight of a zone without population, over the median of the others: as good as nobody leaves from it, as in Flee."""

MOST_OF_A_ZONE = 0.5
"""Share of the people of the zones that may leave over the whole period before their number is taken for a mistake."""

MOST_IN_A_DAY = 0.2
"""Share of the people in conflict that may leave in a day; who cannot leave that day leaves later. An assumption."""

DIFFERENT_SHARE = 0.1
"""Part by which total and sum of the camps may differ before it is said."""

TOLERANCE = 0.02
"""The hazard is kept from one day to the next while it is right to this part; what is missed is made up for later."""


@dataclass(frozen=True)
class Departures:
    """Who lives in the zones, and the hazard of leaving.

    population : zone → people
    hazard : (day, hazard per person in conflict and day) whenever it changes; empty where no totals are published
    """

    population: dict[str, float]
    hazard: tuple[tuple[int, float], ...]


def total_by_day(folder: FleeFolder, camps: tuple[str, ...]) -> np.ndarray | None:
    """Published people in all on each day, from the camps' counts or the total, as the settings say; none without counts."""
    by_camp = [folder.camps[name].on(folder.first_date, folder.n_days) for name in camps if name in folder.camps]
    total = folder.total.on(folder.first_date, folder.n_days) if folder.total is not None else None
    if by_camp and (folder.settings.sum_from_camps or total is None):
        return np.asarray(np.sum(by_camp, axis=0))
    return total


def new_people_by_day(total: np.ndarray) -> np.ndarray:
    """How many leave on each day: the increase of the total; after a fall, only what exceeds the earlier height."""
    height = np.maximum.accumulate(total)
    return np.diff(height, prepend=height[0])


def find_departures(folder: FleeFolder, ways: Ways, remarks: Remarks) -> Departures:
    """Population of the zones and the hazard that makes as many leave, in the mean, as were published."""
    file = str(folder.input_dir / "locations.csv")
    known = [people for zone in ways.zones if (people := folder.locations[zone].people)]
    usual = float(np.median(known)) if known else 1000.0
    population = np.array(
        [folder.locations[zone].people or max(usual * (UNKNOWN_SHARE if known else 1.0), 1.0) for zone in ways.zones]
    )
    population = np.maximum(np.round(population), 1.0)
    total = total_by_day(folder, ways.camps)
    if total is None:
        shown = str(folder.source_dir or folder.input_dir)
        remarks.add(46, shown, 0, "no total and no counts of camps", "people leave at a rate that is assumed")
        return Departures(dict(zip(ways.zones, np.round(population), strict=True)), ())
    _say_where_totals_differ(folder, ways, remarks)
    if total[0] > 0 and not folder.settings.empty_camps_on_day_0:
        there = sum(folder.camps[camp].on(folder.first_date, 1)[0] for camp in ways.camps if camp in folder.camps)
        if there > 0:
            remarks.add(40, str(folder.source_dir), 0, f"{there:.0f} people", "they are in the camps from the beginning")
    if np.any(np.diff(total) < 0):
        day = int(np.argmax(np.diff(total) < 0)) + 1
        done = "fewer are counted as leaving until the old total is reached again"
        remarks.add(31, str(folder.source_dir), 0, f"first on day {day}", done)
    new = new_people_by_day(total)
    if new.sum() > MOST_OF_A_ZONE * population.sum():
        # doubled a whole number of times, so that the zones' shares stay what they were to the last bit, however many leave later
        factor = 2.0 ** np.ceil(np.log2(new.sum() / (MOST_OF_A_ZONE * population.sum())))
        remarks.add(42, file, 0, f"{new.sum():.0f} of {population.sum():.0f}", f"every population is multiplied by {factor:.0f}")
        population = population * factor
    intensity = np.array([[value_on(folder.conflicts[zone], day) for zone in ways.zones] for day in range(folder.n_days)])
    hazard, left_over = hazards_for(new, population, intensity)
    if left_over > 1:
        done = "as many as can leave in a day do, the others later"
        remarks.add(43, str(folder.input_dir / "conflicts.csv"), 0, f"{left_over:.0f} people still to leave at the end", done)
    return Departures(dict(zip(ways.zones, population, strict=True)), hazard)


def _say_where_totals_differ(folder: FleeFolder, ways: Ways, remarks: Remarks) -> None:
    by_camp = [folder.camps[camp].on(folder.first_date, folder.n_days) for camp in ways.camps if camp in folder.camps]
    if folder.total is None or not by_camp:
        return
    total, summed = folder.total.on(folder.first_date, folder.n_days), np.sum(by_camp, axis=0)
    apart = np.abs(total - summed) / np.maximum(np.maximum(total, summed), 1.0)
    if apart.max() > DIFFERENT_SHARE:
        day = int(np.argmax(apart))
        used = "the sum of the camps" if folder.settings.sum_from_camps else "the total"
        found = f"{total[day]:.0f} in all, {summed[day]:.0f} in the camps on day {day}"
        remarks.add(32, folder.total.files[0], 0, found, f"departures follow {used}, not the other of total and sum of the camps")


def hazards_for(new: np.ndarray, population: np.ndarray, intensity: np.ndarray) -> tuple[tuple[tuple[int, float], ...], float]:
    """Hazards (M2) under which the mean number of people who leave follows `new`; and how many have not left at the end."""
    people, owed, held = population.copy(), 0.0, -1.0
    changes: list[tuple[int, float]] = []
    for day in range(len(new)):
        owed += new[day]
        exposed = float(people @ intensity[day])
        wanted = 0.0
        if owed >= 0.5 and exposed > 0:
            wanted = _hazard_for(
                min(owed, MOST_IN_A_DAY * float(people @ np.minimum(intensity[day], 1.0))), people, intensity[day]
            )
        if abs(wanted - held) > TOLERANCE * max(held, 0.0) or (wanted == 0) != (held == 0):
            held = wanted
            changes.append((day, float(f"{held:.6g}")))
        leaving = people * -np.expm1(-held * intensity[day])
        people = people - leaving
        owed -= float(leaving.sum())
    return tuple(changes), owed


def _hazard_for(leaving: float, people: np.ndarray, intensity: np.ndarray) -> float:
    """The hazard a with Σ people · (1 − exp(−a · intensity)) = leaving, by Newton's method from below."""
    hazard = leaving / float(people @ intensity)
    for _ in range(20):
        kept = np.exp(-hazard * intensity)
        missing = leaving - float(people @ (1 - kept))
        step = missing / max(float(people @ (intensity * kept)), 1e-300)
        hazard = max(hazard + step, 0.0)
        if abs(missing) < 1e-6 * max(leaving, 1.0):
            break
    return min(hazard, 50.0)
