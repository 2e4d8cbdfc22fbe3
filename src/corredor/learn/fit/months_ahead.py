"""Latent months after the last known one, where terms of the study follow an output (M2): drawn given coming months of its series.

The published past of all series that are followed, also from before the study, gives joint samples of their coming months
(docs/DYNAMICS.md). Each future of each draw takes one of them, as if it had been published already, and its latent months move from where
chance alone had put them to where the expected flow (M16) meets it: one way to draw from months given figures (randomised maximum
likelihood, Oliver, He & Reynolds 1996). Terms share what has to be moved by how much a month of each may move. Only what had begun by the
last month known is in force meanwhile; so measures, events and drivers that begin later act on top of what the past foresees.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from corredor.engine.draws import n_latent_months, sample_draws
from corredor.engine.ensemble import run_ensemble
from corredor.engine.network import FlowNetwork, build_network
from corredor.learn.fit.coming_counts import wanted_logs
from corredor.learn.fit.evaluate import Task
from corredor.learn.fit.smoother import Posterior
from corredor.learn.fit.steps import DIGITS
from corredor.learn.fit.unknowns import parameters_of
from corredor.learn.monthly_series import LONGEST_SILENCE_MONTHS, monthly_series
from corredor.learn.panel_ahead import Panel, known_panel
from corredor.results.observe import PublishedFigures, dispersions, figure_means, published_figures
from corredor.study.calendar import first_day, last_day, month_number
from corredor.study.schema import Observation

MONTHS_AHEAD = 18
"""Months drawn after the last one known; later ones go on as AR(1) does (M2)."""

FEWEST_KEPT = 500
"""Draws kept at least, each draw with as many futures as that takes: a forecast has as many simulations unless others are asked for."""

ALLOWED = 0.01
"""Standard deviation (log) within which a sample should be met: far below what any month is uncertain by."""

MET = 0.02
"""Root mean square distance (log) at which a draw has met its sample and moves no more."""

STEP = 0.5
"""Standard deviations by which a latent month is moved to see what moves with it."""

ROUNDS = 5
"""Most rounds of runs for a draw; two are enough where effects are near straight lines on the log scale."""

FAR, MOST_FAR = 0.1, 0.1
"""Distance (log) from which a sample counts as not met, and the share of draws from which on that is told."""


@dataclass(frozen=True)
class Ahead:
    """Draws of a fit with their futures.

    kept : (n_kept,) int                                which draw each future belongs to
    new_parts : (n_kept, n_latents, n_months) float     of the latent months (M2), those ahead included
    distance : (n_kept,) float, log                     root mean square distance of the expected flow from the sample of each; empty
        where nothing is followed
    outputs : those that are followed
    """

    kept: np.ndarray
    new_parts: np.ndarray
    distance: np.ndarray
    outputs: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        """For the fit's diagnostics; nothing where nothing is followed."""
        if not self.outputs:
            return {}
        return {"follows": {"outputs": list(self.outputs), "distance": round(float(np.median(self.distance)), 4)}}

    @property
    def remarks(self) -> list[str]:
        """Sentences on samples that the model cannot reach."""
        missed = float(np.mean(self.distance > FAR)) if self.outputs else 0.0
        if missed <= MOST_FAR:
            return []
        return [
            f"In {100 * missed:.0f} % of draws the latent terms cannot carry the model to the months ahead that the published past of "
            f"{', '.join(self.outputs)} foresees: something else limits them, such as people or room."
        ]


def with_months_ahead(task: Task, posterior: Posterior, known_on: dt.date) -> Ahead:
    """Draws of a fit, each kept with several futures of the latent months where terms of the study follow an output.

    known_on : last day on which figures may have been published
    """
    z, network = posterior.z, task.network
    plain = Ahead(np.arange(len(z)), task.unknowns.new_parts(z), np.zeros(0))
    latents = network.model.study.latents
    followers = [number for number, one in enumerate(network.covariates.latents) if latents[one.entry].follows]
    outputs = tuple(dict.fromkeys(follows for one in latents.values() if (follows := one.follows)))
    panel = _followed(network, outputs, known_on) if followers else None
    if panel is None:
        return plain
    first = month_number(network.calendar.date_of_step(0))
    rows = _coming_rows(network, panel)
    if not rows:
        return plain
    kept = np.tile(np.arange(len(z)), -(-FEWEST_KEPT // len(z)))
    rng = np.random.default_rng([task.seed, 3])
    # what had begun by the last month known goes on; what begins later is not in these runs, and so acts on top of them
    begun = network.model.as_begun_by(last_day(panel.last_month)).until(rows[-1].to)
    runs = _Runs(task, build_network(begun), rows, parameters_of(network, task.unknowns, z)[kept])
    parts = rng.standard_normal((len(kept), len(network.covariates.latents), n_latent_months(runs.network)))
    n_known = max(month_number(row.to) for row in task.figures.rows) - first + 1
    parts[:, :, :n_known] = plain.new_parts[kept, :, :n_known]
    free = (followers, max(month_number(rows[0].from_) - first, 0))
    samples = panel.samples_ahead(month_number(rows[-1].to) - panel.last_month, len(kept), rng)
    wanted = wanted_logs(panel, samples, runs.figures, runs.dispersions, (task.figures, posterior.process))
    new_parts, distance = _moved(runs, parts, free, wanted)
    return Ahead(kept, new_parts, distance, outputs)


def _followed(network: FlowNetwork, outputs: tuple[str, ...], known_on: dt.date) -> Panel | None:
    """What was published of the outputs by the day, of series that still come out."""
    series = [one for one in monthly_series(network.model) if one.name.output in outputs]
    panel = known_panel(series, known_on)
    if panel is None:
        return None
    newest = {name: panel.last_known(number) for number, name in enumerate(panel.names)}
    return known_panel([one for one in series if newest.get(one.name, 0) > panel.last_month - LONGEST_SILENCE_MONTHS], known_on)


def _coming_rows(network: FlowNetwork, panel: Panel) -> list[Observation]:
    """A row for each series and month after the last known one, month by month; their values say nothing."""
    begins = network.model.study.from_
    months = [month for month in range(panel.last_month + 1, panel.last_month + 1 + MONTHS_AHEAD) if first_day(month) >= begins]
    words = {"value": 0.0, "published": begins, "source": "none"}
    return [
        Observation.model_validate(
            {
                **words, "output": name.output, "place": name.place or None, "group": name.group or None,
                "from": first_day(month), "to": last_day(month),
            }
        )
        for month in months
        for name in panel.names
    ]  # fmt: skip


class _Runs:
    """Expected flow (M16) of draws up to the last month ahead, as it would be published."""

    def __init__(self, task: Task, network: FlowNetwork, rows: list[Observation], parameters: np.ndarray) -> None:
        self.task, self.network, self.parameters = task, network, parameters
        self.figures: PublishedFigures = published_figures(network, tuple(rows))
        self.dispersions = np.median(dispersions(self.figures, network.quantities.evaluate(parameters)), axis=0)

    def logs(self, parameters: np.ndarray, parts: np.ndarray) -> np.ndarray:
        """log(1 + people) of the figures: (n_draws, n_figures) float."""
        sample = sample_draws(self.network, parameters, self.task.seed, expected=True, learned=parts)
        counts = run_ensemble(self.network, sample, self.task.seed, self.task.jobs, expected=True)
        return np.log1p(figure_means(self.figures, counts.cells, sample.values))

    def slopes(self, parts: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """What moves with each latent month, around the middle of the draws: (n_figures, n_columns) float, log.

        columns : (n_columns,) int      places among the latent months of a draw, laid side by side
        """
        middle = np.repeat(parts.mean(axis=0).reshape(1, -1), len(columns) + 1, axis=0)
        middle[np.arange(len(columns)) + 1, columns] += STEP
        parameters = np.repeat(np.median(self.parameters, axis=0)[None], len(middle), axis=0)
        seen = self.logs(parameters, middle.reshape(-1, *parts.shape[1:]))
        return (seen[1:] - seen[0]).T / STEP


def _moved(runs: _Runs, parts: np.ndarray, free: tuple[list[int], int], wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Latent months moved, as little as may be, to where each draw meets its sample (Gauss & Newton, a step halved where it leads away).

    parts : (n_draws, n_latents, n_months) float        new parts, months ahead as chance alone put them
    free : latent series that may move, and the first month from which on
    wanted : (n_draws, n_figures) float, log
    returns : new parts, and (n_draws,) how far each is from its sample, log
    """
    shape = parts.shape
    columns = (np.array(free[0])[:, None] * shape[2] + np.arange(free[1], shape[2])).ravel()
    slopes = runs.slopes(parts, columns)
    gain = slopes.T @ np.linalg.inv(slopes @ slopes.T + ALLOWED**2 * np.eye(len(slopes)))
    flat = parts.reshape(len(parts), -1).copy()
    begin = flat[:, columns]
    best, distance, tried = begin.copy(), np.full(len(parts), np.inf), begin.copy()
    waiting = np.arange(len(parts))
    for _ in range(ROUNDS):
        flat[np.ix_(waiting, columns)] = tried[waiting]
        off = wanted[waiting] - runs.logs(runs.parameters[waiting], flat[waiting].reshape(-1, *shape[1:]))
        here = np.sqrt((off**2).mean(axis=1))
        nearer = here < distance[waiting]
        on = waiting[nearer]
        best[on], distance[on] = tried[on], here[nearer]
        moved = begin[waiting] + (off + (tried[waiting] - begin[waiting]) @ slopes.T) @ gain.T
        tried[waiting] = np.round(np.where(nearer[:, None], moved, (best[waiting] + tried[waiting]) / 2), DIGITS)
        waiting = waiting[distance[waiting] > MET]
        if not len(waiting):
            break
    flat[:, columns] = best
    return flat.reshape(shape), distance
