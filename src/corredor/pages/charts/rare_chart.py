"""Draw how likely a rare event is, period by period: bars of the share of simulations in which it happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corredor.pages.charts.axes import DAY, date_axis, room_for, upright, value_axis
from corredor.pages.charts.fans import DateMark
from corredor.pages.charts.scales import LinearScale, TimeScale, nice_ticks
from corredor.pages.charts.svg import Svg, element, picture
from corredor.results.wording import month_text, share_text

AXIS_PX, ABOVE_PX, RIGHT_PX = 34.0, 20.0, 8.0
GAP_PX = 1.5


@dataclass(frozen=True)
class RareEvents:
    """title, side : as of a fan

    starts : (n_periods,) datetime64    first moments of the periods; end : last moment of the last one
    shares : (n_periods,) float         share of simulations with anything in the period, 0–1
    marks : dates with a letter
    """

    title: str
    side: str
    starts: np.ndarray
    end: np.datetime64
    shares: np.ndarray
    marks: Sequence[DateMark] = ()


def rare_chart(events: RareEvents, width_px: float, height_px: float) -> Svg:
    """One bar a period, from 0 to a round number of percent."""
    ticks = nice_ticks(100 * float(events.shares.max(initial=0.01)), 3)
    x = TimeScale(events.starts[0], events.end, room_for(ticks, _percent), width_px - RIGHT_PX)
    y = LinearScale(0.0, ticks[-1], height_px - AXIS_PX, ABOVE_PX)
    parts = [*value_axis(x, y, ticks, _percent), *date_axis(x, y(0))]
    for start, end, share in zip(events.starts, [*events.starts[1:], events.end], events.shares, strict=True):
        if share > 0:
            left, right, top = x(start) + GAP_PX / 2, x(end) - GAP_PX / 2, y(100 * float(share))
            words = element("title", f"{month_text(start)}: {share_text(float(share))} of simulations")
            box = {"x": left, "y": top, "width": max(right - left, 1.0), "height": y(0) - top}
            parts.append(element("rect", words, class_="bar", **box))
    for mark in events.marks:
        if events.starts[0] <= mark.date <= events.end - DAY:
            at = x(mark.date)
            parts.append(upright("rule", at, y.end_px - 4, y(0)))
            named = element("title", f"{mark.letter}: {mark.title}")
            parts.append(element("text", named, mark.letter, x=at, y=y.end_px - 8, class_="middle letter"))
    return picture(width_px, height_px, _description(events), *parts, class_=f"rare {events.side}")


def _percent(value: float) -> str:
    return f"{value:g} %"


def _description(events: RareEvents) -> str:
    likeliest = int(np.argmax(events.shares))
    share, when = share_text(float(events.shares[likeliest])), month_text(events.starts[likeliest])
    return f"{events.title}: bars of the share of simulations in which it happens, by month. Most likely in {when} ({share})."
