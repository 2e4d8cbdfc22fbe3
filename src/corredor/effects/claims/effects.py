"""Claims of kind effect: the same scenarios with and without the measures, and a design-based estimate from a published series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from corredor.effects.claims.finding import EffectPicture, Evidence, Finding, MonthlyPicture
from corredor.effects.claims.monthly import Months, monthly_series
from corredor.effects.claims.rests_on import assumptions, described_fit, learned_by_fit
from corredor.effects.claims.verdicts import EffectEvidence, judge_effect
from corredor.effects.claims.weighing import Weighed, weigh
from corredor.effects.design import DesignMissing, Estimate, interrupted_series, synthetic_control
from corredor.effects.design.interrupted_series import FEWEST_BEFORE, score
from corredor.results.view import Run, Series
from corredor.results.wording import SMALLEST_SHOWN_PEOPLE, too_few
from corredor.study.model import Model
from corredor.study.schema import Claim, EffectCheck, Measure
from corredor.study.selectors import names_in

SOMEBODY = 0.5
"""Added to both scenarios before a ratio is taken, so that nobody in one of them does not make it infinite; people."""

HALF_A_MONTH = 15

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


@dataclass(frozen=True)
class DesignEstimates:
    """Design-based estimates: the interrupted series decides, the synthetic control may object, placebo series are told beside."""

    months: Months | None
    n_before: int
    interrupted: Estimate | None
    control: Estimate | None
    placebo_series: tuple[float, ...]
    remarks: tuple[str, ...]

    @property
    def all(self) -> tuple[Estimate, ...]:
        return tuple(e for e in (self.interrupted, self.control) if e is not None)


def check_effect(model: Model, claim: Claim, scenarios: xr.Dataset, as_of: dt.date) -> Finding:
    """An effect, by the model and by design-based estimates.

    scenarios : of `compare`, with and without the measures of the claim
    """
    effect = claim.effect
    assert effect is not None
    measures = [measure for measure in model.measures if measure.id in effect.measures]
    seen = model_effect(effect, scenarios)
    estimates = design_estimates(model, effect, measures, as_of)
    sign = -1.0 if effect.direction == "lower" else 1.0
    claimed = claimed_log(effect)
    fitted = bool(scenarios.attrs.get("fitted"))
    weighed = weigh(seen.log_ratio, None if fitted else estimates.interrupted)
    probability = weighed.share_beyond(claimed, sign)
    evidence = EffectEvidence(
        probability=probability,
        changed=float(np.mean(seen.difference != 0)),
        learned_by_fit=fitted and learned_by_fit(model, scenarios, measures),
        series=_series_say(estimates, sign, abs(claimed)),
        model_and_series_apart=weighed.apart,
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
        evidence=_evidence(model, effect, measures, seen, estimates, scenarios, weighed),
        assumed=assumptions(model, scenarios, measures, seen.log_ratio),
        would_change=_would_change(claim, evidence, estimates),
        estimates=estimates.all,
        series_picture=_series_picture(effect, estimates, as_of),
        effect_picture=_effect_picture(effect, seen, estimates, evidence, fitted) if reached else None,
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


def design_estimates(model: Model, effect: EffectCheck, measures: Sequence[Measure], as_of: dt.date) -> DesignEstimates:
    """What published series alone say of the window; nothing where there is no series, or too short a one."""
    remarks: list[str] = []
    if effect.series is None:
        return DesignEstimates(None, 0, None, None, (), ("No published series was named for this effect.",))
    months = monthly_series(model.series, effect.series, effect.part, as_of)
    begins = first_month_of(min(measure.from_ for measure in measures))
    ends = np.datetime64(effect.to, "M")
    if months is None or months.months[-1] < ends or months.months[0] >= begins:
        last = "no month" if months is None else f"months from {months.months[0]} to {months.months[-1]}"
        return DesignEstimates(None, 0, None, None, (), (f"By {as_of} the series has {last}, which does not hold the window.",))
    kept = months.months <= ends
    months = Months(months.months[kept], months.values[kept], months.unit, months.sources)
    n_before = int((months.months < begins).sum())
    first_month = int(months.months[0].astype(int)) % 12
    interrupted = interrupted_series(months.values, first_month, n_before)
    if interrupted is None:
        remarks.append(f"{n_before} months before the measure are too few for an interrupted series; it takes {FEWEST_BEFORE}.")
    control: Estimate | None = None
    placebo: tuple[float, ...] = ()
    donors = [monthly_series(model.series, effect.series, donor, as_of) for donor in effect.donors]
    whole = [d for d in donors if d is not None and {*months.months} <= {*d.months}]
    if whole:
        columns = np.column_stack([d.values[np.isin(d.months, months.months)] for d in whole])
        if interrupted is not None:
            placebo = tuple(score(column, first_month, n_before) for column in columns.T)
        try:
            control = synthetic_control(months.values, columns, n_before)
        except DesignMissing as missing:
            remarks.append(f"Not asked: {missing}")
    return DesignEstimates(months, n_before, interrupted, control, placebo, tuple(remarks))


def first_month_of(day: dt.date) -> np.datetime64:
    """The first month most of which lies after a day: a measure of the 29th belongs to the next month."""
    month = np.datetime64(day, "M")
    return month + 1 if day.day > HALF_A_MONTH else month


def _series_say(estimates: DesignEstimates, sign: float, claimed: float) -> int | None:
    """+1 for the claim, −1 against it, 0 neither; none without an estimate. Only an objection of the synthetic control counts."""
    decisive = estimates.interrupted
    if decisive is None:
        return None
    said = 0
    if decisive.finds:
        said = 1 if decisive.finds == sign else -1
    if claimed > 0 and (decisive.high if sign > 0 else -decisive.low) < claimed:
        said = -1
    control = estimates.control
    if said == 1 and control is not None and (control.high < 0 if sign > 0 else control.low > 0):
        said = -1
    return said


def _percents(logs: Sequence[float]) -> list[float]:
    return [100 * float(np.expm1(value)) for value in logs]


def _evidence(
    model: Model,
    effect: EffectCheck,
    measures: Sequence[Measure],
    seen: ModelEffect,
    estimates: DesignEstimates,
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
    for estimate in estimates.all:
        low, middle, high = _percents((estimate.low, estimate.effect, estimate.high))
        found.append(
            Evidence(
                f"{estimate.method.capitalize()}: {middle:+.0f} % against what was to be expected (95 %: {low:+.0f} to {high:+.0f}), "
                f"p = {estimate.p_value:.2f}; {estimate.note}",
                estimates.months.sources if estimates.months else (),
                {
                    "effect_percent": middle,
                    "low": low,
                    "high": high,
                    "p_value": estimate.p_value,
                    "placebos": float(estimate.placebos),
                },
            )
        )
    if estimates.placebo_series and estimates.interrupted is not None and estimates.months is not None:
        own = score(estimates.months.values, int(estimates.months.months[0].astype(int)) % 12, estimates.n_before)
        as_large = sum(abs(other) >= abs(own) for other in estimates.placebo_series)
        found.append(
            Evidence(
                f"Placebo series: at the same date {as_large} of {len(estimates.placebo_series)} series that the measures did not touch "
                "left their own past by as much or more",
                (),
                {"as_large": float(as_large), "series": float(len(estimates.placebo_series))},
            )
        )
    found += [Evidence(remark) for remark in estimates.remarks]
    if estimates.interrupted is not None and weighed.sd > 0:
        found.append(
            Evidence(
                "The draws have not seen these figures, so each draw counts by how well it agrees with the interrupted series."
            )
        )
    return tuple(found)


def _count(value: float, unit: str) -> str:
    """A number of the model; few people are not told apart."""
    if unit == "people" and too_few(value):
        return f"fewer than {SMALLEST_SHOWN_PEOPLE}"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.3g}"


def _would_change(claim: Claim, evidence: EffectEvidence, estimates: DesignEstimates) -> str:
    if claim.would_need:
        return claim.would_need
    if evidence.changed < 0.05:
        return "A source that tells how these measures act on this output, written into measures.yaml with a prior."
    if estimates.interrupted is None:
        wanted = f"with at least {FEWEST_BEFORE} months before the measure"
        return f"A published monthly series of this output {wanted}, or a fit that informs its effect."
    if evidence.model_and_series_apart or estimates.interrupted.finds:
        return "Other reasons for a change at the same time, ruled out or written into the study; a fit to the published figures."
    return "A longer series around the measure, places that it did not reach to compare with, or a fit that informs its effect."


def _series_picture(effect: EffectCheck, estimates: DesignEstimates, as_of: dt.date) -> MonthlyPicture | None:
    months = estimates.months
    if months is None:
        return None
    first = max(estimates.n_before - MONTHS_SHOWN, 0)
    shown = slice(first, len(months.months))
    expected = {}
    for estimate in estimates.all:
        band = np.full((3, len(months.months)), np.nan)
        band[:, estimates.n_before :] = (estimate.expected_low, estimate.expected, estimate.expected_high)
        expected[estimate.method] = band[:, shown]
    parts = names_in(effect.part)
    name = (effect.series or "").replace("_", " ").capitalize()
    of_parts = f", {', '.join(parts).replace('_', ' ').title()}" if 0 < len(parts) <= 3 else ""
    return MonthlyPicture(
        title=f"{name}{of_parts}, as published by {as_of}",
        unit=months.unit,
        starts=months.months[shown].astype("datetime64[ns]"),
        published=months.values[shown],
        expected=expected,
        window=(months.months[estimates.n_before].astype("datetime64[ns]"), months.months[-1].astype("datetime64[ns]")),
    )


def _effect_picture(
    effect: EffectCheck, seen: ModelEffect, estimates: DesignEstimates, evidence: EffectEvidence, fitted: bool
) -> EffectPicture:
    low, middle, high = _percents([float(q) for q in np.quantile(seen.log_ratio, [0.025, 0.5, 0.975])])
    rows = [("model, fitted" if fitted else "model, from its priors alone", low, middle, high)]
    for estimate in estimates.all:
        low, middle, high = _percents((estimate.low, estimate.effect, estimate.high))
        rows.append((estimate.method, low, middle, high))
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
