"""What each draw should count in the months ahead: samples of published counts, less the chance that a run adds by itself."""

from __future__ import annotations

import numpy as np

from corredor.learn.likelihood import process_variance
from corredor.learn.panel_ahead import Panel
from corredor.results.observe import PublishedFigures

LAST_FIGURES = 12
"""Figures of a series from which it is read how much chance the model's people add to its months."""

BAND = 2.563
"""Standard deviations between the ends of a normal band of 80 %: the width that samples are judged by, whatever their tails."""

Fitted = tuple[PublishedFigures, np.ndarray]
"""Figures of a fit with the process noise of each (`evaluate.process_noise`)."""


def wanted_logs(
    panel: Panel, samples: np.ndarray, figures: PublishedFigures, dispersion: np.ndarray, fitted: Fitted
) -> np.ndarray:
    """Samples on the scale log(1 + people), each month of each series drawn to its mean by as much as a run scatters about it.

    A count of a sample holds chance: people decide one by one, days differ, publishing adds its own (M14). A run from the latent months
    that follow the sample adds such chance once more. So its variance is taken out of the samples first.

    samples : (n_draws, n_months, n_series) float people    of the months after the panel
    figures : those of the months ahead, month by month;  dispersion : (n_figures,) float, of each
    returns : (n_draws, n_figures) float, log
    """
    n_series = len(panel.names)
    wanted = np.log1p(samples).reshape(len(samples), -1)[:, samples.shape[1] * n_series - len(figures.rows) :]
    middle = wanted.mean(axis=0)
    people = np.expm1(middle)
    noise = np.tile(_process_of_series(panel, fitted), len(figures.rows) // n_series)
    variance = process_variance(noise, people) + np.where(figures.counted, people + dispersion * people**2, 0.0)
    of_run = variance / (1 + people) ** 2
    low, high = np.quantile(wanted, [0.1, 0.9], axis=0)
    of_samples = np.maximum(((high - low) / BAND) ** 2, 1e-12)
    return np.asarray(middle + np.sqrt(np.maximum(1 - of_run / of_samples, 0.0)) * (wanted - middle))


def _process_of_series(panel: Panel, fitted: Fitted) -> np.ndarray:
    """Process noise of each series of the panel: mean over its last figures; of all figures where it has none: (n_series,) float."""
    figures, process = fitted
    of_series: dict[tuple[str, str, str], list[tuple[object, float]]] = {}
    for row, noise in zip(figures.rows, process, strict=True):
        of_series.setdefault((row.output, row.place or "", row.group or ""), []).append((row.to, float(noise)))
    means = []
    for name in panel.names:
        known = sorted(of_series.get((name.output, name.place, name.group), []), key=str)[-LAST_FIGURES:]
        means.append(np.mean([noise for _, noise in known]) if known else process.mean())
    return np.array(means)
