"""Cells of a spreadsheet, read in a process of its own: a broken file can end the library that reads it, not corredor.

Run as a script: the file comes on descriptor 0, {sheet: rows} goes to 1 as JSON.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import suppress
from typing import Any

from corredor.study.problems import ExtraMissing

LONGEST_SECONDS = 120
MOST_MEMORY_GB = 1
"""A spreadsheet that takes longer or more is refused: two cells far apart, in a file of 2 kB, are a table of 17,000 million."""


class SheetsBroken(Exception):
    """A spreadsheet that cannot be opened."""


def cells_of(content: bytes) -> dict[str, list[list[Any]]]:
    """Sheet → rows of text and numbers; empty cells are empty text.

    raises : ExtraMissing, SheetsBroken
    """
    try:
        import python_calamine  # noqa: F401  # late: an extra, and only spreadsheets need it
    except ImportError:
        raise ExtraMissing("spreadsheets cannot be read", "sheets") from None
    words = [sys.executable, "-P", __file__]  # -P: neither the folder it is run in nor this one hides a library
    try:
        done = subprocess.run(words, input=content, capture_output=True, timeout=LONGEST_SECONDS, check=False)
        found = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        found = None
    if not isinstance(found, dict):
        raise SheetsBroken
    return found


def _main() -> None:
    from python_calamine import CalamineWorkbook  # late: an extra

    with suppress(ImportError):
        import resource  # late: Windows has none

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_GB * 2**30,) * 2)
    with open(0, "rb") as given:
        book = CalamineWorkbook.from_filelike(io.BytesIO(given.read()))
    sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    with open(1, "w", encoding="utf-8") as out:
        json.dump(sheets, out, default=str)


if __name__ == "__main__":
    _main()
