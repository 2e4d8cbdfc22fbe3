"""Draw effects as rows around 0: dot for the middle, thick line for the 80 % interval, thin for the 95 %; more and fewer in two colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corredor.pages.charts.axes import across, upright
from corredor.pages.charts.scales import LinearScale, nice_ticks
from corredor.pages.charts.svg import Svg, element, picture, text_width_px
from corredor.results.wording import Wording, signed

ROW_PX = 26.0
TEXT_PX = 12.0
AXIS_PX = 24.0


@dataclass(frozen=True)
class EffectRow:
    """One effect.

    low, high : ends of the 95 % interval; inner_low, inner_high of the 80 %; all the same as `middle` where there is no interval
    """

    label: str
    middle: float
    inner_low: float
    inner_high: float
    low: float
    high: float


def effect_chart(title: str, rows: Sequence[EffectRow], width_px: float, wording: Wording, signs: bool = True) -> Svg:
    """Rows in the order given, on one scale that holds 0.

    signs : whether values are differences, written with + and −; else plain numbers
    """
    low, high = min([0.0, *(row.low for row in rows)]), max([0.0, *(row.high for row in rows)])
    ticks = _ticks(low, high)
    longest = max((text_width_px(row.label, TEXT_PX) for row in rows), default=0.0)
    above = longest > 0.5 * width_px
    left = 10.0 if above else longest + 12
    height = ROW_PX * (1.7 if above else 1.0)
    words = [_number(row.middle, wording, signs) for row in rows]
    right = width_px - max((text_width_px(word, TEXT_PX) for word in words), default=0.0) - 12
    x = LinearScale(ticks[0], ticks[-1], left, max(right, left + 40))
    bottom = height * len(rows) + 6
    parts: list[Svg] = []
    for tick in _few(ticks, x):
        parts.append(upright("zero" if tick == 0 else "grid", x(tick), 2, bottom))
        text = _axis_number(tick, wording, signs)
        half = text_width_px(text, TEXT_PX) / 2
        at = min(max(x(tick), half), width_px - half)
        parts.append(element("text", text, x=at, y=bottom + 15, class_="middle"))
    for number, row in enumerate(rows):
        y = height * number + (height - ROW_PX) + ROW_PX / 2 + 2
        class_ = "row more" if row.middle > 0 else "row fewer" if row.middle < 0 else "row same"
        # a number without an interval is a bar from 0
        inner = row.inner_low if row.low < row.high else 0.0
        label_at = (
            {"x": left, "y": y - 12, "class_": "start name"} if above else {"x": left - 8, "y": y + 4, "class_": "end name"}
        )
        name = _cut(row.label, width_px - left) if above else row.label
        whole = [element("title", row.label)] if name != row.label else []
        parts.append(element("text", *whole, name, **label_at))  # type: ignore[arg-type]
        parts.append(
            element(
                "g",
                across("outer", y, x(row.low), x(row.high)),
                across("inner", y, x(inner), x(row.inner_high)),
                element("circle", cx=x(row.middle), cy=y, r=4),
                class_=class_,
            )
        )
        parts.append(element("text", words[number], x=x.end_px + 8, y=y + 4, class_="start value"))
    largest = max(rows, key=lambda row: abs(row.middle), default=None)
    about = f" Largest: {largest.label}, {_number(largest.middle, wording, signs)}." if largest else ""
    label = f"{title}: {len(rows)} effects around zero.{about}"
    return picture(width_px, bottom + AXIS_PX, label, *parts, class_="effects")


def _cut(text: str, room_px: float) -> str:
    """A name that fits, with … for what is left out."""
    while text_width_px(text, TEXT_PX) > room_px and len(text) > 2:
        text = text[:-2].rstrip() + "…"
    return text


def _number(value: float, wording: Wording, signs: bool) -> str:
    if wording.unit == "share":
        return f"{value:.2f}"
    return signed(wording, value) if signs else wording.exact(value)


def _axis_number(value: float, wording: Wording, signs: bool) -> str:
    text = wording.short(abs(value))
    return text if not signs or value == 0 else f"{'+' if value > 0 else '−'}{text}"


def _ticks(low: float, high: float) -> list[float]:
    """Round values that hold both ends, 0 among them."""
    if low == high == 0:
        return [-1.0, 0.0, 1.0]
    step = nice_ticks(max(high, -low), 3)[1]
    first, last = -int(-(low / step) + 0.999999), int(high / step + 0.999999)
    return [step * number for number in range(min(first, 0), max(last, 0) + 1)]


def _few(ticks: list[float], x: LinearScale) -> list[float]:
    """Ticks whose numbers do not run into each other."""
    room = (x.end_px - x.start_px) / max(len(ticks) - 1, 1)
    every = 1 if room >= 60 else 2 if room >= 30 else 4
    zero = ticks.index(0.0) if 0.0 in ticks else 0
    return [tick for number, tick in enumerate(ticks) if (number - zero) % every == 0]
