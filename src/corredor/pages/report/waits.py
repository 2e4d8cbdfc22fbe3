"""How long people waited: one bar chart for each output that counts days waited."""

from __future__ import annotations

import numpy as np

from corredor.pages.charts.distribution_chart import waiting_chart, waiting_times
from corredor.pages.report.figure import HALF_PX, NARROW_PX, Figure, Picture, Table, output_notes
from corredor.results.view import Run, Series
from corredor.results.wording import MISSING, share_text

MOST_CLASSES = 14


def waiting_figures(run: Run) -> list[Figure]:
    """Distributions over the whole study and all places."""
    return [_figure(run, name) for name in run.outputs if run.is_waited(name)]


def _figure(run: Run, name: str) -> Figure:
    edges = [float(edge) for edge in run.dataset["wait_bin"].to_numpy()]
    served, edges = _fewer_classes(run.drawn(Series(name), "wait_bin").totals(), edges)
    times = waiting_times(run.title(name), served, edges, run.side(name))
    shown = (f"waited-{name}", run.title(name), run.side(name), "share of those served")
    if times is None:
        return Figure(*shown, ["Nobody was served in any simulation."], None)
    columns = {"days waited": False, "median share": True} | ({} if run.is_single else {"80 %": True, "95 %": True})
    rows = []
    for column, label in enumerate(times.labels):
        q = times.quantiles[:, column]
        bands = [] if run.is_single else [f"{share_text(q[1])} – {share_text(q[5])}", f"{share_text(q[0])} – {share_text(q[6])}"]
        rows.append([label, share_text(q[3]) if np.isfinite(q[3]) else MISSING, *bands])
    notes = ["Only those who were served count; who gave up or still waits at the end is not here."]
    if not run.is_single:
        notes.append("Bars are medians over simulations, thin lines 80 % bands; medians of shares need not add up to 100 %.")
    picture = Picture(waiting_chart(times, HALF_PX), waiting_chart(times, NARROW_PX))
    table = Table(f"{run.title(name)}, share of those served, whole study", columns, rows)
    return Figure(*shown, [*notes, *output_notes(run, name)], table, picture)


def _fewer_classes(served: np.ndarray, edges: list[float]) -> tuple[np.ndarray, list[float]]:
    """Neighbouring classes joined until they fit on a page; empty long waits at the end become one class."""
    last = max(np.flatnonzero(served.sum(axis=0) > 0), default=0)
    if last < len(edges) - 2:
        served = np.concatenate([served[:, : last + 1], served[:, last + 1 :].sum(axis=1, keepdims=True)], axis=1)
        edges = edges[: last + 2]
    joined = -(-len(edges) // MOST_CLASSES)
    cuts = list(range(0, len(edges), joined))
    return np.add.reduceat(served, cuts, axis=1), [edges[cut] for cut in cuts]
