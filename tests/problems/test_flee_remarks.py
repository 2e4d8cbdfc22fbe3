"""Is each oddity of a foreign folder named by its number, at its place, and does a study come of it all the same?"""

import os
from dataclasses import dataclass, field

import pytest
from flee_folder import CONFLICTS, FILES, LOCATIONS, ROUTES, write_flee_folder

from corredor.exchange.flee.remarks import KINDS, Remarks
from corredor.exchange.flee.settings import read_settings
from corredor.exchange.flee.write import import_flee
from corredor.study.model import load_study
from corredor.study.problems import StudyError

TOWN = "Gamma,South,Aldia,0.5,10.6,town,,9000"


@dataclass(frozen=True)
class Odd:
    """What is changed in the folder, and the remark that must come of it: number, end of the file's name, line, words of it."""

    number: int
    file: str
    line: int
    says: str
    changed: dict[str, str | bytes | None] = field(default_factory=dict)


def locations(old: str, new: str) -> dict[str, str]:
    assert old in LOCATIONS
    return {"input_csv__locations": LOCATIONS.replace(old, new)}


def routes(more: str) -> dict[str, str]:
    return {"input_csv__routes": ROUTES + more}


def closures(rows: str) -> dict[str, str]:
    return {"input_csv__closures": "#closure_type,name1,name2,closure_start,closure_end\n" + rows}


NO_COUNTS: dict[str, str | bytes | None] = {
    name.replace("/", "__").removesuffix(".csv"): None for name in FILES if "source" in name
}

ODD = [
    Odd(1, "locations.csv", 0, "Windows-1252", {"input_csv__locations": LOCATIONS.replace("Gamma", "Gämma").encode("latin-1")}),
    Odd(1, "routes.csv", 0, "UTF-16", {"input_csv__routes": ROUTES.encode("utf-16")}),
    Odd(2, "locations.csv", 1, "left out", {"input_csv__locations": b"\xef\xbb\xbf" + LOCATIONS.replace("\n", "\r\n").encode()}),
    Odd(3, "one.csv", 0, "no commas", {"source_data__one": "2020-01-01\t100\n2020-03-10\t2900\n"}),
    Odd(4, "routes.csv", 1, "the first line is a road", {"input_csv__routes": ROUTES.split("\n", 1)[1]}),
    Odd(5, "conflicts.csv", 5, "1 rows", {"input_csv__conflicts": CONFLICTS.replace("\n3,1,0,0,0,0", "\n3,1")}),
    Odd(5, "locations.csv", 7, "a place without a name", {"input_csv__locations": LOCATIONS + ",,Aldia,1,1,town,,\n"}),
    Odd(6, "locations.csv", 2, "many", locations("50000", "many")),
    Odd(7, "one.csv", 2, "700 (estimate)", {"source_data__one": "2020-01-01,100\n2020-01-31,700 (estimate)\n2020-03-10,2900\n"}),
    Odd(7, "one.csv", 2, "a comment", {"source_data__one": "2020-01-01,100\n2020-01-31,700,a comment\n2020-03-10,2900\n"}),
    Odd(8, "locations.csv", 7, "Alpha", {"input_csv__locations": LOCATIONS + "Alpha,North,Aldia,1.0,10.0,town,,\n"}),
    Odd(9, "locations.csv", 3, "Beta", locations("20,80000", "20,")),
    Odd(10, "locations.csv", 4, "Gamma", locations("0.5,10.6", ",")),
    Odd(11, "locations.csv", 4, "village", locations("10.6,town", "10.6,village")),
    Odd(12, "locations.csv", 6, "latitude 109", locations("0.8,9.0", "109,0.8")),
    Odd(13, "routes.csv", 8, "Camp Onne", routes("Gamma,Camp Onne,10,0\n")),
    Odd(14, "routes.csv", 8, "the shorter length, 80 km", routes("Beta,Alpha,80,0\n")),
    Odd(15, "routes.csv", 8, "Gamma", routes("Gamma,Gamma,10,0\n")),
    Odd(16, "routes.csv", 8, "great circle", routes("Gamma,Camp Two,30,0\n")),
    Odd(17, "locations.csv", 7, "Nowhere", {"input_csv__locations": LOCATIONS + "Nowhere,N,Aldia,2,10,town,,\n"}),
    Odd(18, "closures.csv", 2, "bridge", closures("bridge,Alpha,Beta,0,5\n")),
    Odd(19, "closures.csv", 2, "not in locations.csv", closures("camp,Camp Ten,,0,5\n")),
    Odd(19, "closures.csv", 2, "no road from Alpha to Camp One", closures("link,Alpha,Camp One,0,5\n")),
    Odd(19, "closures.csv", 2, "from day 9 to day 5", closures("camp,Camp One,,9,5\n")),
    Odd(20, "conflicts.csv", 1, "Nowhere", {"input_csv__conflicts": CONFLICTS.replace("Camp Two\n", "Nowhere\n")}),
    Odd(21, "conflicts.csv", 0, "0.5", {"input_csv__conflicts": CONFLICTS.replace("\n3,1,", "\n3,0.5,")}),
    Odd(22, "one.csv", 2, "31st of January", {"source_data__one": "2020-01-01,100\n31st of January,700\n2020-03-10,2900\n"}),
    Odd(23, "one.csv", 3, "2020-01-31 after 2020-03-10", {"source_data__one": "2020-01-01,9\n2020-03-10,2900\n2020-01-31,700\n"}),
    Odd(24, "one.csv", 2, "2020-01-01", {"source_data__one": "2020-01-01,9\n2020-01-01,10\n2020-03-10,2900\n"}),
    Odd(25, "one.csv", 2, "-7", {"source_data__one": "2020-01-01,9\n2020-01-31,-7\n2020-03-10,2900\n"}),
    Odd(26, "data_layout.csv", 4, "Camp Ten", {"source_data__data_layout": "total,refugees.csv\nCamp One,one.csv\n\nCamp Ten,two.csv\n"}),
    Odd(27, "two_more.csv", 0, "No such file", {"source_data__two_more": None}),
    Odd(28, "registration_corrections.csv", 1, "Camp Ten", {"input_csv__registration_corrections": "Camp Ten,2020-02-01,x\n"}),
    Odd(28, "registration_corrections.csv", 1, "no count of", {"input_csv__registration_corrections": "Camp Two,2020-02-02,x\n"}),
    Odd(29, "conflicts.csv", 5, "a second time", {"input_csv__conflicts": CONFLICTS.replace("\n3,", "\n2,")}),
    Odd(30, "conflicts.csv", 0, "rows up to day 30", {"input_csv__conflicts": "\n".join(CONFLICTS.split("\n")[:32]) + "\n"}),
    Odd(31, "source_data", 0, "first on day", {"source_data__one": "2020-01-01,100\n2020-01-31,9000\n2020-03-10,2900\n"}),
    Odd(32, "refugees.csv", 0, "sum of the camps", {"source_data__refugees": "2020-01-01,200\n2020-03-10,90000\n"}),
    Odd(33, "locations.csv", 1, "wealth", locations("conflict_date,population", "conflict_date,population,wealth")),
    Odd(34, "routes.csv", 8, "Camp Two to Alpha", routes("Alpha,Camp Two,130,1\n")),
    Odd(35, "simsetting.yml", 0, "max_move_speed", {"simsetting.yml": "move_rules:\n  max_move_speed: 200\n"}),
    Odd(35, "location_changes.csv", 0, "not used", {"input_csv__location_changes": "Gamma,camp,5\n"}),
    Odd(27, "simsetting.yml", 1, "the usual settings are taken", {"simsetting.yml": "[" * 5000}),
    Odd(27, "simsetting.yml", 2, "a tag", {"simsetting.yml": "spawn_rules:\n  sum_from_camps: !!python/name:os.system\n"}),
    Odd(36, "sim_period.csv", 0, "2020-01-01 is taken", {"input_csv__sim_period": None}),
    Odd(37, "sim_period.csv", 2, "length 0", {"input_csv__sim_period": "StartDate,2020-01-01\nLength,0\n"}),
    Odd(37, "routes.csv", 8, "the great circle", routes("Gamma,Camp Two,-4,0\n")),
    Odd(38, "locations.csv", 5, "connected to", {"input_csv__routes": "".join(x for x in ROUTES.splitlines(True) if "One" not in x)}),
    Odd(39, "locations.csv", 5, "counts say it", locations("camp,,4000", "camp,,")),
    Odd(40, "source_data", 0, "people", {}),
    Odd(41, "closures.csv", 2, "not the whole place", closures("location,Beta,Camp One,0,5\n")),
    Odd(42, "locations.csv", 0, "multiplied by", {"input_csv__locations": LOCATIONS.replace("50000", "50").replace("80000", "80")}),
    Odd(43, "conflicts.csv", 0, "still to leave", {"input_csv__conflicts": "#Day,Alpha,Beta\n0,1,0\n1,0,0\n59,0,0\n"}),
    Odd(44, "locations.csv", 0, "Gamma", {}),
    Odd(45, "closures.csv", 2, "the way stays open", closures("link,Beta,Camp One,0,30\n")),
    Odd(46, "input_csv", 0, "no counts of camps", NO_COUNTS),
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: f"F{odd.number:02d} {odd.says}")
def test_an_oddity_is_named_and_survived(odd, tmp_path):
    folder = write_flee_folder(tmp_path / "case", **odd.changed)
    study, model = import_flee(folder, tmp_path / "study")
    made = [r for r in study.remarks if r.number == odd.number and r.file.endswith(odd.file)]
    assert [r for r in made if r.line == odd.line and odd.says in f"{r.found}; {r.done}"], [str(r) for r in study.remarks]
    assert load_study(tmp_path / "study").hash == model.hash
    readme = (tmp_path / "study" / "README.md").read_text(encoding="utf-8")
    assert f"| F{odd.number:02d} |" in readme


def test_every_number_has_a_case():
    assert {odd.number for odd in ODD} == set(KINDS)


def test_a_folder_in_order_has_nothing_odd(tmp_path):
    study, _ = import_flee(write_flee_folder(tmp_path / "case"), tmp_path / "study")
    assert [r.number for r in study.remarks] == [40, 44], [str(r) for r in study.remarks]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path):
    folder = write_flee_folder(tmp_path / "case", input_csv__closures=None, source_data__two_more=None)
    for name in ("source_data/two_more.csv", "simsetting.yml"):
        os.mkfifo(folder / name)
    study, _ = import_flee(folder, tmp_path / "study")
    assert [r.found for r in study.remarks if r.number == 27 and r.line == 0] == ["something that is not a file"]


@pytest.mark.parametrize(("word", "meant"), [("no", False), ("off", False), ("False", False), ("yes", True), ("on", True)])
def test_settings_are_read_as_flee_reads_them(word, meant, tmp_path):
    (tmp_path / "simsetting.yml").write_text(f"spawn_rules:\n  sum_from_camps: {word}\n  empty_camps_on_day0: {word}\n")
    settings = read_settings(tmp_path / "simsetting.yml", Remarks())
    assert (settings.sum_from_camps, settings.empty_camps_on_day_0) == (meant, meant)


@pytest.mark.parametrize(
    ("changed", "where", "found"),
    [
        ({"input_csv__locations": None}, "input_csv", "no locations.csv"),
        ({"input_csv__locations": "#name\n"}, "locations.csv", "no place in it"),
        (
            {"input_csv__locations": LOCATIONS.replace("conflict_zone", "town"), "input_csv__conflicts": None},
            "locations.csv",
            "no place with conflict",
        ),
        ({"input_csv__locations": LOCATIONS.replace(",camp,", ",town,")}, "locations.csv", "no camp"),
        ({"input_csv__routes": None}, "routes.csv", "no road"),
    ],
)
def test_what_cannot_be_a_study_is_said_and_nothing_is_written(changed, where, found, tmp_path):
    folder = write_flee_folder(tmp_path / "case", **changed)
    with pytest.raises(StudyError) as error:
        import_flee(folder, tmp_path / "study")
    assert any(p.file.endswith(where) and found in p.found and p.expected and p.try_ for p in error.value.problems)
    assert not (tmp_path / "study").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["case"]
