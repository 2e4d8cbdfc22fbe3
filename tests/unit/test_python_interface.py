"""Does Python take what the command takes, give what it gives, and say what is wrong with a wrong value?"""

import datetime as dt
import inspect
import json
import sys

import numpy as np
import pandas as pd
import pytest

import corredor
from corredor import cli
from corredor.pages.artefacts import comparison_table
from corredor.study.arguments import date_of, names_of
from corredor.study.catalogue import bundled_studies

MANY = {"draws": 4, "seed": 3}


@pytest.fixture(scope="module")
def small():
    return corredor.simulate("two-towns", draws=6)


def told_by(monkeypatch, capsys, tmp_path, *words: object) -> dict:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["corredor", *map(str, words), "--json", "--out", "out"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", ["mexico-2018", "two-towns"])
def test_simulate_gives_the_numbers_of_the_command_also_with_the_folders_fit(monkeypatch, capsys, tmp_path, name):
    told = pd.DataFrame(told_by(monkeypatch, capsys, tmp_path, "run", name, "--draws", 4, "--seed", 3)["summary"])
    found = corredor.summary_table(corredor.simulate(name, **MANY))
    np.testing.assert_allclose(found["q50"], told["q50"].astype(float))
    assert len(told) > 0


def test_a_fit_is_left_aside_when_asked_and_a_folder_is_a_name():
    by_name = corredor.simulate("mexico-2018", **MANY)
    folder = bundled_studies()["mexico-2018"]
    assert by_name.attrs["fitted"] == 1
    assert by_name.identical(corredor.simulate(str(folder), fitted=folder / "fitted.nc", **MANY))
    plain = corredor.simulate("mexico-2018", priors_only=True, **MANY)
    assert plain.identical(corredor.simulate(corredor.load_study("mexico-2018"), **MANY))
    assert not np.array_equal(plain["us_apprehensions"], by_name["us_apprehensions"])


def test_compare_takes_one_name_a_list_or_commas_and_gives_the_numbers_of_the_command(monkeypatch, capsys, tmp_path):
    one = corredor.compare("two-towns", without="bridge_patrols", **MANY)
    assert one.identical(corredor.compare("two-towns", without=["bridge_patrols"], **MANY))
    told = told_by(
        monkeypatch, capsys, tmp_path, "compare", "two-towns", "--without", "bridge_patrols", "--draws", 4, "--seed", 3
    )
    effects = json.loads(comparison_table(one, None, "", "").to_json(orient="records"))
    assert told["effects"] == effects
    assert len(effects) > 5
    assert names_of("a, b") == names_of(["a", "b"]) == names_of(["a,b", "a"]) == ("a", "b")


@pytest.mark.parametrize("day", ["2021-03-15", dt.date(2021, 3, 15), dt.datetime(2021, 3, 15, 8), pd.Timestamp("2021-03-15")])
def test_a_date_is_text_a_date_or_a_timestamp(day):
    assert date_of(day, "as_of") == dt.date(2021, 3, 15)


def test_a_forecast_takes_text_and_has_the_defaults_of_the_command():
    assert corredor.forecast("two-towns", as_of="2021-03-15", months=1, draws=2).attrs["as_of"] == "2021-03-15"
    assert inspect.signature(corredor.forecast).parameters["months"].default == 3


WRONG = [
    (corredor.simulate, {"draws": 0}, ["draws", "found     0", "1 or more", "try       draws="]),
    (corredor.simulate, {"draws": 2.5}, ["draws", "found     2.5", "whole number"]),
    (corredor.simulate, {"jobs": 0}, ["jobs", "1 or more"]),
    (corredor.simulate, {"seed": -1}, ["seed", "found     -1", "whole number"]),
    (corredor.forecast, {"as_of": "September"}, ["as_of", "found     'September'", "2018-11-30"]),
    (corredor.forecast, {"as_of": "1999-01-01"}, ["as_of", "1999-01-01, before the study begins", "a later date"]),
    (corredor.forecast, {"as_of": "2021-03-15", "months": 0}, ["months", "found     0"]),
    (corredor.fit, {"draws": 3}, ["draws", "10 or more"]),
    (corredor.fit, {"method": "emcees"}, ["method", "smoother or emcee", 'method="emcee"']),
    (corredor.compare, {}, ["scenario, without", "found     neither", "without="]),
    (corredor.compare, {"without": "bridge_patrols", "draws": 0}, ["draws", "found     0"]),
    (corredor.shares, {"without": "bridge_patrols"}, ["without", "two or more measures"]),
    (corredor.sensitivity, {"output": "crosings"}, ["output", "found     crosings", 'output="crossings"']),
    (corredor.check_claims, {"draws": 0}, ["draws", "found     0"]),
    (corredor.backtest, {"origins": "2020-06", "members": 2}, ["members", "10 or more"]),
    (corredor.score, {"rolling": 0}, ["rolling", "1 or more"]),
]


@pytest.mark.parametrize(("function", "words", "said"), WRONG)
def test_a_wrong_value_is_a_valueerror_that_says_found_expected_and_try(function, words, said):
    with pytest.raises(ValueError) as error:
        function("two-towns", **words)
    assert [part for part in [*said, "expected", "try"] if part not in str(error.value)] == []


def test_a_study_that_is_none_is_refused():
    with pytest.raises(ValueError, match="a bundled name, a folder, or a Model"):
        corredor.simulate(3)
    with pytest.raises(corredor.StudyError, match="did you mean mexico-2018"):
        corredor.simulate("mexico-2019")


COMMAND_OF = {"simulate": "run", "check_claims": "claims", "shares": None}
ONLY_PRINTED = {"out", "as_json", "form", "source_data", "shares", "share_draws", "output", "place", "group"}
"""Options that say where and what to print, and those of `compare --shares`, which is a function of its own."""


@pytest.mark.parametrize(
    "name", ["simulate", "fit", "forecast", "backtest", "compare", "sensitivity", "check_claims", "score", "check"]
)
def test_a_function_has_the_options_and_defaults_of_its_command(name):
    function = inspect.signature(getattr(corredor, name)).parameters
    command = inspect.signature(getattr(getattr(cli, COMMAND_OF.get(name) or name), COMMAND_OF.get(name) or name)).parameters
    options = {word: option for word, option in command.items() if word not in ONLY_PRINTED or name == "sensitivity"}
    options = {word: option for word, option in options.items() if word not in ("out", "as_json")}
    assert [word for word in options if word not in function] == []
    differ = [w for w, o in options.items() if w not in ("without", "methods") and o.default != function[w].default]
    assert differ == []
    kinds = {parameter.kind for word, parameter in function.items() if word != "study"}
    assert kinds <= {inspect.Parameter.KEYWORD_ONLY}
