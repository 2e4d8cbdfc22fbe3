"""Say what the numbers of rolling forecasts are worth on cases left out.

    python studies_src/check_rolling.py ../shared/peer/flee-format [--write]

The numbers of `place_sizes.Numbers` were chosen by hand on four cases together. Here four of them are tried on a grid, on every second
origin; for each case the values that are best on the other three are scored on it. With --write docs/validation/rolling.json gets what
came out; docs/VALIDATION.md shows it. Takes some minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np

from corredor.exchange.flee.write import import_flee
from corredor.learn.expected_arrivals import expected_arrivals
from corredor.learn.place_sizes import Known, Numbers, forecast_sizes
from corredor.learn.published_counts import counts_in_all, counts_of_places
from corredor.learn.rolling import known_on
from corredor.learn.score import averaged_relative_difference

RECORD = Path(__file__).parents[1] / "docs" / "validation" / "rolling.json"

HORIZON_DAYS = 30

EVERY = 2
"""Every second origin is tried: neighbouring days say nearly the same."""

GRID = {
    "share_not_counted": (0.25, 0.5, 0.75),
    "growth_fades": (5.0, 10.0, 20.0),
    "not_counted_fades": (90.0, 180.0, 360.0),
    "prior_weight": (0.05, 0.1, 0.2),
}

LOOKS = 330
"""About how many variants had been tried on the four cases, this grid not counted, when the method was frozen on 2026-11-27."""


@dataclass(frozen=True)
class Case:
    """What was known on every second day, and what came. data : (n_origins, n_places) float people"""

    name: str
    known: list[Known]
    data: np.ndarray


def load_case(folder: Path, passing: Path) -> Case:
    """Import a case and put together what was known on every second day."""
    _, model = import_flee(folder, passing / folder.name)
    expected = expected_arrivals(model, "in_camps", HORIZON_DAYS)
    counts, total = counts_of_places(model, "in_camps", expected.places, False), counts_in_all(model)
    origins = np.arange(0, len(expected.ahead), EVERY)
    data = [np.interp(origins + HORIZON_DAYS, *one.known_on(10**6)) for one in counts]
    return Case(folder.name, [known_on(expected, counts, total, int(day)) for day in origins], np.array(data).T)


def score(case: Case, numbers: Numbers) -> float:
    """Averaged relative difference of a case, rescaled."""
    forecast = np.array([forecast_sizes(known, HORIZON_DAYS, numbers).people for known in case.known])
    return averaged_relative_difference(forecast, case.data)


def main() -> int:
    """Try the grid, print as JSON, and write the record when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    folders = sorted(path.parent for path in arguments.cases.glob("*/input_csv"))
    if not folders:
        print(f"{arguments.cases}: no folder with input_csv in it", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as passing:
        cases = [load_case(folder, Path(passing)) for folder in folders]
    tried = [dict(zip(GRID, values, strict=True)) for values in product(*GRID.values())]
    table = np.array([[score(case, Numbers(**values)) for case in cases] for values in tried])
    left_out = {}
    for number, case in enumerate(cases):
        best = int(np.argmin(np.delete(table, number, axis=1).mean(axis=1)))
        left_out[case.name] = {"score": round(float(table[best, number]), 3), "numbers": tried[best]}
    shipped = {case.name: round(score(case, Numbers()), 3) for case in cases}
    means = table.mean(axis=1)
    result = {
        "looks": LOOKS,
        "numbers": asdict(Numbers()),
        "grid": {name: list(values) for name, values in GRID.items()},
        "shipped": shipped,
        "left_out": left_out,
        "grid_mean": {"least": round(float(means.min()), 3), "largest": round(float(means.max()), 3)},
    }
    print(json.dumps(result, indent=2))
    if arguments.write:
        RECORD.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
