"""A finished result, computed again from what its manifest says: the same to the last bit, or where it first differs."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from corredor._simulate import provenance, simulate
from corredor.effects.compare import compare
from corredor.effects.first_difference import first_difference
from corredor.effects.recompute_store import store_again
from corredor.engine.ensemble import Progress
from corredor.engine.fitted import Fitted, fitted_of, read_fitted
from corredor.engine.netcdf_file import read_checked
from corredor.engine.network import build_network
from corredor.learn.fit import fit
from corredor.learn.forecast import forecast
from corredor.results.store import open_store
from corredor.results.store_place import store_of
from corredor.results.view import MANIFEST
from corredor.study.catalogue import bundled_studies, find_study
from corredor.study.model import Model, load_study
from corredor.study.problems import Problem, StudyError

RESULTS = ("results.nc", "compare.nc", "fitted.nc")


@dataclass(frozen=True)
class Recomputed:
    """What came of it.

    what : run, forecast, compare or fit
    other : sentences on what is not as it was: versions, files of the study, the fit
    differs : where numbers first differ, in words; empty when all are the same
    numbers : how many were compared
    attributes : of the results; none of a fit
    """

    what: str
    other: tuple[str, ...]
    differs: str
    numbers: int
    attributes: Mapping[str, Any] | None = None

    @property
    def is_identical(self) -> bool:
        return not self.differs


def recompute(
    folder: Path | str, study: str | None = None, jobs: int | None = None, progress: Progress | None = None
) -> Recomputed:
    """Compute the results of a folder again and compare every number; those of a store chunk by chunk.

    folder : of `corredor run`, `forecast`, `compare` or `fit`; the file of its results; or a store, or its address
    study : where the study is now; what the command was given unless told
    raises : StudyError, when there are no such results, they say not how they were made, or the study is not to be found
    """
    store = store_of(folder)
    path = Path(folder) if store else _file_of(Path(folder))
    if path.name == "fitted.nc":
        manifest, old = _manifest_of_fit(path), None
    else:
        old = open_store(store) if store else _read(path)
        manifest = _manifest(path, old.attrs.get(MANIFEST))
    asked = manifest["asked"]
    where = study or asked["study"]
    if study is None and not Path(where).exists() and where not in bundled_studies():
        found = f"no study {where} seen from this folder, where the command had it"
        raise StudyError(
            [Problem(str(folder), 0, 0, found, "the study of these results", f"corredor verify {folder} --study FOLDER")]
        )
    model = load_study(where)
    fitted = (
        None
        if asked["what"] in ("forecast", "fit") or asked["priors_only"]
        else fitted_of(find_study(where), build_network(model))
    )
    other = [*_other_files(manifest["inputs"], model.input_hashes)]
    if old is not None:
        other += _other_versions(str(old.attrs["versions"])) + _other_fit(manifest.get("fitted"), fitted, asked["what"])
        if store:
            differs, numbers = store_again(store, old, model, asked, fitted, jobs, progress)
        else:
            new = _again(asked, model, fitted, jobs, progress)
            differs, numbers = first_difference(old, new)
            differs = differs or ("" if other else _other_words(old, new))
    else:
        other += _other_versions(str(manifest["versions"]))
        options = {name: asked[name] for name in ("until", "as_of", "method", "draws", "iterations", "seed")}
        differs, numbers = first_difference(
            _fit_dataset(read_fitted(path)), _fit_dataset(fit(model, **options, jobs=jobs, progress=progress))
        )
    return Recomputed(asked["what"], tuple(other), differs, numbers, None if old is None else dict(old.attrs))


def _again(
    asked: Mapping[str, Any], model: Model, fitted: Fitted | None, jobs: int | None, progress: Progress | None
) -> xr.Dataset:
    given: dict[str, Any] = {"draws": asked["draws"], "seed": asked["seed"], "jobs": jobs, "progress": progress}
    if asked["what"] == "run":
        return simulate(model, **given, expected=asked["expected"], fitted=fitted)
    if asked["what"] == "forecast":
        return forecast(model, **given, as_of=asked["as_of"], months=asked["months"])
    with tempfile.TemporaryDirectory(prefix="corredor-") as passing:
        scenario = None
        if "scenario" in asked:
            scenario = Path(passing) / "scenario.yaml"
            scenario.write_text(asked["scenario"], encoding="utf-8")
        return compare(model, **given, without=asked["without"], scenario=scenario, fitted=fitted)


def _file_of(folder: Path) -> Path:
    if folder.is_file():
        return folder
    found = next((folder / name for name in RESULTS if (folder / name).is_file()), None)
    if found is None:
        expected = f"a folder with one of {', '.join(RESULTS)}, or a store"
        raise StudyError([Problem(str(folder), 0, 0, "no results", expected, "corredor run STUDY --out FOLDER")])
    return found


def _read(path: Path) -> xr.Dataset:
    try:
        return read_checked(path)
    except (OSError, ValueError) as error:
        raise StudyError(
            [Problem(str(path), 0, 0, str(error), "results as they were written", "another copy of them")]
        ) from error


def _manifest(path: Path, text: object) -> dict[str, Any]:
    try:
        manifest = json.loads(str(text))
        if not {"asked", "inputs"} <= set(manifest):
            raise ValueError
    except (ValueError, TypeError):
        found = "no manifest in it that says how it was made"
        expected = "results written by this version of corredor, or a later one"
        raise StudyError([Problem(str(path), 0, 0, found, expected, "make them again with the same command")]) from None
    return dict(manifest)


def _manifest_of_fit(path: Path) -> dict[str, Any]:
    beside = path.with_name("fit.json")
    return _manifest(beside, beside.read_text(encoding="utf-8") if beside.is_file() else None)


def _other_words(old: xr.Dataset, new: xr.Dataset) -> str:
    """Which of the words that results carry, such as units and titles, are not what the same study and versions give; empty for none."""
    for name in (None, *map(str, new.variables)):
        then, now = (data.attrs if name is None else data[name].attrs for data in (old, new))
        other = next((key for key, value in now.items() if str(then.get(key)) != str(value)), None)
        if other is not None:
            return f"attribute {other} {'of the results' if name is None else f'of {name}'} is not what the study gives"
    return ""


def _other_files(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*then, *now}):
        if name not in now:
            yield f"{name} of the study is gone"
        elif name not in then:
            yield f"{name} of the study is new"
        elif then[name] != now[name]:
            yield f"{name} of the study has changed"


def _other_versions(then: str) -> list[str]:
    now = str(provenance(0, False)["versions"])
    before, after = (dict(one.rsplit(" ", 1) for one in text.split(", ")) for text in (then, now))
    return [
        f"{name} {before.get(name, 'none')} then, {version} now" for name, version in after.items() if before.get(name) != version
    ]


def _other_fit(then: str | None, fitted: Fitted | None, what: str) -> list[str]:
    now = fitted.fingerprint if fitted else None
    if what == "forecast" or then == now:
        return []
    names: dict[str | None, str] = {None: "no fit"}
    return [
        f"{names.get(then, 'a fit')} was used then, {names.get(now, 'another fit' if then else 'a fit')} lies in the study's folder now"
    ]


def _fit_dataset(fitted: Fitted) -> xr.Dataset:
    """The draws of a fit, as its file holds them."""
    parameters = xr.DataArray(fitted.parameters, dims=("draw", "parameter"), coords={"parameter": list(fitted.parameter_names)})
    return xr.Dataset({"parameter_value": parameters, "new_parts": (("draw", "latent", "month"), fitted.new_parts)})
