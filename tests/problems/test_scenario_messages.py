"""Is each mistake in the file of a scenario named well, all at once, with its place? One row for each kind of mistake."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from broken_folder import GOOD

from corredor.effects.compare import compare
from corredor.study.model import load_study
from corredor.study.problems import StudyError
from corredor.study.scenario import apply_scenario, check_scenario, load_scenario, scenario_words
from corredor.study.schema import Scenario

HEAD = "title: another world\n"


class Case(NamedTuple):
    """`at`: a text in the file at which the Problem stands, or none for the file as a whole."""

    name: str
    text: str
    at: str | None
    found: str
    expected: str
    try_: str


CASES = [
    Case("an empty file", "# nothing\n", None, "an empty file", "the keys title, off, change, add, drivers, fix",
         "begin with a line `title"),
    Case("a list", "- off\n", "- off", "a list of 1", "lines `key: value`", "title"),
    Case("no title", "off: [bridge_patrols]\n", "off:", "no `title`", "`title`: text", "add `title"),
    Case("an unknown key", HEAD + "offf: [bridge_patrols]\n", "offf", "an unknown key `offf`", "one of the keys title, summary, off",
         "`off`"),
    Case("broken yaml", HEAD + "off: [bridge_patrols\n", None, "the end of the file", "lines of YAML", "close the bracket"),
    Case("nothing different", HEAD, "title", "a scenario that changes nothing", "one of off, change, add, drivers, fix", "add `off"),
    Case("an unknown measure", HEAD + "off: [bridge_patrol]\n", "bridge_patrol", "bridge_patrol", "a measure of measures.yaml",
         "`bridge_patrols`"),
    Case("an unknown measure to change", HEAD + "change:\n  patrols: {dose: 2}\n", "patrols", "patrols", "a measure of measures.yaml",
         "`bridge_patrols`"),
    Case("an unknown parameter", HEAD + "fix: {crossing_rat: 0.1}\n", "crossing_rat", "crossing_rat", "a parameter of", "`crossing_rate`"),
    Case("a measure twice", HEAD + "off: [bridge_patrols, bridge_patrols]\n", "bridge_patrols]", "a second time", "every measure once",
         "delete one"),
    Case("taken away and changed", HEAD + "off: [bridge_patrols]\nchange:\n  bridge_patrols: {dose: 2}\n", "bridge_patrols: {",
         "which is in `off` too", "taken away, or one that is changed", "delete it"),
    Case("changed in nothing", HEAD + "change:\n  bridge_patrols: {}\n", "bridge_patrols", "without a change", "one of from, to, dose",
         "add a line"),
    Case("a change with an unknown key", HEAD + "change:\n  bridge_patrols: {doze: 2}\n", "doze", "an unknown key `doze`",
         "from, to, dose", "`dose`"),
    Case("a date that is text", HEAD + "change:\n  bridge_patrols: {from: 1 May 2021}\n", "1 May 2021", "1 May 2021", "a date YYYY-MM-DD",
         "write 2021-05-01"),
    Case("a date after the study", HEAD + "change:\n  bridge_patrols: {from: 2035-01-01, to: 2036-01-01}\n", "2035-01-01",
         "after the study's last day", "in force between", "extend `to` in study.yaml"),
    Case("an end before the beginning", HEAD + "change:\n  bridge_patrols: {to: 2015-01-01}\n", "2015-01-01", "before from",
         "on or after the first", "exchange"),
    Case("a dose of no parameter", HEAD + "change:\n  bridge_patrols: {dose: much}\n", "much", "much", "a parameter of parameters.yaml",
         "add `much`"),
    Case("a place that does not exist", HEAD + "change:\n  bridge_patrols: {at: {id: old_brige}}\n", "old_brige", "old_brige",
         "a place of places.csv", "`old_bridge`"),
    Case("a place where it cannot act", HEAD + "change:\n  bridge_patrols: {at: {id: lake_town}}\n", "at:", "never leaves",
         "at least one of old_bridge", "another `at`"),
    Case("actions of an unknown transition", HEAD + "change:\n  bridge_patrols: {acts_on: [{closes: leef}]}\n", "leef", "leef",
         "a transition of `transitions`", "add `leef`"),
    Case("an effect in the wrong unit",
         HEAD + "change:\n  bridge_patrols: {acts_on: [{transition: stopped at the bridge, effect: group_size}]}\n",
         "group_size", "whose unit is people", "a parameter of unit log", "use another parameter"),
    Case("a new measure with a known id",
         HEAD + "add:\n  - {id: bridge_patrols, title: t, actor: a, kind: k, from: @, where: w}\n", "bridge_patrols", "a second time",
         "once", "rename"),
    Case("a new measure without a beginning", HEAD + "add:\n  - {id: more, title: t, actor: a, kind: k, where: w}\n", "{id", "no `from`",
         "a date", "add `from"),
    Case("an unknown driver", HEAD + "drivers: {harvst: {times: 2}}\n", "harvst", "harvst", "a driver of drivers.csv", "`harvest`"),
    Case("a factor that is nothing", HEAD + "drivers: {harvest: {times: 0}}\n", "0", "0", "more than 0", ""),
    Case("a driver without a factor", HEAD + "drivers: {harvest: {from: @}}\n", "{from", "no `times`", "a number", "add `times"),
    Case("a factor after the study", HEAD + "drivers: {harvest: {times: 2, from: 2035-01-01}}\n", "2035-01-01", "outside the study's days",
         "a day between", "another day"),
    Case("a factor that ends before it begins", HEAD + "drivers: {harvest: {times: 2, to: 2015-01-01}}\n", "2015-01-01", "before from",
         "on or after the first", "exchange"),
    Case("a parameter fixed outside its unit", HEAD + "fix: {stopped_share: 1.5}\n", "1.5", "1.5", "between 0 and 1", "range"),
    Case("text where a number is needed", HEAD + "fix: {stopped_share: 50%}\n", "50%", "50%", "a number", "write the share, 0.5"),
]  # fmt: skip


@pytest.fixture(scope="module")
def model():
    return load_study(GOOD)


def problems_of(text, model, tmp_path):
    file = tmp_path / "scenario.yaml"
    file.write_text(text.replace("@", str(model.study.from_)), encoding="utf-8")
    with pytest.raises(StudyError) as error:
        load_scenario(file, model)
    return file, error.value.problems


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_is_named_once_with_its_place(case, model, tmp_path):
    file, problems = problems_of(case.text, model, tmp_path)
    assert len(problems) == 1, "\n".join(map(str, problems))
    (problem,) = problems
    assert problem.file == str(file)
    assert case.found in problem.found, problem
    assert case.expected in problem.expected, problem
    assert case.try_ in problem.try_, problem
    if case.at is not None:
        text = file.read_text(encoding="utf-8")
        starts = [i for i in range(len(text)) if text.startswith(case.at, i)]
        places = [(text.count("\n", 0, i) + 1, i - (text.rfind("\n", 0, i) + 1) + 1) for i in starts]
        assert any(line == problem.line and column <= problem.column <= column + len(case.at) for line, column in places), problem


def test_all_problems_are_told_at_once_in_the_order_of_the_file(model, tmp_path):
    text = HEAD + "off: [nobody]\nchange:\n  bridge_patrols: {dose: nothing, at: {id: nowhere}}\nfix: {crossing_rat: 1}\n"
    _, problems = problems_of(text, model, tmp_path)
    assert [problem.line for problem in problems] == [2, 4, 4, 5]


def test_no_file_and_a_file_of_another_kind(model, tmp_path):
    (tmp_path / "scenario.yaml").write_text(HEAD)
    for name, found, try_ in (("scenari.yaml", "no such file", "scenario.yaml"), ("scenario.txt", "not a .yaml file", ".yaml")):
        with pytest.raises(StudyError) as error:
            load_scenario(tmp_path / name, model)
        assert found in error.value.problems[0].found and try_ in error.value.problems[0].try_


def test_measures_that_are_not_there_are_named_with_the_nearest(model):
    with pytest.raises(StudyError) as error:
        compare(model, without=["bridge_patrol", "nobody"], draws=1)
    assert [(p.found, p.try_) for p in error.value.problems] == [
        ("bridge_patrol", "bridge_patrols"),
        ("nobody", "corredor compare two-towns lists them"),
    ]


def test_both_or_neither_is_refused(model):
    for words in ({}, {"scenario": Scenario(title="t", off=["bridge_patrols"]), "without": ["bridge_patrols"]}):
        with pytest.raises(ValueError, match="either a scenario or measures"):
            compare(model, scenario=words.get("scenario"), without=words.get("without", ()), draws=1)


def test_a_scenario_made_in_python_is_checked_as_well(model):
    with pytest.raises(StudyError, match="crossing_rat"):
        check_scenario(model, Scenario(title="t", fix={"crossing_rat": 0.1}))


def test_a_good_scenario_changes_what_it_says_and_nothing_else(model, tmp_path):
    file = tmp_path / "more.yaml"
    file.write_text(HEAD + "change:\n  bridge_patrols: {dose: 2}\nfix: {stopped_share: 0.2}\n", encoding="utf-8")
    scenario = load_scenario(file, model)
    changed = apply_scenario(model, scenario)
    assert changed.hash not in (model.hash, apply_scenario(model, Scenario(title="t", fix={"stopped_share": 0.2})).hash)
    assert [measure.id for measure in changed.measures] == [measure.id for measure in model.measures]
    by_id = {measure.id: measure for measure in changed.measures}
    assert by_id["bridge_patrols"].dose == 2
    assert changed.parameters["stopped_share"].prior.fixed == 0.2
    assert list(changed.parameters) == list(model.parameters)
    assert (changed.study, changed.places, changed.routes) == (model.study, model.places, model.routes)
    assert [measure.id for measure in apply_scenario(model, Scenario(title="t", off=["bridge_patrols"])).measures] == [
        measure.id for measure in model.measures if measure.id != "bridge_patrols"
    ]
    assert scenario_words(scenario) == ["bridge_patrols with dose 2.0", "stopped_share fixed at 0.2"]


def test_leaving_out_an_agreement_that_others_hang_on_is_no_mistake():
    model = load_study(GOOD.parent / "mexico-2018")
    check_scenario(model, Scenario(title="t", off=["joint_declaration"]))
