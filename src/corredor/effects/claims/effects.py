"""Claims of kind effect: the same scenarios with and without the measures, and a design-based estimate from a published series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from corredor.effects.claims.begun_before import begun_before_evidence
from corredor.effects.claims.curves import claim_curve
from corredor.effects.claims.effect_evidence import (
    ModelEffect,
    effect_evidence,
    model_effect,
    of_measures,
    of_published,
    people_told,
    percents,
)
from corredor.effects.claims.finding import EffectPicture, Evidence, Finding, MonthlyPicture
from corredor.effects.claims.independence import Origin, origin_of
from corredor.effects.claims.missing_figures import asked_later, published_by, untold_by
from corredor.effects.claims.nearby_measures import measures_named, nearby_evidence, nearby_measures
from corredor.effects.claims.published_effect import PublishedEffect
from corredor.effects.claims.published_series import Published, expected_by_month, published_estimate
from corredor.effects.claims.rests_on import assumptions, learned_by_fit
from corredor.effects.claims.turned_to import turned_to
from corredor.effects.claims.verdicts import (
    FEWEST_CHANGED,
    EffectEvidence,
    Judgement,
    Untold,
    judge_effect,
    judge_independence,
)
from corredor.effects.claims.weighing import alone, weigh
from corredor.effects.design.answer import Answer
from corredor.effects.design.change import FEWEST_BEFORE
from corredor.engine.fitted import Fitted
from corredor.results.small_cells import drawn_people
from corredor.results.wording import Wording
from corredor.study.model import Model
from corredor.study.schema import Claim, EffectCheck, Measure
from corredor.study.selectors import names_in

MONTHS_SHOWN = 36
"""Months before the window that the picture shows."""


def check_effect(
    model: Model,
    claim: Claim,
    scenarios: xr.Dataset | None,
    as_of: dt.date,
    curves: bool = False,
    fitted: Fitted | None = None,
    hides_small: bool = True,
) -> Finding:
    """An effect, by the model and by a design-based estimate; by the latter alone where the claim names no output.

    scenarios : of `compare`, with and without the measures of the claim; none: the claim names no output
    as_of : day by which figures had to be published
    curves : whether the question is asked with every other choice too
    fitted : the fit from which the draws of the scenarios come; none: they come from the priors
    hides_small : whether numbers that tell of fewer than five people are left out
    """
    effect = claim.effect
    assert effect is not None
    measures = [measure for measure in model.measures if measure.id in effect.measures]
    published = published_estimate(model.series, effect, measures, as_of)
    estimate = published.estimate
    near = nearby_measures(model, effect) if estimate is not None else []
    turned = turned_to(model.series, effect, published, as_of, hides_small)
    together_with = measures_named(near)
    later = None
    if effect.series is not None and published.months is None:
        later = published_by(model.series, effect.series, effect.part, effect.from_, effect.to, as_of)
    told = _Told(published, origin_of(claim, model.sources), together_with, later, hides_small)
    if scenarios is None:
        found = _by_series_alone(claim, measures, told)
    else:
        found = _by_model_too(model, claim, measures, scenarios, fitted, told)
    return replace(
        found,
        would_change=asked_later(later) if later else found.would_change,
        published_effect=_published_effect(estimate, _sign(effect), hides_small),
        evidence=(
            *found.evidence,
            *_whose_counts(told),
            *nearby_evidence(near),
            *begun_before_evidence(published),
            *turned.evidence,
        ),
        inseparable_from=tuple(measure.id for measure in near),
        turned_to=turned.found,
        curve=claim_curve(model.series, effect, measures, published, as_of) if curves else None,
        estimates=() if estimate is None else (estimate,),
        series_picture=series_picture(effect, published, as_of, hides_small),
    )


@dataclass(frozen=True)
class _Told:
    """What the published series tells, where the claim comes from, measures that it cannot tell apart, and the day by which figures
    that are missing came out; none: they did not."""

    published: Published
    origin: Origin
    together_with: str
    later: dt.date | None
    hides_small: bool

    def without_series(self, claim: Claim) -> Untold:
        """Why there is no estimate, where there is none: months that hold the window are there, but too few or of too few people."""
        if self.published.months is not None:
            return "not separable"
        return "not looked at" if self.later else untold_by(claim)

    def judged(self, evidence: EffectEvidence) -> Judgement:
        """By the rules; an estimate is worked out here, so it repeats the claim's source only where its counts come from there alone."""
        judgement = judge_effect(evidence)
        if evidence.learned_by_fit or not self.own_counts_only:
            return judgement
        by_others = judge_effect(replace(evidence, series=None))
        return judge_independence(judgement, by_others, self.origin.words)

    @property
    def own_counts_only(self) -> bool:
        """Whether the counts of the series come from the claim's own source alone."""
        months = self.published.months
        return months is not None and set(months.sources) <= self.origin.sources


def _whose_counts(told: _Told) -> list[Evidence]:
    """The row that says that the counts are those of whoever makes the claim; none where somebody else counted."""
    months, origin = told.published.months, told.origin
    if months is None or told.published.estimate is None or origin.is_independent(months.sources):
        return []
    whose = f"The counts are published by {origin.words}, from where the claim comes too"
    return [Evidence(f"{whose}; what was to be expected of them was worked out here.", months.sources)]


def _by_model_too(
    model: Model, claim: Claim, measures: Sequence[Measure], scenarios: xr.Dataset, fitted: Fitted | None, told: _Told
) -> Finding:
    effect, published, estimate = claim.effect, told.published, told.published.estimate
    assert effect is not None
    seen = model_effect(effect, scenarios)
    sign, claimed = _sign(effect), claimed_log(effect)
    weighed = weigh(seen.log_ratio, None if fitted is not None else estimate)
    probability = weighed.share_beyond(claimed, sign)
    evidence = EffectEvidence(
        probability=probability,
        changed=float(np.mean(seen.difference != 0)),
        learned_by_fit=learned_by_fit(model, fitted, measures),
        series=_series_say(estimate, sign, abs(claimed)),
        model_and_series_apart=weighed.apart,
        most=_most(estimate, sign),
        claimed_more=sign > 0,
        together_with=told.together_with,
        without_series=told.without_series(claim),
    )
    judgement = told.judged(evidence)
    low, middle, high = percents([weighed.quantile(p) for p in (0.025, 0.5, 0.975)])
    reached = bool(np.any(seen.difference != 0))
    return Finding(
        claim,
        judgement,
        probability=probability if judgement.rule != "C8" or reached else None,
        effect=middle if reached else None,
        low=low if reached else None,
        high=high if reached else None,
        unit="percent of what it would have been",
        evidence=effect_evidence(model, effect, seen, published, scenarios, weighed, told.hides_small),
        assumed=assumptions(model, fitted, scenarios, measures, seen.log_ratio),
        would_change=_would_change(claim, evidence, estimate),
        effect_picture=_effect_picture(effect, seen, estimate, evidence, fitted is not None) if reached else None,
        judged_by=evidence,
        own_counts_only=told.own_counts_only,
    )


def _by_series_alone(claim: Claim, measures: Sequence[Measure], told: _Told) -> Finding:
    effect, published, estimate = claim.effect, told.published, told.published.estimate
    assert effect is not None
    sign, claimed = _sign(effect), claimed_log(effect)
    weighed = None if estimate is None else alone(estimate)
    evidence = EffectEvidence(
        probability=0.5 if weighed is None else weighed.share_beyond(claimed, sign),
        changed=None,
        learned_by_fit=False,
        series=_series_say(estimate, sign, abs(claimed)),
        most=_most(estimate, sign),
        claimed_more=sign > 0,
        together_with=told.together_with,
        without_series=told.without_series(claim),
    )
    ends = (None, None, None) if estimate is None else percents((estimate.low, estimate.effect, estimate.high))
    return Finding(
        claim,
        told.judged(evidence),
        probability=None if weighed is None else evidence.probability,
        effect=ends[1],
        low=ends[0],
        high=ends[2],
        unit="percent of what it would have been",
        evidence=(*of_measures(measures), *of_published(published, told.hides_small)),
        would_change=_would_change_series(claim, effect, estimate),
        effect_picture=None if estimate is None else _effect_picture(effect, None, estimate, evidence, fitted=False),
    )


def _sign(effect: EffectCheck) -> float:
    return -1.0 if effect.direction == "lower" else 1.0


def claimed_log(effect: EffectCheck) -> float:
    """The claimed change as log of with / without; 0 when no size is claimed."""
    share = effect.at_least_percent / 100
    return float(np.log(max(1 - share, 1e-9))) if effect.direction == "lower" else float(np.log(1 + share))


def _series_say(estimate: Answer | None, sign: float, claimed: float) -> int | None:
    """+1 for the claim, −1 against it, 0 neither; none without an estimate."""
    if estimate is None:
        return None
    if claimed > 0 and (estimate.high if sign > 0 else -estimate.low) < claimed:
        return -1
    return int(estimate.finds * sign)


def _published_effect(estimate: Answer | None, sign: float, hides_small: bool) -> PublishedEffect | None:
    if estimate is None:
        return None
    low, middle, high = (value if value == value else None for value in people_told(estimate, hides_small))
    below, above, seen = percents((estimate.low, estimate.high, estimate.least_fall if sign < 0 else estimate.least_rise))
    return PublishedEffect(middle, low, high, seen, below, above)


def _most(estimate: Answer | None, sign: float) -> float | None:
    """The largest change in the claimed direction that the series leaves open, as a factor of 1 or more."""
    if estimate is None:
        return None
    return float(np.exp(max(estimate.high if sign > 0 else -estimate.low, 0.0)))


def _would_change(claim: Claim, evidence: EffectEvidence, estimate: Answer | None) -> str:
    if claim.would_need:
        return claim.would_need
    if evidence.changed is not None and evidence.changed < FEWEST_CHANGED:
        return "A source that tells how these measures act on this output, written into measures.yaml with a prior."
    if estimate is None:
        wanted = f"with at least {FEWEST_BEFORE} months before the measure"
        return f"A published monthly series of this output {wanted}, or a fit that informs its effect."
    if evidence.model_and_series_apart or estimate.finds:
        return "Other reasons for a change at the same time, ruled out or written into the study; a fit to the published figures."
    return "Places or groups that the measure did not reach to compare with, or a fit that informs its effect."


def _would_change_series(claim: Claim, effect: EffectCheck, estimate: Answer | None) -> str:
    if claim.would_need:
        return claim.would_need
    if estimate is None:
        return f"A published monthly series up to {effect.to}, with at least {FEWEST_BEFORE} months before the measure."
    if estimate.finds:
        return "Other reasons for a change in the same months, ruled out; a model that reaches these days."
    return "Places or groups that the measure did not reach to compare with, or a model that reaches these days."


def series_picture(effect: EffectCheck, published: Published, as_of: dt.date, hides_small: bool = True) -> MonthlyPicture | None:
    """The series of a claim, three years before its window and the window itself; none where there is no series that holds it.

    hides_small : without months that would tell a small one beside them, and without what was expected of few people
    """
    months = published.months
    if months is None:
        return None
    first = max(published.known - MONTHS_SHOWN, 0)
    shown = slice(first, len(months.months))
    expected = {}
    wording, window = Wording(months.unit, hides_small), slice(published.start, len(months.values))
    people = drawn_people(months.values, window) if wording.floor else months.values
    if published.estimate is not None and not wording.hides(published.estimate.counted_people):
        band = np.full((3, len(months.months)), np.nan)
        band[:, published.start :] = expected_by_month(published, published.estimate)
        expected["the published series"] = band[:, shown]
    parts = names_in(effect.part)
    name = (effect.series or "").replace("_", " ").capitalize()
    of_parts = f", {', '.join(parts).replace('_', ' ').title()}" if 0 < len(parts) <= 3 else ""
    return MonthlyPicture(
        title=f"{name}{of_parts}, as published by {as_of}",
        unit=months.unit,
        starts=months.months[shown].astype("datetime64[ns]"),
        published=people[shown],
        expected=expected,
        window=(months.months[published.start].astype("datetime64[ns]"), months.months[-1].astype("datetime64[ns]")),
    )


def _effect_picture(
    effect: EffectCheck, seen: ModelEffect | None, estimate: Answer | None, evidence: EffectEvidence, fitted: bool
) -> EffectPicture:
    rows = []
    if seen is not None:
        low, middle, high = percents([float(q) for q in np.quantile(seen.log_ratio, [0.025, 0.5, 0.975])])
        rows.append(("model, fitted" if fitted else "model, from its priors alone", low, middle, high))
    if estimate is not None:
        low, middle, high = percents((estimate.low, estimate.effect, estimate.high))
        rows.append(("published series", low, middle, high))
    words = {
        None: "no design-based estimate",
        0: "the published series finds nothing either way",
        1: "the published series finds what is claimed",
    }
    agreement = words.get(evidence.series, "the published series finds the opposite, or rules the claimed size out")
    if evidence.model_and_series_apart:
        agreement = "model and published series disagree"
    percent = -effect.at_least_percent if effect.direction == "lower" else effect.at_least_percent
    return EffectPicture(tuple(rows), effect.direction, percent, agreement)
