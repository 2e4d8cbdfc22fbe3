"""Is a fitted.nc that no fit of the study could have made refused, with what is wrong? One row for each kind of damage."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from builders import write_study
from known_truth import corridor

from corredor._simulate import simulate
from corredor.engine.fitted import NAME, Fitted, check_fitted, fitted_of, read_fitted, write_fitted
from corredor.engine.netcdf_file import CHECKSUM
from corredor.engine.network import build_network
from corredor.learn.fit import fit
from corredor.study.model import load_study
from corredor.study.problems import StudyError


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return fit(corridor(), draws=10, iterations=1, jobs=1)


def with_numbers(change: Callable[[np.ndarray], None], field: str = "parameters") -> Callable[[Fitted], Fitted]:
    def changed(fitted: Fitted) -> Fitted:
        numbers = getattr(fitted, field).copy()
        change(numbers)
        return replace(fitted, **{field: numbers})

    return changed


def everywhere(value: float) -> Callable[[np.ndarray], None]:
    return lambda numbers: numbers.__setitem__(..., value)


def once(value: float) -> Callable[[np.ndarray], None]:
    return lambda numbers: numbers.__setitem__((0, 0), value)


CASES = {
    "every parameter is not a number": (with_numbers(everywhere(np.nan)), "of the parameters are not finite"),
    "one parameter is infinite": (with_numbers(once(np.inf)), "1 of "),
    "a latent month is not a number": (with_numbers(once(np.nan), "new_parts"), "of the latent months are not finite"),
    "a rate is negative": (with_numbers(everywhere(-1.0)), "where its prior allows 0 to inf"),
    "a name twice": (
        lambda f: replace(f, parameter_names=(f.parameter_names[0],) * len(f.parameter_names)),
        "parameter named twice",
    ),
    "a name missing": (
        lambda f: replace(f, parameter_names=f.parameter_names[1:], parameters=f.parameters[:, 1:]),
        "no draws of the parameters ",
    ),
    "a name of another study": (
        lambda f: replace(f, parameter_names=("strange", *f.parameter_names[1:])),
        "draws of parameters that the study does not have: strange",
    ),
    "a latent series too few": (
        lambda f: replace(f, latent_names=(), new_parts=f.new_parts[:, :0]),
        "no draws of the latent series",
    ),
    "too few months": (lambda f: replace(f, new_parts=f.new_parts[:, :, :2]), "2 latent months, where the figures reach over"),
    "no draw": (lambda f: replace(f, parameters=f.parameters[:0], new_parts=f.new_parts[:0]), "no draw"),
    "fewer latent draws than draws": (lambda f: replace(f, new_parts=f.new_parts[:4]), "latent months of 4"),
}


@pytest.mark.parametrize("name", CASES)
def test_draws_that_no_fit_could_have_made_are_refused_from_the_folder_and_from_python(fitted, tmp_path, name):
    breaks, words = CASES[name]
    broken = breaks(fitted)
    folder = write_study(tmp_path / "corridor", corridor())
    model = load_study(folder)
    if name not in ("fewer latent draws than draws",):  # which no file can hold
        write_fitted(broken, folder / NAME)
        with pytest.raises(StudyError) as refused:
            fitted_of(folder, build_network(model))
        assert {problem.file for problem in refused.value.problems} == {str(folder / NAME)}
        assert any(words in problem.found for problem in refused.value.problems)
    with pytest.raises(StudyError) as refused:
        simulate(corridor(), draws=2, fitted=broken)
    assert any(words in problem.found for problem in refused.value.problems)


def test_good_draws_pass_and_so_do_those_of_fewer_months_and_a_shorter_study(fitted):
    check_fitted(fitted, build_network(corridor()))
    simulate(corridor(), draws=2, fitted=fitted)


def test_a_file_that_was_changed_has_another_checksum(fitted, tmp_path):
    write_fitted(fitted, tmp_path / NAME)
    with xr.open_dataset(tmp_path / NAME, engine="h5netcdf") as opened:
        dataset = opened.load()
    assert CHECKSUM in dataset.attrs
    dataset["parameter_value"][0, 0] += 0.001
    dataset.to_netcdf(tmp_path / "changed.nc", engine="h5netcdf")
    with pytest.raises(StudyError, match="another checksum"):
        read_fitted(tmp_path / "changed.nc")
    del dataset.attrs[CHECKSUM]  # as earlier versions wrote them
    dataset.to_netcdf(tmp_path / "older.nc", engine="h5netcdf")
    assert read_fitted(tmp_path / "older.nc").n_draws == fitted.n_draws


def test_a_pipe_of_that_name_is_refused_and_does_not_wait_for_ever(tmp_path):
    folder = write_study(tmp_path / "corridor", corridor())
    os.mkfifo(folder / NAME)
    with pytest.raises(StudyError, match="no file but a folder, pipe or device"):
        fitted_of(folder, build_network(load_study(folder)))


def damaged(path: Path, seed: int) -> Path:
    """A copy with a few bytes of it changed, or cut off."""
    generator = np.random.default_rng(seed)
    content = bytearray(path.read_bytes())
    if seed % 4 == 0:
        content = content[: generator.integers(len(content))]
    else:
        for place in generator.integers(len(content), size=1 + 40 * (seed % 4 - 1)):
            content[place] ^= int(generator.integers(1, 256))
    copy = path.with_name(f"damaged{seed}.nc")
    copy.write_bytes(content)
    return copy


def test_damage_anywhere_in_the_file_is_told_or_does_no_harm(fitted, tmp_path):
    write_fitted(fitted, tmp_path / NAME)
    refused = 0
    for seed in range(40):
        try:
            again = read_fitted(damaged(tmp_path / NAME, seed))
        except StudyError:
            refused += 1
        else:  # a byte that means nothing
            assert np.array_equal(again.parameters, read_fitted(tmp_path / NAME).parameters)
    assert refused >= 20
