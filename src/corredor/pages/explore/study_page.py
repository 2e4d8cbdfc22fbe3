"""Everything that a page needs of a study: facts as JSON can hold them, and the bytes of the arrays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib import metadata
from typing import Any

from corredor.effects.claims import Finding
from corredor.effects.compare.drawn import draw_parameters
from corredor.engine.draws import sample_draws
from corredor.engine.fitted import Fitted
from corredor.pages.explore.changes import drivers_of, measures_of, parameters_of, with_dose_rows
from corredor.pages.explore.claims_told import claims_of
from corredor.pages.explore.corridor import corridor_facts, with_corridor
from corredor.pages.explore.costs import with_cost_rows
from corredor.pages.explore.data_told import data_of
from corredor.pages.explore.dormant import dormant_measures, with_dormant_measures
from corredor.pages.explore.kernel_arrays import Blob, kernel_arrays
from corredor.pages.explore.measure_places import with_movable_measures
from corredor.pages.explore.totals import empty_run, outputs_of
from corredor.study.model import Model


def study_page(
    model: Model,
    fitted: Fitted | None,
    draws: int,
    seed: int,
    findings: Sequence[Finding] = (),
    study: str | None = None,
    small_shown_because: str = "",
    claims_as_of: dt.date | None = None,
) -> tuple[dict[str, Any], bytes]:
    """Facts of a study for web/explore/src/study.ts, and the blob in which its arrays lie.

    draws, seed : as of `compare`, whose draws the page repeats bit by bit
    findings : about the study's claims, with the same draws and seed
    study : by which name or path a command finds the study again; its name unless given
    claims_as_of : day by which figures had to be published for the findings; the study's last unless given
    small_shown_because : the reason for which counts of fewer than five people are shown; empty where they are not
    raises : StudyError when the fit does not belong to the study
    """
    movable, drawn = with_movable_measures(model), draw_parameters(model, draws, seed, fitted=fitted)
    network = movable.network
    sample = sample_draws(network, drawn.parameters[:1], seed, learned=None if drawn.learned is None else drawn.learned[:1])
    run = empty_run(network, sample.parameters, sample.values)
    recipe, terms = with_dose_rows(movable)
    recipe = with_dormant_measures(network, recipe)
    additions = list(dormant_measures(network, recipe, drawn, seed))
    recipe, costs = with_cost_rows(network, recipe)
    corridor, blob = with_corridor(network), Blob()
    facts = {
        "name": model.name,
        "study": study or model.name,
        "title": model.study.title,
        "summary": model.study.summary,
        "made_up": model.study.made_up,
        "from": model.study.from_.isoformat(),
        "to": model.study.to.isoformat(),
        "seed": seed,
        "fitted": fitted is not None,
        "small_shown_because": small_shown_because,
        "version": metadata.version("corredor"),
        "kernel": kernel_arrays(corridor.network, recipe, corridor.n_cells, drawn, seed, blob),
        "corridor": corridor_facts(corridor),
        "costs": costs,
        "measures": list(measures_of(movable, recipe, terms)),
        "asleep": {"series": movable.no_series, "measure": movable.no_measure},
        "additions": additions,
        "drivers": list(drivers_of(network)),
        "parameters": list(parameters_of(network, drawn.parameters, fitted is not None)),
        "outputs": list(outputs_of(network, run)),
        "claims_as_of": (claims_as_of or model.study.to).isoformat(),
        "claims": list(claims_of(network, run, findings, fitted is None or fitted.as_of <= model.study.to)),
        "data": list(data_of(model)),
        "status_types": {one.status: one.type for one in reversed(model.study.compartments)},
        **{name: run.model[name] for name in ("statuses", "transitions", "sources", "authors", "licence")},
    }
    return facts, blob.bytes()
