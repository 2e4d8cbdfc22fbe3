"""From a study and its figures to draws: the sentence that joins the files of this folder."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Literal

from corredor.engine.ensemble import Progress
from corredor.engine.fitted import Fitted, rounded, ties
from corredor.engine.network import build_network
from corredor.learn.fit.evaluate import Task
from corredor.learn.fit.judge import judged
from corredor.learn.fit.sampler import MOST_UNKNOWNS, sample
from corredor.learn.fit.smoother import smooth
from corredor.learn.fit.unknowns import parameters_of, unknowns_of
from corredor.learn.likelihood import known_by
from corredor.results.observe import published_figures
from corredor.study.model import Model, load_study

Method = Literal["smoother", "emcee"]


class NothingToLearn(Exception):
    """No figure can teach anything; the message is a sentence for a planner."""


class TooManyUnknowns(ValueError):
    """A problem too large for the method asked for."""


def fit(
    study: Model | str | os.PathLike[str],
    until: dt.date | None = None,
    as_of: dt.date | None = None,
    draws: int = 300,
    iterations: int = 4,
    seed: int = 1,
    jobs: int | None = None,
    method: Method = "smoother",
    progress: Progress | None = None,
) -> Fitted:
    """Draws of the parameters and latent months that the published figures leave possible.

    study : a loaded study or its folder
    until : last day that figures may count; `as_of` unless given, else the study's last day
    as_of : last day on which figures may have been published; `until` unless given, else that of the last figure
    draws : ensemble members (smoother), or draws kept of the chain (emcee)
    iterations : rounds of the smoother; for emcee, hundreds of steps of every walker
    method : smoother, an iterative ensemble smoother; emcee, the exact likelihood of the mean-field model, for at most 40 unknowns
    jobs : threads; changes nothing in the results
    progress : called with runs finished and runs in all
    returns : Fitted; `simulate(study, fitted=…)` and `forecast` use it
    raises : StudyError; NothingToLearn when no figure was published in time or nothing is uncertain; TooManyUnknowns for emcee;
        ValueError for a date before the study begins
    source : Chen & Oliver 2012, Mathematical Geosciences 44; docs/FIT.md says what is done differently
    """
    model = study if isinstance(study, Model) else load_study(Path(study))
    last_day = until or as_of or model.study.to
    known_on = as_of or until or max((row.published for row in model.observations), default=last_day)
    cut = model.until(min(last_day, model.study.to))
    rows = known_by(cut, known_on, last_day)
    network = build_network(cut)
    unknowns = unknowns_of(network)
    if not rows:
        raise NothingToLearn(
            f"There is nothing to learn from: none of the {len(model.observations)} figures of {model.name} counts days up to {last_day} "
            f"and was published by {known_on}. Choose a later date, or add figures to observations.csv."
        )
    if not unknowns.size:
        raise NothingToLearn(f"There is nothing to learn: every parameter of {model.name} is fixed, and it has no latent months.")
    if method == "emcee" and unknowns.size > MOST_UNKNOWNS:
        raise TooManyUnknowns(
            f"{model.name} has {unknowns.size} unknowns ({unknowns.n_parameters} parameters and {unknowns.size - unknowns.n_parameters} "
            f"latent months); emcee is for at most {MOST_UNKNOWNS}. Use the method smoother."
        )
    task = Task(network, unknowns, published_figures(network, rows), seed, jobs or os.cpu_count() or 1)
    posterior = (smooth if method == "smoother" else sample)(task, draws, iterations, progress)
    parameters = parameters_of(network, unknowns, posterior.z)[:, unknowns.parameter_columns]
    return rounded(
        Fitted(
            study=model.name,
            study_hash=model.hash,
            until=last_day,
            as_of=known_on,
            method=method,
            seed=seed,
            parameter_names=unknowns.parameter_names,
            parameters=parameters,
            latent_names=unknowns.latent_names,
            new_parts=unknowns.new_parts(posterior.z),
            belongs_to=ties(network),
            diagnostics={"iterations": iterations, **judged(task, posterior)},
        )
    )
