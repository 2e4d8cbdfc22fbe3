"""Names on a map that do not run into each other: the important ones first, each at its calmest free spot, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corredor.pages.charts.svg import Point, text_width_px

GAPS_PX = (6.0, 16.0, 28.0, 42.0)
"""How far a name may stand from its point: beside it, else farther away with a line that leads to it."""
LONGEST_LINE = 24
"""Letters on one line of a name."""


@dataclass(frozen=True)
class Box:
    """Pixels; y runs downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def holds(self, point: Point) -> bool:
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom

    def inside(self, other: Box) -> bool:
        return self.left >= other.left and self.right <= other.right and self.top >= other.top and self.bottom <= other.bottom


@dataclass(frozen=True)
class Label:
    """A name at its spot; x, y is where the baseline of its first line is anchored: start, middle or end of the text.

    A name beside a point is anchored at the point, so that it stays clear of it in any font.

    lines : the text, cut where it is long
    leader : from the point to a name that found no room beside it; None where it stands beside it
    """

    text: str
    x: float
    y: float
    anchor: str
    box: Box
    lines: tuple[str, ...] = ()
    leader: tuple[Point, Point] | None = None


def placed_labels(
    names: Sequence[tuple[str, Point]],
    dots: Sequence[Box],
    taken: Sequence[Box],
    lines: Sequence[Point],
    size_px: float,
    frame: Box,
) -> list[Label]:
    """Names beside their points, in the order given.

    names : text and point, most important first
    dots : what no name may cover, also not its own
    taken : boxes already in use, such as a legend
    lines : points along the lines; a name goes where it covers the fewest of them
    """
    placed: list[Label] = []
    for text, point in names:
        blocked = [*dots, *taken, *(label.box for label in placed)]
        for gap_px in GAPS_PX:
            spots = [spot for spot in _spots(text, point, size_px, gap_px) if spot.box.inside(frame)]
            free = [spot for spot in spots if not any(spot.box.overlaps(box) for box in blocked)]
            if free:
                placed.append(min(free, key=lambda spot: sum(spot.box.holds(p) for p in lines)))
                break
    return placed


def calmest_corner(frame: Box, width_px: float, height_px: float, busy: Sequence[Point]) -> Box:
    """The corner of the frame where a box of this size covers the fewest points; lower left when all are equal."""
    corners = [
        Box(frame.left, frame.bottom - height_px, frame.left + width_px, frame.bottom),
        Box(frame.right - width_px, frame.top, frame.right, frame.top + height_px),
        Box(frame.left, frame.top, frame.left + width_px, frame.top + height_px),
        Box(frame.right - width_px, frame.bottom - height_px, frame.right, frame.bottom),
    ]
    return min(corners, key=lambda box: sum(box.holds(point) for point in busy))


def wrapped(text: str) -> tuple[str, ...]:
    """A name on one line, or a long one on two of like length.

    >>> wrapped("Countries further south and overseas")
    ('Countries further', 'south and overseas')
    """
    if len(text) <= LONGEST_LINE or " " not in text:
        return (text,)
    cuts = [at for at, letter in enumerate(text) if letter == " "]
    cut = min(cuts, key=lambda at: max(at, len(text) - at - 1))
    return text[:cut], text[cut + 1 :]


def _spots(text: str, point: Point, size_px: float, gap: float) -> list[Label]:
    """Right, left, above, below and the four corners, in the order in which they read best.

    gap : pixels between the point and the name; a wide one gets a line that leads there
    """
    lines = wrapped(text)
    width, height = max(text_width_px(line, size_px) for line in lines), size_px * 1.1 * len(lines)
    x, y = point
    aside, corner = gap, max(size_px * 0.8, gap * 0.8)
    anchors = [
        (x + aside, y, "start"),
        (x - aside, y, "end"),
        (x, y - gap - height / 2, "middle"),
        (x, y + gap + height / 2, "middle"),
        (x + aside, y - corner, "start"),
        (x - aside, y - corner, "end"),
        (x + aside, y + corner, "start"),
        (x - aside, y + corner, "end"),
    ]
    spots = []
    for at, middle, anchor in anchors:
        left = {"start": at, "middle": at - width / 2, "end": at - width}[anchor]
        box = Box(left, middle - height / 2, left + width, middle + height / 2)
        first_line = middle - height / 2 + size_px * 0.9
        near = (min(max(x, box.left), box.right), min(max(y, box.top), box.bottom))
        spots.append(Label(text, at, first_line, anchor, box, lines, None if gap <= GAPS_PX[0] else (point, near)))
    return spots
