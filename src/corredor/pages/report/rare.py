"""What seldom happens: how likely it is, how often it is to be expected, and how large it then is. A fan would show a median of 0."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from corredor.pages.charts.fans import DateMark
from corredor.pages.charts.rare_chart import RareEvents, rare_chart
from corredor.pages.report.figure import HALF_PX, NARROW_PX, Figure, Picture, Table, output_notes
from corredor.pages.report.published import figure_words, rows_of
from corredor.results.coverage import last_revisions
from corredor.results.view import Run, Series
from corredor.results.wording import MISSING, month_text, share_of_draws, share_text

RARE = 0.05
"""A flow is rare when at most this share of its periods has anybody in it, on average over the draws, and the median is none in each."""


def is_rare(run: Run, name: str) -> bool:
    """Whether an output is shown by its chance and size: a flow of people whose median is 0 in every period, though not nothing."""
    if run.is_mean(name) or run.unit(name) != "people" or run.is_single:
        return False
    found = sum((draws > 0).sum(axis=0) for _, draws in run.drawn(Series(name)).blocks())
    # a median is none where fewer than half of the draws have anybody
    return bool(found.any()) and not (2 * found >= run.n_draws).any() and float(found.sum() / (len(found) * run.n_draws)) <= RARE


def rare_figure(run: Run, observed: pd.DataFrame, name: str, id_: str, marks: Sequence[DateMark] = ()) -> Figure:
    """Chance by month as a picture; chance, expected number and size in words; months with anything in a table.

    observed : rows of `published.observations`
    """
    starts, wording = run.starts(name), run.wording(name)
    months = starts.astype("datetime64[M]")
    firsts = np.flatnonzero(np.append(True, months[1:] != months[:-1]))
    blocks = [
        (
            np.maximum.reduceat(draws > 0, firsts, axis=1),
            np.add.reduceat(draws, firsts, axis=1),
            (draws > 0).sum(axis=1),
            draws[draws > 0],
        )
        for _, draws in run.drawn(Series(name)).blocks()
    ]
    happens, people, counts, sizes = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    events = RareEvents(run.title(name), run.side(name), starts[firsts], run.end, happens.mean(axis=0), marks)
    picture = Picture(rare_chart(events, HALF_PX, 0.45 * HALF_PX), rare_chart(events, NARROW_PX, 190))
    rows = [
        [
            month_text(starts[first]),
            share_text(float(happens[:, column].mean())),
            wording.exact(float(people[:, column].mean())),
            *_size_texts(run, name, people[happens[:, column], column]),
        ]
        for column, first in enumerate(firsts)
        if happens[:, column].any()
    ]
    columns = {"month": False, "chance": True, "expected people": True, "if it happens: median": True, "80 %": True}
    table = Table(f"{run.title(name)}, months in which any simulation has it", columns, rows)
    once = last_revisions(observed)
    of_it = rows_of(once, Series(name))
    notes = [*_words(run, name, counts, sizes), *[f"Published: {figure_words(run, row)}." for row in of_it.to_dict("records")]]
    unit = "share of simulations in which it happens, by month"
    return Figure(
        id_, run.title(name), run.side(name), unit, [*notes, *output_notes(run, name)], table, picture, published=len(of_it)
    )


def _words(run: Run, name: str, counts: np.ndarray, sizes: np.ndarray) -> list[str]:
    """Chance, expected number, size.

    counts : (n_draws,) int     periods with anybody
    sizes : (n,) float          people of all these periods of all draws
    """
    wording, every = run.wording(name), run.time_of(name)
    low, high = (int(x) for x in np.quantile(counts, [0.1, 0.9]))
    chance = share_of_draws(float((counts > 0).mean()))
    number = f"{counts.mean():.1f} {every}s with anybody are to be expected ({low} to {high} in 8 of 10 simulations)"
    size, small, large = (wording.rounded(float(q)) for q in np.quantile(sizes, [0.5, 0.1, 0.9]))
    return [
        f"It happens in {chance}; {number}.",
        f"When it happens, {size} people a {every} ({small} to {large} in 8 of 10 cases).",
    ]


def _size_texts(run: Run, name: str, people: np.ndarray) -> list[str]:
    if len(people) == 0:
        return [MISSING, MISSING]
    low, middle, high = (float(q) for q in np.quantile(people, [0.1, 0.5, 0.9]))
    wording = run.wording(name)
    return [wording.exact(middle), wording.interval(low, high)]
