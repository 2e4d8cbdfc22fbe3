"""Are effects and shares of a benchmark said as a reader likes them?"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from corredor.effects.benchmark.headline import headline, share_words
from corredor.effects.benchmark.scores import MethodScore, Share, score_from_json
from corredor.pages.benchmark.words import (
    in_order,
    interval_words,
    known_words,
    p_words,
    percent_words,
    size_words,
    verdict_words,
)


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (-88.4, "−88 %"),
        (4.21, "+4.2 %"),
        (-99.93, "−99.9 %"),
        (1400.0, "15 times"),
        (np.nan, "–"),
        (np.inf, "any"),
        (0.0, "+0.0 %"),
    ],
)
def test_percents(percent, words):
    assert percent_words(percent).replace("\u00a0", " ") == words


def test_intervals_and_sizes():
    assert interval_words(-95.2, -60.1).replace("\u00a0", " ") == "−95 to −60 %"
    assert interval_words(-20.0, 2000.0).replace("\u00a0", " ") == "−20 % to 21 times"
    assert interval_words(np.nan, np.nan) == "–"
    assert size_words(-84.0, -84.0).replace("\u00a0", " ") == "−84 %"
    assert size_words(np.nan, np.nan) == ""
    assert [p_words(p) for p in (np.nan, 0.0, 0.0304)] == ["–", "<0.001", "0.030"]


def test_what_is_known_and_what_was_found():
    row = SimpleNamespace(agreement="agreed", direction="lower", judged="found", finds=-1.0, holds_size=False)
    assert (known_words(row), verdict_words(row)) == ("agreed: a fall", "found, size outside")
    row = SimpleNamespace(agreement="none_found", direction="none", judged="no effect, rightly", finds=0.0, holds_size=None)
    assert (known_words(row), verdict_words(row)) == ("found to have had no effect", "no effect, rightly")
    row = SimpleNamespace(agreement="contested", direction="higher", judged="contested", finds=-1.0, holds_size=None)
    assert (known_words(row), verdict_words(row)) == ("contested: a rise", "a fall found")


def test_agreed_claims_come_first():
    rows = pd.DataFrame({"id": list("abcd"), "agreement": ["contested", "agreed", "none_found", "agreed"]})
    assert list(in_order(rows)["id"]) == ["b", "d", "c", "a"]


def score(**changes):
    shares = {"found": Share(2, 4), "sizes": Share(1, 2), "sizes_whole": Share(0, 2), "false_none": Share(1, 3)}
    shares |= {
        "false_dates": Share(12, 500),
        "false_units": Share(0, 0),
        "false_strict": Share(20, 500),
        "unanswered": Share(1, 9),
    }
    return MethodScore(**{"method": "panel", **shares, "width": 1.5, "width_ratio": 0.4, **changes})


def test_the_headline_tells_how_often_it_is_wrong_and_losses_by_name():
    judged = ["found", "missed", "wrong sign", "found", "no answer"]
    own = pd.DataFrame({"id": list("abcde"), "judged": judged, "agreement": ["agreed"] * 5, "finds": [-1, 0, 1, -1, np.nan]})
    better = score(method="another", found=Share(3, 4))
    assert headline([score(), better, score(method="a third")], own) == [
        "Of the effects that it told of measures whose effect is known, 1 of 3 (33.3 %; in the long run 0.8 to 90.6 %) were wrong.",
        "False verdicts: 12 of 500 (2.4 %; in the long run 1.2 to 4.2 %) at placebo dates, none asked at placebo units, "
        "1 of 3 measures found to have had no effect.",
        "Taught by other families of series alone: 20 of 500 (4.0 %; in the long run 2.5 to 6.1 %) at the same placebo dates.",
        "Found with the right sign: 2 of 4 agreed effects.",
        "Missed: b.",
        "Found with the wrong sign: c.",
        "No answer: e.",
        "More than that is found by another (3).",
        "The 95 % interval overlaps the agreed size in 1 of 2 and holds all of it in 0 of 2.",
        "Median width of the interval: 0.40 times that of the single interrupted series.",
    ]
    assert share_words(Share(0, 0)) == "none asked"


def test_who_told_no_effect_is_not_called_right():
    own = pd.DataFrame({"id": ["a"], "judged": ["missed"], "agreement": ["agreed"], "finds": [0]})
    assert headline([score()], own)[0] == "It told no effect of a measure whose effect is known."


def test_a_score_comes_back_from_json():
    assert score_from_json(score().as_json()) == score()
    assert np.isnan(score_from_json(score(width_ratio=float("nan")).as_json()).width_ratio)
