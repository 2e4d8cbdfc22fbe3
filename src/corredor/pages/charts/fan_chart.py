"""Draw a fan: median with 50, 80 and 95 % bands in one hue, widest lightest, and the published figures as dots on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from corredor.pages.charts.axes import TEXT_PX, across, date_axis, fan_bands, room_for, thin, upright, value_axis
from corredor.pages.charts.fans import BANDS, DateMark, Fan, PublishedFigure, fan_top, known, largest
from corredor.pages.charts.scales import LinearScale, TimeScale, nice_ticks
from corredor.pages.charts.svg import Svg, element, picture, short
from corredor.results.quantiles import MEDIAN
from corredor.results.wording import Wording, month_text

AXIS_PX = 34.0
"""Room under the plot for months and years."""
END_LABELS_PX = 56.0
OPEN_END_PX = 13.0
"""Length of the arrow of a figure that is only “at least” or “at most”."""
WIDE_PX = 460.0
"""From this width on a chart names its bands at the right end."""


@dataclass(frozen=True)
class FanPlot:
    """One fan with everything drawn beside it.

    title : for the description; the visible title stands outside the picture
    side : movement, control, protection or money; becomes a CSS class that sets the hue
    top : upper end of the axis where several plots share one; own scale without it
    """

    title: str
    fan: Fan
    published: Sequence[PublishedFigure] = ()
    marks: Sequence[DateMark] = ()
    side: str = "movement"
    wording: Wording = field(default_factory=Wording)
    top: float | None = None


@dataclass(frozen=True)
class _Frame:
    width_px: float
    height_px: float
    x: TimeScale
    y: LinearScale
    ticks: list[float]
    clipped_at: float | None


def fan_chart(plot: FanPlot, width_px: float, height_px: float) -> Svg:
    """The picture of a fan at the size at which it will be seen, so that its text is as large as the text around it."""
    frame = _frame(plot, width_px, height_px)
    end_labels = _end_labels(plot, frame) if width_px >= WIDE_PX else []
    return picture(
        width_px,
        height_px,
        description(plot),
        *_axes(plot, frame),
        *_marks(plot, frame),
        *fan_bands(thin(plot.fan, frame.x), frame.x, frame.y),
        *_published(plot, frame),
        *end_labels,
        class_=f"fan {plot.side}",
    )


def description(plot: FanPlot) -> str:
    """The picture in one sentence, for those who do not see it."""
    fan, wording = known(plot.fan), plot.wording
    if not len(fan.starts):
        return f"{plot.title}: all numbers are hidden, so that no small count can be worked out."
    highest = int(np.argmax(fan.median))
    words = (
        f"{plot.title}: fan chart by {fan.every}, {month_text(fan.starts[0])} to {month_text(fan.starts[-1])}. "
        f"The median begins at {wording.rounded(float(fan.median[0]))}, is highest at {wording.rounded(float(fan.median[highest]))} in "
        f"{month_text(fan.starts[highest])} and ends at {wording.rounded(float(fan.median[-1]))}"
    )
    return f"{words}. {len(plot.published)} published figures." if plot.published else f"{words}."


def _frame(plot: FanPlot, width_px: float, height_px: float) -> _Frame:
    top = plot.top if plot.top is not None else fan_top(plot.fan, plot.published)
    ticks = nice_ticks(max(top, plot.wording.floor), 4 if height_px >= 190 else 3, plot.wording.unit == "people")
    left = room_for(ticks, plot.wording.short)
    right = width_px - (END_LABELS_PX if width_px >= WIDE_PX else 8)
    above = 20.0 if plot.marks else 12.0
    x = TimeScale(plot.fan.starts[0], plot.fan.end, left, right)
    y = LinearScale(0.0, ticks[-1], height_px - AXIS_PX, above, plot.wording.floor)
    outer = largest(plot.fan.quantiles[6])
    return _Frame(width_px, height_px, x, y, ticks, outer if outer > ticks[-1] else None)


def _axes(plot: FanPlot, frame: _Frame) -> list[Svg]:
    x, y = frame.x, frame.y
    parts = value_axis(x, y, frame.ticks, plot.wording.short) + date_axis(x, y(0), past_the_end=frame.width_px >= WIDE_PX)
    if frame.clipped_at is not None:
        words = f"95 % band goes up to {plot.wording.rounded(frame.clipped_at)} ↑"
        parts.append(element("text", words, x=x.end_px, y=y.end_px + 11, class_="end note"))
    return parts


def _marks(plot: FanPlot, frame: _Frame) -> list[Svg]:
    parts = []
    for mark in plot.marks:
        if frame.x.covers(mark.date):
            at = frame.x(mark.date)
            ends = (at, frame.y.end_px - 4, frame.y(0))
            if not mark.letter:
                parts.append(upright("rule now", *ends, element("title", mark.title)))
                continue
            title = element("title", f"{mark.letter}: {mark.title}")
            parts.append(upright("rule", *ends))
            parts.append(element("text", title, mark.letter, x=at, y=frame.y.end_px - 8, class_="middle letter"))
    return parts


def _published(plot: FanPlot, frame: _Frame) -> list[Svg]:
    radius = 3.2 if frame.width_px >= WIDE_PX else 2.6
    if len(plot.published) > 120:
        radius *= 0.75
    below, above = [], []
    for figure in plot.published:
        if not frame.x.covers(figure.middle):
            continue
        at = frame.x(figure.middle)
        if np.isfinite(figure.expected_low):
            below.append(upright("expected", at, frame.y(figure.expected_low), frame.y(figure.expected_high)))
        above.append(_dot(figure, frame, at, radius))
    return below + above


def _dot(figure: PublishedFigure, frame: _Frame, at: float, radius: float) -> Svg:
    title = element("title", figure.text) if figure.text else Svg("")
    class_ = "published hollow" if figure.provisional or figure.later else "published"
    is_range = np.isfinite(figure.low) or np.isfinite(figure.high)
    if is_range and not _hidden_by_dot(figure, frame, radius):
        dot = element("circle", cx=at, cy=frame.y(figure.value), r=radius) if np.isfinite(figure.value) else Svg("")
        return element("g", title, element("path", class_="range", d=_range_path(figure, frame, at)), dot, class_=class_)
    if figure.averaged:
        level = across("range", frame.y(_middle(figure)), frame.x(figure.first), frame.x(figure.last))
        return element("g", title, level, class_=class_)
    return element("circle", title, cx=at, cy=frame.y(_middle(figure)), r=radius, class_=class_)


def _range_path(figure: PublishedFigure, frame: _Frame, at: float) -> str:
    """A bar between two ends; from an end alone a short arrow, so that “at least” is not taken for a mark of a date.

    An average over several periods has its level over all of them too.
    """
    if np.isfinite(figure.low) and np.isfinite(figure.high):
        return f"M{short(at - 3)} {short(frame.y(figure.low))}h6m-3 0V{short(frame.y(figure.high))}m-3 0h6"
    end, way = (figure.low, -1) if np.isfinite(figure.low) else (figure.high, 1)
    y = frame.y(end)
    level = f"M{short(frame.x(figure.first))} {short(y)}H{short(frame.x(figure.last))}" if figure.averaged else ""
    back, ahead = short(-4 * way), short(4 * way)
    return f"{level}M{short(at - 4)} {short(y)}h8m-4 0v{short(way * OPEN_END_PX)}m-3 {back}l3 {ahead} 3 {back}"


def _hidden_by_dot(figure: PublishedFigure, frame: _Frame, radius: float) -> bool:
    """A range from mere rounding, shorter than the dot is high."""
    known = np.isfinite([figure.low, figure.high]).all()
    return bool(known) and abs(frame.y(figure.low) - frame.y(figure.high)) <= 2 * radius


def _middle(figure: PublishedFigure) -> float:
    return figure.value if np.isfinite(figure.value) else (figure.low + figure.high) / 2


def _end_labels(plot: FanPlot, frame: _Frame) -> list[Svg]:
    """Names of the bands at the right end, the most telling first, none on top of another."""
    last = plot.fan.quantiles[:, -1]
    if np.isnan(last[MEDIAN]):
        return []
    wanted = [("median", last[MEDIAN], "median-label")]
    wanted += [(f"{percent} %", last[high], "band-label") for _, high, percent in BANDS]
    placed: list[float] = []
    parts = []
    for words, value, class_ in wanted:
        at = frame.y(float(value))
        clipped = float(value) > frame.ticks[-1]
        if not clipped and all(abs(at - other) >= TEXT_PX for other in placed):
            placed.append(at)
            parts.append(element("text", words, x=frame.x(plot.fan.middles[-1]) + 6, y=at + 4, class_=f"start {class_}"))
    return parts
