"""The fingerprint of the rules by which verdicts are reached: it shows that they were not changed after later years were looked at."""

from __future__ import annotations

import hashlib
from pathlib import Path

EFFECTS = Path(__file__).parents[1]
OWN = ("judged.py", "placebos.py")
"""Of the benchmark itself: how answers are judged, and which placebo windows there are."""


def rule_files() -> list[Path]:
    """The files that hold the rules: all design-based estimates, how they are judged, and on which placebo windows."""
    designs = sorted(path for path in (EFFECTS / "design").glob("*.py") if path.name != "__init__.py")
    return [*designs, *(EFFECTS / "benchmark" / name for name in OWN)]


def rules_hash() -> str:
    """sha256 of the rule files' names and bytes."""
    total = hashlib.sha256()
    for path in rule_files():
        total.update(f"{path.relative_to(EFFECTS).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()
