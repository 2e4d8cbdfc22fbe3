"""Claims of kind level: a published series against its own past."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from corredor.effects.claims.finding import Evidence, Finding, SpansPicture
from corredor.effects.claims.independence import listed_sources, origin_of
from corredor.effects.claims.missing_figures import asked_later, published_by
from corredor.effects.claims.numbers import range_words
from corredor.effects.claims.published_bounds import Bounds, bounds_over, known_rows, summed, value_range
from corredor.effects.claims.series_words import series_words
from corredor.effects.claims.verdicts import Judgement, Untold, judge_bounds, judge_independence
from corredor.results.wording import SMALLEST_SHOWN_PEOPLE, Wording
from corredor.study.calendar import add_months, are_whole_months, last_day, month_number
from corredor.study.model import Model
from corredor.study.schema import Claim, LevelCheck, SeriesValue
from corredor.study.selectors import parts_in

DAYS_PER_MONTH = 365.25 / 12
ROWS_SHOWN = 8
YEARS_SHOWN = 5
FEW = f"Single figures are not shown, since one of the series is of fewer than {SMALLEST_SHOWN_PEOPLE} people."

Period = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class _Earlier:
    """The earlier level that the claim compares with, and the periods behind its two ends."""

    bounds: Bounds
    low_period: Period
    high_period: Period
    windows: int


def check_level(model: Model, claim: Claim, as_of: dt.date, hides_small: bool = True) -> Finding:
    """A level against earlier ones, by the bounds that published figures allow.

    hides_small : where a figure of the series is small, the two levels are told and no single figures, nor other sums of them, since one
        could be worked out from others; and how they lie to each other is not told where one of the two is small itself
    """
    level, origin = claim.level, origin_of(claim, model.sources)
    assert level is not None
    rows = [known_rows(model.series, level.series, part, as_of) for part in parts_in(level.part)]
    later = published_by(model.series, level.series, level.part, level.from_, level.to, as_of)
    now, earlier, judged = _judged(rows, level, "not looked at" if later else _untold(claim))
    by_others = [[row for row in of_part if origin.is_independent(listed_sources(row.source))] for of_part in rows]
    judgement = judge_independence(judged, _judged(by_others, level, "not looked at")[2], origin.words)
    unit = next((row.unit for of_part in rows for row in of_part), "people")
    low, high = _ratio_percent(now.low, earlier.bounds.high), _ratio_percent(now.high, earlier.bounds.low)
    exact = now.low == now.high and earlier.bounds.low == earlier.bounds.high
    months = ((level.to - level.from_).days + 1) / DAYS_PER_MONTH
    name, wording = series_words(model, level.series), Wording(unit, hides_small)
    ends = [wording.told(end) for end in (now.low, now.high, earlier.bounds.low, earlier.bounds.high)]
    is_small = any(math.isnan(end) for end in ends)
    few = any(wording.hides(end) for of_part in rows for row in of_part if row.from_ <= level.to for end in value_range(row))
    evidence = [
        Evidence(
            f"{name}, {_days(level.from_, level.to)}: {_amount(now, wording, months)}",
            _sources(rows, level.from_, level.to),
            {"low": ends[0], "high": ends[1]},
        ),
        Evidence(
            _earlier_words(level, earlier, wording, months),
            _sources(rows, earlier.low_period[0], earlier.low_period[1]),
            {"low": ends[2], "high": ends[3]},
        ),
        *(_earlier_years(rows, level, wording) if level.than == "all_earlier" and not few else []),
    ]
    loosened = max(now.loosened_percent, earlier.bounds.loosened_percent)
    if loosened:
        evidence.append(
            Evidence(f"Some figures contradict each other; they were let loose by {loosened:g} % to be true together.")
        )
    single = _published_rows(rows, level, wording)
    evidence += [Evidence(FEW)] if few and single else single
    return Finding(
        claim,
        judgement,
        probability={"supported": 1.0, "contradicted": 0.0}.get(judgement.verdict),
        effect=low if exact and not is_small else None,
        low=low if math.isfinite(low) and not is_small else None,
        high=high if math.isfinite(high) and not is_small else None,
        unit="percent above the earlier level",
        evidence=tuple(evidence),
        would_change=asked_later(later) if later else _would_change(level, now, earlier, claim),
        spans_picture=None if few else _spans_picture(rows, level, f"{name} a month, as published by {as_of}", unit),
    )


def _untold(claim: Claim) -> Untold:
    """Figures of a series that leave room: nobody published narrower ones, unless the claim says that they exist."""
    return "not looked at" if claim.needed_figures == "exist" else "not published"


def _judged(rows: Sequence[Sequence[SeriesValue]], level: LevelCheck, untold: Untold) -> tuple[Bounds, _Earlier, Judgement]:
    """The level, the earlier one, and what they come to."""
    now = summed([bounds_over(of_part, level.from_, level.to) for of_part in rows])
    earlier = _earlier(rows, level)
    factor = 1 + (level.at_least_percent if level.direction == "higher" else -level.at_least_percent) / 100
    low, high = now.low - earlier.bounds.high * factor, now.high - earlier.bounds.low * factor
    least, most = (1e-9, None) if level.direction == "higher" else (None, -1e-9)
    return now, earlier, judge_bounds(low, high, least, most, "these and the earlier days", untold)


def _earlier_years(rows: Sequence[Sequence[SeriesValue]], level: LevelCheck, wording: Wording) -> list[Evidence]:
    """What is known of whole years before, those nearest to refuting the claim first; none where a year lies within the claim's days."""
    first = min((row.from_.year for of_part in rows for row in of_part), default=level.from_.year)
    years = [(year, dt.date(year, 1, 1), dt.date(year, 12, 31)) for year in range(first, level.from_.year)]
    known = [(year, summed([bounds_over(of_part, *days) for of_part in rows]), days) for year, *days in years]
    higher = level.direction == "higher"
    told = [one for one in known if (one[1].low > 0 if higher else math.isfinite(one[1].high))]
    if not told:
        return []
    told.sort(key=lambda one: -one[1].low if higher else one[1].high)
    words = "; ".join(f"{year}: {_range(bounds, wording)}" for year, bounds, _ in told[:YEARS_SHOWN])
    sources = dict.fromkeys(source for _, _, days in told[:YEARS_SHOWN] for source in _sources(rows, *days))
    which = (
        f"The {'highest' if higher else 'lowest'} {YEARS_SHOWN} of {len(told)} earlier years"
        if len(told) > YEARS_SHOWN
        else "Earlier years"
    )
    return [Evidence(f"{which}, as far as published: {words}", tuple(sources))]


def _earlier(rows: Sequence[Sequence[SeriesValue]], level: LevelCheck) -> _Earlier:
    if level.than != "all_earlier":
        period = shifted(level.from_, level.to, 12 if level.than == "year_before" else None)
        return _Earlier(summed([bounds_over(of_part, *period) for of_part in rows]), period, period, 1)
    beginning = max((min((row.from_ for row in of_part), default=level.from_) for of_part in rows), default=level.from_)
    # one after the other, back from the claim's own days: calendar years stay calendar years
    windows: list[Period] = []
    window = shifted(level.from_, level.to, None)
    while window[0] >= beginning:
        windows.append(window)
        window = shifted(*window, None)
    # a total over a longer time is reached only if one window in it has at least its share
    floors = [
        (summed([bounds_over(of_part, row.from_, row.to) for of_part in rows]).low / _windows_in(row, level), (row.from_, row.to))
        for row in rows[0]
        if row.to < level.from_ and (row.to - row.from_) >= (level.to - level.from_) * 0.95
    ]
    all_bounds = [summed([bounds_over(of_part, *window) for of_part in rows]) for window in windows]
    lows = [*((bounds.low, window) for bounds, window in zip(all_bounds, windows, strict=True)), *floors]
    if level.direction == "higher":
        low, low_period = max(lows, default=(0.0, (level.from_, level.to)))
        high, high_period = max(((b.high, w) for b, w in zip(all_bounds, windows, strict=True)), default=(math.inf, low_period))
    else:
        high, high_period = min(
            ((b.high, w) for b, w in zip(all_bounds, windows, strict=True)), default=(math.inf, (level.from_, level.to))
        )
        low, low_period = min(((b.low, w) for b, w in zip(all_bounds, windows, strict=True)), default=(0.0, high_period))
    loosened = max((bounds.loosened_percent for bounds in all_bounds), default=0.0)
    return _Earlier(Bounds(low, high, loosened), low_period, high_period, len(windows))


def _windows_in(row: SeriesValue, level: LevelCheck) -> int:
    """How many windows of the claim's length it takes to cover a row; five per cent too few days do not make another."""
    return max(1, math.ceil(((row.to - row.from_).days + 1) / ((level.to - level.from_).days + 1) - 0.05))


def shifted(first: dt.date, last: dt.date, months: int | None) -> Period:
    """Days moved back by so many months, or by their own length when `months` is none; whole months stay whole months."""
    whole = are_whole_months(first, last)
    if months is None and not whole:
        length = last - first + dt.timedelta(days=1)
        return first - length, first - dt.timedelta(days=1)
    own = month_number(last) - month_number(first) + 1
    back = own if months is None else months
    begin = add_months(first, -back)
    return (begin, last_day(month_number(last) - back)) if whole else (begin, begin + (last - first))


def _ratio_percent(value: float, base: float) -> float:
    if base == 0:
        return math.inf if value > 0 else math.nan
    return 100 * (value / base - 1) if math.isfinite(base) else math.nan


def _earlier_words(level: LevelCheck, earlier: _Earlier, wording: Wording, months: float) -> str:
    amount = _amount(earlier.bounds, wording, months)
    if level.than != "all_earlier":
        return f"Before, {_days(*earlier.low_period)}: {amount}"
    which = "highest" if level.direction == "higher" else "lowest"
    by = f"by {_days(*earlier.low_period)}"
    if math.isfinite(earlier.bounds.high):
        return f"The {which} of {earlier.windows} earlier periods as long: {amount} ({by})"
    least = f"{wording.said(earlier.bounds.low)} {wording.unit} in all"
    least += "" if wording.hides(earlier.bounds.low) else f", {wording.said(earlier.bounds.low / months)} a month"
    if level.direction == "higher":
        return f"The highest of {earlier.windows} earlier periods as long has at least {least} ({by}); no figure limits it from above"
    return f"The lowest of {earlier.windows} earlier periods as long has at least {least}; no figure limits it from above"


def _spans_picture(rows: Sequence[Sequence[SeriesValue]], level: LevelCheck, title: str, unit: str) -> SpansPicture | None:
    """Every figure up to the claim's last day; none for several parts, which are not published together."""
    if len(rows) != 1 or not rows[0]:
        return None
    spans = []
    for row in rows[0]:
        low, high = value_range(row)
        months = ((row.to - row.from_).days + 1) / DAYS_PER_MONTH
        if row.from_ <= level.to:
            spans.append((row.from_, row.to, low / months, high / months))
    return SpansPicture(title, unit, tuple(spans), (level.from_, level.to))


def _would_change(level: LevelCheck, now: Bounds, earlier: _Earlier, claim: Claim) -> str:
    if claim.would_need:
        return claim.would_need
    if now.low == now.high and earlier.bounds.low == earlier.bounds.high:
        return "Only a revision of the published figures."
    return f"Figures month by month for {_days(level.from_, level.to)} and for the periods that it is compared with."


def _published_rows(rows: Sequence[Sequence[SeriesValue]], level: LevelCheck, wording: Wording) -> list[Evidence]:
    """The rows that touch the days of the claim, the longest first."""
    touching = [row for of_part in rows for row in of_part if row.from_ <= level.to and row.to >= level.from_]
    touching.sort(key=lambda row: (row.from_ - row.to, row.from_))
    shown = [
        Evidence(
            f"{_days(row.from_, row.to)}: {range_words(wording, *value_range(row))} {row.unit}{' (' + row.note + ')' if row.note else ''}",
            tuple(listed_sources(row.source)),
        )
        for row in touching[:ROWS_SHOWN]
    ]
    if len(touching) > ROWS_SHOWN:
        shown.append(Evidence(f"and {len(touching) - ROWS_SHOWN} more rows of series.csv"))
    return shown


def _sources(rows: Sequence[Sequence[SeriesValue]], first: dt.date, last: dt.date) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for of_part in rows:
        for row in of_part:
            if row.from_ <= last and row.to >= first:
                found |= dict.fromkeys(listed_sources(row.source))
    return tuple(found)


def _days(first: dt.date, last: dt.date) -> str:
    return f"{first} to {last}"


def _amount(bounds: Bounds, wording: Wording, months: float) -> str:
    """In all and a month; of a small sum no monthly one, which would tell it."""
    if bounds.low == 0 and not math.isfinite(bounds.high):
        return "no published figure limits it"
    words = f"{_people(bounds, wording)} in all"
    if not (wording.hides(bounds.low) or wording.hides(bounds.high)):
        words += f", {_people(bounds, wording, months)} a month"
    return words + _open_end(bounds)


def _range(bounds: Bounds, wording: Wording) -> str:
    return _people(bounds, wording) + _open_end(bounds)


def _people(bounds: Bounds, wording: Wording, share_of: float = 1.0) -> str:
    return f"{range_words(wording, bounds.low / share_of, bounds.high / share_of)} {wording.unit}"


def _open_end(bounds: Bounds) -> str:
    return "" if math.isfinite(bounds.high) else ", with no upper bound"
