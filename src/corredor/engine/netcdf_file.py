"""netCDF files that are whole or refused: written with a checksum, and read as one Dataset or not at all."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from xarray.backends import H5NetCDFStore

from corredor.engine.netcdf_apart import can_be_read

CHECKSUM = "checksum"
"""Attribute with the SHA-256 of what is in the file. Files without it, from earlier versions, are read too."""


def write_checked(dataset: xr.Dataset, path: Path, encoding: Mapping[Any, Any]) -> None:
    """netCDF-4 with a checksum; `read_checked` gives the Dataset without it."""
    signed = dataset.assign_attrs({CHECKSUM: checksum(dataset)})
    content = io.BytesIO()
    # as `to_netcdf` does, without its look for a cluster of Dask, whose lock would not know memory here: that takes half a second
    store = H5NetCDFStore.open(content, mode="w", lock=False)
    try:
        signed.dump_to_store(store, encoding=encoding)
    finally:
        store.close()
    path.write_bytes(content.getbuffer())


def read_checked(path: Path) -> xr.Dataset:
    """The Dataset of a file, whole and in memory.

    raises : FileNotFoundError; ValueError for a pipe or folder, a damaged file, one that is not read within time and memory, or one
        whose content has another checksum
    """
    if not path.exists():
        raise FileNotFoundError(f"no such file: {path}")
    if not path.is_file():
        raise ValueError("no file but a folder, pipe or device")
    if not can_be_read(path):
        raise ValueError("damaged: it cannot be read to its end within the time and memory of this machine")
    try:
        with xr.open_dataset(path, engine="h5netcdf") as opened:
            dataset = opened.load()
    except PermissionError as error:
        raise ValueError(f"it cannot be read: {error.strerror}") from error
    except Exception as error:
        # The libraries below tell damage by almost any exception; what they say of it helps nobody.
        raise ValueError(f"damaged, or no netCDF-4 ({type(error).__name__})") from error
    written = dataset.attrs.pop(CHECKSUM, None)
    if written is not None and str(written) != checksum(dataset):
        raise ValueError("damaged: its content has another checksum than when it was written")
    return dataset


def checksum(dataset: xr.Dataset) -> str:
    """SHA-256 of the values of all variables, with their names, dimensions and attributes, and of the attributes of the whole."""
    digest = hashlib.sha256(_text(dataset.attrs))
    for name in sorted(map(str, dataset.variables)):
        variable = dataset[name]
        digest.update(_text({"name": name, "dims": variable.dims, "shape": variable.shape}))
        digest.update(_bytes(variable.to_numpy()))
        digest.update(_text(variable.attrs))
    return digest.hexdigest()


def _text(attributes: Mapping[Any, Any]) -> bytes:
    plain = {str(name): np.asarray(value).tolist() for name, value in attributes.items()}
    return json.dumps(plain, sort_keys=True, default=str).encode()


def _bytes(values: np.ndarray) -> bytes:
    """Values as they are after reading: times to the nanosecond, whole numbers and truths as 8 bytes, words as UTF-8."""
    if values.dtype.kind in "mM":
        return values.astype("datetime64[ns]" if values.dtype.kind == "M" else "timedelta64[ns]").tobytes()
    if values.dtype.kind in "iub":
        return values.astype(np.int64).tobytes()
    if values.dtype.kind == "f":
        return values.tobytes()
    return "\0".join(map(str, values.ravel().tolist())).encode("utf-8", "surrogatepass")
