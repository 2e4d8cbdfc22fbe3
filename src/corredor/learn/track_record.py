"""How well forecasts of a study did in months that are past: read from the backtest.json that `corredor backtest` leaves, or that lies
in the folder of the study."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from corredor.learn.backtest.at_origin import OWN
from corredor.learn.simple_methods import SIMPLE_METHODS
from corredor.study.model import Model

FILE = "backtest.json"
SERIES = ["output", "horizon_months"]


def find_track_record(model: Model, folders: Iterable[Path]) -> dict[str, Any] | None:
    """What the first backtest of a study among some folders says of corredor's forecasts; none where no folder holds one.

    returns : file, same_study (whether the study has not changed since), first, last (origins), origins (how many), scores: one row for
        each output and month ahead: output, horizon_months, series, cover50, cover80, cover95 (shares 0–1), crps, best (people, of the
        best simple method), best_method
    """
    for folder in folders:
        told = _read(folder / FILE)
        if told is not None and told.get("study") == model.name and told.get("scores") and told.get("origins"):
            scores = _scores(pd.DataFrame(told["scores"]))
            if scores:
                origins = told["origins"]
                return {
                    "file": FILE,
                    "same_study": told.get("study_hash") == model.hash,
                    "first": origins[0],
                    "last": origins[-1],
                    "origins": len(origins),
                    "scores": scores,
                }
    return None


def _scores(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Means over the series of an output, without their totals; none where corredor did not take part."""
    rows = []
    table = table[table["parts"] == 1] if "parts" in table else table
    for (output, ahead), part in table.groupby(SERIES, sort=True):
        means = part.groupby("method")[["cover50", "cover80", "cover95", "crps"]].mean()
        if OWN not in means.index:
            continue
        others = means.loc[means.index.isin(SIMPLE_METHODS), "crps"]
        row = {"output": str(output), "horizon_months": int(ahead), "series": int((part["method"] == OWN).sum())}
        row |= {name: float(means.loc[OWN, name]) for name in means.columns}
        row |= (
            {"best": float(others.min()), "best_method": str(others.idxmin())}
            if len(others)
            else {"best": None, "best_method": ""}
        )
        rows.append(row)
    return rows


def _read(path: Path) -> dict[str, Any] | None:
    """What stands in a file; none where there is none, or it is no such file."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None
