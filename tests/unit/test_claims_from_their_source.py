"""Is a claim that only its own source supports told from one that somebody else bears out? One for each kind of evidence."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from builders import fixed, here, make_model, measure, move, population, stay, stock
from made_up_series import CLAIM, QUIET, published_months, rows_of, small_study

from corredor.effects.claims import check_claims
from corredor.effects.claims.distances import straight_km
from corredor.effects.claims.effects import check_effect
from corredor.effects.claims.finding import Finding
from corredor.effects.claims.independence import origin_of
from corredor.study.model import Model
from corredor.study.schema import Claim, Observation, Point, SeriesValue, Source

KNOWN = {
    name: Source(id=name, publisher=publisher, title="x")
    for name, publisher in {
        "agency": "The Agency",
        "agency_by_wire": "The Agency via A Wire (copy)",
        "agency_monthly": "The Agency, monthly counts",
        "paper": "A Newspaper",
        "gazetteer": "A Gazetteer",
    }.items()
}


def small(**more) -> Model:
    model = make_model(
        [population("home"), stay("away", initial=here(10.0))],
        [move("leave", "home", "away", rate_per_day="leaving")],
        outputs={"waiting": stock("away", every="month")},
        places={"here": {"population": 1_000_000.0}, "there": {"lat": 1.0, "lon": -30.0}},
        routes=[("here", "there", 150.0)],
        parameters={"leaving": fixed(0.0001, "per day")},
        days=365,
        **more,
    )
    return replace(model, sources=KNOWN)


def found(model: Model, kind: str, comes_from: list[str], as_of: dt.date | None = None, **check) -> Finding:
    words = {"id": "a", "says": "b", "said_by": "somebody", "kind": kind, "comes_from": comes_from, **check}
    return check_claims(replace(model, claims=(Claim.model_validate(words),)), draws=5, jobs=1, as_of=as_of)[0]


def row(year: int, value: float, source: str, published: dt.date | None = None) -> SeriesValue:
    words = {"series": "counted", "unit": "people", "source": source, "value": value}
    days = {"from": dt.date(year, 1, 1), "to": dt.date(year, 12, 31), "published": published or dt.date(year + 1, 1, 5)}
    return SeriesValue.model_validate({**words, **days})


def level(sources: dict[int, str], comes_from: list[str]) -> str:
    series = tuple(row(year, value, sources[year]) for year, value in {2018: 80.0, 2019: 120.0}.items())
    check = {
        "series": "counted",
        "from": dt.date(2019, 1, 1),
        "to": dt.date(2019, 12, 31),
        "direction": "higher",
        "than": "year_before",
    }
    return found(replace(small(), series=series), "level", comes_from, level=check).judgement.verdict


BY_BOTH, BY_AGENCY = {2018: "agency;paper", 2019: "paper"}, {2018: "agency", 2019: "agency_by_wire"}


@pytest.mark.parametrize(
    ("sources", "comes_from", "verdict"),
    [
        (BY_AGENCY, ["agency_monthly"], "repeats its source"),
        (BY_AGENCY, ["paper"], "supported"),
        (BY_AGENCY, [], "supported"),
        (BY_BOTH, ["agency"], "supported"),
        (BY_BOTH, ["paper"], "repeats its source"),
    ],
)
def test_a_level(sources, comes_from, verdict):
    assert level(sources, comes_from) == verdict


def test_who_says_it_is_a_source_of_it_too():
    claim = Claim.model_validate({"id": "a", "says": "b", "said_by": "the agency", "kind": "level"})
    assert not origin_of(claim, KNOWN).is_independent(["agency_monthly", "agency_by_wire"])
    assert origin_of(claim, KNOWN).is_independent(["agency", "paper"])


@pytest.mark.parametrize(("comes_from", "verdict"), [(["paper"], "repeats its source"), (["agency"], "supported")])
def test_an_amount_and_two_sums(comes_from, verdict):
    seen = Observation.model_validate(
        {"output": "waiting", "from": dt.date(2021, 1, 1), "to": dt.date(2021, 1, 31), "value": 900.0, "published": dt.date(2021, 2, 2),
         "source": "paper"}
    )  # fmt: skip
    amount = {"output": "waiting", "from": dt.date(2021, 1, 1), "to": dt.date(2021, 1, 31), "at_least": 800}
    assert found(replace(small(), observations=(seen,)), "magnitude", comes_from, amount=amount).judgement.verdict == verdict
    model = replace(small(), series=(row(2018, 80.0, "gazetteer"), row(2019, 120.0, "paper")))
    left, right = ({"series": "counted", "from": dt.date(year, 1, 1), "to": dt.date(year, 12, 31)} for year in (2019, 2018))
    comparison = {"left": left, "right": right, "says": "more"}
    assert found(model, "comparison", comes_from, comparison=comparison).judgement.verdict == verdict


def test_an_event_that_only_its_own_source_tells_of():
    acts = {
        name: measure(name, 10, None, actor="X", source=sources)
        for name, sources in {"one": "paper", "two": ["paper", "agency"]}.items()
    }
    model = small(measures=list(acts.values()))

    def verdict(name: str, comes_from: list[str], publishers: int = 1) -> str:
        days = {"from": dt.date(2021, 1, 1), "to": dt.date(2021, 3, 1), "publishers": publishers}
        return found(model, "event", comes_from, documented={"register": [name], **days}).judgement.verdict

    assert verdict("one", ["paper"]) == "repeats its source"
    assert verdict("one", ["agency"]) == "supported"
    assert verdict("two", ["paper"]) == "supported"
    assert verdict("two", ["paper"], publishers=2) == "cannot tell"


def distance(km: float, comes_from: list[str], within_km: float = 0.0, **points) -> Finding:
    """The way is 150 km by the newspaper; the two points are a degree of latitude apart, 111.2 km."""
    model = small()
    routes = tuple(route.model_copy(update={"source": "paper"}) for route in model.routes)
    away = {"name": "There", "lat": 1.0, "lon": -30.0, "within_km": within_km, "source": "gazetteer"}
    home = {"name": "Here", "lat": 0.0, "lon": -30.0, "source": "gazetteer"}
    check = {"from": "here", "to": "there", "km": km, "from_point": home, "to_point": away, **points}
    return found(replace(model, routes=routes), "magnitude", comes_from, distance=check)


def test_a_distance_by_another_publisher_or_by_the_map():
    assert distance(150.0, ["agency"]).judgement.verdict == "supported"
    repeated = distance(150.0, ["paper"])
    assert (repeated.judgement.verdict, repeated.judgement.rule) == ("repeats its source", "C11")
    assert "A Newspaper" in repeated.judgement.why
    # the newspaper's own 150 km speak against 120, whoever says 120
    assert distance(120.0, ["paper"]).judgement.verdict == "contradicted"
    # 95 km is less than the straight line less ten percent: no way can be so short
    assert distance(95.0, ["paper"]).judgement.verdict == "contradicted"


def test_a_point_that_is_known_to_some_kilometres_gives_a_line_between_two_lengths():
    one, other = (Point(name="x", lat=lat, lon=0.0, within_km=2.0, source="gazetteer") for lat in (0.0, 1.0))
    assert straight_km(one, other) == pytest.approx((111.195 - 4, 111.195 + 4), abs=0.01)
    line = next(row for row in distance(150.0, ["paper"], within_km=3.0).evidence if "straight line" in row.text)
    assert "108 to 114 km" in line.text and line.sources == ("gazetteer",)


def test_an_effect_is_worked_out_here_unless_the_claim_comes_from_the_very_counts():
    model, _, scenarios = small_study(prior_sd=1.0)
    halved = tuple(one.model_copy(update={"source": "agency_monthly"}) for one in rows_of(published_months(QUIET, -60.0, seed=3)))
    model = replace(model, series=halved, sources=KNOWN)

    def judged(comes_from: str) -> Finding:
        return check_effect(model, CLAIM.model_copy(update={"comes_from": comes_from}), scenarios, dt.date(2022, 2, 1))

    assert judged("paper").judgement.verdict == "supported"
    of_the_agency = judged("agency")
    assert of_the_agency.judgement.verdict == "supported"
    assert any("counts are published by The Agency, from where the claim comes too" in row.text for row in of_the_agency.evidence)
    assert not any("from where the claim comes too" in row.text for row in judged("paper").evidence)
    assert judged("agency_monthly").judgement.verdict == "repeats its source"


def test_figures_that_came_out_later_exist_and_it_is_said_from_which_day_on():
    model = replace(small(), series=(row(2018, 80.0, "agency"), row(2019, 120.0, "agency", dt.date(2020, 3, 9))))
    check = {
        "series": "counted",
        "from": dt.date(2019, 1, 1),
        "to": dt.date(2019, 12, 31),
        "direction": "higher",
        "than": "year_before",
    }
    begun = model.study.model_copy(update={"from_": dt.date(2019, 1, 1)})
    early = found(replace(model, study=begun), "level", [], dt.date(2020, 3, 8), level=check)
    assert early.judgement.untold == "not looked at"
    assert "--as-of 2020-03-09" in early.would_change
    assert found(model, "level", [], level=check).judgement.verdict == "supported"


def test_earlier_years_are_told_the_highest_first():
    series = tuple(row(year, value, "agency") for year, value in {2016: 50.0, 2017: 100.0, 2018: 80.0, 2019: 60.0}.items())
    check = {
        "series": "counted",
        "from": dt.date(2019, 1, 1),
        "to": dt.date(2019, 12, 31),
        "direction": "higher",
        "than": "all_earlier",
    }
    finding = found(replace(small(), series=series), "level", [], level=check)
    assert any(
        row.text == "Earlier years, as far as published: 2017: 100 people; 2018: 80 people; 2016: 50 people"
        for row in finding.evidence
    )


def test_what_was_looked_through_for_acts_is_said():
    model = small(measures=[measure("aid", 10, 20, actor="The Assembly of X", source="paper")])
    none = found(model, "event", [], no_act_of="the council")
    assert none.judgement.untold == "not looked at"
    assert [row.text for row in none.evidence] == [
        "Looked through: the register of this study, 1 measures of The Assembly of X (1), told by 1 publishers.",
        "Not looked through: records that the council itself keeps.",
    ]
    searched = found(model, "event", [], no_act_of="the council", looked_through="agency")
    assert searched.judgement.untold == "not published"
    assert "The Agency" in searched.evidence[-1].text and searched.evidence[-1].sources == ("agency",)


def test_dollars_are_told_as_people_say_them():
    plan = measure("plan", 0, 1825, {"transition": "leave", "effect": -0.1}, cost={"usd_per_day": 16_427_105.0}, source="agency")
    model = replace(small(measures=[plan]), series=(row(2019, 7e9, "agency").model_copy(update={"unit": "USD"}),))
    left = {"series": "counted", "from": dt.date(2019, 1, 1), "to": dt.date(2019, 12, 31)}
    finding = found(model, "comparison", [], comparison={"left": left, "right": {"measure": "plan"}, "says": "more"})
    texts = " ".join(row.text for row in finding.evidence)
    assert "6,000 million dollars a year, as pledged" in texts
    assert "6,000,0" not in texts and "USD" not in texts
