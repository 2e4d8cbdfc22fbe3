"""Fit mediterranean-2015 to what was known on 31 December 2019; write the draws into the study's folder, their numbers into its README.

That is the study's last day, and the one as of which claims are judged. Counts are known six weeks after their month, so October 2019 is
the last month; November and December are left to see how the model does. No figure published later is used. The same study, seed and
version give the same draws; run this again after any change of the study's priors, measures or figures.
"""

from __future__ import annotations

import datetime as dt
import re
import time

from corredor.engine.fitted import NAME, Fitted, write_fitted
from corredor.learn.fit import fit
from corredor.study.catalogue import find_study
from corredor.study.model import load_study
from corredor.study.whole_file import replace_whole

AS_OF = dt.date(2019, 12, 31)
DRAWS, SEED = 150, 1
FOLDER = find_study("mediterranean-2015")
PAGE = FOLDER / "README.md"
SENTENCE = r"\d+ of \d+ uncertain parameters and \d+ monthly terms[^;]*; the misfit\sfell from [\d.]+ to [\d.]+ in \d+ rounds"
"""The words of the page that hold numbers of the fit."""


def sentence(fitted: Fitted) -> str:
    """What the page says of this fit."""
    told = fitted.diagnostics
    n_learned, n_parameters = sum(row["learned"] for row in told["parameters"]), len(fitted.parameter_names)
    misfits = told["misfits"]
    return (
        f"{n_learned} of {n_parameters} uncertain parameters and {fitted.new_parts[0].size} monthly terms were learned from "
        f"{len(told['figures'])} figures; the misfit\nfell from {misfits[0]:.1f} to {misfits[-1]:.2f} in {len(misfits) - 1} rounds"
    )


def write_page(fitted: Fitted) -> None:
    """Put the numbers of this fit into the page that tells of it."""
    text, found = re.subn(SENTENCE, sentence(fitted), PAGE.read_text(encoding="utf-8"))
    if found != 1:
        raise ValueError(f"{PAGE} has {found} sentences with the numbers of the fit; one is expected: {sentence(fitted)}")
    PAGE.write_text(text, encoding="utf-8")


def main() -> None:
    """Fit, write, and say how it went."""
    model = load_study(FOLDER)
    began = time.perf_counter()
    fitted = fit(model, as_of=AS_OF, draws=DRAWS, seed=SEED)
    replace_whole(FOLDER / NAME, lambda path: write_fitted(fitted, path))
    write_page(fitted)
    size = (FOLDER / NAME).stat().st_size
    print(f"{time.perf_counter() - began:.0f} s, {size / 1000:.0f} kB, misfits {fitted.diagnostics['misfits']}")
    print("\n".join([sentence(fitted), *fitted.troubles, *fitted.remarks]))


if __name__ == "__main__":
    main()
