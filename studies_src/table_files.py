"""What every script that writes the tables of a study shares: CSV text, cited sources, and its command line."""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol


class Sources(Protocol):
    """The sources of a study's fact tables."""

    def rows(self, cited: set[str]) -> list[dict[str, object]]:
        """Rows of sources.csv for the sources of these ids."""


def cited_sources(text: str) -> set[str]:
    """Ids behind `source:`, `comes_from:` and `looked_through:` in a YAML file, one or a list in brackets, which may run over lines."""
    found: set[str] = set()
    for match in re.finditer(r"\b(?:source|comes_from|looked_through):\s*(\[[^\]]*\]|[a-z][a-z0-9_]*)", text):
        found |= set(re.findall(r"[a-z][a-z0-9_]*", match.group(1)))
    return found


def csv_text(rows: list[dict[str, object]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def table_texts(tables: dict[str, list[dict[str, object]]], sources: Sources, texts: Iterable[str]) -> dict[str, str]:
    """Name of each table → its text, and sources.csv with every source that a table or another file of the study cites.

    texts : of the files that are no tables
    """
    cited = {name for rows in tables.values() for row in rows for name in str(row["source"]).split(";") if name}
    cited = cited.union(*(cited_sources(text) for text in texts))
    return {name: csv_text(rows) for name, rows in {**tables, "sources.csv": sources.rows(cited)}.items()}


def texts_of(study: Path, files: Iterable[str]) -> list[str]:
    """The files of a study that are written by hand."""
    return [(study / file).read_text(encoding="utf-8") for file in files]


def write_study(title: str, facts: Path, study: Path, build: Callable, numbers: Callable) -> None:
    """The command line of such a script: write the tables, or print the derived numbers.

    facts, study : default folders of the fact tables and of the study
    build : (facts, study) → name of each table → its text;  numbers : facts → name → key → number
    """
    parser = argparse.ArgumentParser(description=f"Write the tables of the study {title}.")
    parser.add_argument("facts", nargs="?", type=Path, default=facts, help="folder of the fact tables")
    parser.add_argument("--out", type=Path, default=study, help="folder to write to")
    parser.add_argument("--numbers", action="store_true", help="print the derived numbers and write nothing")
    options = parser.parse_args()
    if options.numbers:
        for name, values in numbers(options.facts).items():
            print(name, " ".join(f"{key}={value:.4g}" for key, value in values.items()))
        return
    options.out.mkdir(parents=True, exist_ok=True)
    for name, text in build(options.facts, study).items():
        (options.out / name).write_text(text, encoding="utf-8", newline="")
        print(f"{name}: {text.count(chr(10))} lines", file=sys.stderr)
