"""What a stopped command has finished is kept beside its results, and the same command goes on from it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from corredor.engine.counts import Counts
from corredor.study.whole_file import replace_whole

NAME = "unfinished.npz"


def keep_pieces(folder: Path | None, fingerprint: str, pieces: Mapping[str, np.ndarray]) -> None:
    """Write named arrays and what they belong to into a folder, in place of those kept before; without a folder, nothing."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)

    def write(passing: Path) -> None:
        with passing.open("wb") as file:
            np.savez(file, fingerprint=np.array(fingerprint), **pieces)  # type: ignore[arg-type]

    replace_whole(folder / NAME, write)


def read_pieces(folder: Path | None, fingerprint: str) -> dict[str, np.ndarray]:
    """What was kept under the same fingerprint (study, options, seed, version); empty if nothing was, or the file is damaged."""
    if folder is None or not (folder / NAME).is_file():
        return {}
    try:
        with np.load(folder / NAME, allow_pickle=False) as kept:
            pieces = dict(kept)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return {}
    return pieces if str(pieces.pop("fingerprint", "")) == fingerprint else {}


def drop_checkpoint(folder: Path | None) -> None:
    """Remove what is no longer needed."""
    if folder is not None:
        (folder / NAME).unlink(missing_ok=True)


def keep_checkpoint(folder: Path | None, fingerprint: str, counts: Counts) -> None:
    """Keep the finished draws of a run or a comparison."""
    done = counts.done
    draws = {"cells": counts.cells[done], "people_lost": counts.people_lost[done], "decisions": counts.decisions[done]}
    keep_pieces(folder, fingerprint, {"draw": np.flatnonzero(done), **draws})


def read_checkpoint(folder: Path | None, fingerprint: str, n_draws: int, n_cells: int) -> Counts | None:
    """Finished draws of an earlier run with the same fingerprint; none if there are none."""
    kept = read_pieces(folder, fingerprint)
    if not kept or kept["cells"].shape[1] != n_cells:
        return None
    counts, inside = Counts.empty(n_draws, n_cells), kept["draw"] < n_draws
    draws = kept["draw"][inside]
    counts.cells[draws] = kept["cells"][inside]
    counts.people_lost[draws] = kept["people_lost"][inside]
    counts.decisions[draws] = kept["decisions"][inside]
    counts.done[draws] = True
    return counts
