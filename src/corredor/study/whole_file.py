"""A file is written whole or not at all: the one way in which this program writes files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def replace_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a hidden file beside `path`, then put it in place in one step; what fails leaves nothing behind."""
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(passing)
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)
