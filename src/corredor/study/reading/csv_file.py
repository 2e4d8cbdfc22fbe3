"""A CSV file as rows that remember their line, with cells turned into what the columns of its schema class hold."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin

from corredor.study.csv_text import plain
from corredor.study.problems import Problem, listed, nearest, quoted
from corredor.study.reading.plain_values import date, date_advice, number, number_advice
from corredor.study.reading.unseen import unseen_problem
from corredor.study.schema import Entry


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. `line` counts from 1, as do the numbers of the fields; `cells` are as written, `value` as meant.

    unreadable : columns of which something was reported already
    """

    line: int
    fields: Mapping[str, int]
    cells: Mapping[str, str]
    value: Mapping[str, Any]
    unreadable: frozenset[str]

    def position(self, path: tuple[str | int, ...], *, key: bool = False) -> tuple[int, int]:
        """Line and number of the field of a column; of the first one for the row as a whole."""
        return self.line, self.fields.get(str(path[0]), 1) if path else 1

    def shown(self, path: tuple[str | int, ...]) -> str:
        """A cell as it was written."""
        text = self.cells.get(str(path[0]), "") if path else ", ".join(self.cells.values())
        return quoted(text) if text else "an empty cell"


@dataclass(frozen=True)
class Table:
    """Rows of a file, and the columns that it should have and has not; `complete` when it could be read to its end."""

    rows: tuple[Row, ...]
    missing_columns: frozenset[str]
    complete: bool


def read_csv(text: str, file: str, row_class: type[Entry]) -> tuple[Table, list[Problem]]:
    """Rows of one CSV file.

    text : the file's text
    file : its name for problems
    row_class : class of schema.py whose fields are the columns
    returns : rows in order; rows without any text are left out. Problems of header, quotes, number of fields and cells
    """
    problems: list[Problem] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    kinds = {(field.alias or name): _cell_kind(field.annotation) for name, field in row_class.model_fields.items()}
    optional = {(field.alias or name) for name, field in row_class.model_fields.items() if not field.is_required()}
    header: list[str] | None = None
    fields: dict[str, int] = {}
    begin = 1
    complete = True
    try:
        for record in reader:
            line, begin = begin, reader.line_num + 1
            cells = [plain(cell.strip()) for cell in record]
            if not any(cells):
                continue
            if header is None:
                header = cells
                header_problems = _check_header(cells, file, line, kinds, optional)
                problems += header_problems
                fields = {name: number for number, name in reversed(list(enumerate(cells, 1))) if name in kinds}
                if not fields:
                    return Table((), frozenset(kinds), complete=False), problems
            elif len(cells) != len(header):
                problems.append(_ragged(cells, header, file, line))
                rows.append(Row(line, fields, dict(zip(header, cells, strict=False)), {}, frozenset(kinds)))
            else:
                row, bad_cells = _read_row(cells, fields, file, line, kinds, optional)
                rows.append(row)
                problems += bad_cells
    except csv.Error as error:
        problems.append(_unreadable(str(error), file, begin))
        complete = False
    if header is None:
        expected = "a first line with the columns " + listed(name for name in kinds if name not in optional)
        problems.append(Problem(file, 1, 1, "an empty file", expected, "write the first line, or restore the file"))
    missing = frozenset(name for name in kinds if name not in fields and name not in optional)
    return Table(tuple(rows), missing, complete and header is not None), problems


def _cell_kind(annotation: Any) -> type:
    """float, bool, date or str: what a column holds, leaving aside that it may be empty."""
    if get_origin(annotation) in (Union, UnionType):
        return next(_cell_kind(part) for part in get_args(annotation) if part is not type(None))
    return annotation if annotation in (float, int, bool, dt.date) else str


def _check_header(cells: list[str], file: str, line: int, kinds: Mapping[str, type], optional: set[str]) -> list[Problem]:
    problems: list[Problem] = []
    for separator, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(cells) == 1 and separator in cells[0]:
            found, expected = f"columns separated by {word}", "columns separated by commas"
            return [Problem(file, line, 1, found, expected, "save the table as CSV (comma delimited), with decimal points")]
    known = listed(kinds, 20)
    if not any(name in kinds for name in cells):
        shown = quoted(", ".join(cells))
        return [Problem(file, line, 1, shown, f"a first line with the names of the columns: {known}", "add the first line")]
    meant: set[str] = set()
    for number_, name in enumerate(cells, 1):
        if name == "":
            expected = f"a name for every column: {known}"
            problems.append(Problem(file, line, number_, "a column without a name", expected, "delete the column, or name it"))
        elif name in cells[: number_ - 1]:
            first = cells.index(name) + 1
            found = f"a second column `{quoted(name)}`; field {first} has this name already"
            problems.append(Problem(file, line, number_, found, "every column once", "delete or rename one of the two"))
        elif name not in kinds:
            close = nearest(name, [other for other in kinds if other not in cells])
            meant |= {close} if close else set()
            try_ = f"`{close}`" if close else "delete the column; remarks can stand in README.md"
            problems.append(Problem(file, line, number_, f"a column `{quoted(name)}`", f"one of the columns {known}", try_))
    for name in kinds:
        if name not in optional and name not in cells and name not in meant:
            expected = "the columns " + listed((other for other in kinds if other not in optional), 20)
            problems.append(Problem(file, line, 1, f"no column `{name}`", expected, f"add the column `{name}`"))
    return problems


def _ragged(cells: list[str], header: list[str], file: str, line: int) -> Problem:
    found = f"{len(cells)} fields"
    expected = f"{len(header)} fields, as in the first line"
    if len(cells) > len(header):
        try_ = 'put text that contains a comma in quotes, "like, this", and write numbers without commas'
        return Problem(file, line, len(header) + 1, found, expected, try_)
    return Problem(file, line, len(cells), found, expected, "add the commas of the empty fields at the end, or close the quotes")


def _read_row(
    cells: list[str], fields: Mapping[str, int], file: str, line: int, kinds: Mapping[str, type], optional: set[str]
) -> tuple[Row, list[Problem]]:
    problems: list[Problem] = []
    written: dict[str, str] = {}
    value: dict[str, Any] = {}
    unreadable: set[str] = set()
    for name, number_ in fields.items():
        text = written[name] = cells[number_ - 1]
        if text == "" and name in optional:
            continue
        if (unseen := unseen_problem(text, file, line, number_)) is not None:
            problems.append(unseen)
            unreadable.add(name)
            continue
        meant = _meaning(text, kinds[name])
        if meant is None:
            found = quoted(text) if text else "an empty cell"
            expected = f"{_EXPECTED[kinds[name]]} in `{name}`"
            problems.append(Problem(file, line, number_, found, expected, _cell_advice(text, kinds[name])))
            unreadable.add(name)
        else:
            value[name] = meant
    return Row(line, fields, written, value, frozenset(unreadable)), problems


def _meaning(text: str, kind: type) -> Any:
    """What a cell holds; none when that cannot be told."""
    if text == "":
        return None
    if kind is bool:
        return {"yes": True, "no": False}.get(text.lower())
    if kind is dt.date:
        return date(text)
    return text if kind is str else number(text)


def _cell_advice(text: str, kind: type) -> str:
    if text == "":
        return "fill it in, or delete the row"
    if kind is bool:
        return "yes, no, or an empty cell for no"
    return date_advice(text) if kind is dt.date else number_advice(text)


_EXPECTED: dict[type, str] = {
    str: "text",
    bool: "yes or no",
    dt.date: "a date YYYY-MM-DD",
    float: "a number",
    int: "a whole number",
}


def _unreadable(error: str, file: str, line: int) -> Problem:
    if "NUL" in error:
        return Problem(file, line, 1, "an invisible NUL character", "text", "save the table as CSV (UTF-8) again")
    if "field larger" in error:
        return Problem(
            file, line, 1, "a field of more than 130,000 characters", "short fields", 'close the quotes " that open here'
        )
    if "expected after" in error:
        return Problem(
            file,
            line,
            1,
            "text after closing quotes",
            'a comma after "quoted text"',
            'double the quotes inside: "a ""word"" here"',
        )
    if "unexpected end of data" in error:
        return Problem(file, line, 1, "quotes that never close", 'closing quotes "', 'close the quotes " that open in this row')
    return Problem(
        file, line, 1, "text that cannot be read as CSV", "fields separated by commas", "save the table as CSV (UTF-8) again"
    )
