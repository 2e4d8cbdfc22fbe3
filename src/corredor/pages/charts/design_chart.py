"""Draw a published series beside what was to be expected of it: dots, and from the measure on a line with its 95 % band."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from corredor.pages.charts.axes import TEXT_PX, date_axis, room_for, upright, value_axis
from corredor.pages.charts.axes import band as band_between
from corredor.pages.charts.fans import DateMark
from corredor.pages.charts.scales import LinearScale, TimeScale, nice_ticks
from corredor.pages.charts.svg import Point, Svg, element, line_path, picture, text_width_px
from corredor.results.wording import Wording, month_text

BELOW_PX, ABOVE_PX = 36.0, 20.0
BOLD = 1.15
"""How much wider bold letters are than plain ones."""

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
    ticks = nice_ticks(max(min(max(top, highest), 2.2 * top), wording.floor), 4, wording.unit == "people")
    left = room_for(ticks, wording.short)
    end = (starts[-1].astype("datetime64[M]") + MONTH).astype("datetime64[ns]")
    x = TimeScale(starts[0], end, left, width_px - 8)
    y = LinearScale(0.0, ticks[-1], height_px - BELOW_PX, ABOVE_PX, wording.floor)
    middles = [start + (following - start) / 2 for start, following in zip(starts, [*starts[1:], end], strict=True)]
    parts = [*value_axis(x, y, ticks, wording.short), *date_axis(x, y(0)), upright("rule", x(mark.date), ABOVE_PX - 4, y(0))]
    letter_at = min(x(mark.date), width_px - 0.5 * BOLD * text_width_px(mark.letter, TEXT_PX) - 1)
    parts.append(element("text", mark.letter, element("title", mark.title), x=letter_at, y=ABOVE_PX - 8, class_="middle letter"))
    for (who, band), hue in zip(expected.items(), HUES, strict=False):
        parts.append(_band(who, band, [x(middle) for middle in middles], y, hue))
    for middle, value in zip(middles, published, strict=True):
        if np.isfinite(value):
            parts.append(element("circle", class_="published", cx=x(middle), cy=y(float(value)), r=2.7))
    span = f"{month_text(starts[0])} to {month_text(starts[-1])}, last {wording.rounded(float(published[-1]))}"
    words = f"{title}: published by month, {span}; expected by {' and '.join(expected) or 'nobody'}."
    return picture(width_px, height_px, words, *parts, class_="fan movement")


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
        band_between("band b95", upper, lower),
        element("path", class_="median", d=line_path(middle)),
        class_=hue,
    )
