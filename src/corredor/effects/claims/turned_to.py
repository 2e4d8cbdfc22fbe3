"""Did those who are missing here turn elsewhere? A claim names where they may be; published series tell whether more came there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from corredor.effects.claims.finding import Evidence
from corredor.effects.claims.published_series import Published, Question, counts_in
from corredor.effects.design.answer import Answer
from corredor.effects.design.diversion import Diversion, People, SeriesGap, diversion
from corredor.effects.design.panel_change import panel_change
from corredor.results.wording import Wording, estimated, joined
from corredor.study.schema import EffectCheck, SeriesValue
from corredor.study.selectors import elsewhere_of, names_in

ANSWERS = {
    "no fall here": "no fall is certain here, so there is nothing to look for elsewhere",
    "fewer people": "fewer people in all, and no sign that they turned there",
    "partly displaced": "fewer people in all, but some of those missing here turned there",
    "displaced": "those missing here turned there",
    "cannot tell": "whether those missing here turned there cannot be told",
}


@dataclass(frozen=True)
class Turned:
    """found : none where nothing was asked or could be estimated;  evidence : what there is to say"""

    found: Diversion | None = None
    evidence: tuple[Evidence, ...] = ()


def turned_to(
    series: Sequence[SeriesValue], effect: EffectCheck, published: Published, as_of: dt.date, hides_small: bool = True
) -> Turned:
    """Hold the series of a claim against the sum of it and those to which people may have turned.

    as_of : day by which figures had to be published
    hides_small : where the series, or another, counts too few people to be shown, no people are told
    """
    months, question, estimate = published.months, published.question, published.estimate
    if not effect.elsewhere or months is None or question is None or estimate is None:
        return Turned()
    gaps: list[SeriesGap] = []
    together, left_out = months.values, []
    for place in elsewhere_of(effect):
        name = joined(names_in(place.part)).replace("_", " ") or place.series.replace("_", " ")
        counts = counts_in(months, series, place.series, place.part, as_of)
        answer = None if counts is None else _answer(question, counts, place.series)
        if counts is None or answer is None:
            left_out.append(name)
        else:
            gaps.append(_gap(name, answer))
            together = together + counts
    evidence = []
    if left_out:
        evidence.append(Evidence(f"Elsewhere: {joined(left_out)} left out, with too few months or people for an estimate."))
    if not gaps:
        return Turned(None, tuple(evidence))

    found = diversion(_gap("here", estimate), gaps, lambda gap: _judged_sum(question, together, gap))
    wording = Wording("people", hides_small)
    few = any(wording.hides(counted) for counted in (estimate.counted_people, *(gap.counted_people for gap in gaps)))
    told = Evidence(f"In short: {ANSWERS[found.verdict]}.") if few else _evidence(found, [gap.series for gap in gaps])
    return Turned(found, (*evidence, told))


def _answer(question: Question, counts: np.ndarray, family: str) -> Answer | None:
    """The question of the claim, put to another series."""
    panel = question.panel
    people = np.column_stack([counts, panel.people[:, 1:]])
    asked = replace(panel, people=people, families=(family, *panel.families[1:]))
    return panel_change(question.reference, asked, question.window)


def _judged_sum(question: Question, together: np.ndarray, gap: float) -> Answer:
    """How rare a gap of the sum is.

    What was to be expected of the sum is the sum of what was to be expected of its parts, so that people add up; its own past only tells
    how far such a sum goes astray. So its window is moved until its own gap is the one that is asked about.
    """
    family, window = question.panel.families[0], question.window
    own = _answer(question, together, family)
    assert own is not None, "the sum has the months of its parts and more people"
    moved = together.copy()
    moved[window.rows] *= np.exp(gap - own.effect)
    judged = _answer(question, moved, family)
    assert judged is not None
    return judged


def _gap(name: str, answer: Answer) -> SeriesGap:
    return SeriesGap(name, answer.counted_people, answer.effect, answer.low, answer.high)


def _evidence(found: Diversion, names: Sequence[str]) -> Evidence:
    rise = f"{estimated(abs(found.elsewhere_people))} {'more' if found.elsewhere_people >= 0 else 'fewer'}"
    risen = f"; {joined(found.risen)} rose beyond doubt" if found.risen else ""
    text = (
        f"Against what was to be expected, {_fewer(found.fewer_here)} people here, {rise} in {joined(names)}{risen}; together "
        f"{_fewer(found.fewer_together)} (p = {found.p_value:.3f}). In short: {ANSWERS[found.verdict]}."
    )
    figures = {
        "fewer_here_people": found.fewer_here.people,
        "more_elsewhere_people": found.elsewhere_people,
        "fewer_together_people": found.fewer_together.people,
        "fewer_together_low": found.fewer_together.low,
        "fewer_together_high": found.fewer_together.high,
        "p_value_together": found.p_value,
    }
    return Evidence(text, (), figures)


def _fewer(people: People) -> str:
    """9,000 fewer (95 %: 8,000 to 10,000)."""
    if people.people < 0:
        return f"{estimated(-people.people)} more (95 %: {estimated(-people.high)} to {estimated(-people.low)})"
    return f"{estimated(people.people)} fewer (95 %: {estimated(people.low)} to {estimated(people.high)})"
