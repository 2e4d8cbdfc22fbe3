"""HXL-tagged tables: any CSV with a line of hashtags below its header, as on data.humdata.org.

Layout: hxlstandard.org. The tag line says what a column is: #date, #adm1+name, #country+code, #affected+idps. Numbers are taken
from the columns tagged #affected, #population, #reached, #inneed, #targeted, #indicator, #meta+count or #value; a series is
called by its tag. Dates come from #date (#date+start and #date+end when both are there); all other columns are parts, called by
their tag without the hash.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

from corredor.exchange.readers.calendar import written_period
from corredor.exchange.readers.figure import Figure, Format, Reading
from corredor.exchange.readers.text import MOST_LEADING_LINES, Trouble, text_of
from corredor.exchange.written_numbers import count_advice, count_in
from corredor.study.problems import quoted

WANTED = "a CSV file with a line of HXL hashtags such as #date, #adm1+name, #affected+idps"

_COUNTED = ("#affected", "#population", "#reached", "#inneed", "#targeted", "#indicator", "#value")
_TAG = re.compile(r"#[a-z][a-z0-9_]*(\s*\+[a-z][a-z0-9_]*)*", re.IGNORECASE)
_NO_FIGURE = {"", "-", "n/a", "na", "null"}


def read(content: bytes, shown: str) -> Reading:
    """Figures of every column tagged as a number of people.

    raises : StudyError
    """
    trouble = Trouble(shown)
    records = _records(text_of(content, shown, WANTED), trouble)
    head = next((n for n, (_, record) in enumerate(records[:MOST_LEADING_LINES]) if _is_tag_line(record)), None)
    if head is None:
        raise trouble.fail(1, 1, f"no line of hashtags: {quoted(', '.join(records[0][1]) if records else '')}", WANTED,
                           "look for the HXL version of the file, or use another reader")  # fmt: skip
    at, tag_line = records[head]
    tags = ["".join(cell.lower().split()) for cell in tag_line]
    counted = {n: tag for n, tag in enumerate(tags) if tag.startswith(_COUNTED)}
    dates = [n for n, tag in enumerate(tags) if tag.split("+")[0] == "#date"]
    start = next((n for n in dates if "+start" in tags[n]), None)
    end = next((n for n in dates if "+end" in tags[n]), None)
    single = next((n for n in dates if n not in (start, end)), None)
    for n, tag in counted.items():
        if tag in tags[:n]:
            expected = "a tag of its own for every column of numbers"
            trouble.add(
                at, n + 1, f"a second column {quoted(tag)}", expected, "delete the column that is not meant, or tag it apart"
            )
    trouble.stop()
    if not counted:
        raise trouble.fail(at, 1, f"no number among the tags {quoted(', '.join(tags))}", WANTED, "another file")
    if single is None and (start is None or end is None):
        raise trouble.fail(
            at, 1, f"no date among the tags {quoted(', '.join(tags))}", WANTED, "another file, or add a column #date"
        )
    figures = []
    for number, record in records[head + 1 :]:
        if not any(cell.strip() for cell in record):
            continue
        if len(record) < len(tags):
            trouble.add(number, len(record), f"{len(record)} fields", f"{len(tags)} fields, as there are tags")
            continue
        if any(cell.strip() for cell in record[len(tags) :]):
            try_ = "put numbers with commas in quotes, or write them without"
            trouble.add(number, len(tags) + 1, f"{len(record)} fields", f"{len(tags)} fields, as there are tags", try_)
            continue
        period = _period(record, single, start, end)
        if period is None:
            where = single if single is not None else start
            assert where is not None
            trouble.add(number, where + 1, quoted(record[where]), "a date YYYY-MM-DD, a month or a year", "correct the date")
            continue
        parts = {tag[1:]: record[n].strip() for n, tag in enumerate(tags) if tag and n not in counted and n not in dates}
        for n, tag in counted.items():
            text = record[n].strip()
            value = count_in(text)
            if text.lower() in _NO_FIGURE:
                continue
            if value is None:
                trouble.add(number, n + 1, quoted(text), f"a number in {tag}", count_advice(text, "correct the number"))
            else:
                figures.append(Figure(tag[1:], parts, *period, value, number, n + 1))
    trouble.stop()
    if not figures:
        raise trouble.fail(at, 1, "no figures below the tags", WANTED)
    return Reading(shown, tuple(figures), {figure.series: "people" for figure in figures})


def _records(text: str, trouble: Trouble) -> list[tuple[int, list[str]]]:
    """Every record with the line in which it begins."""
    reader, begin = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    records: list[tuple[int, list[str]]] = []
    try:
        for record in reader:
            records.append((begin, record))
            begin = reader.line_num + 1
    except csv.Error as error:
        found, try_ = f"text that is not a table: {error}", "download the file again; it may be cut off"
        raise trouble.fail(begin, 1, found, WANTED, try_) from None
    return records


def _is_tag_line(record: list[str]) -> bool:
    cells = [cell.strip() for cell in record if cell.strip()]
    return len(cells) > 0 and all(_TAG.fullmatch(cell) for cell in cells)


def _period(record: list[str], single: int | None, start: int | None, end: int | None) -> tuple[dt.date, dt.date] | None:
    if single is not None:
        return written_period(record[single])
    assert start is not None and end is not None
    first, last = written_period(record[start]), written_period(record[end])
    return None if first is None or last is None or last[1] < first[0] else (first[0], last[1])


FORMAT = Format(
    name="hxl",
    title="HXL-tagged CSV, as on the Humanitarian Data Exchange",
    publisher="",
    licence="",
    where="data.humdata.org",
    read=read,
    place_by="adm1+name",
)
