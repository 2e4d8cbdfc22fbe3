"""Whatever bytes a folder holds: either it is a study, or a StudyError says why not. Nothing else may come out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from broken_folder import copy_of_good_study
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corredor.study.model import load_study
from corredor.study.problems import StudyError
from corredor.study.schema import FILES

NASTY = [b"\x00", b"\xff", b"\t", b"*", b"&a ", b"!x ", b"? ", b"- ", b": ", b"{", b"]", b'"', b"'", b"%", b"\\x", b"#", b"\r", b"\xc2\x85",
         b"|", b">", b"<<: ", b"---\n", b"nan", b"-1", b"1e400", b"9" * 400, b"null", b"true", b"rest", b"[]", b"{}", b"0001-01-01",
         b"9999-12-31", b",", b";", b"*a0", b"\xef\xbb\xbf", b"\xf0\x9f\x9a\x8c", b"by", b"home", b"2021-02-30"]  # fmt: skip


@st.composite
def garbled(draw: st.DrawFn) -> tuple[str, str, float, float, bytes]:
    """A file of the study, what is done to it, where it begins and ends (as parts of its length), and bytes to put there."""
    what = draw(st.sampled_from(["cut", "put", "replace", "double", "turn round", "shuffle lines", "swap words"]))
    file = draw(st.sampled_from(list(FILES)))
    begin, end = sorted((draw(st.floats(0, 1)), draw(st.floats(0, 1))))
    return file, what, begin, end, draw(st.sampled_from(NASTY) | st.binary(min_size=1, max_size=8))


def change(content: bytes, what: str, begin: float, end: float, new: bytes) -> bytes:
    first, last = int(begin * len(content)), int(end * len(content))
    part = content[first:last]
    if what == "cut":
        return content[:first] + content[last:]
    if what == "put":
        return content[:first] + new + content[first:]
    if what == "replace":
        return content[:first] + new + content[first + len(new) :]
    if what == "double":
        return content[:last] + part + content[last:]
    if what == "turn round":
        return content[:first] + part[::-1] + content[last:]
    lines = content.split(b"\n")
    first, last = int(begin * (len(lines) - 1)), int(end * (len(lines) - 1))
    if what == "shuffle lines":
        lines[first], lines[last] = lines[last], lines[first]
        return b"\n".join(lines)
    words = lines[first].split(b" ")
    other = lines[last].split(b" ")
    words[-1], other[-1] = other[-1], words[-1]
    lines[first], lines[last] = b" ".join(words), b" ".join(other)
    return b"\n".join(lines)


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(garbled(), min_size=1, max_size=3))
def test_a_garbled_folder_is_a_study_or_a_study_error(changes: list[tuple[str, str, float, float, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as parent:
        folder = copy_of_good_study(Path(parent))
        for file, what, begin, end, new in changes:
            (folder / file).write_bytes(change((folder / file).read_bytes(), what, begin, end, new))
        try:
            load_study(folder)
        except StudyError as error:
            assert error.problems
            for problem in error.problems:
                assert problem.found and problem.expected and problem.try_, str(problem)
                assert problem.file.startswith(str(folder))
