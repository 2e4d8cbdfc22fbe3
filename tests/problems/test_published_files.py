"""Is everything that can be wrong with a published file named well? One row each: position, found, expected, try."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from published import copy_of_study, read, request, sample
from sheets import CUADRO, xlsx

from corredor.exchange.adding.request import read_published
from corredor.exchange.adding.study_files import add_figures
from corredor.study.problems import StudyError

HTML = b"<!DOCTYPE html>\n<html><head><title>Access denied</title></head></html>"
CBP_HEAD = b"Fiscal Year,Month (abbv),Encounter Count\n"


def far_apart() -> bytes:
    """Two thousand bytes for a table of 130 million cells."""
    rows = xlsx({"Cuadro": CUADRO})
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(rows)) as given, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            made.writestr(
                name, given.read(name).replace(b"</sheetData>", b'<row r="8000"><c r="XFD8000"><v>1</v></c></row></sheetData>')
            )
    return content.getvalue()


def cuadro(row: int, column: int, cell: str | float) -> bytes:
    rows = [list(one) for one in CUADRO]
    rows[row][column] = cell
    return xlsx({"Cuadro": rows})


CASES = [
    ("cbp: a web page saved as CSV", "cbp", HTML, (1, 1), "a web page", "CBP's table", "open the address in a browser"),
    ("cbp: empty", "cbp", b"\n \n", (1, 1), "an empty file", "CBP's table", "download the file again"),
    (
        "cbp: another table",
        "cbp",
        b"a,b\n1,2\n",
        (1, 1),
        "no line with the columns of this format: a, b",
        "fiscal year",
        "belong together",
    ),
    (
        "cbp: a renamed column",
        "cbp",
        b"Fiscal Year,Month (abbv),Encounters\n2021,JAN,5\n",
        (1, 1),
        "no column encounter count",
        "encounter count",
        "is `encounters` the same column",
    ),
    ("cbp: no rows", "cbp", CBP_HEAD, (1, 1), "a table without rows", "CBP's table", "other filters"),
    ("cbp: a year that is none", "cbp", CBP_HEAD + b"FYTD,JAN,5\n", (2, 1), "FYTD", "a fiscal year", "download"),
    (
        "cbp: a month that is none",
        "cbp",
        CBP_HEAD + b"2021,JAN,5\n2021,XXX,5\n",
        (3, 2),
        "XXX",
        "a month such as OCT",
        "download",
    ),
    ("cbp: a count that is none", "cbp", CBP_HEAD + b"2021,JAN,many\n", (2, 3), "many", "a number of encounters", "download"),
    ("cbp: less than nobody", "cbp", CBP_HEAD + b"2021,JAN,-5\n", (2, 3), "-5", "a number of encounters", "download"),
    ("cbp: cut off in a row", "cbp", CBP_HEAD + b"2021,JAN,5\n2021,FEB\n", (3, 2), "2 fields", "3 fields", "it may be cut off"),
    ("cbp: cut off inside quotes", "cbp", CBP_HEAD + b'2021,JAN,"5\n', (2, 1), "not a table", "CBP's table", "it may be cut off"),
    ("cbp: a zip", "cbp", b"PK\x03\x04....", (1, 1), "a zip archive", "CBP's table", "unpack it"),
    ("cbp: a PDF", "cbp", b"%PDF-1.7", (1, 1), "a PDF", "CBP's table", "as CSV"),
    ("cbp: NUL", "cbp", CBP_HEAD + b"2021,\x00,5\n", (2, 1), "NUL", "CBP's table", "download"),
    (
        "unhcr: no figures",
        "unhcr",
        b"Year,Country of origin,Country of asylum\n2020,a,b\n",
        (1, 1),
        "no column with figures",
        "Asylum-seekers",
        "with totals",
    ),
    (
        "unhcr: a word in place of a number",
        "unhcr",
        b"Year,Country of origin,Country of asylum,Asylum-seekers\n2020,a,b,few\n",
        (2, 4),
        "few",
        "a number of people",
        "download",
    ),
    ("unhcr: JSON cut off", "unhcr", sample("unhcr-population.json")[:90], (2, 17), "not JSON", "Refugee Data Finder", "cut off"),
    (
        "unhcr: JSON of something else",
        "unhcr",
        b'{"data": []}',
        (1, 1),
        "no `items` in: data",
        "Refugee Data Finder",
        "belong together",
    ),
    ("unhcr: an item without a year", "unhcr", b'{"items": [{"refugees": 1}]}', (1, 1), "no year in item 1", "a year", "again"),
    (
        "unhcr-portal: no series",
        "unhcr-portal",
        b'{"data": {}}',
        (1, 1),
        "no `timeseries` in: none",
        "time series",
        "belong together",
    ),
    (
        "unhcr-portal: an empty series",
        "unhcr-portal",
        b'{"data": {"timeseries": []}}',
        (1, 1),
        "without entries",
        "time series",
        "date range",
    ),
    (
        "unhcr-portal: a day that is none",
        "unhcr-portal",
        b'{"data": {"timeseries": [{"data_date": "2021-02-30", "individuals": 1}]}}',
        (1, 1),
        "no date in",
        "YYYY-MM-DD",
        "again",
    ),
    (
        "dtm: an error of the API",
        "dtm",
        b'{"isSuccess": false, "result": null}',
        (1, 1),
        "`result` is no list",
        "DTM",
        "belong together",
    ),
    ("dtm: a date that is none", "dtm", b"reportingDate,numPresentIdpInd\nsoon,5\n", (2, 1), "soon", "a date", "again"),
    (
        "acled: a date that is none",
        "acled",
        b"event_date,event_type,country,fatalities\nsoon,Battles,x,0\n",
        (2, 1),
        "soon",
        "13 October 2018",
        "download the file again",
    ),
    (
        "world-bank: a refusal",
        "world-bank",
        b'[{"message": [{"id": "120", "key": "Invalid value", "value": "not valid"}]}]',
        (1, 1),
        "the API's refusal: not valid",
        "World Bank",
        "correct the address",
    ),
    ("world-bank: XML", "world-bank", b'<?xml version="1.0"?><wb:data/>', (1, 1), "not JSON", "format=json", "again"),
    (
        "world-bank: nothing there",
        "world-bank",
        b'[{"page": 0}, null]',
        (1, 1),
        "without values",
        "World Bank",
        "years that have values",
    ),
    (
        "banxico: no figures",
        "banxico",
        b'{"bmx": {"series": [{"idSerie": "S", "datos": []}]}}',
        (1, 1),
        "no figures",
        "Banco",
        "dates",
    ),
    ("banxico: a month first", "banxico", b"Fecha,S\n01/13/2020,5\n", (2, 2), "01/13/2020", "day/month/year", "again"),
    ("hxl: no tags", "hxl", b"a,b\n1,2\n", (1, 1), "no line of hashtags: a, b", "HXL", "another reader"),
    ("hxl: no date", "hxl", b"a,b\n#adm1,#affected\nx,2\n", (2, 1), "no date among the tags", "HXL", "#date"),
    (
        "hxl: a word in place of a number",
        "hxl",
        b"#date,#affected\n2021,some\n",
        (2, 2),
        "some",
        "a number in #affected",
        "correct",
    ),
    (
        "flowmap: without time",
        "flowmap",
        b"origin,dest,count\na,b,1\n",
        (1, 1),
        "no column time",
        "origin, dest, count",
        "belong together",
    ),
    (
        "flowmap: a count below 0",
        "flowmap",
        b"origin,dest,count,time\na,b,-1,2021\n",
        (2, 3),
        "-1",
        "a number of people",
        "correct",
    ),
    (
        "cbp: a point between thousands",
        "cbp",
        CBP_HEAD + b"2021,JAN,1.250\n",
        (2, 3),
        "1.250",
        "a number of encounters",
        "1250, without a point",
    ),
    ("cbp: part of a person", "cbp", CBP_HEAD + b"2021,JAN,2.5\n", (2, 3), "2.5", "a number of encounters", "download"),
    (
        "cbp: a minus that is none",
        "cbp",
        CBP_HEAD + "2021,JAN,\u22125\n".encode(),
        (2, 3),
        "\u22125",
        "a number of encounters",
        "download",
    ),
    (
        "cbp: a column twice",
        "cbp",
        b"Fiscal Year,Month (abbv),Encounter Count,Encounter Count\n2021,JAN,5,5\n2021,FEB,5,50\n2021,MAR,5,50\n",
        (3, 4),
        "50 in a second column encounter count",
        "or the 5 of column 3 again",
        "delete the column",
    ),
    (
        "unhcr: points between thousands",
        "unhcr",
        b"Year,Country of origin,Country of asylum,Asylum-seekers\n2020,a,b,1.250.000\n",
        (2, 4),
        "1.250.000",
        "a number of people",
        "1250000, without a point",
    ),
    (
        "dtm: a point between thousands",
        "dtm",
        b"reportingDate,numPresentIdpInd\n2021-01-31,12.500\n",
        (2, 1),
        "12.500",
        "a number of people",
        "12500, without",
    ),
    (
        "unhcr-portal: a point between thousands",
        "unhcr-portal",
        b'{"data": {"timeseries": [{"data_date": "2021-02-28", "individuals": "1.250"}]}}',
        (1, 1),
        "no number of people",
        "a whole number",
        "1250, without",
    ),
    (
        "flowmap: a point between thousands",
        "flowmap",
        b"origin,dest,count,time\na,b,1.250,2021\n",
        (2, 3),
        "1.250",
        "a number",
        "1250, without",
    ),
    (
        "hxl: a point between thousands",
        "hxl",
        b"#date,#affected\n2021,1.250\n",
        (2, 2),
        "1.250",
        "a number in #affected",
        "1250, without",
    ),
    ("hxl: a comma between thousands", "hxl", b"#date,#affected\n2021,1,250\n", (2, 3), "3 fields", "2 fields", "in quotes"),
    (
        "hxl: quotes that never close",
        "hxl",
        b'#date,#affected,#meta\n2021,5,"x\n2022,6,y\n',
        (2, 1),
        "not a table",
        "HXL",
        "cut off",
    ),
    (
        "hxl: a tag twice",
        "hxl",
        b"#date,#affected,#affected\n2021,5,6\n",
        (1, 3),
        "a second column #affected",
        "a tag of its own",
        "delete",
    ),
    (
        "hxl: a line after one of two lines",
        "hxl",
        b'#date,#affected,#meta\n2021,5,"a\nb"\n2022,some,y\n',
        (4, 2),
        "some",
        "a number in",
        "correct",
    ),
    (
        "boletin: a point between thousands",
        "boletin-mx",
        cuadro(4, 2, "1.250"),
        (5, 3),
        "1.250",
        "a number of people",
        "1250, without",
    ),
    (
        "boletin: a point that a spreadsheet took for a decimal one",
        "boletin-mx",
        cuadro(4, 2, 1.25),
        (5, 3),
        "1.25",
        "a number of people",
        "download",
    ),
    (
        "boletin: cells far apart",
        "boletin-mx",
        far_apart(),
        (1, 1),
        "not within 120 s and 1 GB of memory",
        "Boletín",
        "cut off",
    ),
    ("boletin: no spreadsheet", "boletin-mx", b"a,b", (1, 1), "no spreadsheet", "Boletín", "bulletin's page"),
    ("boletin: a web page", "boletin-mx", HTML, (1, 1), "a web page", "Boletín", "bulletin's page"),
    (
        "boletin: cut off",
        "boletin-mx",
        xlsx({"Cuadro": CUADRO})[:400],
        (1, 1),
        "cannot be opened",
        "Boletín",
        "it may be cut off",
    ),
    (
        "boletin: no months",
        "boletin-mx",
        xlsx({"Cuadro": [["a", "b"]]}),
        (1, 1),
        "no sheet with a line of months",
        "Boletín",
        "belong together",
    ),
    (
        "boletin: no year",
        "boletin-mx",
        cuadro(0, 0, "Cuadro"),
        (3, 1),
        "no year above the months",
        "a title with the year",
        "write the year",
    ),
    ("boletin: two years", "boletin-mx", cuadro(0, 0, "2020 y 2021"), (3, 1), "the years 2020, 2021", "one year", "one year"),
    (
        "boletin: a word in place of a number",
        "boletin-mx",
        cuadro(4, 2, "varios"),
        (5, 3),
        "varios",
        "a number of people",
        "download",
    ),
]


@pytest.mark.parametrize(
    ("reader", "content", "at", "found", "expected", "try_"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_a_bad_file_is_named_well(reader, content, at, found, expected, try_):
    with pytest.raises(StudyError) as caught:
        read(reader, content, "a file")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.column) == ("a file", *at)
    assert found in problem.found
    assert expected in problem.expected
    assert try_ in problem.try_


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    with (tmp_path / "large.csv").open("wb") as stream:
        stream.truncate(300 * 2**20)
    for name, found in (("large.csv", "a file of 300 MB"), ("none.csv", "No such file"), (".", "s a directory")):
        with pytest.raises(StudyError) as caught:
            read_published(tmp_path / name, None)
        assert found in caught.value.problems[0].found


def test_a_device_without_end_is_read_no_further_than_a_file():
    with pytest.raises(StudyError, match="a file of 256 MB or more"):
        read_published(Path("/dev/zero"), None)


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"items": [{"year": ' + b"9" * 5000 + b"}]}"])
def test_json_that_would_break_a_parser_is_refused(content):
    with pytest.raises(StudyError, match="nested too deeply or has numbers too long"):
        read("unhcr", content)


def test_acled_messages_quote_no_event():
    content = sample("acled-new.csv").replace(b"2020-11-03", b"some day").replace(b",0,,1\nALD3", b",none,,1\nALD3")
    with pytest.raises(StudyError) as caught:
        read("acled", content)
    assert len(caught.value.problems) == 2
    assert "SECRET" not in str(caught.value)


CBP = sample("cbp-fy21-feb.csv")
PATROL = {"component": "U.S. Border Patrol"}

REQUESTS = [
    (
        "an output that is not there",
        "cbp",
        CBP,
        "2021-03-08",
        {"output": "arrivls"},
        0,
        "no output arrivls",
        "arrivals",
        "`arrivals`",
    ),
    ("no day of publication", "cbp", CBP, None, {"output": "arrivals"}, 1, "no day of publication", "the day", "--vintage"),
    (
        "a part that is not there",
        "cbp",
        CBP,
        "2021-03-08",
        {"output": "arrivals", "place_by": "areas"},
        1,
        "no part areas",
        "--place-by",
        "--place-by area",
    ),
    (
        "no figure with a value",
        "cbp",
        CBP,
        "2021-03-08",
        {"output": "arrivals", "only": {"demographic": "FMU"}},
        1,
        "no figure with demographic FMU",
        "FMUA",
        "FMUA",
    ),
    (
        "a name that is not there",
        "cbp",
        CBP.replace(b"North Gate", b"North Gates"),
        "2021-03-08",
        {"output": "arrivals"},
        2,
        "North Gates, which",
        "of the study",
        "is it north_gate?",
    ),
    (
        "one series of several",
        "unhcr",
        sample("unhcr-population.csv"),
        "2021-05-01",
        {"output": "arrivals"},
        1,
        "asylum_seekers, refugees",
        "--series",
        "--series",
    ),
    (
        "totals beside their parts",
        "boletin-mx",
        xlsx({"Cuadro": CUADRO}),
        "2021-03-05",
        {"output": "arrivals", "place_by": "none"},
        4,
        "some of which contain others",
        "one value of row",
        "--only row=",
    ),
    (
        "a figure for a group that the output does not tell apart",
        "cbp",
        CBP,
        "2021-03-08",
        {"output": "in_shelter", "place": "north_gate", "place_by": "none", "group": "adult", "only": PATROL},
        2,
        "a number for adult alone",
        "tells these groups apart",
        "add group to `by`",
    ),
    (
        "another figure of the same day",
        "cbp",
        CBP,
        "2021-02-10",
        {"output": "arrivals", "only": PATROL},
        2,
        "1234 for north_gate",
        "with this day of publication, 219",
        "--vintage",
    ),
    (
        "a driver that starts too late",
        "banxico",
        sample("banxico.json").replace(b"/2020", b"/2021"),
        None,
        {"driver": "remittances", "place": "aldia"},
        1,
        "2021-10-01 as the first date of remittances",
        "2021-01-01",
        "add a row",
    ),
]


@pytest.mark.parametrize(
    ("reader", "content", "day", "asked", "line", "found", "expected", "try_"),
    [case[1:] for case in REQUESTS],
    ids=[c[0] for c in REQUESTS],
)
def test_a_request_that_does_not_fit_is_named_well_and_nothing_is_written(
    reader, content, day, asked, line, found, expected, try_, tmp_path
):
    study = copy_of_study(tmp_path)
    before = {path: path.read_bytes() for path in study.iterdir()}
    with pytest.raises(StudyError) as caught:
        add_figures(request(study, reader, ("a file", content, day), **asked))
    problem = caught.value.problems[0]
    assert (problem.file, problem.line) == (("a file", line) if line else (str(study / "study.yaml"), 0))
    assert found in problem.found
    assert expected in problem.expected
    assert try_ in problem.try_
    assert {path: path.read_bytes() for path in study.iterdir()} == before
