"""From a study to a Dataset: read the six lines of `simulate` and you know what corredor does."""

from __future__ import annotations

import json
import os
import platform
from importlib import metadata

import xarray as xr

from corredor.engine.checkpoint import KeptDraws
from corredor.engine.ensemble import Progress, run_ensemble
from corredor.engine.fitted import Fitted, network_and_fit, sample_of
from corredor.engine.workers import ClusterLike, workers_of
from corredor.results.dataset import make_dataset
from corredor.results.observe import add_observations
from corredor.results.run_into_store import Order, run_into_store
from corredor.study.arguments import FolderLike, StudyLike, count_of, folder_of, seed_of, yes_of


def simulate(
    study: StudyLike,
    *,
    draws: int = 500,
    seed: int = 1,
    jobs: int | None = None,
    cluster: ClusterLike = None,
    expected: bool = False,
    priors_only: bool = False,
    fitted: Fitted | str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    keep_in: FolderLike | None = None,
    store: str | os.PathLike[str] | None = None,
    chunk: int | None = None,
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
    cluster
        A `distributed.Client`, the address of a Dask scheduler, or local:N for N processes, in place of threads. Changes nothing in the
        results.
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
    store
        Folder or address, such as s3://bucket/name, of a zarr store that draws go into some at a time, so that memory has room for any
        number of them. Chunks that are finished are not run again, also when more draws are asked for later.
    chunk
        Draws in a chunk of a new store; as many as 64 MB hold, at most 1,000, unless given.

    Returns
    -------
    xarray.Dataset
        Dims draw, then month, week or day, then what each output declares; people, days or US dollars as `units` says. Of a store it
        reads what is asked for.

    Raises
    ------
    StudyError
        Every problem of the study; or the fit does not belong to it.
    ValueError
        Draws, jobs or chunk below 1, a seed outside 0 … 2⁶³ − 1, or a store of another run.
    Unreachable
        The cluster or the store.

    Examples
    --------
    >>> runs = simulate("two-towns", draws=3)
    >>> dict(runs["crossings"].sizes)["draw"]
    3
    """
    draws, seed, expected = count_of(draws, "draws"), seed_of(seed), yes_of(expected, "expected")
    network, fitted = network_and_fit(study, fitted, priors_only)
    learned = fitted.fingerprint if fitted else "priors"
    fingerprint = f"{network.model.hash} seed {seed} expected {expected} {learned} corredor {metadata.version('corredor')}"
    attributes = provenance(seed, expected, fitted)
    if store is not None:
        order = Order(network, seed, 1 if expected else draws, expected, fitted)
        with workers_of(jobs, cluster) as workers:
            return run_into_store(store, order, fingerprint, attributes, workers, progress, chunk)
    sample = sample_of(network, range(draws), seed, expected, fitted)
    kept = KeptDraws(folder_of(keep_in, "keep_in"), fingerprint)
    finished = kept.read(len(sample.values), network.recording.n_cells)
    with workers_of(jobs, cluster) as workers:
        counts = run_ensemble(network, sample, seed, workers, expected, progress, finished, kept.keep)
    dataset = make_dataset(network, counts, sample.parameters, sample.values, attributes)
    return add_observations(dataset, network, counts.cells, sample.values, seed)


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
