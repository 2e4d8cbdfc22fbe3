"""Is a fall that goes with a rise elsewhere told from one that does not?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from corredor.effects.design.diversion import SeriesGap, diversion
from corredor.effects.design.ranks import half_width, rank_p_value


@dataclass(frozen=True)
class ByRank:
    effect: float
    low: float
    high: float
    p_value: float


def by_rank(placebo_gaps: np.ndarray) -> Callable[[float], ByRank]:
    """Inference from the gaps of the sum at placebo dates."""
    deviation = float(np.std(placebo_gaps))
    wide = half_width(placebo_gaps / deviation) * deviation
    return lambda gap: ByRank(gap, gap - wide, gap + wide, rank_p_value(gap, placebo_gaps))


QUIET = by_rank(0.05 * np.random.default_rng(1).normal(size=300))
RESTLESS = by_rank(1.0 * np.random.default_rng(1).normal(size=300))


def series(name: str, counted: float, expected: float, wide: float = 0.2) -> SeriesGap:
    effect = float(np.log((counted + 0.5) / (expected + 0.5)))
    return SeriesGap(name, counted, effect, effect - wide, effect + wide)


def test_a_fall_that_nobody_took_elsewhere_is_fewer_people():
    found = diversion(series("east", 2000, 10_000), [series("west", 5100, 5000), series("far", 900, 1000)], QUIET)
    assert found.verdict == "fewer people"
    assert found.fewer_here.people == pytest.approx(8000)
    assert found.fewer_together.people == pytest.approx(8000)
    assert found.elsewhere_people == pytest.approx(0)
    assert found.effect == pytest.approx(np.log(8000.5 / 16_000.5))
    assert found.low < found.effect < found.high < 0
    assert found.fewer_together.low < found.fewer_together.people < found.fewer_together.high
    assert found.risen == ()


def test_a_fall_that_rises_elsewhere_is_displaced():
    found = diversion(series("east", 2000, 10_000), [series("west", 10_000, 5000), series("far", 4000, 1000)], QUIET)
    assert found.verdict == "displaced"
    assert found.fewer_together.people == pytest.approx(0, abs=1e-6)
    assert found.elsewhere_people == pytest.approx(8000)
    assert found.fewer_together.low < 0 < found.fewer_together.high
    assert found.risen == ("west", "far")


def test_a_fall_half_of_which_rises_elsewhere_is_partly_displaced():
    found = diversion(series("east", 2000, 10_000), [series("west", 9000, 5000)], QUIET)
    assert found.verdict == "partly displaced"
    assert found.fewer_together.people == pytest.approx(4000)
    assert found.if_nobody_moved < found.low


def test_where_the_sum_is_restless_nobody_can_tell():
    for risen in (5000.0, 13_000.0):
        assert diversion(series("east", 2000, 10_000), [series("west", risen, 5000)], RESTLESS).verdict == "cannot tell"


def test_a_fall_that_may_be_none_is_not_asked_where_it_went():
    found = diversion(series("east", 8500, 10_000), [series("west", 6500, 5000)], QUIET)
    assert found.verdict == "no fall here"


def test_a_small_fall_beside_large_routes_is_never_said_to_be_displaced():
    """The sum could not have shown it: 300 of 100,000."""
    found = diversion(series("lane", 100, 400), [series("west", 99_600, 99_600)], QUIET)
    assert found.verdict == "cannot tell"


def test_the_least_of_the_fall_is_what_must_be_excluded():
    """A fall of 8,000, but perhaps of 3,000 only, beside a sum whose interval reaches down by some 10 %, to −1,500 people: not excluded."""
    here = series("east", 2000, 10_000)
    unsure = SeriesGap("east", here.counted_people, here.effect, here.effect - 1, float(np.log(2000.5 / 3000.5)))
    west = series("west", 13_000, 5000)
    assert diversion(here, [west], QUIET).verdict == "displaced"
    found = diversion(unsure, [west], QUIET)
    assert found.if_nobody_moved == pytest.approx(np.log(14_000.5 / 15_000.5))
    assert found.verdict == "cannot tell"


def test_where_nobody_moved_few_are_said_to_have():
    """Planted: half of those here are missing, nobody moved, and the sum wanders as it does at its placebo dates. At most 5 % are called
    displaced (5 standard errors); a judge who believes in a tenth of that wandering calls many so."""
    generator = np.random.default_rng(3)
    judges = {"right": by_rank(0.3 * generator.normal(size=300)), "too sure": by_rank(0.03 * generator.normal(size=300))}
    wrong = dict.fromkeys(judges, 0)
    for _ in range(200):
        together = 10_000 * np.exp(0.3 * generator.normal())
        here, west = series("east", 5000, 10_000, 0.05), series("west", max(together - 5000, 0), 5000)
        for name, judge in judges.items():
            wrong[name] += diversion(here, [west], judge).verdict in ("displaced", "partly displaced")
    bound = 200 * 0.05 + 5 * np.sqrt(200 * 0.05 * 0.95)
    assert wrong["right"] <= bound < wrong["too sure"]
