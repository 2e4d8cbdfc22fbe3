"""Rows of a foreign table, read as tolerantly as can be: any encoding, any line ends, commas, tabs or semicolons, cells with comments."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from corredor.exchange.flee.remarks import Remarks
from corredor.exchange.readers.text import bytes_of_file
from corredor.exchange.written_numbers import leading_number
from corredor.study.problems import Problem, StudyError

LARGEST = 1e12
"""Numbers beyond this are taken for mistakes: more people than there are, or roads longer than any."""


@dataclass(frozen=True)
class Row:
    """A row that is not a comment: its line in the file and its cells without surrounding blanks."""

    line: int
    cells: tuple[str, ...]

    def cell(self, number: int) -> str:
        """A cell by its number; empty where the row is too short."""
        return self.cells[number] if 0 <= number < len(self.cells) else ""


@dataclass(frozen=True)
class Table:
    """A file's header, if it has one, and its rows.

    header : names without #; empty where there is none
    """

    file: str
    header: tuple[str, ...]
    header_line: int
    rows: tuple[Row, ...]


def read_table(path: Path, remarks: Remarks, headers: tuple[str, ...]) -> Table:
    """Read a file; one that is not there has no rows.

    headers : words by which a header is known, in lower case; a first line that begins with # is one too
    """
    shown = str(path)
    try:
        content = bytes_in_folder(path)
    except StudyError as error:
        remarks.add(27, shown, 0, error.problems[0].found, "read as if it were empty")
        return Table(shown, (), 0, ())
    header: tuple[str, ...] = ()
    header_line = 0
    rows: list[Row] = []
    odd_separator = False
    for number, text in enumerate(_lines(_decoded(content, shown, remarks)), start=1):
        line = text.strip()
        if not line or not line.strip(",;\t \"'"):
            continue
        cells, by_comma = _cells(line)
        odd_separator = odd_separator or not by_comma
        first = cells[0].lstrip("#").strip().lower()
        is_comment = line.startswith(("#", '"#'))
        if not header and not rows and (is_comment or first in headers):
            if not is_comment or first in headers or len(cells) > 1:
                header = tuple(cell.lstrip("#").strip() for cell in cells)
                header_line = number
            continue
        if is_comment:
            continue
        rows.append(Row(number, tuple(cells)))
    if odd_separator:
        remarks.add(3, shown, 0, "no commas", "cells were told apart all the same")
    return Table(shown, header, header_line, tuple(rows))


def bytes_in_folder(path: Path) -> bytes:
    """Bytes of a file of the folder; a pipe or device, at which reading would wait for ever, is none.

    raises : StudyError
    """
    wanted = "a file of the folder"
    if path.exists() and not path.is_file():
        raise StudyError([Problem(str(path), 0, 0, "something that is not a file", wanted, "a file of this name")])
    return bytes_of_file(path, wanted, "check the name")


def column_of(table: Table, names: tuple[str, ...], otherwise: int) -> int:
    """Number of the column with one of these names, in any case; `otherwise` where the header has none of them."""
    lower = [name.lower() for name in table.header]
    return next((lower.index(name) for name in names if name in lower), otherwise)


def cell_number(text: str, remarks: Remarks, file: str, line: int) -> float | None:
    """The number that a cell begins with; none where there is none. What follows it is taken for a comment."""
    cell = text.strip().strip("\"'").strip()
    if not cell:
        return None
    found = leading_number(cell)
    if found is None:
        remarks.add(6, file, line, cell, "taken as missing")
        return None
    value, comment = found
    if not math.isfinite(value) or abs(value) > LARGEST:
        remarks.add(37, file, line, cell, "taken as missing")
        return None
    if comment:
        remarks.add(7, file, line, cell, f"read as {value:g}")
    return value


def _decoded(content: bytes, shown: str, remarks: Remarks) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        remarks.add(1, shown, 0, "UTF-16", "read all the same")
        return content.decode("utf-16", errors="replace").replace("\0", "")
    if content.startswith(b"\xef\xbb\xbf"):
        remarks.add(2, shown, 1, "the file begins with one", "left out")
        content = content[3:]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        remarks.add(1, shown, 0, "letters of another encoding", "read as Windows-1252")
        text = content.decode("cp1252", errors="replace")
    return text.replace("\0", "").replace("\ufeff", "")


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _cells(line: str) -> tuple[list[str], bool]:
    """Cells of one line. Each line stands alone, so that an open quotation mark spoils no other line."""
    separator = ","
    if "," not in line:
        separator = "\t" if "\t" in line else ";" if ";" in line else ","
    try:
        cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [line])
    except csv.Error:
        cells = line.split(separator)
    return [" ".join(cell.split()) for cell in cells] or [line], separator == ","
