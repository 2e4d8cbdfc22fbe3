"""Do the methods of the benchmark ask the estimates that they are named after?"""

import numpy as np
import pytest

from corredor.effects.benchmark.bundled import bundled_evidence
from corredor.effects.benchmark.methods import METHODS, QUICK, single_interrupted_series
from corredor.effects.design.interrupted_series import interrupted_series
from corredor.effects.design.panel import Panel, Window
from corredor.effects.design.panel_change import panel_change
from corredor.effects.design.reference import learn

MONTHS = 84


@pytest.fixture(scope="module")
def panel() -> Panel:
    """Twelve series that remember the month before; the first is a tenth of itself from row 70 on, the last begins in row 12."""
    rng = np.random.default_rng(7)
    logs = np.zeros((MONTHS, 12))
    for month in range(1, MONTHS):
        logs[month] = 0.7 * logs[month - 1] + 0.15 * rng.normal(size=12)
    people = rng.poisson(np.exp(6 + logs)).astype(float)
    people[70:, 0] = np.round(people[70:, 0] / 10)
    people[:12, 11] = np.nan
    units = tuple(f"unit {number}" for number in range(12))
    return Panel(np.datetime64("2010-04", "M") + np.arange(MONTHS), units, people, units)


def test_every_method_finds_a_fall_by_nine_tenths_and_says_how_large(panel):
    for name in QUICK:
        method = METHODS[name]
        (answer,) = method(panel, [Window(0, 70, 3)], frozenset({("unit 0", panel.months[70])}))
        assert answer is not None, name
        assert answer.finds == -1, name
        assert answer.low < np.log(0.1) < answer.high, name
        assert answer.counted_people == panel.people[70:73, 0].sum(), name
        assert answer.counted_people < answer.expected_people / 5, name
        assert answer.least_fall < 0 < answer.least_rise, name


def test_no_method_answers_where_a_month_of_the_window_is_missing(panel):
    for name in QUICK:
        method = METHODS[name]
        assert method(panel, [Window(0, 82, 3)], frozenset()) == [None], name


def test_the_single_interrupted_series_is_that_of_the_series_alone(panel):
    windows = [Window(11, 60, 3), Window(11, 64, 2), Window(11, 60, 3)]
    answers = single_interrupted_series(panel, windows, frozenset())
    for window, answer in zip(windows, answers, strict=True):
        values = panel.people[12 : window.start + window.length, 11]
        alone = interrupted_series(values, 3, window.start - 12)  # row 12 is an April
        assert answer is not None and alone is not None
        assert (answer.effect, answer.low, answer.high, answer.p_value) == (alone.effect, alone.low, alone.high, alone.p_value)


def test_the_main_method_learns_from_windows_of_the_length_that_is_asked(panel):
    listed = frozenset({("unit 0", panel.months[70])})
    windows = [Window(0, 70, 3), Window(1, 50, 6, skipped=1)]
    bundled = bundled_evidence()
    answers = METHODS["panel"](panel, windows, listed)
    for window, answer in zip(windows, answers, strict=True):
        quiet = sorted({*listed, *bundled.listed})
        reference = learn([panel, bundled.panel], window.length, window.skipped, quiet)
        assert reference is not None and answer is not None
        alone = panel_change(reference, panel, window)
        assert alone is not None
        assert (answer.effect, answer.p_value, answer.least_rise) == (alone.effect, alone.p_value, alone.least_rise)
