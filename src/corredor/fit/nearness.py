"""Which figure may teach which unknown: months only what comes after them, parameters only what moves with them beyond chance.

A few hundred draws show correlations by chance between everything and everything. Taken at their word, they would narrow what the
figures say nothing about.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from pyesmda import LocalizationStrategy

from corredor.fit.evaluate import Task
from corredor.likelihood import PublishedFigures
from corredor.network import FlowNetwork
from corredor.worlds import central_parameters

SHORTEST_MONTHS, LONGEST_MONTHS = 4.0, 24.0
"""Half of the months after which a month's new part is forgotten: at least for people under way and coming back, at most to save draws."""

BEYOND_CHANCE = 2.0
"""Standard errors that a correlation must have to be believed."""


def time_taper(task: Task) -> np.ndarray:
    """Weights 0–1 of each figure for each unknown: (n_unknowns, n_figures) float; 1 for parameters.

    A month's new part acts on no figure before it (weight 0), and ever less on later ones: AR(1) forgets it (Gaspari & Cohn 1999, whose
    function is 0 from twice the half-width on).
    """
    unknowns, figures = task.unknowns, task.figures
    weights = [np.ones((unknowns.n_parameters, len(figures.rows)))]
    if unknowns.latent_names:
        first, last = figure_months(task.network, figures)
        month = np.arange(unknowns.n_months)[:, None]
        after = np.maximum(first[None] - month, 0)
        values = task.network.quantities.evaluate(central_parameters(task.network.model))[0]
        for latent in task.network.covariates.latents:
            persistence = min(abs(float(values[latent.persistence_row])), 0.999)
            half_width = float(np.clip(3 / (1 - persistence), SHORTEST_MONTHS, LONGEST_MONTHS))
            weights.append(np.where(last[None] >= month, gaspari_cohn(after / half_width), 0.0))
    return np.concatenate(weights)


def figure_months(network: FlowNetwork, figures: PublishedFigures) -> tuple[np.ndarray, np.ndarray]:
    """First and last calendar month that each figure counts, from the month in which the warm-up begins: 0, 1 …"""
    begin = network.calendar.first_step_date

    def number(date: dt.date) -> int:
        return 12 * (date.year - begin.year) + date.month - begin.month

    return np.array([number(row.from_) for row in figures.rows]), np.array([number(row.to) for row in figures.rows])


def gaspari_cohn(distance: np.ndarray) -> np.ndarray:
    """A bell of compact support: 1 at 0, 0 from 2 on."""
    r = np.abs(np.asarray(distance, dtype=float))
    near = 1 + r**2 * (-5 / 3 + r * (5 / 8 + r * (1 / 2 - r / 4)))
    far_r = np.clip(r, 1, 2)
    far = 4 + far_r * (-5 + far_r * (5 / 3 + far_r * (5 / 8 + far_r * (-1 / 2 + far_r / 12)))) - 2 / (3 * far_r)
    return np.where(r <= 1, near, np.where(r < 2, np.maximum(far, 0.0), 0.0))


def believed(correlation: np.ndarray, n_draws: int) -> np.ndarray:
    """How far a correlation seen among n draws is believed: 0 within chance, near 1 far beyond it.

    The weight that makes the expected squared error of a covariance least is 1/(1 + (1 + 1/r²)/n) (Furrer & Bengtsson 2007, J.
    Multivariate Analysis 98); r² is put right for what chance adds to it, 1/n.
    """
    squared = np.maximum(correlation**2 - 1 / n_draws, 0.0)
    weight = squared / (squared + (1 + squared) / n_draws)
    return np.where(np.abs(correlation) * np.sqrt(n_draws) > BEYOND_CHANCE, weight, 0.0)


class Nearness(LocalizationStrategy):  # type: ignore[misc]
    """Both weights together, in the form in which the smoother's library asks for them."""

    def __init__(self, taper: np.ndarray) -> None:
        self.taper = taper

    def localize(self, X: np.ndarray, Y: np.ndarray, batch_slice: slice = slice(None)) -> np.ndarray:  # noqa: N803
        """Covariance of unknowns and figures, without what is chance: (n_unknowns, n_figures) float."""
        n_draws = X.shape[1]
        unknown, figure = X - X.mean(axis=1, keepdims=True), Y - Y.mean(axis=1, keepdims=True)
        covariance = unknown @ figure.T / (n_draws - 1)
        spread = np.outer(np.std(X, axis=1, ddof=1), np.std(Y, axis=1, ddof=1))
        correlation = np.divide(covariance, spread, out=np.zeros_like(covariance), where=spread > 0)
        return np.asarray(covariance * believed(correlation, n_draws) * self.taper[batch_slice])

    def localize_multi_dot(
        self,
        X: np.ndarray,  # noqa: N803
        Y: np.ndarray,  # noqa: N803
        *args: np.ndarray,
        batch_slice: slice = slice(None),
    ) -> np.ndarray:
        """That covariance times other matrices."""
        product = self.localize(X, Y, batch_slice)
        for factor in args:
            product = product @ factor
        return product
