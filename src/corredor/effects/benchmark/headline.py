"""What came of a benchmark in sentences, losses included."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from corredor.effects.benchmark.scores import MethodScore, Share

LOSSES = (("missed", "Missed"), ("wrong sign", "Found with the wrong sign"), ("no answer", "No answer"))
FINDS = {"a fall": -1, "a rise": 1, "nothing": 0}


EFFECT_TOLD = ("found", "wrong sign", "false verdict")
"""Judgements of verdicts that say that a measure whose effect is known had one; only the first is right."""


def headline(scores: Sequence[MethodScore], own: pd.DataFrame) -> list[str]:
    """All sentences of `benchmark_answer`, one for each thing that counts."""
    return [sentence for sentences in benchmark_answer(scores, own).values() for sentence in sentences]


def benchmark_answer(scores: Sequence[MethodScore], own: pd.DataFrame) -> dict[str, list[str]]:
    """Question → sentences: wrong (how often it is), missed (what it finds and what not), sizes, contested.

    scores : of all methods, the main one first
    own : rows of the main one, as in `Benchmark.rows`
    """
    score, *others = scores
    return {
        "wrong": _wrong(score, own),
        "missed": _missed(score, others, own),
        "sizes": _sizes(score),
        "contested": _contested(own),
    }


def _wrong(score: MethodScore, own: pd.DataFrame) -> list[str]:
    told = own["judged"].isin(EFFECT_TOLD)
    verdicts = Share(int((told & (own["judged"] != "found")).sum()), int(told.sum()))
    words = f"Of the effects that it told of measures whose effect is known, {share_words(verdicts)} were wrong."
    said = [words if verdicts.of else "It told no effect of a measure whose effect is known."]
    said.append(
        f"False verdicts: {share_words(score.false_dates)} at placebo dates, {share_words(score.false_units)} at placebo units, "
        f"{score.false_none} measures found to have had no effect."
    )
    if score.false_strict.of:
        said.append(f"Taught by other families of series alone: {share_words(score.false_strict)} at the same placebo dates.")
    return said


def _missed(score: MethodScore, others: Sequence[MethodScore], own: pd.DataFrame) -> list[str]:
    said = [f"Found with the right sign: {score.found} agreed effects."]
    for words, what in LOSSES:
        ids = own.loc[own["judged"] == words, "id"]
        if len(ids):
            said.append(f"{what}: {', '.join(ids)}.")
    better = [f"{other.method} ({other.found.n})" for other in others if other.found.n > score.found.n]
    return [*said, f"More than that is found by {', '.join(better)}."] if better else said


def _sizes(score: MethodScore) -> list[str]:
    said = []
    if score.sizes.of:
        said.append(f"The 95 % interval overlaps the agreed size in {score.sizes} and holds all of it in {score.sizes_whole}.")
    if np.isfinite(score.width_ratio) and score.width_ratio != 1:
        said.append(f"Median width of the interval: {score.width_ratio:.2f} times that of the single interrupted series.")
    return said


def _contested(own: pd.DataFrame) -> list[str]:
    contested = own[own["agreement"] == "contested"]
    finds = {words: list(contested.loc[contested["finds"] == sign, "id"]) for words, sign in FINDS.items()}
    parts = [f"{words} in {', '.join(ids)}" for words, ids in finds.items() if ids]
    return [f"Contested: {'; '.join(parts) or 'no answer'}."] if len(contested) else []


def share_words(share: Share) -> str:
    """12 of 500 (2.4 %; in the long run 1.2 to 4.2 %)."""
    if not share.of:
        return "none asked"
    low, high = share.interval
    return f"{share} ({100 * share.value:.1f} %; in the long run {100 * low:.1f} to {100 * high:.1f} %)"
