"""Fit mediterranean-2015 to what was known on 31 December 2019; write the draws into the study's folder, their numbers into its README.

That is the study's last day, and the one as of which claims are judged. Counts are known six weeks after their month, so October 2019 is
the last month; November and December are left to see how the model does. No figure published later is used. The same study, seed and
version give the same draws; run this again after any change of the study's priors, measures or figures.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from corredor.engine.fitted import Fitted
from corredor.study.catalogue import find_study

sys.path.insert(0, str(Path(__file__).resolve().parent))

from fit_files import n_learned, write_fit

AS_OF = dt.date(2019, 12, 31)
DRAWS, SEED = 150, 1
FOLDER = find_study("mediterranean-2015")
LEARNED = r"\d+ of \d+ uncertain parameters and \d+ monthly terms[^;]*; the misfit\sfell from [\d.]+ to [\d.]+ in \d+ rounds"
PAGES = {FOLDER / "README.md": LEARNED}
"""The sentence of each page that holds numbers of the fit."""


def sentences(fitted: Fitted) -> dict[Path, str]:
    """What the page says of this fit."""
    told = fitted.diagnostics
    misfits = told["misfits"]
    return {
        FOLDER / "README.md": f"{n_learned(fitted)} of {len(fitted.parameter_names)} uncertain parameters and "
        f"{fitted.new_parts[0].size} monthly terms were learned from {len(told['figures'])} figures; the misfit\n"
        f"fell from {misfits[0]:.1f} to {misfits[-1]:.2f} in {len(misfits) - 1} rounds"
    }


if __name__ == "__main__":
    write_fit(FOLDER, AS_OF, DRAWS, SEED, PAGES, sentences)
