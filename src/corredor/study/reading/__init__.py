"""From a study folder to raw tables that remember file, line and column: the only reader of study files."""

from __future__ import annotations

from corredor.study.reading.entries import Entries, Written
from corredor.study.reading.folder import RawStudy, read_study

__all__ = ["Entries", "RawStudy", "Written", "read_study"]
