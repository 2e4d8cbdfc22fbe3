"""A run of a bundled study in a few numbers. As a program it writes them anew:

    python tests/golden/summary.py "the words of CHANGELOG.md that say why they change"

The words must stand in CHANGELOG.md, in an entry that ends “Results: changed, because …” and says by how much.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from corredor._simulate import simulate

STUDIES = ("two-towns", "mediterranean-2015", "americas-2018")
DRAWS, SEED = 20, 1
FOLDER = Path(__file__).parent
CHANGELOG = FOLDER.parents[1] / "CHANGELOG.md"


def summary(study: str) -> dict[str, Any]:
    """Sums of every output of a study: over all draws, in the first draw, and how they lie in time."""
    dataset = simulate(study, draws=DRAWS, seed=SEED, priors_only=True)
    random = {name: _sums(dataset[name]) for name in sorted(dataset.data_vars) if dataset[name].dims[:1] == ("draw",)}
    mean = simulate(study, expected=True, priors_only=True)
    expected = {name: _sums(mean[name]) for name in sorted(random) if name not in ("observation_predicted", "people_lost")}
    return {"random": random, "expected": expected}


def _sums(array: xr.DataArray) -> list[float]:
    """Sum over everything, sum in the first draw, and the sum in which later entries weigh more."""
    values = np.nan_to_num(np.asarray(array, dtype=float))
    weights = np.linspace(1.0, 2.0, values[0].size).reshape(values[0].shape)
    return [float(f"{x:.12g}") for x in (values.sum(), values[0].sum(), (values * weights).sum())]


if __name__ == "__main__":
    because = sys.argv[1]
    if because not in CHANGELOG.read_text(encoding="utf-8"):
        sys.exit("first write these words into CHANGELOG.md, with why results change and by how much")
    for name in STUDIES:
        numbers = {"because": because, "draws": DRAWS, "seed": SEED, **summary(name)}
        (FOLDER / f"{name}.json").write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
