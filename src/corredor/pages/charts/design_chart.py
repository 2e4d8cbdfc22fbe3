"""Draw a published series beside what was to be expected of it: dots, and from the measure on a line with its 95 % band."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from corredor.pages.charts.fans import DateMark
from corredor.pages.charts.scales import LinearScale, TimeScale, date_ticks, nice_ticks
from corredor.pages.charts.svg import Point, Svg, element, line_path, picture, ring_path, short, text_width_px
from corredor.results.wording import Wording, month_text

BELOW_PX, ABOVE_PX, TEXT_PX = 36.0, 20.0, 12.0
HUES = ("movement", "protection")
"""One hue an estimate."""

MONTH = np.timedelta64(1, "M")


def design_chart(
    title: str,
    starts: np.ndarray,
    published: np.ndarray,
    expected: Mapping[str, np.ndarray],
    mark: DateMark,
    wording: Wording,
    width_px: float,
    height_px: float,
) -> Svg:
    """The picture.

    starts : (n_months,) datetime64[ns]
    published : (n_months,) float
    expected : who expects → (3, n_months) float: lower end, middle, upper end; not a number before the measure
    mark : the beginning of the measure
    """
    shown = [published, *(band[:2] for band in expected.values())]
    top = 1.05 * float(np.nanmax([np.nanmax(values) for values in shown]))
    highest = max((float(np.nanmax(band[2])) for band in expected.values()), default=0.0)
    ticks = nice_ticks(min(max(top, highest), 2.2 * top), 4, wording.unit == "people")
    left = max(text_width_px(wording.short(tick), TEXT_PX) for tick in ticks) + 8
    end = (starts[-1].astype("datetime64[M]") + MONTH).astype("datetime64[ns]")
    x = TimeScale(starts[0], end, left, width_px - 8)
    y = LinearScale(0.0, ticks[-1], height_px - BELOW_PX, ABOVE_PX)
    middles = [start + (following - start) / 2 for start, following in zip(starts, [*starts[1:], end], strict=True)]
    parts = _axes(x, y, ticks, wording, width_px)
    parts.append(element("path", class_="rule", d=f"M{short(x(mark.date))} {short(ABOVE_PX - 4)}V{short(y(0))}"))
    parts.append(
        element("text", mark.letter, element("title", mark.title), x=x(mark.date), y=ABOVE_PX - 8, class_="middle letter")
    )
    for (who, band), hue in zip(expected.items(), HUES, strict=False):
        parts.append(_band(who, band, [x(middle) for middle in middles], y, hue))
    for middle, value in zip(middles, published, strict=True):
        if np.isfinite(value):
            parts.append(element("circle", class_="published", cx=x(middle), cy=y(float(value)), r=2.7))
    span = f"{month_text(starts[0])} to {month_text(starts[-1])}, last {wording.rounded(float(published[-1]))}"
    words = f"{title}: published by month, {span}; expected by {' and '.join(expected) or 'nobody'}."
    return picture(width_px, height_px, words, *parts, class_="fan movement")


def _axes(x: TimeScale, y: LinearScale, ticks: list[float], wording: Wording, width_px: float) -> list[Svg]:
    parts = []
    for tick in ticks:
        line = f"M{short(x.start_px)} {short(y(tick))}H{short(x.end_px)}"
        parts.append(element("path", class_="zero" if tick == 0 else "grid", d=line))
        parts.append(element("text", wording.short(tick), x=x.start_px - 6, y=y(tick) + 4, class_="end"))
    for date_tick in date_ticks(x.first, x.last - np.timedelta64(1, "D"), max(2, int((x.end_px - x.start_px) / 52))):
        at = x(date_tick.date)
        if at < x.end_px - 20:
            parts.append(element("path", class_="tick", d=f"M{short(at)} {short(y(0))}v4"))
            parts.append(element("text", date_tick.label, x=at, y=y(0) + 16, class_="start"))
            if date_tick.year:
                parts.append(element("text", date_tick.year, x=at, y=y(0) + 30, class_="start year"))
    return parts


def _band(who: str, band: np.ndarray, at: list[float], y: LinearScale, hue: str) -> Svg:
    inside = [
        (px, *(float(value) for value in column)) for px, column in zip(at, band.T, strict=True) if np.isfinite(column).all()
    ]
    if len(inside) == 1:
        # one month has no line to draw, so its level is drawn over half a month on either side
        half = (at[-1] - at[-2]) / 2 if len(at) > 1 else 4.0
        inside = [(inside[0][0] - half, *inside[0][1:]), (inside[0][0] + half, *inside[0][1:])]
    lower: list[Point] = [(px, y(low)) for px, low, _, _ in inside]
    upper: list[Point] = [(px, y(high)) for px, _, _, high in inside]
    middle: list[Point] = [(px, y(value)) for px, _, value, _ in inside]
    return element(
        "g",
        element("title", who),
        element("path", class_="band b95", d=ring_path(upper + lower[::-1])),
        element("path", class_="median", d=line_path(middle)),
        class_=hue,
    )
