"""Draw how long people waited: the share of those served in each class of days, with its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corredor.pages.charts.axes import across
from corredor.pages.charts.fans import BANDS
from corredor.pages.charts.svg import Svg, element, picture, text_width_px
from corredor.results.quantiles import MEDIAN, PROBABILITIES
from corredor.results.wording import share_text

ROW_PX = 24.0
TEXT_PX = 12.0


@dataclass(frozen=True)
class WaitingTimes:
    """Shares of those served, by class of days waited.

    title : for the description
    labels : (n_classes,) such as "7–13 days"
    quantiles : (7, n_classes) float, share 0–1; rows as in PROBABILITIES
    """

    title: str
    labels: Sequence[str]
    quantiles: np.ndarray
    side: str = "protection"


def waiting_times(title: str, served: np.ndarray, lower_edges_days: Sequence[float], side: str) -> WaitingTimes | None:
    """Shares from counts; draws in which nobody was served say nothing, and None means that nobody was served in any.

    served : (n_draws, n_classes) float people
    """
    totals = served.sum(axis=1)
    if not (totals > 0).any():
        return None
    shares = served[totals > 0] / totals[totals > 0, None]
    return WaitingTimes(title, class_labels(lower_edges_days), np.quantile(shares, PROBABILITIES, axis=0), side)


def class_labels(lower_edges_days: Sequence[float]) -> list[str]:
    """Edges 0, 1, 7 become: under 1 day, 1–6 days, 7 days or more."""
    labels = []
    for low, high in zip(lower_edges_days, [*lower_edges_days[1:], None], strict=True):
        if high is None:
            labels.append(f"{low:g} days or more")
        elif low == 0 and high <= 1:
            labels.append("under 1 day")
        elif high - low <= 1:
            labels.append(f"{low:g} day" if low == 1 else f"{low:g} days")
        else:
            labels.append(f"{low:g}–{high - 1:g} days")
    return labels


def waiting_chart(times: WaitingTimes, width_px: float) -> Svg:
    """Rows from the shortest to the longest wait; bar for the median, thin line for the 80 % band."""
    left = max(text_width_px(label, TEXT_PX) for label in times.labels) + 8
    top_share = max(float(times.quantiles[5].max()), 0.01)
    room = width_px - left - 48
    parts: list[Svg] = []
    low_row, high_row, _ = BANDS[1]
    for row, label in enumerate(times.labels):
        y = ROW_PX * row + 4
        median, low, high = (float(times.quantiles[q, row]) / top_share * room for q in (MEDIAN, low_row, high_row))
        parts.append(element("text", label, x=left - 6, y=y + 14, class_="end"))
        parts.append(element("rect", class_="bar", x=left, y=y + 3, width=max(median, 0.5), height=ROW_PX - 9))
        parts.append(across("whisker", y + 10.5, left + low, left + high))
        words = share_text(float(times.quantiles[MEDIAN, row]))
        parts.append(element("text", words, x=left + max(high, median) + 6, y=y + 14, class_="start value"))
    likeliest = int(np.argmax(times.quantiles[MEDIAN]))
    share = share_text(float(times.quantiles[MEDIAN, likeliest]))
    words = f"{times.title}: bar chart of days waited by those served. Most often {times.labels[likeliest]} ({share})."
    return picture(width_px, ROW_PX * len(times.labels) + 8, words, *parts, class_=f"waiting {times.side}")
