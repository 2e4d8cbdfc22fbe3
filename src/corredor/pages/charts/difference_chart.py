"""Draw the same series in two scenarios, and their difference as a fan around 0: what is more in one colour, what is fewer in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from corredor.pages.charts.axes import Writer, band, date_axis, fan_points, room_for, thin, upright, value_axis
from corredor.pages.charts.fans import BANDS, Fan, fan_top
from corredor.pages.charts.scales import LinearScale, TimeScale, nice_ticks
from corredor.pages.charts.svg import Svg, element, line_path, picture, short
from corredor.results.quantiles import MEDIAN
from corredor.results.wording import Wording, month_text, signed

AXIS_PX = 34.0
ABOVE_PX = 18.0
GAP_PX = 10.0


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
    label = f"{plot.title} in two scenarios, by {fan.every}. "
    if np.isfinite(fan.median).any():
        farthest = int(np.nanargmax(np.abs(fan.median)))
        label += f"The difference is farthest from 0 in {month_text(fan.starts[farthest])}: "
        label += f"median {signed(wording, float(fan.median[farthest]))}."
    else:
        label += "All numbers are hidden, so that no small count can be worked out."
    return picture(width_px, height_px, label, *_worlds(plot, width_px, half), lower, *captions, class_=f"fan {plot.side}")


def _worlds(plot: TwoScenarios, width_px: float, height_px: float) -> list[Svg]:
    ticks = nice_ticks(max(fan_top(plot.with_), fan_top(plot.without), plot.wording.floor), 3, plot.wording.unit == "people")
    x, y = _scales(plot, ticks, plot.wording.short, width_px, height_px)
    y = replace(y, floor=plot.wording.floor)
    parts = _axes(plot, x, y, ticks, plot.wording.short)
    for whole, class_, line in ((plot.without, "band grey", "median other"), (plot.with_, "band b80", "median")):
        fan = thin(whole, x)
        lower, upper, middle = fan_points(fan, [fan.quantiles[row] for row in (BANDS[1][0], BANDS[1][1], MEDIAN)], x, y)
        parts += [band(class_, upper, lower), element("path", class_=line, d=line_path(middle))]
    return parts


def _difference(plot: TwoScenarios, width_px: float, height_px: float) -> list[Svg]:
    fan = plot.difference
    high, low = _reach(fan.quantiles), _reach(-fan.quantiles)
    step = nice_ticks(max(high, low), 2, plot.wording.unit == "people")[1]
    ticks = [step * n for n in range(-int(np.ceil(low / step - 1e-9)), int(np.ceil(high / step - 1e-9)) + 1)]
    ticks = ticks if len(ticks) > 1 else [-step, 0.0, step]

    def write(tick: float) -> str:
        return f"{'+' if tick > 0 else '−' if tick < 0 else ''}{plot.wording.short(abs(tick))}"

    x, y = _scales(plot, ticks, write, width_px, height_px)
    fan, parts = thin(fan, x), _axes(plot, x, y, ticks, write)
    for lower, upper, percent in BANDS:
        for words, clip in (("more", np.maximum), ("fewer", np.minimum)):
            high_ends, low_ends = fan_points(fan, [clip(fan.quantiles[row], 0.0) for row in (upper, lower)], x, y)
            parts.append(band(f"band b{percent} {words}", high_ends, low_ends))
    parts.append(element("path", class_="median", d=line_path(fan_points(fan, [fan.median], x, y)[0])))
    return parts


def _reach(quantiles: np.ndarray) -> float:
    """How far the axis goes to one side: all of the 95 % band unless that dwarfs the 80 % band."""
    quantiles = np.nan_to_num(quantiles)
    inner, outer = float(quantiles[[1, 5]].max(initial=0.0)), float(quantiles[[0, 6]].max(initial=0.0))
    return outer if outer <= 2.5 * inner or inner == 0 else 1.2 * inner


def _scales(
    plot: TwoScenarios, ticks: Sequence[float], write: Writer, width_px: float, height_px: float
) -> tuple[TimeScale, LinearScale]:
    left = max(44.0, room_for(ticks, write))
    x = TimeScale(plot.with_.starts[0], plot.with_.end, left, width_px - 8)
    return x, LinearScale(ticks[0], ticks[-1], height_px - AXIS_PX, ABOVE_PX)


def _axes(plot: TwoScenarios, x: TimeScale, y: LinearScale, ticks: Sequence[float], write: Writer) -> list[Svg]:
    parts = value_axis(x, y, ticks, write) + date_axis(x, y.start_px)
    if plot.begins is not None and x.covers(plot.begins):
        parts.append(upright("rule", x(plot.begins), y.end_px - 4, y.start_px))
    return parts
