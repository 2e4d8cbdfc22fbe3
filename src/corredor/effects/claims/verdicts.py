"""The rules by which evidence becomes a verdict. docs/CLAIMS.md has the same rules, C1 to C11, in the same words; change both."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["supported", "contradicted", "no large effect", "repeats its source", "cannot tell", "not testable"]
VERDICTS: tuple[Verdict, ...] = (
    "supported",
    "contradicted",
    "no large effect",
    "repeats its source",
    "cannot tell",
    "not testable",
)

VERDICT_MEANS: dict[Verdict, str] = {
    "supported": "the figures say so, within the doubt that is stated",
    "contradicted": "the figures say otherwise, within the doubt that is stated",
    "no large effect": "nothing was found, and a change to half or double is ruled out",
    "repeats its source": "nobody but the claim’s own source says so",
    "cannot tell": "what is known leaves room for both answers",
    "not testable": "no figure could decide it",
}

Untold = Literal["not looked at", "not published", "not separable"]
UNTOLD: dict[Untold, str] = {
    "not separable": "figures cannot separate it from other causes",
    "not published": "nobody published figures",
    "not looked at": "the figures exist and were not looked at",
}
"""Why a claim cannot be told, in a reader's words; each “cannot tell” has one of these."""


@dataclass(frozen=True)
class Judgement:
    """A verdict, the rule of docs/CLAIMS.md that gave it (C1 …), and why, in a sentence or two.

    untold : which of the three reasons stands behind a “cannot tell”; none for any other verdict
    raises : ValueError for a “cannot tell” without a reason, or a reason beside another verdict
    """

    verdict: Verdict
    rule: str
    why: str
    untold: Untold | None = None

    def __post_init__(self) -> None:
        if (self.verdict == "cannot tell") != (self.untold is not None):
            raise ValueError(f"{self.verdict} ({self.rule}) with the reason {self.untold}")


SURE = 0.975
"""A probability from here on counts as yes, from 1 − 0.975 down as no: of a well-stated doubt about something that is not there, at
most 5 % end up on either side."""

LEARNED = 0.10
"""A parameter whose standard deviation the data make narrower by less than this share counts as assumed, not learned."""

FEWEST_CHANGED = 0.05
"""Share of draws in which a measure must change the output at all; below, it has no way to act on it in the model."""


def judge_opinion(because: str) -> Judgement:
    """C1: no figure can decide an opinion."""
    return Judgement("not testable", "C1", because)


def judge_without_figures(would_need: str, untold: Untold) -> Judgement:
    """C2: without figures nothing can be told; what would be needed is said."""
    return Judgement("cannot tell", "C2", f"There are no figures here to test it with. It would take: {would_need}", untold)


def judge_bounds(
    low: float, high: float, least: float | None, most: float | None, what: str, untold: Untold = "not published"
) -> Judgement:
    """C3: a number that published figures hold between two bounds, against what the claim says of it.

    low, high : bounds; the same for a number that was published
    least, most : the claim says that the number lies between these; none: open
    what : the number, for the sentence
    untold : why bounds that leave room for both answers are no narrower
    """
    floor, ceiling = (-math.inf if least is None else least), (math.inf if most is None else most)
    if low >= floor and high <= ceiling:
        return Judgement("supported", "C3", f"All that was published of {what} fits the claim.")
    if high < floor or low > ceiling:
        return Judgement("contradicted", "C3", f"All that was published of {what} speaks against the claim.")
    return Judgement("cannot tell", "C3", f"What was published of {what} leaves room for both answers.", untold)


def judge_documented(
    in_window: int, out_of_window: int, publishers: int, wanted: int, untold: Untold = "not looked at"
) -> Judgement:
    """C4: something that happened, by the entries of the register that tell of it and the publishers behind them."""
    if in_window == 0 and out_of_window:
        return Judgement("contradicted", "C4", "It is on record, but not on the days that the claim names.")
    if publishers < wanted:
        why = f"It is on record with {publishers} publisher{'s' if publishers != 1 else ''}; {wanted} were asked for."
        return Judgement("cannot tell", "C4", why, untold)
    tell = f"{publishers} different publishers tell" if publishers != 1 else "one publisher tells"
    return Judgement("supported", "C4", f"It is on record, and {tell} of it.")


def judge_no_act(acts: int, actor: str, untold: Untold) -> Judgement:
    """C5: that somebody did nothing can be contradicted by one act, and never be shown by an empty register."""
    if acts:
        return Judgement("contradicted", "C5", f"The register holds {acts} act{'s' if acts != 1 else ''} of {actor}.")
    why = f"No act of {actor} is on record here. What was not found is not proof that nothing was done."
    return Judgement("cannot tell", "C5", why, untold)


def judge_independence(judged: Judgement, by_others: Judgement, own: str) -> Judgement:
    """C11: what only the claim's own source says is repeated, not supported.

    judged : on all evidence;  by_others : on what is independent of the claim and of its source
    own : who publishes the rest, for the sentence
    """
    if judged.verdict != "supported" or by_others.verdict == "supported":
        return judged
    if by_others.verdict == "contradicted":
        return by_others
    why = f"All that speaks for it comes from where the claim comes from: {own}. Nothing independent of that settles it."
    return Judgement("repeats its source", "C11", why)


LARGE = 2.0
"""A change by this factor or more, halving or doubling, is large: where the published series rules it out, that is an answer."""


@dataclass(frozen=True)
class EffectEvidence:
    """What there is to say of an effect.

    probability : 0–1, that it has the claimed direction and size; from the model's draws, weighed by the estimate where the draws
        have not seen the figures yet
        or from the estimate alone
    changed : share 0–1 of draws in which the measures changed the output at all; none: the claim names no output, so no model was asked
    learned_by_fit : the data narrowed what the effect rests on, and the prior left its direction open
    series : +1 finds what is claimed, −1 finds the opposite or rules the claimed size out, 0 finds nothing, none: there is none
    model_and_series_apart : hardly any draw agrees with the published series
    most : the largest change in the claimed direction that the published series leaves open, as a factor of 1 or more (halving is 2); none:
        there is no series
    claimed_more : the claim is that there were more people, not fewer
    together_with : measures that the published series cannot tell apart from those of the claim, in words; empty: there are none
    without_series : why there is no estimate from a published series, where there is none
    """

    probability: float
    changed: float | None
    learned_by_fit: bool
    series: int | None
    model_and_series_apart: bool = False
    most: float | None = None
    claimed_more: bool = False
    together_with: str = ""
    without_series: Untold = "not looked at"

    @property
    def untold(self) -> Untold:
        """Why nothing can be told, where that is so: with a series in hand, figures do not separate the effect from other causes."""
        return self.without_series if self.series is None else "not separable"


def judge_effect(seen: EffectEvidence) -> Judgement:
    """C6 supported, C7 contradicted, C10 no large effect, C8 cannot tell."""
    judgement = _judge_size(seen)
    if judgement.verdict == "cannot tell" and seen.series == 0 and seen.most is not None and seen.most < LARGE:
        largest = f"{100 * (seen.most - 1):.0f} % more" if seen.claimed_more else f"{100 * (1 - 1 / seen.most):.0f} % fewer"
        why = f"The published series shows no change beyond its usual ups and downs; at most {largest} would still fit it."
        return Judgement("no large effect", "C10", why)
    return judgement


def _judge_size(seen: EffectEvidence) -> Judgement:
    """C6, C7, C8: an effect must be probable, learned from data, not denied by the series."""
    if seen.changed is None:
        return _judge_series_alone(seen)
    if seen.changed < FEWEST_CHANGED:
        return _cannot_tell("In the model these measures have no way to change this output. Nothing was tested.", seen)
    if seen.model_and_series_apart:
        return _cannot_tell("Model and published series disagree about the size of the change.", seen)
    says_yes, says_no = seen.probability >= SURE, seen.probability <= 1 - SURE
    if not says_yes and not says_no:
        why = "Too uncertain to say either way"
        ending = "." if seen.learned_by_fit or seen.series else ", and what the model says is assumed, not learned from figures."
        return _cannot_tell(why + ending, seen)
    if (says_yes and seen.series == -1) or (says_no and seen.series == 1):
        return _cannot_tell("Model and published series disagree about the direction or the size of the change.", seen)
    if not (seen.learned_by_fit or (says_yes and seen.series == 1) or (says_no and seen.series == -1)):
        why = "The answer is assumed, not learned: the study's assumptions give it before any figure was looked at"
        ending = ", and the published series shows no change beyond its usual ups and downs." if seen.series == 0 else "."
        return _cannot_tell(why + ending, seen)
    by = [*(["the fitted model"] if seen.learned_by_fit else []), *(["the published series"] if seen.series else [])]
    found = f"the claimed direction and size, as {' and '.join(by)} found"
    if says_no:
        return Judgement("contradicted", "C7", f"The effect does not have {found}.")
    both = f", together with {seen.together_with}, which monthly counts cannot tell apart" if seen.together_with else ""
    return Judgement("supported", "C6", f"The effect has {found}{both if seen.series else ''}.")


def _judge_series_alone(seen: EffectEvidence) -> Judgement:
    """The same of a claim without an output: the estimate's own interval stands for the draws."""
    alone = "by the published series alone; no model was asked."
    if seen.series is None:
        return _cannot_tell("No published series has an estimate of these days, and no model was asked.", seen)
    if seen.series == 1 and seen.probability >= SURE:
        return Judgement("supported", "C6", f"The effect has the claimed direction and size, {alone}")
    if seen.series == -1 and seen.probability <= 1 - SURE:
        return Judgement("contradicted", "C7", f"The effect does not have the claimed direction and size, {alone}")
    return _cannot_tell(f"Too uncertain to say either way, {alone}", seen)


def _cannot_tell(why: str, seen: EffectEvidence) -> Judgement:
    return Judgement("cannot tell", "C8", why, seen.untold)


def judge_distant_effect(probability: float, learned: bool) -> Judgement:
    """C9: an effect that lies beyond the figures is settled only by parameters that data informed."""
    if not learned:
        why = "The answer is assumed, not learned: it rests on published estimates for other places and times, and on judgement."
        return Judgement("cannot tell", "C9", why, "not published")
    if probability >= SURE:
        return Judgement(
            "supported", "C9", "The effect has the claimed size in nearly all draws, and data informed what it rests on."
        )
    if probability <= 1 - SURE:
        return Judgement(
            "contradicted", "C9", "Hardly any draw has an effect of the claimed size, and data informed what it rests on."
        )
    return Judgement("cannot tell", "C9", "Too uncertain to say either way.", "not separable")
