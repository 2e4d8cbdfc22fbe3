"""What a fit says about itself: what each parameter learned, how the figures are met, and whether a planner should trust it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from corredor.learn.fit.evaluate import Task
from corredor.learn.fit.newest import Missed, missed_series, missed_words, newest_figures, series_words
from corredor.learn.fit.scale import seen, wanted
from corredor.learn.fit.smoother import Posterior
from corredor.learn.fit.unknowns import parameters_of
from corredor.results.hidden_rows import Labels, hidden_rows
from corredor.results.wording import Wording
from corredor.study.describe import titles_of
from corredor.study.model import Model
from corredor.study.priors import prior_quantile
from corredor.study.schema import Observation

LEARNED = 0.1
"""Contraction from which a parameter counts as learned; below it is assumed."""

CONTRADICTORY = 4.0
"""Mean squared distance of the figures from the fit, in standard errors, from which they contradict the model or each other: twice as
far away as chance explains."""

MOST_MISSED = 0.5
"""Share of the series from which on a fit that misses their newest figures is of no use."""

WORST_SHOWN = 3

QUANTILES = (0.05, 0.5, 0.95)


def judged(task: Task, posterior: Posterior) -> dict[str, Any]:
    """Everything a fit report needs beside the draws, as JSON can hold it.

    returns : misfits by round, and whether rounds converged; troubles, remarks: sentences on why not to use the fit, and on what to keep
        in mind; missed: series whose newest figures it does not reproduce; parameters with prior, posterior and contraction; latent
        months; figures with what was fitted
    """
    model = task.network.model
    figures = _figures(task, posterior)
    unshown = unshown_figures(model, figures)
    missed = missed_series(figures, unshown)
    titles = titles_of(model)
    troubles = _troubles(model.name, posterior.misfits[-1], figures, unshown, missed, titles)
    return {
        "misfits": [round(x, 4) for x in posterior.misfits],
        "converged": posterior.converged,
        "troubles": troubles,
        "remarks": _remarks(posterior.converged, missed, troubles, titles),
        "missed": [asdict(one) for one in missed],
        "parameters": _parameters(task, posterior),
        "latents": _latents(task, posterior),
        "figures": figures,
    }


def contraction(prior: np.ndarray, z: np.ndarray) -> np.ndarray:
    """1 − variance after ÷ variance before, by unknown: 0 nothing learned, 1 all; (n_unknowns,) float.

    Variances are of the place in the prior, in standard deviations, so that the prior's distribution does not matter.
    """
    before = prior.var(axis=0, ddof=1)
    return np.asarray(1 - np.divide(z.var(axis=0, ddof=1), before, out=np.ones(z.shape[1]), where=before > 0))


def unshown_figures(model: Model, figures: Sequence[Mapping[str, Any]]) -> np.ndarray:
    """Figures that sentences must not tell, since they are of few people or would give such a one away: (n_figures,) bool.

    figures : output, place, group, from, to, value, low, high
    """
    if not figures:
        return np.zeros(0, dtype=bool)
    table = pd.DataFrame(figures).astype({"value": float, "low": float, "high": float})
    waits = {name for name, output in model.study.outputs.items() if output.expected_wait or output.days_waited}
    return hidden_rows(table, ~table["output"].isin(waits).to_numpy(), Labels.of(model))


def _troubles(
    name: str,
    misfit: float,
    figures: list[dict[str, Any]],
    unshown: np.ndarray,
    missed: Sequence[Missed],
    titles: Mapping[str, str],
) -> list[str]:
    """Sentences on why a fit should not be used; none when the figures are met as well as their errors let expect."""
    said = []
    if misfit > CONTRADICTORY:
        worst = sorted(zip(figures, unshown, strict=True), key=lambda one: -abs(one[0]["residual"]))[:WORST_SHOWN]
        named = "; ".join(
            f"{series_words(figure['output'], figure['place'], figure['group'], titles)}, {figure['from']} to {figure['to']}: "
            f"{_said(figure, bool(is_unshown))}, fitted {figure['q50']:,.0f}"
            for figure, is_unshown in worst
        )
        said.append(
            f"The published figures contradict each other or the model: after fitting they still lie {np.sqrt(misfit):.1f} standard "
            f"errors away on average, where about 1 is expected. Furthest off: {named}. Look for a wrong unit, place or period in "
            f"observations.csv, for priors that leave the truth out, or for something that {name} does not model."
        )
    n_series, n_missed = len(newest_figures(figures)), len({series for one in missed for series in one.series})
    if n_missed >= MOST_MISSED * n_series:
        said.append(
            f"The fit does not reproduce the last known figures of {n_missed} of {n_series} series: {missed_words(missed, titles)}. "
            "A forecast would begin in the wrong place."
        )
    return said


def _remarks(converged: bool, missed: Sequence[Missed], troubles: Sequence[str], titles: Mapping[str, str]) -> list[str]:
    """Sentences on what to keep in mind of a fit that may be used."""
    said = []
    if not converged:
        said.append(
            "The fit had not settled when its rounds ended: another round would still bring it clearly nearer to the figures. "
            "Allow it more of them."
        )
    if missed and not troubles:
        said.append(
            f"The fit does not reproduce the last known figures of {len(missed)} series, which the model cannot follow there: "
            f"{missed_words(missed, titles)}. Hold what is said of them against their last value."
        )
    return said


def _parameters(task: Task, posterior: Posterior) -> list[dict[str, Any]]:
    model, unknowns = task.network.model, task.unknowns
    values = parameters_of(task.network, unknowns, posterior.z)
    learned = contraction(posterior.prior, posterior.z)
    rows = []
    for number, (name, column) in enumerate(zip(unknowns.parameter_names, unknowns.parameter_columns, strict=True)):
        parameter = model.parameters[name]
        before = prior_quantile(parameter.prior, np.array(QUANTILES))
        after = np.quantile(values[:, column], QUANTILES)
        rows.append(
            {
                "name": name,
                "title": parameter.title or name,
                "unit": parameter.unit,
                "basis": parameter.basis,
                "law": parameter.prior.model_dump(exclude_none=True),
                "prior": [float(f"{x:.6g}") for x in before],
                "posterior": [float(f"{x:.6g}") for x in after],
                "contraction": round(float(learned[number]), 4),
                "learned": bool(learned[number] >= LEARNED),
            }
        )
    return rows


def _latents(task: Task, posterior: Posterior) -> list[dict[str, Any]]:
    parts, before = task.unknowns.new_parts(posterior.z), task.unknowns.new_parts(posterior.prior)
    rows = []
    for number, name in enumerate(task.unknowns.latent_names):
        learned = 1 - parts[:, number].var(axis=0, ddof=1) / before[:, number].var(axis=0, ddof=1)
        rows.append(
            {
                "name": name,
                "mean": [round(float(x), 3) for x in parts[:, number].mean(axis=0)],
                "contraction": [round(float(x), 3) for x in learned],
            }
        )
    return rows


def _figures(task: Task, posterior: Posterior) -> list[dict[str, Any]]:
    means = np.quantile(posterior.predicted.means, (0.1, 0.5, 0.9), axis=0)
    residual = (wanted(task.figures) - seen(task.figures, posterior.predicted.means).mean(axis=0)) / np.sqrt(posterior.variance)
    return [
        {
            **_named(row),
            **{name: float(f"{x:.6g}") for name, x in zip(("q10", "q50", "q90"), means[:, number], strict=True)},
            "residual": round(float(residual[number]), 3),
        }
        for number, row in enumerate(task.figures.rows)
    ]


def _named(row: Observation) -> dict[str, Any]:
    return {
        "output": row.output,
        "place": row.place or "",
        "group": row.group or "",
        "from": str(row.from_),
        "to": str(row.to),
        "value": row.value,
        "low": row.low,
        "high": row.high,
    }


def _said(figure: dict[str, Any], is_unshown: bool) -> str:
    wording = Wording("people")
    exact = wording.exact
    ends = [figure[name] for name in ("value", "low", "high") if figure[name] is not None]
    if is_unshown and not any(wording.hides(end) for end in ends):
        return "published but not told, as a small figure could be worked out from it"
    if figure["value"] is not None:
        return f"published {exact(figure['value'])}"
    low, high = figure["low"], figure["high"]
    return f"published at least {exact(low)}" if high is None else f"published {exact(low or 0)} to {exact(high)}"
