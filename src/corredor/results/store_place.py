"""Where a store of draws is: a folder, or an address of fsspec such as s3://bucket/name; and what is said when it cannot be reached."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from corredor.results.view import MANIFEST_FILE
from corredor.study.problems import ArgumentError, ExtraMissing, Problem, StudyError, Unreachable

REQUESTS = 16
"""Objects that are written or read at once at an address."""

ROOT, LOCK = "zarr.json", ".lock"
"""What zarr says of a store as a whole, and the lock of a command at work beside it."""

Where = str | os.PathLike[str]
Item = TypeVar("Item")
Answer = TypeVar("Answer")


def is_address(where: Where) -> bool:
    """Whether a store is somewhere else than in a folder."""
    return "://" in str(where)


def check_place(place: str) -> None:
    """A folder has a path, not an address; what is kept in memory ends with the process.

    raises : ArgumentError
    """
    scheme, _, rest = place.partition("://")
    if is_address(place) and scheme.lower() in ("file", "local", "memory"):
        try_ = rest if scheme != "memory" and rest else "store"
        raise ArgumentError("store", place, "a folder by its path, or an address such as s3://bucket/name", try_)


def store_of(given: Where) -> str | None:
    """The store that is meant: itself, or what the manifest of a run's folder names; none where results lie in a file.

    raises : StudyError, when the store that is named is not there
    """
    if is_address(given) or (Path(given) / ROOT).is_file():
        return str(given)
    try:
        named: str | None = json.loads((Path(given) / MANIFEST_FILE).read_text(encoding="utf-8")).get("store")
    except (OSError, ValueError, AttributeError):
        return None
    if named is None or is_address(named) or (Path(named) / ROOT).is_file():
        return named
    expected = f"the store {named}, which its manifest names, seen from this folder"
    raise StudyError([Problem(str(given), 0, 0, "no store", expected, "the same command with the place of the store now")])


def libraries() -> tuple[Any, Any]:
    """zarr and fsspec."""
    try:
        import fsspec  # late: an extra
        import zarr
    except ImportError as error:
        raise ExtraMissing("no store of draws", "store") from error
    return zarr, fsspec


def side_by_side(place: str, work: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
    """Answers to pieces of work, in their order; at an address, whose answers are long on their way, some are waited for at once."""
    if not is_address(place):
        yield from map(work, items)
        return
    with ThreadPoolExecutor(max_workers=REQUESTS) as pool:
        yield from pool.map(work, items)


@contextmanager
def telling(place: str) -> Iterator[None]:
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
