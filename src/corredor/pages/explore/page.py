"""Put the page that simulates together: one HTML file with study, kernel and program inside, which asks nothing of the network."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from corredor.effects.claims import Finding
from corredor.engine.fitted import Fitted
from corredor.pages.explore.study_page import study_page
from corredor.pages.template import filled
from corredor.study.model import Model
from corredor.study.whole_file import replace_whole


def render_explore(facts: dict[str, Any], arrays: bytes) -> str:
    """The page as HTML; facts and arrays of `study_page`."""
    files = resources.files("corredor.pages.explore")
    parts = {
        "study": json.dumps(facts, ensure_ascii=False).encode(),
        "arrays": arrays,
        "kernel": files.joinpath("kernel.wasm").read_bytes(),
        "worker": files.joinpath("worker.js").read_bytes(),
    }
    return filled(
        "explore.html.j2",
        styles=("figures.css",),
        own_style=files.joinpath("page.css").read_text(encoding="utf-8"),
        own_script=files.joinpath("page.js").read_text(encoding="utf-8"),
        study=facts,
        parts={name: base64.b64encode(gzip.compress(part, 9, mtime=0)).decode() for name, part in parts.items()},
    )


def write_explore(
    path: Path,
    model: Model,
    fitted: Fitted | None,
    draws: int,
    seed: int,
    findings: Sequence[Finding] = (),
    study: str | None = None,
    small_shown_because: str = "",
) -> Path:
    """Write the page into a file; what it is of as of `study_page`, which also says what it raises."""
    text = render_explore(*study_page(model, fitted, draws, seed, findings, study, small_shown_because))
    replace_whole(path, lambda passing: passing.write_text(text, encoding="utf-8"))
    return path
