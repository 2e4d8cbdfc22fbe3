"""Figures of a published file → one count for each place, group and period that the user asks for."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from corredor.exchange.adding.names import Matcher
from corredor.exchange.adding.request import NO_PART, Request
from corredor.exchange.readers.figure import Figure, Reading
from corredor.exchange.readers.text import Trouble
from corredor.study.calendar import first_day, last_day, month_number
from corredor.study.problems import listed, quoted, suggested


@dataclass(frozen=True)
class Count:
    """A number for the study, and where it comes from.

    place, group : ids of the study, or empty for all
    """

    place: str
    group: str
    from_: dt.date
    to: dt.date
    value: float
    published: dt.date | None
    file: str
    line: int
    column: int

    @property
    def key(self) -> tuple[str, str, dt.date, dt.date]:
        return self.place, self.group, self.from_, self.to


def counts_of(request: Request, reading: Reading, published: dt.date | None, places: Matcher, groups: Matcher) -> list[Count]:
    """Counts of one file; names without a match are kept by the matchers.

    raises : StudyError when the request does not fit the file
    """
    trouble = Trouble(reading.shown)
    figures = _of_series(request, reading, trouble)
    figures = _selected(request, figures, trouble)
    place_by = _part(request.place_by, request.format.place_by, request.place, "--place-by", figures, trouble)
    group_by = _part(request.group_by, request.format.group_by, request.group, "--group-by", figures, trouble)
    if request.driver is not None:
        group_by = ""
    trouble.stop()
    for part in sorted(request.format.overlapping - {place_by, group_by}):
        values = sorted({figure.parts.get(part, "") for figure in figures})
        if len(values) > 1:
            found = f"figures for several values of {part}, some of which contain others: {listed(map(quoted, values), 8)}"
            first = figures[0]
            trouble.add(
                first.line,
                first.column,
                found,
                f"one value of {part}",
                f"--only {part}={quoted(values[0] or 'VALUE')}, or another of these",
            )
    trouble.stop()
    sums: dict[tuple[str, str, dt.date, dt.date], list[Figure]] = defaultdict(list)
    for figure in figures:
        place = request.place or (places.match(figure.parts.get(place_by, "")) if place_by else "")
        group = request.group or (groups.match(figure.parts.get(group_by, "")) if group_by else "")
        if place is not None and group is not None:
            sums[place, group, figure.from_, figure.to].append(figure)
    counts = []
    for (place, group, from_, to), those in sums.items():
        first = those[0]
        if len(those) > 1 and not request.format.adds_up:
            found = f"{len(those)} values for {place or 'all places'} from {from_} to {to}, which cannot be added up"
            other = those[1]
            trouble.add(
                other.line, other.column, found, "one value for a place and period", "choose with --only, --series or --place-by"
            )
        counts.append(
            Count(place, group, from_, to, sum(one.value for one in those), published, reading.shown, first.line, first.column)
        )
    trouble.stop()
    if request.driver is not None and request.format.zero_when_absent:
        counts += _zeros(counts, {(figure.from_, figure.to) for figure in reading.figures})
    return counts


def _zeros(counts: list[Count], periods: set[tuple[dt.date, dt.date]]) -> list[Count]:
    """Zeros for every place in the months of the file, from its first to its last, in which the place has no figure."""
    first, last = min(period[0] for period in periods), max(period[0] for period in periods)
    months = range(month_number(first), month_number(last) + 1)
    there = {count.key for count in counts}
    found = []
    for place, example in {count.place: count for count in counts}.items():
        for month in months:
            period = first_day(month), last_day(month)
            if (place, "", *period) not in there:
                found.append(replace(example, from_=period[0], to=period[1], value=0.0))
    return found


def _of_series(request: Request, reading: Reading, trouble: Trouble) -> list[Figure]:
    there = sorted({figure.series for figure in reading.figures})
    wanted = request.series or (request.format.usual_series if request.format.usual_series in there else "")
    if not wanted and len(there) == 1:
        wanted = there[0]
    if wanted not in there:
        found = (
            f"the series {listed(there, 15)}"
            if not request.series
            else f"no series {quoted(request.series)}, but {listed(there, 15)}"
        )
        raise trouble.fail(
            1, 1, found, "one series chosen with --series", f"--series {suggested(wanted, there, there[0])}".replace("`", "")
        )
    return [figure for figure in reading.figures if figure.series == wanted]


def _selected(request: Request, figures: list[Figure], trouble: Trouble) -> list[Figure]:
    for part, value in request.only.items():
        parts = sorted({name for figure in figures for name in figure.parts})
        if part not in parts:
            trouble.add(1, 1, f"no part {quoted(part)} in these figures", f"--only with one of {listed(parts)}",
                        suggested(part, parts).replace("`", ""))  # fmt: skip
            continue
        wanted = value.casefold()
        values = sorted({figure.parts.get(part, "") for figure in figures})
        figures = [figure for figure in figures if figure.parts.get(part, "").casefold() == wanted]
        if not figures:
            trouble.add(1, 1, f"no figure with {part} {quoted(value)}", f"--only {part}= with one of {listed(map(quoted, values), 15)}",
                        suggested(value, [v for v in values if v]).replace("`", ""))  # fmt: skip
            break
    trouble.stop()
    return figures


def _part(asked: str | None, usual: str, fixed: str | None, option: str, figures: Iterable[Figure], trouble: Trouble) -> str:
    """The part by which figures are told apart; empty for none."""
    if asked == NO_PART or (asked is None and (fixed is not None or not usual)):
        return ""
    wanted = asked or usual
    parts = Counter(name for figure in figures for name in figure.parts)
    if wanted not in parts:
        trouble.add(1, 1, f"no part {quoted(wanted)} in these figures", f"{option} with one of {listed(sorted(parts))}, or {NO_PART}",
                    f"{option} {suggested(wanted, sorted(parts), NO_PART)}".replace("`", ""))  # fmt: skip
        return ""
    return wanted
