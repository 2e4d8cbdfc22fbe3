"""Does each kind of check come to what a person works out by hand?"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest
from builders import fixed, flow, here, make_model, measure, move, population, stay, uncertain

from corredor.effects.claims import check_claims
from corredor.effects.claims.finding import Finding
from corredor.study.model import Model
from corredor.study.schema import Claim, SeriesValue

YEARS = {2017: 100.0, 2018: 80.0, 2019: 120.0, 2020: 90.0}


def yearly(values: dict[int, float]) -> tuple[SeriesValue, ...]:
    words = {"series": "counted", "unit": "people", "source": "invented"}
    return tuple(
        SeriesValue.model_validate(
            {
                **words,
                "from": dt.date(year, 1, 1),
                "to": dt.date(year, 12, 31),
                "published": dt.date(year + 1, 1, 5),
                "value": value,
            }
        )
        for year, value in values.items()
    )


def small(**more) -> Model:
    model = make_model(
        [population("home"), stay("away")],
        [move("leave", "home", "away", rate_per_day="leaving")],
        outputs={"gone": flow("leave", every="month")},
        places={"here": {"population": 1_000_000.0}, "there": {"lat": 1.0, "lon": -30.0}},
        routes=[("here", "there", 150.0)],
        parameters={"leaving": fixed(0.0001, "per day"), **more.pop("parameters", {})},
        days=365,
        **more,
    )
    return replace(model, series=yearly(YEARS))


def found(model: Model, kind: str, draws: int = 20, **check) -> Finding:
    claim = Claim.model_validate({"id": "a", "says": "b", "said_by": "c", "kind": kind, **check})
    return check_claims(replace(model, claims=(claim,)), draws=draws, jobs=1)[0]


def level(year: int, **words) -> dict[str, object]:
    return {"level": {"series": "counted", "from": dt.date(year, 1, 1), "to": dt.date(year, 12, 31), **words}}


def test_days_that_no_figure_limits_are_told_as_such():
    finding = found(small(), "level", **level(2021, direction="higher", than="all_earlier"))
    assert finding.evidence[0].text.endswith("2021-01-01 to 2021-12-31: no published figure limits it")


@pytest.mark.parametrize(
    ("year", "words", "verdict", "percent"),
    [
        (2019, {"direction": "higher", "than": "all_earlier"}, "supported", 20.0),
        (2020, {"direction": "higher", "than": "all_earlier"}, "contradicted", -25.0),
        (2018, {"direction": "lower", "than": "all_earlier"}, "supported", -20.0),
        (2019, {"direction": "higher", "than": "year_before"}, "supported", 50.0),
        (2019, {"direction": "higher", "than": "period_before", "at_least_percent": 49.0}, "supported", 50.0),
        (2019, {"direction": "higher", "than": "period_before", "at_least_percent": 51.0}, "contradicted", 50.0),
        (2018, {"direction": "lower", "than": "year_before", "at_least_percent": 19.0}, "supported", -20.0),
        (2018, {"direction": "lower", "than": "year_before", "at_least_percent": 21.0}, "contradicted", -20.0),
    ],
)
def test_a_level_is_compared_with_the_years_that_the_claim_means(year, words, verdict, percent):
    finding = found(small(), "level", **level(year, **words))
    assert finding.judgement.verdict == verdict
    assert finding.effect == pytest.approx(percent)
    assert finding.probability == (1.0 if verdict == "supported" else 0.0)


def test_half_a_year_cannot_be_told_from_years():
    check = {
        "level": {
            "series": "counted",
            "from": dt.date(2019, 1, 1),
            "to": dt.date(2019, 6, 30),
            "direction": "higher",
            "than": "all_earlier",
        }
    }
    finding = found(small(), "level", **check)
    assert (finding.judgement.verdict, finding.probability, finding.effect) == ("cannot tell", None, None)


@pytest.mark.parametrize(("km", "verdict"), [(150.0, "supported"), (140.0, "supported"), (120.0, "contradicted")])
def test_a_distance_goes_by_the_road_where_there_is_one(km, verdict):
    check = {"distance": {"from": "there", "to": "here", "km": km}}
    assert found(small(), "magnitude", **check).judgement.verdict == verdict


@pytest.mark.parametrize(("km", "verdict"), [(150.0, "cannot tell"), (80.0, "contradicted")])
def test_without_a_road_only_the_great_circle_speaks(km, verdict):
    """One degree of latitude is 111 km: 80 km cannot be, 150 km may be."""
    model = replace(small(), routes=())
    assert found(model, "magnitude", distance={"from": "there", "to": "here", "km": km}).judgement.verdict == verdict


def test_what_somebody_did_or_did_not():
    model = small(measures=[measure("aid", 10, 20, actor="The Assembly of X")])
    assert found(model, "event", no_act_of="assembly of x").judgement.verdict == "contradicted"
    assert found(model, "event", no_act_of="the council").judgement.verdict == "cannot tell"
    for first, verdict in ((dt.date(2021, 1, 1), "supported"), (dt.date(2021, 2, 1), "contradicted")):
        check = {"register": ["aid"], "from": first, "to": dt.date(2021, 3, 1), "publishers": 1}
        assert found(model, "event", documented=check).judgement.verdict == verdict
    check = {"register": ["aid"], "from": dt.date(2021, 1, 1), "to": dt.date(2021, 3, 1)}
    assert found(model, "event", documented=check).judgement.verdict == "cannot tell"


def test_two_sums_are_compared_by_the_year():
    """100 people in 2017, 80 in 2018: 90 a year, and 120 in 2019."""
    left = {"series": "counted", "from": dt.date(2017, 1, 1), "to": dt.date(2018, 12, 31)}
    right = {"series": "counted", "from": dt.date(2019, 1, 1), "to": dt.date(2019, 12, 31)}
    finding = found(small(), "comparison", comparison={"left": left, "right": right, "says": "less"})
    assert finding.judgement.verdict == "supported"
    assert finding.effect == pytest.approx(90 / 120)
    assert (
        found(small(), "comparison", comparison={"left": left, "right": right, "says": "more"}).judgement.verdict
        == "contradicted"
    )
    whole = {"left": {**left, "per_year": False}, "right": {**right, "per_year": False}, "says": "more", "times": 1.6}
    assert found(small(), "comparison", comparison=whole).judgement.verdict == "contradicted"
    assert found(small(), "comparison", comparison=whole).effect == pytest.approx(1.5)


def test_spending_that_halves_departures_after_a_lag():
    """Effect log ½ with a lag of a year: after t years the rate is ½^(1 − exp(−t)); a million dollars a day."""
    model = small(
        parameters={"lag": fixed(365.25, "days"), "halving": fixed(math.log(0.5), "log")},
        measures=[
            measure("plan", 0, 3652, {"transition": "leave", "effect": "halving", "lag_days": "lag"}, cost={"usd_per_day": 1e6})
        ],
    )
    check = {"measure": "plan", "output": "gone", "years": [1, 3], "at_least_percent": 40.0}
    finding = found(model, "magnitude", dollars=check)
    assert finding.effect == pytest.approx(100 * (0.5 ** (1 - math.exp(-3)) - 1))
    assert finding.judgement.rule == "C9"
    assert "assumed, not learned" in finding.judgement.why
    after_one_year = finding.evidence[2].figures
    assert after_one_year["spent_usd"] == pytest.approx(365.25e6)
    people = finding.evidence[1].figures["median_people_a_year"]
    assert after_one_year["usd_per_departure"] == pytest.approx(365.25e6 / people)
    times = (np.arange(12) + 1) / 12
    avoided = people * (1 - np.mean(0.5 ** (1 - np.exp(-times))))
    assert after_one_year["usd_per_departure_avoided"] == pytest.approx(365.25e6 / avoided, rel=1e-3)


def test_a_measure_that_cannot_reach_an_output_tests_nothing():
    model = make_model(
        [stay("home", initial=here(1000.0)), stay("away"), stay("elsewhere", initial=here(1000.0)), stay("gone")],
        [move("leave", "home", "away", rate_per_day=0.01), move("fade", "elsewhere", "gone", rate_per_day=0.01)],
        outputs={"left": flow("leave", every="month"), "faded": flow("fade", every="month")},
        parameters={"push": uncertain("log", normal={"mean": 0.0, "sd": 0.5})},
        measures=[measure("act", 10, None, {"transition": "leave", "effect": "push"})],
        days=90,
    )
    words = {"measures": ["act"], "from": dt.date(2021, 1, 11), "to": dt.date(2021, 3, 31), "direction": "lower"}
    finding = found(model, "effect", effect={**words, "output": "faded"})
    assert "no way to change" in finding.judgement.why
    assert (finding.probability, finding.effect, finding.effect_picture) == (None, None, None)
    reached = found(model, "effect", effect={**words, "output": "left"}, draws=100)
    assert reached.judgement.verdict == "cannot tell"
    assert 0.2 < reached.probability < 0.8
    assert [row.name for row in reached.assumed] == ["push"]
    assert "correlation" in reached.assumed[0].text
