"""What an answer is worth beside what is agreed: found, missed, a false verdict, or nothing that counts."""

from __future__ import annotations

import math
from typing import Literal

from corredor.effects.benchmark.evidence import EffectClaim, Evidence
from corredor.effects.design.answer import Answer

Judged = Literal["found", "missed", "wrong sign", "no effect, rightly", "false verdict", "inseparable", "contested", "no answer"]

SIGN = {"lower": -1, "higher": 1, "none": 0}


def judged(claim: EffectClaim, answer: Answer | None, evidence: Evidence) -> Judged:
    """How an answer stands to what is agreed of a claim.

    A measure without effect whose window is that of an agreed effect on the same series is no test: what is found is the other's.
    """
    if answer is None:
        return "no answer"
    if claim.agreement == "contested":
        return "contested"
    if claim.agreement == "none_found" or claim.direction == "none":
        if shares_an_agreed_effect(claim, evidence):
            return "inseparable"
        return "false verdict" if answer.finds else "no effect, rightly"
    if not answer.finds:
        return "missed"
    return "found" if answer.finds == SIGN[claim.direction] else "wrong sign"


def shares_an_agreed_effect(claim: EffectClaim, evidence: Evidence) -> bool:
    """Whether it is said to be inseparable from a claim of an agreed effect on the same series."""
    others = [other for other in evidence.claims if other.id in claim.inseparable_from]
    return any(other.agreement == "agreed" and other.series == claim.series for other in others)


def holds_size(claim: EffectClaim, answer: Answer | None, whole: bool = False) -> bool | None:
    """Whether the interval of an answer holds the agreed size; none when no size is agreed or there is no answer.

    A size that is agreed from one end to another is held when the two overlap, or, with `whole`, when all of it is inside.
    """
    if claim.size_percent is None or claim.agreement != "agreed" or answer is None:
        return None
    low, high = (_log_of(percent) for percent in claim.size_percent)
    return bool(answer.low <= low and high <= answer.high) if whole else bool(answer.low <= high and low <= answer.high)


def percent_of(log_ratio: float) -> float:
    """log(counted / expected) as percent of what was to be expected."""
    return 100 * math.expm1(log_ratio)


def _log_of(percent: float) -> float:
    return math.log1p(percent / 100) if percent > -100 else -math.inf
