"""What it means for capacity and protection: how many places, how long a wait, how many deaths to be ready for."""

from __future__ import annotations

import math
import re

import numpy as np

from corredor.pages.report.first_screen.failures import Judged, of_output
from corredor.pages.report.first_screen.monthly import Monthly, place_name, plain_title
from corredor.results.quantiles import MEDIAN
from corredor.results.view import PLACE_DIMENSIONS, Run, Series
from corredor.results.wording import month_text, share_text

DEATHS = re.compile(r"\b(deaths?|dead|died|die)\b", re.IGNORECASE)
LOW, HIGH = 0.8, 1.25
"""Outside these ratios of model to published a number to plan with needs a caution."""
FEWEST_FIGURES = 5


def planning_words(run: Run, months: dict[str, Monthly], leading: Monthly | None, found: Judged | None) -> str:
    """months : of `monthly_outputs`; leading : the series that the study is about; found : of `judged`"""
    protection = [name for name in months if run.side(name) == "protection"]
    if not protection:
        return "The study counts nothing of shelter, waiting, protection or deaths: a gap of the study, not good news."
    people = [name for name in protection if run.unit(name) == "people" and not DEATHS.search(run.title(name))]
    main = max(people, key=lambda name: (run.is_mean(name), *_highest(run, [Series(name)])), default=None)
    parts = [_places_words(run, main)] if main is not None else []
    parts += [words for words in (_wait_words(run, protection, main), _deaths_words(run, months, protection)) if words]
    told = dict.fromkeys(name for name in (main, leading.name if leading is not None else None) if name)
    return f"{'; '.join(parts)}. {_caution(run, list(told), found)}".strip()


def _highest(run: Run, several: list[Series]) -> list[float]:
    """Median over draws of the highest period, of several series of one output."""
    return [float(np.quantile(peaks, 0.5)) for peaks in run.peaks_of(several)]


def _places_words(run: Run, name: str) -> str:
    middle, high = (float(q) for q in np.quantile(run.peaks_of([Series(name)])[0], [0.5, 0.9]))
    at = int(np.argmax(run.quantiles(Series(name))[MEDIAN]))
    wording, month = run.wording(name), month_text(run.starts(name)[at])
    each = "at once" if run.is_mean(name) else f"a {run.time_of(name)}"
    if run.is_single:
        return f"{plain_title(run, name)}: {wording.rounded(middle)} {each} in {month}"
    return f"{plain_title(run, name)}: {wording.rounded(middle)} {each} in {month}; {wording.rounded(high)} cover 9 of 10 simulations"


def _wait_words(run: Run, names: list[str], main: str | None) -> str:
    """The wait where most people are, else the longest of all places: what half of the simulations reach."""
    waits = [name for name in names if run.unit(name) == "days" and run.is_mean(name)]
    found = [(days, one.place) for name in waits for days, one in _by_place(run, name)]
    crowded = _most_crowded(run, main) if main is not None else ""
    found = [(days, place) for days, place in found if place == crowded] or found
    longest, where = max(found, default=(0.0, ""))
    return f"waits of {longest:,.0f} days{f' in {place_name(run, where)}' if where else ''}" if longest >= 1 else ""


def _by_place(run: Run, name: str) -> list[tuple[float, Series]]:
    """`_highest` of each place of an output, and the series."""
    dimension = run.dimension_in(name, PLACE_DIMENSIONS)
    several = [Series(name, place=label) for label in run.labels(name, dimension)] if dimension else [Series(name)]
    return list(zip(_highest(run, several), several, strict=True))


def _most_crowded(run: Run, name: str) -> str:
    return max(_by_place(run, name), key=lambda found: found[0])[1].place


def _deaths_words(run: Run, months: dict[str, Monthly], names: list[str]) -> str:
    name = next((name for name in names if DEATHS.search(run.title(name)) and not run.is_mean(name)), None)
    if name is None:
        return ""
    low, middle, high = (float(q) for q in np.quantile(months[name].totals, [0.1, 0.5, 0.9]))
    wording, title = run.wording(name), plain_title(run, name)
    band = "" if run.is_single else f" ({wording.rounded_interval(low, high)})"
    return f"{title[0].lower()}{title[1:]}: {wording.rounded(middle)}{band} in all"


def _caution(run: Run, names: list[str], found: Judged | None) -> str:
    """Which way the numbers may be wrong, by what was published of the first of these outputs that has enough figures."""
    for name in names:
        own = of_output(found, name)
        if own is None or own.held.figures < FEWEST_FIGURES or not math.isfinite(own.held.ratio):
            continue
        ratio, title = own.held.ratio, plain_title(run, name)
        if ratio < LOW:
            return f"Prepare for more: of {title} the model expects {share_text(ratio)} of what was published."
        if ratio > HIGH:
            return f"It may be fewer: of {title} the model expects {ratio:.1f} times what was published."
        return ""
    return "Too few figures were published to say whether that is too many."
