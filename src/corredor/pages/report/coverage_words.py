"""How well the published figures are covered, as a table and in plain words, also where it goes badly."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from corredor.pages.report.figure import Table
from corredor.results.coverage import Coverage, coverage, coverage_by_output, judged_figures
from corredor.results.view import Run
from corredor.results.wording import MISSING, date_text, share_text

ENOUGH_FIGURES = 5
"""With fewer published figures a share says nothing."""
LOW_SHARE, HIGH_SHARE = 0.65, 0.95
OFF_BY = 1.5
WORST_SHOWN = 6


@dataclass(frozen=True)
class CoverageWords:
    """summary : sentences on all figures; badly : one sentence for each output or place that goes badly; table : one row an output"""

    summary: list[str]
    badly: list[str]
    table: Table | None


def coverage_words(run: Run, observed: pd.DataFrame) -> CoverageWords:
    """observed : rows of `published.observations`; of a forecast only the later ones tell how well it foresaw"""
    if run.as_of is not None:
        observed = judged_figures(observed, str(run.as_of))
        if observed.empty:
            return CoverageWords(
                ["No figure was published after that day, so nothing tells yet how well this forecast foresaw."], [], None
            )
    if observed.empty:
        return CoverageWords(["The study holds no published figures, so nothing here has been checked against any."], [], None)
    held = coverage_by_output(observed, run.outputs)
    badly = [_sentence(run.title(name), c) for name, c in held.items() if name and _is_bad(run, c)]
    badly += _bad_places(run, observed)
    columns = {
        "published": False,
        "figures": True,
        "in 50 % band": True,
        "in 80 %": True,
        "in 95 %": True,
        "model ÷ published": True,
    }
    columns |= {"in words": False}
    rows = [[run.title(name) if name else "all", *_cells(run, c), _verdict(run, c) if name else ""] for name, c in held.items()]
    note = (
        "model ÷ published: median over figures of the model's median divided by the published figure, of a range by its value nearest to "
        "the model; 1 is right, 2 is twice too many."
    )
    return CoverageWords(
        _summary(run, observed, held[""]), badly, Table("Published figures inside the model's bands", columns, rows, note)
    )


def _summary(run: Run, observed: pd.DataFrame, all_: Coverage) -> list[str]:
    later = "" if run.as_of is None else f" that appeared after {date_text(str(run.as_of))}"
    words = [f"The study holds {all_.figures:,} published figures{later}."]
    if run.is_single:
        return [*words, "This is a single run without bands, so only the middle can be compared."]
    shares = [f"{share_text(inside / all_.figures)} lie inside the {percent} % band" for percent, inside in _inside(all_)]
    words.append(
        f"Of these, {shares[0]}, {shares[1]} and {shares[2]}. If the bands were just right, it would be 50, 80 and 95 %."
    )
    if run.as_of is not None:
        words.append("None of them was used: this is foresight, for one day and corridor.")
    elif run.known_until is not None:
        words.append(
            f"Figures published by {date_text(str(run.known_until))} were used to fit the model: for them this shows fit."
        )
        after = coverage(observed[observed["published"] > str(run.known_until)])
        if after.figures:
            words.append(
                f"Of the {after.figures:,} published later, which it has not seen, "
                f"{share_text(after.inside_80 / after.figures)} lie inside the 80 % band."
            )
    elif run.is_fitted:
        words.append("Figures that were used to fit the model are among them: this shows fit, not foresight.")
    elif any(parameter["basis"] == "fitted" for parameter in run.model["parameters"]):
        words.append(
            "No fit was run on these figures alone, but some priors were fitted to figures of several cases, perhaps with these."
        )
    else:
        words.append("Nothing was tuned to these figures: the bands are what literature and assumptions alone imply.")
    return words


def _inside(c: Coverage) -> list[tuple[int, int]]:
    return [(50, c.inside_50), (80, c.inside_80), (95, c.inside_95)]


def _cells(run: Run, c: Coverage) -> list[str]:
    shares = [MISSING if run.is_single else share_text(inside / c.figures) for _, inside in _inside(c)]
    return [f"{c.figures:,}", *shares, f"{c.ratio:.2f}" if math.isfinite(c.ratio) else MISSING]


def _is_bad(run: Run, c: Coverage) -> bool:
    off = math.isfinite(c.ratio) and not 1 / OFF_BY <= c.ratio <= OFF_BY
    return c.figures >= ENOUGH_FIGURES and (off or (not run.is_single and c.inside_80 / c.figures < LOW_SHARE))


def _verdict(run: Run, c: Coverage) -> str:
    if c.figures < ENOUGH_FIGURES:
        return "too few figures to judge"
    parts = []
    share = c.inside_80 / c.figures
    if not run.is_single:
        parts.append(
            "bands too narrow or off"
            if share < LOW_SHARE
            else "bands too wide"
            if share > HIGH_SHARE and c.figures >= 4 * ENOUGH_FIGURES
            else "bands about right"
        )
    if math.isfinite(c.ratio):
        parts.append("runs high" if c.ratio > OFF_BY else "runs low" if c.ratio < 1 / OFF_BY else "middle about right")
    return ", ".join(parts)


def _sentence(title: str, c: Coverage) -> str:
    words = f"{title}: {c.inside_80} of {c.figures} figures lie inside the 80 % band"
    if math.isfinite(c.ratio) and c.ratio >= OFF_BY:
        return f"{words}; the model's middle is {c.ratio:.1f} times the published figure."
    if math.isfinite(c.ratio) and c.ratio <= 1 / OFF_BY:
        return f"{words}; the model's middle is {share_text(c.ratio)} of the published figure."
    return f"{words}."


def _bad_places(run: Run, observed: pd.DataFrame) -> list[str]:
    """Single places and groups that go badly, the worst first."""
    found: list[tuple[float, str]] = []
    for (output, place, group), rows in observed.groupby(["output", "place", "group"]):
        c = coverage(rows)
        if (place or group) and _is_bad(run, c):
            where = ", ".join(run.name_of(key) for key in (place, group) if key)
            off = abs(math.log(c.ratio)) if math.isfinite(c.ratio) and c.ratio > 0 else 0.0
            found.append((c.inside_80 / c.figures - off / 10, _sentence(f"{run.title(output)}, {where}", c)))
    return [words for _, words in sorted(found)[:WORST_SHOWN]]
