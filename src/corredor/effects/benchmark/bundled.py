"""The series, claims and listed measures that come with corredor."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from corredor.effects.benchmark.evidence import Evidence
from corredor.effects.benchmark.read_evidence import read_evidence
from corredor.effects.design.panel import Panel

EVIDENCE = Path(__file__).parents[2] / "evidence"
CLAIMS = EVIDENCE / "effects.yaml"
MEASURES = EVIDENCE / "measures.csv"


def bundled_series() -> list[Path]:
    """The files of series, in order of their names."""
    return sorted(EVIDENCE.glob("series_*.csv"))


@lru_cache(maxsize=1)
def bundled_evidence() -> Evidence:
    """All of it as one panel with its questions."""
    return read_evidence(bundled_series(), CLAIMS, MEASURES)


def bundled_panel(before: np.datetime64) -> Panel:
    """The bundled series as far as they go before a month, so that nothing is learned from what came later."""
    panel = bundled_evidence().panel
    known = panel.months < before
    return replace(panel, months=panel.months[known], people=panel.people[known])
