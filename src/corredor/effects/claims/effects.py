"""Claims of kind effect: the same scenarios with and without the measures, and a design-based estimate from a published series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from corredor.effects.claims.finding import EffectPicture, Evidence, Finding, MonthlyPicture, PublishedEffect
from corredor.effects.claims.published_series import Published, expected_by_month, published_estimate
from corredor.effects.claims.rests_on import assumptions, described_fit, learned_by_fit
from corredor.effects.claims.verdicts import EffectEvidence, judge_effect
from corredor.effects.claims.weighing import Weighed, weigh
from corredor.effects.design.answer import Answer
from corredor.effects.design.change import FEWEST_BEFORE
from corredor.results.view import Run, Series
from corredor.results.wording import SMALLEST_SHOWN_PEOPLE, too_few
from corredor.study.model import Model
from corredor.study.schema import Claim, EffectCheck, Measure
from corredor.study.selectors import names_in

SOMEBODY = 0.5
"""Added to both scenarios before a ratio is taken, so that nobody in one of them does not make it infinite; people."""

MONTHS_SHOWN = 36
"""Months before the window that the picture shows."""


@dataclass(frozen=True)
class ModelEffect:
    """What the paired scenarios say.

    log_ratio : (n_draws,) float     log of with / without, summed over the window
    difference : (n_draws,) float    with − without, in the unit of the output
    """

    log_ratio: np.ndarray
    difference: np.ndarray
    with_: np.ndarray
    without: np.ndarray


def check_effect(model: Model, claim: Claim, scenarios: xr.Dataset, as_of: dt.date) -> Finding:
    """An effect, by the model and by a design-based estimate.

    scenarios : of `compare`, with and without the measures of the claim
    as_of : day by which figures had to be published
    """
    effect = claim.effect
    assert effect is not None
    measures = [measure for measure in model.measures if measure.id in effect.measures]
    seen = model_effect(effect, scenarios)
    published = published_estimate(model.series, effect, measures, as_of)
    estimate = published.estimate
    sign = -1.0 if effect.direction == "lower" else 1.0
    claimed = claimed_log(effect)
    fitted = bool(scenarios.attrs.get("fitted"))
    weighed = weigh(seen.log_ratio, None if fitted else estimate)
    probability = weighed.share_beyond(claimed, sign)
    evidence = EffectEvidence(
        probability=probability,
        changed=float(np.mean(seen.difference != 0)),
        learned_by_fit=fitted and learned_by_fit(model, scenarios, measures),
        series=_series_say(estimate, sign, abs(claimed)),
        model_and_series_apart=weighed.apart,
        most=_most(estimate, sign),
        claimed_more=sign > 0,
    )
    judgement = judge_effect(evidence)
    low, middle, high = _percents([weighed.quantile(p) for p in (0.025, 0.5, 0.975)])
    reached = evidence.changed > 0
    return Finding(
        claim,
        judgement,
        probability=probability if judgement.rule != "C8" or reached else None,
        effect=middle if reached else None,
        low=low if reached else None,
        high=high if reached else None,
        unit="percent of what it would have been",
        published_effect=_published_effect(estimate, sign),
        evidence=_evidence(model, effect, measures, seen, published, scenarios, weighed),
        assumed=assumptions(model, scenarios, measures, seen.log_ratio),
        would_change=_would_change(claim, evidence, estimate),
        estimates=() if estimate is None else (estimate,),
        series_picture=_series_picture(effect, published, as_of),
        effect_picture=_effect_picture(effect, seen, estimate, evidence, fitted) if reached else None,
    )


def claimed_log(effect: EffectCheck) -> float:
    """The claimed change as log of with / without; 0 when no size is claimed."""
    share = effect.at_least_percent / 100
    return float(np.log(max(1 - share, 1e-9))) if effect.direction == "lower" else float(np.log(1 + share))


def model_effect(effect: EffectCheck, scenarios: xr.Dataset) -> ModelEffect:
    """With and without the measures over the window of a claim, draw by draw."""
    series = Series(effect.output, effect.place or "", effect.group or "")
    with_, without = Run(scenarios).window_total(series, effect.from_, effect.to)
    return ModelEffect(np.log(with_ + SOMEBODY) - np.log(without + SOMEBODY), with_ - without, with_, without)


def _series_say(estimate: Answer | None, sign: float, claimed: float) -> int | None:
    """+1 for the claim, −1 against it, 0 neither; none without an estimate."""
    if estimate is None:
        return None
    if claimed > 0 and (estimate.high if sign > 0 else -estimate.low) < claimed:
        return -1
    return int(estimate.finds * sign)


def _percents(logs: Sequence[float]) -> list[float]:
    return [100 * float(np.expm1(value)) for value in logs]


def _evidence(
    model: Model,
    effect: EffectCheck,
    measures: Sequence[Measure],
    seen: ModelEffect,
    published: Published,
    scenarios: xr.Dataset,
    weighed: Weighed,
) -> tuple[Evidence, ...]:
    title = model.study.outputs[effect.output].title
    unit = "days" if model.study.outputs[effect.output].expected_wait is not None else "people"
    without, with_ = float(np.median(seen.without)), float(np.median(seen.with_))
    low, middle, high = (float(q) for q in np.quantile(seen.difference, [0.025, 0.5, 0.975]))
    of = {"median_with": with_, "median_without": without, "difference": middle, "low": low, "high": high}
    found = [
        Evidence(f"{measure.from_}: {measure.title} ({measure.actor})", tuple(names_in(measure.source))) for measure in measures
    ]
    found.append(
        Evidence(
            f"The model ({described_fit(scenarios)}): {title}, {effect.from_} to {effect.to}: {_count(with_, unit)} {unit} with "
            f"the measures, {_count(without, unit)} without, a difference of {middle:+,.0f} (95 % of draws: {low:+,.0f} to {high:+,.0f})",
            (),
            of,
        )
    )
    estimate = published.estimate
    if estimate is not None:
        found.append(_of_series(published, estimate))
    found += [Evidence(remark) for remark in published.remarks]
    if estimate is not None and weighed.sd > 0:
        found.append(
            Evidence(
                "The draws have not seen these figures, so each draw counts by how well it agrees with the published series."
            )
        )
    return tuple(found)


def _of_series(published: Published, estimate: Answer) -> Evidence:
    """What the published series says, on people, with what it would have shown and what it rules out."""
    low, middle, high = _percents((estimate.low, estimate.effect, estimate.high))
    fewest, people, most = estimate.people
    fall, rise = _percents((estimate.least_fall, estimate.least_rise))
    return Evidence(
        f"The published series: {middle:+.0f} % against what was to be expected (95 %: {low:+.0f} to {high:+.0f} %), in people "
        f"{people:+,.0f} ({fewest:+,.0f} to {most:+,.0f}); p = {estimate.p_value:.3f}, {estimate.note}. In four of five "
        f"cases it would have shown a fall of {-fall:.0f} % or a rise of {rise:.0f} %.",
        published.months.sources if published.months else (),
        {
            "effect_percent": middle,
            "low": low,
            "high": high,
            "effect_people": people,
            "low_people": fewest,
            "high_people": most,
            "p_value": estimate.p_value,
            "placebos": float(estimate.placebos),
            "least_fall_percent": fall,
            "least_rise_percent": rise,
        },
    )


def _published_effect(estimate: Answer | None, sign: float) -> PublishedEffect | None:
    if estimate is None:
        return None
    low, middle, high = estimate.people
    below, above, seen = _percents((estimate.low, estimate.high, estimate.least_fall if sign < 0 else estimate.least_rise))
    return PublishedEffect(middle, low, high, seen, below, above)


def _most(estimate: Answer | None, sign: float) -> float | None:
    """The largest change in the claimed direction that the series leaves open, as a factor of 1 or more."""
    if estimate is None:
        return None
    return float(np.exp(max(estimate.high if sign > 0 else -estimate.low, 0.0)))


def _count(value: float, unit: str) -> str:
    """A number of the model; few people are not told apart."""
    if unit == "people" and too_few(value):
        return f"fewer than {SMALLEST_SHOWN_PEOPLE}"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.3g}"


def _would_change(claim: Claim, evidence: EffectEvidence, estimate: Answer | None) -> str:
    if claim.would_need:
        return claim.would_need
    if evidence.changed < 0.05:
        return "A source that tells how these measures act on this output, written into measures.yaml with a prior."
    if estimate is None:
        wanted = f"with at least {FEWEST_BEFORE} months before the measure"
        return f"A published monthly series of this output {wanted}, or a fit that informs its effect."
    if evidence.model_and_series_apart or estimate.finds:
        return "Other reasons for a change at the same time, ruled out or written into the study; a fit to the published figures."
    return "Places or groups that the measure did not reach to compare with, or a fit that informs its effect."


def _series_picture(effect: EffectCheck, published: Published, as_of: dt.date) -> MonthlyPicture | None:
    months = published.months
    if months is None:
        return None
    first = max(published.known - MONTHS_SHOWN, 0)
    shown = slice(first, len(months.months))
    expected = {}
    if published.estimate is not None:
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
        published=months.values[shown],
        expected=expected,
        window=(months.months[published.start].astype("datetime64[ns]"), months.months[-1].astype("datetime64[ns]")),
    )


def _effect_picture(
    effect: EffectCheck, seen: ModelEffect, estimate: Answer | None, evidence: EffectEvidence, fitted: bool
) -> EffectPicture:
    low, middle, high = _percents([float(q) for q in np.quantile(seen.log_ratio, [0.025, 0.5, 0.975])])
    rows = [("model, fitted" if fitted else "model, from its priors alone", low, middle, high)]
    if estimate is not None:
        low, middle, high = _percents((estimate.low, estimate.effect, estimate.high))
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
