"""A run in a zarr store, a folder or an address such as s3://bucket/name: laid out as the Dataset, cut into chunks of draws."""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import xarray as xr

import corredor.results.accessor  # noqa: F401  (a Dataset that is read back has `.corredor`)
from corredor.results.dataset import in_study_order
from corredor.study.problems import ArgumentError, ExtraMissing, Unreachable

KEY, BEGUN = "chunk_key", "corredor_store"
"""Attributes of a store: what its chunks belong to, once it is laid out; and that it is one of ours, from the first moment on."""

FINISHED = "finished/sha256"
"""Array with the SHA-256 of the numbers of each finished chunk, 0 of the others; in a group of its own, which readers of runs pass by."""

REQUESTS = 16
"""Variables that are written or read at once at an address."""

Where = str | os.PathLike[str]
Item = TypeVar("Item")
Answer = TypeVar("Answer")


def is_address(where: Where) -> bool:
    """Whether a store is somewhere else than in a folder."""
    return "://" in str(where)


@dataclass(frozen=True)
class RunStore:
    """A store that draws are written into.

    group : zarr group with an array for each variable of the Dataset
    variables : names of those over draws
    n_draws, chunk : draws in all, and in a chunk
    """

    where: str
    group: Any
    variables: tuple[str, ...]
    n_draws: int
    chunk: int

    @staticmethod
    def opened(where: Where, layout: xr.Dataset, key: str, n_draws: int, chunk: int) -> RunStore:
        """The store of a run, laid out if need be, and with room for all draws.

        layout : Dataset of one draw of the run, for names, coordinates and attributes
        chunk : draws in a chunk of a new store; one that is there keeps its own
        raises : ArgumentError when something else is there already; Unreachable; OSError; ExtraMissing
        """
        zarr, fsspec = _libraries()
        place = str(where)
        variables = tuple(sorted(str(name) for name, array in layout.variables.items() if "draw" in array.dims))
        with _telling(place):
            files, path = fsspec.core.url_to_fs(place)
            found = [name.rpartition("/")[2] for name in files.ls(path, detail=False)] if files.exists(path) else []
            group = zarr.open_group(place, mode="r+", use_consolidated=False) if "zarr.json" in found else None
            if [name for name in found if name != ".lock"] and (group is None or BEGUN not in group.attrs):
                raise _other_store(place, "something else than a store of corredor")
            if group is None or KEY not in group.attrs:
                group = _laid_out(zarr, place, layout, variables, key, n_draws, chunk, anew=group is not None)
            if group.attrs[KEY] != key:
                raise _other_store(place, f"draws of another run ({group.attrs[KEY]}; this one is {key})")
            marks = group[FINISHED]
            size, n_before = int(group["draw"].chunks[0]), int(group["draw"].shape[0])
            if n_before > n_draws:
                raise ArgumentError(
                    "draws", f"{n_draws}, but {place} holds {n_before}", f"{n_before} or more", f"draws={n_before}"
                )
            if n_before < n_draws:
                group.attrs["draws"] = n_draws
                marks.resize((ceil(n_draws / size), 32))
                for name in variables:
                    group[name].resize((n_draws, *group[name].shape[1:]))
            if not is_address(place):
                for left in Path(place).rglob("*.partial"):
                    left.unlink(missing_ok=True)
        return RunStore(place, group, variables, n_draws, size)

    def unfinished(self) -> list[range]:
        """Chunks that have not been written whole, as numbers of draws; a damaged one is among them."""
        with _telling(self.where):
            marks = self.group[FINISHED][:]
            chunks = (range(start, min(start + self.chunk, self.n_draws)) for start in range(0, self.n_draws, self.chunk))
            return [draws for mark, draws in zip(marks, chunks, strict=True) if not mark.any() or not self._is_whole(mark, draws)]

    def write(self, draws: range, dataset: xr.Dataset) -> None:
        """Write a chunk, then mark it as finished."""
        numbers = {name: dataset[name].to_numpy() for name in self.variables}
        with _telling(self.where):
            for _ in _side_by_side(self.where, partial(self._write_one, draws), numbers.items()):
                pass
            self.group[FINISHED][draws.start // self.chunk] = np.frombuffer(_sha256(numbers), dtype=np.uint8)

    def _write_one(self, draws: range, named: tuple[str, np.ndarray]) -> None:
        name, values = named
        self.group[name][draws.start : draws.stop] = values

    def finish(self) -> None:
        """Write into the attributes what is known only of all draws."""
        with _telling(self.where):
            self.group.attrs["decisions_per_draw"] = float(np.mean(self.group["decisions"][:]))
            _consolidate(self.group)

    def _is_whole(self, mark: np.ndarray, draws: range) -> bool:
        try:
            values = _side_by_side(self.where, lambda name: self.group[name][draws.start : draws.stop], self.variables)
            return _sha256(dict(zip(self.variables, values, strict=True))) == mark.tobytes()
        except (ValueError, RuntimeError):  # what its decoder says of a damaged chunk
            return False


def open_store(where: Where) -> xr.Dataset:
    """The Dataset of a finished run in a store; it reads what is asked for, each time it is asked.

    raises : ArgumentError when there is no such store, or its run is not finished; Unreachable; ExtraMissing
    """
    zarr, _ = _libraries()
    place = str(where)
    with _telling(place):
        try:
            group = zarr.open_group(place, mode="r", use_consolidated=False)
        except FileNotFoundError as error:
            raise _no_run(place, "no such store") from error
        if KEY not in group.attrs or FINISHED not in group:
            raise _no_run(place, "no store of a run of corredor")
        marks = group[FINISHED][:].any(axis=1)
        if not marks.all():
            raise _no_run(place, f"{int(marks.sum())} of {len(marks)} chunks of draws are finished")
        dataset = xr.open_dataset(group.store, engine="zarr", chunks=None, cache=False, consolidated=False)
    for name in (KEY, BEGUN):
        del dataset.attrs[name]
    words = [name for name, array in dataset.variables.items() if array.dtype.kind in "OT"]
    dataset = dataset.assign(
        {name: dataset[name].copy(data=np.array(dataset[name].to_numpy().tolist(), dtype=str)) for name in words}
    )
    return in_study_order(dataset, json.loads(dataset.attrs["model"]))


def sign_store(where: Where, facts: Mapping[str, Any]) -> None:
    """Write further attributes, such as command and time, into a store."""
    zarr, _ = _libraries()
    with _telling(str(where)):
        group = zarr.open_group(str(where), mode="r+", use_consolidated=False)
        group.attrs.update(dict(facts))
        _consolidate(group)


def chunk_size(where: Where) -> int:
    """Draws in a chunk of a store."""
    with _telling(str(where)):
        return int(_read_group(where)["draw"].chunks[0])


def chunk_as_written(where: Where, draws: range) -> bool:
    """Whether a chunk has the numbers that were written into it."""
    with _telling(str(where)):
        group = _read_group(where)
        variables = tuple(sorted(name for name, array in group.arrays() if "draw" in (array.metadata.dimension_names or ())))
        store = RunStore(str(where), group, variables, int(group["draw"].shape[0]), int(group["draw"].chunks[0]))
        return store._is_whole(group[FINISHED][draws.start // store.chunk], draws)


def _read_group(where: Where) -> Any:
    zarr, _ = _libraries()
    return zarr.open_group(str(where), mode="r", use_consolidated=False)


def _laid_out(
    zarr: Any, place: str, layout: xr.Dataset, variables: tuple[str, ...], key: str, n_draws: int, chunk: int, anew: bool
) -> Any:
    """A store without draws. Its key is written last, so that one whose making was stopped is made anew.

    anew : whether there may be something already
    """
    group = zarr.open_group(place, mode="a", zarr_format=3, use_consolidated=False)
    group.attrs[BEGUN] = 1
    plain = layout.drop_vars(variables)
    # words of any length: zarr has no lasting form for those of a fixed one
    plain = plain.assign({name: plain[name].astype(object) for name, array in plain.variables.items() if array.dtype.kind == "U"})
    plain.to_zarr(group.store, mode="a", zarr_format=3, consolidated=False)

    def lay_out(name: str) -> None:
        array = layout[name]
        whole = array.dtype.kind == "f"
        group.create_array(
            name,
            shape=(n_draws, *array.shape[1:]),
            chunks=(chunk, *(max(length, 1) for length in array.shape[1:])),
            dtype=array.dtype,
            fill_value=np.nan if whole else 0,
            dimension_names=[str(dimension) for dimension in array.dims],
            attributes={str(name): value for name, value in array.attrs.items()},
            overwrite=anew,
        )

    for _ in _side_by_side(place, lay_out, variables):
        pass
    group.create_array(FINISHED, shape=(ceil(n_draws / chunk), 32), chunks=(1, 32), dtype=np.uint8, fill_value=0, overwrite=anew)
    group.attrs.update({**layout.attrs, "draws": n_draws, KEY: key})
    return group


def _consolidate(group: Any) -> None:
    """What is said of all arrays in one place, so that `xr.open_zarr` reads one object and has nothing to warn of."""
    zarr, _ = _libraries()
    with warnings.catch_warnings():
        # zarr 3 has no word on it in its specification yet; all its readers know it
        warnings.simplefilter("ignore")
        zarr.consolidate_metadata(group.store)


def _side_by_side(place: str, work: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
    """Answers to pieces of work, in their order; at an address, whose answers are long on their way, some are waited for at once."""
    if not is_address(place):
        yield from map(work, items)
        return
    with ThreadPoolExecutor(max_workers=REQUESTS) as pool:
        yield from pool.map(work, items)


def _sha256(numbers: Mapping[str, np.ndarray]) -> bytes:
    digest = hashlib.sha256()
    for name in sorted(numbers):
        digest.update(f"{name} {numbers[name].shape}".encode())
        digest.update(np.ascontiguousarray(numbers[name]).data)
    return digest.digest()


def _libraries() -> tuple[Any, Any]:
    try:
        import fsspec  # late: an extra
        import zarr
    except ImportError as error:
        raise ExtraMissing("no store of draws", "store") from error
    return zarr, fsspec


@contextmanager
def _telling(place: str) -> Iterator[None]:
    """What keeps a store from being read or written is told: files as files, addresses as what cannot be reached."""
    try:
        with warnings.catch_warnings():
            # zarr wonders about the lock of the command at work, which lies beside its own files
            warnings.filterwarnings("ignore", message=r"Object at \.lock")
            yield
    except (ArgumentError, Unreachable):
        raise
    except ImportError as error:
        raise ExtraMissing(f"no store at {place}", "s3") from error
    except OSError as error:
        if is_address(place):
            raise _unreachable(place, error) from error
        raise OSError(error.errno, error.strerror or str(error), place) from error
    except Exception as error:
        # libraries of addresses have exceptions of their own, none of which is known here
        if is_address(place) and not isinstance(error, TypeError | AttributeError | KeyError):
            raise _unreachable(place, error) from error
        raise


def _unreachable(place: str, error: Exception) -> Unreachable:
    words = " ".join(str(error).split()) or type(error).__name__
    return Unreachable(
        f"the store {place} cannot be read or written: {words}", "its address, keys and network, then the same command"
    )


def _other_store(place: str, found: str) -> ArgumentError:
    return ArgumentError(
        "store", f"{place} holds {found}", "a new or empty place, or the store of this very run", "another store"
    )


def _no_run(place: str, found: str) -> ArgumentError:
    return ArgumentError("store", f"{place}: {found}", "the store of a finished run", "corredor run STUDY --store PLACE")
