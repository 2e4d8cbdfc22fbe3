"""Numbers and dates as a reader sees them. Counts of people below 5 are never shown unless asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


SMALLEST_SHOWN_PEOPLE = 5
SMALL_SHOWN_BECAUSE = "Small counts are shown because"
"""What a page calls the reason for which they are."""
MISSING = "–"
SMALLEST_SHOWN_DAYS = 0.01


@dataclass(frozen=True)
class Wording:
    """How numbers of one unit are written.

    unit : people, days, USD or any other word
    suppress_small : people from 1 to 4 become <5; a 0 is no person and stays 0
    """

    unit: str = "people"
    suppress_small: bool = True

    @property
    def floor(self) -> float:
        """Where a picture draws all that is above 0 and below it, so that its height tells no small count."""
        return float(SMALLEST_SHOWN_PEOPLE) if self.unit == "people" and self.suppress_small else 0.0

    def hides(self, value: float) -> bool:
        """Whether a number is a count of so few people that it is not shown."""
        return self.unit == "people" and self.suppress_small and bool(too_few(value))

    def _is_no_time(self, value: float) -> bool:
        """Whether a number of days is so small that its figures say nothing."""
        return self.unit == "days" and 0 < value < SMALLEST_SHOWN_DAYS

    def exact(self, value: float) -> str:
        """For tables: 12,345; <5; <0.01 (days); 1.2 billion USD."""
        if not math.isfinite(value):
            return MISSING
        if self.unit == "people":
            if self.hides(value):
                return f"<{SMALLEST_SHOWN_PEOPLE}"
            return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"
        if self.unit == "USD":
            return f"${short_number(value)}"
        if self._is_no_time(value):
            return f"<{SMALLEST_SHOWN_DAYS:g}"
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"

    def short(self, value: float) -> str:
        """For axes: 0, 500, 25,000, 1.5 m, $2 bn; never suppressed, as a tick is no count."""
        sign = "$" if self.unit == "USD" else ""
        for size, letters in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
            if abs(value) >= size:
                return f"{sign}{value / size:,.4g} {letters}"
        return f"{sign}{value:,.6g}"

    def rounded(self, value: float) -> str:
        """For sentences: two or three figures, as nobody believes more of a simulated number."""
        if self.unit == "people" and math.isfinite(value) and value >= 100:
            figures = 3 if f"{value:e}".startswith("1") else 2
            return short_number(round_to_figures(value, figures), exact_below=1e6)
        if self.unit == "days" and SMALLEST_SHOWN_DAYS <= value < 10:
            return f"{value:.2g}"
        return self.exact(value)

    def said(self, value: float) -> str:
        """As people say it: 73,299; 1.25 million; <5."""
        return self.exact(value) if self.hides(value) or self._is_no_time(value) else as_said(value)

    def estimated(self, value: float, sign: bool = False) -> str:
        """As `estimated`; of people fewer than 5 either way <5."""
        return self.exact(abs(value)) if self.hides(abs(value)) else estimated(value, sign)

    def told(self, value: float) -> float:
        """The number for JSON and tables: not-a-number for a count that is too small to be shown."""
        return math.nan if self.hides(abs(value)) else value

    def interval(self, low: float, high: float) -> str:
        """low – high, or one number where both read the same."""
        first, second = self.exact(low), self.exact(high)
        return first if first == second else f"{first} – {second}"

    def rounded_interval(self, low: float, high: float) -> str:
        first, second = self.rounded(low), self.rounded(high)
        return first if first == second else f"{first} to {second}"


def too_few(people: np.ndarray | float) -> np.ndarray | bool:
    """Whether numbers of people are more than none but too small to be shown."""
    return (people > 0) & (people < SMALLEST_SHOWN_PEOPLE)


def shown_people(people: np.ndarray, suppress: bool) -> np.ndarray:
    """Numbers of people with those too small to be shown as not-a-number."""
    return np.where(too_few(people), np.nan, people) if suppress else people


def signed(wording: Wording, value: float) -> str:
    """A difference: +1,250, −38, 0; of people one smaller than 5 is “<5 more” or “<5 fewer”, as small counts are."""
    if not math.isfinite(value) or value == 0:
        return wording.exact(value)
    if wording.hides(abs(value)):
        return f"<{SMALLEST_SHOWN_PEOPLE} {'more' if value > 0 else 'fewer'}"
    if wording.unit == "days" and abs(value) < SMALLEST_SHOWN_DAYS:
        return f"<{SMALLEST_SHOWN_DAYS:g} {'more' if value > 0 else 'fewer'}"
    text = f"{abs(value):.2g}" if wording.unit == "days" and abs(value) < 10 else wording.exact(abs(value))
    return f"{'+' if value > 0 else '−'}{text}"


def signed_interval(wording: Wording, low: float, high: float) -> str:
    """−38 to +1,250, or one of them where both read the same."""
    first, second = signed(wording, low), signed(wording, high)
    return first if first == second else f"{first} to {second}"


def round_to_figures(value: float, figures: int) -> float:
    """12,345 with 2 figures is 12,000."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, figures - 1 - math.floor(math.log10(abs(value))))


def short_number(value: float, exact_below: float = 1e5) -> str:
    """Three figures and a word: 950, 25,000, 150 thousand, 1.25 million, 30 billion."""
    if abs(value) < exact_below:
        return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.2g}"
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if abs(value) >= size * 0.9995:
            return f"{round_to_figures(value / size, 3):,.10g} {word}"
    return f"{value:,.0f}"


def as_said(value: float) -> str:
    """A number as people say it: 73,299; 1.25 million; 6,000 million. Nothing is said of the fourth figure of millions."""
    if not math.isfinite(value):
        return MISSING
    if abs(value) < 999_500:
        return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.2g}"
    return f"{round_to_figures(value / 1e6, 3):,.10g} million"


def estimated(value: float, sign: bool = False) -> str:
    """A number that was worked out and not counted, by three figures: 359,000; 15.4 million; with its sign −1,230."""
    words = as_said(round_to_figures(abs(value), 3))
    if sign and words != "0":
        return f"{'−' if value < 0 else '+'}{words}"
    return f"−{words}" if value < 0 and words != "0" else words


def date_text(date: np.datetime64 | str) -> str:
    """2018-11-25 → 25 Nov 2018; text that is no full date stays as it is."""
    text = str(date)[:10]
    if len(text) != 10 or text[4] != "-" or not (text[:4] + text[5:7] + text[8:]).isdigit():
        return str(date)
    return f"{int(text[8:])} {MONTH_NAMES[int(text[5:7]) - 1]} {text[:4]}"


def month_text(date: np.datetime64 | str) -> str:
    """2018-11-25 → Nov 2018."""
    return f"{MONTH_NAMES[int(str(date)[5:7]) - 1]} {str(date)[:4]}"


def period_text(date: np.datetime64, every: str) -> str:
    """A reporting period, named by its first day: Nov 2018; week of 5 Nov 2018; 5 Nov 2018."""
    if every == "month":
        return month_text(date)
    return f"week of {date_text(date)}" if every == "week" else date_text(date)


def unbroken(text: str) -> str:
    """A date or a number with its unit that must not be broken over two lines."""
    return text.replace(" ", "\u00a0")


def share_text(share: float) -> str:
    """0.634 → 63 %."""
    return MISSING if not math.isfinite(share) else f"{100 * share:.0f} %"


def share_of_draws(share: float) -> str:
    """A share of the draws in words: 63 % of simulations; all simulations; no simulation.

    >>> share_of_draws(0.634), share_of_draws(0.999), share_of_draws(0.0)
    ('63 % of simulations', 'nearly all simulations', 'no simulation')
    """
    if share in (0.0, 1.0):
        return "all simulations" if share else "no simulation"
    text = share_text(share)
    return {"100 %": "nearly all simulations", "0 %": "hardly any simulation"}.get(text, f"{text} of simulations")


def joined(words: Sequence[str]) -> str:
    """Several things in a sentence: a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
