"""Names on a map that do not run into each other: the important ones first, each at its calmest free spot, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corredor.pages.charts.svg import Point, text_width_px


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
    """A name at its spot; x, y is where its baseline is anchored: start, middle or end of the text.

    A name beside a point is anchored at the point, so that it stays clear of it in any font.
    """

    text: str
    x: float
    y: float
    anchor: str
    box: Box


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
        spots = [spot for spot in _spots(text, point, size_px) if spot.box.inside(frame)]
        blocked = [*dots, *taken, *(label.box for label in placed)]
        free = [spot for spot in spots if not any(spot.box.overlaps(box) for box in blocked)]
        if free:
            placed.append(min(free, key=lambda spot: sum(spot.box.holds(p) for p in lines)))
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


def _spots(text: str, point: Point, size_px: float) -> list[Label]:
    """Right, left, above, below and the four corners, in the order in which they read best."""
    width, gap = text_width_px(text, size_px), 6.0
    x, y = point
    anchors = [
        (x + gap, y, "start"),
        (x - gap, y, "end"),
        (x, y - gap - size_px / 2, "middle"),
        (x, y + gap + size_px / 2, "middle"),
        (x + gap, y - size_px * 0.8, "start"),
        (x - gap, y - size_px * 0.8, "end"),
        (x + gap, y + size_px * 0.8, "start"),
        (x - gap, y + size_px * 0.8, "end"),
    ]
    spots = []
    for at, middle, anchor in anchors:
        left = {"start": at, "middle": at - width / 2, "end": at - width}[anchor]
        box = Box(left, middle - size_px * 0.55, left + width, middle + size_px * 0.55)
        spots.append(Label(text, at, middle + size_px * 0.35, anchor, box))
    return spots
