"""What every script that fits a bundled study shares: the draws in its folder, and their numbers in the pages that tell of them."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from corredor.engine.fitted import NAME, Fitted, write_fitted
from corredor.learn.fit import fit
from corredor.study.model import load_study
from corredor.study.whole_file import replace_whole


def write_fit(
    folder: Path,
    as_of: dt.date,
    draws: int,
    seed: int,
    patterns: Mapping[Path, str],
    sentences: Callable[[Fitted], Mapping[Path, str]],
) -> None:
    """Fit, write, and say how it went.

    folder : of the study
    patterns : page → pattern of its sentence that holds numbers of the fit
    sentences : fit → page → what that sentence says now
    """
    model = load_study(folder)
    began = time.perf_counter()
    fitted = fit(model, as_of=as_of, draws=draws, seed=seed)
    replace_whole(folder / NAME, lambda path: write_fitted(fitted, path))
    words = sentences(fitted)
    write_pages(patterns, words)
    size = (folder / NAME).stat().st_size
    print(f"{time.perf_counter() - began:.0f} s, {size / 1000:.0f} kB, misfits {fitted.diagnostics['misfits']}")
    print("\n".join([*words.values(), *fitted.troubles, *fitted.remarks]))


def write_pages(patterns: Mapping[Path, str], sentences: Mapping[Path, str]) -> None:
    """Put the numbers of a fit into the pages that tell of it."""
    for page, words in sentences.items():
        text, found = re.subn(patterns[page], words.replace("\\", r"\\"), page.read_text(encoding="utf-8"))
        if found != 1:
            raise ValueError(f"{page} has {found} sentences with the numbers of the fit; one is expected: {words}")
        page.write_text(text, encoding="utf-8")


def n_learned(fitted: Fitted) -> int:
    """Parameters that the figures taught something about."""
    return sum(row["learned"] for row in fitted.diagnostics["parameters"])
