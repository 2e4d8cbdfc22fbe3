"""A good study to break: copies of the bundled study two-towns, and small ways of spoiling one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import corredor.study.reading

GOOD = Path(corredor.study.__file__).parents[1] / "studies" / "two-towns"

Break = Callable[[Path], None]


def copy_of_good_study(into: Path) -> Path:
    """A folder `study` with the good study in it."""
    return Path(shutil.copytree(GOOD, into / "study"))


def swap(file: str, old: str, new: str) -> Break:
    """Replace a text that stands exactly once in a file."""

    def break_it(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    return break_it


def append(file: str, text: str) -> Break:
    """Add lines at the end of a file."""

    def break_it(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as stream:
            stream.write(text + "\n")

    return break_it


def put(file: str, content: str | bytes) -> Break:
    """Write a file anew."""

    def break_it(folder: Path) -> None:
        (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)

    return break_it


def drop(file: str) -> Break:
    """Delete a file."""

    def break_it(folder: Path) -> None:
        (folder / file).unlink()

    return break_it


def large(file: str, size_bytes: int) -> Break:
    """Make a file of a size without writing its bytes to the disk."""

    def break_it(folder: Path) -> None:
        with (folder / file).open("wb") as stream:
            stream.truncate(size_bytes)

    return break_it


def all_of(*breaks: Break) -> Break:
    """Several at once."""

    def break_it(folder: Path) -> None:
        for one in breaks:
            one(folder)

    return break_it


def position_of(folder: Path, file: str, marker: str) -> tuple[int, int]:
    """Line and column of a text that stands exactly once in a file; in tables the column is the number of the field."""
    text = (folder / file).read_text(encoding="utf-8-sig")
    assert text.count(marker) == 1, f"{marker!r} stands {text.count(marker)} times in {file}"
    before = text[: text.index(marker)]
    in_line = before.rsplit("\n", 1)[-1]
    return before.count("\n") + 1, in_line.count(",") + 1 if file.endswith(".csv") else len(in_line) + 1
