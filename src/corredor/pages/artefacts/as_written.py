"""Are the files of a folder those that were written into it? By the checksums in its description for archives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import xarray as xr

from corredor.pages.research_object import NAME, graph_of
from corredor.results.view import MANIFEST, MANIFEST_FILE

SHARE = "share"
"""Folder in that of a run with what may be passed on, which has a description of its own."""


@dataclass(frozen=True)
class AsWritten:
    """What came of it, in sentences.

    files : how many were looked at
    changed : of each that is gone or not as it was written
    added : of each that lies there and was not written with the others
    """

    files: int
    changed: tuple[str, ...]
    added: tuple[str, ...]


def as_written(folder: Path, attributes: Mapping[str, Any] | None = None) -> AsWritten:
    """Whether every file that a folder's description names is there and has its checksum; those of `share` in it too.

    attributes : of the results in the folder; with them it is seen too whether description and manifest say of them what they did
    returns : nothing looked at where no command wrote a description
    """
    if not (folder / NAME).is_file():
        is_lost = (folder / MANIFEST_FILE).is_file()
        return AsWritten(0, (f"{NAME} is gone, without which it cannot be seen whether other files were changed",) * is_lost, ())
    try:
        crate = json.loads((folder / NAME).read_text(encoding="utf-8"))
        sums = {one["@id"]: one["sha256"] for one in crate["@graph"] if one["@type"] == "File"}
    except (OSError, ValueError, TypeError, KeyError):
        return AsWritten(0, (f"{NAME} is damaged, so that it cannot be seen whether other files were changed",), ())
    changed = [*_changed(folder, sums), *(_otherwise(folder, attributes) if attributes is not None else ())]
    if not changed and attributes is not None and not _describes(crate, folder, attributes):
        changed.append(f"{NAME} is not as it was written")
    lies_there = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    added = [name for name in lies_there if name not in (NAME, *sums) and not name.startswith((f"{SHARE}/", "."))]
    inside = as_written(folder / SHARE) if (folder / SHARE / NAME).is_file() else AsWritten(0, (), ())
    return AsWritten(
        len(sums) + inside.files,
        (*changed, *(f"{SHARE}/{sentence}" for sentence in inside.changed)),
        (*(f"{name} was not written with the others" for name in added), *(f"{SHARE}/{sentence}" for sentence in inside.added)),
    )


def is_passed_on(folder: Path) -> bool:
    """Whether a folder is what `share` is: described files, and no results from which they could be made again."""
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return (folder / NAME).is_file() and isinstance(manifest, dict) and "asked" not in manifest


def _changed(folder: Path, sums: Mapping[str, str]) -> Iterator[str]:
    for name, digest in sums.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            yield f"{name} is gone"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{name} is not as it was written: its checksum is another one than {NAME} has"


def _otherwise(folder: Path, attributes: Mapping[str, Any]) -> Iterator[str]:
    """What manifest.json says otherwise than the manifest inside the results."""
    try:
        beside = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        inside = json.loads(attributes[MANIFEST])
        told = [(name, beside.get(name), inside[name]) for name in inside if name != "asked"]
        told += [(name, beside.get("asked", {}).get(name), value) for name, value in inside["asked"].items()]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return
    for name, says, holds in told:
        if says != holds:
            short = all(isinstance(value, str | int | float) for value in (says, holds))
            yield f"{MANIFEST_FILE} says {f'{name} {says}, and the results {holds}' if short else f'other {name} than the results'}"


def _describes(crate: Mapping[str, Any], folder: Path, attributes: Mapping[str, Any]) -> bool:
    """Whether a description says what is said now of the same results; one of another version may say it in other words."""
    if attributes.get("corredor_version") != metadata.version("corredor"):
        return True
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    graph: object = json.loads(json.dumps(graph_of(folder, xr.Dataset(attrs=attributes), manifest)))
    return bool(graph == crate["@graph"])
