"""Fewer people, or the same people elsewhere? A fall on one route beside the sum of it and the routes to which people could turn.

If all who are missing here took another route, the sum is as it was to be expected; if nobody did, the sum falls by as many people. So the
sum is held against both: its own placebo distribution says whether it fell, and its interval whether a fall by as many is excluded.

| | the sum fell | the sum did not fall |
|---|---|---|
| a fall by as many is excluded | partly displaced | displaced |
| it is not excluded | fewer people | cannot tell |
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from corredor.effects.design.judged import Judged
from corredor.effects.design.panel import SOMEBODY
from corredor.effects.design.ranks import SIGNIFICANT

Verdict = Literal["no fall here", "fewer people", "partly displaced", "displaced", "cannot tell"]


@dataclass(frozen=True)
class SeriesGap:
    """What was counted of a series in a window, and how far that is from what was to be expected.

    counted_people : over the whole window
    effect, low, high : log(counted / expected) with its 95 % interval
    """

    series: str
    counted_people: float
    effect: float
    low: float
    high: float

    @property
    def expected_people(self) -> float:
        return self.expected_at(self.effect)

    def expected_at(self, effect: float) -> float:
        """People to be expected if the effect was this one."""
        return float((self.counted_people + SOMEBODY) / np.exp(effect) - SOMEBODY)


@dataclass(frozen=True)
class People:
    """A number of people, and its 95 % interval."""

    people: float
    low: float
    high: float


@dataclass(frozen=True)
class Diversion:
    """Whether a fall here went with a rise there.

    fewer_here : expected less counted on the touched route
    fewer_together : the same of the sum
    elsewhere_people : counted more than expected on the other routes together
    effect, low, high, p_value : of the sum, log(counted / expected), by its own placebo distribution
    if_nobody_moved : what the sum would show had the fall here, at its least, moved nobody
    risen : routes whose own interval lies above 0
    """

    verdict: Verdict
    fewer_here: People
    fewer_together: People
    elsewhere_people: float
    effect: float
    low: float
    high: float
    p_value: float
    if_nobody_moved: float
    risen: tuple[str, ...]


def diversion(here: SeriesGap, there: Sequence[SeriesGap], judge_sum: Callable[[float], Judged]) -> Diversion:
    """Hold a fall on one route against the sum of it and the routes to which people could turn.

    here : the touched route
    there : the other routes, in the same window
    judge_sum : gap of the sum → interval and p-value, from the gaps of the sum series at its placebo dates
    """
    counted = here.counted_people + sum(one.counted_people for one in there)
    expected = here.expected_people + sum(one.expected_people for one in there)
    of_sum = judge_sum(float(np.log((counted + SOMEBODY) / (expected + SOMEBODY))))
    together = SeriesGap("together", counted, of_sum.effect, of_sum.low, of_sum.high)
    fewer_here, fewer_together = _fewer(here), _fewer(together)
    # the smallest fall that the interval allows, so that "displaced" is never said of a fall that may have been small
    staying = max(expected - max(fewer_here.low, 0.0), 0.0)
    if_nobody_moved = float(np.log((staying + SOMEBODY) / (expected + SOMEBODY)))
    return Diversion(
        verdict=_verdict(here, of_sum, excluded=of_sum.low > if_nobody_moved),
        fewer_here=fewer_here,
        fewer_together=fewer_together,
        elsewhere_people=sum(one.counted_people - one.expected_people for one in there),
        effect=of_sum.effect,
        low=of_sum.low,
        high=of_sum.high,
        p_value=of_sum.p_value,
        if_nobody_moved=if_nobody_moved,
        risen=tuple(one.series for one in there if one.low > 0),
    )


def _verdict(here: SeriesGap, of_sum: Judged, *, excluded: bool) -> Verdict:
    if here.high >= 0:
        return "no fall here"
    if of_sum.high < 0 and of_sum.p_value <= SIGNIFICANT:
        return "partly displaced" if excluded else "fewer people"
    return "displaced" if excluded else "cannot tell"


def _fewer(gap: SeriesGap) -> People:
    """Expected less counted; the upper end of the gap is the lower end of the people."""
    expected = gap.expected_people, gap.expected_at(gap.high), gap.expected_at(gap.low)
    people, low, high = (one - gap.counted_people for one in expected)
    return People(people, low, high)
