"""The series of a study as cards, ranked by how much they changed and by how much the model misses them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from corredor.pages.report.choices import says_the_same
from corredor.pages.report.figure import Table
from corredor.pages.report.first_screen.change import times
from corredor.pages.report.first_screen.changes import gap, largest_change
from corredor.pages.report.first_screen.failures import Judged, of_output
from corredor.pages.report.first_screen.monthly import Monthly, plain_title
from corredor.results.quantiles import MEDIAN
from corredor.results.view import Run, Series
from corredor.results.wording import MISSING, month_text, share_text, too_few

MOST_OF_A_SIDE = 2
SIDES_SHOWN = ("movement", "control", "protection")


@dataclass(frozen=True)
class Card:
    """median, low80, high80 : of the draws, not a number where too small to be shown
    number, interval : the same as people read them; words : what they count

    published : the same from figures, where there is one for every period; empty where one of them is too small to be shown, since the
        total less the others would be it
    outside : in words, when what was published lies outside the band; empty where it lies inside or nothing can be said
    change : the largest change; rank_by : the larger of the gaps before–after and published–model, as in `changes.gap`
    """

    name: str
    title: str
    side: str
    median: float
    low80: float
    high80: float
    number: str
    interval: str
    words: str
    published: str
    outside: str
    change: str
    rank_by: float

    def as_json(self) -> dict[str, str | float | None]:
        told = {name: value for name, value in asdict(self).items() if name not in ("name", "rank_by")}
        return {"output": self.name, **{name: None if value != value else value for name, value in told.items()}}


def ranked_cards(run: Run, months: dict[str, Monthly], found: Judged | None) -> list[Card]:
    """One card for each series, the largest change or failure first; two outputs that count the same by other periods make one.

    months : of `monthly_outputs`; found : of `judged`
    """
    cards = [_card(run, series, of_output(found, series.name)) for series in _different(months.values())]
    return sorted(cards, key=lambda card: -card.rank_by)


def first_cards(cards: Sequence[Card]) -> list[Card]:
    """Those of the first screen, in their order: at most two of a side.

    Control and protection get equally many as far as both exist, so that neither outshines the other.
    """
    by_side = {side: [card for card in cards if card.side == side] for side in SIDES_SHOWN}
    fair = min(MOST_OF_A_SIDE, max(len(by_side["control"]), 1), max(len(by_side["protection"]), 1))
    most = {"movement": MOST_OF_A_SIDE, "control": fair, "protection": fair}
    shown = {card.name for side in SIDES_SHOWN for card in by_side[side][: most[side]]}
    return [card for card in cards if card.name in shown]


def card_table(run: Run, cards: Sequence[Card]) -> Table:
    """All series, ranked."""
    columns = {"series": False, "side": False, "median": True} | ({} if run.is_single else {"80 %": True})
    columns |= {"published": True, "outside the band": False, "largest change": False, "what is counted": False}
    rows = []
    for card in cards:
        band = [] if run.is_single else [card.interval]
        rows.append([card.title, card.side, card.number, *band, card.published or MISSING, card.outside, card.change, card.words])
    note = (
        "Ranked by the larger of two gaps, between before and after and between published and simulated: "
        "the difference as a share of the larger number, times the digits of that number."
    )
    return Table("All series, by size of change and of failure", columns, rows, note)


def _different(months: Iterable[Monthly]) -> list[Monthly]:
    """Outputs without those that only count the same by other periods."""
    kept: list[Monthly] = []
    for one in months:
        if not any(says_the_same(one.sums, other.sums) for other in kept):
            kept.append(one)
    return kept


def _card(run: Run, series: Monthly, found: Judged | None) -> Card:
    name, wording = series.name, run.wording(series.name)
    values, words = _numbers(run, series)
    low, middle, high = (float(q) for q in np.quantile(values, [0.1, 0.5, 0.9]))
    told = series.is_published and not run.is_mean(name) and not (wording.floor and np.any(too_few(series.published)))
    published = float(series.published.sum()) if told else np.nan
    change = largest_change(run, series)
    number = wording.rounded(middle) + ("" if wording.unit in ("people", "USD") else f" {wording.unit}")
    changed = gap(change.before, change.after) if change is not None else 0.0
    failed = float(found.rows["gap"].max()) if found is not None else 0.0
    return Card(
        name,
        plain_title(run, name) + (f" ({series.parts})" if series.parts else ""),
        run.side(name),
        wording.told(middle),
        wording.told(low),
        wording.told(high),
        number,
        "" if run.is_single else wording.rounded_interval(low, high),
        words,
        wording.exact(published) if np.isfinite(published) else "",
        _outside_words(run, found, published, (low, middle, high)),
        f"{wording.rounded(change.before)} → {wording.rounded(change.after)}{times(change)}, {change.of.period(change.at)}"
        if change is not None
        else "",
        max(changed, failed),
    )


def _numbers(run: Run, series: Monthly) -> tuple[np.ndarray, str]:
    """What a card shows of each draw, and what that is: what would be published where figures stand beside it."""
    name = series.name
    if run.is_mean(name):
        peak = run.starts(name)[int(np.argmax(run.quantiles(Series(name))[MEDIAN]))]
        return run.peaks_of([Series(name)])[0], f"at the highest {run.time_of(name)}, most likely in {month_text(peak)}"
    if series.is_published:
        first, last = month_text(series.starts[0]), month_text(series.starts[-1])
        return series.expected.sum(axis=1), f"in all, {first} to {last}, as it would be published"
    return series.sums, "in all, over the whole study"


def _outside_words(run: Run, found: Judged | None, published: float, band: tuple[float, float, float]) -> str:
    low, middle, high = band
    if run.is_single:
        return ""
    if np.isfinite(published):
        if low <= published <= high:
            return ""
        share = share_text(abs(published - middle) / middle) if middle > 0 else "far"
        return f"published total outside the band: {share} {'above' if published > middle else 'below'} the median"
    if found is None:
        return ""
    outside = found.held.figures - found.held.inside_95
    return f"{outside} of {found.held.figures} published figures outside the 95 % band" if outside else ""
