"""What came of a benchmark in sentences, losses included."""

from __future__ import annotations

import numpy as np
import pandas as pd

from corredor.effects.benchmark.scores import MethodScore, Share

LOSSES = (("missed", "Missed"), ("wrong sign", "Found with the wrong sign"), ("no answer", "No answer"))
FINDS = {"a fall": -1, "a rise": 1, "nothing": 0}


def headline(score: MethodScore, own: pd.DataFrame) -> list[str]:
    """One sentence for each thing that counts.

    score : of the main method
    own : its rows, as in `Benchmark.rows`
    """
    said = [f"Found with the right sign: {score.found} agreed effects."]
    for words, what in LOSSES:
        ids = own.loc[own["judged"] == words, "id"]
        if len(ids):
            said.append(f"{what}: {', '.join(ids)}.")
    if score.sizes.of:
        said.append(f"The 95 % interval overlaps the agreed size in {score.sizes} and holds all of it in {score.sizes_whole}.")
    said.append(
        f"False verdicts: {share_words(score.false_dates)} at placebo dates, {share_words(score.false_units)} at placebo units, "
        f"{score.false_none} measures found to have had no effect."
    )
    if score.false_strict.of:
        said.append(f"Taught by other families of series alone: {share_words(score.false_strict)} at the same placebo dates.")
    if np.isfinite(score.width_ratio) and score.width_ratio != 1:
        said.append(f"Median width of the interval: {score.width_ratio:.2f} times that of the single interrupted series.")
    contested = own[own["agreement"] == "contested"]
    if len(contested):
        finds = {words: list(contested.loc[contested["finds"] == sign, "id"]) for words, sign in FINDS.items()}
        parts = [f"{words} in {', '.join(ids)}" for words, ids in finds.items() if ids]
        said.append(f"Contested: {'; '.join(parts) or 'no answer'}.")
    return said


def share_words(share: Share) -> str:
    """12 of 500 (2.4 %; in the long run 1.2 to 4.2 %)."""
    if not share.of:
        return "none asked"
    low, high = share.interval
    return f"{share} ({100 * share.value:.1f} %; in the long run {100 * low:.1f} to {100 * high:.1f} %)"
