"""A study with and without a measure, or with and without the changes of a scenario: the same draws, common random numbers, one Dataset."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import xarray as xr

from corredor._simulate import provenance
from corredor.effects.compare.drawn import Drawn, draw_parameters
from corredor.effects.compare.one_dataset import Side, join_scenarios
from corredor.effects.compare.scenarios_together import Scenarios, make_scenarios, numbers_of_a_draw, unpacked
from corredor.engine.checkpoint import KeptDraws
from corredor.engine.counts import Counts
from corredor.engine.ensemble import Progress, run_rows
from corredor.engine.fitted import Fitted, study_and_fit
from corredor.engine.workers import ClusterLike, Workers, workers_of
from corredor.study.arguments import FolderLike, StudyLike, count_of, folder_of, names_of, seed_of, yes_of
from corredor.study.model import Model
from corredor.study.problems import ArgumentError, StudyError
from corredor.study.scenario import apply_scenario, check_scenario, load_scenario, scenario_words, unknown_measures
from corredor.study.schema import Scenario


def compare(
    study: StudyLike,
    *,
    without: str | Iterable[str] = (),
    scenario: Scenario | str | os.PathLike[str] | None = None,
    draws: int = 500,
    seed: int = 1,
    jobs: int | None = None,
    cluster: ClusterLike = None,
    expected: bool = False,
    priors_only: bool = False,
    fitted: Fitted | str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    keep_in: FolderLike | None = None,
) -> xr.Dataset:
    """What measures did, or what a scenario would change, with common random numbers (M15); `corredor compare` does the same.

    Parameters
    ----------
    study
        A bundled name, a folder, or a loaded study.
    without
        Id of a measure, or several; the scenario `with` them is the study, `without` them the study as if they had not been taken.
    scenario
        The file of a scenario, or one made in Python; `with` it is the scenario, `without` it the study.
    draws
        Number of pairs of simulations.
    seed
        Whole number that decides all random numbers (M15).
    jobs
        Threads; all processors unless given. Changes nothing in the results.
    cluster
        As of `simulate`.
    expected
        Mean-field runs in place of random draws (M16).
    priors_only, fitted
        As of `simulate`.
    progress
        Called with the number of draws finished and of all.
    keep_in
        As of `simulate`.

    Returns
    -------
    xarray.Dataset
        Dims scenario (with, without), draw, then what each output declares; `people_at_end` says where everybody is on the last day,
        `measure_cost` what measures cost in each scenario. An effect is always with − without.

    Raises
    ------
    StudyError
        Every problem of the study, the scenario or the names.
    ValueError
        Both or neither of scenario and without, draws or jobs below 1, or a seed outside 0 … 2⁶³ − 1.

    Examples
    --------
    >>> pairs = compare("two-towns", without="bridge_patrols", draws=2)
    >>> [str(name) for name in pairs["scenario"].values]
    ['with', 'without']
    """
    draws, seed, expected = count_of(draws, "draws"), seed_of(seed), yes_of(expected, "expected")
    model, fitted = study_and_fit(study, fitted, priors_only)
    sides = compared_sides(model, scenario, names_of(without, "without"))
    drawn = draw_parameters(model, draws, seed, expected, fitted)
    scenarios = make_scenarios([side.model for side in sides], drawn, seed, expected)
    with workers_of(jobs, cluster) as workers:
        counts = _counts(scenarios, drawn, workers, progress, folder_of(keep_in, "keep_in"))
    facts: dict[str, Any] = {**provenance(seed, expected, fitted), "study_hash": model.hash}
    return join_scenarios(scenarios, sides, unpacked(scenarios, counts), drawn.parameters, facts, model)


def compared_sides(
    model: Model, scenario: Scenario | str | os.PathLike[str] | None, without: tuple[str, ...]
) -> tuple[Side, Side]:
    """The scenarios `with` and `without`, in this order.

    raises : StudyError, when a measure is unknown or the scenario does not fit the study; ValueError for both or neither
    """
    if (scenario is None) == (not without):
        found = "neither" if scenario is None else "both"
        raise ArgumentError(
            "scenario, without", found, "either a scenario or measures to leave out, not both", 'without="MEASURE"'
        )
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
        if not isinstance(scenario, str | os.PathLike):
            raise ArgumentError("scenario", repr(scenario), "a YAML file, or a Scenario", 'scenario="more-beds.yaml"')
        scenario = load_scenario(Path(scenario), model)
    else:
        check_scenario(model, scenario)
    changed = apply_scenario(model, scenario)
    return Side(changed, scenario.title, tuple(scenario_words(scenario))), Side(model, "as it was")


def _counts(scenarios: Scenarios, drawn: Drawn, workers: Workers, progress: Progress | None, keep_in: Path | None) -> Counts:
    """Every draw in every scenario: one row of numbers a draw, so that a stopped run is kept like any other."""
    n_draws, width = len(drawn.parameters), len(scenarios) * scenarios.n_numbers
    hashes = " ".join(network.model.hash for network in scenarios.networks)
    options = f"seed {scenarios.seed} expected {scenarios.expected}"
    fingerprint = f"{hashes} {options} from {drawn.fingerprint} corredor {metadata.version('corredor')}"
    kept = KeptDraws(keep_in, fingerprint)
    return run_rows(
        n_draws, width, partial(numbers_of_a_draw, scenarios), workers, progress, kept.read(n_draws, width), kept.keep
    )
