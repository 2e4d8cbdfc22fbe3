"""Samples of published files, and a study to which they can be added; every number in them is made up."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from corredor.exchange.adding.request import Published, Request, SourceFacts
from corredor.exchange.readers.figure import Reading
from corredor.exchange.readers.formats import FORMATS
from corredor.study.catalogue import bundled_studies

SAMPLES = Path(__file__).parent / "readers_samples"
READ_ON = dt.date(2021, 7, 1)


def sample(name: str) -> bytes:
    """Bytes of a sample file."""
    return (SAMPLES / name).read_bytes()


def read(reader: str, content: bytes | str, shown: str = "sample") -> Reading:
    """A file as a reader sees it; text is the name of a sample."""
    return FORMATS[reader].read(sample(content) if isinstance(content, str) else content, shown)


def values(reading: Reading, *parts: str) -> dict[tuple[str, ...], float]:
    """(series, parts …, first day, last day) → value, summed where they are the same."""
    found: dict[tuple[str, ...], float] = {}
    for figure in reading.figures:
        key = (figure.series, *(figure.parts.get(part, "") for part in parts), str(figure.from_), str(figure.to))
        found[key] = found.get(key, 0) + figure.value
    return found


def copy_of_study(into: Path) -> Path:
    """The bundled study two-towns in a folder of its own."""
    return Path(shutil.copytree(bundled_studies()["two-towns"], into / "study"))


def request(study: Path, reader: str, *files: tuple[str, bytes, str | None], **more: object) -> Request:
    """A request; files are (name, content, day of publication)."""
    published = tuple(Published(name, content, dt.date.fromisoformat(day) if day else None) for name, content, day in files)
    return Request(study, FORMATS[reader], published, SourceFacts(READ_ON), **more)  # type: ignore[arg-type]
