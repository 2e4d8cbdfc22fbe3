"""How well the published figures are covered, as a table and in plain words, also where it goes badly."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from corredor.pages.report.figure import Table
from corredor.results.coverage import Coverage, Held, coverage, coverage_by_output, judged_figures, seen_by_the_fit
from corredor.results.view import Run
from corredor.results.wording import MISSING, date_text, joined, share_text

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
    rows = judged_figures(observed, str(run.as_of) if run.as_of is not None else None) if len(observed) else observed
    if rows.empty:
        nothing = (
            "The study holds no published figures, so nothing here has been checked against any."
            if run.as_of is None
            else "No figure was published after that day, so nothing tells yet how well this forecast foresaw."
        )
        return CoverageWords([nothing], [], None)
    known = str(run.known_until) if run.known_until is not None else None
    held = coverage_by_output(rows, run.outputs, known)
    seen = seen_by_the_fit(rows, known)
    badly = [_sentence(run.title(h.output), h, bool(seen.any())) for h in held if h.output and _is_bad(run, h.coverage)]
    badly += _bad_places(run, rows, seen)
    columns = {"published": False} | ({"seen by the fit": False} if seen.any() else {})
    columns |= {
        "figures": True,
        "in 50 % band": True,
        "in 80 %": True,
        "in 95 %": True,
        "model ÷ published": True,
        "in words": False,
    }
    table_rows = []
    for one in held:
        title, verdict = (run.title(one.output), _verdict(run, one.coverage)) if one.output else ("all", "")
        yes = [("yes" if one.seen else "no")] if seen.any() else []
        table_rows.append([title, *yes, *_cells(run, one.coverage), verdict])
    note = (
        "model ÷ published: all the model's medians together, divided by all published figures together, of a range by its value nearest "
        "to the model; 1 is right, 2 is twice too many. Of a number that was revised the last revision counts."
    )
    return CoverageWords(
        _summary(run, rows, seen), badly, Table("Published figures inside the model's bands", columns, table_rows, note)
    )


def _summary(run: Run, rows: pd.DataFrame, seen: np.ndarray) -> list[str]:
    later = "" if run.as_of is None else f" that appeared after {date_text(str(run.as_of))}"
    words = [f"The study holds {len(rows):,} published figures{later}."]
    if run.is_single:
        return [*words, "This is a single run without bands, so only the middle can be compared."]
    if seen.any():
        words += [
            f"The model was fitted to the {seen.sum():,} that had appeared by {date_text(str(run.known_until))}: {_shares(rows[seen])}. "
            "This shows fit, not foresight."
        ]
        if not seen.all():
            words.append(f"The other {(~seen).sum():,} it has not seen: {_shares(rows[~seen])}.")
    else:
        words.append(f"Of these, {_shares(rows)}.")
    words.append("If the bands were just right, it would be 50, 80 and 95 %.")
    if run.as_of is not None:
        words.append("None of them was used: this is foresight, for one day and corridor.")
    elif run.is_fitted and run.known_until is None:
        words.append("Figures that were used to fit the model are among them: this shows fit, not foresight.")
    elif not run.is_fitted and any(parameter["basis"] == "fitted" for parameter in run.model["parameters"]):
        words.append(
            "No fit was run on these figures alone, but some priors were fitted to figures of several cases, perhaps with these."
        )
    elif not run.is_fitted:
        words.append("Nothing was tuned to these figures: the bands are what literature and assumptions alone imply.")
    return words


def _shares(rows: pd.DataFrame) -> str:
    held = coverage(rows)
    first, *others = (f"{share_text(inside / held.figures)} lie inside the {percent} % band" for percent, inside in _inside(held))
    return joined([first, *(words.replace(" lie inside", " inside") for words in others)])


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


def _sentence(title: str, held: Held, any_seen: bool) -> str:
    c = held.coverage
    which = f" that the fit has {'' if held.seen else 'not '}seen" if any_seen else ""
    words = f"{title}: {c.inside_80} of {c.figures} figures{which} lie inside the 80 % band"
    if math.isfinite(c.ratio) and c.ratio >= OFF_BY:
        return f"{words}; the model's medians add up to {c.ratio:.1f} times what was published."
    if math.isfinite(c.ratio) and c.ratio <= 1 / OFF_BY:
        return f"{words}; the model's medians add up to {share_text(c.ratio)} of what was published."
    return f"{words}."


def _bad_places(run: Run, rows: pd.DataFrame, seen: np.ndarray) -> list[str]:
    """Single places and groups that go badly, the worst first."""
    found: list[tuple[float, str]] = []
    for (output, place, group, was_seen), part in rows.assign(seen=seen).groupby(["output", "place", "group", "seen"]):
        c = coverage(part)
        if (place or group) and _is_bad(run, c):
            where = ", ".join(run.name_of(key) for key in (place, group) if key)
            off = abs(math.log(c.ratio)) if math.isfinite(c.ratio) and c.ratio > 0 else 0.0
            words = _sentence(f"{run.title(output)}, {where}", Held(output, bool(was_seen), c), bool(seen.any()))
            found.append((c.inside_80 / c.figures - off / 10, words))
    return [words for _, words in sorted(found)[:WORST_SHOWN]]
