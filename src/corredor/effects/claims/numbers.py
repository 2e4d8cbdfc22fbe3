"""Claims of kind magnitude and comparison: a number against a computed or published one, a sum against another."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from corredor.effects.claims.finding import Evidence, Finding, Judgement
from corredor.effects.claims.published_bounds import Bounds, bounds_over, known_rows, summed
from corredor.effects.claims.verdicts import judge_bounds
from corredor.engine.draws import sample_parameters
from corredor.engine.network.quantities import Quantities
from corredor.study.model import Model
from corredor.study.schema import Claim, Measure, Observation, Sum
from corredor.study.selectors import great_circle_km, names_in, parts_in

DAYS_PER_YEAR = 365.25
ROWS_SHOWN = 10
COST_DRAWS = 1000
"""Draws of the parameters behind an uncertain cost."""


def check_distance(model: Model, claim: Claim) -> Finding:
    """A claimed distance against the way between two places, and against the great circle, below which no way can be."""
    distance = claim.distance
    assert distance is not None
    places = {place.id: place for place in model.places}
    one, other = places[distance.from_], places[distance.to]
    circle = great_circle_km(one, other)
    ways = [route for route in model.routes if {route.from_, route.to} == {one.id, other.id}]
    least, most = distance.km * (1 - distance.within_percent / 100), distance.km * (1 + distance.within_percent / 100)
    evidence = [
        Evidence(
            f"The claim: {distance.km:g} km ({distance.km / 1.609344:.1f} miles). It counts as right from {least:.1f} to {most:.1f} km.",
            _ids(claim.source),
            {"claimed_km": distance.km},
        )
    ]
    if ways:
        low, high = min(way.km for way in ways), max(way.km for way in ways)
        for way in {(way.km, way.mode, way.source): way for way in ways}.values():
            sources = tuple(source.strip() for source in (way.source or "").split(";") if source.strip())
            evidence.append(Evidence(f"By {way.mode}: {way.km:g} km ({way.km / 1.609344:.1f} miles)", sources, {"km": way.km}))
    else:
        low, high = circle, math.inf
    if circle > 0:
        evidence.append(Evidence(f"In a straight line: {circle:.1f} km", (), {"great_circle_km": circle}))
    else:
        words = "The study has one point on the map for both places, so the straight line between them cannot be computed."
        evidence.append(Evidence(words))
    judgement = judge_bounds(low, high, least, most, "the way between the two places")
    return _between(claim, judgement, (low, high), "km", tuple(evidence), "A measured distance between the exact points.")


def check_amount(model: Model, claim: Claim, as_of: dt.date) -> Finding:
    """A claimed number of people against every published figure of these days."""
    amount = claim.amount
    assert amount is not None
    rows = [
        row
        for row in model.observations
        if (row.output, row.place, row.group) == (amount.output, amount.place, amount.group)
        and row.published <= as_of
        and amount.from_ <= row.to
        and row.from_ <= amount.to
    ]
    bounds = [_observed(row) for row in rows]
    low = min((low for low, _ in bounds), default=0.0)
    high = max((high for _, high in bounds), default=math.inf)
    title = model.study.outputs[amount.output].title
    judgement = judge_bounds(low, high, amount.at_least, amount.at_most, f"“{title}”")
    evidence = [
        Evidence(
            f"{title}, {row.from_}{'' if row.from_ == row.to else f' to {row.to}'}: {_text(*one)}{f' ({row.note})' if row.note else ''}",
            (row.source,),
            {"low": one[0], "high": one[1]},
        )
        for row, one in zip(rows[:ROWS_SHOWN], bounds, strict=False)
    ]
    if not rows:
        evidence.append(Evidence(f"No figure for these days was published by {as_of}."))
    if len(rows) > ROWS_SHOWN:
        evidence.append(Evidence(f"and {len(rows) - ROWS_SHOWN} more rows of observations.csv"))
    return _between(
        claim, judgement, (low, high), "people", tuple(evidence), "Other published figures for the same place and days."
    )


def check_comparison(model: Model, claim: Claim, as_of: dt.date, seed: int) -> Finding:
    """Two sums, by the bounds that published figures allow."""
    comparison = claim.comparison
    assert comparison is not None
    (left, left_row), (right, right_row) = (_sum(model, side, as_of, seed) for side in (comparison.left, comparison.right))
    ratio_low = left.low / right.high if right.high > 0 else math.inf
    ratio_high = left.high / right.low if right.low > 0 else math.inf
    # "more" means more than `times` as much; a ratio of exactly `times` is neither
    least, most = (
        (np.nextafter(comparison.times, math.inf), None)
        if comparison.says == "more"
        else (None, np.nextafter(comparison.times, 0))
    )
    judgement = judge_bounds(ratio_low, ratio_high, least, most, "the two sums")
    return _between(
        claim,
        judgement,
        (ratio_low, ratio_high),
        "times the other sum",
        (left_row, right_row),
        "Other figures for one of the two sums.",
    )


def _between(
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


def _sum(model: Model, side: Sum, as_of: dt.date, seed: int) -> tuple[Bounds, Evidence]:
    per = " a year" if side.per_year else " in all"
    if side.measure is not None:
        measure = next(measure for measure in model.measures if measure.id == side.measure)
        bounds = cost_bounds(model, measure, side.per_year, seed)
        sources = _ids(measure.cost.source if measure.cost and measure.cost.source else measure.source)
        text = f"{measure.title}: {_text(bounds.low, bounds.high)} USD{per}, as pledged"
        return bounds, Evidence(text, sources, {"low_usd": bounds.low, "high_usd": bounds.high})
    assert side.series is not None and side.from_ is not None and side.to is not None
    parts = names_in(side.part)
    rows = [known_rows(model.series, side.series, part, as_of) for part in parts_in(side.part)]
    whole = summed([bounds_over(of_part, side.from_, side.to) for of_part in rows])
    years = ((side.to - side.from_).days + 1) / DAYS_PER_YEAR if side.per_year else 1.0
    bounds = Bounds(whole.low / years, whole.high / years, whole.loosened_percent)
    inside = [row for of_part in rows for row in of_part if row.from_ <= side.to and row.to >= side.from_]
    unit = next((row.unit for row in inside), "")
    sources = tuple(dict.fromkeys(source.strip() for row in inside for source in row.source.split(";")))
    of_parts = f" ({', '.join(part.replace('_', ' ') for part in parts)})" if parts else ""
    words = f"{side.series.replace('_', ' ')}{of_parts}, {side.from_} to {side.to}: {_text(bounds.low, bounds.high)} {unit}{per}"
    return bounds, Evidence(words[0].upper() + words[1:], sources, {"low": bounds.low, "high": bounds.high})


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


def _text(low: float, high: float) -> str:
    if not math.isfinite(high):
        return f"at least {low:,.0f}"
    return f"{low:,.0f}" if high - low <= 1e-9 * max(high, 1.0) else f"{low:,.0f} to {high:,.0f}"


def _ids(source: str | list[str] | None) -> tuple[str, ...]:
    return tuple(names_in(source))
