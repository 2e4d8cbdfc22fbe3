"""Fit mexico-2018 to what was known on 10 December 2018; write the draws into the study's folder, their numbers into the pages.

The day is that of the study's hold-out: what became of the October caravan afterwards is kept out of the tables (README.md of the study).
No figure published later is used. The same study, seed and version give the same draws; run this again after any change of the
study's priors, drivers, measures or figures up to that day. Afterwards `make docs` draws the picture of the README anew.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from pathlib import Path

from corredor.engine.fitted import NAME, Fitted, write_fitted
from corredor.learn.fit import fit
from corredor.study.catalogue import find_study
from corredor.study.model import load_study
from corredor.study.whole_file import replace_whole

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
    n_learned, n_parameters = sum(row["learned"] for row in told["parameters"]), len(fitted.parameter_names)
    n_months, misfits = fitted.new_parts[0].size, told["misfits"]
    counts = f"{len(told['figures'])} figures, {n_parameters} parameters and {n_months} latent months"
    misfit = f"misfit {misfits[0]:.2f} → {misfits[-1]:.2f} in {len(misfits) - 1} rounds"
    learned = f"{n_learned} parameters learned, {n_parameters - n_learned} assumed"
    words = (
        f"mexico-2018 as of 10 December 2018: {counts}; {misfit}; {learned}.",
        f"{n_learned} of {n_parameters} uncertain parameters were learned from {len(told['figures'])} figures",
    )
    return dict(zip(PAGES, words, strict=True))


def write_pages(fitted: Fitted) -> None:
    """Put the numbers of this fit into the pages that tell of it."""
    for page, words in sentences(fitted).items():
        text, found = re.subn(PAGES[page], words.replace("\\", r"\\"), page.read_text(encoding="utf-8"))
        if found != 1:
            raise ValueError(f"{page} has {found} sentences with the numbers of the fit; one is expected: {words}")
        page.write_text(text, encoding="utf-8")


def main() -> None:
    """Fit, write, and say how it went."""
    model = load_study(FOLDER)
    began = time.perf_counter()
    fitted = fit(model, as_of=AS_OF, draws=DRAWS, seed=SEED)
    replace_whole(FOLDER / NAME, lambda path: write_fitted(fitted, path))
    write_pages(fitted)
    size = (FOLDER / NAME).stat().st_size
    print(f"{time.perf_counter() - began:.0f} s, {size / 1000:.0f} kB, misfits {fitted.diagnostics['misfits']}")
    print("\n".join([*sentences(fitted).values(), *fitted.troubles, *fitted.remarks]))


if __name__ == "__main__":
    main()
