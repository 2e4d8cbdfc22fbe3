"""Are numbers of findings told in the words of a reader?"""

from __future__ import annotations

import datetime as dt
import math

import pytest

from corredor.effects.claims.finding import Finding
from corredor.effects.claims.headline import percent_words
from corredor.effects.claims.published_effect import PublishedEffect
from corredor.effects.claims.tally import grouped, summary
from corredor.effects.claims.verdicts import UNTOLD, Judgement, Untold, Verdict
from corredor.pages.claims.words import bounds_words, probability_words
from corredor.study.schema import Claim

CANNOT_TELL = Judgement("cannot tell", "C8", "", "not separable")


def finding(kind: str, judgement: Judgement = CANNOT_TELL, check: dict | None = None, **more) -> Finding:
    claim = Claim.model_validate({"id": "a", "says": "b", "said_by": "c", "kind": kind, **({kind: check} if check else {})})
    return Finding(claim, judgement, **more)


def effect(direction: str, judgement: Judgement, *, detectable: float, below: float, above: float, **more) -> Finding:
    """What is found of a claim about an effect with a published series."""
    check = {"measures": ["m"], "from": dt.date(2020, 1, 1), "to": dt.date(2020, 6, 30), "direction": direction, "series": "s"}
    seen = PublishedEffect(-120.0, -250.0, 40.0, detectable, below, above)
    return finding("effect", judgement, check, published_effect=seen, **more)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-1.94, -1.94, "1.9 % below the earlier level"),
        (25.0, 25.0, "25 % above the earlier level"),
        (136.9, 137.3, "137 % above the earlier level"),
        (None, 23.0, "at most 23 % above the earlier level"),
        (None, -30.0, "at least 30 % below the earlier level"),
        (12.0, None, "at least 12 % above the earlier level"),
        (-5.0, None, "at most 5.0 % below the earlier level"),
        (-5.0, 12.0, "−5.0 to +12 % against the earlier level"),
        (None, None, ""),
    ],
)
def test_a_level_is_told_by_its_bounds(low, high, words):
    assert finding("level", low=low, high=high, unit="percent above the earlier level").number == words


def test_other_numbers_carry_their_unit():
    assert finding("magnitude", low=17.7, high=17.7, unit="km").number == "17.7 km"
    assert finding("magnitude", low=2500.0, high=math.inf, unit="people").number == "at least 2,500 people"
    assert finding("comparison", low=5.49, high=5.5, unit="times the other sum").number == "5.49 to 5.5 times the other sum"
    assert finding("event").number == ""
    changed = finding("effect", effect=-0.3, low=-12.4, high=0.02, unit="percent of what it would have been")
    assert changed.number == "−0.3 %, between −12 and 0 % (against what it would have been)"


@pytest.mark.parametrize(
    ("probability", "words"), [(0.5, "50 %"), (0.995, "more than 99 %"), (0.004, "less than 1 %"), (None, "")]
)
def test_no_probability_is_told_more_surely_than_draws_can_say(probability, words):
    assert probability_words(finding("effect", probability=probability)) == words


@pytest.mark.parametrize(
    ("direction", "numbers", "said"),
    [
        (
            "lower",
            (-63.0, -38.4, 136.0),
            "A fall of 63 % or more would have been seen in four of five cases; a fall of more than 38 % is excluded at 95 %",
        ),
        (
            "lower",
            (-99.9, 3.0, 60.0),
            "Not even a fall to nobody would have been seen in four of five cases; any fall is excluded at 95 %",
        ),
        (
            "higher",
            (120.0, -60.0, 74.3),
            "A rise of 120 % or more would have been seen in four of five cases; a rise of more than 74 % is excluded at 95 %",
        ),
        (
            "higher",
            (16_551_386.4, -92.0, 76_867_053.3),
            "Not even a rise to a hundred times as much would have been seen in four of five cases; hardly any rise is excluded",
        ),
        (
            "higher",
            (1191.0, -90.0, 479.0),
            "A rise to 13 times as much or more would have been seen in four of five cases; a rise to more than 6 times as much is "
            "excluded at 95 %",
        ),
    ],
)
def test_what_cannot_be_told_says_how_large_it_would_have_had_to_be_and_what_is_ruled_out(direction, numbers, said):
    detectable, below, above = numbers
    found = effect(direction, CANNOT_TELL, detectable=detectable, below=below, above=above)
    assert found.headline == f"Cannot tell: figures cannot separate it from other causes. {said}"


def test_a_bounded_effect_says_what_would_have_been_seen():
    found = effect("lower", Judgement("no large effect", "C10", ""), detectable=-63.0, below=-38.4, above=136.0)
    assert found.headline == "No fall larger than 38 %: a fall of 63 % or more would have been seen in four of five cases"


def test_without_a_series_no_size_is_ruled_out_and_of_events_records_are_wanted():
    for untold, words in UNTOLD.items():
        judged = Judgement("cannot tell", "C8", "", untold)
        assert finding("effect", judged).headline == f"Cannot tell: {words}; no size is ruled out"
    assert finding("event", Judgement("cannot tell", "C5", "", "not looked at")).headline == (
        "Cannot tell: the records exist and were not looked at"
    )
    level = finding("level", Judgement("cannot tell", "C3", "", "not published"), low=-5.0, high=12.0)
    assert (
        level.headline
        == "Cannot tell: nobody published figures. What is published allows −5.0 to +12 % against the earlier level"
    )


def test_a_level_names_what_it_is_compared_with():
    check = {"series": "s", "from": dt.date(2020, 1, 1), "to": dt.date(2020, 6, 30), "direction": "higher", "than": "all_earlier"}
    found = finding("level", Judgement("contradicted", "C3", ""), check, low=None, high=-26.0)
    assert found.headline == "Contradicted: at least 26 % below the highest earlier level"


def test_no_percentage_that_nobody_can_believe_is_shown():
    found = effect("higher", CANNOT_TELL, detectable=16_551_386.4, below=-92.0, above=76_867_053.3)
    assert percent_words(76_867_053.3) == "more than +10,000"
    for words in (found.headline, bounds_words(found)):
        assert "16551386" not in words.replace(",", "") and "76867053" not in words.replace(",", "")


@pytest.mark.parametrize("untold", [None, *UNTOLD])
@pytest.mark.parametrize("verdict", ["supported", "cannot tell"])
def test_a_verdict_that_cannot_tell_has_one_of_three_reasons_and_no_other_verdict_has_any(
    verdict: Verdict, untold: Untold | None
):
    if (verdict == "cannot tell") == (untold is not None):
        assert Judgement(verdict, "C8", "", untold).untold == untold
    else:
        with pytest.raises(ValueError, match="with the reason"):
            Judgement(verdict, "C8", "", untold)


def test_all_findings_are_told_in_one_sentence_what_did_not_hold_first_and_the_largest_before_others():
    held, denied = Judgement("supported", "C3", ""), Judgement("contradicted", "C3", "")
    small, large = (finding("level", denied, low=size, high=size) for size in (-5.0, -60.0))
    some = [
        finding("level", held, low=1.0, high=1.0),
        small,
        finding("effect"),
        large,
        finding("event", Judgement("cannot tell", "C5", "", "not looked at")),
    ]
    assert summary(some) == (
        "Of 5 claims 2 do not hold, 1 holds and 2 cannot be told (1: figures cannot separate it from other causes; 1: the figures "
        "exist and were not looked at)."
    )
    assert grouped(some)[0].findings == (large, small)
    assert summary([]) == "No claims."
