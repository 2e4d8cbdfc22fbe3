"""Draw the same series in two scenarios, and their difference as a fan around 0: what is more in one colour, what is fewer in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from corredor.pages.charts.fans import BANDS, MEDIAN, Fan, fan_top, thinned
from corredor.pages.charts.scales import LinearScale, TimeScale, date_ticks, nice_ticks
from corredor.pages.charts.svg import Point, Svg, element, line_path, picture, ring_path, short, text_width_px
from corredor.results.wording import Wording, month_text, signed

TEXT_PX = 12.0
AXIS_PX = 34.0
ABOVE_PX = 18.0
GAP_PX = 10.0
DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class TwoScenarios:
    """A series in both scenarios and its difference, draw by draw.

    with_, without, difference : fans over the same periods
    begins : first day on which the scenarios can differ
    """

    title: str
    with_: Fan
    without: Fan
    difference: Fan
    begins: np.datetime64 | None = None
    side: str = "movement"
    wording: Wording = field(default_factory=Wording)


def scenarios_chart(plot: TwoScenarios, width_px: float, height_px: float) -> Svg:
    """Both scenarios above, their difference below, on the same dates.

    Above, the scenario with the measure is in colour and the one without it dashed, bands hold 80 % of the draws. Below, the median of the
    difference with 50, 80 and 95 % bands, orange above 0 and purple below
    """
    half = (height_px - GAP_PX) / 2
    lower = element(
        "g", *_difference(plot, width_px, half), class_="difference", transform=f"translate(0 {short(half + GAP_PX)})"
    )
    captions = [
        element("text", words, x=0, y=at, class_="start note")
        for words, at in (("both scenarios", 10.0), ("difference", half + GAP_PX + 2))
    ]
    fan, wording = plot.difference, plot.wording
    farthest = int(np.argmax(np.abs(fan.median)))
    label = (
        f"{plot.title} in two scenarios, by {fan.every}. The difference is farthest from 0 in {month_text(fan.starts[farthest])}: "
        f"median {signed(wording, float(fan.median[farthest]))}."
    )
    return picture(width_px, height_px, label, *_worlds(plot, width_px, half), lower, *captions, class_=f"fan {plot.side}")


def _worlds(plot: TwoScenarios, width_px: float, height_px: float) -> list[Svg]:
    ticks = nice_ticks(max(fan_top(plot.with_), fan_top(plot.without)), 3, plot.wording.unit == "people")
    labels = [plot.wording.short(tick) for tick in ticks]
    x, y = _scales(plot, ticks, labels, width_px, height_px)
    parts = _axes(plot, x, y, ticks, labels)
    for whole, band, line in ((plot.without, "band grey", "median other"), (plot.with_, "band b80", "median")):
        fan = _thin(whole, x)
        lower, upper, middle = (_points(fan, fan.quantiles[row], x, y) for row in (BANDS[1][0], BANDS[1][1], MEDIAN))
        parts.append(element("path", class_=band, d=ring_path(upper + lower[::-1])))
        parts.append(element("path", class_=line, d=line_path(middle)))
    return parts


def _difference(plot: TwoScenarios, width_px: float, height_px: float) -> list[Svg]:
    fan = plot.difference
    high, low = _reach(fan.quantiles), _reach(-fan.quantiles)
    step = nice_ticks(max(high, low), 2, plot.wording.unit == "people")[1]
    ticks = [step * n for n in range(-int(np.ceil(low / step - 1e-9)), int(np.ceil(high / step - 1e-9)) + 1)]
    ticks = ticks if len(ticks) > 1 else [-step, 0.0, step]
    labels = [f"{'+' if tick > 0 else '−' if tick < 0 else ''}{plot.wording.short(abs(tick))}" for tick in ticks]
    x, y = _scales(plot, ticks, labels, width_px, height_px)
    fan, parts = _thin(fan, x), _axes(plot, x, y, ticks, labels)
    for lower, upper, percent in BANDS:
        for words, clip in (("more", np.maximum), ("fewer", np.minimum)):
            ends = [_points(fan, clip(fan.quantiles[row], 0.0), x, y) for row in (lower, upper)]
            parts.append(element("path", class_=f"band b{percent} {words}", d=ring_path(ends[1] + ends[0][::-1])))
    parts.append(element("path", class_="median", d=line_path(_points(fan, fan.median, x, y))))
    return parts


def _reach(quantiles: np.ndarray) -> float:
    """How far the axis goes to one side: all of the 95 % band unless that dwarfs the 80 % band."""
    inner, outer = float(quantiles[[1, 5]].max(initial=0.0)), float(quantiles[[0, 6]].max(initial=0.0))
    return outer if outer <= 2.5 * inner or inner == 0 else 1.2 * inner


def _scales(
    plot: TwoScenarios, ticks: Sequence[float], labels: Sequence[str], width_px: float, height_px: float
) -> tuple[TimeScale, LinearScale]:
    left = max(44.0, *(text_width_px(label, TEXT_PX) + 8 for label in labels))
    x = TimeScale(plot.with_.starts[0], plot.with_.end, left, width_px - 8)
    return x, LinearScale(ticks[0], ticks[-1], height_px - AXIS_PX, ABOVE_PX)


def _axes(plot: TwoScenarios, x: TimeScale, y: LinearScale, ticks: Sequence[float], labels: Sequence[str]) -> list[Svg]:
    parts = []
    for tick, label in zip(ticks, labels, strict=True):
        class_ = "zero" if tick == 0 else "grid"
        parts.append(element("path", class_=class_, d=f"M{short(x.start_px)} {short(y(tick))}H{short(x.end_px)}"))
        parts.append(element("text", label, x=x.start_px - 6, y=y(tick) + 4, class_="end"))
    base = y.start_px
    for date_tick in date_ticks(x.first, x.last - DAY, max(2, int((x.end_px - x.start_px) / 44))):
        at = x(date_tick.date)
        parts.append(element("path", class_="tick", d=f"M{short(at)} {short(base)}v4"))
        if at > x.end_px - 14:
            continue
        parts.append(element("text", date_tick.label, x=at, y=base + 16, class_="start"))
        if date_tick.year:
            parts.append(element("text", date_tick.year, x=at, y=base + 30, class_="start year"))
    if plot.begins is not None and x.covers(plot.begins):
        parts.append(element("path", class_="rule", d=f"M{short(x(plot.begins))} {short(y.end_px - 4)}V{short(base)}"))
    return parts


def _thin(fan: Fan, x: TimeScale) -> Fan:
    """Points no closer than a pixel and a half."""
    return thinned(fan, max(2, int((x.end_px - x.start_px) / 1.5)))


def _points(fan: Fan, values: np.ndarray, x: TimeScale, y: LinearScale) -> list[Point]:
    """Points of a line; a single period is drawn over its whole length."""
    if len(fan.starts) == 1:
        return [(x(fan.starts[0]), y(float(values[0]))), (x(fan.end), y(float(values[0])))]
    return [(x(date), y(float(value))) for date, value in zip(fan.middles, values, strict=True)]
