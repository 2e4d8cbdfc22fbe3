"""Draw where what came lay in the forecasts: a bar for each tenth of the forecast, all alike when it claims what it knows."""

from __future__ import annotations

from collections.abc import Sequence

from corredor.pages.charts.axes import across
from corredor.pages.charts.scales import LinearScale, nice_ticks
from corredor.pages.charts.svg import Svg, element, picture, text_width_px
from corredor.results.wording import share_text

ABOVE_PX, BELOW_PX = 10.0, 36.0
GAP_PX = 2.0


def pit_chart(shares: Sequence[float], what: str, width_px: float, height_px: float) -> Svg:
    """Bars from the lowest part of the forecasts to the highest; the line is where all would end.

    shares : of what came, one for each part of the forecasts, of equal size; they sum to 1
    what : whose forecasts, for the description
    """
    ticks = [tick / 100 for tick in nice_ticks(100 * max(*shares, 1.5 / len(shares)), 3)]
    left = max(text_width_px(f"{100 * tick:g} %", 12.0) for tick in ticks) + 8
    y = LinearScale(0.0, ticks[-1], height_px - BELOW_PX, ABOVE_PX)
    step = (width_px - left - 8) / len(shares)
    parts: list[Svg] = []
    for tick in ticks:
        parts.append(across("zero" if tick == 0 else "grid", y(tick), left, width_px - 8))
        parts.append(element("text", f"{100 * tick:g} %", x=left - 6, y=y(tick) + 4, class_="end"))
    for number, share in enumerate(shares):
        told = element("title", f"{number + 1} of {len(shares)}: {share_text(share)}")
        at = left + number * step + GAP_PX / 2
        parts.append(element("rect", told, class_="bar", x=at, y=y(share), width=step - GAP_PX, height=y(0.0) - y(share)))
    parts.append(across("rule now", y(1 / len(shares)), left, width_px - 8))
    parts.append(element("text", "below the middle", x=left, y=height_px - 16, class_="start"))
    parts.append(element("text", "above it", x=width_px - 8, y=height_px - 16, class_="end"))
    below = sum(shares[: len(shares) // 2])
    words = (
        f"Where what came lay in {what}, in {len(shares)} parts from lowest to highest: {share_text(shares[0])} in the lowest, "
        f"{share_text(shares[-1])} in the highest, {share_text(below)} below the middle; {share_text(1 / len(shares))} belongs in each."
    )
    return picture(width_px, height_px, words, *parts, class_="waiting movement")
