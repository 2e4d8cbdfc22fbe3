"""The rules by which evidence becomes a verdict. docs/CLAIMS.md has the same rules, C1 to C10, in the same words; change both."""

from __future__ import annotations

import math
from dataclasses import dataclass

from corredor.effects.claims.finding import Judgement

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


def judge_without_figures(would_need: str) -> Judgement:
    """C2: without figures nothing can be told; what would be needed is said."""
    return Judgement("cannot tell", "C2", f"There are no figures to test it with. It would take: {would_need}")


def judge_bounds(low: float, high: float, least: float | None, most: float | None, what: str) -> Judgement:
    """C3: a number that published figures hold between two bounds, against what the claim says of it.

    low, high : bounds; the same for a number that was published
    least, most : the claim says that the number lies between these; none: open
    what : the number, for the sentence
    """
    floor, ceiling = (-math.inf if least is None else least), (math.inf if most is None else most)
    if low >= floor and high <= ceiling:
        return Judgement("supported", "C3", f"All that was published of {what} fits the claim.")
    if high < floor or low > ceiling:
        return Judgement("contradicted", "C3", f"All that was published of {what} speaks against the claim.")
    return Judgement("cannot tell", "C3", f"What was published of {what} leaves room for both answers.")


def judge_documented(in_window: int, out_of_window: int, publishers: int, wanted: int) -> Judgement:
    """C4: something that happened, by the entries of the register that tell of it and the publishers behind them."""
    if in_window == 0 and out_of_window:
        return Judgement("contradicted", "C4", "It is on record, but not on the days that the claim names.")
    if publishers < wanted:
        why = f"It is on record with {publishers} publisher{'s' if publishers != 1 else ''}; {wanted} were asked for."
        return Judgement("cannot tell", "C4", why)
    tell = f"{publishers} different publishers tell" if publishers != 1 else "one publisher tells"
    return Judgement("supported", "C4", f"It is on record, and {tell} of it.")


def judge_no_act(acts: int, actor: str) -> Judgement:
    """C5: that somebody did nothing can be contradicted by one act, and never be shown by an empty register."""
    if acts:
        return Judgement("contradicted", "C5", f"The register holds {acts} act{'s' if acts != 1 else ''} of {actor}.")
    why = f"No act of {actor} is on record here. What was not found is not proof that nothing was done."
    return Judgement("cannot tell", "C5", why)


LARGE = 2.0
"""A change by this factor or more, halving or doubling, is large: where the published series rules it out, that is an answer."""


@dataclass(frozen=True)
class EffectEvidence:
    """What there is to say of an effect.

    probability : 0–1, that it has the claimed direction and size; from the model's draws, weighed by the estimate where the draws
        have not seen the figures yet
    changed : share 0–1 of draws in which the measures changed the output at all
    learned_by_fit : the data narrowed what the effect rests on, and the prior left its direction open
    series : +1 finds what is claimed, −1 finds the opposite or rules the claimed size out, 0 finds nothing, none: there is none
    model_and_series_apart : hardly any draw agrees with the published series
    most : the largest change in the claimed direction that the published series leaves open, as a factor of 1 or more (halving is 2); none:
        there is no series
    claimed_more : the claim is that there were more people, not fewer
    """

    probability: float
    changed: float
    learned_by_fit: bool
    series: int | None
    model_and_series_apart: bool = False
    most: float | None = None
    claimed_more: bool = False


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
    if seen.changed < FEWEST_CHANGED:
        return Judgement(
            "cannot tell", "C8", "In the model these measures have no way to change this output. Nothing was tested."
        )
    if seen.model_and_series_apart:
        return Judgement("cannot tell", "C8", "Model and published series disagree about the size of the change.")
    says_yes, says_no = seen.probability >= SURE, seen.probability <= 1 - SURE
    if not says_yes and not says_no:
        why = "Too uncertain to say either way"
        ending = "." if seen.learned_by_fit or seen.series else ", and what the model says is assumed, not learned from figures."
        return Judgement("cannot tell", "C8", why + ending)
    if (says_yes and seen.series == -1) or (says_no and seen.series == 1):
        return Judgement(
            "cannot tell", "C8", "Model and published series disagree about the direction or the size of the change."
        )
    if not (seen.learned_by_fit or (says_yes and seen.series == 1) or (says_no and seen.series == -1)):
        why = "The answer is assumed, not learned: the study's assumptions give it before any figure was looked at"
        ending = ", and the published series shows no change beyond its usual ups and downs." if seen.series == 0 else "."
        return Judgement("cannot tell", "C8", why + ending)
    by = [*(["the fitted model"] if seen.learned_by_fit else []), *(["the published series"] if seen.series else [])]
    if says_yes:
        return Judgement("supported", "C6", f"The effect has the claimed direction and size, as {' and '.join(by)} found.")
    return Judgement(
        "contradicted", "C7", f"The effect does not have the claimed direction and size, as {' and '.join(by)} found."
    )


def judge_distant_effect(probability: float, learned: bool) -> Judgement:
    """C9: an effect that lies beyond the figures is settled only by parameters that data informed."""
    if not learned:
        why = "The answer is assumed, not learned: it rests on published estimates for other places and times, and on judgement."
        return Judgement("cannot tell", "C9", why)
    if probability >= SURE:
        return Judgement(
            "supported", "C9", "The effect has the claimed size in nearly all draws, and data informed what it rests on."
        )
    if probability <= 1 - SURE:
        return Judgement(
            "contradicted", "C9", "Hardly any draw has an effect of the claimed size, and data informed what it rests on."
        )
    return Judgement("cannot tell", "C9", "Too uncertain to say either way.")
