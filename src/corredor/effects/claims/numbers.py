"""Claims of kind magnitude and comparison: a number against a published one, a sum against another."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from corredor.effects.claims.finding import Evidence, Finding
from corredor.effects.claims.independence import Origin, listed_sources, origin_of
from corredor.effects.claims.missing_figures import asked_later
from corredor.effects.claims.published_bounds import Bounds, bounds_over, known_rows, summed
from corredor.effects.claims.series_words import series_words
from corredor.effects.claims.verdicts import Judgement, Untold, judge_bounds, judge_independence
from corredor.engine.draws import sample_parameters
from corredor.engine.network.quantities import Quantities
from corredor.results.wording import SMALLEST_SHOWN_PEOPLE, Wording
from corredor.study.model import Model
from corredor.study.schema import Claim, Measure, Observation, Sum
from corredor.study.selectors import names_in, parts_in

DAYS_PER_YEAR = 365.25
ROWS_SHOWN = 10
COST_DRAWS = 1000
"""Draws of the parameters behind an uncertain cost."""


def check_amount(model: Model, claim: Claim, as_of: dt.date, hides_small: bool = True) -> Finding:
    """A claimed number of people against every published figure of these days.

    hides_small : where one of them is small, the range of all is told and no single one: of figures for overlapping days one can be
        worked out from others
    """
    amount, origin = claim.amount, origin_of(claim, model.sources)
    assert amount is not None
    every = [
        row
        for row in (*model.history, *model.observations)
        if (row.output, row.place, row.group) == (amount.output, amount.place, amount.group)
        and amount.from_ <= row.to
        and row.from_ <= amount.to
    ]
    rows = [row for row in every if row.published <= as_of]
    later = max((row.published for row in every if row.published > as_of), default=None)
    told = model.study.outputs[amount.output]
    title, unit = told.title, "people" if told.days_waited is None and told.expected_wait is None else "days"
    wording = Wording(unit, hides_small)
    untold: Untold = "not looked at" if later or claim.needed_figures == "exist" else "not published"

    def judged(of: Sequence[Observation]) -> Judgement:
        return judge_bounds(*_bounds(of), amount.at_least, amount.at_most, f"“{title}”", untold)

    by_others = [row for row in rows if origin.is_independent(listed_sources(row.source))]
    judgement = judge_independence(judged(rows), judged(by_others), origin.words)
    evidence = [
        Evidence(
            f"{title}, {row.from_}{'' if row.from_ == row.to else f' to {row.to}'}: {range_words(wording, *_observed(row))}"
            f"{f' ({row.note})' if row.note else ''}",
            (row.source,),
            dict(zip(("low", "high"), map(wording.told, _observed(row)), strict=True)),
        )
        for row in rows[:ROWS_SHOWN]
    ]
    if any(wording.hides(end) for row in rows for end in _observed(row)) and len(rows) > 1:
        words = (
            f"{title}: {len(rows)} figures, none of which is shown, since one is of fewer than {SMALLEST_SHOWN_PEOPLE} people."
        )
        evidence = [Evidence(words, tuple(dict.fromkeys(row.source for row in rows)))]
    elif len(rows) > ROWS_SHOWN:
        evidence.append(Evidence(f"and {len(rows) - ROWS_SHOWN} more rows of observations.csv"))
    if not rows:
        evidence.append(Evidence(f"No figure for these days was published by {as_of}."))
    wanted = asked_later(later) if later else "Other published figures for the same place and days."
    return between(claim, judgement, _bounds(rows), "people", tuple(evidence), wanted)


def check_comparison(model: Model, claim: Claim, as_of: dt.date, seed: int, hides_small: bool = True) -> Finding:
    """Two sums, by the bounds that published figures allow.

    hides_small : their ratio is not told either where one of them is too small to be shown
    """
    comparison, origin = claim.comparison, origin_of(claim, model.sources)
    assert comparison is not None
    sides = (comparison.left, comparison.right)
    left, right = (_sum(model, side, as_of, seed, hides_small) for side in sides)
    others = [_sum(model, side, as_of, seed, hides_small, origin)[0] for side in sides]
    # "more" means more than `times` as much; a ratio of exactly `times` is neither
    least, most = (
        (np.nextafter(comparison.times, math.inf), None)
        if comparison.says == "more"
        else (None, np.nextafter(comparison.times, 0))
    )
    untold: Untold = "not looked at" if claim.needed_figures == "exist" else "not published"
    judged, by_others = (
        judge_bounds(*_ratio(one, other), least, most, "the two sums", untold) for one, other in ((left[0], right[0]), others)
    )
    found = between(
        claim,
        judge_independence(judged, by_others, origin.words),
        _ratio(left[0], right[0]),
        "times the other sum",
        (left[1], right[1]),
        "Other figures for one of the two sums.",
    )
    hidden = any(math.isnan(value) for _, told in (left, right) for value in told.figures.values())
    return replace(found, effect=None, low=None, high=None) if hidden else found


def _ratio(left: Bounds, right: Bounds) -> tuple[float, float]:
    """Lowest and highest left sum as so many times the right one."""
    return left.low / right.high if right.high > 0 else math.inf, left.high / right.low if right.low > 0 else math.inf


def between(
    claim: Claim, judgement: Judgement, bounds: tuple[float, float], unit: str, evidence: tuple[Evidence, ...], wanted: str
) -> Finding:
    """A finding by bounds: certain where they decide, without a probability where they do not."""
    low, high = bounds
    return Finding(
        claim,
        judgement,
        probability={"supported": 1.0, "contradicted": 0.0}.get(judgement.verdict),
        effect=low if low == high else None,
        low=low,
        high=high,
        unit=unit,
        evidence=evidence,
        would_change=claim.would_need or wanted,
    )


def _sum(
    model: Model, side: Sum, as_of: dt.date, seed: int, hides_small: bool, origin: Origin | None = None
) -> tuple[Bounds, Evidence]:
    """One side of a comparison, and the row of evidence that tells it: not a number where it is too small to be shown.

    origin : where a claim comes from; figures of the same publishers are then left out
    """
    per = " a year" if side.per_year else " in all"
    if side.measure is not None:
        measure = next(measure for measure in model.measures if measure.id == side.measure)
        sources = tuple(names_in(measure.cost.source if measure.cost and measure.cost.source else measure.source))
        unknown = origin is not None and not origin.is_independent(sources)
        bounds = Bounds(0.0, math.inf, 0.0) if unknown else cost_bounds(model, measure, side.per_year, seed)
        text = f"{measure.title}: {range_words(Wording('USD'), bounds.low, bounds.high)} dollars{per}, as pledged"
        return bounds, Evidence(text, sources, {"low_usd": bounds.low, "high_usd": bounds.high})
    assert side.series is not None and side.from_ is not None and side.to is not None
    parts = names_in(side.part)
    known = [known_rows(model.series, side.series, part, as_of) for part in parts_in(side.part)]
    rows = [[row for row in of_part if origin is None or origin.is_independent(listed_sources(row.source))] for of_part in known]
    whole = summed([bounds_over(of_part, side.from_, side.to) for of_part in rows])
    years = ((side.to - side.from_).days + 1) / DAYS_PER_YEAR if side.per_year else 1.0
    bounds = Bounds(whole.low / years, whole.high / years, whole.loosened_percent)
    inside = [row for of_part in rows for row in of_part if row.from_ <= side.to and row.to >= side.from_]
    unit = next((row.unit for row in inside), "").replace("USD", "dollars")
    wording = Wording(unit, hides_small)
    sources = tuple(dict.fromkeys(source for row in inside for source in listed_sources(row.source)))
    of_parts = f" ({', '.join(series_words(model, part) for part in parts)})" if parts else ""
    is_small = wording.hides(whole.low) or wording.hides(whole.high)
    amount = f"{range_words(wording, bounds.low, bounds.high)} {unit}{per}"
    if is_small:  # so many a year would tell it too
        amount = f"{range_words(wording, whole.low, whole.high)} {unit} in all"
    words = f"{series_words(model, side.series)}{of_parts}, {side.from_} to {side.to}: {amount}"
    figures = {"low": wording.told(bounds.low), "high": wording.told(bounds.high)}
    return bounds, Evidence(words, sources, dict.fromkeys(figures, math.nan) if is_small else figures)


def cost_bounds(model: Model, measure: Measure, per_year: bool, seed: int) -> Bounds:
    """Cost of a measure in USD: the middle 95 % where its amount is uncertain."""
    cost = measure.cost
    assert cost is not None
    table = Quantities(model)
    row = table.row(cost.usd_per_day if cost.usd_per_day is not None else cost.usd)  # type: ignore[arg-type]
    values = table.evaluate(sample_parameters(model, seed, COST_DRAWS))[:, row]
    days = ((measure.to - measure.from_).days + 1) if measure.to is not None else None
    if cost.usd_per_day is not None:
        factor = DAYS_PER_YEAR if per_year else float(days) if days is not None else math.inf
    else:
        factor = 1.0 if not per_year else DAYS_PER_YEAR / days if days is not None else math.nan
    low, high = np.quantile(values * factor, [0.025, 0.975])
    return Bounds(float(low), float(high), 0.0)


def _observed(row: Observation) -> tuple[float, float]:
    low = row.low if row.low is not None else row.value
    high = row.high if row.high is not None else row.value
    return (0.0 if low is None else low), (math.inf if high is None else high)


def _bounds(rows: Sequence[Observation]) -> tuple[float, float]:
    """Lowest and highest number that figures leave possible."""
    found = [_observed(row) for row in rows]
    return min((low for low, _ in found), default=0.0), max((high for _, high in found), default=math.inf)


def range_words(wording: Wording, low: float, high: float) -> str:
    """73,299; 12 to 1.25 million; at least 40; <5."""
    first, second = wording.said(low), wording.said(high)
    if not math.isfinite(high):
        return f"at least {first}"
    return first if first == second else f"{first} to {second}"
