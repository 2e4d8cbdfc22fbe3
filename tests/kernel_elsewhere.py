"""Draws of scenarios in Python, cell by cell, and the same for the module that browsers and Node run."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corredor.effects.compare.drawn import draw_parameters
from corredor.effects.compare.scenarios_together import make_scenarios, run_draw_in_all
from corredor.engine.fitted import study_and_fit
from corredor.pages.explore.study_page import study_page
from corredor.study.model import Model
from corredor.study.scenario import apply_scenario, check_scenario
from corredor.study.schema import Scenario

EXPLORE = Path(__file__).parents[1] / "src" / "corredor" / "pages" / "explore"

SCENARIOS: dict[str, list[dict[str, Any]]] = {
    "two-towns": [
        {"off": ["bridge_patrols"]},
        {"change": {"bridge_patrols": {"dose": 2.5, "from": "2021-04-13"}}, "fix": {"crossing_rate": 0.1, "effect_of_wait": 0.5}},
        {"change": {"bridge_patrols": {"from": "2021-02-10", "to": "2021-04-20"}}},
        {"drivers": {"harvest": {"times": 0.6, "from": "2021-02-10", "to": "2021-05-04"}}},
        {
            "add": {
                "capacity.sheltered.north_gate": {"people": 400, "from": "2021-02-03"},
                "served_per_day.port_list.north_gate": {"people": 9.5, "from": "2021-03-10", "to": "2021-04-02"},
            },
        },
    ],
    "mexico-2018": [
        {
            "off": ["asylum_ban", "port_closed", "bridge_held", "humanitarian_cards"],
            "change": {
                "metering_everywhere": {"from": "2018-03-09", "to": "2018-09-17"},
                "sports_complex_opened": {"from": "2018-11-11"},
                "development_plan": {"from": "2019-01-09"},
            },
        },
        {
            "change": {
                "national_guard_2018": {"dose": 4.0, "from": "2018-02-05"},
                "aid_suspended": {"from": "2018-12-04", "dose": -1.1},
                "zero_tolerance": {"to": "2018-08-13"},
                "protocols_el_paso": {"from": "2018-10-10"},
                "june_surge": {"from": "2019-05-01"},
            },
        },
        {"off": ["sports_complex_closed"], "fix": {"homicide_effect": 0.9, "leaving_monthly_sd": 0.3}},
        {
            "add": {
                "capacity.sheltered.tijuana": {"people": 2000, "from": "2018-10-15"},
                "served_per_day.port_list.tijuana": {"people": 90, "from": "2018-09-01", "to": "2019-03-15"},
            },
            "drivers": {"homicides": {"times": 1.3}, "gdp_per_person": {"times": 0.9, "from": "2018-11-20"}},
        },
        {
            "change": {
                "national_guard_2018": {"at": [["tijuana", "reynosa"]], "dose": 3.0},
                "metering_everywhere": {"at": [["tijuana", "nogales", "reynosa"]], "from": "2018-07-02"},
                "sports_complex_opened": {"at": [["el_barretal"], []]},
                "protocols_el_paso": {"at": [["mexicali", "ciudad_juarez"]]},
                "june_surge": {"at": [["la_mesilla"], ["tapachula", "comitan"], []]},
            },
            "add": {"capacity.sheltered.el_barretal": {"people": 900, "from": "2019-02-01"}},
        },
    ],
    "mediterranean-2015": [
        {"off": ["eu_turkey_statement", "ports_closed"]},
        {
            "change": {
                "niger_enforcement": {"from": "2016-06-04", "to": "2018-02-02", "dose": 1.3},
                "three_nationalities_only": {"from": "2015-10-20"},
                "balkan_route_closed": {"to": "2017-01-11"},
            },
        },
        {"change": {"hungary_seals_croatian_border": {"from": "2015-10-01"}}},
        {
            "change": {
                "mare_nostrum": {"at": [["libyan_coast", "egyptian_coast"], ["egyptian_coast"]]},
                "eu_turkey_statement": {"at": [["libyan_coast"], ["turkish_yachts"]], "dose": 0.8},
            }
        },
    ],
}
"""Measures that change rates, effects that build up, queues, capacities and what is open; doses, days, places, parameters; weekly steps."""


@dataclass(frozen=True)
class Elsewhere:
    """What the module is asked, and what it should answer.

    asked : module, study, blob (base64), scenarios, draws
    cells : (n_scenarios, n_draws, n_cells) float     as Python has them
    """

    asked: dict[str, Any]
    cells: np.ndarray


def ask(study: str | Model, scenarios: list[dict[str, Any]], n_draws: int, seed: int = 1) -> Elsewhere:
    """The study as it is, then the scenarios, in some draws."""
    model, fitted = study_and_fit(study)
    models = [model]
    facts, blob = study_page(model, fitted, n_draws, seed)
    for in_page in scenarios:
        scenario = scenario_of(in_page, places_in(facts))
        check_scenario(model, scenario)
        models.append(apply_scenario(model, scenario))
    together = make_scenarios(models, draw_parameters(model, n_draws, seed, fitted=fitted), seed)
    cells = np.array([[outcome.cells for outcome in run_draw_in_all(together, row)] for row in range(n_draws)])
    asked = {
        "module": base64.b64encode((EXPLORE / "kernel.wasm").read_bytes()).decode(),
        "study": facts,
        "blob": base64.b64encode(blob).decode(),
        "scenarios": [{"off": [], "change": {}, "add": {}, "drivers": {}, "fix": {}, **changed} for changed in scenarios],
        "draws": n_draws,
    }
    return Elsewhere(asked, np.swapaxes(cells, 0, 1))


def places_in(facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Measure → where the page can move it."""
    return {measure["id"]: measure["places"] for measure in facts["measures"]}


def scenario_of(in_page: dict[str, Any], places: dict[str, dict[str, Any]]) -> Scenario:
    """The scenario file of what was changed in the page.

    places : of the measures, as the page is told of them
    """
    changes = {name: changed_measure(change, places[name]) for name, change in in_page.get("change", {}).items()}
    in_page = in_page | ({"change": changes} if changes else {})
    added = [added_measure(key, one) for key, one in in_page.get("add", {}).items()]
    return Scenario.model_validate_json(json.dumps({"title": "a scenario", **in_page, "add": added}))


def changed_measure(change: dict[str, Any], places: dict[str, Any]) -> dict[str, Any]:
    """What a scenario file says of a measure that the page changes: its places for all actions, or each action with its own."""
    if "at" not in change:
        return change
    others, at, parts = {key: value for key, value in change.items() if key != "at"}, change["at"], places["parts"]
    if len(parts) == 1:
        return others | {"at": {"id": at[0]}}
    place_of = {number: chosen for part, chosen in zip(parts, at, strict=True) for number in part["actions"]}
    written = enumerate(places["written"])
    return others | {"acts_on": [action | {"at": {"id": place_of[number]}} for number, action in written if place_of[number]]}


def added_measure(key: str, added: dict[str, Any]) -> dict[str, Any]:
    """What a scenario file says of a measure that the page adds."""
    kind, status, place = key.split(".")
    action = {kind: status, "set": added["people"], "at": {"id": place}}
    words = {"id": f"new_{kind}_{status}_{place}", "title": "t", "actor": "a", "kind": "k", "where": place, "acts_on": [action]}
    return words | {word: added[word] for word in ("from", "to") if word in added}


ANSWER = """
async (asked, Simulator) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const module = await WebAssembly.compile(bytes(asked.module));
  const simulator = new Simulator(module, asked.study, bytes(asked.blob).buffer);
  const cells = asked.scenarios.map(() => []);
  const study = [];
  const outputs = () => simulator.kernel.floats("own.out").subarray(0, asked.study.corridor.month_cell);
  for (let draw = 0; draw < asked.draws; draw++) {
    simulator.baseline(draw);
    study.push(Array.from(outputs()));
    asked.scenarios.forEach((scenario, number) => {
      simulator.scenario(draw, scenario);
      cells[number].push(Array.from(outputs()));
    });
  }
  return [study, ...cells];
}
"""
"""A JavaScript function: what is asked and the simulator → cells, as Python has them."""
