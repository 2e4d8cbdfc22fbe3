"""What `corredor compare` leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from corredor.effects.compare.diversion import diversion
from corredor.effects.compare.effects import effect_table
from corredor.pages.artefacts.beside import PageBeside
from corredor.pages.artefacts.whole_files import write_described
from corredor.pages.report.comparison_page import render_comparison
from corredor.results.hidden_numbers import shown_effects

TOLD_OF = "told_of"
"""Attribute of a comparison that was written: the flow for which its page tells where people went."""


def write_comparison(
    dataset: xr.Dataset,
    shared: xr.Dataset | None,
    folder: Path,
    manifest: dict[str, Any],
    output: str | None = None,
    place: str = "",
    group: str = "",
    beside: PageBeside | None = None,
) -> dict[str, Path]:
    """Write a comparison into its folder; returns name → file.

    shared : of `shares`, if asked for
    beside : the page that simulates, to which the page links
    output, place, group : flow for which it is told where people went
    raises : KeyError or ValueError, as `diversion`, before anything is written
    """
    table = comparison_table(dataset, output, place, group)
    dataset = dataset.assign_attrs({TOLD_OF: json.dumps({"output": output, "place": place, "group": group})})
    page = render_comparison(dataset, shared, output, place, group)
    facts = {key: dataset.attrs[key] for key in ("study", "study_hash", "seed", "draws", "versions")}
    facts["comparison"] = json.loads(dataset.attrs["comparison"])
    files = {"compare.nc": dataset, "compare.csv": shown_effects(dataset, table), "compare.html": page}
    files |= {} if shared is None else {"shares.nc": shared}
    files |= beside.file if beside else {}
    return write_described(folder, dataset, files, {**facts, **manifest})


def comparison_table(dataset: xr.Dataset, output: str | None = None, place: str = "", group: str = "") -> pd.DataFrame:
    """The effect table, then where everybody is on the last day; `per_1000` is for 1,000 people of the chosen flow."""
    diverted = diversion(dataset, output, place, group)
    at_end = diverted.at_end.assign(
        output="people_at_end", title="people on the last day", side="movement", unit="people", by="status"
    )
    return pd.concat([effect_table(dataset), at_end], ignore_index=True)
