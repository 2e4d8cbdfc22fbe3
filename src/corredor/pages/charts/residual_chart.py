"""How far published figures lie from what was fitted, in standard errors: one row for each output, one dot for each figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corredor.pages.charts.axes import upright
from corredor.pages.charts.svg import Svg, element, picture, short

ROW_PX, TEXT_PX, FARTHEST = 22.0, 12.0, 4.0


def residual_chart(residuals: Mapping[str, Sequence[float]], width_px: float) -> Svg:
    """Dots left of the middle are below what was fitted, right of it above; what lies farther than 4 stands at the edge as a triangle.

    residuals : output → standard errors of each of its figures
    """
    stacked = width_px < 500
    left = 8.0 if stacked else 0.5 * width_px
    row_px = 2 * ROW_PX if stacked else ROW_PX
    middle, half = (left + width_px - 8) / 2, (width_px - 8 - left) / 2 - 4
    height = 24 + row_px * len(residuals)
    parts: list[Svg] = []
    for step in (-4, -2, 0, 2, 4):
        at = middle + step / FARTHEST * half
        parts.append(upright("zero" if step == 0 else "grid", at, 18, height))
        parts.append(element("text", f"{step:+d}" if step else "0", x=at, y=12, class_="middle"))
    for number, (title, values) in enumerate(residuals.items()):
        base = 24 + row_px * number
        y = base + (ROW_PX if stacked else 0) + 9
        longest = int((width_px - 16 if stacked else left - 12) / (0.56 * TEXT_PX))
        words = title if len(title) <= longest else f"{title[: longest - 1]}…"
        parts.append(element("text", element("title", title), words, x=0, y=base + 13, class_="start"))
        for value in values:
            at = middle + max(min(value, FARTHEST), -FARTHEST) / FARTHEST * half
            if abs(value) <= FARTHEST:
                parts.append(element("circle", class_="residual", cx=at, cy=y, r=3))
            else:
                tip = 5 if value > 0 else -5
                parts.append(element("path", class_="residual far", d=f"M{short(at)} {short(y - 4)}l{tip} 4l{-tip} 4z"))
    far = sum(abs(value) > 2 for values in residuals.values() for value in values)
    n = sum(len(values) for values in residuals.values())
    return picture(
        width_px, height, f"Residuals of {n} published figures, {far} of them more than two standard errors away.", *parts
    )
