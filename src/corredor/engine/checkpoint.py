"""What a stopped command has finished is kept beside its results, and the same command goes on from it."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corredor.engine.counts import Counts
from corredor.study.whole_file import remove_halves, replace_whole

STEM = "unfinished"
NAME = f"{STEM}.npz"


def keep_pieces(folder: Path | None, fingerprint: str, pieces: Mapping[str, np.ndarray], name: str = NAME) -> None:
    """Write named arrays and what they belong to into a folder, in place of those kept before; without a folder, nothing."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)

    def write(passing: Path) -> None:
        with passing.open("wb") as file:
            np.savez(file, fingerprint=np.array(fingerprint), **pieces)  # type: ignore[arg-type]

    replace_whole(folder / name, write)


def read_pieces(folder: Path | None, fingerprint: str, name: str = NAME) -> dict[str, np.ndarray]:
    """What was kept under the same fingerprint (study, options, seed, version); empty if nothing was, or the file is damaged."""
    if folder is None or not (folder / name).is_file():
        return {}
    try:
        with np.load(folder / name, allow_pickle=False) as kept:
            pieces = dict(kept)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return {}
    return pieces if str(pieces.pop("fingerprint", "")) == fingerprint else {}


def drop_checkpoint(folder: Path | None) -> None:
    """Remove what is no longer needed."""
    if folder is not None:
        for kept in (folder / NAME, *_chunks(folder)):
            kept.unlink(missing_ok=True)
        remove_halves(folder, f"{STEM}*.npz")


@dataclass(frozen=True)
class KeptDraws:
    """Draws of a run or a comparison that are kept as they finish, some at a time, so that no kill loses more than the last seconds.

    folder : where; none: nothing is kept
    fingerprint : what they belong to
    """

    folder: Path | None
    fingerprint: str

    def keep(self, counts: Counts, rows: np.ndarray) -> None:
        """Write these draws into a file of their own; what was kept before stays.

        A full disk keeps nothing and stops no run: it is told when the results cannot be written.
        """
        if self.folder is not None and len(rows):
            number = 1 + max((int(path.stem.rpartition("-")[2]) for path in _chunks(self.folder)), default=0)
            draws = {"cells": counts.cells[rows], "people_lost": counts.people_lost[rows], "decisions": counts.decisions[rows]}
            with contextlib.suppress(OSError):
                keep_pieces(self.folder, self.fingerprint, {"draw": rows, **draws}, f"{STEM}-{number}.npz")

    def read(self, n_draws: int, n_cells: int) -> Counts | None:
        """All draws kept under the fingerprint; none if there are none. Files of other runs are removed."""
        counts = Counts.empty(n_draws, n_cells)
        for path in _chunks(self.folder) if self.folder is not None else ():
            kept = read_pieces(path.parent, self.fingerprint, path.name)
            if not kept or kept["cells"].shape[1:] != (n_cells,):
                path.unlink(missing_ok=True)
                continue
            inside = kept["draw"] < n_draws
            draws = kept["draw"][inside]
            counts.cells[draws] = kept["cells"][inside]
            counts.people_lost[draws] = kept["people_lost"][inside]
            counts.decisions[draws] = kept["decisions"][inside]
            counts.done[draws] = True
        return counts if counts.done.any() else None


def _chunks(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob(f"{STEM}-*.npz") if path.stem.rpartition("-")[2].isdigit())
