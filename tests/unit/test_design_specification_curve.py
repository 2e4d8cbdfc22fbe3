"""Is every combination of choices asked once, and does the picture show what was answered?"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
from planted_panels import factor_panel, panel_of

from corredor.effects.design.answer import Answer, Listed
from corredor.effects.design.expectations import EXPECTATIONS
from corredor.effects.design.panel import ExpectedLog, Panel, Window, gap, observed_log
from corredor.effects.design.simple import difference_in_differences, mean_before_and_after
from corredor.effects.design.specification_curve import NO_DONORS, Form, specification_curve
from corredor.pages.charts.specification_chart import specification_chart


def form(name: str, expected: ExpectedLog, asks_donors: bool, wide: float = 0.3) -> Form:
    """A form whose interval is ± 0.3 and that finds what lies outside."""

    def method(panel: Panel, windows: Sequence[Window], listed: Listed) -> list[Answer | None]:
        gaps = [gap(expected, panel, window) for window in windows]
        counted = [float(np.exp(observed_log(panel, window))) for window in windows]
        return [
            None
            if one is None
            else Answer(name, one, one - wide, one + wide, 0.01 if abs(one) > wide else 0.5, 99, -0.5, 0.5, people, people)
            for one, people in zip(gaps, counted, strict=True)
        ]

    return Form(name, method, asks_donors)


MEAN = form("mean", mean_before_and_after, False)
PAIRS = form("differences", difference_in_differences, True)


def stepped() -> Panel:
    """The touched series has half the people from month 20 on; two donors keep theirs, two double."""
    people = np.full((30, 5), 1000.0)
    people[20:, 0] = 500.0
    people[20:, 3:] = 2000.0
    return panel_of(people)


def test_every_combination_is_asked_once_and_sorted():
    curve = specification_curve(stepped(), Window(0, 20, 9), [MEAN, PAIRS], {"steady": (1, 2), "doubled": (3, 4)})
    assert len(curve.rows) == 3 + 3 * 2
    assert len({(row.form, row.window_months, row.donors) for row in curve.rows}) == 9
    assert [row.effect for row in curve.rows] == sorted(row.effect for row in curve.rows)
    assert curve.donor_sets == (NO_DONORS, "steady", "doubled") and curve.lengths == (3, 4, 6)
    said = {(row.form, row.donors): row.effect for row in curve.rows if row.window_months == 4}
    assert said == pytest.approx(
        {("mean", NO_DONORS): np.log(1 / 2), ("differences", "steady"): np.log(1 / 2), ("differences", "doubled"): np.log(1 / 4)},
        abs=1e-3,
    )
    assert curve.median_effect == pytest.approx(np.log(1 / 2), abs=1e-3)
    assert (curve.share_that_find(-1), curve.share_that_find(0), curve.share_that_find(1)) == (1.0, 0.0, 0.0)
    assert curve.unanswered == ()


def test_what_cannot_be_answered_is_named():
    panel = stepped()
    panel.people[25, 0] = np.nan
    curve = specification_curve(panel, Window(0, 20, 3), [MEAN, PAIRS], {"one": (1,)})
    assert curve.unanswered == (
        ("mean", 6, NO_DONORS),
        ("differences", 3, "one"),
        ("differences", 4, "one"),
        ("differences", 6, "one"),
    )
    assert [row.form for row in curve.rows] == ["mean", "mean"]


def test_skipped_months_stay_skipped():
    panel = stepped()
    panel.people[19, 0] = 1.0
    curve = specification_curve(panel, Window(0, 20, 3, skipped=1), [MEAN], {}, lengths=(3,))
    assert curve.rows[0].effect == pytest.approx(np.log(1 / 2), abs=1e-3)
    assert curve.donor_sets == (NO_DONORS,)


def test_every_expectation_answers_and_says_rightly_whether_it_asks_donors():
    case = factor_panel(2, noise=0.05)
    named = Window(0, case.window.start, case.window.length, (4, 5, 6, 7))
    for name, one in EXPECTATIONS.items():
        answer = one.expected(case.panel, case.window)
        assert answer == pytest.approx(case.truth, abs=0.5), name
        assert (one.expected(case.panel, named) != answer) == one.asks_donors, name


def drawn(width_px: float = 720) -> str:
    curve = specification_curve(stepped(), Window(0, 20, 3), [MEAN, PAIRS], {"steady": (1, 2), "doubled": (3, 4)})
    return specification_chart("Did the fence act?", curve, "mean", width_px)


def test_the_picture_has_a_dot_for_each_effect_and_each_choice():
    svg = drawn()
    assert len(re.findall(r'<circle class="found"', svg)) == 9
    assert len(re.findall(r'<circle class="found not"', svg)) == 0
    assert len(re.findall(r'<circle class="choice main"', svg)) == 3
    assert len(re.findall(r'<circle class="choice', svg)) == 9 * 3
    assert len(re.findall(r'<g class="main">', svg)) == 3
    assert "9 choices of form, window and donors say from −75 % to −50 %, middle −50 %; 9 find a fall, 0 a rise." in svg
    assert "differences, 6 months, doubled: −75 % (−81 % to −66 %)" in svg


def test_dots_of_choices_stand_below_their_effect():
    svg = drawn()
    columns = {float(x) for x in re.findall(r'<circle class="found" cx="([\d.]+)"', svg)}
    choices = [float(x) for x in re.findall(r'<circle class="choice[^"]*" cx="([\d.]+)"', svg)]
    assert set(choices) == columns and all(choices.count(x) == 3 for x in columns)


def test_a_larger_rise_stands_higher_and_what_is_not_found_is_hollow():
    panel = stepped()
    panel.people[20:, 0] = [1000, 1000, 1000, 4000, 4000, 4000, 1000, 1000, 1000, 1000]
    curve = specification_curve(panel, Window(0, 20, 3), [MEAN], {})
    svg = specification_chart("A rise?", curve, "mean", 720)
    heights = [float(y) for y in re.findall(r'<circle class="found[^"]*" cx="[\d.]+" cy="([\d.]+)"', svg)]
    assert heights == sorted(heights, reverse=True) and len(set(heights)) == 3
    assert len(re.findall(r'class="found not"', svg)) == 1


def test_an_interval_too_wide_is_cut_with_an_arrow_and_none_leaves_the_picture():
    wide = form("wide", mean_before_and_after, False, wide=9.0)
    svg = specification_chart("Any?", specification_curve(stepped(), Window(0, 20, 3), [wide], {}), "wide", 350)
    assert len(re.findall(r'class="whisker"', svg)) == 3 * 3
    height = float(re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', svg)[1])  # type: ignore[index]
    assert all(0 < float(y) < height for y in re.findall(r'cy="([\d.]+)"', svg))


def test_a_question_without_any_answer_has_a_picture_that_says_so():
    curve = specification_curve(stepped(), Window(0, 1, 3), [MEAN], {})
    assert "no choice of form, window and donors has an answer" in specification_chart("Any?", curve, "mean", 720)
