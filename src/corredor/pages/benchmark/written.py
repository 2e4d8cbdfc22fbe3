"""What a benchmark leaves in its folder: benchmark.html, benchmark.csv, placebos.csv, benchmark.json, each whole or not there at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from corredor.effects.benchmark.run import Benchmark
from corredor.pages.benchmark.page import render_benchmark
from corredor.study.whole_file import replace_whole


def write_benchmark(test: Benchmark, folder: Path, made: Mapping[str, str]) -> dict[str, Path]:
    """Write a benchmark into its folder; returns name → file.

    made : name → value, of how it was made
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / name for name in ("benchmark.html", "benchmark.csv", "placebos.csv", "benchmark.json")}
    page = render_benchmark(test, made)
    text = json.dumps({**test.to_dict(), "made": dict(made)}, indent=1, ensure_ascii=False) + "\n"
    test.save(paths["benchmark.csv"])
    replace_whole(paths["placebos.csv"], lambda path: test.placebos.to_csv(path, index=False, float_format="%.6g"))
    replace_whole(paths["benchmark.json"], lambda path: path.write_text(text, encoding="utf-8"))
    replace_whole(paths["benchmark.html"], lambda path: path.write_text(page, encoding="utf-8"))
    return paths
