"""Fit mexico-2018 to what was known on 10 December 2018; write the draws into the study's folder, their numbers into the pages.

The day is that of the study's hold-out: what became of the October caravan afterwards is kept out of the tables (README.md of the study).
No figure published later is used. The same study, seed and version give the same draws; run this again after any change of the
study's priors, drivers, measures or figures up to that day. Afterwards `make docs` draws the picture of the README anew.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from corredor.engine.fitted import Fitted
from corredor.study.catalogue import find_study

sys.path.insert(0, str(Path(__file__).resolve().parent))

from fit_files import n_learned, write_fit

AS_OF = dt.date(2018, 12, 10)
DRAWS, SEED = 300, 1
FOLDER = find_study("mexico-2018")

PAGES = {
    Path(__file__).parents[1] / "docs" / "FIT.md": r"mexico-2018 as of 10 December 2018: \d[^.]*\.\d[^.]*\.\d[^.]*\.",
    FOLDER / "README.md": r"\d+ of \d+ uncertain parameters were learned from \d+ figures",
}
"""The sentence of each page that holds numbers of the fit."""


def sentences(fitted: Fitted) -> dict[Path, str]:
    """What the pages say of this fit."""
    told = fitted.diagnostics
    learned, n_parameters = n_learned(fitted), len(fitted.parameter_names)
    n_months, misfits = fitted.new_parts[0].size, told["misfits"]
    counts = f"{len(told['figures'])} figures, {n_parameters} parameters and {n_months} latent months"
    misfit = f"misfit {misfits[0]:.2f} → {misfits[-1]:.2f} in {len(misfits) - 1} rounds"
    taught = f"{learned} parameters learned, {n_parameters - learned} assumed"
    words = (
        f"mexico-2018 as of 10 December 2018: {counts}; {misfit}; {taught}.",
        f"{learned} of {n_parameters} uncertain parameters were learned from {len(told['figures'])} figures",
    )
    return dict(zip(PAGES, words, strict=True))


if __name__ == "__main__":
    write_fit(FOLDER, AS_OF, DRAWS, SEED, PAGES, sentences)
