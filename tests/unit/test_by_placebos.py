"""Is the inference that single methods share right? Panels whose quiet dates and effects are known."""

import numpy as np
import pytest
from test_panel_change import SHOCK, quiet_panel, with_effect

from corredor.effects.design.by_placebos import PLACEBOS, by_placebos
from corredor.effects.design.panel import Panel, Window, gap
from corredor.effects.design.simple import mean_before_and_after

MEAN = by_placebos("mean", mean_before_and_after)


@pytest.fixture(scope="module")
def panel() -> Panel:
    return quiet_panel(seed=3)


def test_an_effect_is_the_gap_of_the_method_and_its_interval_is_as_wide_as_gaps_at_quiet_dates(panel):
    windows = [Window(unit, start, 3) for unit in range(14) for start in range(30, 129, 9)]
    answers = MEAN(panel, windows, frozenset())
    gaps = [gap(mean_before_and_after, panel, window) for window in windows]
    assert [answer.effect for answer in answers] == gaps
    assert all(answer.placebos == PLACEBOS and answer.method == "mean" for answer in answers)
    # of 154 windows as quiet as those that taught it, 5 % are found give or take five standard errors of a share
    found = np.mean([answer.finds != 0 for answer in answers])
    outside = np.mean([answer.low > 0 or answer.high < 0 for answer in answers])
    assert found == pytest.approx(0.05, abs=5 * np.sqrt(0.05 * 0.95 / len(answers)))
    assert outside == pytest.approx(found, abs=0.02)


def test_a_planted_fall_is_found_with_its_size(panel):
    touched = with_effect(panel, 4, SHOCK, -2.0)
    (answer,) = MEAN(touched, [Window(4, SHOCK, 3)], frozenset({("unit 4", touched.months[SHOCK])}))
    assert answer.finds == -1
    assert answer.low < -2.0 < answer.high
    assert answer.expected_people == pytest.approx(answer.counted_people / np.exp(answer.effect), rel=1e-2)
    assert answer.least_fall < 0 < answer.least_rise


def test_the_least_fall_is_found_at_four_of_five_quiet_dates(panel):
    windows = [Window(unit, start, 3) for unit in range(14) for start in range(40, 120, 10)]
    answers = MEAN(panel, windows, frozenset())
    found = [answer.high + answer.least_fall < 0 for answer in answers]
    assert np.mean(found) == pytest.approx(0.8, abs=5 * np.sqrt(0.8 * 0.2 / len(found)))


def test_no_quiet_date_holds_a_listed_measure_or_is_compared_with_its_months(panel):
    asked: list[Window] = []

    def spying(panel: Panel, window: Window) -> float | None:
        asked.append(window)
        return mean_before_and_after(panel, window)

    listed = frozenset((family, panel.months[SHOCK]) for family in panel.families)
    by_placebos("spying", spying)(panel, [Window(0, 60, 3)], listed)
    starts = {window.start for window in asked}
    assert starts.isdisjoint(range(SHOCK - 2, SHOCK + 4))
    assert len(asked) == PLACEBOS + 1
    asked.clear()
    by_placebos("spying", spying)(panel, [Window(0, 60, 3)], frozenset())
    assert not {window.start for window in asked}.isdisjoint(range(SHOCK - 2, SHOCK + 4))


def test_too_few_quiet_dates_give_no_answer(panel):
    short = Panel(panel.months[:20], panel.units[:2], panel.people[:20, :2], panel.families[:2])
    assert MEAN(short, [Window(0, 17, 3)], frozenset()) == [None]
