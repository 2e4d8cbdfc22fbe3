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
from corredor.learn.fit.coming_counts import without_noise
from corredor.learn.fit.evaluate import SEED_OF_THE_FIT, Task
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

ALLOWED = 0.002
"""Standard deviation (log) within which a sample should be met: so far below what any month is uncertain by that a jump costs no figure."""

MET = 0.02
"""Distance (log) of the figure furthest off at which a draw has met its sample and moves no more."""

NOISE_DRAWS = 48
"""Draws from which it is seen how much chance a run adds to the months ahead: its variance within about a fifth."""

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


def with_months_ahead(task: Task, z: np.ndarray, known_on: dt.date) -> Ahead:
    """Draws of a fit, each kept with several futures of the latent months where terms of the study follow an output.

    z : (n_draws, n_unknowns) float
    known_on : last day on which figures may have been published
    """
    network = task.network
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
    way = _way(runs, parts, followers, max(month_number(rows[0].from_) - first, 0))
    samples = panel.samples_ahead(month_number(rows[-1].to) - panel.last_month, len(kept), rng)
    foreseen = np.log1p(samples).reshape(len(kept), -1)[:, -len(rows) :]
    some = np.arange(min(NOISE_DRAWS, len(kept)))
    there, _ = _moved(runs, way, some, parts[some], foreseen[some])
    wanted = without_noise(foreseen, runs.noise(some, there))
    new_parts, distance = _moved(runs, way, np.arange(len(kept)), parts, wanted)
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
    """Runs of draws up to the last month ahead: what would be published of the figures ahead, log(1 + people)."""

    def __init__(self, task: Task, network: FlowNetwork, rows: list[Observation], parameters: np.ndarray) -> None:
        self.task, self.network, self.parameters = task, network, parameters
        self.figures: PublishedFigures = published_figures(network, tuple(rows))

    def expected(self, parameters: np.ndarray, parts: np.ndarray) -> np.ndarray:
        """Expected flow (M16): (n_draws, n_figures) float, log."""
        sample = sample_draws(self.network, parameters, self.task.seed, expected=True, learned=parts)
        counts = run_ensemble(self.network, sample, self.task.seed, self.task.workers, expected=True)
        return np.asarray(np.log1p(figure_means(self.figures, counts.cells, sample.values)))

    def noise(self, draws: np.ndarray, parts: np.ndarray) -> np.ndarray:
        """Variance that chance adds to the figures: of people and days in a run, and of publishing (M14); (n_figures,) float, log.

        draws : (n_draws,) int      rows of the parameters;  parts : of these draws
        """
        sample = sample_draws(self.network, self.parameters[draws], self.task.seed, expected=True, learned=parts)
        seed = (self.task.seed + SEED_OF_THE_FIT) % 2**63
        drawn, mean = (
            figure_means(self.figures, run_ensemble(self.network, sample, seed, self.task.workers, flow).cells, sample.values)
            for flow in (False, True)
        )
        published = mean + dispersions(self.figures, sample.values) * mean**2
        of_publishing = np.where(self.figures.counted, published / (1 + mean) ** 2, 0.0)
        return np.asarray(((np.log1p(drawn) - np.log1p(mean)) ** 2 + of_publishing).mean(axis=0))


@dataclass(frozen=True)
class _Way:
    """Which latent months may move, and where to.

    columns : (n_columns,) int      places among the latent months of a draw, laid side by side
    slopes : (n_figures, n_columns) float, log          what moves with each, around the middle of the draws
    gain : (n_columns, n_figures) float                 how far each moves for a distance (log) of each figure
    """

    columns: np.ndarray
    slopes: np.ndarray
    gain: np.ndarray


def _way(runs: _Runs, parts: np.ndarray, followers: list[int], first_free: int) -> _Way:
    """parts : of all draws;  followers : latent series that may move;  first_free : month from which on"""
    columns = (np.array(followers)[:, None] * parts.shape[2] + np.arange(first_free, parts.shape[2])).ravel()
    middle = np.repeat(parts.mean(axis=0).reshape(1, -1), len(columns) + 1, axis=0)
    middle[np.arange(len(columns)) + 1, columns] += STEP
    parameters = np.repeat(np.median(runs.parameters, axis=0)[None], len(middle), axis=0)
    seen = runs.expected(parameters, middle.reshape(-1, *parts.shape[1:]))
    slopes = (seen[1:] - seen[0]).T / STEP
    gain = slopes.T @ np.linalg.inv(slopes @ slopes.T + ALLOWED**2 * np.eye(len(slopes)))
    return _Way(columns, slopes, gain)


def _moved(runs: _Runs, way: _Way, draws: np.ndarray, parts: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Latent months moved, as little as may be, to where each draw meets its sample (Gauss & Newton, a step halved where it leads away).

    draws : (n_draws,) int      rows of the parameters
    parts : (n_draws, n_latents, n_months) float        new parts, months ahead as chance alone put them
    wanted : (n_draws, n_figures) float, log
    returns : new parts, and (n_draws,) root mean square distance of each from its sample, log
    """
    flat = parts.reshape(len(parts), -1).copy()
    begin = flat[:, way.columns]
    best, tried, distance, waiting = begin.copy(), begin.copy(), np.full(len(parts), np.inf), np.arange(len(parts))
    for _ in range(ROUNDS):
        flat[np.ix_(waiting, way.columns)] = tried[waiting]
        there = runs.expected(runs.parameters[draws[waiting]], flat[waiting].reshape(-1, *parts.shape[1:]))
        off = wanted[waiting] - there
        here = np.sqrt((off**2).mean(axis=1))
        nearer = here < distance[waiting]
        best[waiting[nearer]], distance[waiting[nearer]] = tried[waiting[nearer]], here[nearer]
        moved = begin[waiting] + (off + (tried[waiting] - begin[waiting]) @ way.slopes.T) @ way.gain.T
        tried[waiting] = np.round(np.where(nearer[:, None], moved, (best[waiting] + tried[waiting]) / 2), DIGITS)
        waiting = waiting[np.abs(off).max(axis=1) > MET]
        if not len(waiting):
            break
    flat[:, way.columns] = best
    return flat.reshape(parts.shape), distance
