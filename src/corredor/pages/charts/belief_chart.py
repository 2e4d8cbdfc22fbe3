"""What was believed of a number before and after the figures: the prior as a line, what is left of it as a filled shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corredor.pages.charts.svg import Svg, element, line_path, picture, ring_path

BELOW_PX = 18.0


@dataclass(frozen=True)
class Belief:
    """Densities over the same places, each with its highest point at any height.

    title : for the description
    places : (n,) float             where the number may lie, or its logarithm
    prior, posterior : (n,) float ≥ 0
    low_text, high_text : what the ends of `places` are
    words : the change in a sentence, for those who do not see it
    """

    title: str
    places: np.ndarray
    prior: np.ndarray
    posterior: np.ndarray
    low_text: str
    high_text: str
    words: str


def smooth_density(draws: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Density of draws at places: normal kernels as wide as Silverman (1986) says; (n,) float."""
    quarters = np.subtract(*np.quantile(draws, [0.75, 0.25])) / 1.349
    sd = min(float(draws.std(ddof=1)), float(quarters) or np.inf)
    width = max(0.9 * sd * len(draws) ** -0.2, (places[-1] - places[0]) / 200, 1e-300)
    return np.asarray(
        np.exp(-(((places[:, None] - draws) / width) ** 2) / 2).sum(axis=1) / (len(draws) * width * np.sqrt(2 * np.pi))
    )


def belief_chart(belief: Belief, width_px: float = 150.0, height_px: float = 64.0) -> Svg:
    """Prior as a dashed line, posterior filled; both on one scale, so that what was learned stands higher and narrower."""
    top = max(float(belief.prior.max()), float(belief.posterior.max()), 1e-300)
    x = np.linspace(1.0, width_px - 1.0, len(belief.places))
    floor = height_px - BELOW_PX

    def points(density: np.ndarray) -> list[tuple[float, float]]:
        return [(float(at), float(floor - d / top * (floor - 3))) for at, d in zip(x, density, strict=True)]

    shape = [(float(x[0]), floor), *points(belief.posterior), (float(x[-1]), floor)]
    return picture(
        width_px,
        height_px,
        f"{belief.title}: {belief.words}",
        element("path", class_="band b50", d=ring_path(shape)),
        element("path", class_="before", d=line_path(points(belief.prior))),
        element("path", class_="zero", d=f"M0 {floor:.0f}H{width_px:.0f}"),
        element("text", belief.low_text, x=0, y=height_px - 4, class_="start"),
        element("text", belief.high_text, x=width_px, y=height_px - 4, class_="end"),
        class_="belief",
    )
