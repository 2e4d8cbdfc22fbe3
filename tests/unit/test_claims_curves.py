"""Is a claim's question asked with every choice, and do table, JSON and page say the same of it? Planted truths."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace

import numpy as np
import pytest
from made_up_series import CLAIM, QUIET, published_months, rows_of, small_study

from corredor.effects.claims.check import check_claims
from corredor.effects.claims.curves import MAIN, NAMED, NO_OTHERS, OTHERS, PLACEBOS, QUICK_FORMS
from corredor.effects.claims.effects import check_effect
from corredor.effects.claims.finding import Finding
from corredor.effects.design.specification_curve import NO_DONORS
from corredor.pages.claims.page import pictures_of
from corredor.pages.claims.words import curve_words

AS_OF = dt.date(2022, 2, 1)
ASK_DONORS = {"difference in differences", "synthetic difference in differences", "interactive fixed effects"}


def found(effect_percent: float = -70.0, as_of: dt.date = AS_OF, curves: bool = True, n_parts: int = 5, **words) -> Finding:
    """In one part an effect, in the others none; all share a wave."""
    model, _, scenarios = small_study(prior_sd=1.0)
    wave = np.exp(0.2 * np.sin(np.arange(78) / 5))
    columns = {f"part_{number}": wave * published_months(QUIET, 0.0, seed=number) for number in range(n_parts)}
    columns["part_0"][72:] *= 1 + effect_percent / 100
    rows = tuple(row for part, values in columns.items() for row in rows_of(np.round(values), part=part))
    effect = CLAIM.effect.model_copy(update={"part": "part_0", **words})
    claim = CLAIM.model_copy(update={"effect": effect})
    return check_effect(replace(model, series=rows), claim, scenarios, as_of, curves)


def choices(finding: Finding) -> set[tuple[str, int, str]]:
    return {(row.form, row.window_months, row.donors) for row in finding.curve.curve.rows}


@pytest.fixture(scope="module")
def fall() -> Finding:
    return found(donors=["part_1", "part_2"])


def test_every_form_window_and_set_of_donors_is_asked_once(fall):
    wanted = {(MAIN, months, donors) for months in (3, 4, 6) for donors in (NO_DONORS, NAMED)}
    wanted |= {(form, months, NO_DONORS) for form in set(QUICK_FORMS) - ASK_DONORS for months in (3, 4, 6)}
    wanted |= {(form, months, donors) for form in ASK_DONORS for months in (3, 4, 6) for donors in (NAMED, OTHERS)}
    assert choices(fall) == wanted
    assert (fall.curve.curve.unanswered, fall.curve.left_out) == ((), {})


def test_the_main_estimate_of_the_window_of_the_claim_is_that_of_the_claim(fall):
    (row,) = [r for r in fall.curve.curve.rows if (r.form, r.window_months, r.donors) == (MAIN, 6, NAMED)]
    (estimate,) = fall.estimates
    assert (row.effect, row.low, row.high, row.finds) == (estimate.effect, estimate.low, estimate.high, estimate.finds)


def test_a_fall_is_found_by_most_choices_with_about_its_size_and_none_is_found_where_there_is_none(fall):
    said = fall.as_json()["curve"]
    assert said["median"] == pytest.approx(-70, abs=8)
    assert said["find_fall"] > 0.7 * said["choices"] and said["find_rise"] == 0
    nothing = found(0.0).as_json()["curve"]
    assert nothing["find_fall"] + nothing["find_rise"] <= 0.1 * nothing["choices"]


def test_words_json_and_picture_say_the_same(fall):
    said = fall.as_json()["curve"]
    assert said["choices"] == len(said["rows"]) == 30
    assert said["placebos"] == PLACEBOS
    median = f"−{abs(said['median']):.0f} %"
    words = f"{said['find_fall']} of 30 choices find a fall, 0 a rise; the median is {median}"
    assert curve_words(fall) == words
    picture = next(one for one in pictures_of(fall) if one.title.startswith("Would another choice"))
    assert words in picture.caption and f"{PLACEBOS} quiet dates" in picture.caption
    for svg in (picture.wide, picture.narrow):
        assert svg.count('class="found') == 30 and f"middle {median}" in svg


def test_a_claim_of_a_rise_counts_rises():
    words = curve_words(found(150.0, direction="higher"))
    assert "choices find a rise, 0 a fall; the median is +" in words


def test_windows_that_were_not_published_by_the_day_are_not_asked():
    early = found(as_of=dt.date(2021, 11, 15), to=dt.date(2021, 9, 30))
    assert {months for _, months, _ in choices(early)} == {3, 4}
    assert (early.curve.curve.lengths, early.curve.curve.unanswered) == ((3, 4), ())


def test_nobody_asks_unless_told_to():
    finding = found(curves=False)
    assert (finding.curve, finding.as_json()["curve"], curve_words(finding)) == (None, None, "")
    assert not any(one.title.startswith("Would another choice") for one in pictures_of(finding))


def test_without_the_library_its_form_is_left_out_and_it_is_said_which(monkeypatch):
    monkeypatch.setitem(sys.modules, "diff_diff", None)
    finding = found()
    form = "synthetic difference in differences"
    assert form not in {name for name, _, _ in choices(finding)}
    assert "pip install 'corredor[design]'" in finding.curve.left_out[form]
    assert "pip install 'corredor[design]'" in finding.as_json()["curve"]["left_out"][form]
    picture = next(one for one in pictures_of(finding) if one.title.startswith("Would another choice"))
    assert "needs the library diff-diff" in picture.caption


@pytest.mark.parametrize("words", [{"n_parts": 2}, {"elsewhere": ["part_1", "part_2", "part_3"]}])
def test_parts_to_which_people_may_have_turned_are_no_donors_and_two_others_are_needed(words):
    finding = found(**words)
    assert finding.curve.left_out == dict.fromkeys(ASK_DONORS, NO_OTHERS)
    assert {donors for _, _, donors in choices(finding)} == {NO_DONORS}


def test_python_asks_as_the_command_does():
    model, _, _ = small_study(prior_sd=1.0)
    told = replace(model, series=rows_of(published_months(QUIET, -60.0, seed=3)), claims=(CLAIM,))
    (with_,) = check_claims(told, draws=20, jobs=1, curves=True, as_of=AS_OF)
    (without,) = check_claims(told, draws=20, jobs=1, as_of=AS_OF)
    assert with_.curve is not None and without.curve is None
    assert {**with_.as_json(), "curve": None} == without.as_json()
