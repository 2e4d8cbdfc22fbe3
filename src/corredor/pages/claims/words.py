"""Verdicts, numbers and kinds of claims as a reader sees them."""

from __future__ import annotations

from corredor.effects.claims import Finding
from corredor.effects.claims.headline import percent_words
from corredor.effects.claims.published_effect import excluded_words, power_words
from corredor.results.wording import estimated
from corredor.study.schema import Claim, ClaimKind

KIND_WORDS: dict[ClaimKind, str] = {
    "level": "A series against its own past",
    "magnitude": "A number",
    "event": "Something that happened",
    "effect": "What a measure changed",
    "comparison": "Two sums",
    "opinion": "An opinion",
}


def bounds_words(finding: Finding) -> str:
    """What the published series can say of an effect: people, what would have been seen, what is ruled out; empty where there is none."""
    seen = finding.published_effect
    if seen is None or seen.effect_people is None or seen.low_people is None or seen.high_people is None:
        return ""
    lower = finding.claim.effect is not None and finding.claim.effect.direction == "lower"
    ends = f"between {_people(seen.low_people)} and {_people(seen.high_people)}"
    power = power_words(seen, lower)
    return (
        f"The published series: {_people(seen.effect_people)} people against what was to be expected, {ends} (95 %). "
        f"{power[0].upper()}{power[1:]}. {excluded_words(seen, True).capitalize()}, and {excluded_words(seen, False)}."
    )


def curve_words(finding: Finding) -> str:
    """What other choices of form, window and donors say, in short; empty where they were not asked."""
    curve = finding.curve
    if curve is None or finding.claim.effect is None:
        return ""
    rows = curve.curve.rows
    if not rows:
        return "no choice has an answer"
    falls, rises = (f"{curve.found(sign)}" for sign in (-1, 1))
    lower = finding.claim.effect.direction == "lower"
    found = f"find a fall, {rises} a rise" if lower else f"find a rise, {falls} a fall"
    middle = percent_words(curve.as_json()["median"])
    return f"{falls if lower else rises} of {len(rows)} choices {found}; the median is {middle} %"


def probability_words(finding: Finding) -> str:
    """The probability that the claim holds, for kinds that have one that is not 0 or 1 by rule."""
    probability = finding.probability
    if probability is None or finding.claim.kind not in ("effect", "magnitude") or probability in (0.0, 1.0):
        return ""
    if probability > 0.99:
        return "more than 99 %"
    return "less than 1 %" if probability < 0.01 else f"{100 * probability:.0f} %"


def said(claim: Claim) -> str:
    """Who says so and when."""
    return claim.said_by if claim.said_on is None else f"{claim.said_by}, {claim.said_on}"


def _people(value: float) -> str:
    return estimated(value, sign=True)
