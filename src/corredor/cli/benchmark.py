"""`corredor benchmark`."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from corredor.cli.app import command
from corredor.cli.options import Cluster, Count, Json, Seed, ShowSmall, made_folder, on_cluster
from corredor.cli.saying import Progress, command_line, print_json, print_table, say

if TYPE_CHECKING:
    from corredor.effects.benchmark.run import Benchmark

Files = Annotated[list[Path] | None, Parameter(consume_multiple=True)]


@command
def benchmark(
    *,
    series: Files = None,
    claims: Path | None = None,
    measures: Path | None = None,
    absent_is_zero: bool = False,
    placebos: Count = 500,
    methods: str | None = None,
    seed: Seed = 1,
    show_small: ShowSmall = None,
    cluster: Cluster = None,
    out: Path | None = None,
    as_json: Json = False,
) -> None:
    """Hold verdicts against measures whose effects are known, and against dates on which nothing is known to have happened.

    docs/EVIDENCE.md says what the files look like and how answers are judged.

    Parameters
    ----------
    series
        CSV files with the columns month, unit, people and perhaps family; the bundled ones unless given.
    claims
        YAML file with dated claims about these series; the bundled known effects unless given.
    measures
        CSV file with further dates on which something happened (date, family, what); placebo dates keep away from them.
    absent_is_zero
        A month without a row counts 0 people; otherwise it was not published.
    placebos
        Placebo dates, and again as many placebo units, as far as there are so many.
    methods
        Some of the methods, with commas between, or all (some of which take hours); the quick ones unless given.
    seed
        Decides which placebo windows are drawn. A whole number, 0 or more.
    out
        Folder for benchmark.html, benchmark.csv, placebos.csv and benchmark.json; runs/benchmark unless given.
    """
    from corredor.effects.benchmark.methods import QUICK
    from corredor.effects.benchmark.run import benchmark_of, evidence_from, methods_of
    from corredor.pages.artefacts.benchmark import write_benchmark
    from corredor.results.wording import SMALL_SHOWN_BECAUSE

    began = time.perf_counter()
    chosen = methods_of(methods or QUICK)
    evidence = evidence_from(series, claims, measures, absent_is_zero=absent_is_zero)
    folder = made_folder(out or Path("runs") / "benchmark")
    say(
        f"{len(evidence.claims)} claims about {evidence.units} series; {len(chosen)} methods, {placebos} placebo dates, seed {seed}"
    )
    with Progress("asking", "methods") as progress:
        client = on_cluster(cluster)
        test = benchmark_of(
            evidence, chosen, placebos=placebos, seed=seed, cluster=client, progress=progress.show, keep_in=folder
        )
    test = replace(test, small_shown_because=show_small or "")
    paths = write_benchmark(test, folder, {"Command": command_line(), SMALL_SHOWN_BECAUSE: show_small or ""})
    if as_json:
        print_json(test.to_dict())
    else:
        _print_benchmark(test)
    say(f"in all {time.perf_counter() - began:.0f} s\npage: {paths['benchmark.html']}")


def _print_benchmark(test: Benchmark) -> None:
    """What came of it in sentences, then one line for each claim and each method."""
    from corredor.pages.benchmark.words import METHOD_COLUMNS, ROW_COLUMNS, row_cells, score_cells

    for sentence in test.headline():
        print(sentence)
    scores = test.scores()
    print_table(
        f"By the method {scores[0].method}", ROW_COLUMNS, row_cells(test.own()), left=("claim", "known", "verdict"), width=150
    )
    print_table("Methods", METHOD_COLUMNS, [score_cells(score) for score in scores], left=("method",), width=150)
