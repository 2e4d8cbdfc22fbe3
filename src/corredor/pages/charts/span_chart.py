"""Draw figures that cover days of their own: each a line from its first to its last day, at what it comes to in a month."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import numpy as np

from corredor.pages.charts.axes import across, date_axis, room_for, value_axis
from corredor.pages.charts.scales import LinearScale, TimeScale, nice_ticks
from corredor.pages.charts.svg import Svg, element, picture
from corredor.results.wording import Wording

BELOW_PX, ABOVE_PX = 36.0, 20.0
SHORTEST_PX = 3.0
"""A month in a picture of many years is still seen."""

Span = tuple[dt.date, dt.date, float, float]


def span_chart(
    title: str, spans: Sequence[Span], window: tuple[dt.date, dt.date], wording: Wording, width_px: float, height_px: float
) -> Svg:
    """The picture.

    spans : first day, last day, lowest and highest value a month; at least one
    window : days that are shaded
    """
    first = min([window[0], *(span[0] for span in spans)])
    last = max([window[1], *(span[1] for span in spans)])
    top = max(high if math.isfinite(high) else low for _, _, low, high in spans)
    ticks = nice_ticks(max(1.05 * top, wording.floor), 4, wording.unit == "people")
    left = room_for(ticks, wording.short)
    x = TimeScale(np.datetime64(first, "ns"), np.datetime64(last + dt.timedelta(days=1), "ns"), left, width_px - 8)
    y = LinearScale(0.0, ticks[-1], height_px - BELOW_PX, ABOVE_PX, wording.floor)
    begin, end = _ends(x, *window)
    parts = [
        element("rect", class_="claimed", x=begin, y=ABOVE_PX - 4, width=end - begin, height=y(0) - ABOVE_PX + 4),
        element(
            "text", "the claim", x=min(max((begin + end) / 2, left + 26), width_px - 34), y=ABOVE_PX - 9, class_="middle note"
        ),
    ]
    parts += value_axis(x, y, ticks, wording.short) + date_axis(x, y(0), years_alone=True)
    parts += [_line(x, y, span, wording) for span in spans]
    words = f"{title}: {len(spans)} published figures, the highest {wording.rounded(top)} a month"
    return picture(width_px, height_px, f"{words}.", *parts, class_="spans movement")


def _line(x: TimeScale, y: LinearScale, span: Span, wording: Wording) -> Svg:
    first, last, low, high = span
    begin, end = _ends(x, first, last)
    told = element("title", f"{first} to {last}: {wording.rounded(low)} a month")
    ends = (begin, max(end, begin + SHORTEST_PX))
    parts = [told, across("span", y(low), *ends)]
    if math.isfinite(high) and high > low:
        parts.append(across("span", y(high), *ends))
    return element("g", *parts)


def _ends(x: TimeScale, first: dt.date, last: dt.date) -> tuple[float, float]:
    return x(np.datetime64(first, "ns")), x(np.datetime64(last + dt.timedelta(days=1), "ns"))
