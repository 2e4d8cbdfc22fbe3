"""The study americas-2018 is what its script makes of the fact tables, and nothing in its priors comes from its own time."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scripts import loaded

from corredor._simulate import simulate
from corredor.study.model import Model, load_study

REPOSITORY = Path(__file__).resolve().parents[2]
FACTS = REPOSITORY.parent / "shared" / "data" / "americas-2014"
STUDY = REPOSITORY / "src" / "corredor" / "studies" / "americas-2018"
LAGS = {"darien_transits": 35, "honduras_entries": 35, "mexico_presented": 35, "us_apprehensions": 28, "us_expulsions": 28}

with_facts = pytest.mark.skipif(
    not FACTS.exists(), reason="the fact tables (../shared/data/americas-2014) are not beside the repository"
)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return loaded("studies_src/build_americas_2018.py")


@pytest.fixture(scope="module")
def model() -> Model:
    return load_study(STUDY)


def facts_of(table: str) -> list[dict[str, str]]:
    with (FACTS / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(model: Model, output: str) -> dict[tuple[str, str], float]:
    """Figures of months of one output: (group, month) → people."""
    return {
        (row.group or "", f"{row.from_:%Y-%m}"): row.value
        for row in model.observations
        if row.output == output and row.value is not None and (row.to - row.from_).days < 31
    }


@with_facts
def test_the_tables_and_parameters_are_those_that_the_script_writes(script):
    texts = script.build_tables(FACTS, STUDY)
    assert set(texts) == {"places.csv", "routes.csv", "observations.csv", "parameters.yaml", "sources.csv"}
    for name, text in texts.items():
        assert (STUDY / name).read_text(encoding="utf-8") == text, f"{name}: python studies_src/build_americas_2018.py"


@with_facts
def test_no_prior_depends_on_a_count_of_the_study_s_own_time(script, tmp_path):
    for folder in ("americas-2014", "mexico-2018"):
        shutil.copytree(FACTS.parent / folder, tmp_path / folder)
    facts = tmp_path / "americas-2014"
    tables = {
        facts / "darien_transits_annual.csv": 2,
        facts / "darien_transits_monthly.csv": 2,
        facts / "honduras_irregular_entries_monthly.csv": 1,
        facts / "mexico_presented_monthly.csv": 2,
        tmp_path / "mexico-2018" / "usbp_apprehensions_by_citizenship_monthly.csv": 2,
    }
    before = script.derived_numbers(FACTS)
    for path, column in tables.items():
        _tripled(path, column, lambda period: period >= "2018")
    assert script.derived_numbers(facts) == before
    for path, column in tables.items():
        _tripled(path, column, lambda period: period < "2018")
    assert script.derived_numbers(facts) != before


def _tripled(path: Path, column: int, chosen) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    for row in rows:
        if chosen(row[0]):
            row[column] = str(3 * int(row[column]))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


@with_facts
def test_people_presented_in_mexico_are_the_rows_of_the_facts_added_up(model):
    """Read anew here: countries of the Northern Triangle and Cuba alone, and one whole month of `farther` by hand."""
    codes = {"HND": "honduras", "GTM": "guatemala", "SLV": "el_salvador", "CUB": "cuba"}
    people = {(codes[row["citizenship"]], row["month"]): float(row["people"])
              for row in facts_of("mexico_presented_monthly.csv") if row["citizenship"] in codes}  # fmt: skip
    of_study = written(model, "mexico_presented")
    assert people == {key: value for key, value in of_study.items() if key[0] != "farther"}
    assert len({month for _, month in of_study}) == 36
    in_one_month = {
        row["citizenship"]: int(row["people"]) for row in facts_of("mexico_presented_monthly.csv") if row["month"] == "2020-04"
    }
    farther = sum(
        in_one_month.get(code, 0) for code in ("HTI", "COD", "CHN", "YEM", "GHA", "PAK", "IND", "BGD", "CMR", "NGA", "MAR")
    )
    assert farther <= of_study["farther", "2020-04"] <= farther + 20


@with_facts
def test_darien_and_honduras_are_those_of_the_facts(model):
    honduras = {("", row["month"]): float(row["people"]) for row in facts_of("honduras_irregular_entries_monthly.csv")}
    assert written(model, "honduras_entries") == {key: value for key, value in honduras.items() if key[1] >= "2018-01"}
    transits = [row for row in facts_of("darien_transits_monthly.csv") if row["citizenship"] == "CUB"]
    cubans = {("cuba", row["month"]): float(row["people"]) for row in transits}
    of_study = written(model, "darien_transits")
    assert cubans == {key: value for key, value in of_study.items() if key[0] == "cuba"}
    whole_years = [row for row in model.observations if row.output == "darien_transits" and row.from_.year < 2020]
    years = {(row.group, row.from_.year): row.value for row in whole_years}
    assert years["cuba", 2019] == 2691 and set(years) == {(group, year) for group in ("cuba", "farther") for year in (2018, 2019)}


@with_facts
def test_cells_that_the_united_states_leave_empty_were_smaller_than_the_rounding():
    with (FACTS.parent / "mexico-2018" / "usbp_apprehensions_by_citizenship_monthly.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        months: dict[str, dict[str, int]] = defaultdict(dict)
        for row in csv.DictReader(file):
            if row["month"] <= "2020-09":
                months[row["month"]][row["citizenship"]] = int(row["apprehensions"])
    # thirteen cells rounded to 10 are off by 65 people at most, and so is the total by 5
    assert all(
        abs(cells["total"] - sum(people for name, people in cells.items() if name != "total")) <= 70 for cells in months.values()
    )


def test_every_figure_is_known_after_the_usual_lag_of_the_agency_that_is_named(model):
    publishers = {name: source.publisher for name, source in model.sources.items()}
    agencies = defaultdict(set)
    for row in model.observations:
        assert row.published - row.to == dt.timedelta(days=LAGS[row.output])
        agencies[row.output].add(publishers[row.source])
    assert agencies == {
        "darien_transits": {"Servicio Nacional de Migración, Panama"},
        "honduras_entries": {"Instituto Nacional de Migración, Honduras"},
        "mexico_presented": {"Unidad de Política Migratoria, Mexico"},
        "us_apprehensions": {"US DHS Office of Homeland Security Statistics"},
        "us_expulsions": {"US Customs and Border Protection"},
    }
    # later months of the United States are kept apart
    assert max(row.to for row in model.observations if row.output.startswith("us_")) == dt.date(2020, 9, 30)
    assert max(row.to for row in model.observations) == dt.date(2020, 12, 31)


def test_protection_is_reported_beside_control(model):
    assert {"control", "protection"} <= {output.side for output in model.study.outputs.values()}


def bands_of(predicted: np.ndarray, share: float) -> np.ndarray:
    """(2, n_figures) float people: both ends of the band."""
    return np.asarray(np.quantile(predicted, [0.5 - share / 2, 0.5 + share / 2], axis=0))


def test_a_draw_stays_small_and_its_bands_hold_what_the_readme_says(model):
    dataset = simulate(model, draws=100, seed=1, priors_only=True)
    assert dataset.attrs["decisions_per_draw"] < 20_000
    predicted, figures = dataset["observation_predicted"].to_numpy(), [row.value for row in model.observations]
    held = [
        np.mean([low <= value <= high for (low, high), value in zip(bands_of(predicted, share).T, figures, strict=True)])
        for share in (0.5, 0.8, 0.95)
    ]
    words = (
        ", ".join(f"{100 * share:.0f}" for share in held[:2])
        + f" and {100 * held[2]:.0f} % of the {len(figures)} published figures"
    )
    assert words in (STUDY / "README.md").read_text(encoding="utf-8")
