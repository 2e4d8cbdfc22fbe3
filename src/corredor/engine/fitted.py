"""What a fit has learned: draws of the uncertain parameters and of the latent months, kept in fitted.nc, for any later run."""

from __future__ import annotations

import datetime as dt
import json
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from corredor.engine.draws import Sample, central_parameters, sample_draws, sample_parameters
from corredor.engine.fit_checks import broken_draws, foreign_draws, wrong_months
from corredor.engine.netcdf_file import read_checked, write_checked
from corredor.engine.network import FlowNetwork, build_network
from corredor.study.arguments import StudyLike, study_of, yes_of
from corredor.study.calendar import month_number
from corredor.study.catalogue import find_study
from corredor.study.model import Model
from corredor.study.problems import ArgumentError, Problem, StudyError, listed
from corredor.study.schema import Prior
from corredor.study.whole_file import replace_whole

NAME = "fitted.nc"


@dataclass(frozen=True)
class Fitted:
    """Draws of everything that figures can teach.

    study, study_hash : what was fitted
    until, as_of : last day of the figures used, and last day on which they were published
    method, seed : how
    parameter_names, parameters : (n_draws, n_parameters) float     uncertain parameters, in their own units
    latent_names, new_parts : (n_draws, n_latents, n_months) float  new parts ξ of the latent months (M2), standard normal before
        the data; month 0 is that in which the warm-up begins
    belongs_to : what a study must have in common with the one that was fitted: see `ties`
    diagnostics : what `fit` says about itself, as JSON can hold it: see `fit/judge.py`
    """

    study: str
    study_hash: str
    until: dt.date
    as_of: dt.date
    method: str
    seed: int
    parameter_names: tuple[str, ...]
    parameters: np.ndarray
    latent_names: tuple[str, ...]
    new_parts: np.ndarray
    belongs_to: dict[str, Any]
    diagnostics: dict[str, Any]

    def table(self) -> pd.DataFrame:
        """One row for each parameter: name, median, low90, high90 (in its unit), prior median, contraction, learned."""
        low, median, high = np.quantile(self.parameters, [0.05, 0.5, 0.95], axis=0)
        told = {row["name"]: row for row in self.diagnostics.get("parameters", [])}
        rows = [told.get(name, {}) for name in self.parameter_names]
        return pd.DataFrame(
            {
                "name": list(self.parameter_names),
                "median": median,
                "low90": low,
                "high90": high,
                "prior_median": [row["prior"][1] if "prior" in row else np.nan for row in rows],
                "contraction": [row.get("contraction", np.nan) for row in rows],
                "learned": [bool(row.get("learned", False)) for row in rows],
            }
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the draws to a file such as fitted.nc, which `corredor run` and `simulate` take from the study's folder."""
        replace_whole(Path(path), lambda passing: write_fitted(self, passing))
        return Path(path)

    def __repr__(self) -> str:
        table = self.table()
        known = f"figures until {self.until}, published by {self.as_of}"
        return f"Fitted {self.study}: {self.n_draws} draws ({self.method}), {known}; {table['learned'].sum()} of {len(table)} learned"

    def _repr_html_(self) -> str:
        table = self.table().sort_values("contraction", ascending=False, kind="stable")
        return f"<p>{self!r}</p>{table.to_html(index=False, max_rows=20)}"

    @property
    def n_draws(self) -> int:
        return len(self.parameters)

    @property
    def troubles(self) -> list[str]:
        """Sentences on why this fit should not be used as it is; empty for a good one."""
        return list(self.diagnostics.get("troubles", []))

    @property
    def remarks(self) -> list[str]:
        """Sentences on what to keep in mind of a fit that may be used, such as series whose last known figures it misses."""
        return list(self.diagnostics.get("remarks", []))

    @property
    def fingerprint(self) -> str:
        """A short name for these very draws, for manifests and checkpoints."""
        content = self.parameters.astype(np.float32).tobytes() + self.new_parts.astype(np.float32).tobytes()
        return f"{zlib.crc32(json.dumps(self.belongs_to, sort_keys=True).encode() + content):08x}"


def uncertain_parameters(model: Model) -> tuple[str, ...]:
    """Names of the parameters that a fit may learn, in the order of the study: those that are neither fixed nor a chance."""
    return tuple(name for name, p in model.parameters.items() if p.prior.fixed is None and p.prior.chance is None)


def ties(network: FlowNetwork) -> dict[str, Any]:
    """What draws of a fit hang on: the priors with their units, the latent series, the first day and the warm-up.

    Measures, figures and the last day may differ: a scenario, a later figure or a forecast do not make a fit useless.
    """
    model = network.model
    return {
        "parameters": {
            name: f"{_distribution(parameter.prior)}, {parameter.unit}"
            for name, parameter in model.parameters.items()
            if parameter.prior.chance is None
        },
        "latents": [latent.name for latent in network.covariates.latents],
        "from": str(model.study.from_),
        "warm_up_days": model.study.warm_up_days,
    }


def check_fitted(fitted: Fitted, network: FlowNetwork, file: str = NAME) -> None:
    """Refuse draws that do not belong to a study any more, or that no fit of it could have made.

    raises : StudyError with one problem, which names what differs, or one for everything that is wrong with the draws
    """
    now, then = ties(network), fitted.belongs_to
    if now == then:
        _check_draws(fitted, network, file)
        return
    found = []
    for key, what in (("from", "first day"), ("warm_up_days", "warm-up in days")):
        if now[key] != then.get(key):
            found.append(f"{what} {then.get(key)} at the fit, {now[key]} now")
    old, new = then.get("parameters", {}), now["parameters"]
    changed = [name for name in new if name in old and old[name] != new[name]]
    found += [f"parameter {name}: {old[name]} at the fit, {new[name]} now" for name in changed[:1]]
    for words, names in (
        ("other priors too", changed[1:]),
        ("parameters new since the fit", [name for name in new if name not in old]),
        ("parameters gone since the fit", [name for name in old if name not in new]),
    ):
        if names:
            found.append(f"{words}: {listed(names, 5)}")
    if now["latents"] != then.get("latents"):
        found.append(f"latent series {listed(then.get('latents', []), 8)} at the fit, {listed(now['latents'], 8)} now")
    expected = f"draws fitted to {network.model.name} as it is now"
    try_ = f"corredor fit {network.model.name} and put the new fitted.nc here, or run with --priors-only"
    raise StudyError([Problem(file, 0, 0, "draws of another state of the study: " + "; ".join(found), expected, try_)])


def _check_draws(fitted: Fitted, network: FlowNetwork, file: str) -> None:
    """Refuse draws that no fit of the study could have made."""
    model, first = network.model, month_number(network.calendar.date_of_step(0))
    names, latents, now = fitted.parameter_names, fitted.latent_names, [one.name for one in network.covariates.latents]
    found = [
        *broken_draws(names, fitted.parameters, latents, fitted.new_parts),
        *foreign_draws(model, names, fitted.parameters, latents, uncertain_parameters(model), now),
    ]
    if latents and fitted.new_parts.ndim == 3:
        # the last step begins up to its length before the last day
        last_step = min(fitted.until, model.study.to) - dt.timedelta(days=max(network.calendar.step_days - 1, 0))
        found += wrong_months(first, month_number(last_step), fitted.new_parts.shape[2])
    if found:
        expected, try_ = (
            f"draws as `corredor fit {model.name}` makes them",
            f"corredor fit {model.name}, or run with --priors-only",
        )
        raise StudyError([Problem(file, 0, 0, words, expected, try_) for words in found])


def sample_of(network: FlowNetwork, draws: range, seed: int, expected: bool = False, fitted: Fitted | None = None) -> Sample:
    """Samples of some draws of a run, from the priors or from a fit; the same in whatever parts they are made.

    draws : their numbers; in expected flow there is only draw 0
    raises : StudyError when the fit does not belong to the study
    """
    if fitted is not None:
        return sample_fitted(network, fitted, seed, len(draws), expected, draws.start)
    parameters = (
        central_parameters(network.model) if expected else sample_parameters(network.model, seed, len(draws), draws.start)
    )
    return sample_draws(network, parameters, seed, expected, first=draws.start)


def sample_fitted(
    network: FlowNetwork, fitted: Fitted, seed: int, n_draws: int, expected: bool = False, first: int = 0
) -> Sample:
    """Worlds from fitted draws: draw k has row k of the fit, from the first again when they are used up.

    expected : one world, the medians of the draws (M16)
    first : number of the first draw
    returns : later months than those fitted have the seed's random numbers, as in a run from priors
    raises : StudyError when the fit does not belong to the study
    """
    check_fitted(fitted, network)
    row = np.arange(first, first + n_draws) % fitted.n_draws
    learned, new_parts = fitted.parameters[row], fitted.new_parts[row]
    if expected:
        learned, new_parts = np.median(fitted.parameters, axis=0)[None], np.median(fitted.new_parts, axis=0)[None]
    parameters = sample_parameters(network.model, seed, len(learned), first)
    names = list(network.model.parameters)
    parameters[:, [names.index(name) for name in fitted.parameter_names]] = learned
    return sample_draws(network, parameters, seed, expected, new_parts, first)


def write_fitted(fitted: Fitted, path: Path) -> None:
    """netCDF-4 with four-byte numbers; `read_fitted` gives the same draws, since a fit's draws have no more digits."""
    dataset = xr.Dataset(
        {
            "parameter_value": (("draw", "parameter"), fitted.parameters.astype(np.float32)),
            "new_part": (("draw", "latent", "latent_month"), fitted.new_parts.astype(np.float32)),
        },
        coords={
            "parameter": np.array(fitted.parameter_names, dtype=str),
            "latent": np.array(fitted.latent_names, dtype=str),
        },
        attrs={
            "Conventions": "CF-1.12",
            "title": f"Draws fitted to {fitted.study}",
            **{name: getattr(fitted, name) for name in ("study", "study_hash", "method", "seed")},
            "until": str(fitted.until),
            "as_of": str(fitted.as_of),
            "belongs_to": json.dumps(fitted.belongs_to, ensure_ascii=False),
            "diagnostics": json.dumps(fitted.diagnostics, ensure_ascii=False),
        },
    )
    dataset["parameter_value"].attrs = {"long_name": "parameter, in its own unit"}
    dataset["new_part"].attrs = {"units": "1", "long_name": "new part of a latent month, standard normal before the data (M2)"}
    encoding = {name: {"zlib": True, "complevel": 9, "shuffle": True} for name in dataset.data_vars if dataset[name].size}
    write_checked(dataset, path, encoding)


def read_fitted(path: Path) -> Fitted:
    """A fit from its file.

    raises : StudyError when it cannot be read, is damaged, or holds something else
    """
    try:
        dataset = read_checked(path)
        attrs = dataset.attrs
        fitted = Fitted(
            study=str(attrs["study"]),
            study_hash=str(attrs["study_hash"]),
            until=dt.date.fromisoformat(attrs["until"]),
            as_of=dt.date.fromisoformat(attrs["as_of"]),
            method=str(attrs["method"]),
            seed=int(attrs["seed"]),
            parameter_names=tuple(str(name) for name in dataset["parameter"].to_numpy()),
            parameters=dataset["parameter_value"].to_numpy().astype(float),
            latent_names=tuple(str(name) for name in dataset["latent"].to_numpy()),
            new_parts=dataset["new_part"].to_numpy().astype(float),
            belongs_to=json.loads(attrs["belongs_to"]),
            diagnostics=json.loads(attrs["diagnostics"]),
        )
        if not isinstance(fitted.belongs_to, dict) or not isinstance(fitted.diagnostics, dict):
            raise ValueError("`belongs_to` or `diagnostics` is no mapping")
        broken = list(broken_draws(fitted.parameter_names, fitted.parameters, fitted.latent_names, fitted.new_parts))
    except (OSError, ValueError, KeyError, TypeError) as error:
        broken = [f"a file that cannot be read as a fit ({error})" if path.exists() else "no such file"]
    if broken:
        expected, try_ = (
            "a fitted.nc that `corredor fit` wrote",
            "corredor fit STUDY writes one; delete this file to run from priors",
        )
        raise StudyError([Problem(str(path), 0, 0, found, expected, try_) for found in broken])
    return fitted


def fitted_of(folder: Path, network: FlowNetwork) -> Fitted | None:
    """The fit that lies in a study's folder; none when there is none.

    raises : StudyError when it cannot be read or does not belong to the study any more
    """
    path = folder / NAME
    if not path.exists():
        return None
    fitted = read_fitted(path)
    check_fitted(fitted, network, str(path))
    return fitted


def study_and_fit(
    study: StudyLike, fitted: Fitted | str | os.PathLike[str] | None = None, priors_only: bool = False
) -> tuple[Model, Fitted | None]:
    """A study and the draws with which it is run: those given, else the fitted.nc of its folder, else none.

    study : a folder or bundled name has a fit if it holds one; a Model has none of its own
    fitted : draws of a fit, or their file
    priors_only : whether the folder's fit is left aside
    raises : StudyError, also for a fit that does not belong to the study; ArgumentError for both at once
    """
    model = study_of(study)
    return model, _fit_to_run(study, lambda: build_network(model), fitted, priors_only)


def network_and_fit(
    study: StudyLike, fitted: Fitted | str | os.PathLike[str] | None = None, priors_only: bool = False
) -> tuple[FlowNetwork, Fitted | None]:
    """As `study_and_fit`, for those who run the study: its network is built once, for the check of the fit and for the draws."""
    network = build_network(study_of(study))
    return network, _fit_to_run(study, lambda: network, fitted, priors_only)


def _fit_to_run(
    study: StudyLike, network: Callable[[], FlowNetwork], fitted: Fitted | str | os.PathLike[str] | None, priors_only: bool
) -> Fitted | None:
    if yes_of(priors_only, "priors_only"):
        if fitted is not None:
            raise ArgumentError("fitted", "draws of a fit beside priors_only=True", "one of the two", "priors_only=False")
        return None
    if fitted is None:
        return None if isinstance(study, Model) else fitted_of(find_study(study), network())
    if isinstance(fitted, Fitted):
        return fitted
    if not isinstance(fitted, str | os.PathLike):
        raise ArgumentError("fitted", repr(fitted), "draws of a fit, or their file", 'fitted="fitted.nc"')
    return read_fitted(Path(fitted))


def rounded(fitted: Fitted) -> Fitted:
    """The same draws with as many digits as their file holds: about one part in 30,000, far less than any fit knows."""
    return replace(fitted, parameters=_short(fitted.parameters), new_parts=_short(fitted.new_parts))


def _short(numbers: np.ndarray) -> np.ndarray:
    """Four-byte numbers of which the last 9 of 23 binary digits are 0, so that they take half the room when compressed."""
    bits = np.ascontiguousarray(numbers, dtype=np.float32).view(np.uint32)
    return ((bits + np.uint32(256)) & np.uint32(0xFFFFFE00)).view(np.float32).astype(float)


def _distribution(prior: Prior) -> str:
    """A prior in full: "lognormal median 0.0016 sigma 0.2"."""
    words = prior.model_dump(exclude_none=True)
    return ", ".join(
        f"{law} {number:g}" if isinstance(number, float) else " ".join([law, *(f"{key} {x!r}" for key, x in number.items())])
        for law, number in words.items()
    )
