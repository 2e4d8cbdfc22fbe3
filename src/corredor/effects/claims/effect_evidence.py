"""What model and published series say of an effect, in rows of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from corredor.effects.benchmark.judged import percent_of
from corredor.effects.claims.finding import Evidence
from corredor.effects.claims.headline import percent_words
from corredor.effects.claims.published_effect import NO_FALL, NO_RISE, size_words
from corredor.effects.claims.published_series import Published
from corredor.effects.claims.rests_on import described_fit
from corredor.effects.claims.weighing import Weighed
from corredor.effects.design.answer import Answer
from corredor.results.view import Run, Series
from corredor.results.wording import SMALLEST_SHOWN_PEOPLE, Wording, estimated
from corredor.study.model import Model
from corredor.study.schema import EffectCheck, Measure
from corredor.study.selectors import names_in

SOMEBODY = 0.5
"""Added to both scenarios before a ratio is taken, so that nobody in one of them does not make it infinite; people."""


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


def model_effect(effect: EffectCheck, scenarios: xr.Dataset) -> ModelEffect:
    """With and without the measures over the window of a claim, draw by draw."""
    assert effect.output is not None
    series = Series(effect.output, effect.place or "", effect.group or "")
    with_, without = Run(scenarios).window_total(series, effect.from_, effect.to)
    return ModelEffect(np.log(with_ + SOMEBODY) - np.log(without + SOMEBODY), with_ - without, with_, without)


def effect_evidence(
    model: Model,
    effect: EffectCheck,
    seen: ModelEffect,
    published: Published,
    scenarios: xr.Dataset,
    weighed: Weighed,
    hides_small: bool = True,
) -> tuple[Evidence, ...]:
    """Rows of what was done, of the model and of the published series.

    hides_small : where one side of the model is of few people, their difference is not told either, nor the people of a small series
    """
    assert effect.output is not None
    title = model.study.outputs[effect.output].title
    unit = "days" if model.study.outputs[effect.output].expected_wait is not None else "people"
    without, with_ = float(np.median(seen.without)), float(np.median(seen.with_))
    low, middle, high = (float(q) for q in np.quantile(seen.difference, [0.025, 0.5, 0.975]))
    wording, of = Wording(unit, hides_small), {"median_with": with_, "median_without": without}
    told = {name: wording.told(value) for name, value in of.items()}
    difference = f"a difference of {estimated(middle, True)} (95 % of draws: {estimated(low, True)} to {estimated(high, True)})"
    told |= {"difference": middle, "low": low, "high": high}
    if any(wording.hides(value) for value in of.values()):
        difference = "a difference that is not shown, as it would tell the few"
        told = {name: told[name] if name in of else np.nan for name in told}
    found = of_measures([measure for measure in model.measures if measure.id in effect.measures])
    found.append(
        Evidence(
            f"The model ({described_fit(scenarios)}): {title}, {effect.from_} to {effect.to}: {_count(with_, wording)} {unit} with "
            f"the measures, {_count(without, wording)} without, {difference}",
            (),
            told,
        )
    )
    found += of_published(published, hides_small)
    if published.estimate is not None and weighed.sd > 0:
        found.append(
            Evidence(
                "The draws have not seen these figures, so each draw counts by how well it agrees with the published series."
            )
        )
    return tuple(found)


def of_measures(measures: Sequence[Measure]) -> list[Evidence]:
    """What was done, and who says so."""
    return [Evidence(f"{one.from_}: {one.title} ({one.actor})", tuple(names_in(one.source))) for one in measures]


def of_published(published: Published, hides_small: bool = True) -> list[Evidence]:
    """What the published series says, and what there is to remark about it."""
    said = [] if published.estimate is None else [_of_series(published, published.estimate, hides_small)]
    return [*said, *(Evidence(remark) for remark in published.remarks)]


def people_told(estimate: Answer, hides_small: bool) -> tuple[float, float, float]:
    """Effect in people with its interval, as of `Answer.people`; not numbers where the window counts too few people to be shown.

    How many were counted is the effect in people divided by the share that it is.
    """
    hidden = Wording("people", hides_small).hides(estimate.counted_people)
    return (np.nan, np.nan, np.nan) if hidden else estimate.people


def _of_series(published: Published, estimate: Answer, hides_small: bool) -> Evidence:
    """What the published series says, on people, with what it would have shown and what it rules out."""
    low, middle, high = percents((estimate.low, estimate.effect, estimate.high))
    fewest, people, most = people_told(estimate, hides_small)
    amount = f"{estimated(people, True)} ({estimated(fewest, True)} to {estimated(most, True)})"
    in_people = f", in people {amount}" if np.isfinite(people) else ""
    fall, rise = percents((estimate.least_fall, estimate.least_rise))
    return Evidence(
        f"The published series: {percent_words(middle)} % against what was to be expected (95 %: {percent_words(low)} to "
        f"{percent_words(high)} %){in_people}; "
        f"p = {estimate.p_value:.3f}, {estimate.note}. In four of five cases it would have shown {size_words(fall, True) or NO_FALL} or "
        f"{size_words(rise, False) or NO_RISE}.",
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


def _count(value: float, wording: Wording) -> str:
    """A number of the model; few people are not told apart."""
    if wording.hides(value):
        return f"fewer than {SMALLEST_SHOWN_PEOPLE}"
    return estimated(value) if abs(value) >= 10 else f"{value:.3g}"


def percents(logs: Sequence[float]) -> list[float]:
    """Logs of ratios as changes in percent."""
    return [percent_of(value) for value in logs]
