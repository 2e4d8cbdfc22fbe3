"""The first screen of a comparison: what changed, in sentences, control and protection in equal measure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from corredor.effects.compare.effects import Comparison, Effect
from corredor.pages.report.choices import says_the_same, total_outputs
from corredor.pages.report.first_screen.planning import DEATHS
from corredor.results.view import Run, Series
from corredor.results.wording import MISSING, Wording, signed, signed_interval

SIDES_SHOWN = ("control", "protection", "movement")
MOST_OF_A_SIDE = 4
MOST_OF_MOVEMENT = 2
FEWEST_PEOPLE, FEWEST_DAYS = 5.0, 0.1
"""Smaller effects do not come to the first screen by being large for their level."""
SMALLEST_RELATIVE = 0.001
"""Nor do effects of less than this share of the level."""

SURE, LIKELY, LEAST_AGREED = 0.95, 0.8, 2 / 3
"""Shares of the simulations that must agree on a sign before it is stated, is called likely, and comes to the first screen at all."""


@dataclass(frozen=True)
class Change:
    """A number of the first screen.

    number : mean difference, with its sign; interval : 80 % of simulations; sure : how many in 100 agree; beside : the levels
    """

    output: str
    title: str
    side: str
    number: str
    interval: str
    sure: str
    beside: str


def compared_outputs(found: Comparison, run: Run) -> list[str]:
    """Outputs whose total is told, none twice; a distribution of days waited by its mean, waits by theirs."""
    kept = total_outputs(run)
    waits = [n for n in found.outputs if n not in kept and (found.is_waited(n) or found.unit(n) == "days")]
    chosen = [name for name in found.outputs if name in kept or name in waits]
    seen: list[np.ndarray] = []
    different = []
    for name in chosen:
        total = found.effect(name).with_ if name in waits else run.draws(Series(name)).sum(axis=1)
        if not any(says_the_same(total, other) for other in seen):
            different.append(name)
            seen.append(total)
    return different


def headline(found: Comparison, outputs: list[str]) -> dict[str, list[Change]]:
    """At most four numbers of control and of protection each, and two of movement: the largest for their level and the surest.

    What says the same of the same people, as a list and the days waited on it in another way, comes once; what must not be shown does not
    come. Deaths are always among protection where the study counts them, also when they do not differ or are too few to be shown.
    """
    chosen = {}
    for side in SIDES_SHOWN:
        most = MOST_OF_MOVEMENT if side == "movement" else MOST_OF_A_SIDE
        shown = [name for name in ranked(found, outputs, side) if (name, "total", "") not in found.unshown]
        telling = [name for name in shown if _is_telling(found.effect(name))]
        kept: list[str] = []
        for name in telling:
            if len(kept) < most and not any(_same_subject(found, name, other) for other in kept):
                kept.append(name)
        if side == "protection" and not any(_counts_deaths(found, name) for name in kept):
            deaths = [name for name in outputs if found.side(name) == side and _counts_deaths(found, name)]
            kept = [*kept[: most - 1], deaths[0]] if deaths else kept
        if kept:
            chosen[side] = [change_of(found, name, found.effect(name)) for name in kept]
    return chosen


def _counts_deaths(found: Comparison, name: str) -> bool:
    return bool(DEATHS.search(found.title(name)))


def _is_telling(effect: Effect) -> bool:
    return weight(effect) > 0 and max(effect.chance_up, effect.chance_down) >= LEAST_AGREED


def ranked(found: Comparison, outputs: list[str], side: str) -> list[str]:
    """Outputs of a side that differ in any simulation, the largest for their level and the surest first."""
    weights = {name: weight(found.effect(name)) for name in outputs if found.side(name) == side and differs(found.effect(name))}
    return sorted(weights, key=lambda name: -weights[name])


def differs(effect: Effect) -> bool:
    return bool(np.any(np.nan_to_num(effect.difference)))


def unchanged(found: Comparison, outputs: list[str]) -> list[str]:
    """Titles of outputs that are the same in every simulation."""
    return [found.title(name) for name in outputs if not differs(found.effect(name))]


def weight(effect: Effect) -> float:
    """How telling an effect is: its size beside the level, times the square of how far the simulations agree on its sign.

    −1 when it concerns hardly anybody, or hardly a thousandth of the level
    """
    without, _, difference = effect.means
    fewest = FEWEST_DAYS if effect.unit == "days" else FEWEST_PEOPLE
    if not np.isfinite(difference) or abs(difference) < max(fewest, SMALLEST_RELATIVE * abs(without)):
        return -1.0
    return math.log1p(abs(difference) / (abs(without) + fewest)) * (effect.chance_up - effect.chance_down) ** 2


def change_of(found: Comparison, name: str, effect: Effect) -> Change:
    """An effect in words."""
    wording, quantiles = found.wording(name), effect.quantiles()
    without, with_, difference = effect.means
    unit = "" if effect.unit in ("people", "USD") else f" {effect.unit}"
    how = "mean over the study" if found.is_mean(name) or found.is_waited(name) else "over the whole study"
    levels = f"{wording.exact(without)}{unit} without, {wording.exact(with_)}{unit} with" if np.isfinite(without) else "nobody"
    if (name, "total", "") in found.unshown:
        few_without, few_with = few_words(wording, effect.means[:2])
        number, beside = MISSING if differs(effect) else "no change", f"{how}: {few_without} without, {few_with} with"
        return Change(name, found.title(name), found.side(name), number, MISSING, sign_words(effect), beside)
    share = f" ({relative_words(effect)})" if np.isfinite(effect.relative) else ""
    return Change(
        name,
        found.title(name),
        found.side(name),
        "no change" if not differs(effect) else f"{rounded_sign(wording, difference)}{unit}{share}",
        f"{rounded_sign(wording, quantiles['low80'])} to {rounded_sign(wording, quantiles['high80'])}{unit}",
        sign_words(effect),
        f"{how}: {levels}",
    )


def relative_words(effect: Effect) -> str:
    """−21 %, +1.1 %, of the mean without; – when there is nothing without."""
    share = 100 * effect.relative
    if not np.isfinite(share):
        return "–"
    if abs(share) < 0.05:
        return "0 %" if share == 0 else "under 0.1 %"
    return f"{'+' if share > 0 else '−'}{abs(share):,.{0 if abs(share) >= 10 else 1}f} %"


def sign_words(effect: Effect) -> str:
    """More in 97 of 100 simulations; probably fewer: in 92 of 100; either way: more in 46 of 100, fewer in 44."""
    up, down = effect.chance_up, effect.chance_down
    if not np.isfinite(up) or (up == 0 and down == 0):
        return "the same in every simulation"
    more, fewer = {"days": ("longer", "shorter"), "USD": ("more", "less")}.get(effect.unit, ("more", "fewer"))
    direction, share = (more, up) if up >= down else (fewer, down)
    if share >= 0.9995:
        return f"{direction} in every simulation"
    count = min(round(100 * share), 99)
    if share >= SURE:
        return f"{direction} in {count} of 100 simulations"
    if share >= LIKELY:
        return f"probably {direction}: in {count} of 100 simulations"
    other, rest = (fewer, down) if up >= down else (more, up)
    words = f"either way: {direction} in {count} of 100 simulations, {other} in {round(100 * rest)}"
    same = round(100 * (1 - up - down))
    return f"{words}, the same in {same}" if same >= 1 else words


def sign_cell(effect: Effect) -> str:
    """The same for a table: more in 97 %; probably fewer, in 92 %; either way (more in 46 %, fewer in 44 %)."""
    words = sign_words(effect).replace(" of 100 simulations", " %")
    if words.startswith("either way: "):
        shares = [f"{part} %" if part[-1].isdigit() else part for part in words.removeprefix("either way: ").split(", ")]
        return f"either way ({', '.join(shares)})"
    return words.replace(": in", ", in")


def rounded_sign(wording: Wording, value: float) -> str:
    """+1,300 or −38, rounded for a sentence."""
    if not np.isfinite(value) or abs(value) < 100:
        return signed(wording, value)
    return f"{'+' if value > 0 else '−'}{wording.rounded(abs(value))}"


def effect_cells(effect: Effect, wording: Wording | None = None, hidden: bool = False) -> list[str]:
    """Cells of a table row: without, with and their difference (means), its share of without, 80 %, 95 %, sign.

    Written from rounded levels, so that a reader who takes one from the other finds the difference
    hidden : only which levels are small, and the sign, are told: of a level and the difference the other level is their sum
    """
    wording, quantiles = wording or Wording(effect.unit), effect.quantiles()
    if hidden:
        return [*few_words(wording, effect.means[:2]), *[MISSING] * 4, sign_cell(effect)]
    without, with_, difference = effect.means
    if effect.unit == "people" and np.isfinite(difference) and min(without, with_) >= 10:
        difference = round(with_) - round(without)
    interval = [
        signed_interval(wording, quantiles[low], quantiles[high]) for low, high in (("low80", "high80"), ("low95", "high95"))
    ]
    levels = [wording.exact(without), wording.exact(with_), signed(wording, difference)]
    return [*levels, relative_words(effect), *interval, sign_cell(effect)]


def few_words(wording: Wording, levels: Iterable[float]) -> list[str]:
    """Levels of which nothing is told but that they are small."""
    return [wording.exact(level) if wording.hides(level) else MISSING for level in levels]


def _same_subject(found: Comparison, one: str, other: str) -> bool:
    """Whether two outputs look at the same people in the same way: stocks with a status in common, or waits in one queue."""
    if found.unit(one) != found.unit(other):
        return False
    return bool(_subjects(found, one) & _subjects(found, other))


def _subjects(found: Comparison, name: str) -> set[str]:
    described = found.model["outputs"].get(name, {})
    parts = [_subjects(found, part) for part in described.get("sum_of", [])]
    queue = {described["queue"]} if described.get("queue") else set()
    return set(described.get("stock", [])).union(queue, *parts)
