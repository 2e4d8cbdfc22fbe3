"""The first screen of a comparison: what changed, in sentences, control and protection in equal measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.effects.compare.effects import Comparison, Effect
from corredor.pages.report.choices import says_the_same, total_outputs
from corredor.results.view import Run, Series
from corredor.results.wording import Wording, signed, signed_interval

SIDES_SHOWN = ("control", "protection", "movement")
MOST_OF_A_SIDE = 3
FEWEST_PEOPLE, FEWEST_DAYS = 5.0, 0.1
"""Smaller effects do not come to the first screen by being large for their level."""

SURE = 0.95
"""Share of the simulations that must agree on a sign before a sentence states it without more ado."""


@dataclass(frozen=True)
class Change:
    """A number of the first screen.

    number : median of the difference, with its sign; interval : 80 % of simulations; sure : how many in 100 agree; beside : the level
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
    """At most three numbers of each side, as many of protection as of control.

    The study's main output always comes first, whatever happens to it; then those that change most for their size
    """
    main = found.main_output()
    by_side = {side: [name for name in outputs if found.side(name) == side] for side in SIDES_SHOWN}
    effects = {name: found.effect(name) for side in SIDES_SHOWN for name in by_side[side]}
    fair = min(MOST_OF_A_SIDE, max(len(by_side["control"]), 1), max(len(by_side["protection"]), 1))
    chosen = {}
    for side in SIDES_SHOWN:
        ranked = sorted(by_side[side], key=lambda name: (name != main, -_weight(effects[name])))
        most = fair if side != "movement" else MOST_OF_A_SIDE
        if ranked:
            chosen[side] = [change_of(found, name, effects[name]) for name in ranked[:most]]
    return chosen


def change_of(found: Comparison, name: str, effect: Effect) -> Change:
    """An effect in words."""
    wording, quantiles = Wording(effect.unit), effect.quantiles()
    unit = "" if effect.unit in ("people", "USD") else f" {effect.unit}"
    how = "mean over the study" if found.is_mean(name) or found.is_waited(name) else "over the whole study"
    known = effect.without[np.isfinite(effect.without)]
    level = wording.rounded(float(np.median(known))) if len(known) else "nobody"
    return Change(
        name,
        found.title(name),
        found.side(name),
        "no change" if not np.any(np.nan_to_num(effect.difference)) else f"{rounded_sign(wording, quantiles['median'])}{unit}",
        f"{rounded_sign(wording, quantiles['low80'])} to {rounded_sign(wording, quantiles['high80'])}{unit}",
        sign_words(effect),
        f"{how}; {level}{unit} without",
    )


def sign_words(effect: Effect) -> str:
    """Up in 97 of 100 scenarios; down in all; no sign can be told."""
    up, down = effect.chance_up, effect.chance_down
    if not np.isfinite(up) or (up == 0 and down == 0):
        return "the same in every scenario"
    if 1 - up - down > 0.5:
        return f"the same in {min(round(100 * (1 - up - down)), 99)} of 100 scenarios"
    direction, share = ("more", up) if up >= down else ("fewer", down)
    if effect.unit == "days":
        direction = {"more": "longer", "fewer": "shorter"}[direction]
    elif effect.unit == "USD":
        direction = {"more": "more", "fewer": "less"}[direction]
    if share >= 0.9995:
        return f"{direction} in every scenario"
    told = f"{direction} in {min(round(100 * share), 99)} of 100 scenarios"
    return told if share >= SURE else f"{told}: the sign is not sure"


def rounded_sign(wording: Wording, value: float) -> str:
    """+1,300 or −38, rounded for a sentence."""
    if not np.isfinite(value) or abs(value) < 100:
        return signed(wording, value)
    return f"{'+' if value > 0 else '−'}{wording.rounded(abs(value))}"


def effect_cells(effect: Effect) -> list[str]:
    """Cells of a table row: without, with, difference, 80 %, 95 %, sign."""
    wording, quantiles = Wording(effect.unit), effect.quantiles()
    levels = [_median(effect.without), _median(effect.with_)]
    interval = [
        signed_interval(wording, quantiles[low], quantiles[high]) for low, high in (("low80", "high80"), ("low95", "high95"))
    ]
    return [*(wording.exact(level) for level in levels), signed(wording, quantiles["median"]), *interval, _sign_cell(effect)]


def _sign_cell(effect: Effect) -> str:
    """The sign in few words: more in 97 %; unsure, more in 60 %."""
    words = sign_words(effect).removesuffix(": the sign is not sure").replace(" of 100 scenarios", " %").replace("scenarios", "")
    return f"unsure: {words}" if sign_words(effect).endswith("not sure") else words


def _median(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else np.nan


def _weight(effect: Effect) -> float:
    """How telling an effect is: its size beside the level, where the sign is sure and some people or days are concerned."""
    known = effect.without[np.isfinite(effect.without)]
    level = abs(float(np.median(known))) if len(known) else 0.0
    size = abs(effect.quantiles()["median"])
    if not np.isfinite(size) or size < (FEWEST_PEOPLE if effect.unit != "days" else FEWEST_DAYS):
        return -1.0
    sure = max(effect.chance_up, effect.chance_down)
    return size / (level + 1.0) * (1.0 if sure >= SURE else 0.1)
