"""Do the plain methods give what a hand would work out, and do donors come from where they may?"""

from __future__ import annotations

import numpy as np
import pytest
from planted_panels import factor_panel, looks_ahead, panel_of

from corredor.effects.design.donor_series import donor_series, log_of_window
from corredor.effects.design.panel import Panel, Window, gap
from corredor.effects.design.simple import difference_in_differences, mean_before_and_after, mean_with_season


def test_the_last_three_months_are_carried_on():
    panel = panel_of(np.array([[900.0], [10.0], [20.0], [30.0], [7.0], [8.0]]))
    assert mean_before_and_after(panel, Window(0, 4, 2)) == pytest.approx(np.log(2 * 20 + 0.5))
    assert gap(mean_before_and_after, panel, Window(0, 4, 2)) == pytest.approx(np.log(15.5 / 40.5))
    assert mean_before_and_after(panel, Window(0, 5, 1, skipped=1)) == pytest.approx(np.log(20.5))
    assert mean_before_and_after(panel, Window(0, 2, 2)) is None
    panel.people[2] = np.nan
    assert mean_before_and_after(panel, Window(0, 4, 2)) is None


def yearly(n_years: int) -> Panel:
    """100 people a month, but 300 in June and July."""
    months = np.full(12 * n_years, 100.0)
    months[5::12] = months[6::12] = 300.0
    return panel_of(months[:, None])


def test_the_step_of_earlier_years_counts_n_of_n_and_two():
    step = np.log(600.5 / 200.5)
    for years in (0, 1, 2, 5):
        panel = yearly(years + 1)
        expected = np.log(200.5) + step * years / (years + 2)
        assert mean_with_season(panel, Window(0, 12 * years + 5, 2)) == pytest.approx(expected)


def test_skipped_months_are_skipped_in_earlier_years_too():
    """May is left out, so that February to April are compared with June and July."""
    panel = yearly(4)
    panel.people[4::12] = 5000.0
    expected = np.log(200.5) + np.log(600.5 / 200.5) * 3 / 5
    assert mean_with_season(panel, Window(0, 36 + 5, 2, skipped=1)) == pytest.approx(expected)


def test_a_year_with_a_hole_does_not_count():
    panel = yearly(4)
    panel.people[12 + 4] = np.nan
    assert mean_with_season(panel, Window(0, 36 + 5, 2)) == pytest.approx(np.log(200.5) + np.log(600.5 / 200.5) * 2 / 4)


def test_a_window_of_more_than_a_year_does_not_look_into_itself():
    panel = yearly(4)
    window = Window(0, 29, 14)
    before = mean_with_season(panel, window)
    panel.people[29:] = 7777.0
    assert mean_with_season(panel, window) == before


def test_donors_step_is_added():
    """Over months of 100 people one donor rises threefold and another falls to a third."""
    rise, fall, steady = np.full((3, 8), 100.0)
    rise[6:], fall[6:] = 300.0, 100.0 / 3
    panel = panel_of(np.column_stack([steady * 2, rise, fall, rise]))
    steps = np.log(np.array([600.5, 200 / 3 + 0.5, 600.5]) / 200.5)
    assert difference_in_differences(panel, Window(0, 6, 2)) == pytest.approx(np.log(400.5) + steps.mean())
    assert difference_in_differences(panel, Window(0, 6, 2, (1, 3))) == pytest.approx(np.log(400.5) + steps[0])
    assert difference_in_differences(panel, Window(0, 6, 2, (1,))) is None
    assert difference_in_differences(panel, Window(0, 7, 2)) is None


def test_donors_are_large_published_and_of_other_families():
    people = np.full((40, 6), 100.0)
    people[:, 2] = 9.0  # too small
    people[20, 3] = np.nan  # not published in the months used
    people[2, 4] = np.nan  # before the touched series was
    people[:5, 0] = np.nan
    panel = panel_of(people, ("east", "east", "west", "west", "west", "far"))
    panel.people[:, 4] = 40.0
    panel.people[2, 4] = np.nan
    found = donor_series(panel, Window(0, 36, 3))
    assert found is not None
    assert found.donors_before.shape == (31, 2) and found.donors_within.shape == (3, 2)
    assert np.exp(found.donors_within[0]) - 0.5 == pytest.approx([40.0, 100.0])
    named = donor_series(panel, Window(0, 36, 3, (0, 1, 2, 3)))
    assert named is not None
    assert np.exp(named.donors_within[0]) - 0.5 == pytest.approx([100.0, 9.0])
    skipped = donor_series(panel, Window(0, 36, 3, skipped=2))
    assert skipped is not None
    assert skipped.before.shape == (29,) and skipped.donors_before.shape == (29, 2) and skipped.donors_within.shape == (3, 2)
    assert donor_series(panel, Window(0, 16, 3)) is None
    assert donor_series(panel, Window(0, 38, 3)) is None


def test_months_add_up_in_people():
    assert log_of_window(np.log(np.array([10.5, 20.5]))) == pytest.approx(np.log(30.5))
    assert log_of_window(np.full(3, -9.0)) == pytest.approx(np.log(0.5))


@pytest.mark.parametrize("method", [mean_before_and_after, mean_with_season, difference_in_differences])
def test_nothing_is_known_of_the_window_but_the_donors(method):
    for skipped in (0, 2):
        assert looks_ahead(method, factor_panel(1), skipped) == []


def test_looking_ahead_is_noticed():
    def ahead(panel: Panel, window: Window) -> float:
        return float(panel.people[window.start, window.unit] + panel.people[-1, 1])

    assert looks_ahead(ahead, factor_panel(1)) == ["window_of_the_touched", "everything_after"]
