"""Draw how much better or worse one method is than another: a row for each series, a dot for each distance ahead."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from corredor.pages.charts.axes import across, upright
from corredor.pages.charts.svg import Svg, element, picture, text_width_px

ROW_PX, HEAD_PX, FOOT_PX = 26.0, 22.0, 26.0
TEXT_PX = 12.0
VALUE_PX = 66.0
"""Room right of the plot for a number beside the farthest dot."""
WIDEST = 1.0
"""Differences beyond 100 % are drawn at the edge and written out."""

STEPS = (0.1, 0.2, 0.25, 0.5)


@dataclass(frozen=True)
class SkillRow:
    """One series: name, and for each distance ahead the change of the error against the other method (−0.1: a tenth less).

    interval : lowest and highest change that chance leaves open, of the farthest distance; none where it is not known
    """

    title: str
    changes: Sequence[float]
    interval: tuple[float, float] | None = None

    @property
    def clear(self) -> bool:
        return self.interval is not None and (self.interval[0] > 0 or self.interval[1] < 0)


def skill_chart(rows: Sequence[SkillRow], horizons: Sequence[int], against: str, width_px: float) -> Svg:
    """Left of the line the method is better, right of it worse; the farther ahead, the larger the dot.

    The dot of the farthest distance is full where the interval on its line leaves no doubt on which side it lies, else hollow.

    rows : in the order shown
    horizons : months ahead, one for each change of a row
    against : name of the method compared with
    """
    left = max(text_width_px(row.title, TEXT_PX) for row in rows) + 10
    shown: list[float] = [change for row in rows for change in (*row.changes, *(row.interval or ()))]
    reach = min(max(0.1, *map(abs, shown)), WIDEST)
    step = next((step for step in STEPS if reach / step <= 3), STEPS[-1])
    reach = step * math.ceil(reach / step)
    half = (width_px - left - VALUE_PX) / 2
    middle = left + half
    bottom = HEAD_PX + ROW_PX * len(rows)

    def x(change: float) -> float:
        return middle + min(max(change / reach, -1.0), 1.0) * half

    parts: list[Svg] = []
    labelled = math.ceil(text_width_px("−100 %", TEXT_PX) / (half * step / reach))
    for tick in range(-round(reach / step), round(reach / step) + 1):
        at = x(tick * step)
        class_ = "zero" if tick == 0 else "grid"
        parts.append(upright(class_, at, HEAD_PX - 4, bottom))
        if tick % labelled == 0:
            parts.append(element("text", _percent(tick * step), x=at, y=bottom + 16, class_="middle"))
    parts.append(element("text", "← better", x=middle - 6, y=12, class_="end"))
    parts.append(element("text", "worse →", x=middle + 6, y=12, class_="start"))
    for number, row in enumerate(rows):
        y = HEAD_PX + ROW_PX * (number + 0.5)
        ends = [x(change) for change in row.changes]
        parts.append(element("text", row.title, x=left - 8, y=y + 4, class_="end"))
        line = [x(change) for change in row.interval] if row.interval else ends
        parts.append(across("whisker", y, min(line), max(line)))
        for place, (at, change) in enumerate(zip(ends, row.changes, strict=True)):
            last = place == len(ends) - 1
            parts.append(
                element(
                    "circle",
                    class_="published" if last and row.clear else "published hollow",
                    cx=at,
                    cy=y,
                    r=5.5 if last else 2.5 + place,
                )
            )
            if last:
                parts.append(element("text", _percent(change), x=max(*ends, *line) + 9, y=y + 4, class_="start value"))
    words = (
        f"Change of the error against {against}, {horizons[0]} to {horizons[-1]} months ahead, a row for each series. "
        f"{horizons[-1]} months ahead {_told(rows)}."
    )
    return picture(width_px, bottom + FOOT_PX, words, *parts, class_="waiting movement")


def _told(rows: Sequence[SkillRow]) -> str:
    """How many series are clearly worse or better, with their names."""
    parts = []
    for word, sign in (("worse", 1), ("better", -1)):
        names = [row.title for row in rows if row.clear and sign * row.changes[-1] > 0]
        parts.append(f"clearly {word} in {len(names)} of {len(rows)}{': ' + ', '.join(names) if names else ''}")
    return "; ".join(parts)


def _percent(change: float) -> str:
    return "0" if abs(change) < 0.005 else f"{100 * change:+.0f} %".replace("-", "−")
