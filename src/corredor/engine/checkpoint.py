"""Finished draws of a run that was stopped are kept beside its results, and the next run of the same study goes on from them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from corredor.engine.counts import Counts
from corredor.study.whole_file import replace_whole

NAME = "unfinished.npz"


def keep_checkpoint(folder: Path, fingerprint: str, counts: Counts) -> Path:
    """Write the finished draws; the file appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path, done = folder / NAME, np.flatnonzero(counts.done)

    def write(passing: Path) -> None:
        with passing.open("wb") as file:
            np.savez(
                file,
                fingerprint=np.array(fingerprint),
                draw=done,
                cells=counts.cells[done],
                people_lost=counts.people_lost[done],
                decisions=counts.decisions[done],
            )

    replace_whole(path, write)
    return path


def read_checkpoint(folder: Path, fingerprint: str, n_draws: int, n_cells: int) -> Counts | None:
    """Finished draws of an earlier run with the same fingerprint (study, seed, version); none if there are none.

    A file that is cut off or damaged counts as none: the draws are then simply run again.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["fingerprint"]) != fingerprint or kept["cells"].shape[1] != n_cells:
                return None
            inside = kept["draw"] < n_draws
            counts = Counts.empty(n_draws, n_cells)
            draws = kept["draw"][inside]
            counts.cells[draws] = kept["cells"][inside]
            counts.people_lost[draws] = kept["people_lost"][inside]
            counts.decisions[draws] = kept["decisions"][inside]
            counts.done[draws] = True
            return counts
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def drop_checkpoint(folder: Path) -> None:
    """Remove what is no longer needed."""
    (folder / NAME).unlink(missing_ok=True)
