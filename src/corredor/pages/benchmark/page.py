"""The page of a benchmark: what came of it in words, then every claim with its figure, every method, every false verdict, the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from corredor.effects.benchmark.evidence import EffectClaim, Evidence
from corredor.effects.benchmark.judged import percent_of
from corredor.effects.benchmark.run import Benchmark
from corredor.pages.benchmark.words import (
    METHOD_COLUMNS,
    ROW_COLUMNS,
    in_order,
    interval_words,
    known_words,
    p_words,
    percent_words,
    row_cells,
    score_cells,
    size_words,
    verdict_words,
)
from corredor.pages.charts.design_chart import design_chart
from corredor.pages.charts.fans import DateMark
from corredor.pages.charts.svg import Svg
from corredor.pages.report.figure import Picture, Table
from corredor.pages.template import STYLES, filled
from corredor.results.small_cells import drawn_people
from corredor.results.wording import Wording, month_text

WIDE_PX, NARROW_PX = 640.0, 350.0
MONTHS_SHOWN_BEFORE, MONTHS_SHOWN_AFTER = 36, 6
WORDS = {"claim", "known", "agreed size", "method", "verdict", "how"}
"""Columns of words; all others hold numbers."""


@dataclass(frozen=True)
class _Shown:
    """A claim as the template needs it."""

    claim: EffectClaim
    series: str
    known: str
    window: str
    verdict: str
    number: str
    picture: Picture | None
    caption: str
    methods: Table
    sources: str


def render_benchmark(test: Benchmark, made: Mapping[str, str]) -> str:
    """The page as one HTML file without any outside part.

    made : name → value, of how it was made: command, placebos, seed
    """
    own = in_order(test.own())
    claims = {claim.id: claim for claim in test.evidence.claims}
    scores = test.scores()
    return filled(
        "benchmark.html.j2",
        (*STYLES, "answers.css", "benchmark.css"),
        test=test,
        made=made,
        main=scores[0].method,
        answer=test.answer(),
        rows=Table(f"Every claim, by the method {scores[0].method}", _columns(ROW_COLUMNS), list(row_cells(own))),
        methods=Table("Every method", _columns(METHOD_COLUMNS), [score_cells(score) for score in scores]),
        shown=[_shown(test, claims[str(row.id)], row) for row in own.itertuples()],
        wrong=_false_verdicts(test, scores[0].method),
    )


def _columns(names: tuple[str, ...]) -> dict[str, bool]:
    return {name: name not in WORDS for name in names}


def _shown(test: Benchmark, claim: EffectClaim, row: Any) -> _Shown:
    of_claim = test.rows[test.rows["id"] == claim.id]
    columns = {"method": False, "effect": True, "95 % interval": True, "p": True, "verdict": False, "how": False}
    cells = [
        [
            str(one.method),
            percent_words(one.effect_percent),
            interval_words(one.low_percent, one.high_percent),
            p_words(one.p_value),
            verdict_words(one),
            str(one.note),
        ]
        for one in of_claim.itertuples()
    ]
    number = f"{percent_words(row.effect_percent)} ({interval_words(row.low_percent, row.high_percent)})"
    agreed = size_words(row.size_low, row.size_high)
    sizes = [(WIDE_PX, 230.0), (NARROW_PX, 210.0)]
    drawn, caption = row_picture(test.evidence, claim, row, sizes, not test.small_shown_because)
    return _Shown(
        claim=claim,
        series=claim.series,
        known=f"{known_words(row)}{f', {agreed}' if agreed else ''}",
        window=_window_words(claim),
        verdict=verdict_words(row),
        number="" if np.isnan(row.effect) else number,
        picture=Picture(*drawn) if drawn else None,
        caption=caption,
        methods=Table("What each method says", columns, cells),
        sources=claim.source if isinstance(claim.source, str) else "; ".join(claim.source or []),
    )


def _window_words(claim: EffectClaim) -> str:
    first = claim.first_month
    last = first + claim.window_months - 1
    words = month_text(str(first)) if first == last else f"{month_text(str(first))} to {month_text(str(last))}"
    return f"{words} (from {claim.date})"


def row_picture(
    evidence: Evidence, claim: EffectClaim, row: Any, sizes: Sequence[tuple[float, float]], hides_small: bool = True
) -> tuple[list[Svg], str]:
    """Published months around the window and what was to be expected in it, and a caption; no picture where no month was published.

    row : answer of a method, as in `Benchmark.rows`
    sizes : width and height of each picture, in pixels
    hides_small : without months that would tell a small one beside them, and without what was expected of few people
    """
    panel, window = evidence.panel, evidence.window(claim)
    first = max(window.start - MONTHS_SHOWN_BEFORE, 0)
    end = min(window.start + window.length + MONTHS_SHOWN_AFTER, len(panel.months))
    wording, inside = Wording("people", hides_small), slice(window.start - first, window.start - first + window.length)
    published = panel.people[first:end, window.unit]
    published = drawn_people(published, inside) if wording.floor else published
    if not np.isfinite(published).any():
        return [], ""
    bands: dict[str, np.ndarray] = {}
    caption = "Dots: published, by month."
    if np.isfinite(row.effect) and not wording.hides(row.counted_people):
        band = np.full((3, end - first), np.nan)
        # the expected people of the window in equal parts, since methods say nothing of its single months
        ends = row.expected_people / window.length * np.exp(row.effect - np.array([row.high, row.effect, row.low]))
        band[:, inside] = ends[:, None]
        bands = {str(row.method): band}
        caption += f" Line and 95 % band over the window: people a month that were to be expected, by the method {row.method}."
    starts = panel.months[first:end].astype("datetime64[ns]")
    mark = DateMark("measure", panel.months[window.start].astype("datetime64[ns]"), "first month of the window")
    title = f"{claim.series}, people counted a month"
    return [design_chart(title, starts, published, bands, mark, wording, width, height) for width, height in sizes], caption


def _false_verdicts(test: Benchmark, method: str) -> Table:
    """Every placebo window at which the main method found something."""
    drawn = test.placebos
    wrong: pd.DataFrame = drawn[(drawn["method"] == method) & drawn["finds"].isin([-1.0, 1.0])]
    kinds = {"date": "placebo date", "unit": "placebo unit", "strict": "placebo date, taught by other families"}
    columns = {"kind": False, "series": False, "window begins": False, "effect": True, "95 % interval": True, "p": True}
    rows = [
        [
            kinds[str(one.kind)] + (f", date of {one.claim}" if one.claim else ""),
            str(one.series),
            month_text(str(one.month)),
            percent_words(percent_of(one.effect)),
            interval_words(percent_of(one.low), percent_of(one.high)),
            p_words(one.p_value),
        ]
        for one in wrong.itertuples()
    ]
    return Table(f"{len(rows)} verdicts at placebo windows", columns, rows)
