"""Draw effects side by side: one line for each who says something, its 95 % interval, nothing at 0, and the side that a claim is on."""

from __future__ import annotations

import math
from collections.abc import Sequence

from corredor.pages.charts.axes import across, upright
from corredor.pages.charts.scales import LinearScale
from corredor.pages.charts.svg import Svg, element, picture, short

ROW_PX, ABOVE_PX, BELOW_PX = 46.0, 24.0, 38.0
WIDEST_PERCENT = 150.0
"""Intervals are cut here, with an arrow: what lies further off is as good as unknown."""

EffectRow = tuple[str, float, float, float]
"""Who says so; lower end, middle and upper end, in percent."""


def claim_chart(rows: Sequence[EffectRow], claimed_lower: bool, claimed_percent: float, label: str, width_px: float) -> Svg:
    """The picture, with the side of the claim shaded.

    claimed_lower : whether the claim says that there were fewer
    claimed_percent : by how much at least, with its sign; 0 when the claim names no size
    label : the picture in one sentence, for those who do not see it
    """
    reach = _reach([*(value for row in rows for value in row[1:]), claimed_percent])
    # nothing can fall by more than all of it
    lowest = -min(reach, 100.0)
    scale = LinearScale(lowest, reach, 14, width_px - 14)
    bottom = ABOVE_PX + ROW_PX * len(rows)
    shaded = (scale(lowest), scale(claimed_percent)) if claimed_lower else (scale(claimed_percent), scale(reach))
    parts = [
        element("rect", class_="claimed", x=shaded[0], y=ABOVE_PX - 6, width=shaded[1] - shaded[0], height=bottom - ABOVE_PX + 6),
        element("text", "the claim", x=sum(shaded) / 2, y=ABOVE_PX - 11, class_="middle note"),
        upright("zero", scale(0), ABOVE_PX - 6, bottom),
    ]
    for number, (who, low, middle, high) in enumerate(rows):
        parts += _row(scale, who, (low, middle, high), ABOVE_PX + ROW_PX * (number + 0.68))
    for tick in (lowest, lowest / 2 if lowest == -reach else None, 0.0, reach / 2, reach):
        if tick is None:
            continue
        anchor = "start" if tick == lowest else "end" if tick == reach else "middle"
        parts.append(element("path", class_="tick", d=f"M{short(scale(tick))} {short(bottom)}v4"))
        parts.append(element("text", "no change" if tick == 0 else f"{tick:+g} %", x=scale(tick), y=bottom + 18, class_=anchor))
    return picture(width_px, bottom + BELOW_PX, label, *parts, class_="claim-effects movement")


def _row(scale: LinearScale, who: str, ends: tuple[float, float, float], at: float) -> list[Svg]:
    low, middle, high = ends
    parts = [element("text", who, x=scale(scale.low), y=at - 14, class_="start who")]
    parts.append(across("whisker", at, scale(low), scale(high)))
    for end, cut, tip in ((low, low < scale.low, "l6 -4m-6 4l6 4"), (high, high > scale.high, "l-6 -4m6 4l-6 4")):
        shape = tip if cut else "m0 -4v8"
        parts.append(element("path", class_="whisker", d=f"M{short(scale(end))} {short(at)}{shape}"))
    if scale.low <= middle <= scale.high:
        parts.append(element("circle", class_="published", cx=scale(middle), cy=at, r=4.5))
    return parts


def _reach(values: Sequence[float]) -> float:
    """Half-width of the axis: a round number that holds what is not too far off."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=1.0)
    largest = min(max(largest, 0.1), WIDEST_PERCENT)
    size = 10.0 ** math.floor(math.log10(largest))
    return float(next(step * size for step in (1, 2, 4, 5, 8, 10, 20) if step * size >= largest * 0.999))
