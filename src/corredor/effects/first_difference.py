"""Where two Datasets of the same result first differ."""

from __future__ import annotations

import numpy as np
import xarray as xr


def first_difference(old: xr.Dataset, new: xr.Dataset) -> tuple[str, int]:
    """Where numbers first differ, in words, and how many were compared; labels of places, days … are looked at before."""
    count = 0
    for name in map(str, new.coords):
        if name not in old.coords or (
            old[name].shape == new[name].shape and not np.array_equal(_plain(old[name]), _plain(new[name]))
        ):
            return f"the labels of {name} are others", count
    for name in (str(name) for name in new.data_vars):
        if name not in old:
            return f"{name} is missing in the old results", count
        then, now = old[name], new[name]
        if then.dims != now.dims or then.shape != now.shape:
            return f"{name}: {dict(then.sizes)} then, {dict(now.sizes)} now", count
        a, b = then.to_numpy(), now.to_numpy()
        same = (a == b) | ((a != a) & (b != b)) if a.dtype.kind in "fmM" else a.astype(str) == b.astype(str)
        if not np.all(same):
            at = tuple(int(i) for i in np.argwhere(~np.asarray(same))[0]) if a.ndim else ()
            labels = [f"{dim} {_label(now, str(dim), i)}" for dim, i in zip(now.dims, at, strict=True)]
            many = int(np.sum(~np.asarray(same)))
            return f"{', '.join([name, *labels])}: {a[at]} then, {b[at]} now; {many} of {a.size} numbers of {name} differ", count
        count += int(a.size)
    missing = [str(name) for name in old.data_vars if name not in new]
    return (f"{missing[0]} is not made any more", count) if missing else ("", count)


def _plain(labels: xr.DataArray) -> np.ndarray:
    """Numbers and dates as they are, words as text, however they were read."""
    values = labels.to_numpy()
    return values if values.dtype.kind in "iufmM" else values.astype(str)


def _label(array: xr.DataArray, dim: str, at: int) -> str:
    if dim not in array.coords:
        return str(at)
    value = array[dim].to_numpy()[at]
    return str(value)[:10] if np.issubdtype(array[dim].dtype, np.datetime64) else str(value)
