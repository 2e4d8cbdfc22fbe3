"""Does memory stay flat? Run, compare, fit, forecast and write pages for an hour in one process: `make soak MINUTES=60`.

Exit status 1 when the last tenth of the time holds more than MOST_GROWTH of the memory of the second tenth (in the first, code is still
compiled and libraries are loaded).
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import corredor
from corredor.effects.compare import compare
from corredor.learn.fit import fit
from corredor.learn.forecast import forecast
from corredor.study.catalogue import find_study
from corredor.study.model import load_study

MOST_GROWTH = 1.05
SECONDS_BETWEEN_LINES = 60.0


def megabytes() -> float:
    """Memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def work(folder: Path) -> list[Callable[[int], object]]:
    """What is done in turns; each takes the number of its turn as a seed."""
    model = load_study(find_study("two-towns"))
    first = model.measures[0].id
    return [
        lambda seed: corredor.simulate(model, draws=50, seed=seed),
        lambda seed: compare(model, without=[first], draws=30, seed=seed),
        lambda seed: fit(model, draws=10, iterations=2, seed=seed, jobs=1),
        lambda seed: forecast(model, as_of=model.study.to, draws=20, seed=seed),
        lambda seed: corredor.write_report(corredor.simulate(model, draws=20, seed=seed), folder / "report.html"),
        lambda seed: load_study(find_study("mexico-2018")),
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=60.0)
    seconds = options.parse_args().minutes * 60
    began = told = time.monotonic()
    held: list[tuple[float, float]] = []
    turn = 0
    with tempfile.TemporaryDirectory() as folder:
        things = work(Path(folder))
        while (now := time.monotonic()) - began < seconds:
            things[turn % len(things)](turn + 1)
            turn += 1
            gc.collect()
            held.append(((now - began) / seconds, megabytes()))
            if now - told > SECONDS_BETWEEN_LINES:
                print(f"{(now - began) / 60:5.0f} min  {turn:6} turns  {held[-1][1]:6.0f} MB", flush=True)
                told = now
    early = statistics.median(size for share, size in held if 0.1 <= share < 0.2)
    late = statistics.median(size for share, size in held if share >= 0.9)
    flat = late <= MOST_GROWTH * early
    print(
        f"{turn} turns; {early:.0f} MB in the second tenth of the time, {late:.0f} MB in the last: {'flat' if flat else 'GROWS'}"
    )
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
