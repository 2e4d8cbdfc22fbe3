"""From a study and its figures to draws: the sentence that joins the files of this folder."""

from __future__ import annotations

from typing import Literal, get_args

from threadpoolctl import threadpool_limits

from corredor.engine.ensemble import Progress
from corredor.engine.fitted import Fitted, rounded, ties
from corredor.engine.network import build_network
from corredor.engine.workers import ClusterLike, workers_of
from corredor.learn.fit.evaluate import Task
from corredor.learn.fit.judge import judged
from corredor.learn.fit.months_ahead import with_months_ahead
from corredor.learn.fit.sampler import MOST_UNKNOWNS, sample
from corredor.learn.fit.smoother import smooth
from corredor.learn.fit.unknowns import parameters_of, unknowns_of
from corredor.learn.likelihood import known_by
from corredor.results.observe import published_figures
from corredor.study.arguments import DateLike, StudyLike, choice_of, count_of, date_of, seed_of, study_of

Method = Literal["smoother", "emcee"]

ITERATIONS = {"smoother": 12, "emcee": 4}
"""Unless others are asked for."""


class NothingToLearn(Exception):
    """No figure can teach anything; the message is a sentence for a planner."""


class TooManyUnknowns(ValueError):
    """A problem too large for the method asked for."""


def fit(
    study: StudyLike,
    *,
    until: DateLike | None = None,
    as_of: DateLike | None = None,
    method: Method = "smoother",
    draws: int = 300,
    iterations: int | None = None,
    seed: int = 1,
    jobs: int | None = None,
    cluster: ClusterLike = None,
    progress: Progress | None = None,
) -> Fitted:
    """Draws of the parameters and latent months that the published figures leave possible; `corredor fit` does the same.

    Parameters
    ----------
    study
        A bundled name, a folder, or a loaded study.
    until
        Last day that figures may count; `as_of` unless given, else the study's last day.
    as_of
        Last day on which figures may have been published; `until` unless given, else that of the last figure.
    method
        smoother, an iterative ensemble smoother; emcee, the exact likelihood of the mean-field model, for at most 40 unknowns.
    draws
        Ensemble members (smoother), or draws kept of the chain (emcee); 10 or more.
    iterations
        Most rounds of the smoother, 12 unless given, which ends before when it comes no nearer to the figures; for emcee, hundreds of
        steps of every walker, 4 unless given.
    seed
        Whole number that decides all random numbers (M15).
    jobs
        Threads; all processors unless given. Changes nothing in the results.
    cluster
        As of `simulate`.
    progress
        Called with the number of runs finished and of all.

    Returns
    -------
    Fitted
        For `simulate(study, fitted=…)`, and `fitted.save(path)`.

    Raises
    ------
    StudyError
        Every problem of the study.
    NothingToLearn
        No figure was published in time, or nothing is uncertain.
    ValueError
        A day before the study begins, too few draws, or too many unknowns for emcee (TooManyUnknowns).

    Notes
    -----
    Chen & Oliver 2012, Mathematical Geosciences 44; docs/FIT.md says what is done differently.

    Examples
    --------
    >>> learned = fit("two-towns", draws=10, iterations=1)
    >>> learned.n_draws
    10
    """
    choice_of(method, "method", get_args(Method))
    draws, seed = count_of(draws, "draws", least=10), seed_of(seed)
    iterations = count_of(ITERATIONS[method] if iterations is None else iterations, "iterations")
    model = study_of(study)
    until = None if until is None else date_of(until, "until", first=model.study.from_)
    as_of = None if as_of is None else date_of(as_of, "as_of", first=None if until else model.study.from_)
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
    # Runs of draws already fill the processors; threads of linear algebra beside them only wait, at full power.
    with workers_of(jobs, cluster) as workers, threadpool_limits(limits=1, user_api="blas"):
        task = Task(network, unknowns, published_figures(network, rows), seed, workers)
        posterior = (smooth if method == "smoother" else sample)(task, draws, iterations, progress)
        ahead = with_months_ahead(task, posterior.z, known_on)
    parameters = parameters_of(network, unknowns, posterior.z)[:, unknowns.parameter_columns]
    told = judged(task, posterior)
    told["remarks"] += ahead.remarks
    return rounded(
        Fitted(
            study=model.name,
            study_hash=model.hash,
            until=last_day,
            as_of=known_on,
            method=method,
            seed=seed,
            parameter_names=unknowns.parameter_names,
            parameters=parameters[ahead.kept],
            latent_names=unknowns.latent_names,
            new_parts=ahead.new_parts,
            belongs_to=ties(network),
            diagnostics={"iterations": iterations, **told, **ahead.told},
        )
    )
