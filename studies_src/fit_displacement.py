"""Fit the common parameters of displacement to several Flee cases together, and say how well they do on cases left out.

    python studies_src/fit_displacement.py ../shared/peer/flee-format [--write]

Least mean score over cases (averaged relative difference, rescaled, expected flow; M16), plus a weak penalty that keeps effects near
0, by Nelder and Mead's method; then once more without each case in turn. The prior's spread is the jackknife error of these
fits, never below a tenth of the value: four cases say little about how much conflicts differ. With --write the parameters file of
the bundled study `displacement` gets the new numbers.

How people answer to room in a camp is fitted with the capacities of the folders, which these past cases have in hindsight: with capacities
as known on the day the same fit leaves the effect of capacity open (0.37, standard deviation 0.63). Both fits are then scored with
capacities as known on the day, which is what every import gets.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from flee_cases import given_cases
from scipy.optimize import minimize

from corredor.engine.arrays import Draw
from corredor.engine.draws import central_parameters, initial_state, make_draw_inputs, make_scratch, sample_draws
from corredor.engine.kernel import run
from corredor.engine.network import FlowNetwork, build_network
from corredor.exchange.flee.capacities import Capacities
from corredor.exchange.flee.write import import_flee
from corredor.learn.score import averaged_relative_difference
from corredor.study.catalogue import bundled_studies

NAMES = ("effect_of_distance", "effect_of_capacity", "effect_of_crowding")
START = np.array([-0.5, 0.5, -2.0])

HEADROOMS = (0.75, 1.0, 1.25, 1.5)
"""Values of the headroom that are tried; it multiplies the same capacity as the uncrowded share, so the two are one number to the data."""

RECORD = Path(__file__).parents[1] / "docs" / "validation" / "fit.json"
"""What the last fit said; docs/VALIDATION.md shows it."""

PENALTY = 0.002
"""Added to the mean score for every unit of squared effect: a score of 0.002 is far below what tells models apart."""

SMALLEST_SPREAD = 0.1


@dataclass(frozen=True)
class Case:
    """A conflict: its network and counts by day; columns say where the camps' cells are."""

    name: str
    network: FlowNetwork
    data: np.ndarray
    cells: np.ndarray
    parameters: np.ndarray
    positions: tuple[int, ...]


def load_case(folder: Path, passing: Path, capacities: Capacities) -> Case:
    """Import a case and work out which cells hold its camps."""
    _, model = import_flee(folder, passing / capacities / folder.name, capacities=capacities)
    network = build_network(model)
    block = next(block for block in network.recording.blocks if block.output == "in_camps")
    places = list(block.labels[0])
    first, n_days = model.study.from_, block.n_periods
    columns, rows = [], []
    for number, place in enumerate(places):
        counts = sorted(((row.to - first).days, float(row.value or 0)) for row in model.observations if row.place == place)
        if counts:
            columns.append(np.interp(np.arange(n_days), *zip(*counts, strict=True)))
            rows.append(block.first_cell + number * n_days + np.arange(n_days))
    names = list(model.parameters)
    positions = tuple(names.index(name) for name in NAMES)
    return Case(folder.name, network, np.array(columns).T, np.array(rows).T, central_parameters(model), positions)


def score(case: Case, values: np.ndarray, **others: float) -> float:
    """Averaged relative difference of a case for values of NAMES, and of others of its parameters by name."""
    parameters = case.parameters.copy()
    for name, value in others.items():
        parameters[0, list(case.network.model.parameters).index(name)] = value
    case = replace(case, parameters=parameters)
    return averaged_relative_difference(expected_counts(case, values), case.data)


def dispersion(case: Case, values: np.ndarray) -> float:
    """Squared differences of counts over squared expected counts: what the observation model must add (M14)."""
    model = expected_counts(case, values)
    return float(np.sum((model - case.data) ** 2) / np.sum(model**2))


def expected_counts(case: Case, values: np.ndarray) -> np.ndarray:
    """People in every camp on every day in expected flow (M16), for values of NAMES."""
    parameters = case.parameters.copy()
    parameters[0, list(case.positions)] = values
    sample = sample_draws(case.network, parameters, 0, expected=True)
    cells = np.zeros(case.network.recording.n_cells)
    state = initial_state(case.network, sample, 0, expected=True)
    inputs = make_draw_inputs(case.network, sample, 0, 0, 0)
    run(Draw(case.network.topology, inputs, state, make_scratch(case.network), cells, True), 0, case.network.calendar.n_steps)
    return np.asarray(cells[case.cells])


def fit(cases: list[Case]) -> np.ndarray:
    """Values of NAMES with the least mean score over cases."""

    def objective(values: np.ndarray) -> float:
        return float(np.mean([score(case, values) for case in cases]) + PENALTY * np.sum(values**2))

    simplex = np.vstack([START, *(START + step for step in np.diag([-0.3, 0.2, -1.0]))])
    options = {"initial_simplex": simplex, "xatol": 0.02, "fatol": 2e-4, "maxfev": 120}
    return np.asarray(minimize(objective, START, method="Nelder-Mead", options=options).x)


def with_prior(text: str, name: str, law: str) -> str:
    """The text of parameters.yaml with another prior for one parameter."""
    return re.sub(rf"(?ms)^({name}:.*?prior: )\S.*?$", lambda found: found.group(1) + law, text, count=1)


def main() -> int:
    """Fit, print as JSON, and write the parameters when asked."""
    folders, writes = given_cases(__doc__)
    with tempfile.TemporaryDirectory() as passing:
        cases = [load_case(folder, Path(passing), "folder") for folder in folders]
        on_the_day = [load_case(folder, Path(passing), "counts") for folder in folders]
        together = fit(cases)
        without = np.array([fit([case for case in cases if case is not left_out]) for left_out in cases])
    n = len(cases)
    spread = np.sqrt((n - 1) / n * np.sum((without - without.mean(axis=0)) ** 2, axis=0))
    spread = np.maximum(spread, SMALLEST_SPREAD * np.abs(together))
    result = {
        "parameters": {name: round(float(x), 2) for name, x in zip(NAMES, together, strict=True)},
        "spread": {name: round(float(x), 2) for name, x in zip(NAMES, spread, strict=True)},
        "count_dispersion": {case.name: round(dispersion(case, np.round(together, 2)), 3) for case in on_the_day},
        "fitted": {case.name: round(score(case, np.round(together, 2)), 3) for case in cases},
        "left_out": {case.name: round(score(case, np.round(x, 2)), 3) for case, x in zip(cases, without, strict=True)},
        "without_capacity": {case.name: round(score(case, np.array([together[0], 0.0, 0.0])), 3) for case in cases},
        "without_attraction_of_capacity": {
            case.name: round(score(case, np.array([together[0], 0.0, together[2]])), 3) for case in cases
        },
        "crowded_from_a_quarter": {case.name: round(score(case, together, uncrowded_share=0.25), 3) for case in cases},
        "crowded_when_full": {case.name: round(score(case, together, uncrowded_share=1.0), 3) for case in cases},
        "headroom": {
            f"{headroom:g}": {case.name: round(score(case, together, headroom=headroom), 3) for case in on_the_day}
            for headroom in HEADROOMS
        },
        "known_on_the_day": {case.name: round(score(case, np.round(together, 2)), 3) for case in on_the_day},
        "known_on_the_day_left_out": {
            case.name: round(score(case, np.round(x, 2)), 3) for case, x in zip(on_the_day, without, strict=True)
        },
        "without_distance": {case.name: round(score(case, np.array([0.0, *together[1:]])), 3) for case in cases},
    }
    print(json.dumps(result, indent=2))
    if writes:
        path = bundled_studies()["displacement"] / "parameters.yaml"
        text = path.read_text(encoding="utf-8")
        for name in NAMES:
            law = f"{{normal: {{mean: {result['parameters'][name]}, sd: {result['spread'][name]}}}}}"
            text = with_prior(text, name, law)
        mean_dispersion = round(float(np.mean(list(result["count_dispersion"].values()))), 3)
        text = with_prior(text, "count_dispersion", f"{{fixed: {mean_dispersion}}}")
        path.write_text(text, encoding="utf-8")
        RECORD.parent.mkdir(exist_ok=True)
        RECORD.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
