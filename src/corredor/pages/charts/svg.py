"""SVG as text: elements with escaped attributes and text, and short coordinates. Colours are CSS classes, so that one file serves light,
dark and print."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape

Point = tuple[float, float]


class Svg(str):
    """Finished markup; every other string is text and gets escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        """Templates that escape text leave this as it is."""
        return str(self)


def element(name: str, *children: str, **attributes: str | float | None) -> Svg:
    """One element. `class_` and `font_size` become class and font-size; None leaves an attribute out; text children are escaped."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value) if isinstance(value, str) else short(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(child if isinstance(child, Svg) else escape(child) for child in children)
    return Svg(f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>")


def short(number: float) -> str:
    """A coordinate with at most one decimal and no needless zeros: 12.0 → 12, 0.26 → .3."""
    text = f"{number:.1f}".removesuffix(".0")
    if text.startswith("0."):
        text = text[1:]
    elif text.startswith("-0."):
        text = "-" + text[2:]
    return "0" if text in ("-0", "") else text


def line_path(points: Iterable[Point]) -> str:
    """Path data through points: the first absolute, the others as differences of the rounded points, which takes half the room."""
    parts: list[str] = []
    before = 0, 0
    for x, y in points:
        tenths = round(10 * round(x, 1)), round(10 * round(y, 1))
        if not parts:
            parts.append(f"M{_tenths(tenths[0])} {_tenths(tenths[1])}")
        else:
            step = _tenths(tenths[1] - before[1])
            parts.append(
                f"{'l' if len(parts) == 1 else ' '}{_tenths(tenths[0] - before[0])}{step if step[0] == '-' else ' ' + step}"
            )
        before = tenths
    return "".join(parts)


@cache
def _tenths(number: int) -> str:
    """`short` of so many tenths; pages write the same few thousand again and again."""
    return short(number / 10)


def ring_path(points: Iterable[Point]) -> str:
    """Path data of a closed shape."""
    return line_path(points) + "z"


def picture(width_px: float, height_px: float, label: str, *children: str, class_: str = "") -> Svg:
    """A whole picture with its description for those who do not see it."""
    return element(
        "svg",
        *children,
        class_=class_ or None,
        viewBox=f"0 0 {short(width_px)} {short(height_px)}",
        width=width_px,
        height=height_px,
        role="img",
        aria_label=label,
    )


def text_width_px(text: str, size_px: float) -> float:
    """A width that common sans-serif fonts stay under, for placing text without measuring it."""
    return (
        sum(0.4 if c in "iljtfrI.,:;'|![]() " else 0.95 if c in "mwMW%@" else 0.74 if c.isupper() else 0.63 for c in text)
        * size_px
    )
