"""Do published figures become the right rows, with the right day of publication, and does everything else stay as it was?"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from published import copy_of_study, request, sample
from sheets import CUADRO, xlsx

from corredor.exchange.adding.names import Matcher, known_groups, known_places
from corredor.exchange.adding.study_files import add_figures
from corredor.exchange.adding.tables import TextTable
from corredor.exchange.written_numbers import number_text
from corredor.study.catalogue import bundled_studies
from corredor.study.model import load_study
from corredor.study.problems import StudyError
from corredor.study.reading.wording import plain_word

FEBRUARY, MARCH = ("feb", sample("cbp-fy21-feb.csv"), "2021-03-08"), ("mar", sample("cbp-fy21-mar.csv"), "2021-04-09")
PATROL_FAMILIES = {"component": "U.S. Border Patrol", "demographic": "FMUA"}


def rows(study: Path, output: str, group: str | None = None) -> list[tuple[str, ...]]:
    """from, value, published, status, source, note of an output's rows."""
    with (study / "observations.csv").open(encoding="utf-8") as file:
        found = [row for row in csv.DictReader(file) if row["output"] == output and group in (None, row["group"])]
    return [tuple(row[name] for name in ("from", "value", "published", "status", "source", "note")) for row in found]


def families(study: Path, *files: tuple[str, bytes, str | None]):
    return add_figures(request(study, "cbp", *files, output="arrivals", group="family", only=PATROL_FAMILIES))


def test_a_revised_figure_keeps_the_older_one_with_its_day_of_publication(tmp_path):
    study = copy_of_study(tmp_path)
    added = families(study, FEBRUARY, MARCH)
    assert rows(study, "arrivals", "family")[1:] == [
        ("2021-01-01", "34", "2021-03-08", "final", "cbp_2021_03_08", ""),
        ("2021-02-01", "40", "2021-03-08", "provisional", "cbp_2021_03_08", "revised 2021-04-09"),
        ("2021-02-01", "44", "2021-04-09", "final", "cbp_2021_04_09", ""),
        ("2021-03-01", "61", "2021-04-09", "final", "cbp_2021_04_09", ""),
    ]
    assert (len(added.rows), added.known, len(added.revised)) == (4, 1, 1)  # January is in both files and did not change
    assert added.remarks == (
        "1 figures outside the study's dates, 2021-01-01 to 2021-06-30, left out",
        "1 figures of periods that had not ended when they were published left out",
    )
    model = load_study(study)
    assert model.sources["cbp_2021_04_09"].accessed == "2021-07-01"
    assert "public domain" in (model.sources["cbp_2021_04_09"].licence or "")


@pytest.mark.parametrize("order", [(FEBRUARY, MARCH), (MARCH, FEBRUARY)])
def test_the_order_in_which_files_are_added_does_not_matter(order, tmp_path):
    study, other = copy_of_study(tmp_path / "a"), copy_of_study(tmp_path / "b")
    for file in order:
        families(study, file)
    families(other, FEBRUARY, MARCH)
    mine, theirs = (sorted(row[:5] for row in rows(one, "arrivals", "family")) for one in (study, other))
    assert mine == theirs


def test_a_file_added_twice_changes_nothing(tmp_path):
    study = copy_of_study(tmp_path)
    families(study, FEBRUARY)
    before = {path: path.read_bytes() for path in study.iterdir()}
    added = families(study, FEBRUARY)
    assert (added.rows, added.revised, added.known, added.files) == ((), (), 2, ())
    assert {path: path.read_bytes() for path in study.iterdir()} == before


def test_only_new_and_revised_rows_of_the_file_differ(tmp_path):
    study = copy_of_study(tmp_path)
    path = study / "observations.csv"
    text = path.read_text(encoding="utf-8").replace("\n", "\r\n").rstrip("\r\n").replace(",one evening", ',"one evening"')
    path.write_bytes(("\ufeff" + text).encode())
    families(study, FEBRUARY)
    after = path.read_bytes().decode()
    assert after.startswith("\ufeff" + text + "\r\n")
    assert after.count("\r\n") == after.count("\n")
    assert load_study(study)


def test_show_writes_nothing(tmp_path):
    study = copy_of_study(tmp_path)
    added = add_figures(request(study, "cbp", FEBRUARY, output="arrivals", group="family", only=PATROL_FAMILIES), write=False)
    assert len(added.rows) == 2
    assert [path.read_bytes() for path in sorted(study.iterdir())] == [
        path.read_bytes() for path in sorted(bundled_studies()["two-towns"].iterdir())
    ]


def test_components_are_summed_unless_one_is_chosen(tmp_path):
    study = copy_of_study(tmp_path)
    add_figures(request(study, "cbp", FEBRUARY, output="arrivals", group="family", only={"demographic": "fmua"}))
    assert rows(study, "arrivals", "family")[1][1] == "39"  # 34 by the Border Patrol, 5 at the port


def test_a_driver_has_a_zero_where_a_place_had_no_event(tmp_path):
    study = copy_of_study(tmp_path)
    content = sample("acled-new.csv").replace(b"ALD3,2021-01-05", b"ALD3,2021-02-05").replace(b"Aldia Plain", b"Aldia")
    add_figures(request(study, "acled", ("acled", content, None), driver="violence"))
    found = [(str(v.date), v.place, v.value, v.unit) for v in load_study(study).drivers if v.driver == "violence"]
    unit = "events per month"
    assert found == [
        ("2020-11-01", "aldia", 2, unit),
        ("2020-12-01", "aldia", 0, unit),
        ("2021-01-01", "aldia", 0, unit),
        ("2021-02-01", "aldia", 1, unit),
    ]
    written = "".join(path.read_text(encoding="utf-8") for path in study.rglob("*") if path.is_file())
    assert "SECRET" not in written and "ALD1" not in written


def test_of_drivers_the_newest_value_holds_and_the_older_one_is_kept_aside(tmp_path):
    study = copy_of_study(tmp_path)
    first = sample("world-bank.json")
    later = first.replace(b"92.5", b"93.5").replace(b"2021-06-30", b"2022-06-30")
    for content in (first, later, first):
        add_figures(request(study, "world-bank", ("wb", content, None), driver="harvest"))
    values = {(str(v.date), v.source): v.value for v in load_study(study).drivers if v.driver == "harvest"}
    assert values["2020-01-01", "world_bank_2022_06_30"] == 93.5
    assert values["2019-01-01", "world_bank_2021_06_30"] == 101
    assert values["2020-10-01", "invented"] == 100
    assert [str(v.date) for v in load_study(study).drivers][:2] == ["2019-01-01", "2020-01-01"]
    old = (study / "vintages" / "drivers.csv").read_text(encoding="utf-8").splitlines()
    assert old[0] == "date,place,driver,value,unit,source,replaced_by"
    assert old[1:] == ["2020-01-01,aldia,harvest,92.5,index,world_bank_2021_06_30,world_bank_2022_06_30"] * 2


def test_a_table_says_what_names_mean(tmp_path):
    study, table = copy_of_study(tmp_path), tmp_path / "names.csv"
    content = sample("cbp-fy21-feb.csv").replace(b"North Gate,NGT,Single", b"Southern Sector,SOU,Single")
    table.write_text("name,id\nNORTH GATE,\nSouthern sector,north_gate\n", encoding="utf-8")
    add_figures(request(study, "cbp", ("feb", content, "2021-03-08"), output="arrivals", map_file=table))
    assert [row[:3] for row in rows(study, "arrivals", "")[3:]] == [("2021-01-01", "1200", "2021-03-08")]
    table.write_text("name,id\nNorth Gate,\nSouthern Sector,noth_gate\n", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        add_figures(request(study, "cbp", ("feb", content, "2021-03-08"), output="arrivals", map_file=table))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.found, problem.try_) == (str(table), 3, "noth_gate", "`north_gate`")


def test_names_that_match_nothing_can_be_left_out_and_are_listed(tmp_path):
    study = copy_of_study(tmp_path)
    content = sample("dtm-hdx.csv").replace(b"Old Bridge", b"Nouth Gate")
    asked = request(study, "dtm", ("dtm", content, "2021-03-05"), output="in_shelter", skip_unmatched=True)
    added = add_figures(asked)
    assert added.unmatched == {"Nouth Gate": "north_gate"}
    assert [row[1] for row in rows(study, "in_shelter") if row[4] == "dtm_2021_03_05"] == ["410"]


def test_names_are_matched_but_for_case_and_accents_and_never_guessed():
    model = load_study(bundled_studies()["two-towns"])
    places, groups = Matcher(known_places(model, regions=True), {}), Matcher(known_groups(model), {})
    assert plain_word("  Petén (Norte) ") == "peten_norte"
    assert [places.match(name) for name in ("NORTH GATE", "north_gate", "Aldia Plain", "boria", "North Gat")] == [
        *("north_gate", "north_gate", "aldia_plain", "boria", None)
    ]
    assert places.unmatched == {"North Gat": "north_gate"}
    assert groups.match("Family") == "family"
    assert Matcher(known_places(model, regions=False), {}).match("Aldia Plain") is None


def test_a_total_of_the_boletin_can_be_chosen(tmp_path):
    study = copy_of_study(tmp_path)
    file = ("boletin", xlsx({"Cuadro": CUADRO}), "2021-03-05")
    add_figures(request(study, "boletin-mx", file, output="departures", place_by="none", only={"row": "Total general"}))
    assert [row[:3] for row in rows(study, "departures")] == [
        ("2021-01-01", "30", "2021-03-05"),
        ("2021-02-01", "35", "2021-03-05"),
    ]


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", "a,b\r\n1,2", "\ufeffa,b\n\n1,\"x\ny\"\n3,4\n", "a,b\n", "\n\na,b\r1,2\r"]
)  # fmt: skip
def test_a_table_that_nobody_touches_stays_to_the_last_byte(text):
    assert TextTable(text, ["a", "b"]).text() == text


def test_lines_of_new_rows_are_known():
    table = TextTable('a,b\n1,"x\ny"\n', ["a", "b"])
    table.insert({"a": "5", "b": "p,q"}, ("file", 7, 2))
    assert table.text() == 'a,b\n1,"x\ny"\n5,"p,q"\n'
    assert table.origins() == {4: ("file", 7, 2)}


def test_numbers_are_written_out():
    assert [number_text(value) for value in (1250.0, 0.35, 1e-05, 2e21, 0.0, 10.0)] == [
        *("1250", "0.35", "0.00001", "2000000000000000000000", "0", "10")
    ]
