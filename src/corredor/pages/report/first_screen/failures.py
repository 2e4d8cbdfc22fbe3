"""The published figure that the model misses most, and how far off it is on the whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from corredor.pages.report.first_screen.changes import gap
from corredor.results.coverage import Coverage, coverage, judged_figures, nearest_allowed, seen_by_the_fit
from corredor.results.view import Run


@dataclass(frozen=True)
class Judged:
    """What the model is judged by: figures that its fit has not seen where there are any, else all.

    rows : of `judged_figures`, with the columns nearest (the number nearest to the model's median that a figure allows) and gap (0 inside
        the 95 % band, else as in `changes.gap`)
    unseen : whether no fit has seen them
    """

    rows: pd.DataFrame
    unseen: bool

    @property
    def held(self) -> Coverage:
        return coverage(self.rows)


def judged(run: Run, observed: pd.DataFrame) -> Judged | None:
    """None for a study without published figures, or a forecast after which none has appeared."""
    if observed.empty:
        return None
    rows = judged_figures(observed, str(run.as_of) if run.as_of is not None else None)
    if rows.empty:
        return None
    seen = seen_by_the_fit(rows, str(run.known_until) if run.known_until is not None else None)
    seen = seen | (run.is_fitted and run.known_until is None)
    unseen = not seen.all()
    chosen = rows[~seen] if unseen else rows
    nearest = nearest_allowed(chosen)
    outside = (~chosen["inside_95"].to_numpy(dtype=bool)) & ~run.is_single
    gaps = [gap(one, other) if is_out else 0.0 for one, other, is_out in zip(nearest, chosen["q50"], outside, strict=True)]
    return Judged(chosen.assign(nearest=nearest, gap=gaps), unseen)


def of_output(found: Judged | None, name: str) -> Judged | None:
    """The same of one output; None where nothing was published of it."""
    if found is None or not (found.rows["output"] == name).any():
        return None
    return Judged(found.rows[found.rows["output"] == name], found.unseen)


def worst(found: Judged) -> dict[str, object] | None:
    """The row with the largest gap; None where every figure lies inside the 95 % band."""
    at = int(np.argmax(found.rows["gap"].to_numpy()))
    row: dict[str, object] = {str(key): value for key, value in found.rows.iloc[at].items()}
    return row if found.rows["gap"].iloc[at] > 0 else None
