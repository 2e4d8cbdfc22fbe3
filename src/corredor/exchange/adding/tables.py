"""CSV text that can be changed row by row: rows that nobody touches stay as they were written, to the last byte."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corredor.study.csv_text import csv_text, plain

Origin = tuple[str, int, int]
"""File, line and column from which a row was taken."""


@dataclass
class Record:
    """A row: its text with the line's end, its cells, and where it comes from when it is new or was changed."""

    raw: str
    cells: list[str]
    origin: Origin | None = None


class TextTable:
    """A study's CSV file in memory.

    text : of the file; empty for a file that is not there yet
    columns : the first line of a new file
    """

    def __init__(self, text: str, columns: Sequence[str]) -> None:
        self.mark = "\ufeff" if text.startswith("\ufeff") else ""
        text = text.removeprefix("\ufeff")
        self.end = "\r\n" if re.search(r"\r\n", text) else "\n"
        lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
        self.before: list[Record] = []
        self.records: list[Record] = []
        self.columns: list[str] = []
        reader, done = csv.reader(lines), 0
        for cells in reader:
            record = Record("".join(lines[done : reader.line_num]), [plain(cell.strip()) for cell in cells])
            done = reader.line_num
            if self.columns:
                self.records.append(record)
            else:
                self.before.append(record)
                self.columns = record.cells if any(record.cells) else []
        if not self.columns:
            self.columns = list(columns)
            self.before.append(Record(self._rendered(self.columns), self.columns))

    def _rendered(self, cells: Sequence[str]) -> str:
        return csv_text(cells, [], self.end)

    def row(self, record: Record) -> dict[str, str]:
        """Column → cell."""
        return dict(zip(self.columns, record.cells, strict=False))

    def insert(self, values: Mapping[str, str], origin: Origin, after: Record | None = None) -> Record:
        """A new row at the end, or after another one."""
        cells = [values.get(column, "") for column in self.columns]
        record = Record(self._rendered(cells), cells, origin)
        self.records.insert(len(self.records) if after is None else self.records.index(after) + 1, record)
        return record

    def change(self, record: Record, values: Mapping[str, str], origin: Origin) -> None:
        """Other cells in a row that is there."""
        record.cells = [values.get(column, cell) for column, cell in zip(self.columns, record.cells, strict=False)]
        record.raw, record.origin = self._rendered(record.cells), origin

    def text(self) -> str:
        """The whole file."""
        every = [record.raw for record in (*self.before, *self.records)]
        whole = "".join(raw if raw.endswith(("\n", "\r")) else raw + self.end for raw in every[:-1]) + "".join(every[-1:])
        return self.mark + whole

    def origins(self) -> dict[int, Origin]:
        """Line in the file → where a new or changed row was taken from."""
        found, line = {}, 1
        for record in (*self.before, *self.records):
            if record.origin is not None:
                found[line] = record.origin
            line += max(1, len(re.findall(r"\r\n|\r|\n", record.raw)))
        return found
