"""The page of a fit: what each parameter learned, how the figures are met, what was only assumed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from corredor.engine.fitted import Fitted
from corredor.pages.charts.belief_chart import Belief, belief_chart, smooth_density
from corredor.pages.charts.residual_chart import residual_chart
from corredor.pages.report.choices import parts_by_group, parts_by_place, total_outputs
from corredor.pages.report.figure import FULL_PX, NARROW_PX, PANEL_PX, Figure, Picture, Table, multiples_figure, single_figure
from corredor.pages.report.provenance import provenance
from corredor.pages.report.published import observations
from corredor.pages.report.study_tables import BASIS_WORDS
from corredor.pages.template import filled
from corredor.results.hidden_numbers import hidden_figures
from corredor.results.view import Run, read_run
from corredor.results.wording import MISSING, SMALLEST_SHOWN_PEOPLE, date_text
from corredor.study.priors import prior_quantile
from corredor.study.schema import Prior

METHODS = {
    "smoother": "an iterative ensemble smoother on mean-field runs",
    "emcee": "an ensemble sampler on the exact likelihood of the mean-field model",
}


def render_fit(fitted: Fitted, dataset: xr.Dataset, suppress_small: bool = True) -> str:
    """The page of a fit as one HTML file without any outside part.

    dataset : a run of the fitted draws over the days that were fitted
    """
    run = read_run(dataset, suppress_small)
    observed = observations(run)
    used = observed[observed["published"] <= str(fitted.as_of)]
    rows = fitted.diagnostics["parameters"]
    made = {row["name"]: _learned(row, fitted.parameters[:, number]) for number, row in enumerate(rows)}
    order = sorted(rows, key=lambda row: -row["contraction"])
    return filled(
        "fit.html.j2",
        run=run,
        model=run.model,
        fitted=fitted,
        method=METHODS[fitted.method],
        misfits=fitted.diagnostics["misfits"],
        learned=[made[row["name"]] for row in order if row["learned"]],
        assumed=[made[row["name"]] for row in order if not row["learned"]],
        residuals=_residuals(run, fitted.diagnostics["figures"]),
        residual_table=_residual_table(run, fitted.diagnostics["figures"]),
        figures=_figures(run, observed, used),
        latents=_latents(fitted),
        until=date_text(str(fitted.until)),
        as_of=date_text(str(fitted.as_of)),
        n_figures=len(fitted.diagnostics["figures"]),
        attrs=provenance(run),
        smallest=SMALLEST_SHOWN_PEOPLE,
    )


def _learned(row: dict[str, Any], draws: np.ndarray) -> dict[str, str]:
    """A row of the table of parameters."""
    prior = Prior.model_validate(row["law"])
    on_log = prior.lognormal is not None
    ends = prior_quantile(prior, np.array([0.005, 0.995]))
    low, high = min(ends[0], np.quantile(draws, 0.005)), max(ends[1], np.quantile(draws, 0.995))
    if on_log:
        low, high, draws = np.log(low), np.log(high), np.log(draws)
    places = np.linspace(low, high, 81)
    u = np.linspace(0.0005, 0.9995, 2001)
    quantiles = prior_quantile(prior, u)
    edges = np.log(quantiles) if on_log else quantiles
    # a density is how fast the chance grows from place to place
    chance = np.interp(places, edges, u, left=0.0, right=1.0)
    before = np.gradient(chance, places)
    text = [f"{np.exp(x) if on_log else x:.3g}" for x in (low, high)]
    spans = [_span(*row[key]) for key in ("prior", "posterior")]
    words = f"before {spans[0]}, after {spans[1]} {row['unit']}"
    belief = Belief(row["title"], places, before, smooth_density(draws, places), text[0], text[1], words)
    return {
        "name": row["name"],
        "title": row["title"],
        "basis_words": BASIS_WORDS.get(row["basis"], row["basis"]),
        "unit": row["unit"],
        "before": spans[0],
        "after": spans[1],
        "contraction": f"{max(round(100 * row['contraction']), 0)} %",
        "picture": belief_chart(belief),
    }


def _span(low: float, middle: float, high: float) -> str:
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"


def _residuals(run: Run, figures: list[dict[str, Any]]) -> Picture | None:
    by_output: dict[str, list[float]] = {}
    for figure in figures:
        by_output.setdefault(run.title(figure["output"]), []).append(figure["residual"])
    return Picture(residual_chart(by_output, FULL_PX), residual_chart(by_output, NARROW_PX)) if by_output else None


def _residual_table(run: Run, figures: list[dict[str, Any]]) -> Table:
    rows = []
    table = pd.DataFrame(figures, columns=["output", "place", "group", "from", "to", "value", "low", "high"])
    table = table.astype({"value": float, "low": float, "high": float})
    hidden = hidden_figures(run, table) if run.hides_small else np.zeros(len(table), dtype=bool)
    for figure, is_hidden in zip(figures, hidden, strict=True):
        wording = run.wording(figure["output"])
        where = ", ".join(run.name_of(key) for key in (figure["place"], figure["group"]) if key)
        same_day = figure["from"] == figure["to"]
        dates = date_text(figure["from"]) if same_day else f"{date_text(figure['from'])} – {date_text(figure['to'])}"
        is_small = any(figure[name] is not None and wording.hides(figure[name]) for name in ("value", "low", "high"))
        if is_hidden and not is_small:
            published = MISSING
        elif figure["value"] is not None:
            published = wording.exact(figure["value"])
        elif figure["high"] is None:
            published = f"at least {wording.exact(figure['low'])}"
        else:
            published = wording.interval(figure["low"] or 0.0, figure["high"])
        fitted = f"{wording.exact(figure['q50'])} ({wording.interval(figure['q10'], figure['q90'])})"
        rows.append(
            [run.title(figure["output"]), where, dates, published, fitted, MISSING if is_hidden else f"{figure['residual']:+.1f}"]
        )
    columns = {
        "output": False,
        "of": False,
        "days": False,
        "published": True,
        "fitted mean (80 %)": True,
        "standard errors": True,
    }
    return Table("Published figures that were used, and what was fitted", columns, rows)


def _figures(run: Run, observed: pd.DataFrame, used: pd.DataFrame) -> list[Figure]:
    """Fitted against published, for every output that a figure was used of: its total, or its places and groups."""
    figures, totals = [], total_outputs(run)
    for name in run.outputs:
        mine = used[used["output"] == name]
        if mine.empty or run.is_waited(name):
            continue
        if name in totals:
            figures.append(single_figure(run, observed, name, f"fit-{name}", FULL_PX))
        if (mine["place"] != "").any():
            parts = parts_by_place(run, observed, name)
            if parts is not None and len(parts.series) > 1:
                figures.append(
                    multiples_figure(run, observed, parts, f"fit-place-{name}", f"{run.title(name)}, {parts.words}", PANEL_PX)
                )
        if (mine["group"] != "").any():
            for parts in parts_by_group(run, name):
                title = f"{run.title(name)}, {parts.words}"
                figures.append(
                    multiples_figure(run, observed, parts, f"fit-group-{name}-{parts.words.split()[-1]}", title, PANEL_PX)
                )
    return figures


def _latents(fitted: Fitted) -> Table | None:
    """How much of each latent series was learned, and in how many of its months."""
    rows = []
    for latent in fitted.diagnostics["latents"]:
        learned = [x for x in latent["contraction"] if x >= 0.1]
        mean = f"{100 * max(float(np.mean(latent['contraction'])), 0):.0f} %" if latent["contraction"] else "–"
        rows.append([latent["name"].replace("_", " "), f"{len(learned)} of {len(latent['contraction'])}", mean])
    columns = {"latent series": False, "months learned": True, "mean contraction": True}
    note = "A month is learned when the figures take at least a tenth of the variance of its new part; the warm-up's months count too."
    return Table("Months that no driver explains", columns, rows, note) if rows else None
