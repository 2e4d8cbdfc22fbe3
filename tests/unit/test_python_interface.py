"""Does Python take what the command takes, give what it gives, and say what is wrong with a wrong value?"""

import datetime as dt
import html
import inspect
import json
import re
import shutil
import sys
import zlib
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import corredor
from corredor import cli
from corredor.engine.fitted import read_fitted
from corredor.pages.artefacts.comparison import comparison_table
from corredor.pages.picture_file import plain_svg
from corredor.results.hidden_numbers import shown_effects
from corredor.study.arguments import date_of, names_of
from corredor.study.catalogue import bundled_studies
from corredor.study.model import load_study
from corredor.study.priors import prior_centre

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


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    """A folder with the smallest study and a fit of it."""
    folder = shutil.copytree(bundled_studies()["two-towns"], tmp_path_factory.mktemp("studies") / "towns")
    corredor.fit(folder, draws=10, iterations=1).save(folder / "fitted.nc")
    return folder


@pytest.mark.parametrize("fitted", [True, False])
def test_simulate_gives_the_numbers_of_the_command_also_with_the_folders_fit(monkeypatch, capsys, tmp_path, towns, fitted):
    name = str(towns) if fitted else "two-towns"
    told = pd.DataFrame(told_by(monkeypatch, capsys, tmp_path, "run", name, "--draws", 4, "--seed", 3)["summary"])
    found = corredor.summary_table(corredor.simulate(name, **MANY))
    np.testing.assert_allclose(found["q50"], told["q50"].astype(float))
    assert len(told) > 0


def test_a_fit_is_left_aside_when_asked_and_a_folder_is_a_name(monkeypatch, towns):
    monkeypatch.chdir(towns.parent)
    by_name = corredor.simulate("towns", **MANY)
    assert by_name.attrs["fitted"] == 1
    assert by_name.identical(corredor.simulate(towns, fitted=towns / "fitted.nc", **MANY))
    plain = corredor.simulate(towns, priors_only=True, **MANY)
    assert plain.identical(corredor.simulate(corredor.load_study("towns"), **MANY))
    assert not np.array_equal(plain["crossings"], by_name["crossings"])
    assert corredor.simulate("mexico-2018", draws=1).attrs["fitted"] == 1


def test_compare_takes_one_name_a_list_or_commas_and_gives_the_numbers_of_the_command(monkeypatch, capsys, tmp_path):
    one = corredor.compare("two-towns", without="bridge_patrols", **MANY)
    assert one.identical(corredor.compare("two-towns", without=["bridge_patrols"], **MANY))
    told = told_by(
        monkeypatch, capsys, tmp_path, "compare", "two-towns", "--without", "bridge_patrols", "--draws", 4, "--seed", 3
    )
    effects = json.loads(shown_effects(one, comparison_table(one, None, "", "")).to_json(orient="records"))
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
    (corredor.sensitivity, {"output": "crosings"}, ["output", "found     crosings has no total", 'output="crossings"']),
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
ONLY_PRINTED = {"out", "as_json", "form", "source_data", "shares", "share_draws", "output", "place", "group", "export"}
ONLY_PRINTED |= {"hub", "target_data", "horizon_unit", "show_small", "share", "explore"}
"""Options that say where and what to print or write, and those of `compare --shares` and `score --hub`, which are functions of their own;
`score --hub` may do without a study."""


@pytest.mark.parametrize(
    "name", ["simulate", "fit", "forecast", "backtest", "compare", "sensitivity", "check_claims", "score", "check", "benchmark"]
)
def test_a_function_has_the_options_and_defaults_of_its_command(name):
    function = inspect.signature(getattr(corredor, name)).parameters
    command = inspect.signature(getattr(getattr(cli, COMMAND_OF.get(name) or name), COMMAND_OF.get(name) or name)).parameters
    defaults = {word: option.default for word, option in command.items() if word != "common"}
    if "common" in command:
        defaults |= asdict(command["common"].default)
    options = {word: value for word, value in defaults.items() if word not in ONLY_PRINTED or name == "sensitivity"}
    options = {word: value for word, value in options.items() if word not in ("out", "as_json", "show_small")}
    assert name in ("check", "benchmark") or {"seed", "jobs"} <= set(options)
    assert [word for word in options if word not in function] == []
    differ = [w for w, o in options.items() if w not in ("without", "withhold", "methods", "study") and o != function[w].default]
    assert differ == []
    kinds = {parameter.kind for word, parameter in function.items() if word != "study"}
    assert kinds <= {inspect.Parameter.KEYWORD_ONLY}


def test_a_model_is_told_in_one_short_screen():
    model = corredor.load_study("mexico-2018")
    assert len(repr(model)) < 900
    assert len(repr(model).splitlines()) < 12
    for said in ("mexico-2018", model.study.title, f"{len(model.places)} places", f"{len(model.measures)}, and"):
        assert said in repr(model)
        assert said in html.unescape(model._repr_html_())


def test_totals_are_those_of_the_dataset_and_of_parts_of_it(small):
    flow = small["crossings"]
    everything = flow.sum([d for d in flow.dims if d != "draw"])
    np.testing.assert_allclose(small.corredor.total("crossings"), everything)
    early = small.corredor.total("crossings", until="2021-02-28")
    late = small.corredor.total("crossings", since="2021-03-01")
    np.testing.assert_allclose(early + late, everything)
    stock = small["in_shelter"]
    in_shelter = stock.sum([d for d in stock.dims if d not in ("draw", "day")]).mean("day")
    np.testing.assert_allclose(small.corredor.total("in_shelter"), in_shelter)


def test_bands_and_places_hold_what_the_draws_say(small):
    bands = small.corredor.bands("crossings")
    draws = small["crossings"].sum([d for d in small["crossings"].dims if d not in ("draw", "month")])
    np.testing.assert_allclose(bands["median"], draws.median("draw"))
    assert (bands["low95"] <= bands["low50"]).all() and (bands["high80"] <= bands["high95"]).all()
    by_place = small.corredor.by_place("in_shelter")
    place = by_place["place"][0]
    assert by_place["median"][0] == pytest.approx(float(small.corredor.total("in_shelter", place=place).median()))
    assert small.corredor.beside_published().equals(corredor.summary_table(small))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"output": "crosings"}, 'try       output="crossings"'),
        ({"output": "in_shelter", "place": "nowhere"}, "found     'nowhere'"),
        ({"output": "crossings", "since": "soon"}, "a date as 2018-11-30"),
    ],
)
def test_the_accessor_says_what_is_wrong(small, words, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        small.corredor.total(**words)


def test_each_picture_stands_alone_and_is_saved_with_its_numbers(small, tmp_path):
    pairs = corredor.compare("two-towns", without="bridge_patrols", **MANY)
    findings = corredor.check_claims("two-towns", **MANY)
    figures = {
        "fan": corredor.plot.fan(small, "crossings"),
        "part": corredor.plot.fan(small, "in_shelter", place=small.corredor.by_place("in_shelter")["place"][0]),
        "map": corredor.plot.map(small),
        "effect": corredor.plot.effect(pairs),
        "coverage": corredor.plot.coverage(small),
        "waits": corredor.plot.waits(small),
        "verdict": corredor.plot.verdict(findings[0]),
    }
    for name, figure in figures.items():
        path = figure.save(tmp_path / f"{name}.svg")
        root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert figure._repr_svg_() == path.read_text(encoding="utf-8")
        assert figure._repr_html_().startswith('<img alt="')
        assert len(figure.table()) > 0, name
        assert len(repr(figure)) < 200
    assert figures["fan"].table().equals(small.corredor.bands("crossings"))
    with pytest.raises(ValueError, match=r"(?s)found +fan\.jpg.*\.svg, \.png or \.pdf.*try +fan\.png"):
        figures["fan"].save(tmp_path / "fan.jpg")


@pytest.fixture(scope="module")
def sent_back(small):
    return corredor.plot.fan(small, "stopped")


def pixels(path: Path) -> np.ndarray:
    image = pytest.importorskip("PIL.Image")
    return np.asarray(image.open(path).convert("L"), dtype=float)


def test_a_png_has_the_size_of_the_picture_its_colours_and_its_heading(sent_back, tmp_path):
    picture = pixels(sent_back.save(tmp_path / "fan.png"))
    root = ElementTree.fromstring(sent_back.svg)
    wanted = [2 * float(root.attrib[key]) for key in ("height", "width")]
    assert picture.shape == pytest.approx(wanted, abs=1)
    assert (picture < 100).mean() > 0.002, "dark dots and letters"
    assert ((picture > 120) & (picture < 250)).mean() > 0.02, "bands in colour"
    assert (picture[:50] < 100).sum() > 500, "the heading"
    nameless = replace(sent_back, svg=re.sub(r"(<text[^>]*>)[^<]+(</text>)", r"\1\2", sent_back.svg))
    assert (pixels(nameless.save(tmp_path / "nameless.png"))[:50] < 100).sum() == 0


def test_a_pdf_has_one_page_with_the_picture_and_letters_that_can_be_searched(sent_back, tmp_path):
    content = sent_back.save(tmp_path / "fan.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
    streams = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, flags=re.DOTALL):
        with suppress(zlib.error):
            streams.append(zlib.decompress(packed))
    letters = {int(code, 16) for text in streams for code in re.findall(rb"<[0-9A-F]{4}> <([0-9A-F]{4})>\n", text)}
    assert {ord(letter) for letter in "People"} <= letters
    assert content == sent_back.save(tmp_path / "again.pdf").read_bytes()


def test_a_style_is_worked_out_as_a_browser_does():
    style = ".a { --hue: red } .a .b { --hue: blue } svg .c { fill: var(--hue); stroke: var(--ink) } .c { fill: green }"
    only_elsewhere = "@media print { .c { fill: black } } .c:hover { fill: grey }"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" style="--ink:#111"><style>{style} {only_elsewhere}</style>'
    svg += '<g class="a"><g class="b"><path class="c"/></g><path class="c" style="stroke:none"/></g></svg>'
    paths = ElementTree.fromstring(plain_svg(svg)).findall(".//{*}path")
    assert [path.attrib["style"] for path in paths] == ["fill:blue;stroke:#111", "fill:red;stroke:none"]


@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_a_missing_extra_is_named(sent_back, tmp_path, monkeypatch, ending):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(ImportError, match=r"(?s)extra `pictures`.*pip install 'corredor\[pictures\]'"):
        sent_back.save(tmp_path / f"fan.{ending}")
    assert list(tmp_path.iterdir()) == []


def test_pictures_say_what_they_cannot_draw(small):
    with pytest.raises(ValueError, match=r"corredor\.compare"):
        corredor.plot.effect(small)
    with pytest.raises(ValueError, match="crossings"):
        corredor.plot.fan(small, "crosings")


def test_results_that_are_no_datasets_have_a_table_a_file_and_a_short_text(tmp_path):
    findings = corredor.check_claims("two-towns", **MANY)
    learned = corredor.fit("two-towns", draws=10, iterations=1)
    test = corredor.backtest("mexico-border-2011", origins="2018-06", months=1, methods="last_value", draws=20)
    for result, name in ((findings, "claims.csv"), (learned, "fitted.nc"), (test, "scores.csv")):
        assert len(result.table()) > 0
        assert result.save(tmp_path / name).is_file()
        assert len(repr(result)) < 400
        assert "<table" in result._repr_html_()
    assert json.loads(findings.save(tmp_path / "claims.json").read_text(encoding="utf-8"))[0]["id"] == findings[0].claim.id
    again = corredor.simulate("two-towns", fitted=tmp_path / "fitted.nc", draws=2)
    assert again.identical(corredor.simulate("two-towns", fitted=learned, draws=2))


def test_the_table_of_a_fit_has_the_median_of_each_prior():
    fitted = read_fitted(bundled_studies()["mexico-2018"] / "fitted.nc")
    priors = load_study("mexico-2018").parameters
    table = fitted.table().set_index("name")
    for name, middle in table["prior_median"].items():
        assert middle == pytest.approx(float(prior_centre(priors[name].prior)), rel=1e-4), name
