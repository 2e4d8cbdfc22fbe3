"""Where the model fails, and by how much."""

from __future__ import annotations

import math
from typing import Any

from corredor.pages.report.first_screen.failures import Judged, of_output, worst
from corredor.pages.report.first_screen.monthly import place_name, plain_title
from corredor.pages.report.published import HIDDEN
from corredor.results.view import Run
from corredor.results.wording import date_text, month_text, share_text


def failure_words(run: Run, found: Judged | None) -> str:
    """found : of `judged`"""
    if found is None:
        if run.as_of is not None:
            return "No figure has appeared since that day, so nothing tells yet."
        return "Not known: the study holds no published figures, so nothing here has been checked."
    row = worst(found)
    figures = found.held.figures
    of_these = f"{figures:,} {'figures unseen by the fit' if found.unseen and run.is_fitted else 'published figures'}"
    if run.is_single:
        return f"A single run has no bands, so it cannot be seen which of the {of_these} it misses."
    if row is None:
        seen = "" if found.unseen else "; but its fit has seen them all"
        return f"Nowhere by much: each of the {of_these} lies inside the 95 % band{seen}."
    return f"{_worst_words(run, row)} {_on_the_whole(run, found, str(row['output']), of_these)}"


def _worst_words(run: Run, row: dict[str, Any]) -> str:
    wording = run.wording(row["output"])
    where = "".join(f", {place_name(run, key)}" for key in (row["place"], row["group"]) if key)
    high, low, nearest = float(row["q97.5"]), float(row["q2.5"]), float(row["nearest"])
    is_low_end = not math.isfinite(row["value"]) and not math.isfinite(row["high"])
    published = f"{'at least ' if is_low_end else ''}{HIDDEN if row['given_away'] else wording.exact(nearest)} published"
    limit = f"at most {wording.rounded(high)}" if nearest > high else f"at least {wording.rounded(low)}"
    when = _days_text(row["first"], row["last"])
    return f"{plain_title(run, row['output'])}{where}, {when}: {published}, {limit} expected (95 %)."


def _on_the_whole(run: Run, found: Judged, output: str, of_these: str) -> str:
    held = found.held
    words = f"Of {of_these} {share_text(held.inside_95 / held.figures)} lie in that band"
    own = of_output(found, output)
    ratio = own.held.ratio if own is not None else math.nan
    return f"{words}; this series adds up to {share_text(ratio)} of what was published." if math.isfinite(ratio) else f"{words}."


def _days_text(first: str, last: str) -> str:
    if first == last:
        return date_text(first)
    if first[:7] == last[:7] and first.endswith("-01") and int(last[8:]) >= 28:
        return month_text(first)
    return f"{date_text(first)} – {date_text(last)}"
