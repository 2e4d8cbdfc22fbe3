"""What `corredor backtest` leaves, and its tables and JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from corredor.learn.backtest.calibration import coverage_by, pit_histogram, threshold_table
from corredor.learn.backtest.paired_tests import paired_table
from corredor.learn.backtest.rolling import Backtest
from corredor.learn.backtest.shown import shown_rows, without_lone_scores
from corredor.learn.backtest.verdict import fit_words, headline, score_table
from corredor.pages.artefacts.whole_files import write_files
from corredor.pages.backtest.page import render_backtest
from corredor.results.view import SMALL_SHOWN


def write_backtest(test: Backtest, folder: Path, made_up: bool = False, command: str = "") -> dict[str, Path]:
    """Write a backtest into its folder; returns name → file."""
    tables = {f"{name}.csv": table for name, table in backtest_tables(test).items()} | {
        "forecasts.csv": shown_rows(test.rows, test.hidden)
    }
    page, facts = render_backtest(test, made_up, command), backtest_as_json(test, command)
    return write_files(folder, {**tables, "backtest.json": facts, "backtest.html": page})


def backtest_tables(test: Backtest) -> dict[str, pd.DataFrame]:
    """Tables of a backtest, each also a file: name → table; empty ones are left out."""
    tables = {
        "scores": without_lone_scores(score_table(test), test.rows, test.hidden),
        "paired": without_lone_scores(paired_table(test), test.rows, test.hidden),
        "coverage": coverage_by(test),
        "places": pit_histogram(test),
        "thresholds": threshold_table(test),
    }
    return {name: table for name, table in tables.items() if len(table)}


def backtest_as_json(test: Backtest, command: str = "") -> dict[str, Any]:
    """A backtest as JSON can hold it: scores, what they say, what was left out, and how to do it again."""
    return {
        **{name: json.loads(table.to_json(orient="records")) for name, table in backtest_tables(test).items()},
        "headline": headline(test),
        "fits": json.loads(test.fits.to_json(orient="records")),
        "fit_words": fit_words(test),
        "left_out": [{**asdict(one.name), "why": one.why} for one in test.left_out],
        "study": test.study,
        "study_hash": test.study_hash,
        "origins": list(test.origins),
        "months": test.months,
        "methods": list(test.methods),
        "effort": asdict(test.effort),
        "withheld": list(test.withheld),
        "seed": test.seed,
        **({SMALL_SHOWN: test.small_shown_because} if test.small_shown_because else {}),
        "corredor_version": test.version,
        "command": command,
    }
