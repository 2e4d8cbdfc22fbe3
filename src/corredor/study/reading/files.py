"""The files of a study folder: which there are, which should be, and their text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corredor.study.problems import Problem, StudyError, listed, nearest, quoted
from corredor.study.schema import FILES

LARGEST_BYTES = {".csv": 64 * 2**20, ".yaml": 4 * 2**20}
"""A larger file is refused unread. A table of a million rows fits; YAML of this size takes half a minute to read."""

MAY_BE_ABSENT = ("measures.yaml", "events.yaml", "drivers.csv", "observations.csv", "series.csv", "claims.yaml")


def file_names(folder: Path) -> set[str]:
    """Names of the files in a folder."""
    shown = str(folder)
    try:
        if folder.is_dir():
            return {entry.name for entry in folder.iterdir()}
        found = "a file" if folder.exists() else "nothing at this path"
    except (OSError, ValueError) as error:
        found = f"a folder that cannot be opened ({getattr(error, 'strerror', None) or error})"
    close = None
    try:
        if folder.parent.is_dir():
            close = nearest(folder.name, (entry.name for entry in folder.parent.iterdir() if entry.is_dir()))
    except (OSError, ValueError):
        pass
    try_ = str(folder.parent / close) if close and close != folder.name else "the path of a folder with study.yaml in it"
    if folder.name in FILES:
        try_ = str(folder.parent)
    raise StudyError([Problem(shown, 0, 0, found, "a study folder, which holds " + listed(FILES), try_)])


def strangers(folder: Path, names: set[str]) -> Iterator[Problem]:
    """YAML and CSV files that no part of a study is called; a measure in mesures.yaml would be left out without a word."""
    for name in sorted(names):
        if name in FILES or not name.lower().endswith((".yaml", ".yml", ".csv")):
            continue
        close = nearest(name, FILES)
        if close and close in names:
            try_ = f"move it to another folder; {close} is here already"
        else:
            try_ = f"rename it to {close}" if close else "move it to another folder"
        expected = "no tables beside " + listed(FILES)
        yield Problem(str(folder / name), 0, 0, f"a file {quoted(name)}", expected, try_)


def missing_file(shown: str, name: str, names: set[str]) -> Problem:
    close = nearest(name, names - set(FILES))
    wanted = {
        "study.yaml": "title, dates, groups, compartments, transitions and outputs",
        "parameters.yaml": "numbers with unit, prior and source",
        "places.csv": "a row for each place",
        "routes.csv": "a row for each route between two places",
        "sources.csv": "a row for each source",
    }[name]
    try_ = f"rename {quoted(close)} to {name}" if close else f"write {name}; it may be copied from another study as a start"
    return Problem(shown, 0, 0, "no such file", f"{name}: {wanted}", try_)


def bytes_of(file: Path, problems: list[Problem]) -> bytes | None:
    shown = str(file)
    largest = LARGEST_BYTES[file.suffix]
    try:
        if not file.is_file():
            problems.append(Problem(shown, 0, 0, "something that is not a file", "a file", "replace it by a file of this name"))
            return None
        size = file.stat().st_size
        if size > largest:
            found, expected = f"a file of {size / 2**20:.0f} MB", f"at most {largest / 2**20:.0f} MB"
            problems.append(
                Problem(shown, 0, 0, found, expected, "keep only the rows that the study uses; sum records to counts")
            )
            return None
        with file.open("rb") as stream:
            return stream.read(largest)
    except OSError as error:
        found = f"a file that cannot be opened ({error.strerror})"
        problems.append(Problem(shown, 0, 0, found, "a file that may be read", "check who may read it"))
        return None


def decoded(content: bytes, shown: str, problems: list[Problem]) -> str | None:
    """Text of UTF-8 bytes; a byte order mark is left out."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try_ = "save it again as UTF-8; in a spreadsheet: CSV UTF-8"
        problems.append(Problem(shown, 0, 0, "text in UTF-16", "text in UTF-8", try_))
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        begin = before.rfind(b"\n") + 1
        column = len(content[begin : error.start].decode("utf-8", "replace")) + 1
        around = content[begin : error.start + 20].split(b"\n")[0].decode("cp1252", "replace")
        if shown.endswith(".csv"):
            column = content[begin : error.start].count(b",") + 1
        found = f"the byte 0x{content[error.start]:02x}, which is not UTF-8, in: {quoted(around[-60:])}"
        problems.append(
            Problem(shown, line, column, found, "text in UTF-8", "save it again as UTF-8; in a spreadsheet: CSV UTF-8")
        )
        return None
