"""What a backtest leaves in its folder: backtest.html, scores.csv, backtest.json, forecasts.csv, each whole or not there at all."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corredor.learn.backtest.rolling import Backtest
from corredor.learn.backtest.verdict import headline, score_table
from corredor.pages.backtest.page import render_backtest
from corredor.study.whole_file import replace_whole


def write_backtest(test: Backtest, folder: Path, made_up: bool = False, command: str = "") -> dict[str, Path]:
    """Write a backtest into its folder; returns name → file."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / name for name in ("backtest.html", "scores.csv", "backtest.json", "forecasts.csv")}
    page, text = render_backtest(test, made_up, command), json.dumps(as_json(test, command), indent=1, ensure_ascii=False) + "\n"
    replace_whole(paths["scores.csv"], lambda path: score_table(test).to_csv(path, index=False, float_format="%.6g"))
    replace_whole(paths["forecasts.csv"], lambda path: test.rows.to_csv(path, index=False, float_format="%.6g"))
    replace_whole(paths["backtest.json"], lambda path: path.write_text(text, encoding="utf-8"))
    replace_whole(paths["backtest.html"], lambda path: path.write_text(page, encoding="utf-8"))
    return paths


def as_json(test: Backtest, command: str = "") -> dict[str, Any]:
    """A backtest as JSON can hold it: scores, what they say, what was left out, and how to do it again."""
    return {
        "scores": json.loads(score_table(test).to_json(orient="records")),
        "headline": headline(test),
        "left_out": [{**asdict(one.name), "why": one.why} for one in test.left_out],
        "study": test.study,
        "study_hash": test.study_hash,
        "origins": list(test.origins),
        "months": test.months,
        "methods": list(test.methods),
        "effort": asdict(test.effort),
        "seed": test.seed,
        "corredor_version": test.version,
        "command": command,
    }
