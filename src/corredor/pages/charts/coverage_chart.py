"""Draw how often bands held: a row for each year or kind of time, dots where they should lie on the upright lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corredor.pages.charts.axes import across, upright
from corredor.pages.charts.svg import Svg, element, picture, text_width_px

ROW_PX, HEAD_PX, FOOT_PX = 24.0, 24.0, 26.0
TEXT_PX = 12.0
CLAIMED = (0.5, 0.8, 0.95)
"""What the bands claim to hold."""


@dataclass(frozen=True)
class CoverageRow:
    """How often the bands of 50, 80 and 95 % held.

    title : year or kind of time
    held : three shares, 0–1
    outcomes : figures that they are shares of
    """

    title: str
    held: tuple[float, float, float]
    outcomes: int


def coverage_chart(rows: Sequence[CoverageRow], what: str, width_px: float) -> Svg:
    """Left of a line its band held less than it claims. Full dots: the bands of 80 %; hollow ones: those of 50 and 95 %.

    rows : in the order shown; at least one
    what : whose bands, for the description
    """
    left = max(text_width_px(row.title, TEXT_PX) for row in rows) + 10
    counts = [f"{row.outcomes:,}" for row in rows]
    right = width_px - max(text_width_px(text, TEXT_PX) for text in [*counts, "figures"]) - 12
    bottom = HEAD_PX + ROW_PX * len(rows)

    def x(share: float) -> float:
        return left + share * (right - left)

    parts: list[Svg] = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(upright("zero" if tick == 0 else "grid", x(tick), HEAD_PX - 4, bottom))
        if tick != 0.75:
            parts.append(element("text", f"{100 * tick:.0f} %", x=x(tick), y=bottom + 16, class_="middle"))
    for claimed in CLAIMED:
        parts.append(upright("rule now" if claimed == 0.8 else "rule", x(claimed), HEAD_PX - 6, bottom))
        parts.append(element("text", f"{100 * claimed:.0f}", x=x(claimed), y=12, class_="middle"))
    parts.append(element("text", "figures", x=width_px - 2, y=12, class_="end"))
    for number, (row, count) in enumerate(zip(rows, counts, strict=True)):
        y = HEAD_PX + ROW_PX * (number + 0.5)
        parts.append(element("text", row.title, x=left - 8, y=y + 4, class_="end value"))
        parts.append(across("whisker", y, x(min(row.held)), x(max(row.held))))
        for position, share in enumerate(row.held):
            class_, radius = ("published", 5.5) if position == 1 else ("published hollow", 3.0)
            parts.append(element("circle", class_=class_, cx=x(share), cy=y, r=radius))
        parts.append(element("text", count, x=width_px - 2, y=y + 4, class_="end"))
    told = "; ".join(f"{row.title} {100 * row.held[1]:.0f} % of {row.outcomes}" for row in rows)
    return picture(
        width_px, bottom + FOOT_PX, f"How often bands of 80 % of {what} held: {told}.", *parts, class_="waiting movement"
    )
