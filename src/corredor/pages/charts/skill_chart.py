"""Draw how much better or worse one method is than another: a row for each series, a dot for each distance ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corredor.pages.charts.axes import across, upright
from corredor.pages.charts.svg import Svg, element, picture, text_width_px

ROW_PX, HEAD_PX, FOOT_PX = 26.0, 22.0, 26.0
TEXT_PX = 12.0
WIDEST = 1.0
"""Differences beyond 100 % are drawn at the edge and written out."""

STEPS = (0.1, 0.2, 0.25, 0.5)


@dataclass(frozen=True)
class SkillRow:
    """One series: name, and for each distance ahead the change of the error against the other method (−0.1: a tenth less)."""

    title: str
    changes: Sequence[float]


def skill_chart(rows: Sequence[SkillRow], horizons: Sequence[int], against: str, width_px: float) -> Svg:
    """Left of the line the method is better, right of it worse; the farther ahead, the larger and darker the dot.

    rows : in the order shown
    horizons : months ahead, one for each change of a row
    against : name of the method compared with
    """
    left = max(text_width_px(row.title, TEXT_PX) for row in rows) + 10
    reach = min(max(max(abs(change) for row in rows for change in row.changes), 0.1), WIDEST)
    step = next((step for step in STEPS if reach / step <= 3), STEPS[-1])
    reach = step * -(-reach // step)
    middle, half = left + (width_px - left - 46) / 2, (width_px - left - 46) / 2
    bottom = HEAD_PX + ROW_PX * len(rows)

    def x(change: float) -> float:
        return middle + min(max(change / reach, -1.0), 1.0) * half

    parts: list[Svg] = []
    for tick in range(-round(reach / step), round(reach / step) + 1):
        at = x(tick * step)
        class_ = "zero" if tick == 0 else "grid"
        parts.append(upright(class_, at, HEAD_PX - 4, bottom))
        parts.append(element("text", _percent(tick * step), x=at, y=bottom + 16, class_="middle"))
    parts.append(element("text", "← better", x=middle - 6, y=12, class_="end"))
    parts.append(element("text", "worse →", x=middle + 6, y=12, class_="start"))
    for number, row in enumerate(rows):
        y = HEAD_PX + ROW_PX * (number + 0.5)
        ends = [x(change) for change in row.changes]
        parts.append(element("text", row.title, x=left - 8, y=y + 4, class_="end"))
        parts.append(across("whisker", y, min(ends), max(ends)))
        for place, (at, change) in enumerate(zip(ends, row.changes, strict=True)):
            last = place == len(ends) - 1
            parts.append(
                element("circle", class_="published" if last else "published hollow", cx=at, cy=y, r=5.5 if last else 2.5 + place)
            )
            if last:
                parts.append(element("text", _percent(change), x=max(ends) + 9, y=y + 4, class_="start value"))
    worse = [row.title for row in rows if row.changes[-1] > 0]
    words = (
        f"Change of the error against {against}, {horizons[0]} to {horizons[-1]} months ahead, a row for each series. "
        f"{horizons[-1]} months ahead worse in {len(worse)} of {len(rows)}{': ' + ', '.join(worse) if worse else ''}."
    )
    return picture(width_px, bottom + FOOT_PX, words, *parts, class_="waiting movement")


def _percent(change: float) -> str:
    return "0" if abs(change) < 0.005 else f"{100 * change:+.0f} %".replace("-", "−")
