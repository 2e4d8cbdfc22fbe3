"""Claims of kind magnitude about money: what a spending measure would have to do, and may do, within some years."""

from __future__ import annotations

import datetime as dt

import numpy as np
import xarray as xr

from corredor.effects.claims.finding import Evidence, Finding
from corredor.effects.claims.numbers import DAYS_PER_YEAR
from corredor.effects.claims.rests_on import assumptions, learned_by_fit
from corredor.effects.claims.verdicts import judge_distant_effect
from corredor.engine.fitted import Fitted
from corredor.engine.network.quantities import Quantities
from corredor.results.view import Run, Series
from corredor.results.wording import Wording, estimated
from corredor.study.model import Model
from corredor.study.schema import Claim, DollarsCheck, Measure
from corredor.study.selectors import names_in

STEPS_PER_YEAR = 12
"""Of the sum over time."""


def check_dollars(
    model: Model, claim: Claim, scenarios: xr.Dataset, fitted: Fitted | None = None, hides_small: bool = True
) -> Finding:
    """Dollars for each departure, and the fall in departures by the measure's own parameters (M1), after each number of years.

    scenarios : of `simulate`; departures go on as in the study, which is an assumption and said
    fitted : the fit from which their draws come; none: they come from the priors
    hides_small : of few departures neither their number is told nor what was spent for each, which would tell it
    """
    dollars = claim.dollars
    assert dollars is not None
    measure = next(measure for measure in model.measures if measure.id == dollars.measure)
    departures = _departures_a_year(model, dollars, scenarios)
    title, wording = model.study.outputs[dollars.output].title, Wording("people", hides_small)
    few = wording.hides(float(np.median(departures)))
    evidence = [
        Evidence(f"{measure.from_}: {measure.title} ({measure.actor})", tuple(names_in(measure.source))),
        Evidence(
            f"{title}: {_words(departures, wording)} a year in the model; taken to go on like this",
            (),
            {"median_people_a_year": wording.told(float(np.median(departures)))},
        ),
    ]
    falls: list[np.ndarray] = []
    for years in dollars.years:
        log_change = _log_change(model, dollars, measure, scenarios, years)
        avoided = departures * years * (1 - np.exp(log_change).mean(axis=1))
        spent = spent_usd(model, measure, scenarios, years)
        fall = 1 - np.exp(log_change[:, -1])
        falls.append(fall)
        each = np.nan if few else np.median(spent) / (np.median(departures) * years)
        share = float(np.mean(fall * 100 > dollars.at_least_percent))
        some = avoided[avoided > 0]
        per_avoided = np.median(spent[avoided > 0] / some) if len(some) and not few else np.nan if few else np.inf
        evidence.append(
            Evidence(
                f"After {years} year{'s' if years != 1 else ''}: {estimated(np.median(spent))} dollars pledged so far"
                f"{'' if few else f', {estimated(each)} for each departure'}; departures change by {-100 * np.median(fall):+.2f} % (95 %: "
                f"{-100 * np.quantile(fall, 0.975):+.2f} to {-100 * np.quantile(fall, 0.025):+.2f}); they fall"
                f"{f' by more than {dollars.at_least_percent:g} %' if dollars.at_least_percent else ''} in {100 * share:.0f} % of draws"
                + (f", then at {estimated(per_avoided)} dollars for each departure avoided" if len(some) and not few else ""),
                (),
                {
                    "years": float(years),
                    "spent_usd": float(np.median(spent)),
                    "usd_per_departure": float(each),
                    "usd_per_departure_avoided": float(per_avoided),
                    "change_percent": float(-100 * np.median(fall)),
                    "share_of_draws": share,
                },
            )
        )
    last = falls[-1]
    probability = float(np.mean(last * 100 > dollars.at_least_percent))
    judgement = judge_distant_effect(probability, learned_by_fit(model, fitted, [measure]))
    return Finding(
        claim,
        judgement,
        probability=probability,
        effect=float(-100 * np.median(last)),
        low=float(-100 * np.quantile(last, 0.975)),
        high=float(-100 * np.quantile(last, 0.025)),
        unit=f"percent of departures after {dollars.years[-1]} years",
        evidence=tuple(evidence),
        assumed=assumptions(model, fitted, scenarios, [measure], last),
        would_change=claim.would_need
        or "Departures by place and year before and after money arrived, and what was spent where; then the effect could be fitted.",
    )


def _departures_a_year(model: Model, dollars: DollarsCheck, scenarios: xr.Dataset) -> np.ndarray:
    first, last = model.study.from_, model.study.to
    total = Run(scenarios).window_total(Series(dollars.output), first, last)
    return np.asarray(total / (((last - first).days + 1) / DAYS_PER_YEAR))


def _log_change(model: Model, dollars: DollarsCheck, measure: Measure, scenarios: xr.Dataset, years: int) -> np.ndarray:
    """Log change of the rate of leaving (M1), with the build-up of M1's lag: (n_draws, n_times) up to so many years."""
    table = Quantities(model)
    counted = names_in(model.study.outputs[dollars.output].flow)
    actions = [action for action in measure.acts_on if action.transition in counted]
    rows = [(table.row(a.effect or 0.0), table.row(a.lag_days) if a.lag_days is not None else None) for a in actions]
    dose = table.row(measure.dose)
    values = table.evaluate(scenarios["parameter_value"].to_numpy())
    days = (np.arange(years * STEPS_PER_YEAR) + 1) / STEPS_PER_YEAR * DAYS_PER_YEAR
    total = np.zeros((len(values), len(days)))
    for effect, lag in rows:
        built_up = 1.0 if lag is None else 1 - np.exp(-days[None, :] / np.maximum(values[:, lag, None], 1e-9))
        total += values[:, effect, None] * values[:, dose, None] * built_up
    return total


def spent_usd(model: Model, measure: Measure, scenarios: xr.Dataset, years: int) -> np.ndarray:
    """Dollars by the end of so many years, as pledged: (n_draws,) float."""
    cost = measure.cost
    assert cost is not None
    table = Quantities(model)
    row = table.row(cost.usd_per_day if cost.usd_per_day is not None else cost.usd or 0.0)
    amount = table.evaluate(scenarios["parameter_value"].to_numpy())[:, row]
    last = measure.to if measure.to is not None else dt.date.max
    days = min(years * DAYS_PER_YEAR, float((last - measure.from_).days + 1))
    whole = float((last - measure.from_).days + 1)
    return np.asarray(amount * (days if cost.usd_per_day is not None else days / whole))


def _words(values: np.ndarray, wording: Wording) -> str:
    low, middle, high = (wording.estimated(float(q)) for q in np.quantile(values, [0.025, 0.5, 0.975]))
    return f"{middle} people (95 %: {low} to {high})"
