"""A run in a zarr store, a folder or an address such as s3://bucket/name: laid out as the Dataset, cut into chunks of draws."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import corredor.results.accessor  # noqa: F401  (a Dataset that is read back has `.corredor`)
from corredor.engine.netcdf_file import checksum
from corredor.results.dataset import in_study_order
from corredor.results.store_place import LOCK, ROOT, Where, check_place, is_address, libraries, side_by_side, telling
from corredor.study.problems import ArgumentError, Unreachable
from corredor.study.whole_file import replace_whole

KEY, BEGUN, DESCRIBED = "chunk_key", "corredor_store", "described_sha256"
"""Attributes of a store: what its chunks belong to, once it is laid out; that it is one of ours, from the first moment on; and a checksum
of all that is not draws, as `_described` makes it. Stores begun before there was one are read without."""

FINISHED = "finished/sha256"
"""Array with the SHA-256 of the numbers of each finished chunk, 0 of the others; in a group of its own, which readers of runs pass by."""

COMPRESSED = 1
"""Level of zstd: of draws of mexico-2018 it makes a tenth less than zarr's own, 3, in two thirds of the time."""

DAMAGE = (ValueError, TypeError, LookupError, AttributeError, RuntimeError)
"""What zarr, its decoders and xarray say of a damaged file."""

MENDED = "the command of the run again: it mends the store and runs lost draws anew; or another store"


@dataclass(frozen=True)
class RunStore:
    """A store that draws are written into.

    group : zarr group with an array for each variable of the Dataset
    arrays : those over draws, by name
    marks : the array FINISHED
    n_draws, chunk : draws in all, and in a chunk
    """

    where: str
    group: Any
    arrays: Mapping[str, Any]
    marks: Any
    n_draws: int
    chunk: int

    @staticmethod
    def opened(where: Where, layout: xr.Dataset, key: str, n_draws: int, chunk: int) -> RunStore:
        """The store of a run, laid out if need be, and with room for all draws.

        layout : Dataset of one draw of the run, for names, coordinates and attributes
        chunk : draws in a chunk of a new store; one that is there keeps its own
        raises : ArgumentError when something else is there already; Unreachable; OSError; ExtraMissing
        """
        place = str(where)
        check_place(place)
        zarr, fsspec = libraries()
        variables = tuple(sorted(str(name) for name, array in layout.variables.items() if "draw" in array.dims))
        with telling(place):
            files, path = fsspec.core.url_to_fs(place)
            found = [name.rpartition("/")[2] for name in files.ls(path, detail=False)] if files.exists(path) else []
            try:
                group = _group(place, "r+") if ROOT in found else None
            except DAMAGE as error:
                raise _other_store(place, f"something else than a store of corredor, or one whose {ROOT} is damaged") from error
            # a laying out that was stopped at its very first file has left that one unfinished
            foreign = [name for name in found if name != LOCK and not name.startswith(f".{ROOT}.")]
            if foreign and (group is None or BEGUN not in group.attrs):
                raise _other_store(place, "something else than a store of corredor")
            if group is None or KEY not in group.attrs:
                for name in foreign:
                    files.rm(f"{path}/{name}", recursive=True)
                _put_all(place, files, path, _laid_out(zarr, layout, variables, n_draws, chunk))
                group = _group(place, "r+")
                group.attrs[KEY] = key
            elif group.attrs[KEY] != key:
                raise _other_store(place, f"draws of another run ({group.attrs[KEY]}; this one is {key})")
            is_described = _is_as_described(group)
            # where what is said of all arrays in one place is damaged, what each one says of itself may not be
            own = group if is_described else zarr.open_group(place, mode="r+", zarr_format=3, use_consolidated=False)
            with _damage_told(place, "another store: nobody can tell any more how this one is cut into chunks"):
                size, n_before = int(own["draw"].chunks[0]), int(own["draw"].shape[0])
            if n_before > n_draws:
                raise ArgumentError(
                    "draws", f"{n_draws}, but {place} holds {n_before}", f"{n_before} or more", f"draws={n_before}"
                )
            if not is_described:
                _put_all(place, files, path, _laid_out(zarr, layout, variables, n_before, size, key))
                group = _group(place, "r+")
            store = RunStore._of_group(place, group, variables, n_draws, size)
            if any(array.shape[0] < n_draws for array in store.arrays.values()):
                # without what was said of all arrays in one place, which is not so any more
                group = zarr.open_group(place, mode="r+", zarr_format=3, use_consolidated=False)
                group.attrs["draws"] = n_draws
                store = replace(store, group=group)
                store.marks.resize((ceil(n_draws / size), 32))
                for array in store.arrays.values():
                    array.resize((n_draws, *array.shape[1:]))
            if not is_address(place):
                for left in Path(place).rglob("*.partial"):
                    left.unlink(missing_ok=True)
        return store

    @staticmethod
    def _of_group(place: str, group: Any, variables: Iterable[str], n_draws: int, chunk: int) -> RunStore:
        """Arrays are looked up once, not for each chunk; a chunk is written without looking whether it could be left out."""
        arrays = side_by_side(place, lambda name: group[name].with_config({"write_empty_chunks": True}), variables)
        return RunStore(place, group, dict(zip(variables, arrays, strict=True)), group[FINISHED], n_draws, chunk)

    def unfinished(self) -> list[range]:
        """Chunks that have not been written whole, as numbers of draws; a damaged one is among them."""
        with telling(self.where):
            marks = _read_marks(self.marks)
            chunks = (range(start, min(start + self.chunk, self.n_draws)) for start in range(0, self.n_draws, self.chunk))
            return [draws for mark, draws in zip(marks, chunks, strict=True) if not mark.any() or not self._is_whole(mark, draws)]

    def write(self, draws: range, dataset: xr.Dataset) -> None:
        """Write a chunk, then mark it as finished."""
        numbers = {name: np.ascontiguousarray(dataset[name].to_numpy()) for name in self.arrays}
        with telling(self.where):
            for _ in side_by_side(self.where, partial(self._write_one, draws), numbers.items()):
                pass
            self.marks[draws.start // self.chunk] = np.frombuffer(_sha256(numbers), dtype=np.uint8)

    def _write_one(self, draws: range, named: tuple[str, np.ndarray]) -> None:
        name, values = named
        self.arrays[name][draws.start : draws.stop] = values

    def finish(self) -> None:
        """Write into the attributes what is known only of all draws."""
        with telling(self.where):
            self.group.attrs["decisions_per_draw"] = float(np.mean(self.arrays["decisions"][:]))
            if self.group.metadata.consolidated_metadata is None:
                _consolidate(self.group.store)

    def _is_whole(self, mark: np.ndarray, draws: range) -> bool:
        try:
            values = side_by_side(self.where, lambda array: array[draws.start : draws.stop], self.arrays.values())
            return _sha256(dict(zip(self.arrays, values, strict=True))) == mark.tobytes()
        except DAMAGE:
            return False


def open_store(where: Where) -> xr.Dataset:
    """The Dataset of a finished run in a store; it reads what is asked for, each time it is asked. Draws are not looked at yet: a damaged
    chunk is found by `check_chunks`.

    raises : ArgumentError when there is no such store, its run is not finished, or what is not draws is damaged; Unreachable;
        ExtraMissing
    """
    place = str(where)
    check_place(place)
    with telling(place), _damage_told(place):
        try:
            group = _group(place, "r")
        except FileNotFoundError as error:
            raise _no_run(place, "no such store") from error
        if KEY not in group.attrs or FINISHED not in group:
            raise _no_run(place, "no store of a run of corredor")
        marks = _read_marks(group[FINISHED])
        n_finished = int(marks.any(axis=1).sum())
        if n_finished < len(marks):
            raise _no_run(place, f"{n_finished} of {len(marks)} chunks of draws are finished")
        dataset = _dataset_of(group)
        if dataset.attrs.get(DESCRIBED, described := _described(dataset)) != described:
            raise _damaged(place, "its names, dates or figures are not as they were written")
        for name in (KEY, BEGUN, DESCRIBED):
            dataset.attrs.pop(name, None)
        return in_study_order(dataset, json.loads(dataset.attrs["model"]))


def check_chunks(where: Where) -> None:
    """Read all draws of a store once, and look whether they are what was written.

    raises : ArgumentError when they are not; Unreachable
    """
    place = str(where)
    with telling(place), _damage_told(place):
        store = _run_of(place)
        damaged = store.unfinished()
        if damaged:
            first = f"draws {damaged[0].start} to {damaged[0].stop - 1}"
            raise _damaged(place, f"{len(damaged)} of {len(store.marks)} chunks are not as they were written, first {first}")


def sign_store(where: Where, facts: Mapping[str, Any]) -> None:
    """Write further attributes, such as command and time, into a store."""
    with telling(str(where)):
        _group(where, "r+").attrs.update(dict(facts))


def chunk_size(where: Where) -> int:
    """Draws in a chunk of a store."""
    with telling(str(where)):
        return int(_group(where, "r")["draw"].chunks[0])


def chunk_as_written(where: Where, draws: range) -> bool:
    """Whether a chunk has the numbers that were written into it."""
    with telling(str(where)):
        store = _run_of(str(where))
        return store._is_whole(store.marks[draws.start // store.chunk], draws)


def _run_of(place: str) -> RunStore:
    """A store to be read."""
    group = _group(place, "r")
    variables = sorted(name for name, array in group.arrays() if "draw" in (array.metadata.dimension_names or ()))
    draw = group["draw"]
    return RunStore._of_group(place, group, variables, int(draw.shape[0]), int(draw.chunks[0]))


def _dataset_of(group: Any) -> xr.Dataset:
    """What a group holds, with words as words."""
    in_one_place = group.metadata.consolidated_metadata is not None
    dataset = xr.open_dataset(group.store, engine="zarr", chunks=None, cache=False, consolidated=in_one_place, zarr_format=3)
    words = [name for name, array in dataset.variables.items() if array.dtype.kind in "OT"]
    return dataset.assign(
        {name: dataset[name].copy(data=np.array(dataset[name].to_numpy().tolist(), dtype=str)) for name in words}
    )


def _described(dataset: xr.Dataset) -> str:
    """Checksum of all that is not draws: names, dates, published figures, units, the study's model."""
    return checksum(dataset.isel(draw=slice(0)).drop_attrs(deep=False).assign_attrs(model=dataset.attrs["model"]))


def _is_as_described(group: Any) -> bool:
    try:
        dataset = _dataset_of(group)
        return bool(dataset.attrs.get(DESCRIBED, described := _described(dataset)) == described)
    except DAMAGE:
        return False


def _read_marks(marks: Any) -> np.ndarray:
    """Marks of all chunks: (n_chunks, 32) bytes; one that cannot be read is that of a chunk that is not finished."""
    try:
        return np.asarray(marks[:])
    except DAMAGE:
        read = np.zeros(marks.shape, dtype=np.uint8)
        for number in range(len(read)):
            with suppress(*DAMAGE):
                read[number] = marks[number]
        return read


def _group(where: Where, mode: str) -> Any:
    """What is there, by what is said of all arrays in one place, if it is."""
    zarr, _ = libraries()
    return zarr.open_group(str(where), mode=mode, zarr_format=3)


def _laid_out(
    zarr: Any, layout: xr.Dataset, variables: tuple[str, ...], n_draws: int, chunk: int, key: str | None = None
) -> dict[str, bytes]:
    """The files of a store without draws, by their names below it; what zarr and xarray ask on the way, they ask of memory.

    key : of a store whose draws are there already; a new one gets its key when all files are there
    """
    made: dict[str, Any] = {}
    memory = zarr.storage.MemoryStore(made)
    group = zarr.open_group(memory, mode="a", zarr_format=3, use_consolidated=False)
    plain = layout.drop_vars(variables)
    # words of any length: zarr has no lasting form for those of a fixed one
    plain = plain.assign({name: plain[name].astype(object) for name, array in plain.variables.items() if array.dtype.kind == "U"})
    plain.to_zarr(memory, mode="a", zarr_format=3, consolidated=False)
    for name in variables:
        array = layout[name]
        group.create_array(
            name,
            shape=(n_draws, *array.shape[1:]),
            chunks=(chunk, *(max(length, 1) for length in array.shape[1:])),
            dtype=array.dtype,
            fill_value=np.nan if array.dtype.kind == "f" else 0,
            compressors=zarr.codecs.ZstdCodec(level=COMPRESSED),
            dimension_names=[str(dimension) for dimension in array.dims],
            attributes={str(name): value for name, value in array.attrs.items()},
        )
    group.create_array(FINISHED, shape=(ceil(n_draws / chunk), 32), chunks=(1, 32), dtype=np.uint8, fill_value=0)
    group.attrs.update({**layout.attrs, "draws": n_draws, BEGUN: 1, DESCRIBED: _described(layout)})
    if key is not None:
        group.attrs[KEY] = key
    _consolidate(memory)
    return {name: part.to_bytes() for name, part in made.items()}


def _put_all(place: str, files: Any, path: str, contents: Mapping[str, bytes]) -> None:
    """Write the files of a store, that which says whose it is first."""

    def put(name: str) -> None:
        if is_address(place):
            files.pipe_file(f"{path}/{name}", contents[name])
        else:
            file = Path(path) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            replace_whole(file, lambda passing: passing.write_bytes(contents[name]))

    put(ROOT)
    for _ in side_by_side(place, put, [name for name in contents if name != ROOT]):
        pass


def _consolidate(store: Any) -> None:
    """What is said of all arrays in one place: whoever opens the store reads one object, and `xr.open_zarr` has nothing to warn of."""
    zarr, _ = libraries()
    with warnings.catch_warnings():
        # zarr 3 has no word on it in its specification yet; all its readers know it
        warnings.simplefilter("ignore")
        zarr.consolidate_metadata(store)


def _sha256(numbers: Mapping[str, np.ndarray]) -> bytes:
    digest = hashlib.sha256()
    for name in sorted(numbers):
        digest.update(f"{name} {numbers[name].shape}".encode())
        digest.update(np.ascontiguousarray(numbers[name]).data)
    return digest.digest()


@contextmanager
def _damage_told(place: str, try_: str = MENDED) -> Iterator[None]:
    """What is said of damaged files becomes a sentence."""
    try:
        yield
    except (ArgumentError, Unreachable):
        raise
    except DAMAGE as error:
        raise _damaged(place, " ".join(str(error).split()) or type(error).__name__, try_) from error


def _other_store(place: str, found: str) -> ArgumentError:
    return ArgumentError(
        "store", f"{place} holds {found}", "a new or empty place, or the store of this very run", "another store"
    )


def _damaged(place: str, found: str, try_: str = MENDED) -> ArgumentError:
    return ArgumentError("store", f"{place} is damaged: {found}", "a store as corredor wrote it", try_)


def _no_run(place: str, found: str) -> ArgumentError:
    return ArgumentError("store", f"{place}: {found}", "the store of a finished run", "corredor run STUDY --store PLACE")
