"""Finished rounds of a fit that was stopped are kept beside its results, and the same fit goes on from them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

NAME = "unfinished-fit.npz"


def keep_rounds(
    folder: Path, fingerprint: str, z: np.ndarray, misfits: tuple[float, ...], covariance: np.ndarray, heard: np.ndarray
) -> Path:
    """Write the ensemble after its last finished round; the file appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    passing = folder / f".{NAME}"
    try:
        with passing.open("wb") as file:
            np.savez(file, fingerprint=np.array(fingerprint), z=z, misfits=np.array(misfits), covariance=covariance, heard=heard)
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)
    return path


def read_rounds(folder: Path, fingerprint: str) -> tuple[np.ndarray, tuple[float, ...], np.ndarray, np.ndarray] | None:
    """Ensemble, misfits, covariance and what was heard, of a stopped fit of the same; none when there is none or it is damaged."""
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["fingerprint"]) != fingerprint:
                return None
            return kept["z"], tuple(float(x) for x in kept["misfits"]), kept["covariance"], kept["heard"]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def drop_rounds(folder: Path) -> None:
    """Remove what is no longer needed."""
    (folder / NAME).unlink(missing_ok=True)
