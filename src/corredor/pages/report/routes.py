"""The route map: flows of the study's route output, or its routes alone."""

from __future__ import annotations

import numpy as np

from corredor.pages.charts.flow_map import MOST_FLOWS, Flow, FlowMap, flow_map
from corredor.pages.charts.map_ground import MapPlace
from corredor.pages.report.figure import FULL_PX, HIDDEN_NOTE, NARROW_PX, Figure, Picture, Table, output_notes
from corredor.results.quantiles import MEDIAN, PROBABILITIES
from corredor.results.view import Run, Series
from corredor.results.wording import MISSING, SMALLEST_SHOWN_PEOPLE, Wording, month_text

MOST_ROWS = 100


def route_map(run: Run) -> Figure | None:
    """The map of the median flow over the whole study; None when the study has no places."""
    if not run.places:
        return None
    name = next((name for name in run.outputs if run.has(name, "route")), None)
    flows, rows = _flows(run, name) if name else ([], [])
    places = [MapPlace(place["id"], place["name"], place["lat"], place["lon"]) for place in run.places.values()]
    routes = [(route["from"], route["to"]) for route in run.model["routes"]]
    chart = FlowMap(places, flows, routes, "People, whole study (median)", Wording("people", run.hides_small))
    picture = Picture(flow_map(chart, FULL_PX), flow_map(chart, NARROW_PX))
    period = f"{month_text(run.model['from'])} to {month_text(run.model['to'])}"
    if name is None:
        notes = ["The study counts no flow by route, so the map shows the routes without their flows."]
        return Figure("map", "Places and routes", "movement", period, notes, None, picture)
    notes = ["A line is as wide as the median flow along it and bends to the right of the way people go."]
    notes.append("A person who goes the same way twice counts twice.")
    if run.hides_small:
        notes.append(f"Routes with fewer than {SMALLEST_SHOWN_PEOPLE} people are thin and without a head.")
    columns = {"from": False, "to": False, "median": True} | ({} if run.is_single else {"80 %": True, "95 %": True})
    more = [f"The {MOST_ROWS} largest of {len(rows)}."] if len(rows) > MOST_ROWS else []
    more += [HIDDEN_NOTE] if any(MISSING in row for row in rows) else []
    table = Table(f"{run.title(name)}, people over the whole study", columns, rows[:MOST_ROWS], " ".join(more))
    return Figure("map", run.title(name), "movement", f"people, {period}", [*notes, *output_notes(run, name)], table, picture)


def _flows(run: Run, name: str) -> tuple[list[Flow], list[list[str]]]:
    names = [str(route) for route in run.dataset["route"].to_numpy()]
    quantiles = np.quantile(run.drawn(Series(name), "route").totals(), PROBABILITIES, axis=0, overwrite_input=True)
    hidden = run.given_away_totals(name, "route")
    wording = run.wording(name)
    flows, rows = [], []
    for column in np.argsort(-quantiles[MEDIAN], kind="stable")[:MOST_FLOWS]:
        start, end = names[column].split(">", 1)
        own = np.full(len(quantiles), np.nan) if hidden[column] else quantiles[:, column]
        texts = [wording.exact(own[MEDIAN])]
        texts += [] if run.is_single else [wording.interval(own[low], own[high]) for low, high in ((1, 5), (0, 6))]
        if own[MEDIAN] >= (SMALLEST_SHOWN_PEOPLE if run.hides_small else 0.5) and start in run.places and end in run.places:
            text = f"{run.name_of(start)} → {run.name_of(end)}: {texts[0]} people"
            flows.append(Flow(start, end, float(own[MEDIAN]), text if run.is_single else f"{text} (80 %: {texts[1]})"))
        if quantiles[-1, column] > 0:
            rows.append([run.name_of(start), run.name_of(end), *texts])
    return flows, rows
