"""What may be passed on of a run: its page and tables, without draws and without anything that tells of fewer than five people."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import xarray as xr

from corredor.exchange.export.tidy import write_tidy
from corredor.pages.artefacts.as_written import SHARE
from corredor.pages.report.page import render_report
from corredor.pages.research_object import write_research_object
from corredor.results.hidden_numbers import shown_summary
from corredor.results.view import MANIFEST, MANIFEST_FILE, read_run
from corredor.study.csv_text import write_frame
from corredor.study.whole_file import replace_whole

PASSED_ON = ("study", "study_hash", "seed", "draws", "versions", "corredor_version", "created", "small_cells_shown_because")
"""Attributes of the Dataset that go along. The command does not: it may name folders of the machine."""


def write_share(dataset: xr.Dataset, folder: Path) -> Path:
    """Write `share` into the folder of a run, whole; returns it.

    dataset : of `simulate`, with its manifest
    raises : OSError
    """
    run = read_run(dataset)
    target = folder / SHARE
    (target / "tables").mkdir(parents=True, exist_ok=True)
    seed, draws = dataset.attrs["seed"], dataset.attrs["draws"]
    command = f"corredor run {run.dataset.attrs['study']} --draws {draws} --seed {seed}"
    # the page that simulates holds every number of the study and is not passed on
    anonymous = dataset.assign_attrs(
        command=command, explore=f"corredor explore {run.dataset.attrs['study']} --seed {seed}", explore_page=""
    )
    page = render_report(anonymous, to_be_passed_on=True)
    replace_whole(target / "report.html", lambda passing: passing.write_text(page, encoding="utf-8", newline="\n"))
    write_frame(shown_summary(dataset), target / "summary.csv", "%.6g")
    tables = write_tidy(dataset, target / "tables", "csv", suppress=run.hides_small)
    facts = {name: dataset.attrs[name] for name in PASSED_ON if name in dataset.attrs}
    inputs = json.loads(dataset.attrs.get(MANIFEST, "{}")).get("inputs", {})
    files = ["report.html", "summary.csv", *(f"tables/{path.name}" for path in tables)]
    manifest = {**facts, "command": command, "inputs": inputs, "files": [*files, MANIFEST_FILE]}
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    replace_whole(target / MANIFEST_FILE, partial(Path.write_text, data=text, encoding="utf-8"))
    write_research_object(target, anonymous, manifest)
    return target
