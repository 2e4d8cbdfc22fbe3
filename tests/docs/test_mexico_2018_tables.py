"""The tables of mexico-2018 are what its script makes of the fact tables, and its numbers are those that the facts give."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from ruamel.yaml import YAML
from scripts import loaded

from corredor.study.model import load_study

REPOSITORY = Path(__file__).resolve().parents[2]
FACTS = REPOSITORY.parent / "shared" / "data" / "mexico-2018"
STUDY = REPOSITORY / "src" / "corredor" / "studies" / "mexico-2018"
TABLES = ("places.csv", "routes.csv", "drivers.csv", "observations.csv", "series.csv", "sources.csv")
HAND_WRITTEN = ("study.yaml", "parameters.yaml", "measures.yaml", "events.yaml", "claims.yaml")

with_facts = pytest.mark.skipif(
    not FACTS.exists(), reason="the fact tables (../shared/data/mexico-2018) are not beside the repository"
)

# parameter of the study → row of priors.csv with the same law and numbers
TAKEN_OVER = {
    "homicide_effect": "elast_emig_homicide",
    "wage_effect": "elast_emig_home_wage",
    "severity_effect": "elast_emig_US_enforcement",
    "returned_share": "p_returned_given_detained_preDec2018",
    "tries_again_share": "p_reattempt_after_return",
    "refuge_granted_share": "p_COMAR_approval",
    "caravan_refuge_share": "share_claim_asylum_MX_caravan",
    "caravan_turn_back_share": "p_turn_back_before_north_caravan",
    "apprehended_adult": "p_app_evaders",
    "apprehended_family": "share_family_UAC_surrender",
    "adult_sent_home_share": "p_case_resolved_single_adult",
    "credible_fear_share": "p_credible_fear",
    "granted_honduras": "p_grant_HN",
    "granted_guatemala": "p_grant_GT",
    "granted_el_salvador": "p_grant_SV",
    "aid_effect": "effect_aid_0_2y",
    "aid_total_effect": "elast_emig_total_aid",
    "with_guide_share": "share_with_smuggler",
    "drop_claim_per_day": "hazard_drop_MX_claim",
    "leave_list_to_cross_per_day": "hazard_irregular_crossing_waiting_blind",
    "leave_list_to_go_home_per_day": "hazard_return_home_waiting_blind",
    "intake_san_ysidro": "mu_port_San_Ysidro",
    "intake_nogales": "mu_port_Nogales",
    "intake_el_paso": "mu_port_El_Paso",
    "shelter_places": "shelter_capacity_Tijuana_regular",
    "guide_price": "smuggler_price",
    "remittance": "remit_usd_month",
    "aid_lag": "lag_aid_to_local_outcome",
}


def rows(table: str) -> list[dict[str, str]]:
    with (STUDY / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def plain(file: str) -> object:
    return YAML(typ="safe").load((STUDY / file).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return loaded("studies_src/build_mexico_2018.py")


@with_facts
def test_running_the_script_again_gives_the_same_bytes(script: ModuleType) -> None:
    texts = script.build_tables(FACTS, STUDY)
    assert sorted(texts) == sorted(TABLES)
    for name, text in texts.items():
        assert (STUDY / name).read_bytes() == text.encode(), f"{name}: run python studies_src/build_mexico_2018.py"


@with_facts
def test_numbers_in_the_study_are_those_worked_out_from_the_facts(script: ModuleType) -> None:
    numbers = script.derived_numbers(FACTS)
    study = plain("study.yaml")
    for season in ("northern_triangle", "mexico"):
        assert study["seasons"][season]["months"] == pytest.approx(numbers[f"season_{season}"], abs=0.0006)
    for name, group in study["groups"].items():
        citizenship, _, kind = name.rpartition("_")
        assert group["share_of_population"] == pytest.approx(numbers[f"composition_{citizenship}"][kind], abs=0.0011)
    transitions = {transition["name"]: transition for transition in study["transitions"]}
    sector = {place["id"]: place["region"] for place in rows("places.csv") if place["kind"] == "border_city"}
    for name, by_kind in (("go to the border", True), ("leave home in Mexico", False)):
        written = [t for t in transitions[name]["choice"] if not isinstance(t["effect"], str)]
        assert len(written) == 9
        for term in written:
            effects = term["effect"]["values"] if by_kind else {"mexico": term["effect"]}
            for key, effect in effects.items():
                share = numbers[f"sector_share_{key}"][sector[term["place"]["id"]]]
                assert 2.718281828**effect == pytest.approx(share, rel=0.006)
    parameters = plain("parameters.yaml")
    departures = numbers["departures_per_year"]
    assert parameters["leaving_mexico"]["prior"]["lognormal"]["median"] * 1e7 == pytest.approx(departures["mexico"], rel=0.005)
    assert parameters["leaving_other"]["prior"]["lognormal"]["median"] * 1e7 == pytest.approx(departures["other"], rel=0.005)
    assert parameters["interdiction_south_per_day"]["prior"]["fixed"] == pytest.approx(
        numbers["interdiction"]["in_south_per_day"], abs=1e-4
    )
    assert parameters["interdiction_way_per_day"]["prior"]["fixed"] == pytest.approx(
        numbers["interdiction"]["on_way_per_day"], abs=1e-4
    )
    beta = parameters["leaving_persistence"]["prior"]["beta"]
    assert beta["alpha"] / (beta["alpha"] + beta["beta"]) == pytest.approx(numbers["persistence"]["northern_triangle"], abs=0.003)
    assert parameters["leaving_monthly_sd"]["prior"]["lognormal"]["median"] == pytest.approx(
        numbers["monthly_sd"]["northern_triangle"], abs=0.001
    )


@with_facts
def test_rates_of_leaving_give_the_departures_of_the_literature() -> None:
    people: dict[str, float] = {}
    for place in rows("places.csv"):
        if place["kind"] == "origin":
            people[place["country"]] = people.get(place["country"], 0.0) + float(place["population"])
    parameters = plain("parameters.yaml")

    def median(name: str) -> float:
        return parameters[name]["prior"]["lognormal"]["median"]

    ratios = {c: median(f"leaving_ratio_{c}") for c in ("guatemala", "honduras", "el_salvador")}
    leaving = {c: people[c] * median("leaving_level") * ratio for c, ratio in ratios.items()}
    assert sum(leaving.values()) == pytest.approx(353_000, rel=0.02)
    assert leaving["guatemala"] / sum(leaving.values()) == pytest.approx(0.489 / 0.984, abs=0.01)


@with_facts
@pytest.mark.parametrize(("parameter", "row"), TAKEN_OVER.items())
def test_a_prior_of_the_literature_is_taken_over_unchanged(parameter: str, row: str) -> None:
    with (FACTS / "priors.csv").open(encoding="utf-8", newline="") as file:
        published = next(r for r in csv.DictReader(file) if r["parameter"] == row)
    (law, numbers), *_ = plain("parameters.yaml")[parameter]["prior"].items()
    first, second = float(published["p1"]), float(published["p2"])
    assert published["distribution"].startswith(law)
    if law == "lognormal":
        assert numbers["median"] == pytest.approx(2.718281828**first, rel=0.006)
        assert numbers["sigma"] == pytest.approx(second, abs=0.001)
    else:
        assert list(numbers.values()) == pytest.approx([first, second], abs=0.001)


def test_the_study_has_no_problem() -> None:
    model = load_study(STUDY)
    assert len(model.observations) == len(rows("observations.csv"))


def test_every_figure_has_a_source_and_every_source_is_used(script: ModuleType) -> None:
    known = {row["id"] for row in rows("sources.csv")}
    used = {name for table in TABLES[:-1] for row in rows(table) for name in row["source"].split(";")}
    used |= {
        name
        for file in HAND_WRITTEN
        for name in loaded("studies_src/table_files.py").cited_sources((STUDY / file).read_text(encoding="utf-8"))
    }
    assert used == known


def test_a_number_without_a_source_is_called_an_assumption() -> None:
    for name, parameter in plain("parameters.yaml").items():
        assert "source" in parameter or parameter["basis"] == "assumption", name
        assert parameter["basis"] != "assumption" or parameter.get("note"), f"{name}: say what the judgement is"


def test_no_figure_is_known_before_its_period_ends() -> None:
    for row in rows("observations.csv"):
        assert row["from"] <= row["to"] <= row["published"], row


def test_what_is_held_out_stays_out() -> None:
    """What became of the caravan after 10 December 2018, and the daily list at San Ysidro from then to spring 2019."""
    caravan = (
        "in_caravan",
        "in_shelter",
        "people_in_camps_tijuana",
        "caravan_arrivals_tijuana",
        "caravan_returned",
        "on_port_list_tijuana",
    )
    assert {row["output"] for row in rows("observations.csv")} >= set(caravan)
    for row in rows("observations.csv"):
        if row["output"].startswith(caravan):
            assert date.fromisoformat(row["to"]) <= date(2018, 12, 10), row


def test_no_measure_lies_after_the_study() -> None:
    assert all(measure["from"] <= date(2019, 6, 30) for measure in plain("measures.yaml"))


def test_words_of_the_house_are_kept() -> None:
    unwanted = "ill" + "egal"
    for file in sorted(file for file in STUDY.iterdir() if file.suffix != ".nc"):
        assert unwanted not in file.read_text(encoding="utf-8").lower(), file.name
