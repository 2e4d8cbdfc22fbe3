"""The tables of docs/SCALE.md: each stands between two marks that name the program which measures it."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "SCALE.md"


def write_measured(program: str, text: str, page: Path = PAGE) -> None:
    """Put a program's tables in the place of its last ones.

    program : such as scale.py
    raises : ValueError when the page has not the two marks of this program, once
    """
    marks = rf"(<!-- measured: written by benchmarks/{re.escape(program)} -->\n).*?(<!-- end of measured -->)"
    written, n = re.subn(marks, lambda found: f"{found[1]}\n{text}\n\n{found[2]}", page.read_text("utf-8"), flags=re.DOTALL)
    if n != 1:
        raise ValueError(f"{page.name}: the two marks between which the tables of {program} go are not there once")
    page.write_text(written, encoding="utf-8")
