"""The first screen: a few numbers with their intervals, control and protection in equal measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from corredor.pages.report.choices import says_the_same
from corredor.pages.report.published import published_figures
from corredor.results.view import Run, Series
from corredor.results.wording import month_text

MOST_OF_A_SIDE = 2
SIDES_SHOWN = ("movement", "control", "protection")


@dataclass(frozen=True)
class KeyNumber:
    """number : median; words : what it counts; interval : 80 % of draws; published : the same from published figures, if complete"""

    title: str
    side: str
    number: str
    interval: str
    words: str
    published: str


def key_numbers(run: Run, table: pd.DataFrame, outputs: list[str]) -> dict[str, list[KeyNumber]]:
    """At most two numbers of each side, in the order of the study.

    Control and protection get equally many as far as both exist, so that neither outshines the other.
    """
    by_side = {side: [name for name in outputs if run.side(name) == side] for side in SIDES_SHOWN}
    fair = min(MOST_OF_A_SIDE, max(len(by_side["control"]), 1), max(len(by_side["protection"]), 1))
    most = {"movement": MOST_OF_A_SIDE, "control": fair, "protection": fair}
    chosen = {side: _different(run, by_side[side])[: most[side]] for side in SIDES_SHOWN}
    return {side: [_key_number(run, table, name) for name in names] for side, names in chosen.items() if names}


def _different(run: Run, names: list[str]) -> list[str]:
    """Outputs without those that only count the same by other periods."""
    kept: dict[str, np.ndarray] = {}
    for name in names:
        total = run.draws(Series(name)).sum(axis=1)
        if not any(says_the_same(total, other) for other in kept.values()):
            kept[name] = total
    return list(kept)


def _key_number(run: Run, table: pd.DataFrame, name: str) -> KeyNumber:
    draws = run.draws(Series(name))
    wording, starts = run.wording(name), run.starts(name)
    if not run.is_mean(name):
        values, words = (
            draws.sum(axis=1),
            f"over the whole study, {month_text(starts[0])} to {month_text(run.last_day.isoformat())}",
        )
        figures = [f for f in published_figures(run, table, Series(name), draws) if not f.averaged and np.isfinite(f.value)]
        months = {(f.first, f.last) for f in figures}
        complete = len(months) == len(starts) == len(figures)
        published = wording.exact(sum(f.value for f in figures)) if complete else ""
    else:
        values, published = draws.max(axis=1), ""
        peak = starts[int(np.argmax(np.median(draws, axis=0)))]
        words = f"at the highest {run.time_of(name)}, most likely in {month_text(peak)}"
    low, middle, high = (float(q) for q in np.quantile(values, [0.1, 0.5, 0.9]))
    interval = "" if run.is_single else wording.rounded_interval(low, high)
    number = wording.rounded(middle) + ("" if wording.unit in ("people", "USD") else f" {wording.unit}")
    return KeyNumber(run.title(name), run.side(name), number, interval, words, published)
