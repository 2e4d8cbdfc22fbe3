"""What a command left in its folder, without what differs from one time to the next."""

import json
import math

import xarray as xr

STAMPS = {"created", "command", "Command", "checksum", "seconds", "out", "explore", "manifest"}
"""What says when and by what words a file was made."""

DESCRIPTIONS = {"manifest.json", "ro-crate-metadata.json"}
"""Hashes of the files beside them, stamps included."""


def left_behind(folder):
    """What the files of a folder hold, by name: netCDF as (Dataset, attributes), JSON as values, tables as bytes; of pages, which tell of
    the same numbers, and of descriptions, only that they are there.
    """
    return {path.name: _content(path) for path in sorted(folder.iterdir())}


def assert_same(one, other):
    assert one.keys() == other.keys() and one
    for name in one:
        if name.endswith(".nc"):
            xr.testing.assert_identical(one[name][0], other[name][0])
            assert one[name][1] == other[name][1], name
        else:
            assert one[name] == other[name], name


def unstamped(value):
    """What JSON says, without stamps; text that is JSON itself is looked into, and what is not a number equals itself."""
    if isinstance(value, dict):
        return {name: unstamped(inner) for name, inner in value.items() if name not in STAMPS}
    if isinstance(value, list):
        return [unstamped(inner) for inner in value]
    if isinstance(value, str) and value.startswith("{"):
        return unstamped(json.loads(value))
    return "not a number" if isinstance(value, float) and math.isnan(value) else value


def _content(path):
    if path.suffix == ".nc":
        with xr.open_dataset(path, engine="h5netcdf") as opened:
            dataset = opened.load()
        attributes = {name: value.item() if hasattr(value, "item") else value for name, value in dataset.attrs.items()}
        return dataset.drop_attrs(deep=False), unstamped(attributes)
    if path.suffix == ".json" and path.name not in DESCRIPTIONS:
        return unstamped(json.loads(path.read_text(encoding="utf-8")))
    return path.read_bytes() if path.suffix == ".csv" else None
