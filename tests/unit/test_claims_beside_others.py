"""Is an effect told apart from measures nearby, from what had begun before, and from people who went elsewhere? Planted truths."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from builders import flow, make_model, measure, move, stay
from made_up_series import CLAIM, QUIET, published_months, rows_of, small_study

from corredor.effects.claims.effects import check_effect
from corredor.effects.claims.finding import Evidence, Finding
from corredor.effects.claims.nearby_measures import nearby_measures
from corredor.study.model import Model
from corredor.study.schema import Claim, EffectCheck

AS_OF = dt.date(2022, 2, 1)
WIDE = {"prior_sd": 1.0}


def with_series(columns: dict[str | None, np.ndarray], measures=()) -> Model:
    """The small study with published series, one for each part, and more measures in its register."""
    model, _, _ = small_study(**WIDE)
    rows = tuple(row for part, values in columns.items() for row in rows_of(values, part=part))
    others = (
        make_model([stay("home")], [move("leave", "home", "home")], measures=list(measures), days=365).measures
        if measures
        else ()
    )
    return replace(model, series=rows, measures=(*model.measures, *others))


def found(model: Model, **words) -> Finding:
    effect = CLAIM.effect.model_copy(update=words)
    return check_effect(model, CLAIM.model_copy(update={"effect": effect}), small_study(**WIDE)[2], AS_OF)


def row(finding: Finding, words: str) -> Evidence:
    (only,) = [row for row in finding.evidence if words in row.text]
    return only


def halved(seed: int = 3) -> np.ndarray:
    return published_months(QUIET, -60.0, seed=seed)


SAME_MOVE = measure("visas", 190, None, {"transition": "leave", "effect": 0.1}, title="Visas at the lake", where="elsewhere")


def test_a_supported_claim_names_the_measure_that_no_month_tells_apart():
    alone = found(with_series({None: halved()}))
    assert (alone.judgement.verdict, alone.inseparable_from) == ("supported", ())
    assert "together with" not in alone.judgement.why
    beside = found(with_series({None: halved()}, [SAME_MOVE]))
    assert beside.judgement.verdict == "supported"
    assert beside.inseparable_from == ("visas",)
    assert beside.as_json()["inseparable_from"] == ["visas"]
    assert "together with “Visas at the lake” (2021-07-10)" in beside.judgement.why
    assert "Visas at the lake" in row(beside, "No monthly series can tell apart").text
    assert (beside.effect, beside.low, beside.high) == (alone.effect, alone.low, alone.high)


def study_of(*measures) -> Model:
    """Two places from which people leave for a third; their measures."""
    return make_model(
        [stay("home", at={"kind": "town"}), stay("away", at={"kind": "goal"}), stay("camp", at={"kind": "goal"})],
        [move("leave", "home", "away"), move("go in", "away", "camp")],
        outputs={"gone": flow("leave", every="month")},
        places={"east": {"kind": "town"}, "west": {"kind": "town"}, "goal": {"kind": "goal"}},
        routes=[("east", "goal", 10.0), ("west", "goal", 10.0)],
        measures=list(measures),
        days=365,
    )


OWN = measure("own", 100, None, {"transition": "go in", "effect": 0.1, "at": {"id": "goal"}}, where="at the goal")


def near_to_own(**words) -> list[str]:
    actions = words.pop("acts_on", ())
    other = measure("other", words.pop("day", 110), None, *actions, **{"where": "somewhere", **words})
    effect = EffectCheck.model_validate(
        {"measures": ["own"], "output": "gone", "from": dt.date(2021, 4, 11), "to": dt.date(2021, 8, 31), "direction": "lower"}
    )
    return [measure.id for measure in nearby_measures(study_of(OWN, other), effect)]


LEAVE, GO_IN = {"transition": "leave", "effect": 0.1}, {"transition": "go in", "effect": 0.1}


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ({}, False),
        ({"acts_on": [LEAVE]}, True),
        ({"acts_on": [{**LEAVE, "at": {"id": "west"}}]}, True),
        ({"acts_on": [GO_IN]}, True),
        ({"where": "at the goal"}, True),
        ({"acts_on": [GO_IN], "day": 40}, True),
        ({"acts_on": [GO_IN], "day": 20}, False),
        ({"acts_on": [GO_IN], "day": 155}, True),
        ({"acts_on": [GO_IN], "day": 185}, False),
    ],
)
def test_a_neighbour_acts_on_the_same_moves_or_in_the_same_place_within_two_months(words, near):
    """The claim's own measure begins on 11 April; day 40 is 10 February, day 155 is 5 June."""
    assert near_to_own(**words) == (["other"] if near else [])


def test_actions_on_one_move_at_different_places_do_not_meet():
    west = {**LEAVE, "at": {"id": "west"}}
    own = measure("own", 100, None, {**LEAVE, "at": {"id": "east"}}, where="in the east")
    model = study_of(own, measure("other", 110, None, west, where="in the west"))
    words = {"measures": ["own"], "from": dt.date(2021, 4, 11), "to": dt.date(2021, 8, 31), "direction": "lower"}
    model = replace(
        model,
        study=model.study.model_copy(
            update={"outputs": {**model.study.outputs, "in": model.study.outputs["gone"].model_copy(update={"flow": "go in"})}}
        ),
    )
    of_in = EffectCheck.model_validate({**words, "output": "in"})
    assert nearby_measures(model, of_in) == []
    assert [one.id for one in nearby_measures(model, EffectCheck.model_validate({**words, "output": "gone"}))] == ["other"]


def test_a_change_at_its_date_had_not_begun_before_and_one_of_two_months_earlier_had():
    at_its_date = row(found(with_series({None: halved()})), "begun before the measure")
    assert at_its_date.text.startswith("No sign that the change had begun before the measure")
    assert at_its_date.figures["had_begun_before"] == 0
    assert set(at_its_date.figures) >= {f"effect_percent_{number}_earlier" for number in (1, 2, 3)}
    early = halved()
    early[70:72] *= 0.4
    before = row(found(with_series({None: early})), "begun before the measure")
    assert before.text.startswith("The change had begun before the measure: with its window ")
    assert before.figures["had_begun_before"] == 1
    assert before.figures["effect_percent_2_earlier"] == pytest.approx(-60, abs=12)


def elsewhere(moved_share: float, **words) -> Finding:
    """Of 95 % who are missing in the east, a share turns west."""
    east, west = published_months(QUIET, 0.0, seed=3), published_months(QUIET, 0.0, seed=4)
    missing = 0.95 * east[72:]
    east[72:] -= missing
    west[72:] += moved_share * missing
    return found(with_series({"east": east, "west": west, "south": west[:50]}), part="east", **{"elsewhere": ["west"], **words})


@pytest.mark.parametrize(("moved_share", "answer"), [(1.0, "displaced"), (0.0, "fewer people")])
def test_a_fall_that_rises_elsewhere_is_told_from_one_that_does_not(moved_share, answer):
    finding = elsewhere(moved_share)
    assert finding.as_json()["diversion"] == answer
    said = row(finding, "Against what was to be expected")
    figures = said.figures
    # what is missing together is what is missing here less what came elsewhere
    assert figures["fewer_together_people"] == pytest.approx(
        figures["fewer_here_people"] - figures["more_elsewhere_people"], abs=1
    )
    assert figures["fewer_together_low"] < figures["fewer_together_people"] < figures["fewer_together_high"]
    assert "in west" in said.text


def test_where_nobody_asks_nothing_is_said_and_what_cannot_be_estimated_is_left_out():
    assert elsewhere(1.0, elsewhere=[]).as_json()["diversion"] is None
    finding = elsewhere(1.0, elsewhere=["south"])
    assert finding.as_json()["diversion"] is None
    assert "south left out" in row(finding, "Elsewhere:").text
    both = elsewhere(1.0, elsewhere=["west", "south"])
    assert both.as_json()["diversion"] == "displaced"


def test_another_series_may_be_named_elsewhere():
    model = with_series({"east": halved()})
    others = tuple(
        one.model_copy(update={"series": "others"}) for one in rows_of(published_months(QUIET, 0.0, seed=4), part="west")
    )
    claim = Claim.model_validate(
        CLAIM.model_dump(by_alias=True, exclude_none=True)
        | {
            "effect": {
                **CLAIM.effect.model_dump(by_alias=True),
                "part": "east",
                "elsewhere": [{"series": "others", "part": ["west"]}],
            }
        }
    )
    finding = check_effect(replace(model, series=(*model.series, *others)), claim, small_study(**WIDE)[2], AS_OF)
    assert finding.as_json()["diversion"] == "fewer people"
