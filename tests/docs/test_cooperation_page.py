"""Is docs/COOPERATION.md what was found, and would it be found again?"""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path
from types import ModuleType

import pytest
from scripts import loaded

from corredor.effects.claims.effects import check_effect
from corredor.effects.claims.levels import check_level
from corredor.engine.fitted import study_and_fit

DOCS = Path(__file__).parents[2] / "docs"
AGAIN = "python docs/make_cooperation.py --run"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return loaded("docs/make_cooperation.py")


@pytest.fixture(scope="module")
def facts(script):
    return script.read_facts()


def test_the_page_and_its_pictures_are_those_of_the_findings(script, facts):
    assert script.PAGE.read_text(encoding="utf-8") == script.page_text(facts), "python docs/make_cooperation.py"
    for name, text in script.pictures(facts.model).items():
        assert (script.FOLDER / name).read_text(encoding="utf-8") == text, f"{name}: python docs/make_cooperation.py"


def test_what_published_series_say_is_found_again(script, facts):
    claims = {claim.id: claim for claim in facts.model.claims}
    asked = 0
    for name, kept in facts.findings.items():
        claim, day = claims[name], dt.date.fromisoformat(kept["as_of"])
        if claim.level is not None:
            found = check_level(facts.model, claim, day)
        elif claim.effect is not None and claim.effect.output is None:
            found = check_effect(facts.model, claim, None, day)
        else:
            continue
        now = json.loads(json.dumps(script.told(found, day)))
        assert now["verdict"] == kept["verdict"], f"{name}: {AGAIN}"
        for key in ("low", "high", "excluded_below", "excluded_above", "detectable"):
            wanted = kept[key] if kept[key] is None else pytest.approx(kept[key], rel=1e-6)
            assert now[key] == wanted, f"{name}, {key}: {AGAIN}"
        asked += 1
    assert asked == len(script.OF_2019) + len(script.BESIDE) + 2


def test_what_the_model_says_is_of_the_study_and_fit_that_are_shipped(script):
    model, fitted = study_and_fit("mexico-2018", None, False)
    kept = json.loads(script.FINDINGS.read_text(encoding="utf-8"))
    assert (kept["study_hash"], kept["fitted"]) == (model.hash, fitted.fingerprint), AGAIN


def test_figures_of_a_later_day_are_asked_only_by_claims_without_a_model(script, facts):
    claims = {claim.id: claim for claim in facts.model.claims}
    for name, kept in facts.findings.items():
        effect = claims[name].effect
        if dt.date.fromisoformat(kept["as_of"]) > facts.model.study.to and effect is not None:
            assert effect.output is None, name
    assert {kept["as_of"] for kept in facts.findings.values()} == {facts.model.study.to.isoformat(), script.LATER.isoformat()}


def test_every_claim_of_the_page_is_on_it(script, facts):
    page = script.PAGE.read_text(encoding="utf-8")
    for name in (*script.OF_2018, *script.OF_2019, *script.BESIDE):
        assert facts.findings[name]["says"] in page, name


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("supported", "**44 % fewer** than was to be expected"),
        ("no large effect", "**no fall was found, and one of more than 83 % is ruled out**"),
        ("cannot tell", "a fall **cannot be told** (−83 to −18 %)"),
        ("contradicted", "a fall **is contradicted** (−83 to −18 %)"),
    ],
)
def test_an_answer_goes_by_the_verdict(script, facts, verdict, words):
    effect = copy.deepcopy(facts.findings["agreement_reduced_apprehensions"]) | {"verdict": verdict}
    assert words in script.answer(effect)


def test_a_wrong_number_would_be_noticed(script, facts):
    other = copy.deepcopy(facts.findings)
    figures = other["agreement_reduced_apprehensions"]["figures"]
    next(row for row in figures if "effect_percent" in row)["effect_percent"] += 11
    assert script.page_text(script.Facts(other, facts.model)) != script.PAGE.read_text(encoding="utf-8")


def test_for_every_hundred_is_what_a_person_divides(script, facts):
    presented = sum((22_131, 20_164, 4_652))
    apprehended = sum((30_670, 47_810, 10_480))
    found = script.for_every_100(facts.model, script.CENTRAL_AMERICANS, script.PERIODS[0])
    assert found == pytest.approx(100 * presented / apprehended, rel=1e-6)
