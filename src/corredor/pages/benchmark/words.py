"""Effects, agreed sizes and shares as a reader sees them, the same on the page, on a terminal and in docs/EVIDENCE.md."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from corredor.effects.benchmark.scores import MethodScore, Share

AGREEMENT_WORDS = {"agreed": "agreed", "contested": "contested", "none_found": "found to have had no effect"}
DIRECTION_WORDS = {"lower": "a fall", "higher": "a rise", "none": "no effect"}
FINDS_WORDS = {-1: "a fall", 0: "nothing", 1: "a rise"}
ORDER = ("agreed", "none_found", "contested")
"""In which claims are shown."""

PERCENT = "\u00a0%"
"""Never parted from its number."""

LARGEST_PERCENT = 1000.0
"""Above, an effect is told as so many times what was to be expected."""

ROW_COLUMNS = ("claim", "known", "agreed size", "effect", "95 % interval", "p", "smallest fall, rise it sees", "verdict")
METHOD_COLUMNS = (
    "method",
    "agreed found",
    "sizes held",
    "whole",
    "false: none",
    "false: dates",
    "false: units",
    "width",
    "÷ single",
    "no answer",
)


def percent_words(percent: float) -> str:
    """−88 %, +4.2 %, 15 times; a dash where there is none."""
    if not math.isfinite(percent):
        return "–" if math.isnan(percent) else "any"
    if percent > LARGEST_PERCENT:
        return f"{1 + percent / 100:,.0f} times"
    text = f"{percent:+.0f}" if abs(percent) >= 10 and percent > -99 else f"{percent:+.1f}"
    return f"{text.replace('-', '−')}{PERCENT}"


def interval_words(low: float, high: float) -> str:
    if math.isnan(low):
        return "–"
    first, second = percent_words(low), percent_words(high)
    return f"{first.removesuffix(PERCENT) if second.endswith(PERCENT) else first} to {second}"


def p_words(p_value: float) -> str:
    return "–" if math.isnan(p_value) else "<0.001" if p_value < 0.001 else f"{p_value:.3f}"


def size_words(low: float, high: float) -> str:
    """An agreed size; empty where none is agreed."""
    if math.isnan(low):
        return ""
    return percent_words(low) if low == high else interval_words(low, high)


def known_words(row: Any) -> str:
    """What is known of a claim: agreed: a fall."""
    if row.agreement == "none_found":
        return AGREEMENT_WORDS["none_found"]
    return f"{AGREEMENT_WORDS[row.agreement]}: {DIRECTION_WORDS[row.direction]}"


def verdict_words(row: Any) -> str:
    """How an answer is judged; of a contested claim, what was found."""
    if row.judged == "contested":
        return f"{FINDS_WORDS[int(row.finds)]} found"
    held = {True: "", False: ", size outside"}.get(row.holds_size, "")
    return f"{row.judged}{held if row.judged == 'found' else ''}"


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Claims agreed upon first, then those without effect, then contested ones."""
    rank = rows["agreement"].map({agreement: number for number, agreement in enumerate(ORDER)})
    return rows.assign(rank=rank).sort_values("rank", kind="stable").drop(columns="rank")


def row_cells(rows: pd.DataFrame) -> Iterator[list[str]]:
    """Cells of ROW_COLUMNS for each claim."""
    for row in in_order(rows).itertuples():
        sees = "–" if math.isnan(row.least_fall_percent) else _sees(row)
        yield [
            str(row.id),
            known_words(row),
            size_words(row.size_low, row.size_high),
            percent_words(row.effect_percent),
            interval_words(row.low_percent, row.high_percent),
            p_words(row.p_value),
            sees,
            verdict_words(row),
        ]


def _sees(row: Any) -> str:
    return f"{percent_words(row.least_fall_percent)}, {percent_words(row.least_rise_percent)}"


def score_cells(score: MethodScore) -> list[str]:
    """Cells of METHOD_COLUMNS for one method."""
    return [
        score.method,
        _of(score.found),
        _of(score.sizes),
        _of(score.sizes_whole),
        _of(score.false_none),
        _percent_of(score.false_dates),
        _percent_of(score.false_units),
        "–" if math.isnan(score.width) else "unbounded" if math.isinf(score.width) else f"{score.width:.2f}",
        "–" if math.isnan(score.width_ratio) else f"{score.width_ratio:.2f}",
        _of(score.unanswered),
    ]


def _of(share: Share) -> str:
    return str(share) if share.of else "–"


def _percent_of(share: Share) -> str:
    return f"{100 * share.value:.1f}{PERCENT} of {share.of}" if share.of else "–"
