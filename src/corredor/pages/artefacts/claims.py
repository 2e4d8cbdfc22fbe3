"""What `corredor claims` leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corredor.effects.claims import Finding
from corredor.engine.fitted import Fitted
from corredor.pages.artefacts.beside import PageBeside
from corredor.pages.artefacts.whole_files import write_files
from corredor.pages.claims.page import render_claims
from corredor.study.model import Model


def write_claims(
    findings: Sequence[Finding],
    model: Model,
    as_of: dt.date,
    folder: Path,
    made: Mapping[str, str],
    manifest: dict[str, Any],
    fitted: Fitted | None = None,
    beside: PageBeside | None = None,
) -> dict[str, Path]:
    """Write findings about claims into a folder; returns name → file.

    made : name → value, for the reader of the page;  manifest : the same for machines
    fitted : the fit that was used; the page says what is wrong with it
    beside : the page that simulates, to which the page links
    """
    rows = [finding.as_json() for finding in findings]
    files = {"claims.json": rows, "claims.html": render_claims(findings, model, as_of, made, fitted)}
    return write_files(folder, files | (beside.file if beside else {}), manifest)
