"""Lines, axes and bands that several charts draw alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from corredor.pages.charts.fans import BANDS, Fan, known, thinned
from corredor.pages.charts.scales import LinearScale, TimeScale, date_ticks
from corredor.pages.charts.svg import Point, Svg, element, line_path, ring_path, short, text_width_px
from corredor.results.quantiles import MEDIAN

TEXT_PX = 12.0
PX_A_DATE = 44.0
PAST_END_PX = 6.0
"""Room right of a plot that every picture has."""
LOWEST_FLOOR_PX = 3.0
"""A lower band of small counts is not seen beside the line of 0."""
DAY = np.timedelta64(1, "D")


Writer = Callable[[float], str]
"""Writes a number of an axis."""


def across(class_: str, y: float, left: float, right: float, *inside: Svg) -> Svg:
    """A level line."""
    return element("path", *inside, class_=class_, d=f"M{short(left)} {short(y)}H{short(right)}")


def upright(class_: str, x: float, top: float, bottom: float, *inside: Svg) -> Svg:
    """A line from top to bottom."""
    return element("path", *inside, class_=class_, d=f"M{short(x)} {short(top)}V{short(bottom)}")


def room_for(ticks: Sequence[float], write: Writer) -> float:
    """Pixels left of a plot for the numbers of its axis."""
    return max(text_width_px(write(tick), TEXT_PX) for tick in ticks) + 8


def value_axis(x: TimeScale, y: LinearScale, ticks: Sequence[float], write: Writer) -> list[Svg]:
    """A line for each number, the one of 0 darker; and the band of small counts, which are all drawn at its upper edge."""
    parts = []
    if y.floor and y(0) - y(y.floor) >= LOWEST_FLOOR_PX:
        told = element("title", f"Counts of fewer than {y.floor:g} people are all drawn at the upper edge of this band.")
        place = {"x": x.start_px, "y": y(y.floor), "width": x.end_px - x.start_px, "height": y(0) - y(y.floor)}
        parts.append(element("rect", told, class_="few", **place))
    for tick in ticks:
        if 0 < tick < y.floor:
            continue  # drawn with the small counts, it would lie on the tick of their upper edge
        parts.append(across("zero" if tick == 0 else "grid", y(tick), x.start_px, x.end_px))
        parts.append(element("text", write(tick), x=x.start_px - 6, y=y(tick) + 4, class_="end"))
    return parts


def date_axis(x: TimeScale, base: float, *, past_the_end: bool = False, years_alone: bool = False) -> list[Svg]:
    """Ticks with months, the year below where it begins.

    past_the_end : whether a name may run out of the plot
    years_alone : a year takes the place of its month
    """
    parts = []
    for tick in date_ticks(x.first, x.last - DAY, max(2, int((x.end_px - x.start_px) / PX_A_DATE))):
        at = x(tick.date)
        parts.append(element("path", class_="tick", d=f"M{short(at)} {short(base)}v4"))
        if at <= x.end_px - 14 or past_the_end:
            label = (tick.year or tick.label) if years_alone else tick.label
            parts.append(element("text", label, x=at, y=base + 16, class_="start"))
            if tick.year and not years_alone:
                # a year is wider than its month, and would be cut at the end of the picture
                inside = at if past_the_end else min(at, x.end_px + PAST_END_PX - text_width_px(tick.year, TEXT_PX))
                parts.append(element("text", tick.year, x=inside, y=base + 30, class_="start year"))
    return parts


def thin(fan: Fan, x: TimeScale) -> Fan:
    """Points no closer than a pixel and a half; periods whose numbers are hidden are left out."""
    return thinned(known(fan), max(2, int((x.end_px - x.start_px) / 1.5)))


def fan_points(fan: Fan, several: Sequence[np.ndarray], x: TimeScale, y: LinearScale) -> list[list[Point]]:
    """Points of lines over the same days; a single period is drawn over its whole length."""
    alone = len(fan.starts) == 1
    dates = [x(date) for date in ((fan.starts[0], fan.end) if alone else fan.middles)]
    return [[(date, y(float(value))) for date, value in zip(dates, values.repeat(1 + alone), strict=True)] for values in several]


def band(class_: str, upper: list[Point], lower: list[Point]) -> Svg:
    return element("path", class_=class_, d=ring_path(upper + lower[::-1]))


def fan_bands(fan: Fan, x: TimeScale, y: LinearScale) -> list[Svg]:
    """Bands, widest first, and the median on top."""
    rows = fan_points(fan, list(fan.quantiles), x, y)
    bands = [band(f"band b{percent}", rows[high], rows[low]) for low, high, percent in BANDS]
    return [*bands, element("path", class_="median", d=line_path(rows[MEDIAN]))]
