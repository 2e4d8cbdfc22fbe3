"""What published series alone say of the window of a claim: the panel estimate, taught by the study's own series and by those that come
with corredor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from corredor.effects.benchmark.bundled import bundled_evidence, bundled_panel
from corredor.effects.benchmark.evidence import first_month, month_of
from corredor.effects.claims.monthly import Months, monthly_series
from corredor.effects.design.answer import Answer
from corredor.effects.design.change import FEWEST_BEFORE, FEWEST_PEOPLE
from corredor.effects.design.panel import MONTHS_A_YEAR, Panel, Window
from corredor.effects.design.panel_change import panel_change
from corredor.effects.design.reference import Reference, learn, with_placebos_of
from corredor.study.schema import EffectCheck, Measure, SeriesValue

LONGEST_WINDOW = MONTHS_A_YEAR
"""Months after a measure that a series is carried through; later, too much else has happened."""

TOUCHED = "the series of the claim"


@dataclass(frozen=True)
class Question:
    """What the series of a claim is asked: its window in a panel of it and its donors, and what quiet dates taught of such windows."""

    panel: Panel
    window: Window
    reference: Reference


@dataclass(frozen=True)
class Published:
    """What the series of a claim says.

    months : of the series, up to the end of the window; none where there is none that holds the window
    known : months before the measure
    start : the first month of the window, counted in `months`
    estimate : none where the past is too short or holds too few people
    question : to which the estimate is the answer
    """

    months: Months | None = None
    known: int = 0
    start: int = 0
    estimate: Answer | None = None
    question: Question | None = None
    remarks: tuple[str, ...] = ()


@lru_cache(maxsize=32)
def quiet_dates(before: np.datetime64, length: int, skipped: int) -> Reference | None:
    """What the series that come with corredor teach of windows of a length, from months before the one that is named."""
    return learn([bundled_panel(before)], length, skipped, sorted(bundled_evidence().listed))


def published_estimate(
    series: Sequence[SeriesValue], effect: EffectCheck, measures: Sequence[Measure], as_of: dt.date
) -> Published:
    """How far the series of a claim left what was to be expected, from the beginning of its measures to the last day it speaks of.

    as_of : day by which figures had to be published
    """
    if effect.series is None:
        return Published(remarks=("No published series was named for this effect.",))
    months = monthly_series(series, effect.series, effect.part, as_of)
    begins = min(measure.from_ for measure in measures)
    first, ends = max(first_month(begins), month_of(effect.from_)), month_of(effect.to)
    remarks = []
    if ends - first >= LONGEST_WINDOW:
        ends = first + LONGEST_WINDOW - 1
        remarks.append(f"Of the window the first {LONGEST_WINDOW} months were looked at.")
    if months is None or months.months[-1] < ends or months.months[0] >= first:
        last = "no month" if months is None else f"months from {months.months[0]} to {months.months[-1]}"
        return Published(remarks=(f"By {as_of} the series has {last}, which does not hold the window.",))
    kept = months.months <= ends
    months = Months(months.months[kept], months.values[kept], months.unit, months.sources)
    known, start = int((months.months < month_of(begins)).sum()), int((months.months < first).sum())
    panel, donors = panel_of_claim(series, effect, months, as_of)
    window = Window(0, start, len(months.months) - start, donors, start - known)
    reference = reference_of(series, effect, measures, window, as_of)
    question = None if reference is None else Question(panel, window, reference)
    estimate = None if question is None else panel_change(question.reference, panel, window)
    if estimate is None:
        remarks.append(
            f"{known} months before the measure, or too few people in them, are not enough for an estimate from the published series: it "
            f"takes {FEWEST_BEFORE} months and {FEWEST_PEOPLE} people a month."
        )
    return Published(months, known, start, estimate, question, tuple(remarks))


def reference_of(
    series: Sequence[SeriesValue], effect: EffectCheck, measures: Sequence[Measure], window: Window, as_of: dt.date
) -> Reference | None:
    """What quiet dates of the bundled series and of the claim's own teach of windows of this length."""
    assert effect.series is not None
    reference = quiet_dates(np.datetime64(as_of, "M"), window.length, window.skipped)
    own = panel_of_parts(series, effect.series, as_of)
    if reference is None or own is None:
        return reference
    return with_placebos_of(reference, own, [(effect.series, first_month(measure.from_)) for measure in measures])


def panel_of_claim(
    series: Sequence[SeriesValue], effect: EffectCheck, months: Months, as_of: dt.date
) -> tuple[Panel, tuple[int, ...]]:
    """The series of a claim, and behind it the donors that it names and that have all its months; with the columns of these."""
    assert effect.series is not None
    found = {donor: counts_in(months, series, effect.series, donor, as_of) for donor in effect.donors}
    donors = {name: counts for name, counts in found.items() if counts is not None}
    people = np.column_stack([months.values, *donors.values()])
    panel = Panel(months.months, (TOUCHED, *donors), people, (effect.series,) * (1 + len(donors)))
    return panel, tuple(range(1, 1 + len(donors)))


def counts_in(
    months: Months, series: Sequence[SeriesValue], name: str, part: str | list[str] | None, as_of: dt.date
) -> np.ndarray | None:
    """Another series in the same months; none where it lacks one of them."""
    found = monthly_series(series, name, part, as_of)
    if found is None or not {*months.months} <= {*found.months}:
        return None
    return found.values[np.isin(found.months, months.months)]


def expected_by_month(published: Published, estimate: Answer) -> np.ndarray:
    """What was to be expected in each month of the window, as in the same months of earlier years; (3, n) lower end, middle, upper end."""
    assert published.months is not None
    values = published.months.values
    length = len(values) - published.start
    window = np.arange(published.start, len(values))
    earlier = [values[window - back] for back in range(MONTHS_A_YEAR, len(values), MONTHS_A_YEAR) if window[0] >= back]
    profile = np.mean([np.full(length, 1 / length), *(year / max(year.sum(), 1.0) for year in earlier)], axis=0)
    ends = np.exp([-estimate.high, -estimate.effect, -estimate.low])
    return np.asarray(max(estimate.counted_people, 1.0) * ends[:, None] * profile / profile.sum())


def panel_of_parts(series: Sequence[SeriesValue], name: str, as_of: dt.date) -> Panel | None:
    """The months of every part of a series, as published by a day; none where all are short."""
    parts = dict.fromkeys(row.part for row in series if row.series == name)
    found = {part: monthly_series(series, name, part, as_of) for part in parts}
    runs = {part: months for part, months in found.items() if months is not None and len(months.months) > FEWEST_BEFORE}
    if not runs:
        return None
    every = np.arange(min(run.months[0] for run in runs.values()), max(run.months[-1] for run in runs.values()) + 1)
    people = np.full((len(every), len(runs)), np.nan)
    for column, run in enumerate(runs.values()):
        people[np.isin(every, run.months), column] = run.values
    return Panel(every, tuple(part or name for part in runs), people, (name,) * len(runs))
