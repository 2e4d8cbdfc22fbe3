"""Which assumption moves the answer most, and what it would be worth to know it better: Sobol and Morris over priors or fitted draws."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
import xarray as xr
from scipy import sparse
from scipy.special import ndtri
from scipy.stats import rankdata

from corredor._simulate import provenance
from corredor.effects.compare.drawn import Drawn, draw_parameters
from corredor.effects.compare.pair import compared_sides
from corredor.effects.compare.scenarios_together import Scenarios, make_scenarios, run_draw_in_all
from corredor.effects.compare.shares import total_weights
from corredor.engine.ensemble import Progress, run_rows
from corredor.engine.fitted import Fitted, check_fitted, study_and_fit
from corredor.engine.network import build_network
from corredor.engine.workers import ClusterLike, Workers, workers_of
from corredor.study.arguments import StudyLike, choice_of, count_of, names_of, seed_of
from corredor.study.model import Model
from corredor.study.priors import prior_centre, prior_quantile
from corredor.study.problems import ArgumentError, likeliest, nearest
from corredor.study.schema import Scenario

Method = Literal["sobol", "morris"]

MORRIS_RANGE = (0.05, 0.95)
"""Part of each prior that Morris' steps go through."""

SOBOL_RANGE = (0.001, 0.999)
"""Part of each prior that Sobol's points come from: a point at 0 or 1 would be an endless value."""

LEVELS = 4
OTHERS = "all_others"
"""Stands for the parameters that the first screening found to matter least, taken together."""

CONFIDENCE, NORMAL_95 = 0.95, 1.96
RESAMPLES = 200


def sensitivity(
    study: StudyLike,
    *,
    output: str,
    method: Method = "sobol",
    without: str | Iterable[str] = (),
    scenario: Scenario | str | os.PathLike[str] | None = None,
    size: int | None = None,
    most: int = 12,
    seed: int = 1,
    jobs: int | None = None,
    cluster: ClusterLike = None,
    priors_only: bool = False,
    fitted: Fitted | str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """How much each uncertain parameter moves an answer in the mean-field model (M16); `corredor sensitivity` does the same.

    Parameters
    ----------
    study
        A bundled name, a folder, or a loaded study.
    output
        A flow (summed over the study), stock or wait (averaged); not a distribution of days waited.
    method
        morris screens all parameters: mean absolute step (`influence`) from `size` paths. sobol does that first, then splits the
        variance of the answer among the `most` most influential parameters and all others together, from `size` points a parameter.
    without, scenario
        As of `compare`; then it is the effect that is explained, with − without.
    size
        Paths of morris, 10 unless given; points of sobol, a power of 2, 128 unless given.
    most
        Parameters that sobol looks at one by one.
    seed
        Whole number that decides all random numbers (M15).
    jobs
        Threads; all processors unless given. Changes nothing in the results.
    cluster
        As of `simulate`.
    priors_only, fitted
        As of `simulate`. With a fit each parameter goes through the range of its fitted draws in place of its prior, independent of the
        others, and latent months are at the medians of the fit; mean and standard deviation of the answer are those of the fitted draws.
    progress
        Called with the number of runs finished and of all.

    Returns
    -------
    xarray.Dataset
        Over `parameter`: influence, influence_error, spread (Morris); with sobol also first, first_error, total, total_error (shares
        of the variance, half widths of 95 % intervals) and sd_if_known, the standard deviation of the answer that would be left on
        average if the parameter were known. With a fit also explained, explained_error: the share of the variance over the fitted
        draws that goes with the parameter, as the draws move together; sd_if_known then follows from it. Attributes: draws_from (fit,
        priors), effect_of (what is compared, in words; empty for a total), answer_mean, answer_sd,
        moved_sd (standard deviation when the parameters are moved independently), runs.

    Raises
    ------
    StudyError
        Every problem of the study, the scenario or the names.
    ValueError
        An output without a total, a study in which nothing is uncertain, or a number below 1.
    ModuleNotFoundError
        The extra `sensitivity` is not installed.

    Notes
    -----
    Morris (1991); Saltelli et al. (2010), Sobol' (2001); SALib (Herman & Usher 2017); given data: Plischke, Borgonovo & Smith (2013).

    Examples
    --------
    >>> found = sensitivity("two-towns", output="crossings", method="morris", size=2)
    >>> "influence" in found
    True
    """
    choice_of(method, "method", get_args(Method))
    most, seed = count_of(most, "most"), seed_of(seed)
    size = None if size is None else count_of(size, "size", least=2 if method == "morris" else 1)
    model, fitted = study_and_fit(study, fitted, priors_only)
    if fitted is not None:
        check_fitted(fitted, build_network(model))
    names = _uncertain_names(model, output)
    left_out = names_of(without, "without")
    sides = () if scenario is None and not left_out else compared_sides(model, scenario, left_out)
    models = [side.model for side in sides] or [model]
    with workers_of(jobs, cluster) as workers:
        answer = _Answer(model, models, names, output, seed, workers, progress, fitted)
        found = _screen(answer, (size or 10) if method == "morris" else 10, seed)
        if method == "sobol" and np.ptp(found.answers) > 0:
            found = _split(answer, found, most, size or 128, seed)
        answers = found.answers
        if fitted is not None:
            answers = answer.of_fitted_draws(fitted)
            found = _with_explained(found, fitted, answers, seed)
    facts = {
        "effect_of": "; ".join(side.what for side in sides if side.changes),
        "draws_from": "priors" if fitted is None else "fit",
        "answer_mean": float(np.mean(answers)),
        "answer_sd": float(np.std(answers, ddof=1)),
        "moved_sd": float(np.std(found.answers, ddof=1)),
        "runs": answer.runs,
    }
    return _dataset(model, models, output, found, {"method": method, **facts, **provenance(seed, True, fitted)})


def sensitivity_table(dataset: xr.Dataset) -> pd.DataFrame:
    """One row for each parameter, what moves the answer most first: by what `leading_measure` says."""
    frame = dataset.to_dataframe().reset_index()
    return frame.sort_values(leading_measure(frame), ascending=False, kind="stable", na_position="last")


def leading_measure(table: pd.DataFrame | xr.Dataset) -> str:
    """By which number parameters are ranked: `explained` where any can be told from none, else `total` or `influence`."""
    if "explained" in table and bool((table["explained"] > table["explained_error"]).any()):
        return "explained"
    return "total" if "total" in table else "influence"


class _Answer:
    """Points in the cube of the priors' quantiles, or of those of fitted draws → the answer of the mean-field model."""

    def __init__(
        self,
        model: Model,
        models: list[Model],
        names: list[str],
        output: str,
        seed: int,
        workers: Workers,
        progress: Progress | None,
        fitted: Fitted | None,
    ) -> None:
        self.model, self.models, self.names, self.output = model, models, names, output
        self.seed, self.workers, self.progress, self.runs = seed, workers, progress, 0
        self.learned = {} if fitted is None else dict(zip(fitted.parameter_names, fitted.parameters.T, strict=True))
        self.latent_months = None if fitted is None else np.median(fitted.new_parts, axis=0)

    def __call__(self, points: np.ndarray) -> np.ndarray:
        columns = [
            self._quantiles(name, points[:, self.names.index(name)])
            if name in self.names
            else np.full(len(points), prior_centre(parameter.prior))
            for name, parameter in self.model.parameters.items()
        ]
        months = (
            None if self.latent_months is None else np.broadcast_to(self.latent_months, (len(points), *self.latent_months.shape))
        )
        return self._of(Drawn(np.stack(columns, axis=1), months))

    def of_fitted_draws(self, fitted: Fitted) -> np.ndarray:
        """The answers of the fitted draws as they are, their parameters and months together: (n_draws,) float."""
        return self._of(draw_parameters(self.model, fitted.n_draws, self.seed, fitted=fitted))

    def _quantiles(self, name: str, points: np.ndarray) -> np.ndarray:
        """Quantiles of the fitted draws of a parameter; of its prior where there is no fit."""
        if name in self.learned:
            return np.asarray(np.quantile(self.learned[name], points))
        return prior_quantile(self.model.parameters[name].prior, points)

    def _of(self, drawn: Drawn) -> np.ndarray:
        scenarios = make_scenarios(self.models, drawn, self.seed, expected=True)
        outputs, weights = total_weights(scenarios.networks[0])
        one_run = partial(_answer_of_a_run, scenarios, sparse.csr_array(weights[[outputs.index(self.output)]]))
        n_runs = len(drawn.parameters)
        self.runs += n_runs
        return run_rows(n_runs, 1, one_run, self.workers, self.progress).cells[:, 0]


def _answer_of_a_run(scenarios: Scenarios, weight: sparse.csr_array, row: int) -> tuple[np.ndarray, float, int]:
    outcomes = run_draw_in_all(scenarios, row)
    told = [float((weight @ outcome.cells)[0]) for outcome in outcomes]
    return np.array([told[0] - sum(told[1:])]), max(o.people_lost for o in outcomes), outcomes[0].decisions


@dataclass(frozen=True)
class _Found:
    """What a method found.

    parameters : names; OTHERS stands last where parameters were taken together
    variables : name in the Dataset → a number for each of these parameters
    answers : (n_runs,) float people or days       of the method's own runs
    """

    parameters: list[str]
    variables: dict[str, np.ndarray]
    answers: np.ndarray


def _uncertain_names(model: Model, output: str) -> list[str]:
    """Names of the parameters to look at.

    raises : ArgumentError for an output without a total, or a study in which nothing is uncertain
    """
    known = [name for name, of in model.study.outputs.items() if of.days_waited is None and of.sum_of is None]
    if output not in known:
        found = f"{output} has no total; there are: {likeliest(str(output), known)}"
        raise ArgumentError(
            "output", found, "an output that has a total", f'output="{nearest(str(output), known) or next(iter(known), "")}"'
        )
    names = [name for name, parameter in model.parameters.items() if parameter.prior.fixed is None]
    if not names:
        raise ArgumentError("study", "every parameter of the study is fixed", "one that is uncertain", "a prior")
    return names


def _screen(answer: _Answer, paths: int, seed: int) -> _Found:
    """Morris: the mean absolute step of each parameter along so many paths."""
    import SALib.analyze.morris  # late: an extra that only this file needs
    import SALib.sample.morris

    problem = {"num_vars": len(answer.names), "names": answer.names, "bounds": [list(MORRIS_RANGE)] * len(answer.names)}
    points = SALib.sample.morris.sample(problem, paths, num_levels=LEVELS, seed=_small(seed))
    values = answer(points)
    found = SALib.analyze.morris.analyze(
        problem, points, values, num_levels=LEVELS, seed=_small(seed), conf_level=CONFIDENCE, num_resamples=RESAMPLES
    )
    variables = {
        "influence": _of_all(found["mu_star"]),
        "influence_error": _of_all(found["mu_star_conf"]),
        "spread": _of_all(found["sigma"]),
    }
    return _Found(list(answer.names), variables, values)


def _split(answer: _Answer, screened: _Found, most: int, size: int, seed: int) -> _Found:
    """Sobol: the variance of the answer, split among the most influential parameters and all others as one group."""
    import SALib.analyze.sobol  # late: an extra that only this file needs
    import SALib.sample.sobol

    names = answer.names
    leading = [names[number] for number in np.argsort(-screened.variables["influence"], kind="stable")[:most]]
    groups = [name if name in leading else OTHERS for name in names]
    bounds = [list(SOBOL_RANGE)] * len(names)
    problem = {"num_vars": len(names), "names": names, "bounds": bounds, "groups": groups}
    points = SALib.sample.sobol.sample(problem, _power_of_two(size), calc_second_order=False, seed=_small(seed))
    values = answer(points)
    found = SALib.analyze.sobol.analyze(
        problem, values, calc_second_order=False, seed=_small(seed), conf_level=CONFIDENCE, num_resamples=RESAMPLES
    )
    order = list(dict.fromkeys(groups))
    others = [OTHERS] if OTHERS in order else []
    parameters = names + others
    variables = {name: np.append(numbers, [np.nan] * len(others)) for name, numbers in screened.variables.items()}
    for name, key in (("first", "S1"), ("first_error", "S1_conf"), ("total", "ST"), ("total_error", "ST_conf")):
        shares = dict(zip(order, np.asarray(found[key], dtype=float), strict=True))
        variables[name] = np.array([shares.get(parameter, np.nan) for parameter in parameters])
    sd = float(np.std(values, ddof=1))
    variables["sd_if_known"] = sd * np.sqrt(np.clip(1.0 - variables["first"], 0.0, 1.0))
    return _Found(parameters, variables, values)


def _with_explained(found: _Found, fitted: Fitted, answers: np.ndarray, seed: int) -> _Found:
    """Beside what a method found: which share of the variance over the fitted draws goes with each parameter, and what would be left."""
    own, half = explained_shares(fitted.parameters, answers, seed)
    shares, errors = (dict(zip(fitted.parameter_names, values, strict=True)) for values in (own, half))
    explained = np.array([shares.get(name, np.nan) for name in found.parameters])
    variables = {"explained": explained, "explained_error": np.array([errors.get(name, np.nan) for name in found.parameters])}
    variables["sd_if_known"] = float(np.std(answers, ddof=1)) * np.sqrt(1.0 - explained)
    return replace(found, variables=found.variables | variables)


def explained_shares(parameters: np.ndarray, answers: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Share of the variance of answers that goes with each parameter, with whatever moves together with it in the draws.

    parameters : (n_draws, n_parameters) float;  answers : (n_draws,) float
    returns : adjusted R² of a parabola in the parameter's normal scores, 0–1, and the half widths of its 95 % intervals (bootstrap)
    source : correlation ratio from given data, Plischke, Borgonovo & Smith 2013, European Journal of Operational Research 226
    """
    random, n_draws = np.random.default_rng(seed), len(answers)
    chosen = random.integers(0, n_draws, (RESAMPLES, n_draws))
    shares, errors = np.zeros(parameters.shape[1]), np.zeros(parameters.shape[1])
    for column, values in enumerate(parameters.T):
        z = ndtri((rankdata(values) - 0.5) / n_draws)
        design = np.stack([np.ones(n_draws), z, z * z - 1.0], axis=1)
        shares[column] = _adjusted_r2(design[None], answers[None])[0]
        errors[column] = NORMAL_95 * np.std(_adjusted_r2(design[chosen], answers[chosen]), ddof=1)
    return shares, errors


def _adjusted_r2(design: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """design : (n_sets, n_draws, n_terms);  answers : (n_sets, n_draws);  returns : (n_sets,) 0–1"""
    n_draws, n_terms = design.shape[1:]
    centred = answers - answers.mean(axis=1, keepdims=True)
    total = (centred**2).sum(axis=1)
    if n_draws <= n_terms + 1:
        return np.full(len(answers), np.nan)
    normal = np.einsum("snt,snu->stu", design, design)
    coefficients = np.einsum("stu,su->st", np.linalg.pinv(normal), np.einsum("snt,sn->st", design, centred))
    left = ((centred - np.einsum("snt,st->sn", design, coefficients)) ** 2).sum(axis=1)
    ratio = np.divide(left, total, out=np.ones(len(answers)), where=total > 0)
    return np.asarray(np.clip(1.0 - ratio * (n_draws - 1) / (n_draws - n_terms), 0.0, 1.0))


def _dataset(model: Model, models: list[Model], output: str, found: _Found, facts: dict[str, Any]) -> xr.Dataset:
    of = model.study.outputs[output]
    known = model.parameters
    coordinates = {
        "parameter": np.array(found.parameters, dtype=str),
        "parameter_title": _texts(
            [(known[n].title or n.replace("_", " ")) if n in known else "all others together" for n in found.parameters]
        ),
        "parameter_basis": _texts([known[name].basis if name in known else "" for name in found.parameters]),
    }
    attributes = {
        "title": model.study.title,
        "study": model.name,
        "study_hash": model.hash,
        "made_up": int(model.study.made_up),
        "output": output,
        "output_title": of.title,
        "unit": "days" if of.expected_wait is not None else "people",
        "answer": "effect" if len(models) > 1 else "level",
        **facts,
    }
    return xr.Dataset(
        {name: (("parameter",), values) for name, values in found.variables.items()}, coords=coordinates, attrs=attributes
    )


def _texts(words: list[str]) -> tuple[str, np.ndarray]:
    return "parameter", np.array(words, dtype=str)


def _of_all(values: Any) -> np.ndarray:
    return np.asarray(np.ma.filled(np.ma.asarray(values, dtype=float), np.nan), dtype=float)


def _small(seed: int) -> int:
    """SALib takes seeds of 32 bits."""
    return seed & 0x7FFFFFFF


def _power_of_two(size: int) -> int:
    return int(2 ** np.ceil(np.log2(max(size, 2))))
