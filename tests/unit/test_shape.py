"""Is a Dataset that lacks something, or has it as another kind of thing, told from that of a run before a page trips over it?"""

import copy
import json

import pytest
from everything import everything

from corredor import cli, compare, simulate
from corredor.results.netcdf import read_run, write_dataset
from corredor.results.shape import Described, check_shape
from corredor.study.catalogue import bundled_studies
from corredor.study.describe import describe_model
from corredor.study.model import load_study


@pytest.fixture(scope="module")
def run():
    return simulate("two-towns", draws=2)


@pytest.fixture(scope="module")
def comparison():
    return compare("two-towns", without="bridge_patrols", draws=2)


@pytest.mark.parametrize("name", [*bundled_studies(), "everything"])
def test_what_a_study_says_of_itself_is_taken(name):
    model = everything() if name == "everything" else load_study(name)
    described = json.dumps(describe_model(model))
    assert Described.model_validate_json(described).model_dump(mode="json", by_alias=True).keys() == json.loads(described).keys()


def test_runs_and_comparisons_are_taken(run, comparison):
    for dataset in (run, comparison, simulate(everything(), draws=1), simulate("two-towns", expected=True)):
        check_shape(dataset)


NOT_MISSED = {"draw", "parameter", "parameter_value", "decisions", "measure", "observation"}
"""Of these no page needs anything, or has it from elsewhere."""


@pytest.mark.parametrize("kind", ["run", "comparison"])
def test_every_variable_is_missed_and_known_by_its_kind(kind, request):
    dataset = request.getfixturevalue(kind)
    for name in {*map(str, dataset.variables)} - NOT_MISSED:
        with pytest.raises(ValueError, match=f"without the variable {name}"):
            check_shape(dataset.drop_vars(name))
        other = (
            dataset[name].astype(str)
            if dataset[name].dtype.kind in "fiubM"
            else dataset[name].copy(data=range(dataset[name].size))
        )
        with pytest.raises(ValueError, match=f"variable {name} has values of another kind"):
            check_shape(dataset.assign({name: other}))


def test_every_part_of_the_study_in_words_is_missed(run):
    described = json.loads(run.attrs["model"])
    parts = [(name,) for name in described]
    for name in ("groups", "outputs"):
        first = next(iter(described[name]))
        parts += [(name, first, part) for part in described[name][first]]
    for name in ("places", "routes", "measures", "events", "parameters", "transitions", "sources"):
        parts += [(name, 0, part) for part in (described[name] or [{}])[0]]
    for *way, last in parts:
        changed = copy.deepcopy(described)
        inner = changed
        for step in way:
            inner = inner[step]
        del inner[last]
        with pytest.raises(ValueError, match=f"describes no study.*{last}"):
            check_shape(run.assign_attrs(model=json.dumps(changed)))
    for text in ("{", "[]", "7", "null"):
        with pytest.raises(ValueError, match="describes no study"):
            check_shape(run.assign_attrs(model=text))


def test_the_file_is_refused_with_a_sentence(run, tmp_path, capsys):
    file = tmp_path / "results.nc"
    write_dataset(run.drop_vars("arrivals"), file)
    with pytest.raises(ValueError, match="without the variable arrivals"):
        read_run(file)
    assert cli.app(["report", str(file)], exit_on_error=False) == cli.INVALID
    assert "netCDF without the variable arrivals" in capsys.readouterr().err
