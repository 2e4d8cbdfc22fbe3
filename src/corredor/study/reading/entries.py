"""An entry of a study together with the place where it was written, and all entries of one kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from corredor.study.problems import Problem
from corredor.study.reading.wording import Path, Source

T = TypeVar("T")


@dataclass(frozen=True)
class Written(Generic[T]):
    """An entry that could be read. `path` is where it stands in its file; `name` is its key or id, or empty.

    Paths are made of the words of the file (`from`, not `from_`) and of numbers of list items from 0.
    """

    entry: T
    name: str
    file: str
    source: Source
    path: Path = ()

    def problem(self, inner: Path, found: str, expected: str, try_: str, *, key: bool = False) -> Problem:
        """A Problem at something inside the entry; an empty `inner` means the entry as a whole, `key` the key instead of the value."""
        line, column = self.source.position(self.path + inner, key=key)
        return Problem(self.file, line, column, found, expected, try_)

    @property
    def line(self) -> int:
        """Line in which the entry begins."""
        return self.source.position(self.path)[0]


@dataclass(frozen=True)
class Entries(Generic[T]):
    """All entries of one kind.

    written : those that could be read, in the order of the file
    broken : of the others, what could be read at all: key or column → value, with the entry's own key as `name`
    readable : false when the file or the list as a whole could not be read, so that nothing is known of what it names
    """

    written: tuple[Written[T], ...] = ()
    broken: tuple[Mapping[str, Any], ...] = ()
    readable: bool = True

    def __iter__(self) -> Iterator[Written[T]]:
        return iter(self.written)

    def __len__(self) -> int:
        return len(self.written)

    @property
    def whole(self) -> bool:
        """Whether every entry could be read."""
        return self.readable and not self.broken

    def broken_names(self, key: str) -> set[str]:
        """What the entries that could not be read have at a key."""
        return {str(entry[key]) for entry in self.broken if isinstance(entry.get(key), str)}
