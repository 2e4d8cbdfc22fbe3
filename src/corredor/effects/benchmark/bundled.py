"""The series, claims and listed measures that come with corredor."""

from __future__ import annotations

from pathlib import Path

from corredor.effects.benchmark.evidence import Evidence
from corredor.effects.benchmark.read_evidence import read_evidence

EVIDENCE = Path(__file__).parents[2] / "evidence"
CLAIMS = EVIDENCE / "effects.yaml"
MEASURES = EVIDENCE / "measures.csv"


def bundled_series() -> list[Path]:
    """The files of series, in order of their names."""
    return sorted(EVIDENCE.glob("series_*.csv"))


def bundled_evidence() -> Evidence:
    """All of it as one panel with its questions."""
    return read_evidence(bundled_series(), CLAIMS, MEASURES)
