"""The Dataset of a run as a netCDF file, and back."""

from __future__ import annotations

import json
from pathlib import Path

import xarray as xr

import corredor.results.accessor  # noqa: F401  (a Dataset that is read back has `.corredor`)
from corredor.engine.netcdf_file import read_checked, write_checked
from corredor.results.dataset import in_study_order
from corredor.results.shape import check_shape


def write_dataset(dataset: xr.Dataset, path: Path) -> None:
    """netCDF-4, compressed; reads back unchanged with `read_run`.

    It is made in memory: on a full disk the netCDF library ends the whole program, a plain file only raises OSError.
    """
    encoding = {
        name: {"zlib": True, "complevel": 1, "shuffle": True}
        for name, array in dataset.data_vars.items()
        if array.dtype.kind in "fi" and array.ndim
    }
    write_checked(dataset, path, encoding)


def read_run(path: Path) -> xr.Dataset:
    """The Dataset of a run, whole, from its results.nc.

    raises : OSError when there is no such file; ValueError when it is damaged, no netCDF-4, or holds something else than a run
    """
    dataset = read_checked(path)
    check_shape(dataset)
    return in_study_order(dataset, json.loads(dataset.attrs["model"]))
