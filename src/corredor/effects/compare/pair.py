"""A study with and without a measure, or with and without the changes of a scenario: the same draws, common random numbers, one Dataset."""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from corredor._simulate import provenance
from corredor.effects.compare.drawn import Drawn, draw_parameters
from corredor.effects.compare.one_dataset import Side, join_scenarios
from corredor.effects.compare.scenarios_together import Scenarios, make_scenarios, run_draw_in_all
from corredor.engine.checkpoint import drop_checkpoint, keep_checkpoint, read_checkpoint
from corredor.engine.counts import Counts
from corredor.engine.ensemble import Interrupted, Progress, run_rows
from corredor.engine.fitted import Fitted
from corredor.study.model import Model, load_study
from corredor.study.problems import StudyError
from corredor.study.scenario import apply_scenario, check_scenario, load_scenario, scenario_words, unknown_measures
from corredor.study.schema import Scenario


def compare(
    study: Model | str | os.PathLike[str],
    scenario: Scenario | str | os.PathLike[str] | None = None,
    *,
    without: Iterable[str] = (),
    draws: int = 500,
    seed: int = 1,
    jobs: int | None = None,
    expected: bool = False,
    progress: Progress | None = None,
    keep_in: Path | None = None,
    fitted: Fitted | None = None,
) -> xr.Dataset:
    """What measures did, or what a scenario would change: every draw in two scenarios with common random numbers (M15).

    study : a loaded study or its folder
    scenario : the file of a scenario, or one made in Python; the scenario `with` it is the scenario, the scenario `without` it the study
    without : ids of measures; the scenario `with` them is the study, the scenario `without` them the study as if they had not been taken
    draws, seed, jobs, expected, progress, keep_in, fitted : as of `simulate`
    returns : Dataset with dims scenario (with, without), draw, then what each output declares; `people_at_end` says where everybody is on
        the last day, `measure_cost` what measures cost in each scenario. An effect is always with − without; effects.py takes it
    raises : StudyError with every problem of the study, the scenario or the names; ValueError for both or neither of scenario and
        without, or a seed outside 0 … 2⁶³ − 1
    """
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed {seed}: expected a whole number from 0 to 2**63 - 1")
    model = study if isinstance(study, Model) else load_study(Path(study))
    sides = compared_sides(model, scenario, tuple(without))
    drawn = draw_parameters(model, draws, seed, expected, fitted)
    scenarios = make_scenarios([side.model for side in sides], drawn, seed, expected)
    counts = _counts(scenarios, drawn, jobs or os.cpu_count() or 1, progress, keep_in)
    facts: dict[str, Any] = {**provenance(seed, expected, fitted), "study_hash": model.hash}
    dataset = join_scenarios(scenarios, sides, _unpacked(scenarios, counts), drawn.parameters, facts, model)
    drop_checkpoint(keep_in)
    return dataset


def compared_sides(
    model: Model, scenario: Scenario | str | os.PathLike[str] | None, without: tuple[str, ...]
) -> tuple[Side, Side]:
    """The scenarios `with` and `without`, in this order.

    raises : StudyError, when a measure is unknown or the scenario does not fit the study; ValueError for both or neither
    """
    if (scenario is None) == (not without):
        raise ValueError("expected either a scenario or measures to leave out")
    if scenario is None:
        problems = unknown_measures(model, without)
        if problems:
            raise StudyError(problems)
        titles = {measure.id: measure.title for measure in model.measures}
        left_out = tuple(dict.fromkeys(without))
        what = "; ".join(titles[name] for name in left_out)
        words = tuple(f"without {name}" for name in left_out)
        return Side(model, "as it was"), Side(model.without(*left_out), f"without: {what}", words)
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(Path(scenario), model)
    else:
        check_scenario(model, scenario)
    changed = apply_scenario(model, scenario)
    return Side(changed, scenario.title, tuple(scenario_words(scenario))), Side(model, "as it was")


def _counts(scenarios: Scenarios, drawn: Drawn, jobs: int, progress: Progress | None, keep_in: Path | None) -> Counts:
    """Every draw in every scenario: one row of numbers a draw, so that a stopped run is kept like any other."""
    n_draws, width = len(drawn.parameters), len(scenarios) * (scenarios.n_cells + scenarios.n_whereabouts + 2)

    def one_draw(row: int) -> tuple[np.ndarray, float, int]:
        outcomes = run_draw_in_all(scenarios, row)
        numbers = [(o.cells, o.whereabouts, np.array([o.people_lost, o.decisions])) for o in outcomes]
        return (
            np.concatenate([part for parts in numbers for part in parts]),
            max(o.people_lost for o in outcomes),
            sum(o.decisions for o in outcomes),
        )

    hashes = " ".join(network.model.hash for network in scenarios.networks)
    options = f"seed {scenarios.seed} expected {scenarios.expected}"
    fingerprint = f"{hashes} {options} from {drawn.fingerprint} corredor {metadata.version('corredor')}"
    kept = read_checkpoint(keep_in, fingerprint, n_draws, width)
    try:
        return run_rows(n_draws, width, one_draw, jobs, progress, kept)
    except Interrupted as stopped:
        keep_checkpoint(keep_in, fingerprint, stopped.counts)
        raise


def _unpacked(scenarios: Scenarios, counts: Counts) -> list[tuple[Counts, np.ndarray]]:
    """Counts and whereabouts of each scenario."""
    found = []
    width = scenarios.n_cells + scenarios.n_whereabouts + 2
    for number in range(len(scenarios)):
        own = counts.cells[:, number * width : (number + 1) * width]
        cells, whereabouts = own[:, : scenarios.n_cells], own[:, scenarios.n_cells : -2]
        found.append((Counts(cells, own[:, -2], own[:, -1].astype(np.int64), counts.done), whereabouts))
    return found
