"""Is the main design-based estimate right? Hand-worked changes, panels whose quiet dates and effects are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corredor.effects.benchmark.methods import panel
from corredor.effects.design.by_placebos import by_placebos
from corredor.effects.design.change import change_of
from corredor.effects.design.panel import Panel, Window
from corredor.effects.design.panel_change import panel_change, weighted_quantile
from corredor.effects.design.reference import Reference, joint_score, learn
from corredor.effects.design.simple import mean_with_season

MONTHS = 132
SHOCK = 100
"""Row at which some tests plant something."""


def quiet_panel(seed: int, units: int = 14, shared: float = 0.0) -> Panel:
    """Series that remember the month before, with a season; `shared`: share of the monthly noise that families have in common."""
    rng = np.random.default_rng(seed)
    season = 0.4 * np.sin(2 * np.pi * np.arange(MONTHS) / 12)
    logs = np.zeros((MONTHS, units))
    common = rng.normal(size=MONTHS)
    for month in range(MONTHS):
        noise = np.sqrt(1 - shared) * rng.normal(size=units) + np.sqrt(shared) * common[month]
        logs[month] = 0.8 * logs[month - 1] + 0.2 * noise if month else noise * 0.3
    people = rng.poisson(np.exp(7 + season[:, None] + logs)).astype(float)
    names = tuple(f"unit {number}" for number in range(units))
    return Panel(np.datetime64("2009-01") + np.arange(MONTHS), names, people, names)


@pytest.fixture(scope="module")
def reference() -> Reference:
    found = learn([quiet_panel(seed=1)], 3, 0, [])
    assert found is not None
    return found


def with_effect(panel: Panel, unit: int, start: int, log_effect: float) -> Panel:
    people = panel.people.copy()
    people[start:, unit] = np.round(people[start:, unit] * np.exp(log_effect))
    return replace(panel, people=people)


def test_a_series_that_never_changes_has_no_change():
    change = change_of(np.full(60, 500.0), 48, 0, 3)
    assert change is not None
    assert change.people == pytest.approx(500, rel=1e-3)
    assert all(abs(number) < 1e-3 for number in change[:-1])


def test_a_change_is_that_of_the_mean_month_and_what_is_skipped_is_not_looked_at():
    people = np.full(60, 100.0)
    people[48], people[49:52] = 1e6, 300.0
    change = change_of(people, 48, 1, 3)
    assert change is not None
    assert change.change == pytest.approx(np.log(3), abs=2e-3)
    assert change.season == pytest.approx(0, abs=1e-9)


def test_seasons_are_averaged_and_drawn_to_none():
    year = np.repeat([100.0, 200.0], 6)
    change = change_of(np.tile(year, 5), 48, 0, 3)  # from 200s to 100s each January
    assert change is not None
    earlier = 3  # Januaries with three months before them and a whole window, in four years of past
    assert change.season == pytest.approx(np.log(0.5) * earlier / (earlier + 2), abs=2e-3)


@pytest.mark.parametrize(("known", "people"), [(14, 100.0), (40, 9.0), (58, 100.0)])
def test_too_short_a_past_too_few_people_or_a_window_that_does_not_end_give_nothing(known, people):
    assert change_of(np.full(60, people), known, 0, 3) is None


def test_months_after_the_window_and_missing_ones_long_before_change_nothing(reference):
    panel = quiet_panel(seed=2)
    window = Window(0, SHOCK, 3)
    later = panel.people.copy()
    later[SHOCK + 3 :, 0] *= 50
    assert panel_change(reference, replace(panel, people=later), window) == panel_change(reference, panel, window)
    holes = panel.people.copy()
    holes[SHOCK + 1, 0] = np.nan
    assert panel_change(reference, replace(panel, people=holes), window) is None


def test_the_smaller_of_two_departures_counts_and_none_when_they_point_apart():
    assert joint_score(np.array([[3.0, 2.0], [-3.0, -4.0], [3.0, -4.0]])).tolist() == [2.0, -3.0, 0.0]


def test_weighted_quantiles_of_equal_weights_are_ranks():
    assert weighted_quantile(np.array([4.0, 1.0, 3.0, 2.0]), np.full(4, 0.25), 0.5) == 2.0


def asked(reference: Reference, panel: Panel, effect: float = 0.0) -> list:
    """Windows that do not overlap, of series that taught nothing, with an effect put into each."""
    found = []
    for unit in range(len(panel.units)):
        for start in range(40, MONTHS - 3, 6):
            found.append(panel_change(reference, with_effect(panel, unit, start, effect), Window(unit, start, 3)))
    return found


def beyond(share: float, n: int) -> float:
    return 5 * np.sqrt(share * (1 - share) / n)


def test_quiet_dates_of_new_series_are_found_in_one_of_twenty_and_the_interval_says_the_same(reference):
    estimates = asked(reference, quiet_panel(seed=3))
    found = np.array([estimate.finds != 0 for estimate in estimates])
    assert found.mean() < 0.05 + beyond(0.05, len(found))
    for estimate in estimates:
        assert (estimate.p_value <= 0.05) == (estimate.low > 0 or estimate.high < 0)
    # the check would see usual errors that are taken for half of what they are
    halved = [
        replace(one, scale=one.scale + np.log(1 / 2) * (np.arange(len(one.scale)) == 0))
        for one in (reference.without_trend, reference.with_trend)
    ]
    faulty = replace(reference, without_trend=halved[0], with_trend=halved[1])
    assert np.mean([estimate.finds != 0 for estimate in asked(faulty, quiet_panel(seed=3))]) > 0.05 + beyond(0.05, len(found))


def test_effects_of_the_size_said_to_be_detectable_are_found_in_four_of_five(reference):
    quiet = quiet_panel(seed=4)
    least = float(np.median([estimate.least_fall for estimate in asked(reference, quiet)]))
    share = np.mean([estimate.finds == -1 for estimate in asked(reference, quiet, least)])
    assert abs(share - 0.8) < beyond(0.8, 200)
    assert np.mean([estimate.finds == -1 for estimate in asked(reference, quiet, least / 3)]) < 0.5


def test_intervals_hold_the_effect_that_was_put_in(reference):
    estimates = asked(reference, quiet_panel(seed=5), -0.7)
    held = np.mean([estimate.low <= -0.7 <= estimate.high for estimate in estimates])
    assert held > 0.95 - beyond(0.95, len(estimates))


def test_a_rise_that_was_under_way_is_not_laid_at_the_door_of_a_date(reference):
    panel = quiet_panel(seed=6)
    people = panel.people.copy()
    people[SHOCK - 6 :, 0] *= 2.0 ** ((np.arange(MONTHS - SHOCK + 6)) / 3)
    under_way = panel_change(reference, replace(panel, people=people), Window(0, SHOCK, 3))
    assert under_way is not None and under_way.finds == 0
    people = panel.people.copy()
    people[SHOCK:, 0] *= 4
    sudden = panel_change(reference, replace(panel, people=people), Window(0, SHOCK, 3))
    assert sudden is not None and sudden.finds == 1


def test_what_donors_did_as_well_is_taken_off(reference):
    panel = quiet_panel(seed=7, shared=0.9)
    people = panel.people.copy()
    people[SHOCK:, :4] *= 0.25
    window = Window(0, SHOCK, 3)
    both = replace(panel, people=people)
    alone = panel_change(reference, both, window)
    beside = panel_change(reference, both, replace(window, donors=(1, 2, 3)))
    assert alone is not None and alone.finds == -1
    assert beside is not None and beside.finds == 0
    only = panel_change(reference, with_effect(panel, 0, SHOCK, np.log(0.25)), replace(window, donors=(1, 2, 3)))
    assert only is not None and only.finds == -1
    assert only.high - only.low < alone.high - alone.low


def test_windows_near_a_listed_measure_teach_nothing():
    panel = quiet_panel(seed=8)
    people = panel.people.copy()
    people[SHOCK:, 0] *= 1e-2
    loud = replace(panel, people=people)
    listed = [("unit 0", panel.months[SHOCK])]
    with_it, without_it = learn([loud], 3, 0, []), learn([loud], 3, 0, listed)
    assert with_it is not None and without_it is not None
    assert len(with_it.scores) - len(without_it.scores) == 3 + 3 - 1 + 1
    assert np.abs(joint_score(without_it.scores)).max() < np.abs(joint_score(with_it.scores)).max()


def test_every_expectation_gets_the_same_inference_and_finds_what_was_put_in():
    panel = quiet_panel(seed=9)
    method = by_placebos("season", mean_with_season)
    windows = [Window(unit, start, 3) for unit in range(6) for start in range(40, MONTHS - 3, 9)]
    quiet = [answer for answer in method(panel, windows, []) if answer is not None]
    assert len(quiet) == len(windows)
    assert np.mean([answer.finds != 0 for answer in quiet]) < 0.05 + beyond(0.05, len(quiet))
    for answer in quiet:
        assert (answer.p_value <= 0.05) == (answer.low > 0 or answer.high < 0)
    least = float(np.median([answer.least_fall for answer in quiet]))
    touched = [method(with_effect(panel, one.unit, one.start, 2 * least), [one], [])[0] for one in windows[:12]]
    assert sum(answer is not None and answer.finds == -1 for answer in touched) >= 10


def test_one_series_alone_is_answered_with_what_the_bundled_ones_teach():
    alone = quiet_panel(seed=10, units=1)
    answer = panel(with_effect(alone, 0, SHOCK, np.log(0.2)), [Window(0, SHOCK, 3)], [])[0]
    assert answer is not None and answer.finds == -1
    assert answer.low < np.log(0.2) < answer.high
