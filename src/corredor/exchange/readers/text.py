"""Bytes of a published file become text, rows of a table or JSON; what cannot be read is said with its line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corredor.study.csv_text import plain
from corredor.study.problems import Problem, StudyError, gathered, listed, nearest, quoted

LARGEST_BYTES = 256 * 2**20
"""A larger file is refused unread."""

MOST_LEADING_LINES = 60
"""Lines of notes that may stand before the first line of a table."""

AGAIN = "download the file again"
TOGETHER = "check that file and reader belong together"

NO_TEXT = (
    ("an empty file", re.compile(rb"\Z"), f"{AGAIN}, and look at it in a text editor"),
    (
        "a web page (HTML)",
        re.compile(rb"(<!doctype html|<html|<head|<\?xml[^>]*>\s*<(!doctype )?html)", re.IGNORECASE),
        "the site sent a page in place of the data; open the address in a browser and save the file",
    ),
    ("a zip archive or an .xlsx spreadsheet", re.compile(rb"PK\x03\x04"), "unpack it, or save the sheet as CSV (UTF-8)"),
    ("an .xls spreadsheet", re.compile(rb"\xd0\xcf\x11\xe0"), "save the sheet as CSV (UTF-8)"),
    ("a PDF", re.compile(rb"%PDF"), "the same table as CSV, from the publisher's page"),
)
"""What else a file may be: what it is called, how it begins, what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: cells by the name of their column, and where they stand."""

    number: int
    cells: Mapping[str, str]
    columns: Mapping[str, int]

    def column(self, name: str) -> int:
        return self.columns.get(name, 1)

    def wrong(self, trouble: Trouble, name: str, expected: str, try_: str = AGAIN) -> None:
        """Note that a cell is not what it should be."""
        trouble.add(self.number, self.column(name), quoted(self.cells[name][:24]), expected, try_)


class Trouble:
    """Problems of one file as they are found."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.problems: list[Problem] = []

    def add(self, line: int, column: int, found: object, expected: str, try_: str = AGAIN) -> None:
        self.problems.append(Problem(self.shown, line, column, str(found) or "an empty cell", expected, try_))

    def stop(self) -> None:
        """Raise what was found, if anything was."""
        if self.problems:
            raise StudyError(gathered(self.problems))

    def fail(self, line: int, column: int, found: str, expected: str, try_: str = AGAIN) -> StudyError:
        """An error with this problem after those found before."""
        self.add(line, column, found, expected, try_)
        return StudyError(gathered(self.problems))


def bytes_of_file(path: Path, wanted: str, try_: str) -> bytes:
    """Bytes of a file on disk; of a device or pipe no more than of a file.

    wanted : what the file should be, for messages
    raises : StudyError, when it cannot be read or is too large
    """
    try:
        size = path.stat().st_size
        if size <= LARGEST_BYTES:
            with path.open("rb") as stream:
                content = stream.read(LARGEST_BYTES + 1)
            if len(content) <= LARGEST_BYTES:
                return content
        found = f"a file of {max(size, LARGEST_BYTES) / 2**20:.0f} MB{'' if size > LARGEST_BYTES else ' or more'}"
    except OSError as error:
        found = error.strerror or "a file that cannot be read"
    raise StudyError([Problem(str(path), 0, 0, found, wanted, try_)])


def plain_name(text: str) -> str:
    """A column's name without case, quotes and doubled spaces, so that small changes between editions do not matter."""
    return " ".join(text.replace("\ufeff", "").strip().strip('"').lower().split())


def text_of(content: bytes, shown: str, wanted: str) -> str:
    """Text of a file in UTF-8, UTF-16 with a mark, or Windows-1252.

    wanted : what the file should be, for messages
    raises : StudyError for empty files, web pages, archives and spreadsheets
    """
    trouble = Trouble(shown)
    again = f"{AGAIN}, and look at it in a text editor"
    beginning = content.lstrip()[:500]
    for kind, begins, try_ in NO_TEXT:
        if begins.match(beginning):
            raise trouble.fail(1, 1, kind, wanted, try_)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise trouble.fail(1, 1, "text in UTF-16 that is cut off", wanted, again) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise trouble.fail(line, 1, "an invisible NUL character", wanted, again)
    return text


def table_of(content: bytes, shown: str, wanted: str, needed: Sequence[str | tuple[str, ...]]) -> list[Line]:
    """Rows of a CSV file below the first line that has the columns needed; notes above it are passed by.

    needed : columns that must be there, by `plain_name`; a tuple means any of these
    returns : rows with text, with cells by `plain_name` of their column
    raises : StudyError when no line has the columns, or the quotes never close
    """
    trouble = Trouble(shown)
    text = text_of(content, shown, wanted)
    separator = _separator(text, needed)
    begin, header, columns, lines = 1, None, {}, []
    width = 0
    twins: dict[int, int] = {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    closest: tuple[int, int, list[str]] = (-1, 1, [])
    try:
        for record in reader:
            line, begin = begin, reader.line_num + 1
            if not any(cell.strip() for cell in record):
                continue
            if header is None:
                names = [plain_name(cell) for cell in record]
                having = sum(_has(names, one) for one in needed)
                if having == len(needed):
                    header = names
                    twins = {n: names.index(name) for n, name in enumerate(names) if name and names.index(name) < n}
                    width = len(names)
                    columns = {name: number for number, name in reversed(list(enumerate(names, 1))) if name}
                elif having > closest[0]:
                    closest = (having, line, names)
                if header is None and line > MOST_LEADING_LINES:
                    break
            elif len(record) > width and any(cell.strip() for cell in record[width:]):
                trouble.add(line, width + 1, f"{len(record)} fields", f"{width} fields, as in the first line",
                            "download the file again; it may have been changed by hand")  # fmt: skip
            elif len(record) < width and len(record) > 1:
                trouble.add(line, len(record), f"{len(record)} fields", f"{width} fields, as in the first line",
                            "download the file again; it may be cut off")  # fmt: skip
            elif len(record) > 1 or width == 1:
                for n, twin in [(n, twin) for n, twin in twins.items() if record[n].strip() != record[twin].strip()]:
                    trouble.add(line, n + 1, f"{quoted(record[n].strip())} in a second column {quoted(header[n])}",
                                f"every column once, or the {quoted(record[twin].strip())} of column {twin + 1} again",
                                "delete the column that is not meant")  # fmt: skip
                    del twins[n]
                lines.append(Line(line, {name: plain(record[number - 1].strip()) for name, number in columns.items()}, columns))
    except csv.Error as error:
        raise trouble.fail(
            begin, 1, f"text that is not a table: {error}", wanted, "download the file again; it may be cut off"
        ) from None
    if header is None:
        having, line, names = closest
        missing = [_word(one) for one in needed if not _has(names, one)]
        close = [nearest(name, [n for n in names if n]) for name in (one if isinstance(one, str) else one[0] for one in needed)
                 if name in missing]  # fmt: skip
        hint = next((f"is `{quoted(one)}` the same column under another name? " for one in close if one), "")
        found = (
            f"no column {listed(missing)}"
            if having > 0
            else f"no line with the columns of this format: {quoted(', '.join(names))}"
        )
        raise trouble.fail(line, 1, found, f"{wanted}, with the columns {listed([_word(one) for one in needed], 20)}",
                           hint + TOGETHER)  # fmt: skip
    trouble.stop()
    if not lines:
        raise trouble.fail(1, 1, "a table without rows", wanted, "download the file again, with other filters")
    return lines


def _has(names: Iterable[str], one: str | tuple[str, ...]) -> bool:
    return one in names if isinstance(one, str) else any(name in names for name in one)


def _word(one: str | tuple[str, ...]) -> str:
    return one if isinstance(one, str) else " or ".join(one)


def _separator(text: str, needed: Sequence[str | tuple[str, ...]]) -> str:
    """The separator with which most needed columns are found in one of the first lines."""
    first = text.splitlines()[:MOST_LEADING_LINES]

    def found(separator: str) -> int:
        return max(
            (sum(_has([plain_name(cell) for cell in line.split(separator)], one) for one in needed) for line in first), default=0
        )

    return max((",", ";", "\t"), key=found)


def json_of(content: bytes, shown: str, wanted: str) -> Any:
    """What a JSON file holds.

    raises : StudyError with the line and column at which it cannot be read
    """
    text = text_of(content, shown, wanted)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        found = f"text that is not JSON: {error.msg}"
        raise Trouble(shown).fail(error.lineno, error.colno, found, wanted, "download it again; it may be cut off") from None
    except (RecursionError, ValueError):
        raise Trouble(shown).fail(1, 1, "JSON that is nested too deeply or has numbers too long", wanted) from None


def looks_like_json(content: bytes) -> bool:
    """Whether a file begins as JSON does."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def items_of(value: Any, path: Sequence[str | int], shown: str, wanted: str) -> list[Any]:
    """A list inside JSON.

    path : keys and positions that lead to it
    raises : StudyError that says at which key the file differs
    """
    here = value
    for step in path:
        known = (isinstance(here, dict) and step in here) or (
            isinstance(step, int) and isinstance(here, list) and len(here) > step
        )
        if not known:
            keys = listed([str(key) for key in here], 6) if isinstance(here, dict) else type(here).__name__
            raise Trouble(shown).fail(1, 1, f"no `{step}` in: {keys}", wanted, TOGETHER)
        here = here[step]
    if not isinstance(here, list):
        found = f"`{'.'.join(map(str, path))}` is no list"
        raise Trouble(shown).fail(1, 1, found, wanted, TOGETHER)
    return here


def text_in(item: Mapping[str, Any], *keys: str) -> str:
    """The first of several keys that has text or a number, as text."""
    for key in keys:
        value = item.get(key)
        if isinstance(value, str | int | float) and str(value).strip():
            return str(value).strip()
    return ""
