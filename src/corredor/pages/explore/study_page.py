"""Everything that a page needs of a study: facts as JSON can hold them, and the bytes of the arrays."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from corredor.effects.compare.drawn import draw_parameters
from corredor.engine.draws import sample_draws
from corredor.engine.fitted import Fitted
from corredor.engine.network import build_network
from corredor.pages.explore.changes import measures_of, parameters_of, with_dose_rows
from corredor.pages.explore.corridor import corridor_facts, with_corridor
from corredor.pages.explore.costs import with_cost_rows
from corredor.pages.explore.kernel_arrays import Blob, kernel_arrays
from corredor.pages.explore.totals import empty_run, outputs_of
from corredor.study.model import Model


def study_page(model: Model, fitted: Fitted | None, draws: int, seed: int) -> tuple[dict[str, Any], bytes]:
    """Facts of a study for web/explore/src/study.ts, and the blob in which its arrays lie.

    draws, seed : as of `compare`, whose draws the page repeats bit by bit
    raises : StudyError when the fit does not belong to the study
    """
    network, drawn = build_network(model), draw_parameters(model, draws, seed, fitted=fitted)
    sample = sample_draws(network, drawn.parameters[:1], seed, learned=None if drawn.learned is None else drawn.learned[:1])
    run = empty_run(network, sample.parameters, sample.values)
    recipe, terms = with_dose_rows(network)
    recipe, costs = with_cost_rows(network, recipe)
    corridor, blob = with_corridor(network), Blob()
    facts = {
        "name": model.name,
        "title": model.study.title,
        "summary": model.study.summary,
        "made_up": model.study.made_up,
        "from": model.study.from_.isoformat(),
        "to": model.study.to.isoformat(),
        "seed": seed,
        "fitted": fitted is not None,
        "version": metadata.version("corredor"),
        "kernel": kernel_arrays(corridor.network, recipe, corridor.n_cells, drawn, seed, blob),
        "corridor": corridor_facts(corridor),
        "costs": costs,
        "measures": list(measures_of(network, terms)),
        "parameters": list(parameters_of(network, drawn.parameters)),
        "outputs": list(outputs_of(network, run)),
        **{name: run.model[name] for name in ("statuses", "transitions", "sources")},
    }
    return facts, blob.bytes()
