"""Whatever happened to a published file: a reader returns figures or a StudyError says why not. Nothing else may come out."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published import SAMPLES, read, sample
from sheets import CUADRO, xls, xlsx

from corredor.study.problems import StudyError

READERS = {
    "cbp": ["cbp-fy21-feb.csv", "cbp-state.csv"],
    "unhcr": ["unhcr-population.csv", "unhcr-population.json"],
    "unhcr-portal": ["unhcr-portal-day.json", "unhcr-portal-month.csv"],
    "dtm": ["dtm-api.json", "dtm-hdx.csv"],
    "acled": ["acled-new.csv", "acled-old.csv"],
    "world-bank": ["world-bank.json"],
    "banxico": ["banxico.json", "banxico.csv"],
    "hxl": ["hxl.csv"],
    "flowmap": ["flowmap-flows.csv"],
}
CASES = [(reader, sample(name)) for reader, names in READERS.items() for name in names]
CASES += [("boletin-mx", xlsx({"Cuadro": CUADRO})), ("boletin-mx", xls("Cuadro", CUADRO))]

NASTY = [
    b"\x00",
    b"\xff",
    b'"',
    b",",
    b";",
    b"\n",
    b"\r",
    b"{",
    b"]",
    b"null",
    b"[[[[",
    b"-1",
    b"1e999",
    b"9" * 5000,
    b"nan",
    b"Infinity",
    b"0000-00-00",
    b"9999-12-31",
    b"2021-02-30",
    b"<html>",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"PK\x03\x04",
    b"#date",
    b"true",
    b"{}",
]


def test_an_empty_cell_is_called_one():
    with pytest.raises(StudyError) as raised:
        read("flowmap", b"origin,dest,count,time\nmill_town,North Gate,25,\n", "a file")
    assert raised.value.problems[0].found == "an empty cell"


def test_every_sample_is_tried():
    names = {path.name for path in SAMPLES.iterdir()} - {"README.md", "cbp-fy21-mar.csv"}
    assert names == {name for names in READERS.values() for name in names}


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(CASES),
    st.lists(
        st.tuples(
            st.sampled_from(["cut", "put", "replace", "drop", "double"]),
            st.floats(0, 1),
            st.floats(0, 1),
            st.sampled_from(NASTY) | st.binary(min_size=1, max_size=6),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_a_garbled_file_is_figures_or_a_study_error(case, changes):
    reader, content = case
    for what, one, other, new in changes:
        first, last = sorted((int(one * len(content)), int(other * len(content))))
        if what == "cut":
            content = content[:last]
        elif what == "put":
            content = content[:first] + new + content[first:]
        elif what == "replace":
            content = content[:first] + new + content[first + len(new) :]
        elif what == "drop":
            content = content[:first] + content[last:]
        else:
            content = content[:last] + content[first:]
    try:
        reading = read(reader, content, "a file")
    except StudyError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.file == "a file" and problem.line >= 1 and problem.column >= 0
            assert problem.found and problem.expected and problem.try_, str(problem)
    else:
        assert all(math.isfinite(figure.value) and figure.from_ <= figure.to for figure in reading.figures)


@pytest.mark.parametrize("reader", [*READERS, "boletin-mx"])
@settings(max_examples=25, deadline=None)
@given(content=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_at_all(reader, content):
    with pytest.raises(StudyError):
        read(reader, content, "a file")
