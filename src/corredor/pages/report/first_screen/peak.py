"""When most people came, how many, and how sure that is."""

from __future__ import annotations

import numpy as np

from corredor.pages.report.first_screen.monthly import Monthly, counted, plain_title
from corredor.results.view import Run
from corredor.results.wording import share_of_draws


def peak_words(run: Run, main: Monthly | None) -> str:
    """main : the series that the study is about"""
    if main is None:
        return "The study counts nobody, so there is no peak to tell of."
    title = plain_title(run, main.name) + (f" ({main.parts})" if main.parts else "")
    if not main.values.any():
        return f"{title}: none in any {main.every} of most simulations."
    at = int(np.argmax(main.values))
    if not main.is_published:
        return f"{title}: {_simulated(run, main, at)}"
    wording = run.wording(main.name)
    words = f"{title}: most in {main.period(at)}, {wording.exact(float(main.published[at]))} published."
    low, middle, high = (float(q) for q in np.quantile(main.expected[:, at], [0.1, 0.5, 0.9]))
    if run.is_single:
        return f"{words} The one run expects {wording.rounded(middle)}, and cannot say how sure."
    verdict = "holds it" if low <= main.published[at] <= high else "misses it"
    return f"{words} The model’s {wording.rounded(middle)} (80 %: {wording.rounded_interval(low, high)}) {verdict}."


def _simulated(run: Run, main: Monthly, at: int) -> str:
    wording = run.wording(main.name)
    median = counted(run, main.name, float(main.values[at]), main.every)
    if run.is_single:
        return f"most in {main.period(at)}, {median}, in the one run; it cannot say how sure."
    draws = main.draws
    low, high = (float(q) for q in np.quantile(draws[:, at], [0.1, 0.9]))
    share = share_of_draws(float((np.argmax(draws, axis=1) == at).mean()))
    band = f"{median} (80 %: {wording.rounded_interval(low, high)})"
    return f"most in {main.period(at)}, {band}; {share} have their peak then. Nothing published covers every {main.every}."
