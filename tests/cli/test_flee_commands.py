"""Do `import flee`, `score` and `check --format flee` keep their word: streams, exit status, JSON, nothing half written?"""

import json
import sys

import numpy as np
import pytest
from flee_folder import LOCATIONS, write_flee_folder

from corredor import cli
from corredor._simulate import simulate
from corredor.study.model import load_study


@pytest.fixture
def command(monkeypatch, tmp_path, capsys):
    """The command in the folder tmp_path: exit status, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["corredor", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def test_a_folder_becomes_a_study_that_runs(command, tmp_path):
    write_flee_folder(tmp_path / "case")
    status, out, err = command("import", "flee", "case", "--out", "study")
    assert status == 0 and "4 places, 4 ways" in out and "corredor run study" in err
    assert command("check", "study")[0] == 0
    status, out, _ = command("run", "study", "--draws", 3, "--json")
    assert status == 0 and json.loads(out)["people_lost"] == 0


def test_input_source_and_settings_may_lie_anywhere(command, tmp_path):
    write_flee_folder(tmp_path / "case")
    (tmp_path / "case" / "source_data").rename(tmp_path / "counts")
    (tmp_path / "other.yml").write_text("spawn_rules: {sum_from_camps: false, empty_camps_on_day0: true}\n")
    words = ("--source-data", "counts", "--settings", "other.yml", "--json")
    status, out, _ = command("import", "flee", "case/input_csv", *words, "--out", "study")
    assert status == 0 and {row["code"] for row in json.loads(out)["remarks"]} == {"F44"}
    text = (tmp_path / "study" / "observations.csv").read_text()
    assert "in_camps,camp_one,,2020-01-01,2020-01-01,0," in text, "people of day 0 are left out"


def test_a_folder_that_exists_is_not_written_over(command, tmp_path):
    write_flee_folder(tmp_path / "case")
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.txt").write_text("mine")
    status, _, err = command("import", "flee", "case", "--out", "study")
    assert status == 2 and "exists already" in err
    assert [path.name for path in (tmp_path / "study").iterdir()] == ["mine.txt"]


def test_what_cannot_be_read_ends_with_3_and_writes_nothing(command, tmp_path):
    status, out, err = command("import", "flee", "nowhere", "--out", "study")
    assert (status, out) == (3, "") and "no locations.csv" in err
    assert not (tmp_path / "study").exists()


def test_an_unknown_format_is_wrong_usage(command):
    assert command("import", "fleee", "case", "--out", "study")[0] == 2


def test_a_foreign_folder_is_looked_at_without_importing(command, tmp_path):
    folder = write_flee_folder(tmp_path / "case", input_csv__locations=LOCATIONS.replace("10.6,town", "10.6,village"))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    status, out, _ = command("check", "case", "--format", "flee")
    assert status == 0 and "case/input_csv/locations.csv:4  F11" in out and "fix       one of conflict_zone, town" in out
    status, out, _ = command("check", "case", "--format", "flee", "--json")
    rows = json.loads(out)["remarks"]
    assert [(row["line"], row["kind"]) for row in rows if row["code"] == "F11"] == [(4, "unknown kind of place")]
    assert all(row["fix"] and row["done"] for row in rows)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["case"]


def test_a_score_is_printed_and_given_as_json(command, tmp_path):
    write_flee_folder(tmp_path / "case")
    command("import", "flee", "case", "--out", "study")
    status, out, _ = command("score", "study", "--draws", 4, "--rolling", 20)
    assert status == 0 and "all days, totals made equal" in out and "20 days ahead" in out
    assert "from counts as they were published then" in out and "counts in the 80 % bands" in out
    status, out, _ = command("score", "study", "--draws", 4, "--rolling", 20, "--json")
    scores = json.loads(out)
    assert {"ard_rescaled", "ard", "by_camp", "by_day", "crps", "naive", "rolling"} <= set(scores)
    assert set(scores["by_camp"]) == {"camp_one", "camp_two"} and len(scores["by_day"]) == 60
    assert 0 < scores["ard_rescaled"] < 2 and scores["rolling"]["forecasts"] == 40
    assert scores["rolling"]["as_published"]["ard_rescaled"] != scores["rolling"]["ard_rescaled"], (
        "a registration came in between"
    )
    status, out, _ = command("score", "displacement", "--draws", 2, "--rolling", 20)
    assert status == 0 and "from the counts known by then" in out and "as they were published" not in out


def test_a_study_without_counts_of_camps_cannot_be_scored(command):
    status, _, err = command("score", "mexico-2018", "--draws", 1)
    assert status == 3 and "one daily stock by place" in err


def test_capacities_of_the_folder_are_taken_when_they_are_asked_for(command, tmp_path):
    write_flee_folder(tmp_path / "case")
    assert command("import", "flee", "case", "--out", "counts")[0] == 0
    assert command("import", "flee", "case", "--capacities", "folder", "--out", "folder")[0] == 0
    rows = {
        name: [row for row in (tmp_path / name / "drivers.csv").read_text().split("\n") if "camp_capacity" in row]
        for name in ("counts", "folder")
    }
    assert [row.split(",")[3] for row in rows["folder"]] == ["4000", "9000"]
    assert [row.split(",")[3] for row in rows["counts"]] == ["100", "700", "100", "2400", "1800"]
    assert "in hindsight" in (tmp_path / "folder" / "README.md").read_text()
    assert command("import", "flee", "case", "--capacities", "guess", "--out", "other")[0] == 2


def test_without_totals_people_leave_at_a_rate_that_is_marked_as_assumed(command, tmp_path):
    gone = {f"source_data__{name}": None for name in ("data_layout", "refugees", "one", "two", "two_more")}
    write_flee_folder(tmp_path / "case", **gone)
    assert command("import", "flee", "case", "--out", "study")[0] == 0
    model = load_study(tmp_path / "study")
    assert model.parameters["leaving_rate_in_conflict"].basis == "assumption"
    left = simulate(model, expected=True)["left_home"].sum().item()
    # 50,000 people for 60 days and 80,000 for 40, at 0.0005 a day
    assert left == pytest.approx(0.0005 * (50_000 * 60 + 80_000 * 40), rel=0.03)


def test_as_many_leave_as_were_published(tmp_path, command):
    write_flee_folder(tmp_path / "case")
    command("import", "flee", "case", "--out", "study")
    dataset = simulate(tmp_path / "study", expected=True)
    # on 29 February: Camp One 700 + 2200 · 29/39, Camp Two 1800 + 2200 · 28/38; 100 and 75 on the first day
    wanted = 700 + 2200 * 29 / 39 + 1800 + 2200 * 28 / 38 - 175
    assert dataset["left_home"].sum().item() == pytest.approx(wanted, rel=0.01)
    border = dataset["in_camps"].sel(place="camp_one", day=slice("2020-01-13", "2020-01-25")).to_numpy()[0]
    assert np.ptp(border) < 15, "while the border is closed, only people under way still come"


def test_an_imported_study_is_fitted_and_its_fit_is_scored(tmp_path, command):
    write_flee_folder(tmp_path / "case")
    command("import", "flee", "case", "--out", "study")
    status, _, err = command("fit", "study", "--draws", 20, "--iterations", 1, "--out", "learned")
    assert status in (0, 5) and "figures, misfit" in err
    (tmp_path / "learned" / "fitted.nc").rename(tmp_path / "study" / "fitted.nc")
    fitted = json.loads(command("score", "study", "--draws", 3, "--json")[1])
    priors = json.loads(command("score", "study", "--draws", 3, "--priors-only", "--json")[1])
    assert fitted["fitted"] and priors["fitted"] is None
    assert fitted["ard_rescaled"] != priors["ard_rescaled"]
