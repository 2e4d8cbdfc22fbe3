"""Fit mediterranean-2015 to what was known on 11 February 2020 and write the draws into the study's folder.

On that day the counts of December 2019, the study's last month, became known (six weeks later, as README.md of the study says). No figure
published later is used. The same study, seed and version give the same draws; run this again after any change of the study's priors,
measures or figures.
"""

from __future__ import annotations

import datetime as dt
import time

from corredor.engine.fitted import NAME, write_fitted
from corredor.learn.fit import fit, troubles
from corredor.study.catalogue import find_study
from corredor.study.model import load_study
from corredor.study.whole_file import replace_whole

AS_OF = dt.date(2020, 2, 11)
DRAWS, SEED = 200, 1
ROUNDS = 6
"""Two more than by default: hundreds of months move at once, and the first rounds only bring them near."""


def main() -> None:
    """Fit, write, and say how it went."""
    folder = find_study("mediterranean-2015")
    model = load_study(folder)
    began = time.perf_counter()
    fitted = fit(model, as_of=AS_OF, draws=DRAWS, iterations=ROUNDS, seed=SEED)
    replace_whole(folder / NAME, lambda path: write_fitted(fitted, path))
    learned = sum(row["learned"] for row in fitted.diagnostics["parameters"])
    size = (folder / NAME).stat().st_size
    print(f"{time.perf_counter() - began:.0f} s, {len(fitted.diagnostics['figures'])} figures, {learned} of ", end="")
    print(f"{len(fitted.parameter_names)} parameters learned, misfits {fitted.diagnostics['misfits']}, {size / 1000:.0f} kB")
    for sentence in troubles(model, fitted.diagnostics):
        print(sentence)


if __name__ == "__main__":
    main()
