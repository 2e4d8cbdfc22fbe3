"""Series and claims that are made up, as a person writes them: one measure that worked, one that did nothing, one that is contested."""

from pathlib import Path

import numpy as np

CLAIMS = """
- id: fell
  says: The wall cut crossings.
  unit: north
  date: 2016-01
  direction: lower
  size_percent: [-92, -88]
  agreement: agreed
  source: made up
- {id: nothing, says: The speech did nothing., unit: unit 3, date: 2015-06-20, direction: none, agreement: none_found}
- {id: disputed, says: The wall moved people., unit: [unit 4, unit 5], date: 2016-01, direction: higher, agreement: contested}
"""


def written_evidence(folder: Path) -> Path:
    """one.csv, two.csv and claims.yaml: ten series that remember the month before; `north` is a tenth of itself from 2016 on."""
    rng = np.random.default_rng(11)
    logs = np.zeros((96, 10))
    for month in range(1, 96):
        logs[month] = 0.7 * logs[month - 1] + 0.15 * rng.normal(size=10)
    people = rng.poisson(np.exp(6 + logs))
    people[72:, 0] //= 10
    names = ["north", *(f"unit {number}" for number in range(1, 10))]
    rows = [
        f"{2010 + month // 12}-{month % 12 + 1:02d},{name},{people[month, column]}"
        for column, name in enumerate(names)
        for month in range(96)
    ]
    (folder / "one.csv").write_text("month,unit,people\n" + "\n".join(rows[:480]) + "\n", encoding="utf-8")
    (folder / "two.csv").write_text("month,unit,people\n" + "\n".join(rows[480:]) + "\n", encoding="utf-8")
    (folder / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
    return folder
