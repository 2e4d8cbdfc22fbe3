"""Say what the numbers of rolling forecasts are worth on cases left out.

    python studies_src/check_rolling.py ../shared/peer/flee-format [--write]

The numbers of `place_sizes.Numbers` were chosen by hand on four cases together, each as it is, without its closures and without its
published total, since other folders have fewer of both. Here four of them are tried on a grid, on every second origin; for each case the
values that are best on the other three, in the mean over these ways, are scored on it. With --write docs/validation/rolling.json gets
what came out; docs/VALIDATION.md shows it. Takes some minutes.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from flee_cases import given_cases

from corredor.exchange.flee.write import import_flee
from corredor.learn.expected_arrivals import expected_arrivals
from corredor.learn.place_sizes import Known, Numbers, forecast_sizes
from corredor.learn.published_counts import COUNTED_IN_ALL, counts_in_all, counts_of_places
from corredor.learn.rolling import known_on
from corredor.learn.score import averaged_relative_difference
from corredor.study.model import Model

RECORD = Path(__file__).parents[1] / "docs" / "validation" / "rolling.json"

HORIZON_DAYS = 30

EVERY = 2
"""Every second origin is tried: neighbouring days say nearly the same."""

GRID = {
    "share_not_counted": (0.25, 0.5, 0.75),
    "growth_fades": (5.0, 10.0, 20.0),
    "not_counted_fades": (50.0, 100.0, 200.0),
    "prior_weight": (0.05, 0.1, 0.2),
}

LOOKS = 370
"""About how many variants had been tried on the four cases, this grid not counted, when the method was frozen on 2026-11-27."""


def _without_closures(model: Model) -> Model:
    return model.without(*(measure.id for measure in model.measures if measure.kind == "closure"))


def _without_total(model: Model) -> Model:
    return replace(model, series=tuple(row for row in model.series if row.series != COUNTED_IN_ALL))


WAYS: dict[str, Callable[[Model], Model]] = {
    "as it is": lambda model: model,
    "without closures": _without_closures,
    "without total": _without_total,
    "without both": lambda model: _without_total(_without_closures(model)),
}
"""What is taken away from a case."""


@dataclass(frozen=True)
class Case:
    """What was known on every second day, and what came. data : (n_origins, n_places) float people"""

    name: str
    known: list[Known]
    data: np.ndarray


def load_case(name: str, model: Model) -> Case:
    """What was known on every second day of a case."""
    expected = expected_arrivals(model, "in_camps", HORIZON_DAYS)
    counts, total = counts_of_places(model, "in_camps", expected.places, False), counts_in_all(model)
    origins = np.arange(0, len(expected.ahead), EVERY)
    data = [np.interp(origins + HORIZON_DAYS, *one.known_on(10**6)) for one in counts]
    return Case(name, [known_on(expected, counts, total, int(day)) for day in origins], np.array(data).T)


def score(case: Case, numbers: Numbers) -> float:
    """Averaged relative difference of a case, rescaled."""
    forecast = np.array([forecast_sizes(known, HORIZON_DAYS, numbers).people for known in case.known])
    return averaged_relative_difference(forecast, case.data)


def _last_known(case: Case) -> np.ndarray:
    return np.array([[people[-1] if len(people) else 0.0 for _, people in known.counts] for known in case.known])


def main() -> int:
    """Try the grid, print as JSON, and write the record when asked."""
    folders, writes = given_cases(__doc__)
    with tempfile.TemporaryDirectory() as passing:
        models = {folder.name: import_flee(folder, Path(passing) / folder.name)[1] for folder in folders}
    cases = [[load_case(name, way(model)) for name, model in models.items()] for way in WAYS.values()]
    tried = [dict(zip(GRID, values, strict=True)) for values in product(*GRID.values())]
    table = np.array([[[score(case, Numbers(**values)) for case in way] for way in cases] for values in tried])
    shipped = np.array([[score(case, Numbers()) for case in way] for way in cases])
    left_out = {}
    for number, name in enumerate(models):
        best = int(np.argmin(np.delete(table, number, axis=2).mean(axis=(1, 2))))
        scores = {way: round(float(x), 3) for way, x in zip(WAYS, table[best, :, number], strict=True)}
        left_out[name] = {"score": scores, "numbers": tried[best]}
    means = table[:, 0].mean(axis=1)
    last_known = {case.name: round(averaged_relative_difference(_last_known(case), case.data), 3) for case in cases[0]}
    result = {
        "looks": LOOKS,
        "numbers": asdict(Numbers()),
        "grid": {name: list(values) for name, values in GRID.items()},
        "shipped": {
            way: {name: round(float(x), 3) for name, x in zip(models, row, strict=True)}
            for way, row in zip(WAYS, shipped, strict=True)
        },
        "last_known": last_known,
        "left_out": left_out,
        "grid_mean": {"least": round(float(means.min()), 3), "largest": round(float(means.max()), 3)},
    }
    print(json.dumps(result, indent=2))
    if writes:
        RECORD.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
