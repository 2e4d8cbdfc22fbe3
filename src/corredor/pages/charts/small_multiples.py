"""Arrange many fans so that they can be compared: those of like size share a scale, and the page says up to where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corredor.pages.charts.fan_chart import FanPlot
from corredor.pages.charts.fans import fan_top
from corredor.pages.charts.scales import nice_ticks

LARGEST_RATIO = 2.5


@dataclass(frozen=True)
class Tier:
    """Fans on one scale, which ends at `top`."""

    plots: tuple[FanPlot, ...]
    top: float


def tiers(plots: Sequence[FanPlot]) -> list[Tier]:
    """Fans from large to small, cut into tiers of one scale each.

    One scale for all would flatten small places to a line; a scale for each would make a hundred people look like ten thousand. So fans
    share a scale while the largest of a tier is at most two and a half times the smallest.
    """
    ordered = sorted(plots, key=lambda plot: -fan_top(plot.fan, plot.published))
    found: list[list[FanPlot]] = []
    for plot in ordered:
        top = fan_top(plot.fan, plot.published)
        if found and fan_top(found[-1][0].fan, found[-1][0].published) <= LARGEST_RATIO * top:
            found[-1].append(plot)
        else:
            found.append([plot])
    made = []
    for group in found:
        top = nice_ticks(
            max(fan_top(group[0].fan, group[0].published), group[0].wording.floor), 3, group[0].wording.unit == "people"
        )[-1]
        made.append(Tier(tuple(replace(plot, top=top) for plot in group), top))
    return made
