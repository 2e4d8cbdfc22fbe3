"""Does each rule of docs/CLAIMS.md give each verdict that it can give, at its threshold?"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from corredor.effects.claims.verdicts import (
    SURE,
    VERDICTS,
    EffectEvidence,
    Judgement,
    judge_bounds,
    judge_distant_effect,
    judge_documented,
    judge_effect,
    judge_independence,
    judge_no_act,
    judge_opinion,
    judge_without_figures,
)

FOUND = EffectEvidence(probability=0.99, changed=1.0, learned_by_fit=False, series=1)
DENIED = EffectEvidence(probability=0.01, changed=1.0, learned_by_fit=False, series=-1)
ALONE = replace(FOUND, changed=None)


def test_an_opinion_is_not_testable_and_says_why():
    assert judge_opinion("a wish").why == "a wish"
    assert judge_opinion("a wish").verdict == "not testable"


def test_without_figures_it_is_said_what_is_needed():
    judged = judge_without_figures("a survey", "not published")
    assert (judged.verdict, judged.rule, judged.untold) == ("cannot tell", "C2", "not published")
    assert "a survey" in judged.why


@pytest.mark.parametrize(
    ("low", "high", "least", "most", "verdict"),
    [
        (10, 12, 10, 12, "supported"),
        (10, 12, 11, None, "cannot tell"),
        (10, 12, 12.1, None, "contradicted"),
        (10, 12, None, 9.9, "contradicted"),
        (10, math.inf, 5, None, "supported"),
        (10, math.inf, 5, 20, "cannot tell"),
        (0, math.inf, 5, None, "cannot tell"),
    ],
)
def test_bounds_decide_only_when_they_lie_on_one_side(low, high, least, most, verdict):
    assert judge_bounds(low, high, least, most, "x").verdict == verdict


@pytest.mark.parametrize(
    ("inside", "outside", "publishers", "wanted", "verdict"),
    [
        (1, 0, 2, 2, "supported"),
        (1, 0, 1, 2, "cannot tell"),
        (1, 0, 1, 1, "supported"),
        (0, 1, 2, 2, "contradicted"),
        (1, 1, 2, 2, "supported"),
    ],
)
def test_an_event_needs_its_days_and_its_publishers(inside, outside, publishers, wanted, verdict):
    assert judge_documented(inside, outside, publishers, wanted).verdict == verdict


def test_an_empty_record_proves_nothing_and_one_act_is_enough():
    assert judge_no_act(0, "the organisation", "not looked at").verdict == "cannot tell"
    assert judge_no_act(1, "the organisation", "not looked at").verdict == "contradicted"


@pytest.mark.parametrize(
    ("seen", "verdict", "rule", "said"),
    [
        (ALONE, "supported", "C6", "no model was asked"),
        (replace(ALONE, probability=SURE - 1e-9), "cannot tell", "C8", "Too uncertain"),
        (replace(ALONE, series=0), "cannot tell", "C8", "Too uncertain"),
        (replace(ALONE, series=None), "cannot tell", "C8", "No published series"),
        (replace(DENIED, changed=None), "contradicted", "C7", "no model was asked"),
        (replace(DENIED, changed=None, probability=0.03), "cannot tell", "C8", "Too uncertain"),
        (replace(ALONE, series=0, most=1.9), "no large effect", "C10", "47 % fewer"),
        (FOUND, "supported", "C6", "published series found"),
        (replace(FOUND, probability=SURE), "supported", "C6", ""),
        (replace(FOUND, probability=SURE - 1e-9), "cannot tell", "C8", "Too uncertain"),
        (replace(FOUND, series=0), "cannot tell", "C8", "assumed, not learned"),
        (replace(FOUND, series=None), "cannot tell", "C8", "assumed, not learned"),
        (replace(FOUND, series=-1), "cannot tell", "C8", "disagree"),
        (replace(FOUND, series=None, learned_by_fit=True), "supported", "C6", "fitted model"),
        (replace(FOUND, series=0, learned_by_fit=True), "supported", "C6", "fitted model"),
        (replace(FOUND, series=-1, learned_by_fit=True), "cannot tell", "C8", "disagree"),
        (replace(FOUND, model_and_series_apart=True), "cannot tell", "C8", "disagree"),
        (replace(FOUND, changed=0.0), "cannot tell", "C8", "no way to change"),
        (DENIED, "contradicted", "C7", "published series found"),
        (replace(DENIED, probability=1 - SURE), "contradicted", "C7", ""),
        (replace(DENIED, series=0), "cannot tell", "C8", "assumed, not learned"),
        (replace(DENIED, series=1), "cannot tell", "C8", "disagree"),
        (replace(DENIED, series=None, learned_by_fit=True), "contradicted", "C7", "fitted model"),
        (replace(DENIED, probability=0.5, series=None), "cannot tell", "C8", "assumed, not learned"),
    ],
)
def test_an_effect_must_be_probable_learned_and_not_denied(seen, verdict, rule, said):
    judged = judge_effect(seen)
    assert (judged.verdict, judged.rule) == (verdict, rule)
    assert said in judged.why


@pytest.mark.parametrize(
    ("probability", "learned", "verdict"),
    [
        (1.0, False, "cannot tell"),
        (0.0, False, "cannot tell"),
        (0.99, True, "supported"),
        (0.01, True, "contradicted"),
        (0.5, True, "cannot tell"),
    ],
)
def test_a_distant_effect_is_never_settled_by_assumption(probability, learned, verdict):
    assert judge_distant_effect(probability, learned).verdict == verdict


@pytest.mark.parametrize(
    ("most", "more", "series", "verdict", "said"),
    [
        (1.99, False, 0, "no large effect", "at most 50 % fewer"),
        (1.25, True, 0, "no large effect", "at most 25 % more"),
        (2.0, False, 0, "cannot tell", ""),
        (1.2, False, 1, "supported", ""),
        (None, False, 0, "cannot tell", ""),
    ],
)
def test_where_nothing_is_found_and_half_or_double_is_ruled_out_the_effect_is_bounded(most, more, series, verdict, said):
    judged = judge_effect(replace(FOUND, series=series, most=most, claimed_more=more))
    assert judged.verdict == verdict
    assert said in judged.why


def test_there_are_six_verdicts():
    assert VERDICTS == ("supported", "contradicted", "no large effect", "repeats its source", "cannot tell", "not testable")


CANNOT = Judgement("cannot tell", "C3", "", "not published")
HELD, DENIED_BY_OTHERS = Judgement("supported", "C3", ""), Judgement("contradicted", "C3", "")


@pytest.mark.parametrize(
    ("judged", "by_others", "verdict"),
    [
        (HELD, HELD, "supported"),
        (HELD, CANNOT, "repeats its source"),
        (HELD, DENIED_BY_OTHERS, "contradicted"),
        (CANNOT, HELD, "cannot tell"),
        (DENIED_BY_OTHERS, CANNOT, "contradicted"),
    ],
)
def test_what_only_the_source_of_a_claim_says_is_repeated_and_not_supported(judged, by_others, verdict):
    found = judge_independence(judged, by_others, "A Newspaper")
    assert found.verdict == verdict
    assert ("A Newspaper" in found.why) == (verdict == "repeats its source")


@pytest.mark.parametrize(
    ("seen", "untold"),
    [
        (replace(FOUND, series=0, probability=0.5), "not separable"),
        (replace(FOUND, series=None), "not looked at"),
        (replace(FOUND, series=None, without_series="not published"), "not published"),
        (replace(ALONE, series=None, without_series="not separable"), "not separable"),
    ],
)
def test_an_effect_that_cannot_be_told_says_why(seen, untold):
    assert judge_effect(seen).untold == untold
