"""What does a good study become?"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from broken_folder import GOOD, append, copy_of_good_study

from corredor.study.model import load_study
from corredor.study.schema import FILES
from corredor.study.selectors import great_circle_km


def test_the_bundled_study_for_learning_has_no_problems_and_says_that_it_is_made_up() -> None:
    model = load_study(GOOD)
    assert model.name == "two-towns"
    assert len(model.places) == 5
    assert model.study.made_up and "made-up" in model.study.title
    assert {parameter.basis for parameter in model.parameters.values()} == {"made_up"}


def test_every_part_of_a_study_is_in_the_study_for_learning() -> None:
    study = load_study(GOOD).study
    assert {compartment.type for compartment in study.compartments} == {"population", "stay", "gate", "queue"}
    assert study.seasons and study.latents and study.collective_attempts and study.accounts
    assert {"route"} <= {dimension for output in study.outputs.values() for dimension in output.by}
    assert any(output.days_waited for output in study.outputs.values())


def test_a_route_open_both_ways_becomes_two() -> None:
    model = load_study(GOOD)
    ends = [(route.from_, route.to, route.km) for route in model.routes]
    assert ends[:2] == [("mill_town", "old_bridge", 150.0), ("old_bridge", "mill_town", 150.0)]
    assert ends[-1] == ("north_gate", "harbour_city", 60.0)
    assert len(ends) == 7
    assert not any(route.both_ways for route in model.routes)


def test_hashes_are_those_of_the_files(tmp_path: Path) -> None:
    folder = copy_of_good_study(tmp_path)
    model = load_study(folder)
    assert set(model.input_hashes) == set(FILES)
    assert model.input_hashes["routes.csv"] == hashlib.sha256((folder / "routes.csv").read_bytes()).hexdigest()
    (folder / "README.md").write_text("beside the study")
    assert load_study(folder).hash == model.hash
    append("study.yaml", "# a remark")(folder)
    assert load_study(folder).hash != model.hash


def test_a_study_without_a_measure_is_the_same_but_for_it() -> None:
    model = load_study(GOOD)
    without = model.without("bridge_patrols")
    assert [measure.id for measure in model.measures] == ["bridge_patrols"]
    assert without.measures == ()
    assert (without.study, without.events, without.input_hashes) == (model.study, model.events, model.input_hashes)
    assert without.hash != model.hash, "a checkpoint or a result of one must not be taken for the other"
    with pytest.raises(KeyError, match=r"no measure bridge_patrol in two-towns; did you mean bridge_patrols\?"):
        model.without("bridge_patrol")


def test_the_great_circle_between_two_places_is_that_of_the_sphere() -> None:
    equator, pole = load_study(GOOD).places[:2]
    equator = equator.model_copy(update={"lat": 0.0, "lon": 25.0})
    pole = pole.model_copy(update={"lat": 90.0, "lon": 0.0})
    assert great_circle_km(equator, pole) == pytest.approx(6371.0088 * 3.141592653589793 / 2, rel=1e-12)
    assert great_circle_km(pole, pole) == 0
