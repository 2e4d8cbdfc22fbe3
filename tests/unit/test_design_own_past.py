"""Do estimates from a series' own past find planted seasons, trends and levels?"""

from __future__ import annotations

import numpy as np
import pytest
from planted_panels import Planted, errors, factor_panel, halved, looks_ahead, off_by_a_tenth, panel_of

from corredor.effects.design.donor_series import donor_series
from corredor.effects.design.interrupted_trend import damped_trend, interrupted_trend
from corredor.effects.design.panel import Window
from corredor.effects.design.season import season
from corredor.effects.design.simple import mean_before_and_after
from corredor.effects.design.structural_series import (
    carried_on,
    first_factor,
    structural_series,
    structural_series_with_donors,
)

YEAR = 2 * np.pi * np.arange(90) / 12


def root_mean_square(method, cases):
    return float(np.sqrt(np.mean(errors(method, cases) ** 2)))


def test_a_planted_season_is_found_beside_a_trend():
    waves = 0.4 * np.sin(YEAR + 1) - 0.1 * np.cos(2 * YEAR)
    assert season(5 + 0.02 * np.arange(60) + waves[:60], 30) == pytest.approx(waves, abs=1e-6)


def test_a_season_is_found_in_a_series_that_wanders():
    generator = np.random.default_rng(1)
    waves = 0.4 * np.sin(YEAR[:84])
    found = [season(waves[:72] + 0.1 * generator.normal(size=72).cumsum(), 12)[72:] for _ in range(20)]
    assert np.mean(found, axis=0) == pytest.approx(waves[72:], abs=0.05)


def test_where_there_is_no_season_little_is_found():
    """Four heights of pure noise keep, on average over series, less than half of their squares."""
    generator = np.random.default_rng(2)
    walks = 0.1 * generator.normal(size=(200, 60)).cumsum(axis=1)
    design = np.column_stack([wave(times * YEAR[:60]) for times in (1, 2) for wave in (np.sin, np.cos)])
    changes = np.diff(design, axis=0) - np.diff(design, axis=0).mean(axis=0)
    plain = [design @ np.linalg.lstsq(changes, np.diff(walk), rcond=None)[0] for walk in walks]
    assert np.mean([season(walk, 0) ** 2 for walk in walks]) < 0.5 * np.mean(np.square(plain))
    assert season(walks[0][:5], 3) == pytest.approx(np.zeros(8))
    assert season(np.full(40, 3.0), 3) == pytest.approx(np.zeros(43))


def trend_case(seed: int, noise: float = 0.03) -> Planted:
    """A series that turned round two years before: it rose, and now falls by 4 % a month, with a season and noise."""
    generator = np.random.default_rng(seed)
    slope = np.where(np.arange(70) < 46, 0.03, -0.04)
    logs = 7 + slope.cumsum() + 0.3 * np.sin(YEAR[:70]) + noise * generator.normal(size=70)
    return halved(np.exp(logs)[:, None], 66, 4)


@pytest.mark.parametrize("method", [interrupted_trend, structural_series])
def test_the_latest_trend_goes_on(method):
    cases = [trend_case(seed) for seed in range(8)]
    assert root_mean_square(method, cases) < 0.08
    assert root_mean_square(off_by_a_tenth(method), cases) > 0.08
    assert root_mean_square(mean_before_and_after, cases) > 0.16


@pytest.mark.parametrize("method", [interrupted_trend, structural_series])
def test_skipped_months_lie_between_the_past_and_the_window(method):
    """A line of 4 % a month: with two months skipped the expectation starts where the past ends and still reaches the window."""
    case = halved(np.exp(7 - 0.04 * np.arange(60) + 0.3 * np.sin(YEAR[:60]))[:, None], 56, 4)
    asked = Window(0, 56, 4, skipped=2)
    case.panel.people[54:56, 0] = 1.0
    assert method(case.panel, asked) == pytest.approx(case.truth, abs=0.02)


def test_a_straight_line_goes_on_damped():
    """The smallest damping that the method allows keeps 98 % of the slope from month to month."""
    line = 5 + 0.03 * np.arange(40)
    undamped = line[-1] + 0.03 * np.arange(1, 5)
    kept = line[-1] + 0.03 * np.cumsum(0.98 ** np.arange(1, 5))
    expected = damped_trend(line, 4)
    assert np.all(expected < undamped + 1e-6)
    assert expected == pytest.approx(kept, abs=0.003)


def test_white_noise_goes_on_at_its_mean():
    generator = np.random.default_rng(5)
    ends = [damped_trend(6 + 0.2 * generator.normal(size=60), 3)[2] for _ in range(20)]
    assert np.sqrt(np.mean(np.square(np.array(ends) - 6))) < 0.1


def test_a_series_that_never_changes_goes_on():
    panel = panel_of(np.full((40, 1), 100.0))
    for method in (interrupted_trend, structural_series):
        assert method(panel, Window(0, 36, 3)) == pytest.approx(np.log(300.5), abs=0.01)


def test_a_line_with_a_season_goes_on_exactly():
    logs = 5 + 0.03 * np.arange(90) + 0.3 * np.sin(YEAR) + 0.1 * np.cos(2 * YEAR)
    assert carried_on(logs[:48], 6, None) == pytest.approx(logs[48:54], abs=1e-3)


def test_a_level_that_wanders_is_foretold_nearly_as_well_as_by_the_best_filter():
    """Level with steps of variance q, noise of variance r. In the steady state the filter that knows both knows the level before a month
    with variance P = (q + √(q² + 4qr)) / 2 and after it with Pr / (P + r); three months ahead 3q come on top. Seasons and a trend, which
    are looked for and are not there, cost up to half as much again."""
    q, r = 0.05**2, 0.3**2
    generator = np.random.default_rng(8)
    missed, by_last = [], []
    for _ in range(60):
        level = 6 + np.sqrt(q) * generator.normal(size=75).cumsum()
        logs = level + np.sqrt(r) * generator.normal(size=75)
        missed.append(carried_on(logs[:72], 3, None)[2] - level[74])
        by_last.append(logs[71] - level[74])
    before = (q + np.sqrt(q**2 + 4 * q * r)) / 2
    best = np.sqrt(before * r / (before + r) + 3 * q)
    assert np.sqrt(np.mean(np.square(missed))) < 1.6 * best
    assert np.sqrt(np.mean(np.square(by_last))) > 1.8 * best


def follower(seed: int) -> Planted:
    """A series that is a factor of its donors plus a small walk of its own; the factor breaks just as the window begins."""
    generator = np.random.default_rng(seed)
    factor = 0.1 * generator.normal(size=64).cumsum()
    factor[60:] += 0.8
    own = 0.03 * generator.normal(size=(64, 9)).cumsum(axis=0)
    return halved(np.exp(8 + factor[:, None] * np.linspace(1, 1.5, 9) + own), 60, 4)


def test_the_donors_factor_tells_of_what_befell_all():
    cases = [follower(seed) for seed in range(8)]
    assert root_mean_square(structural_series_with_donors, cases) < 0.15
    assert root_mean_square(structural_series, cases) > 0.6


def test_the_factor_is_what_donors_share():
    case = factor_panel(3, n_factors=1, noise=0.0)
    known = donor_series(case.panel, case.window)
    assert known is not None
    logs = np.vstack([known.donors_before, known.donors_within])
    factor = first_factor(known)
    assert abs(np.corrcoef(factor, logs[:, 0])[0, 1]) == pytest.approx(1, abs=1e-4)
    assert np.diff(factor[: len(known.before)]).std() == pytest.approx(1)


def test_donors_that_never_change_tell_nothing():
    case = factor_panel(3, noise=0.05)
    case.panel.people[:, 1:] = 100.0
    alone = structural_series(case.panel, Window(0, 36, 3))
    assert structural_series_with_donors(case.panel, Window(0, 36, 3)) == pytest.approx(alone, abs=1e-3)


def test_too_short_a_past_has_no_answer():
    for method in (interrupted_trend, structural_series, structural_series_with_donors):
        case = factor_panel(1, noise=0.05)
        assert method(case.panel, Window(0, 23, 3)) is None
        assert method(case.panel, Window(0, 24, 3)) is not None
        case.panel.people[45, 0] = np.nan
        assert method(case.panel, Window(0, 56, 3)) is None
    assert structural_series_with_donors(factor_panel(1).panel, Window(0, 56, 3, (4,))) is None


def test_donors_are_the_only_thing_known_of_the_window():
    for skipped in (0, 2):
        assert looks_ahead(structural_series_with_donors, factor_panel(1, noise=0.05), skipped) == []


@pytest.mark.parametrize("method", [interrupted_trend, structural_series])
def test_nothing_is_known_of_the_window(method):
    for skipped in (0, 2):
        assert looks_ahead(method, trend_case(1), skipped) == []
