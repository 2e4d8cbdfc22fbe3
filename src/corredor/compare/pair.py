"""A study with and without a measure, or with and without the changes of a scenario: the same draws, the same luck, one Dataset."""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from corredor.checkpoint import drop_checkpoint, keep_checkpoint, read_checkpoint
from corredor.compare.drawn import Drawn, draw_parameters
from corredor.compare.one_dataset import Side, join_worlds
from corredor.compare.worlds_together import Worlds, make_worlds, run_draw_in_all
from corredor.ensemble import Interrupted, Progress, run_rows
from corredor.fitted import Fitted
from corredor.model import Model, load_study
from corredor.problems import StudyError
from corredor.results import Counts
from corredor.scenario import apply_scenario, check_scenario, load_scenario, scenario_words, unknown_measures
from corredor.schema import Scenario
from corredor.simulate import provenance


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
    """What measures did, or what a scenario would change: every draw in two worlds that meet the same luck (M15).

    study : a loaded study or its folder
    scenario : the file of a scenario, or one made in Python; the world `with` it is the scenario, the world `without` it the study
    without : ids of measures; the world `with` them is the study, the world `without` them the study as if they had not been taken
    draws, seed, jobs, expected, progress, keep_in, fitted : as of `simulate`
    returns : Dataset with dims world (with, without), draw, then what each output declares; `people_at_end` says where everybody is on
        the last day, `measure_cost` what measures cost in each world. An effect is always with − without; effects.py takes it
    raises : StudyError with every problem of the study, the scenario or the names; ValueError for both or neither of scenario and
        without, or a seed outside 0 … 2⁶³ − 1
    """
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed {seed}: expected a whole number from 0 to 2**63 - 1")
    model = study if isinstance(study, Model) else load_study(Path(study))
    sides = compared_sides(model, scenario, tuple(without))
    drawn = draw_parameters(model, draws, seed, expected, fitted)
    worlds = make_worlds([side.model for side in sides], drawn, seed, expected)
    counts = _counts(worlds, drawn, jobs or os.cpu_count() or 1, progress, keep_in)
    facts: dict[str, Any] = {**provenance(seed, expected, fitted), "study_hash": model.hash}
    dataset = join_worlds(worlds, sides, _unpacked(worlds, counts), drawn.parameters, facts, model)
    if keep_in:
        drop_checkpoint(keep_in)
    return dataset


def compared_sides(
    model: Model, scenario: Scenario | str | os.PathLike[str] | None, without: tuple[str, ...]
) -> tuple[Side, Side]:
    """The worlds `with` and `without`, in this order.

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


def _counts(worlds: Worlds, drawn: Drawn, jobs: int, progress: Progress | None, keep_in: Path | None) -> Counts:
    """Every draw in every world: one row of numbers a draw, so that a stopped run is kept like any other."""
    n_draws, width = len(drawn.parameters), len(worlds) * (worlds.n_cells + worlds.n_whereabouts + 2)

    def one_draw(row: int) -> tuple[np.ndarray, float, int]:
        outcomes = run_draw_in_all(worlds, row)
        numbers = [(o.cells, o.whereabouts, np.array([o.people_lost, o.decisions])) for o in outcomes]
        return (
            np.concatenate([part for parts in numbers for part in parts]),
            max(o.people_lost for o in outcomes),
            sum(o.decisions for o in outcomes),
        )

    hashes = " ".join(network.model.hash for network in worlds.networks)
    fingerprint = (
        f"{hashes} seed {worlds.seed} expected {worlds.expected} from {drawn.fingerprint} corredor {metadata.version('corredor')}"
    )
    kept = read_checkpoint(keep_in, fingerprint, n_draws, width) if keep_in else None
    try:
        return run_rows(n_draws, width, one_draw, jobs, progress, kept)
    except Interrupted as stopped:
        if keep_in:
            keep_checkpoint(keep_in, fingerprint, stopped.counts)
        raise


def _unpacked(worlds: Worlds, counts: Counts) -> list[tuple[Counts, np.ndarray]]:
    """Counts and whereabouts of each world."""
    found = []
    width = worlds.n_cells + worlds.n_whereabouts + 2
    for number in range(len(worlds)):
        own = counts.cells[:, number * width : (number + 1) * width]
        cells, whereabouts = own[:, : worlds.n_cells], own[:, worlds.n_cells : -2]
        found.append((Counts(cells, own[:, -2], own[:, -1].astype(np.int64), counts.done), whereabouts))
    return found
