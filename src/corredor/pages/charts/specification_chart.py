"""Draw a specification curve: effects from the largest fall to the largest rise with their intervals, and below each its choices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corredor.effects.benchmark.judged import percent_of
from corredor.effects.design.specification_curve import Specification, SpecificationCurve
from corredor.pages.charts.scales import LinearScale
from corredor.pages.charts.svg import Svg, element, picture, short, text_width_px

EFFECTS_PX, ROW_PX, BETWEEN_PX, TEXT_PX = 220.0, 17.0, 26.0, 12.0

PERCENT_TICKS = (0, -50, 100, -75, 300, -90, 900, -25, 50, -95, 25)
"""Changes that get a line, the first first, where there is room; the axis is logarithmic: a halving is as far from 0 as a doubling."""

TICK_ROOM_PX = 17.0

BOLD = 1.1
"""How much wider the name of the main form is than in plain letters."""

FARTHEST = (float(np.log(0.03)), float(np.log(12)))
"""Intervals are cut here, with an arrow: what lies further off is as good as unknown."""

LEAST = (float(np.log(0.75)), float(np.log(1.5)))
"""The axis reaches at least so far."""


def specification_chart(title: str, curve: SpecificationCurve, main: str, width_px: float) -> Svg:
    """The picture.

    title : the question, for those who do not see the picture
    main : the form that is set apart
    """
    groups = [
        ("Form", list(curve.forms), [row.form for row in curve.rows]),
        ("Window", [_months(length) for length in curve.lengths], [_months(row.window_months) for row in curve.rows]),
        ("Donors", list(curve.donor_sets), [row.donors for row in curve.rows]),
    ]
    longest = max(_name_px(name, name == main) for _, names, _ in groups for name in names)
    left = min(longest + 14, 0.5 * width_px)
    x = LinearScale(0.0, max(len(curve.rows), 1), left, width_px - 10)
    at = [x(number + 0.5) for number in range(len(curve.rows))]
    y = _vertical(curve.rows)
    parts = _axis(y, left, width_px)
    parts.append(element("text", "filled: found at 5 %; hollow: not", x=width_px - 10, y=12, class_="end note"))
    radius = float(np.clip(0.36 * (x(1) - x(0)), 1.6, 4.2))
    parts += [_effect(row, px, y, radius, row.form == main) for row, px in zip(curve.rows, at, strict=True)]
    top = 24 + EFFECTS_PX
    for heading, names, chosen in groups:
        parts.append(element("text", heading, x=4, y=top + 14, class_="start letter"))
        for number, name in enumerate(names):
            row_at = top + 22 + ROW_PX * (number + 0.5)
            parts += _choice(name, row_at, (left, width_px - 10), name == main)
            mark = "choice main" if name == main else "choice"
            parts += [
                element("circle", class_=mark, cx=px, cy=row_at, r=radius)
                for px, one in zip(at, chosen, strict=True)
                if one == name
            ]
        top += ROW_PX * len(names) + BETWEEN_PX
    return picture(width_px, top + 6, _in_words(title, curve), *parts, class_="specifications movement")


def _months(length: int) -> str:
    return f"{length} months" if length != 1 else "1 month"


def _vertical(rows: Sequence[Specification]) -> LinearScale:
    low = max(min([LEAST[0], *(row.low for row in rows)]), FARTHEST[0])
    high = min(max([LEAST[1], *(row.high for row in rows)]), FARTHEST[1])
    return LinearScale(low - 0.05, high + 0.05, 24 + EFFECTS_PX, 24)


def _axis(y: LinearScale, left: float, width_px: float) -> list[Svg]:
    parts = []
    drawn: list[float] = []
    for percent in PERCENT_TICKS:
        log = float(np.log1p(percent / 100))
        if y.low <= log <= y.high and all(abs(y(log) - other) >= TICK_ROOM_PX for other in drawn):
            drawn.append(y(log))
            line = f"M{short(left)} {short(y(log))}H{short(width_px - 10)}"
            text = "no change" if percent == 0 else f"{'+' if percent > 0 else '−'}{abs(percent)} %"
            parts.append(element("path", class_="zero" if percent == 0 else "grid", d=line))
            parts.append(element("text", text, x=left - 8, y=y(log) + 4, class_="end"))
    return parts


def _effect(row: Specification, px: float, y: LinearScale, radius: float, is_main: bool) -> Svg:
    told = f"{row.form}, {_months(row.window_months)}, {row.donors}: {_percent(row.effect)} ({_percent(row.low)} to {_percent(row.high)})"
    parts = [
        element("title", told),
        element("path", class_="whisker", d=f"M{short(px)} {short(y(row.low))}V{short(y(row.high))}"),
    ]
    tip = min(radius, 3.0)
    for end, cut, up in ((row.low, row.low < y.low, 1), (row.high, row.high > y.high, -1)):
        if cut:
            shape = f"l{short(-tip)} {short(-2 * tip * up)}m{short(2 * tip)} 0l{short(-tip)} {short(2 * tip * up)}"
            parts.append(element("path", class_="whisker", d=f"M{short(px)} {short(y(end))}{shape}"))
    parts.append(element("circle", class_="found" if row.finds else "found not", cx=px, cy=y(row.effect), r=radius))
    return element("g", *parts, class_="main" if is_main else None)


def _choice(name: str, row_at: float, ends: tuple[float, float], is_main: bool) -> list[Svg]:
    """The line of one choice, and its name, cut where it does not fit."""
    left, right = ends
    shown = name
    while _name_px(shown, is_main) > left - 12 and len(shown) > 2:
        shown = shown[:-2].rstrip() + "…"
    whole = [element("title", name)] if shown != name else []
    return [
        element("path", class_="grid", d=f"M{short(left)} {short(row_at)}H{short(right)}"),
        element("text", *whole, shown, x=left - 8, y=row_at + 4, class_="end who" if is_main else "end"),
    ]


def _name_px(name: str, is_main: bool) -> float:
    return text_width_px(name, TEXT_PX) * (BOLD if is_main else 1.0)


def _percent(log: float) -> str:
    percent = percent_of(log)
    return f"{'+' if percent > 0 else '−' if percent < 0 else ''}{abs(percent):,.0f} %"


def _in_words(title: str, curve: SpecificationCurve) -> str:
    if not curve.rows:
        return f"{title}: no choice of form, window and donors has an answer."
    falls, rises = (sum(row.finds == sign for row in curve.rows) for sign in (-1, 1))
    first, last = curve.rows[0], curve.rows[-1]
    return (
        f"{title}: {len(curve.rows)} choices of form, window and donors say from {_percent(first.effect)} to {_percent(last.effect)}, "
        f"middle {_percent(curve.median_effect)}; {falls} find a fall, {rises} a rise."
    )
