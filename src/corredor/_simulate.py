"""From a study to a Dataset: read the six lines of `simulate` and you know what corredor does."""

from __future__ import annotations

import json
import os
import platform
from importlib import metadata

import xarray as xr

from corredor.engine.checkpoint import KeptDraws
from corredor.engine.draws import Sample, central_parameters, sample_draws, sample_parameters
from corredor.engine.ensemble import Progress, run_ensemble
from corredor.engine.fitted import Fitted, sample_fitted, study_and_fit
from corredor.engine.network import FlowNetwork, build_network
from corredor.results.dataset import make_dataset
from corredor.results.observe import add_observations
from corredor.study.arguments import FolderLike, StudyLike, count_of, folder_of, jobs_of, seed_of


def simulate(
    study: StudyLike,
    *,
    draws: int = 500,
    seed: int = 1,
    jobs: int | None = None,
    expected: bool = False,
    priors_only: bool = False,
    fitted: Fitted | str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    keep_in: FolderLike | None = None,
) -> xr.Dataset:
    """What may happen in a corridor, by place, group and date; `corredor run` does the same.

    Parameters
    ----------
    study
        A bundled name, a folder, or a loaded study.
    draws
        Number of simulations; more draws keep the first ones.
    seed
        Whole number that decides all random numbers (M15); the same seed gives the same results on any machine.
    jobs
        Threads; all processors unless given. Changes nothing in the results.
    expected
        Mean-field run (M16): the medians of all parameters, every random count replaced by its mean; one draw.
    priors_only
        Draw parameters from their priors, even if the study's folder holds fitted.nc.
    fitted
        Draws of a fit, or their file, in place of the folder's: draw k has row k, from the first again at its end. A loaded study
        has no folder: it is run from its priors unless a fit is given.
    progress
        Called with the number of draws finished and of all.
    keep_in
        Folder in which finished draws are kept every few seconds, so that the same run goes on from them however it ended. They stay
        there until a command has written its results.

    Returns
    -------
    xarray.Dataset
        Dims draw, then month, week or day, then what each output declares; people, days or US dollars as `units` says.

    Raises
    ------
    StudyError
        Every problem of the study; or the fit does not belong to it.
    ValueError
        Draws or jobs below 1, or a seed outside 0 … 2⁶³ − 1.

    Examples
    --------
    >>> runs = simulate("two-towns", draws=3)
    >>> dict(runs["crossings"].sizes)["draw"]
    3
    """
    draws, seed, jobs = count_of(draws, "draws"), seed_of(seed), jobs_of(jobs)
    model, fitted = study_and_fit(study, fitted, priors_only)
    network = build_network(model)
    sample = _sample(network, draws, seed, expected, fitted)
    learned = fitted.fingerprint if fitted else "priors"
    fingerprint = f"{model.hash} seed {seed} expected {expected} {learned} corredor {metadata.version('corredor')}"
    kept = KeptDraws(folder_of(keep_in, "keep_in"), fingerprint)
    finished = kept.read(len(sample.values), network.recording.n_cells)
    counts = run_ensemble(network, sample, seed, jobs, expected, progress, finished, kept.keep)
    dataset = make_dataset(network, counts, sample.parameters, sample.values, provenance(seed, expected, fitted))
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
        "fitted_troubles": json.dumps(fitted.troubles, ensure_ascii=False),
        "fitted_remarks": json.dumps(fitted.remarks, ensure_ascii=False),
    }
