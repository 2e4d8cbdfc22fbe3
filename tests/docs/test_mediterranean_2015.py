"""The study mediterranean-2015 is what its script makes of the fact tables; nothing in its levels and spreads comes from its own time."""

from __future__ import annotations

import calendar
import csv
import re
import shutil
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import xarray as xr
from ruamel.yaml import YAML
from scripts import loaded

from corredor._simulate import simulate
from corredor.engine.fitted import NAME, read_fitted
from corredor.study.model import Model, load_study

REPOSITORY = Path(__file__).resolve().parents[2]
FACTS = REPOSITORY.parent / "shared" / "data" / "mediterranean-2009"
STUDY = REPOSITORY / "src" / "corredor" / "studies" / "mediterranean-2015"
TABLES = ("places.csv", "routes.csv", "observations.csv", "series.csv", "sources.csv")
HAND_WRITTEN = ("study.yaml", "measures.yaml", "claims.yaml")
LAST_DAY = date(2019, 12, 31)

with_facts = pytest.mark.skipif(
    not FACTS.exists(), reason="the fact tables (../shared/data/mediterranean-2009) are not beside the repository"
)


def rows(table: str) -> list[dict[str, str]]:
    with (STUDY / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain(file: str) -> dict:
    return YAML(typ="safe").load((STUDY / file).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def model() -> Model:
    return load_study(STUDY)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return loaded("studies_src/build_mediterranean_2015.py")


# Tables and facts ------------------------------------------------------------------------------------------------------------------


@with_facts
def test_the_tables_and_parameters_are_those_that_the_script_writes(script: ModuleType) -> None:
    texts = script.build_tables(FACTS, STUDY)
    assert sorted(texts) == sorted((*TABLES, "parameters.yaml"))
    for name, text in texts.items():
        assert (STUDY / name).read_bytes() == text.encode(), f"{name}: python studies_src/build_mediterranean_2015.py"


@with_facts
def test_no_level_season_or_spread_depends_on_a_count_of_the_study_s_own_time(script: ModuleType, tmp_path: Path) -> None:
    facts = Path(shutil.copytree(FACTS, tmp_path / "facts"))
    before = script.derived_numbers(FACTS)
    _triple(facts / "detections_by_route_monthly.csv", lambda month: month >= "2014-01")
    assert script.derived_numbers(facts) == before
    _triple(facts / "detections_by_route_monthly.csv", lambda month: month < "2014-01")
    assert script.derived_numbers(facts) != before


def _triple(path: Path, chosen) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    tripled = [lines[0]]
    for line in lines[1:]:
        head, people = line.rsplit(",", 1)
        tripled.append(f"{head},{3 * int(people)}" if chosen(line[:7]) else line)
    path.write_text("\n".join(tripled) + "\n", encoding="utf-8")


@with_facts
def test_seasons_in_the_study_are_those_worked_out_from_the_facts(script: ModuleType) -> None:
    numbers, months = script.derived_numbers(FACTS), [name.lower() for name in calendar.month_abbr[1:]]
    for name, season in plain("study.yaml")["seasons"].items():
        worked_out = numbers[f"season_{name}"]
        assert [season["months"][month] for month in months] == pytest.approx(
            [worked_out[str(k)] for k in range(1, 13)], abs=0.0006
        )


@with_facts
def test_published_months_of_a_route_are_the_rows_of_the_facts_added_up() -> None:
    """Read anew here, by other code than the script's."""
    with (FACTS / "detections_by_route_monthly.csv").open(encoding="utf-8", newline="") as file:
        facts = [row for row in csv.DictReader(file) if row["month"] >= "2014-01"]
    routes = {
        "central_mediterranean": ("Central Mediterranean Route", ("Sea", "Land")),
        "eastern_mediterranean_sea": ("Eastern Mediterranean Route", ("Sea",)),
        "eastern_mediterranean_land": ("Eastern Mediterranean Route", ("Land",)),
        "western_mediterranean_sea": ("Western Mediterranean Route", ("Sea",)),
        "western_african": ("Western African Route", ("Sea", "Land")),
        "western_balkan_route": ("Western Balkan Route", ("Sea", "Land")),
    }
    written = {
        (row["place"], row["from"][:7]): int(row["value"]) for row in rows("observations.csv") if row["output"] == "detections"
    }
    assert len(written) == len(routes) * 72
    for place, (route, borders) in routes.items():
        for month in {row["month"] for row in facts}:
            people = sum(
                int(r["people"]) for r in facts if r["month"] == month and r["route"] == route and r["border"] in borders
            )
            assert written[place, month] == people, (place, month)
    fences = sum(int(r["people"]) for r in facts if r["route"] == "Western Mediterranean Route" and r["border"] == "Land")
    assert fences == sum(int(row["value"]) for row in rows("observations.csv") if row["output"] == "fence_crossings")


@with_facts
def test_deaths_of_a_route_are_the_rows_of_the_facts_added_up() -> None:
    with (FACTS / "deaths_monthly.csv").open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file))
    by_quarter = [row for row in rows("observations.csv") if row["output"] == "deaths"]
    assert len(by_quarter) == 4 * 24
    assert sum(int(row["value"]) for row in by_quarter) == sum(int(row["people"]) for row in facts)
    spring = [row for row in by_quarter if row["place"] == "central_mediterranean" and row["from"] == "2015-04-01"]
    in_facts = [r for r in facts if r["route"].startswith("Central") and r["month"] in ("2015-04", "2015-05", "2015-06")]
    assert int(spring[0]["value"]) == sum(int(row["people"]) for row in in_facts)


def test_citizenships_of_a_quarter_never_exceed_the_route() -> None:
    months: dict[tuple[str, str], int] = {}
    for row in rows("observations.csv"):
        if row["output"] == "detections":
            quarter = f"{row['from'][:5]}{(int(row['from'][5:7]) - 1) // 3}"
            months[row["place"], quarter] = months.get((row["place"], quarter), 0) + int(row["value"])
    people: dict[tuple[str, str], int] = {}
    for row in rows("observations.csv"):
        if row["output"].endswith("by_citizenship"):
            place = row["place"] or "western_balkan_route"
            quarter = f"{row['from'][:5]}{(int(row['from'][5:7]) - 1) // 3}"
            people[place, quarter] = people.get((place, quarter), 0) + int(row["value"] or row["low"])
            if row["high"]:
                assert int(row["low"]) < int(row["high"]) <= months[place, quarter]
    assert people and all(people[key] <= months[key] for key in people)


@with_facts
def test_every_single_figure_stands_in_the_facts() -> None:
    """Numbers of reports, without their separators, in some cell of the fact tables."""
    text = "".join((FACTS / name).read_text(encoding="utf-8") for name in ("parameters.csv", "measures.csv", "known_effects.csv"))
    numbers = {found.replace(",", "") for found in re.findall(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+", text)}
    single = [row for row in rows("observations.csv") if row["source"] not in ("frontex_detections", "iom_missing_migrants")]
    assert len(single) > 25
    for row in single:
        for value in (row["value"], row["low"], row["high"]):
            assert not value or value in numbers, row


def test_every_figure_has_a_source_and_every_source_is_used(script: ModuleType) -> None:
    known = {row["id"] for row in rows("sources.csv")}
    used = {name for table in TABLES[:-1] for row in rows(table) for name in row["source"].split(";") if name}
    for file in (*HAND_WRITTEN, "parameters.yaml"):
        used |= loaded("studies_src/table_files.py").cited_sources((STUDY / file).read_text(encoding="utf-8"))
    assert used == known


def test_a_number_without_a_source_is_called_an_assumption() -> None:
    for name, parameter in plain("parameters.yaml").items():
        assert "source" in parameter or parameter["basis"] == "assumption", name
        assert parameter.get("note"), f"{name}: say how the number was reached"


def test_months_are_known_six_weeks_later_and_nothing_before_its_period_begins() -> None:
    for row in rows("observations.csv"):
        assert row["from"] <= row["to"] <= row["published"], row
        if row["source"] in ("frontex_detections", "iom_missing_migrants"):
            assert date.fromisoformat(row["published"]) == date.fromisoformat(row["to"]) + timedelta(days=42)


def test_no_measure_and_no_series_lies_after_the_study() -> None:
    assert all(measure["from"] <= LAST_DAY for measure in plain("measures.yaml"))
    assert max(row["to"] for row in rows("series.csv")) == LAST_DAY.isoformat()


def test_words_of_the_house_are_kept() -> None:
    unwanted = "ill" + "egal"
    for file in sorted(file for file in STUDY.iterdir() if file.suffix != ".nc"):
        assert unwanted not in file.read_text(encoding="utf-8").lower(), file.name


# The study -------------------------------------------------------------------------------------------------------------------------


def test_every_dated_act_of_the_facts_that_reaches_into_the_study_is_on_record() -> None:
    sources = {name for measure in plain("measures.yaml") for name in _listed(measure["source"])}
    if not FACTS.exists():
        pytest.skip("the fact tables (../shared/data/mediterranean-2009) are not beside the repository")
    sys.path.insert(0, str(REPOSITORY / "studies_src"))
    try:
        from mediterranean_2015.sources import Sources  # late: beside the package, found only now
    finally:
        sys.path.pop(0)
    with (FACTS / "measures.csv").open(encoding="utf-8", newline="") as file:
        acts = [row for row in csv.DictReader(file) if row["start_date"] < "2020" and (row["end_date"] or "2020") >= "2013-11"]
    cited = Sources(FACTS).by_row
    # the Evros operation of 2012 is the state that the study begins with
    missing = [act["id"] for act in acts if act["id"] != "M01" and not sources & set(cited[act["id"]])]
    assert missing == []


def _listed(source: str | list[str]) -> list[str]:
    return [source] if isinstance(source, str) else source


def test_protection_is_reported_beside_control(model: Model) -> None:
    sides = [output.side for output in model.study.outputs.values()]
    assert sides.count("protection") >= 5 <= sides.count("control")


def test_there_are_ten_claims_and_more_and_each_names_who_said_it(model: Model) -> None:
    checked = [claim for claim in model.claims if claim.effect or claim.level or claim.amount or claim.comparison]
    assert len(model.claims) >= 20 and len(checked) >= 15
    assert all(claim.said_by and (claim.comes_from or claim.source) for claim in model.claims)


@pytest.fixture(scope="module")
def from_priors(model: Model) -> xr.Dataset:
    return simulate(model, draws=60, seed=1, priors_only=True)


def test_nobody_is_lost_and_a_draw_makes_few_enough_decisions(from_priors: xr.Dataset) -> None:
    assert float(np.abs(from_priors["people_lost"]).max()) == 0
    assert 50_000 < from_priors.attrs["decisions_per_draw"] < 1_000_000


def test_who_enters_the_union_counts_once_and_is_detected_again_in_the_balkans(from_priors: xr.Dataset) -> None:
    """One person at two borders: detections hold both, arrivals the first, and the difference is the Balkan route."""
    routes = from_priors["detections"].sum("month")
    balkan = routes.sel(region="western_balkan_route")
    once = from_priors["arrivals"].sum("month").sum("region")
    assert np.allclose((routes.sum("region") - balkan).to_numpy(), once.to_numpy(), rtol=1e-9)
    assert float(balkan.sum()) > 0
    by_citizenship = from_priors["balkan_by_citizenship"].sum(["month", "citizenship"])
    assert np.allclose(by_citizenship.to_numpy(), balkan.to_numpy(), rtol=1e-9)


def test_the_priors_hold_most_published_months_of_every_route(from_priors: xr.Dataset) -> None:
    chosen = (from_priors["observation_output"] == "detections").to_numpy()
    published = from_priors["observation_value"].to_numpy()
    low, high = np.quantile(from_priors["observation_predicted"].to_numpy(), [0.025, 0.975], axis=0)
    inside = (published >= low) & (published <= high)
    for route in set(from_priors["observation_place"].to_numpy()[chosen]):
        of_route = chosen & (from_priors["observation_place"].to_numpy() == route)
        assert inside[of_route].mean() > 0.5, route


def test_a_border_that_closes_sends_people_to_the_next_one(model: Model) -> None:
    """The gate of Serbia (M4): without the closing nearly all enter Hungary, with it most enter Croatia; nobody is lost."""
    closed = simulate(_fixed(model, {"hungary_closed_effect": -8.0}), expected=True, priors_only=True)
    open_ = simulate(model.without("hungary_closes_serbian_border"), expected=True, priors_only=True)
    autumn = slice("2015-09-16", "2015-12-31")
    into = {
        name: [float(run[name].sel(week=autumn).sum()) for run in (closed, open_)] for name in ("into_croatia", "into_hungary")
    }
    assert into["into_croatia"][0] > 5 * into["into_croatia"][1]
    assert into["into_hungary"][0] < into["into_hungary"][1]


def _fixed(model: Model, values: dict[str, float]) -> Model:
    parameters = dict(model.parameters)
    for name, value in values.items():
        prior = type(parameters[name].prior)(fixed=value)
        parameters[name] = parameters[name].model_copy(update={"prior": prior})
    return replace(model, parameters=parameters)


# Fit and README -------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fit_script() -> ModuleType:
    return loaded("studies_src/fit_mediterranean_2015.py")


def test_the_fit_is_one_that_may_be_used_and_the_page_tells_its_numbers(fit_script: ModuleType) -> None:
    fitted = read_fitted(STUDY / NAME)
    assert fitted.as_of == fit_script.AS_OF and fitted.n_draws == fit_script.DRAWS
    assert fitted.troubles == [] and fitted.diagnostics["converged"]
    [sentence] = fit_script.sentences(fitted).values()
    assert sentence in README, "python studies_src/fit_mediterranean_2015.py"


def test_nothing_that_was_published_after_the_day_of_the_fit_is_in_it(fit_script: ModuleType, model: Model) -> None:
    later = [row for row in model.observations if row.published > fit_script.AS_OF]
    months = {row.from_ for row in later if row.output == "detections"}
    assert months == {date(2019, 11, 1), date(2019, 12, 1)}
    assert len(read_fitted(STUDY / NAME).diagnostics["figures"]) == len(model.observations) - len(later)


README = (STUDY / "README.md").read_text(encoding="utf-8")


def test_the_readme_counts_rightly(model: Model) -> None:
    assert f"{len(model.measures)} dated measures" in README
    assert f"{len(model.claims)} things said in public" in README
    assert f"**Groups** are {NUMBER_WORDS[len(model.study.groups)]} citizenships" in README


NUMBER_WORDS = {9: "nine", 10: "ten", 11: "eleven", 12: "twelve"}
