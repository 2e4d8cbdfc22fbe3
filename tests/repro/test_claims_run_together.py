"""Are the simulations behind claims, run side by side, those of `compare` and `simulate` to the bit, however many fit into memory?"""

import json

import pytest
import xarray as xr

from corredor._simulate import simulate
from corredor.effects.claims import check_claims, runs
from corredor.effects.compare import compare
from corredor.effects.compare.each_without import AS_IT_WAS, each_without
from corredor.study.model import load_study

STUDY, DRAWS, SEED = "mexico-2018", 2, 3
SETS = (("bridge_held", "highway_inspections"), ("el_barretal_opened", "sports_complex_closed"), ("stay_and_work_plan",))


@pytest.fixture(scope="module")
def model():
    return load_study(STUDY)


def test_pairs_and_the_study_as_it_was_are_those_that_are_run_alone(model):
    prepared = each_without(model, SETS, DRAWS, SEED)
    outcomes = prepared.run(SETS)
    for names in SETS:
        pair, alone = prepared.pair(outcomes, names), compare(model, without=names, draws=DRAWS, seed=SEED)
        xr.testing.assert_identical(pair, alone)
    whole, alone = prepared.as_it_was(outcomes), simulate(model, draws=DRAWS, seed=SEED)
    for name in [*model.study.outputs, "parameter_value"]:
        assert whole[name].equals(alone[name]), name


def test_what_they_have_in_common_is_run_once(model):
    prepared = each_without(model, SETS, DRAWS, SEED)
    together = prepared.some((AS_IT_WAS, *SETS)).plan.steps
    one_by_one = sum(prepared.some((AS_IT_WAS, names)).plan.steps for names in SETS)
    assert together < 0.55 * one_by_one


def test_no_verdict_hangs_on_how_many_fit_into_memory(model, monkeypatch):
    def told():
        ticks = []
        found = check_claims(model, draws=DRAWS, seed=SEED, progress=lambda *numbers: ticks.append(numbers))
        return json.dumps([finding.as_json() for finding in found]), ticks

    together, ticks = told()
    monkeypatch.setattr(runs, "ROOM_BYTES", 0)
    one_by_one, more_ticks = told()
    assert one_by_one == together
    assert ticks[-1] == (DRAWS, DRAWS) and more_ticks[-1] == (DRAWS * len(SETS), DRAWS * len(SETS))
