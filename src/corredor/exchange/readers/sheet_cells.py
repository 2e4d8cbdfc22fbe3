"""Cells of a spreadsheet, read in a process of its own: a broken file can end the library that reads it, not corredor.

Run as a script: the file comes on descriptor 0, {sheet: rows} goes to 1 as JSON.
"""

from __future__ import annotations

import io
import json
from typing import Any

from corredor.study.apart import limit_memory, run_apart
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
    try:
        found = json.loads(run_apart(__file__, content, LONGEST_SECONDS) or b"null")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise SheetsBroken
    return found


def _main() -> None:
    from python_calamine import CalamineWorkbook  # late: an extra

    limit_memory(MOST_MEMORY_GB)
    with open(0, "rb") as given:
        book = CalamineWorkbook.from_filelike(io.BytesIO(given.read()))
    sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    with open(1, "w", encoding="utf-8") as out:
        json.dump(sheets, out, default=str)


if __name__ == "__main__":
    _main()
