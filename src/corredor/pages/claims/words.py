"""Verdicts, numbers and kinds of claims as a reader sees them."""

from __future__ import annotations

import math

from corredor.effects.claims import Finding
from corredor.results.wording import round_to_figures, short_number
from corredor.study.schema import Claim, ClaimKind

KIND_WORDS: dict[ClaimKind, str] = {
    "level": "A series against its own past",
    "magnitude": "A number",
    "event": "Something that happened",
    "effect": "What a measure changed",
    "comparison": "Two sums",
    "opinion": "An opinion",
}

VERDICT_WORDS = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "no large effect": "No large effect",
    "cannot tell": "Cannot tell",
    "not testable": "Not testable",
}

VERDICT_MEANS = {
    "supported": "the figures and the model say so, within the doubt that is stated",
    "contradicted": "the figures and the model say otherwise, within the doubt that is stated",
    "no large effect": "nothing was found, and the figures rule out a change to half or double",
    "cannot tell": "what is known leaves room for both answers, or there is nothing to test with",
    "not testable": "no figure could decide it",
}


def verdict_words(finding: Finding) -> str:
    """The verdict, with its bound where it has one: no fall larger than 38 %."""
    seen, effect = finding.published_effect, finding.claim.effect
    if finding.judgement.verdict != "no large effect" or seen is None or effect is None:
        return VERDICT_WORDS[finding.judgement.verdict]
    bound = seen.excluded_below if effect.direction == "lower" else seen.excluded_above
    return f"No {'fall' if effect.direction == 'lower' else 'rise'} larger than {abs(bound or 0.0):.0f} %"


def bounds_words(finding: Finding) -> str:
    """What the published series can say of an effect: people, what would have been seen, what is ruled out; empty where there is none."""
    seen = finding.published_effect
    if seen is None or seen.effect_people is None or seen.low_people is None or seen.high_people is None:
        return ""
    ends = f"between {_people(seen.low_people)} and {_people(seen.high_people)}"
    size = "a fall" if (seen.detectable or 0) < 0 else "a rise"
    below, above = _percent(seen.excluded_below), _percent(seen.excluded_above)
    return (
        f"The published series: {_people(seen.effect_people)} people against what was to be expected, {ends} (95 %). In four of five "
        f"cases {size} of {abs(seen.detectable or 0.0):.0f} % would have been seen. Ruled out: changes below {below} % and above {above} %."
    )


def number_words(finding: Finding) -> str:
    """The number that a claim is about, with its interval; empty where there is none."""
    low, high = finding.low, finding.high
    unit = finding.unit
    if finding.claim.kind == "level":
        return _level_words(low, high)
    if low is None or high is None or (math.isnan(low) or math.isnan(high)):
        return ""
    if unit.startswith("percent"):
        rest = unit.removeprefix("percent")
        middle = f"{_percent(finding.effect)} %, " if finding.effect is not None else ""
        ends = f"between {_percent(low)} and {_percent(high)} %" if math.isfinite(high) else f"{_percent(low)} % or more"
        of = {" of what it would have been": " (against what it would have been)"}.get(rest, f" ({rest.strip()})")
        return f"{middle}{ends}{of}"
    if low == high:
        return f"{_plain(low)} {unit}"
    return f"{_plain(low)} to {_plain(high)} {unit}" if math.isfinite(high) else f"at least {_plain(low)} {unit}"


def _level_words(low: float | None, high: float | None) -> str:
    """How a level lies to the earlier one, by two bounds in percent; none: no bound."""
    if low is None and high is None:
        return ""
    if low is not None and high is not None and abs(high - low) < 0.05:
        return f"{_beside(low)} the earlier level"
    if low is None and high is not None:
        return f"at {'least' if high < 0 else 'most'} {_beside(high)} the earlier level"
    if high is None and low is not None:
        return f"at {'most' if low < 0 else 'least'} {_beside(low)} the earlier level"
    return f"{_percent(low)} to {_percent(high)} % against the earlier level"


def _beside(percent: float) -> str:
    size = abs(percent)
    return (
        f"{size:.0f} % {'below' if percent < 0 else 'above'}"
        if size >= 10
        else f"{size:.1f} % {'below' if percent < 0 else 'above'}"
    )


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


def _percent(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return "–"
    text = f"{value:+.0f}" if abs(value) >= 10 else f"{value:+.1f}"
    return text.replace("-", "−") if float(text) else "0"


def _people(value: float) -> str:
    sign = "−" if value < 0 else "+"
    return f"{sign}{short_number(abs(value)) if abs(value) >= 1000 else f'{round_to_figures(abs(value), 2):g}'}"


def _plain(value: float) -> str:
    return short_number(value) if value >= 1000 else f"{round_to_figures(value, 3):g}"
