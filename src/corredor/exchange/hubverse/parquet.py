"""Parquet files as CSV, unpacked in a process of its own: a file of 2 kB may unfold to any size, and its library may end with it.

Run as a script: a folder and paths come on standard input; each path becomes NUMBER.csv, or NUMBER.error with why not, in the folder.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from corredor.exchange.readers.text import LARGEST_BYTES
from corredor.study.apart import limit_memory, run_apart
from corredor.study.csv_text import frame_csv
from corredor.study.problems import ExtraMissing

LONGEST_SECONDS = 120
MOST_MEMORY_GB = 2
"""Files that together take longer, or one that takes more, are refused; libraries alone take half a gigabyte."""


def as_csv(paths: Sequence[Path]) -> Mapping[Path, bytes | str]:
    """The text of each file as CSV, with NA where nothing is, or in words what is wrong with it.

    raises : ExtraMissing
    """
    if paths and find_spec("pyarrow") is None:
        raise ExtraMissing("Parquet cannot be read", "parquet", ", or give the CSV files")
    found: dict[Path, bytes | str] = {}
    once = list(dict.fromkeys(paths))
    while left := once[len(found) :]:
        # a file at which a process ends is the first of the next one, and refused if that ends at it too
        found |= _read_apart(left) or {left[0]: f"it needs more than {MOST_MEMORY_GB} GB or {LONGEST_SECONDS} seconds"}
    return found


def _read_apart(paths: Sequence[Path]) -> dict[Path, bytes | str]:
    """What came of the first files, up to that at which the process ended."""
    found: dict[Path, bytes | str] = {}
    with tempfile.TemporaryDirectory(prefix="corredor-") as folder:
        given = "\0".join([folder, *(str(path.absolute()) for path in paths)]).encode(errors="surrogateescape")
        run_apart(__file__, given, LONGEST_SECONDS)
        for number, path in enumerate(paths):
            table, error = Path(folder, f"{number}.csv"), Path(folder, f"{number}.error")
            if table.is_file():
                size = table.stat().st_size
                found[path] = table.read_bytes() if size <= LARGEST_BYTES else f"it unfolds to {size / 2**20:.0f} MB of CSV"
            elif error.is_file():
                found[path] = error.read_text(encoding="utf-8")
            else:
                break
    return found


def _main() -> None:
    limit_memory(MOST_MEMORY_GB)
    with open(0, "rb") as given:
        folder, *paths = given.read().decode(errors="surrogateescape").split("\0")
    for number, path in enumerate(paths):
        passing = Path(folder, "passing")
        try:
            passing.write_text(frame_csv(pd.read_parquet(path), missing="NA"), encoding="utf-8", newline="")
            passing.replace(Path(folder, f"{number}.csv"))
        except Exception as error:
            # The libraries below tell damage by almost any exception.
            Path(folder, f"{number}.error").write_text(str(error) or type(error).__name__, encoding="utf-8")


if __name__ == "__main__":
    _main()
