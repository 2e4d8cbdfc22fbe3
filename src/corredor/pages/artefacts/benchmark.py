"""What `corredor benchmark` leaves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corredor.effects.benchmark.run import Benchmark
from corredor.pages.artefacts.whole_files import write_files
from corredor.pages.benchmark.page import render_benchmark


def write_benchmark(test: Benchmark, folder: Path, made: Mapping[str, str]) -> dict[str, Path]:
    """Write a benchmark into its folder; returns name → file.

    made : name → value, of how it was made
    """
    tables = {"benchmark.csv": test.shown(), "placebos.csv": test.placebos}
    return write_files(
        folder,
        {**tables, "benchmark.json": {**test.to_dict(), "made": dict(made)}, "benchmark.html": render_benchmark(test, made)},
    )
