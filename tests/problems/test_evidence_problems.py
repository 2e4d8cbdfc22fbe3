"""Is each mistake in files of series and claims named well: where, found, expected, try?"""

from pathlib import Path

import pytest

from corredor.effects.benchmark.read_evidence import read_evidence
from corredor.study.problems import StudyError

SERIES = "month,unit,people\n2018-01,a,10\n2018-02,a,12\n2018-01,b,3\n2018-02,b,0\n"
CLAIM = {"id": "C1", "says": "It fell.", "unit": "a", "date": "2018-02-01", "direction": "lower", "agreement": "agreed"}


def claims_text(**changes: object) -> str:
    entry = {key: value for key, value in {**CLAIM, **changes}.items() if value is not None}
    return "- " + "\n  ".join(f"{key}: {value}" for key, value in entry.items()) + "\n"


def problems_of(folder: Path, series: str = SERIES, claims: str | None = None, measures: str | None = None) -> list[str]:
    """Problems as they are shown, without the name of the folder."""
    (folder / "series.csv").write_text(series, encoding="utf-8")
    (folder / "claims.yaml").write_text(claims_text() if claims is None else claims, encoding="utf-8")
    if measures is not None:
        (folder / "dates.csv").write_text(measures, encoding="utf-8")
    with pytest.raises(StudyError) as raised:
        read_evidence([folder / "series.csv"], folder / "claims.yaml", None if measures is None else folder / "dates.csv")
    return [str(problem).replace(f"{folder}/", "") for problem in raised.value.problems]


IN_SERIES = [
    ("2018-13,a,1", "series.csv:6:1", "2018-13", "a month YYYY-MM", "year-month"),
    ("2018-03-17,a,1", "series.csv:6:1", "2018-03-17", "a month YYYY-MM", "write 2018-03"),
    ("03/2018,a,1", "series.csv:6:1", "03/2018", "a month YYYY-MM", "such as 2016-03"),
    ('2018-03,a,"1,250"', "series.csv:6:3", "1,250", "a number in `people`", "write 1250"),
    ("2018-03,a,-4", "series.csv:6:3", "-4", "0 or more", "0 or more"),
    ("2018-03,,4", "series.csv:6:2", "an empty cell", "text in `unit`", "fill it in"),
    ("2018-02,b,4", "series.csv:6:1", "a second row for b in 2018-02", "stands at series.csv:5", "delete one"),
    ("2018-03,a", "series.csv:6:2", "2 fields", "3 fields", "commas"),
]


@pytest.mark.parametrize(("row", "where", "found", "expected", "try_"), IN_SERIES)
def test_a_wrong_row_of_a_series(tmp_path, row, where, found, expected, try_):
    (problem,) = problems_of(tmp_path, SERIES + row + "\n")
    assert problem.startswith(f"{where}\n")
    lines = problem.split("\n")
    assert found in lines[1]
    assert expected in lines[2]
    assert try_ in lines[3]


def test_a_wrong_column_of_a_series(tmp_path):
    (problem,) = problems_of(tmp_path, SERIES.replace("people", "persons"))
    assert problem.startswith("series.csv:1:3\n  found     a column `persons`\n")
    (problem,) = problems_of(tmp_path, SERIES.replace(",", ";"))
    assert "columns separated by semicolons" in problem


def test_a_unit_belongs_to_one_family(tmp_path):
    series = "month,unit,people,family\n2018-01,a,1,north\n2018-02,a,1,south\n"
    (problem,) = problems_of(tmp_path, series)
    assert problem.startswith("series.csv:3:4\n  found     `south` for the unit a\n")
    assert "series.csv:2 says `north`" in problem


IN_CLAIMS = [
    ({"unit": "aa"}, "claims.yaml:3:9", "aa", "a unit of the files of series", "`a`"),
    ({"unit": "[a, c]"}, "claims.yaml:3:13", "c", "a unit of the files of series", "a unit as it stands there"),
    ({"donors": "[c]"}, "claims.yaml:7:12", "c", "a unit of the files of series", "a unit as it stands there"),
    ({"date": "2018-2-1"}, "claims.yaml:4:9", "2018-2-1", "a date YYYY-MM-DD or a month YYYY-MM", "2016-03-20 or 2016-03"),
    ({"date": "2018-02-20"}, "claims.yaml:4:9", "begins in 2018-03", "2018-01 to 2018-02", "another date"),
    ({"date": "1018-02"}, "claims.yaml:4:9", "1018-02", "a date YYYY-MM-DD or a month", "from 1900 to 2100"),
    ({"direction": "down"}, "claims.yaml:5:14", "down", "one of: lower, higher, none", "`lower`"),
    ({"agreement": "agree"}, "claims.yaml:6:14", "agree", "one of: agreed, contested, none_found", "`agreed`"),
    ({"size_percent": "[-79, -95]"}, "claims.yaml:7:17", "[-79.0, -95.0]", "the lower number first", "[-95, -79]"),
    ({"size_percent": "[-195, -79]"}, "claims.yaml:7:17", "-195", "−100 or more", "nobody came"),
    ({"size_percent": "[5, 9]"}, "claims.yaml:7:17", "[5.0, 9.0]", "numbers below 0", "the other sign"),
    ({"size_percent": "[-95]"}, "claims.yaml:7:17", "a list of 1", "a list", "a"),
    ({"window_months": "0"}, "claims.yaml:7:18", "0", "1 or more", "1 or more"),
    ({"inseparable_from": "[C2]"}, "claims.yaml:7:22", "C2", "the id of another claim", "`C1`"),
    ({"derection": "lower"}, "claims.yaml:7:3", "an unknown key `derection`", "one of the keys id, says, unit", "`direction`"),
    ({"says": None}, "claims.yaml:1:3", "no `says`", "`says`: text", "add `says: …`"),
]


@pytest.mark.parametrize(("changes", "where", "found", "expected", "try_"), IN_CLAIMS)
def test_a_wrong_claim(tmp_path, changes, where, found, expected, try_):
    (problem,) = problems_of(tmp_path, claims=claims_text(**changes))
    assert problem.startswith(f"{where}\n"), problem
    lines = problem.split("\n")
    assert found in lines[1]
    assert expected in lines[2]
    assert try_ in lines[3]


def test_an_id_stands_once(tmp_path):
    (problem,) = problems_of(tmp_path, claims=claims_text() + claims_text())
    assert problem.startswith("claims.yaml:7:7\n  found     `C1` a second time\n")


def test_claims_are_a_list(tmp_path):
    (problem,) = problems_of(tmp_path, claims="id: C1\n")
    assert "a list of claims" in problem
    (problem,) = problems_of(tmp_path, claims="")
    assert problem.startswith("claims.yaml\n  found     an empty file\n")


def test_a_wrong_listed_date(tmp_path):
    (problem,) = problems_of(tmp_path, measures="date,family,what\n2018,a,something\n")
    assert problem.startswith("dates.csv:2:1\n  found     2018\n  expected  a date YYYY-MM-DD or a month YYYY-MM\n")


def test_a_file_that_is_not_there(tmp_path):
    (tmp_path / "serie.csv").write_text(SERIES, encoding="utf-8")
    (tmp_path / "claims.yaml").write_text(claims_text(), encoding="utf-8")
    with pytest.raises(StudyError) as raised:
        read_evidence([tmp_path / "series.csv"], tmp_path / "claims.yml")
    shown = [(problem.found, problem.try_.replace(f"{tmp_path}/", "")) for problem in raised.value.problems]
    assert shown == [("no such file", "serie.csv"), ("not a .yaml file", "the path of a .yaml file")]


def test_problems_of_all_files_come_at_once(tmp_path):
    found = problems_of(tmp_path, SERIES + "2018-03,a,x\n", claims_text(direction="down") + claims_text(id="C2", date="soon"))
    assert [problem.split("\n")[0] for problem in found] == ["series.csv:6:3", "claims.yaml:5:14", "claims.yaml:10:9"]
