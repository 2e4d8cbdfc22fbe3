"""Are numbers of findings told in the words of a reader?"""

from __future__ import annotations

import math

import pytest

from corredor.effects.claims.finding import Finding, Judgement
from corredor.pages.claims.words import number_words, probability_words
from corredor.study.schema import Claim


def finding(kind: str, **more) -> Finding:
    claim = Claim.model_validate({"id": "a", "says": "b", "said_by": "c", "kind": kind})
    return Finding(claim, Judgement("cannot tell", "C8", ""), **more)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-1.94, -1.94, "1.9 % below the earlier level"),
        (25.0, 25.0, "25 % above the earlier level"),
        (None, 23.0, "at most 23 % above the earlier level"),
        (None, -30.0, "at least 30 % below the earlier level"),
        (12.0, None, "at least 12 % above the earlier level"),
        (-5.0, None, "at most 5.0 % below the earlier level"),
        (-5.0, 12.0, "−5.0 to +12 % against the earlier level"),
        (None, None, ""),
    ],
)
def test_a_level_is_told_by_its_bounds(low, high, words):
    assert number_words(finding("level", low=low, high=high, unit="percent above the earlier level")) == words


def test_other_numbers_carry_their_unit():
    assert number_words(finding("magnitude", low=17.7, high=17.7, unit="km")) == "17.7 km"
    assert number_words(finding("magnitude", low=2500.0, high=math.inf, unit="people")) == "at least 2,500 people"
    assert (
        number_words(finding("comparison", low=5.49, high=5.5, unit="times the other sum")) == "5.49 to 5.5 times the other sum"
    )
    assert number_words(finding("event")) == ""
    effect = finding("effect", effect=-0.3, low=-12.4, high=0.02, unit="percent of what it would have been")
    assert number_words(effect) == "−0.3 %, between −12 and 0 % (against what it would have been)"


@pytest.mark.parametrize(
    ("probability", "words"), [(0.5, "50 %"), (0.995, "more than 99 %"), (0.004, "less than 1 %"), (None, "")]
)
def test_no_probability_is_told_more_surely_than_draws_can_say(probability, words):
    assert probability_words(finding("effect", probability=probability)) == words
