"""From a study to a Dataset: read the six lines of `simulate` and you know what corredor does."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

import xarray as xr

from corredor.engine.checkpoint import drop_checkpoint, keep_checkpoint, read_checkpoint
from corredor.engine.draws import Sample, central_parameters, sample_draws, sample_parameters
from corredor.engine.ensemble import Interrupted, Progress, run_ensemble
from corredor.engine.fitted import Fitted, sample_fitted
from corredor.engine.network import FlowNetwork, build_network
from corredor.results.dataset import make_dataset
from corredor.results.observe import add_observations
from corredor.study.model import Model, load_study


def simulate(
    study: Model | str | os.PathLike[str],
    draws: int = 500,
    seed: int = 1,
    jobs: int | None = None,
    expected: bool = False,
    progress: Progress | None = None,
    keep_in: Path | None = None,
    fitted: Fitted | None = None,
) -> xr.Dataset:
    """Possible worlds of a study: what may happen, by place, group and date.

    study : a loaded study or its folder
    draws : number of possible worlds; more draws keep the first ones
    seed : whole number that decides all luck (M15); the same seed gives the same results on any machine
    jobs : threads; all processors unless given; changes nothing in the results
    expected : mean-field run (M16): the medians of all parameters, every random count replaced by its mean; one draw
    keep_in : folder in which a stopped run leaves its finished draws, and from which the same run goes on
    fitted : draws of a fit (`fit`, `read_fitted`), used in place of priors: draw k has its row k, from the first again at its end
    returns : Dataset with dims draw, then month, week or day, then what each output declares
    raises : StudyError with every problem of the study, or when the fit does not belong to it; ValueError for a seed outside 0 … 2⁶³ − 1
    """
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed {seed}: expected a whole number from 0 to 2**63 - 1")
    model = study if isinstance(study, Model) else load_study(Path(study))
    network = build_network(model)
    sample = _sample(network, draws, seed, expected, fitted)
    learned = fitted.fingerprint if fitted else "priors"
    fingerprint = f"{model.hash} seed {seed} expected {expected} {learned} corredor {metadata.version('corredor')}"
    kept = read_checkpoint(keep_in, fingerprint, len(sample.values), network.recording.n_cells)
    try:
        counts = run_ensemble(network, sample, seed, jobs or os.cpu_count() or 1, expected, progress, kept)
    except Interrupted as stopped:
        keep_checkpoint(keep_in, fingerprint, stopped.counts)
        raise
    dataset = make_dataset(network, counts, sample.parameters, sample.values, provenance(seed, expected, fitted))
    drop_checkpoint(keep_in)
    return add_observations(dataset, network, counts.cells, sample.values, seed)


def _sample(network: FlowNetwork, draws: int, seed: int, expected: bool, fitted: Fitted | None) -> Sample:
    if fitted is not None:
        return sample_fitted(network, fitted, seed, draws, expected)
    parameters = central_parameters(network.model) if expected else sample_parameters(network.model, seed, draws)
    return sample_draws(network, parameters, seed, expected)


def provenance(seed: int, expected: bool, fitted: Fitted | None = None) -> dict[str, str | int]:
    """Seed, versions and the fit, for the attributes of a Dataset."""
    names = ("corredor", "numpy", "numba", "scipy", "xarray")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    return {
        "seed": seed,
        "expected": int(expected),
        "fitted": int(fitted is not None),
        "versions": f"{versions}, Python {platform.python_version()}",
        "corredor_version": metadata.version("corredor"),
        **({} if fitted is None else _fit_words(fitted)),
    }


def _fit_words(fitted: Fitted) -> dict[str, str | int]:
    return {
        "fitted_until": str(fitted.until),
        "fitted_as_of": str(fitted.as_of),
        "fitted_method": fitted.method,
        "fitted_draws": fitted.n_draws,
        "fitted_fingerprint": fitted.fingerprint,
    }
