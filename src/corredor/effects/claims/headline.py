"""The one line that says what was found of a claim, and its number; terminal, page, JSON and Python show the same."""

from __future__ import annotations

import math

from corredor.effects.claims.published_effect import BEYOND_BELIEF_PERCENT, PublishedEffect, excluded_words, power_words
from corredor.effects.claims.verdicts import UNTOLD, Judgement
from corredor.results.wording import Wording, as_said, round_to_figures
from corredor.study.schema import Claim, LevelCheck


def headline(claim: Claim, judgement: Judgement, seen: PublishedEffect | None, number: str) -> str:
    """The verdict with what it leaves: which sizes would have been seen, which are ruled out, and why it cannot be told.

    seen : of an effect, what the published series says;  number : of the claim, in words; empty: none
    """
    lower = claim.effect is not None and claim.effect.direction == "lower"
    has_bounds = claim.effect is not None and seen is not None and seen.detectable is not None
    if judgement.verdict == "no large effect" and has_bounds and seen is not None:
        bound = seen.excluded_below if lower else seen.excluded_above
        return f"No {'fall' if lower else 'rise'} larger than {abs(bound or 0.0):.0f} %: {power_words(seen, lower)}"
    if judgement.untold is None:
        return f"{judgement.verdict.capitalize()}{f': {number}' if number else ''}"
    why = UNTOLD[judgement.untold]
    if claim.kind == "event":
        why = why.replace("figures", "records")
    if has_bounds and seen is not None:
        power = power_words(seen, lower)
        return f"Cannot tell: {why}. {power[0].upper()}{power[1:]}; {excluded_words(seen, lower)}"
    if claim.kind in ("level", "comparison", "magnitude") and number and claim.dollars is None:
        return f"Cannot tell: {why}. What is published allows {number}"
    return f"Cannot tell: {why}" if claim.kind == "event" else f"Cannot tell: {why}; no size is ruled out"


def number_words(
    claim: Claim, effect: float | None, low: float | None, high: float | None, unit: str, hides_small: bool = True
) -> str:
    """The number that a claim is about, with its interval; empty where there is none."""
    if claim.kind == "level":
        return _level_words(low, high, _earlier_level(claim.level))
    if low is None or high is None or (math.isnan(low) or math.isnan(high)):
        return ""
    if unit.startswith("percent"):
        rest = unit.removeprefix("percent")
        middle = f"{percent_words(effect)} %, " if effect is not None else ""
        ends = (
            f"between {percent_words(low)} and {percent_words(high)} %"
            if math.isfinite(high)
            else f"{percent_words(low)} % or more"
        )
        of = {" of what it would have been": " (against what it would have been)"}.get(rest, f" ({rest.strip()})")
        return f"{middle}{ends}{of}"
    wording = Wording(unit, hides_small)
    first, second = (wording.exact(end) if wording.hides(end) else _plain(end) for end in (low, high))
    if first == second:
        return f"{first} {unit}"
    return f"{first} to {second} {unit}" if math.isfinite(high) else f"at least {first} {unit}"


def percent_words(value: float | None) -> str:
    """+12, −1.9, 0; a dash for no number, “more than” for one that nobody can believe."""
    if value is None or not math.isfinite(value):
        return "–"
    if value >= BEYOND_BELIEF_PERCENT:
        return f"more than +{BEYOND_BELIEF_PERCENT:,.0f}"
    text = f"{value:+.0f}" if abs(value) >= 10 else f"{value:+.1f}"
    return text.replace("-", "−") if float(text) else "0"


def _earlier_level(level: LevelCheck | None) -> str:
    """What a level is compared with."""
    if level is None:
        return "the earlier level"
    which = "highest" if level.direction == "higher" else "lowest"
    return {
        "all_earlier": f"the {which} earlier level",
        "year_before": "the level of the year before",
        "period_before": "the level of the days before",
    }[level.than]


def _level_words(low: float | None, high: float | None, earlier: str) -> str:
    """How a level lies to the earlier one, by two bounds in percent; none: no bound."""
    if low is None and high is None:
        return ""
    if low is not None and high is not None and percent_words(low) == percent_words(high):
        return f"{_beside(low)} {earlier}"
    if low is None and high is not None:
        return f"at {'least' if high < 0 else 'most'} {_beside(high)} {earlier}"
    if high is None and low is not None:
        return f"at {'most' if low < 0 else 'least'} {_beside(low)} {earlier}"
    return f"{percent_words(low)} to {percent_words(high)} % against {earlier}"


def _beside(percent: float) -> str:
    size = abs(percent)
    shown = f"{size:.0f}" if size >= 10 else f"{size:.1f}"
    return f"{shown} % {'below' if percent < 0 else 'above'}"


def _plain(value: float) -> str:
    return as_said(value) if value >= 1000 else f"{round_to_figures(value, 3):g}"
