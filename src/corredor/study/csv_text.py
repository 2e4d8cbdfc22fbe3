"""Tables as CSV text that is safe to open in a spreadsheet: the one way in which this program writes CSV.

A spreadsheet takes a cell that begins with = + - @, a tab or a carriage return for a formula and carries it out, whoever wrote the text.
Such text gets an apostrophe before it, which spreadsheets take for "this is text". Numbers stay numbers. `plain` takes it off again, so
that what corredor wrote and reads back is the same; text that began with apostrophes and such a sign itself gets one more, for that.
source : OWASP, CSV Injection, owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from corredor.study.whole_file import replace_whole

if TYPE_CHECKING:
    import pandas as pd

SIGNS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""What a formula begins with, also as the wide signs of East Asian keyboards; for a set in a regular expression."""

_FORMULA = re.compile(rf"'*[{SIGNS}]")
_WRITTEN = re.compile(rf"''*[{SIGNS}]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|-?inf")


def safe(text: str) -> str:
    """A cell's text as it is written: an apostrophe before what a spreadsheet would carry out.

    >>> safe("=1+1"), safe("-3.5"), safe("Tijuana")
    ("'=1+1", '-3.5', 'Tijuana')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def plain(text: str) -> str:
    """What a cell that `safe` wrote holds.

    >>> plain("'=1+1"), plain("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if _WRITTEN.match(text) else text


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[str]], end: str = "\n") -> str:
    """A table of text: its first line, then its rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    writer.writerow([safe(name) for name in columns])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def frame_csv(table: pd.DataFrame, float_format: str | None = None, missing: str = "") -> str:
    """A table with numbers, without its index.

    float_format : such as %.6g
    missing : what stands for a number or text that is not there
    """
    made = table.copy()
    for place, kind in enumerate(made.dtypes):
        if kind.kind not in "biufmM":
            made.isetitem(place, [safe(cell) if isinstance(cell, str) else cell for cell in made.iloc[:, place]])
    made.columns = [safe(str(name)) for name in made.columns]
    return str(made.to_csv(index=False, float_format=float_format, na_rep=missing, lineterminator="\n"))


def write_frame(table: pd.DataFrame, path: Path, float_format: str | None = None) -> None:
    """The same as a file, whole or not at all."""
    text = frame_csv(table, float_format)
    replace_whole(path, lambda passing: passing.write_text(text, encoding="utf-8", newline=""))
