"""Can results be computed again from what lies in them, and is a difference found and told?"""

import hashlib
import json
import shutil

import numpy as np
import pytest

from corredor.cli import app
from corredor.engine.netcdf_file import read_checked
from corredor.results.netcdf import write_dataset
from corredor.results.run_into_store import drawn
from corredor.results.view import MANIFEST
from corredor.study.catalogue import bundled_studies


def given(*words):
    return app([str(word) for word in words], exit_on_error=False, print_error=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A copy of two-towns, a run, a comparison by a scenario file whose file is gone, and a fit."""
    folder = tmp_path_factory.mktemp("verify")
    study = shutil.copytree(bundled_studies()["two-towns"], folder / "study")
    scenario = folder / "scenario.yaml"
    scenario.write_text("title: fewer patrols\nchange:\n  bridge_patrols: {dose: 0.5}\n", encoding="utf-8")
    assert given("run", study, "--draws", 6, "--seed", 4, "--out", folder / "run") == 0
    assert given("compare", study, "--scenario", scenario, "--draws", 4, "--out", folder / "compare") == 0
    assert given("fit", study, "--as-of", "2021-04-20", "--draws", 12, "--out", folder / "fit") in (0, 5)
    scenario.unlink()
    return folder


@pytest.mark.parametrize("name", ["run", "compare", "fit"])
def test_it_comes_out_the_same(made, capsys, name):
    assert given("verify", made / name, "--jobs", 1) == 0
    assert capsys.readouterr().out.startswith("identical: all ")


def test_a_file_that_lies_alone_says_how_it_was_made(made, tmp_path, capsys):
    shutil.copy(made / "run" / "results.nc", tmp_path / "alone.nc")
    assert given("verify", tmp_path / "alone.nc", "--json") == 0
    assert json.loads(capsys.readouterr().out)["identical"] is True


def changed(made, target, change):
    dataset = read_checked(made / "run" / "results.nc")
    change(dataset)
    target.mkdir()
    write_dataset(dataset, target / "results.nc")
    return target


def test_the_first_other_number_is_told_by_output_place_month_and_draw(made, tmp_path, capsys):
    def one_more(dataset):
        dataset["arrivals"].loc[{"draw": 2, "month": "2021-03-01", "place": "north_gate", "group": "families"}] += 1

    assert given("verify", changed(made, tmp_path / "other", one_more)) == 5
    told = capsys.readouterr().out
    assert told.startswith("differs: arrivals, draw 2, month 2021-03-01, place north_gate, group families: ")
    assert "1 of " in told


class TestOfAStore:
    """Six draws in chunks of four, so that the last chunk is short."""

    @pytest.fixture
    def store(self, made, tmp_path):
        zarr = pytest.importorskip("zarr")
        assert (
            given(
                "run",
                made / "study",
                "--draws",
                6,
                "--seed",
                4,
                "--out",
                tmp_path / "run",
                "--store",
                tmp_path / "s.zarr",
                "--chunk",
                4,
            )
            == 0
        )
        return zarr.open_group(tmp_path / "s.zarr", mode="r+", use_consolidated=False)

    def test_it_comes_out_the_same_by_its_place_and_by_the_folder_that_names_it(self, made, store, tmp_path, capsys):
        for name in ("s.zarr", "run"):
            capsys.readouterr()
            assert given("verify", tmp_path / name, "--jobs", 1) == 0
            told = capsys.readouterr().out
            assert told.startswith("identical: all ")
        numbers = int(told.split()[2].replace(",", ""))
        assert given("verify", made / "run", "--json") == 0
        in_a_file = json.loads(capsys.readouterr().out)["numbers"]
        of_figures = sum(
            value.size for name, value in read_checked(made / "run" / "results.nc").data_vars.items() if "draw" not in value.dims
        )
        assert numbers == in_a_file + of_figures, "what no draw has is looked at with each of the two chunks"

    def test_no_more_than_a_chunk_is_computed_at_once(self, store, tmp_path, monkeypatch):
        lengths = []

        def noted(order, draws):
            lengths.append(draws)
            return drawn(order, draws)

        monkeypatch.setattr("corredor.effects.recompute_store.drawn", noted)
        monkeypatch.setattr("corredor.effects.recompute_store.PIECE", 3)
        assert given("verify", tmp_path / "s.zarr", "--jobs", 1) == 0
        assert lengths == [range(3), range(3, 4), range(4, 6)]

    def test_a_value_that_was_changed_is_told_with_its_draw_and_cell(self, store, tmp_path, capsys):
        array = store["arrivals"]
        at = (5, *(length - 1 for length in array.shape[1:]))
        array[at] = array[at] + 1
        assert given("verify", tmp_path / "s.zarr") == 5
        told = capsys.readouterr().out
        assert told.startswith("differs: arrivals, draw 5, month 2021-06-01, place ")
        assert told.strip().endswith("draws 4 to 5 in the store are not as they were written")

    def test_a_chunk_that_is_gone_is_told(self, store, tmp_path, capsys):
        (chunk,) = (path for path in (tmp_path / "s.zarr" / "arrivals" / "c" / "1").rglob("*") if path.is_file())
        chunk.unlink()
        assert given("verify", tmp_path / "s.zarr", "--json") == 5
        told = json.loads(capsys.readouterr().out)
        assert not told["identical"] and told["differs"].startswith("arrivals, draw 4, month 2021-01-01, place ")
        assert "nan then" in told["differs"] and "draws 4 to 5 in the store are not as they were written" in told["differs"]

    def test_a_chunk_that_cannot_be_decoded_is_told(self, store, tmp_path, capsys):
        (chunk,) = (path for path in (tmp_path / "s.zarr" / "arrivals" / "c" / "0").rglob("*") if path.is_file())
        chunk.write_bytes(b"garbled" + chunk.read_bytes()[7:])
        assert given("verify", tmp_path / "s.zarr") == 5
        assert capsys.readouterr().out.startswith("differs: draws 0 to 3 cannot be read: ")

    def test_a_run_that_is_not_finished_is_refused(self, store, tmp_path, capsys):
        store["finished/sha256"][1] = 0
        assert given("verify", tmp_path / "s.zarr") == 2
        assert "1 of 2 chunks of draws are finished" in capsys.readouterr().err

    def test_a_store_that_is_not_where_the_manifest_says_is_refused(self, store, tmp_path, capsys):
        shutil.move(tmp_path / "s.zarr", tmp_path / "moved.zarr")
        assert given("verify", tmp_path / "run") == 3
        assert "the same command with the place of the store now" in capsys.readouterr().err
        assert given("verify", tmp_path / "moved.zarr") == 0

    def test_one_of_means_too(self, made, tmp_path):
        pytest.importorskip("zarr")
        assert given("run", made / "study", "--expected", "--out", tmp_path / "run", "--store", tmp_path / "s.zarr") == 0
        assert given("verify", tmp_path / "s.zarr") == 0


def test_a_comparison_with_another_number_is_told(made, tmp_path, capsys):
    dataset = read_checked(made / "compare" / "compare.nc")
    dataset["arrivals"].loc[
        {"draw": 3, "scenario": "without", "month": "2021-06-01", "place": "north_gate", "group": "families"}
    ] += 1
    write_dataset(dataset, tmp_path / "compare.nc")
    assert given("verify", tmp_path) == 5
    told = capsys.readouterr().out
    assert told.startswith("differs: arrivals, ") and "scenario without" in told and "draw 3" in told


def test_other_versions_are_told(made, tmp_path, capsys):
    def older(dataset):
        dataset.attrs["versions"] = dataset.attrs["versions"].replace(f"numpy {np.__version__}", "numpy 1.0.0")

    assert given("verify", changed(made, tmp_path / "older", older)) == 0
    assert f"not as it was: numpy 1.0.0 then, {np.__version__} now" in capsys.readouterr().out


def test_a_changed_study_is_told(made, tmp_path, capsys):
    study = shutil.copytree(made / "study", tmp_path / "study")
    places = study / "places.csv"
    places.write_text(places.read_text(encoding="utf-8").replace("80000", "90000"), encoding="utf-8")
    (study / "claims.yaml").unlink()
    assert given("verify", made / "run", "--study", study) == 5
    told = capsys.readouterr().out
    assert "differs: departures, draw 0, month 2021-01-01" in told
    assert "places.csv of the study has changed" in told and "claims.yaml of the study is gone" in told


def test_another_fit_in_the_folder_is_told(made, tmp_path, capsys):
    study = shutil.copytree(made / "study", tmp_path / "study")
    shutil.copy(made / "fit" / "fitted.nc", study)
    assert given("verify", made / "run", "--study", study) == 5
    assert "no fit was used then, a fit lies in the study's folder now" in capsys.readouterr().out


@pytest.mark.parametrize("attribute", [None, "{}", "nonsense"])
def test_results_without_a_manifest_are_refused(made, tmp_path, capsys, attribute):
    def bare(dataset):
        dataset.attrs.pop(MANIFEST)
        dataset.attrs |= {} if attribute is None else {MANIFEST: attribute}

    assert given("verify", changed(made, tmp_path / "bare", bare)) == 3
    assert "no manifest in it that says how it was made" in capsys.readouterr().err


def test_an_empty_folder_is_refused(tmp_path, capsys):
    assert given("verify", tmp_path) == 3
    assert "a folder with one of results.nc" in capsys.readouterr().err


def rewritten(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda f: rewritten(f / "summary.csv", "invented", "inventee"), "summary.csv is not as it was written"),
        (lambda f: rewritten(f / "report.html", "made up", "made uq"), "report.html is not as it was written"),
        (
            lambda f: rewritten(f / "manifest.json", '"seed": 4,\n    "expected"', '"seed": 5,\n    "expected"'),
            "manifest.json says seed 5, and the results 4",
        ),
        (
            lambda f: rewritten(f / "ro-crate-metadata.json", "Apache-2.0", "Apache-1.0"),
            "ro-crate-metadata.json is not as it was",
        ),
        (lambda f: (f / "ro-crate-metadata.json").write_text("{", encoding="utf-8"), "ro-crate-metadata.json is damaged"),
        (lambda f: (f / "ro-crate-metadata.json").unlink(), "ro-crate-metadata.json is gone"),
        (lambda f: (f / "report.html").unlink(), "report.html is gone"),
        (lambda f: (f / "report.html").rename(f / "other.html"), "report.html is gone\nadded: other.html was not written with"),
        (
            lambda f: rewritten(f / "share" / "tables" / "arrivals.csv", "people", "peoplf"),
            "share/tables/arrivals.csv is not as it",
        ),
    ],
)
def test_a_file_beside_the_numbers_that_was_changed_is_told(shared, tmp_path, capsys, change, told):
    folder = shutil.copytree(shared, tmp_path / "run")
    change(folder)
    assert given("verify", folder) == 5
    said = capsys.readouterr().out
    assert said.startswith("identical: all ") and f"changed: {told}" in said


@pytest.fixture(scope="module")
def shared(made):
    assert given("run", made / "study", "--draws", 3, "--seed", 4, "--share", "--out", made / "shared") == 0
    return made / "shared"


class TestFilesOfAFolder:
    def test_a_file_that_was_added_changes_nothing_and_is_told(self, shared, tmp_path, capsys):
        folder = shutil.copytree(shared, tmp_path / "run")
        (folder / "notes.txt").write_text("mine", encoding="utf-8")
        assert given("verify", folder, "--json") == 0
        told = json.loads(capsys.readouterr().out)["files"]
        assert told["changed"] == [] and told["added"] == ["notes.txt was not written with the others"]

    def test_what_was_passed_on_can_be_looked_at_alone(self, shared, tmp_path, capsys):
        folder = shutil.copytree(shared / "share", tmp_path / "share")
        assert given("verify", folder) == 0
        assert capsys.readouterr().out.endswith("that are described are as they were written\n")
        rewritten(folder / "summary.csv", "invented", "inventee")
        assert given("verify", folder) == 5
        assert "changed: summary.csv is not as it was written" in capsys.readouterr().out

    def test_pages_written_anew_are_described_anew(self, shared, tmp_path):
        folder = shutil.copytree(shared, tmp_path / "run")
        rewritten(folder / "report.html", "made up", "made uq")
        assert given("report", folder) == 0 and given("verify", folder) == 0


def test_other_labels_and_other_words_of_the_same_numbers_are_told(made, tmp_path, capsys):
    def swapped(dataset):
        dataset["group"] = dataset["group"].to_numpy()[::-1]

    def renamed(dataset):
        dataset["arrivals"].attrs["long_name"] = "People who left"

    assert given("verify", changed(made, tmp_path / "swapped", swapped)) == 5
    assert "differs: the labels of group are others" in capsys.readouterr().out
    assert given("verify", changed(made, tmp_path / "renamed", renamed)) == 5
    assert "differs: attribute long_name of arrivals is not what the study gives" in capsys.readouterr().out


def test_a_remark_in_the_study_changes_no_number(made, tmp_path, capsys):
    study = shutil.copytree(made / "study", tmp_path / "study")
    with (study / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    assert given("verify", made / "run", "--study", study) == 0
    told = capsys.readouterr()
    assert "study.yaml of the study has changed" in told.out and "what is not as it was changed no number" in told.err


def test_a_study_that_is_not_seen_from_here_is_asked_for(made, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(made)
    assert given("run", "study", "--draws", 2, "--out", tmp_path / "run") == 0
    monkeypatch.chdir(tmp_path)
    assert given("verify", "run") == 3
    assert "corredor verify run --study FOLDER" in capsys.readouterr().err
    assert given("verify", "run", "--study", made / "study") == 0


def test_archives_understand_what_lies_there(made):
    """Read with the library of the format: every file with its checksum, the command, the study's files."""
    rocrate = pytest.importorskip("rocrate.rocrate")
    for name in ("run", "compare"):
        crate = rocrate.ROCrate(made / name)
        assert crate.root_dataset["name"] == "Two towns and a border (made-up figures)"
        assert crate.root_dataset["license"] == "Apache-2.0"
        files = {part.id: part for part in crate.data_entities}
        assert {"manifest.json"} < set(files) == {path.name for path in (made / name).iterdir()} - {"ro-crate-metadata.json"}
        making = crate.dereference("#making")
        assert making["instrument"]["name"] == "corredor"
        assert {part.id for part in making["result"]} == set(files)
        assert "#input/places.csv" in {one.id for one in making["object"]}
        for file, entity in files.items():
            assert entity["sha256"] == hashlib.sha256((made / name / file).read_bytes()).hexdigest()
