"""`make fuzz` garbles what these targets read; here each reads its samples, and what was once found, without a finding."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).parents[2] / "fuzz"
FOUND = Path(__file__).parents[1] / "found_by_fuzzing"
sys.path.insert(0, str(FUZZ))

from targets import TARGETS  # noqa: E402


@pytest.mark.parametrize("name", TARGETS)
def test_the_samples_are_read(name):
    samples = TARGETS[name].seeds()
    assert samples
    for content in samples:
        TARGETS[name].read(content)


@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_and_half_a_sample_are_no_finding(name):
    for content in (b"", TARGETS[name].seeds()[0][: len(TARGETS[name].seeds()[0]) // 2]):
        TARGETS[name].read(content)


@pytest.mark.parametrize("file", sorted(FOUND.glob("*/*")), ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_was_found_once_is_no_finding_any_more(file):
    TARGETS[file.parent.name.replace("-", " ")].read(file.read_bytes())


def test_a_reader_that_breaks_is_a_finding(monkeypatch):
    """A target that caught everything would find nothing."""
    monkeypatch.setattr("targets.load_study", lambda folder: {}["missing"])
    with pytest.raises(KeyError):
        TARGETS["study"].read(TARGETS["study"].seeds()[0])
