"""What changed most, and what stands beside it."""

from __future__ import annotations

import math

from corredor.pages.report.first_screen.changes import Change, beside, largest_change, largest_of
from corredor.pages.report.first_screen.monthly import Monthly, plain_title
from corredor.results.view import Run
from corredor.results.wording import Wording, date_text, share_of_draws, signed

DOUBLED = 1.95


def change_words(run: Run, months: dict[str, Monthly]) -> str:
    """months : of `monthly_outputs`"""
    counting = [one for name, one in months.items() if run.unit(name) == "people" and run.side(name) != "money"]
    change = largest_of([found for found in (largest_change(run, one) for one in counting) if found is not None])
    if change is None:
        return "No series is long enough, or changes enough, to compare a time before with a time after."
    name, wording = change.of.name, run.wording(change.of.name)
    each = "" if run.is_mean(name) else f" a {change.of.every}"
    direction = "up" if change.after > change.before else "down"
    numbers = f"{direction} from {wording.rounded(change.before)} to {wording.rounded(change.after)}{each}{times(change)}"
    sure = ", as published" if change.of.is_published else "" if run.is_single else f", in {share_of_draws(change.goes_that_way)}"
    return f"{plain_title(run, name)}: {numbers} from {change.of.period(change.at)} on{sure}. {_beside_words(run, change)}"


def times(change: Change) -> str:
    """(×2.1), (+60 %) or (−71 %), where there is something to divide by."""
    if change.before <= 0 or not math.isfinite(change.after / change.before):
        return ""
    factor = change.after / change.before
    if factor < DOUBLED:
        return f" ({signed(Wording('percent'), round(100 * (factor - 1)))} %)"
    return f" (×{factor:.0f})" if factor >= 10 else f" (×{factor:.2g})"


def _beside_words(run: Run, change: Change) -> str:
    if not run.model["measures"] and not run.model["events"]:
        return "The study records no measure or event."
    near = beside(run, change.first_day)
    if not near:
        return "No measure or event on record stands beside it."
    first, ends = near[0], "" if near[0].begins else "end of "
    more = f", {len(near) - 1} more" if len(near) > 1 else ""
    return f"Beside it, not proven its cause: {ends}“{first.title}” ({date_text(first.when)}){more}."
