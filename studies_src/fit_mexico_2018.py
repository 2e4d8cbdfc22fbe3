"""Fit mexico-2018 to what was known on 10 December 2018 and write the draws into the study's folder.

The day is that of the study's hold-out: what became of the October caravan afterwards is kept out of the tables (README.md of the study).
No figure published later is used. The same study, seed and version give the same draws; run this again after any change of the
study's priors, drivers, measures or figures up to that day.
"""

from __future__ import annotations

import datetime as dt
import time

from corredor.engine.fitted import NAME, write_fitted
from corredor.learn.fit import fit
from corredor.study.catalogue import find_study
from corredor.study.model import load_study
from corredor.study.whole_file import replace_whole

AS_OF = dt.date(2018, 12, 10)
DRAWS, SEED = 300, 1


def main() -> None:
    """Fit, write, and say how it went."""
    folder = find_study("mexico-2018")
    model = load_study(folder)
    began = time.perf_counter()
    fitted = fit(model, as_of=AS_OF, draws=DRAWS, seed=SEED)
    replace_whole(folder / NAME, lambda path: write_fitted(fitted, path))
    learned = sum(row["learned"] for row in fitted.diagnostics["parameters"])
    size = (folder / NAME).stat().st_size
    print(f"{time.perf_counter() - began:.0f} s, {len(fitted.diagnostics['figures'])} figures, {learned} of ", end="")
    print(f"{len(fitted.parameter_names)} parameters learned, misfits {fitted.diagnostics['misfits']}, {size / 1000:.0f} kB")
    for sentence in [*fitted.troubles, *fitted.remarks]:
        print(sentence)


if __name__ == "__main__":
    main()
