"""Why figures are missing for a claim: they came out after the day of the question, were not looked at, or nobody published them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from corredor.effects.claims.verdicts import Untold
from corredor.study.schema import Claim, SeriesValue
from corredor.study.selectors import parts_in


def untold_by(claim: Claim) -> Untold:
    """What the claim says of the figures that it would need; a study that says nothing has not looked."""
    return "not published" if claim.needed_figures == "unpublished" else "not looked at"


def published_by(
    series: Sequence[SeriesValue], name: str, part: str | list[str] | None, first: dt.date, last: dt.date, as_of: dt.date
) -> dt.date | None:
    """The day by which all figures of some days were out, where that is later than the day of the question; else none.

    as_of : the day of the question
    """
    out: dict[tuple[str | None, dt.date, dt.date], dt.date] = {}
    for row in series:
        if row.series == name and row.part in parts_in(part) and row.from_ <= last and row.to >= first:
            days = (row.part, row.from_, row.to)
            out[days] = min(row.published, out.get(days, row.published))
    day = max(out.values(), default=as_of)
    return day if day > as_of else None


def asked_later(day: dt.date) -> str:
    """What to do about figures that came out later."""
    return f"The figures came out by {day}: ask again as of that day (--as-of {day})."
